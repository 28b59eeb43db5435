"""Records as lines of a list: their state, and of what they say that which tells them apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from takeback.core.message import Message, msg
from takeback.share.centre.kinds import Kind
from takeback.share.centre.records import Record, title_zh
from takeback.web.console.centre_words import field_word, state_word
from takeback.web.console.views import Chip, RecordRow, Shown
from takeback.web.pages.centre.showing import Known, values_of
from takeback.web.pages.centre.types import Slot, slots
from takeback.web.pages.centre.visit import Visit

MOST = 3
# fmt: off
COLUMNS: dict[str, tuple[str, ...]] = {
    "member": ("sort", "code", "since"),
    "charter": ("begins", "until", "edition"), "agreement": ("sort", "begins", "until"),
    "body": ("sort", "quorum_pct", "term_years"), "meeting": ("body", "begins", "place"),
    "period": ("stage", "begins", "ends"), "milestone": ("year", "due"), "indicator": ("unit", "direction", "source"),
    "target": ("indicator_id", "year", "value"), "value": ("indicator_id", "year", "value"),
    "priority": ("sort", "region", "source"), "evaluation": ("sort", "year", "conclusion"),
    "problem": ("member_id", "confidentiality", "prize"), "common-problem": ("members", "call_id"),
    "call": ("code", "opens", "closes"), "decision": ("call", "outcome", "amount_minor"),
    "project": ("code", "member", "ends", "budget"), "work-package": ("project", "begins", "ends"),
    "deliverable": ("project", "due"), "project-milestone": ("project", "due"),
    "risk": ("project", "likelihood", "impact"), "progress": ("project", "until", "complete"),
    "project-change": ("project", "ends", "budget"), "acceptance": ("project",), "ip": ("project", "sort", "agreed"),
    "transfer": ("taker", "sort", "signed", "value"), "adoption": ("user", "where", "since"),
    "fund": ("channel", "source", "year_to"), "commitment": ("project", "fund", "year", "amount"),
    "spending": ("project", "cost_kind", "on", "amount"),
    "resource": ("sort", "member", "capacity"), "use": ("project", "begins", "minutes"),
    "task": ("level", "owner_id", "due"),
    "profile": ("person", "students_at_most"), "team": ("leader",), "mentoring": ("student", "academic", "enterprise"),
    "competency": ("code",), "training-plan": ("person", "year", "hours"),
    "course": ("sort", "teacher", "begins", "hours"), "enrolment": ("person", "year", "mark"),
    "thesis": ("student", "degree", "year"), "exchange": ("person", "host", "begins", "ends"),
    "credential": ("person", "achieved", "issued"),
    "source": ("sort", "container", "year"), "best-known": ("value", "unit", "holder"),
    "result": ("sort", "year", "body"), "consultation": ("about", "opens", "closes"), "report": ("sort", "year"),
}
# fmt: on
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


def state_chip(state: str, kind: str = "") -> Chip:
    """Return a state as a chip, in the word that its kind has for it."""
    return Chip(label=state_word(state, kind), tone=TONES.get(state, "plain"))  # type: ignore[arg-type]


def columns_of(what: Kind, without: str = "") -> tuple[Slot, ...]:
    """Return the fields that a list of a kind shows, `without` the one that is the same in all its lines."""
    of_kind = {slot.name: slot for slot in slots(what.facts) if slot.name != without}
    named = COLUMNS.get(what.name)
    if named is not None:
        return tuple(of_kind[name] for name in named if name in of_kind)
    short = [slot for slot in of_kind.values() if slot.sort in _SHORT and not slot.many]
    return tuple(short[:MOST])


def heads_of(what: Kind, without: str = "") -> tuple[Message | str, ...]:
    """Return the heads of a list's columns, after title and state."""
    return (*(field_word(what.name, slot.name) for slot in columns_of(what, without)), msg("Changed"))


def rows_of(visit: Visit, what: Kind, records: Sequence[Record], without: str = "") -> tuple[RecordRow, ...]:
    """Return records as lines."""
    columns = columns_of(what, without)
    known = Known.of(visit, [record.facts for record in records] if any(slot.of for slot in columns) else [])
    return tuple(_row(known, what, columns, record) for record in records)


def _row(known: Known, what: Kind, columns: Sequence[Slot], record: Record) -> RecordRow:
    return RecordRow(
        href=f"/centre/{what.name}/{record.id}",
        title=title_of(known.visit, record),
        state=state_chip(record.state, what.name),
        cells=(*(_cell(known, slot, record) for slot in columns), Shown(day=day_of(known.visit, record.changed_at))),
    )


def _cell(known: Known, slot: Slot, record: Record) -> Shown:
    """Return a field as a cell: the first value it has, of several all as one text."""
    value = getattr(record.facts, slot.name)
    if isinstance(value, str):
        value = known.visit.around.name(value, getattr(record.facts, f"{slot.name}_zh", "") or value)
    values = () if value is None or value == "" else values_of(known, slot, value)
    if len(values) > 1:
        return Shown(text=", ".join(str(one.text) for one in values))
    return values[0] if values else Shown()


def day_of(visit: Visit, at: datetime) -> date:
    """Return the day of a moment where the centre is."""
    return at.astimezone(ZoneInfo(visit.around.shell.timezone)).date()


def title_of(visit: Visit, record: Record) -> str:
    """Return a record's title in the language of the page, where it has one."""
    return visit.around.name(record.title, title_zh(record) or record.title)
