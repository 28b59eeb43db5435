"""How good the trace of a thing is, and how good what is reported from each place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.prove import bodies
from takeback.prove.quality.happening import Happening, happening
from takeback.prove.quality.marks import Mark, event_marks, marks_of
from takeback.prove.quality.rules import Part, rules
from takeback.prove.quality.score import Score, scored
from takeback.store.bulk import driver

RECENT = 5_000
"""Entries that the judgement of places looks at: the latest ones of the organisation."""

# Physical events that happened: EPCIS types, not withdrawn (roles bit 256, `voided`).
_HAPPENED = """
    e.org_id = %(org)s and e.event_hash is not null and e.error_declared_at is null
    and not exists (select from voided v where v.org_id = %(org)s and v.entry_id = e.id)
"""
_COLUMNS = """
    e.id, e.event_time, e.record_time, e.body,
    (select count(*) from finding f where f.org_id = %(org)s and f.entry_id = e.id and f.severity = 'error'),
    (select count(*) from finding f where f.org_id = %(org)s and f.entry_id = e.id and f.severity = 'warning')
"""
_OF_ITEM = f"""
    select {_COLUMNS} from entry_item i join entry e on e.id = i.entry_id
    where i.org_id = %(org)s and i.item_key = %(item)s and {_HAPPENED} order by e.event_time, e.id limit %(most)s
"""
_LATEST = f"""
    select {_COLUMNS}, e.thing_keys
    from entry e where {_HAPPENED} order by e.event_time desc, e.id desc limit %(most)s
"""


class PlaceScore(msgspec.Struct, frozen=True, kw_only=True):
    """How good what is reported from a place is; ``place``: its canonical URI, None: events that name no place."""

    place: str | None
    score: Score


def item_quality(
    connection: sa.Connection, org: UUID, item: int, *, now: datetime, leave_out: Collection[Part] = ()
) -> Score:
    """Return the trace quality of one thing, by the party's own entries.

    ``leave_out``: parts that are not judged, as lateness where times are simulated.
    """
    rows = driver(connection).execute(_OF_ITEM.encode(), {"org": org, "item": item, "most": RECENT})
    history = [_happening(row) for row in rows]
    return scored(_judged(marks_of(history, rules(), now), leave_out), rules(), events=len(history))


def place_quality(
    connection: sa.Connection, org: UUID, *, now: datetime, most: int = RECENT, leave_out: Collection[Part] = ()
) -> list[PlaceScore]:
    """Return the trace quality by place over the latest ``most`` entries, the worst first.

    A movement counts for both ends: its dispatch where it left, its receipt where it came.
    """
    found: list[tuple[Any, ...]] = driver(connection).execute(
        _LATEST.encode(), {"org": org, "most": most}
    ).fetchall()  # fmt: skip
    happenings = [_happening(row) for row in reversed(found)]
    histories: dict[int, list[Happening]] = defaultdict(list)
    for one, row in zip(happenings, reversed(found), strict=True):
        for item in row[-1]:
            histories[item].append(one)
    marks: dict[str | None, dict[Mark, None]] = defaultdict(dict)
    for history in histories.values():
        for mark in marks_of(history, rules(), now, whole=False):
            marks[mark.place].setdefault(mark)
    events: dict[str | None, int] = defaultdict(int)
    for one in happenings:
        events[one.place] += 1
        for mark in event_marks(one, rules()):
            marks[mark.place].setdefault(mark)
    scores = [
        PlaceScore(place=place, score=scored(_judged(given, leave_out), rules(), events=events[place]))
        for place, given in marks.items()
    ]
    return sorted(scores, key=lambda one: (one.score.score is None, one.score.score or 0.0, one.place or ""))


def _judged(marks: Iterable[Mark], leave_out: Collection[Part]) -> Iterable[Mark]:
    return (mark for mark in marks if mark.part not in leave_out)


def _happening(row: tuple[Any, ...]) -> Happening:
    entry, at, recorded, body, errors, warnings = row[:6]
    return happening(entry, at, recorded, bodies.load(body), errors, warnings)
