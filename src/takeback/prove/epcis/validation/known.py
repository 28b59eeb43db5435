"""What the ledger knows, before a document, of the things that the document names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

AGGREGATION, ASSOCIATION = 1, 2
"""Kinds of containment, as in the table `containment`."""

KeyOf = Callable[[str], int]
"""From an EPC as an event writes it to its item key."""


@dataclass(frozen=True, slots=True)
class Known:
    """Plain maps by item key; a key that is absent means that nothing is known.

    - `ended`: (moment, entry) when the item was destroyed, decommissioned or consumed (table `item_end`).
    - `parents`: (parent's key, kind) in which the item is now (table `containment` by `child_key`).
    - `last`: latest event time of the item in the ledger, or any time up to that of the first event that is to be
      checked, where it is not later; its absence means that the item was never seen.
    - `begun`: items with an ObjectEvent ADD (`entry_item.roles` with EPC and ADD): commissioned.

    All four are asked for the things that events name, in one transaction with the capture.
    Entries that an error declaration has withdrawn (table `voided`) count nowhere.
    """

    ended: Mapping[int, tuple[datetime, int]] = field(default_factory=dict)
    parents: Mapping[int, Collection[tuple[int, int]]] = field(default_factory=dict)
    last: Mapping[int, datetime] = field(default_factory=dict)
    begun: Collection[int] = frozenset()


NOTHING = Known()
"""What is known where there is no ledger: files checked on the command line."""
