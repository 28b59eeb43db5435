"""What the ledger knows, before a document, of the things that the document names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

AGGREGATION, ASSOCIATION = 1, 2
"""Kinds of containment, as in the table `containment`."""

KeyOf = Callable[[str], int]
"""From an EPC as an event writes it to its item key."""

# Where the instances of an event stand. Classes (quantity lists) have no life cycle.
INSTANCE_LISTS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")


@dataclass(frozen=True, slots=True)
class Known:
    """Plain maps by item key; a key that is absent means that nothing is known.

    - `ended`: (moment, entry) when the item was destroyed, decommissioned or consumed (table `item_end`).
    - `parents`: (parent's key, kind) in which the item is now (table `containment` by `child_key`).
    - `last`: latest event time of the item in the ledger; its absence means that the item was never seen.
    - `begun`: items with an ObjectEvent ADD (`entry_item.roles` with EPC and ADD): commissioned.

    All four are asked for the keys of `named(events, key_of)` in one transaction with the capture.
    Entries that an error declaration has withdrawn (table `voided`) count nowhere.
    """

    ended: Mapping[int, tuple[datetime, int]] = field(default_factory=dict)
    parents: Mapping[int, Collection[tuple[int, int]]] = field(default_factory=dict)
    last: Mapping[int, datetime] = field(default_factory=dict)
    begun: Collection[int] = frozenset()


NOTHING = Known()
"""What is known where there is no ledger: files checked on the command line."""


def named(events: Iterable[Mapping[str, object]], key_of: KeyOf) -> set[int]:
    """Return the keys of all instances that events (standard form) name; parents that are places as well."""
    keys: set[int] = set()
    for event in events:
        for name in INSTANCE_LISTS:
            listed = event.get(name)
            if isinstance(listed, list):
                keys.update(map(key_of, listed))
        parent = event.get("parentID")
        if isinstance(parent, str):
            keys.add(key_of(parent))
    return keys
