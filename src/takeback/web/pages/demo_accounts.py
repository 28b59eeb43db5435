"""The accounts of a demo world, offered on the sign-in page: whoever fills the world writes them down."""

from __future__ import annotations

from pathlib import Path

import msgspec

from takeback.web.console.views import DemoAccount

FILE = Path("demo", "accounts.json")
"""Under TAKEBACK_HOME: a JSON array of `email`, `password`, `organisation`, `organisation_zh`, `role`."""


def demo_accounts(home: Path) -> tuple[DemoAccount, ...]:
    """Return the accounts of the demo world kept under `home`; none where there is no such world."""
    try:
        return msgspec.json.decode((home / FILE).read_bytes(), type=tuple[DemoAccount, ...])
    except (OSError, msgspec.MsgspecError):
        return ()
