"""Events of the first ledgers, which used our own prefix without saying what it stands for."""

from __future__ import annotations

from typing import Any

from takeback.prove.personal import MARK, NAMESPACE

_PREFIX = MARK.partition(":")[0]
_START = f"{_PREFIX}:"


def with_own_prefix(event: dict[str, Any]) -> dict[str, Any]:
    """Return the event with our prefix declared if a field of it has that prefix and no `@context` says otherwise.

    Bodies in the ledger stay as they were written: the log commits to them. Only what leaves is made whole (EPCIS
    2.0, 10.4: prefixes of extension fields are declared).
    """
    declared = event.get("@context") or {}
    if _PREFIX in declared or not any(name.startswith(_START) for name in event):
        return event
    return {**event, "@context": {**declared, _PREFIX: NAMESPACE}}
