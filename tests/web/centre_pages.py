"""The routes of a centre's console, for the test of all routes: who works in no centre finds nothing there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

from takeback.web.pages.centre import HANDLERS

IN_PATH = {
    "kind": "member",
    "ending": "csv",
    "style": "bibtex",
    "name": "none",
    "code": "results.paper",
    "file": "none",
    "entry": "1",
    **dict.fromkeys(
        (
            "record_id", "file_id", "person_id", "proposal_id", "call_id", "appeal_id", "fund_id", "resource_id",
            "booking_id", "job_id", "credential_id", "list_id", "notice_id", "report_id",
        ),
        str(UUID(int=7)),
    ),
}  # fmt: skip
"""Names of parts of addresses -> what stands there; nothing of it is there for anybody."""


def addresses() -> Iterator[str]:
    """Yield method and path of each route of the centre's pages."""
    for handler in HANDLERS:
        for path in handler.paths:  # type: ignore[union-attr]
            for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):  # type: ignore[union-attr]
                yield f"{method} {re.sub(r':[a-z]+}', '}', path)}"
