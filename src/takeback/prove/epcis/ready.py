"""All that can be made of events without a look into the ledger."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from takeback.prove.entry import SALT, Entry, Stored
from takeback.prove.epcis.prepare import Prepared, moment, prepare
from takeback.prove.personal import Personal, redact
from takeback.prove.rows import Rows

Event = dict[str, Any]


class Ready(msgspec.Struct, frozen=True):
    """Events with all that can be made of them without a look into the ledger."""

    entries: Sequence[Entry]
    prepared: Sequence[Prepared]
    rows: Rows
    personal: Sequence[Sequence[Personal]]

    @property
    def bodies(self) -> list[Mapping[str, Any]]:
        """The events in standard form, without personal data."""
        return [entry.body for entry in self.entries]


def make_ready(events: Sequence[Event], *, personal: bool = True) -> Ready:
    """Redact, hash, index and pack events; ``personal=False`` says that none marks personal data."""
    taken: Sequence[Sequence[Personal]] = [()] * len(events)
    if personal:
        redacted = [redact(event) for event in events]
        events, taken = [event for event, _ in redacted], [taken for _, taken in redacted]
    prepared = [prepare(event, personal=personal) for event in events]
    salts = os.urandom(SALT * len(events))
    entries = [
        _entry(event, made, salts[SALT * number : SALT * (number + 1)])
        for number, (event, made) in enumerate(zip(events, prepared, strict=True))
    ]
    return Ready(entries, prepared, Rows.of(entries), taken)


def _entry(event: Event, made: Prepared, salt: bytes) -> Entry:
    kind, time = event["type"], moment(event["eventTime"])
    stored = Stored.of(kind, event, time, made.roles, made.hash, salt)
    return Entry(kind, event, time, (), True, made, stored)
