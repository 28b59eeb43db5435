"""Records as lines of a list: their state, and of what they say that which tells them apart."""

from __future__ import annotations

from collections.abc import Sequence

from takeback.core.message import Message, msg
from takeback.share.centre.kinds import Kind
from takeback.share.centre.records import Record
from takeback.web.console.centre_words import field_word, state_word
from takeback.web.console.views import Chip, RecordRow, Shown
from takeback.web.pages.centre.showing import Known, values_of
from takeback.web.pages.centre.types import Slot, slots
from takeback.web.pages.centre.visit import Visit

MOST = 3
COLUMNS: dict[str, tuple[str, ...]] = {
    "member": ("code", "sort", "since"),
    "result": ("sort", "year", "body"),
    "call": ("code", "opens", "closes"),
}
"""Kind -> the fields that a list shows; else the first short ones."""
_SHORT = {"choice", "money", "day", "moment", "number"}
# fmt: off
_TONES: dict[str, tuple[str, ...]] = {
    "good": (
        "active", "accepted", "granted", "done", "decided", "funded", "running", "published", "achieved",
        "construction", "standing", "issued", "agreed", "confirmed", "in-force", "in_force", "met",
        "eligible", "approved", "verified", "completed", "passed", "reached", "answered", "booked", "used",
    ),
    "warn": (
        "draft", "stated", "submitted", "returned", "overdue", "late", "proposed", "planned", "reviewing",
        "cultivation", "waiting", "signing", "open", "queued", "filed", "offered", "pending",
    ),
    "bad": (
        "rejected", "declined", "ineligible", "withdrawn", "cancelled", "failed", "revoked", "left", "missed",
        "refused",
    ),
}
# fmt: on
TONES = {state: tone for tone, states in _TONES.items() for state in states}
"""State -> its colour; plain where it says nothing."""


def state_chip(state: str) -> Chip:
    """Return a state as a chip."""
    return Chip(label=state_word(state), tone=TONES.get(state, "plain"))  # type: ignore[arg-type]


def columns_of(what: Kind) -> tuple[Slot, ...]:
    """Return the fields that a list of a kind shows."""
    of_kind = {slot.name: slot for slot in slots(what.facts)}
    named = COLUMNS.get(what.name)
    if named is not None:
        return tuple(of_kind[name] for name in named if name in of_kind)
    short = [slot for slot in of_kind.values() if slot.sort in _SHORT and not slot.many]
    return tuple(short[:MOST])


def heads_of(what: Kind) -> tuple[Message | str, ...]:
    """Return the heads of a list's columns, after title and state."""
    return (*(field_word(what.name, slot.name) for slot in columns_of(what)), msg("Changed"))


def rows_of(visit: Visit, what: Kind, records: Sequence[Record]) -> tuple[RecordRow, ...]:
    """Return records as lines."""
    columns = columns_of(what)
    known = Known.of(visit, [record.facts for record in records] if any(slot.of for slot in columns) else [])
    return tuple(_row(known, what, columns, record) for record in records)


def _row(known: Known, what: Kind, columns: Sequence[Slot], record: Record) -> RecordRow:
    return RecordRow(
        href=f"/centre/{what.name}/{record.id}",
        title=title_of(known.visit, record),
        state=state_chip(record.state),
        cells=(*(_cell(known, slot, record) for slot in columns), Shown(at=record.changed_at)),
    )


def _cell(known: Known, slot: Slot, record: Record) -> Shown:
    value = getattr(record.facts, slot.name)
    values = () if value is None or value == "" else values_of(known, slot, value)
    return values[0] if values else Shown()


def title_of(visit: Visit, record: Record) -> str:
    """Return a record's title in the language of the page, where it has one."""
    what = getattr(record.facts, "title_zh", "") or getattr(record.facts, "name_zh", "")
    return visit.around.name(record.title, what or record.title)
