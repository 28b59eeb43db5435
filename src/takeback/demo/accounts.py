"""The accounts of a demo world, written down where the sign-in page of the same installation finds them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from takeback.demo.cast import accounts
from takeback.demo.parameters import Parameters

FILE = Path("demo", "accounts.json")


def write_down(home: Path, parameters: Parameters) -> None:
    """Write the accounts under ``home``."""
    (home / FILE).parent.mkdir(parents=True, exist_ok=True)
    (home / FILE).write_bytes(msgspec.json.encode(accounts(parameters)))
