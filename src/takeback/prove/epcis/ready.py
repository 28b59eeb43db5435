"""All that can be made of events without a look into the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from takeback.prove.entry import Entry, Stored
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
    redacted = [redact(event) if personal else (event, []) for event in events]
    prepared = [prepare(event, personal=personal) for event, _ in redacted]
    entries = [_entry(event, made) for (event, _), made in zip(redacted, prepared, strict=True)]
    return Ready(entries, prepared, Rows.of(entries), [taken for _, taken in redacted])


def _entry(event: Event, prepared: Prepared) -> Entry:
    return Entry(
        event["type"], event, moment(event["eventTime"]), captured=True, prepared=prepared, stored=Stored.of(event)
    )
