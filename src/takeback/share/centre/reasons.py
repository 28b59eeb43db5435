"""Steps that take something away from somebody are taken with a reason, through whichever door."""

from __future__ import annotations

from takeback.core.message import msg
from takeback.core.problem import Problem

# fmt: off
GRAVE = frozenset({
    "rejected", "declined", "ineligible", "withdrawn", "cancelled", "returned", "left", "revoked",
    "closed", "failed", "lifted", "replaced", "abandoned", "missed", "refused", "stopped", "ended",
    "retired", "expired", "dissolved", "proposed", "stated", "prepared",
})
# fmt: on
"""States that are entered with a reason alone, where a record is moved by hand."""


def require_reason(reason: str) -> str:
    """Return a reason without blanks around it; ``centre.no-reason`` where there is none."""
    if not reason.strip():
        raise Problem("centre.no-reason", msg("Say why."), where="reason", expected=msg("a few words"))
    return reason.strip()
