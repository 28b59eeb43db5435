"""The conditions of a query: each says by itself whether an event in standard form meets it."""

from __future__ import annotations

from typing import Protocol

from takeback.prove.epcis.query.seen import Seen


class Condition(Protocol):
    """What one parameter asks; all conditions of a query must hold (EPCIS 2.0, 8.2.7.1)."""

    def holds(self, seen: Seen) -> bool:
        """Whether the event meets the condition."""
        ...
