"""Trace quality for people: places with the names of our sites and partners."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.items import item_hex
from takeback.core.message import Message, msg
from takeback.operate import clock
from takeback.operate.genealogy import key_of
from takeback.prove.quality import Part, Score, item_quality, place_quality

_GLN = re.compile(r"/414/(\d{13})")
_NAMES = sa.text("select gln, name, name_zh from site where gln <> '' union all select gln, name, name_zh from partner")
PART_NAMES: dict[Part, Message] = {
    "gaps": msg("Moves told at both ends"),
    "matches": msg("Dispatches and receipts that match"),
    "lateness": msg("Reported in time"),
    "claims": msg("Claims with evidence"),
    "findings": msg("Events without findings"),
}


class PartView(msgspec.Struct, frozen=True, kw_only=True):
    """A part: ``score`` from 0 to 100, None where there was nothing to judge; ``weight`` of 100."""

    part: Part
    name: str
    weight: float
    score: float | None
    judged: int
    faults: int


class FaultView(msgspec.Struct, frozen=True, kw_only=True):
    """What cost marks; ``value``: what was left of the mark, from 0 to 1."""

    part: Part
    entry: int
    place: str | None
    value: float
    why: str


class QualityView(msgspec.Struct, frozen=True, kw_only=True):
    """Trace quality of a thing (``key``) or of what a place reports (``place``, ``name``)."""

    score: float | None
    events: int
    parts: list[PartView]
    faults: list[FaultView]
    key: str | None = None
    place: str | None = None
    name: str | None = None
    name_zh: str | None = None


def of_item(connection: sa.Connection, org: UUID, name: str, *, now: datetime) -> QualityView:
    """Return the trace quality of the thing named by key, identifier or code. Raises ``items.unknown``."""
    key = key_of(connection, name)
    return _view(score_of(connection, org, key, now=now), key=item_hex(key))


def score_of(connection: sa.Connection, org: UUID, key: int, *, now: datetime) -> Score:
    """Return the trace quality of a thing, with the reasons as sentences to be translated."""
    return item_quality(connection, org, key, now=now, leave_out=_unjudged(connection, org))


def of_places(connection: sa.Connection, org: UUID, *, now: datetime) -> list[QualityView]:
    """Return the trace quality by place, the worst first."""
    names = {row.gln: (row.name, row.name_zh) for row in connection.execute(_NAMES)}
    views = []
    for one in place_quality(connection, org, now=now, leave_out=_unjudged(connection, org)):
        gln = _GLN.search(one.place or "")
        name, name_zh = names.get(gln[1], (None, None)) if gln else (None, None)
        views.append(_view(one.score, place=one.place, name=name, name_zh=name_zh))
    return views


def _unjudged(connection: sa.Connection, org: UUID) -> tuple[Part, ...]:
    """A simulated world records in a minute what happens in a year: nothing is late in it."""
    return ("lateness",) if clock.is_simulated(connection, org) else ()


def _view(score: Score, **about: str | None) -> QualityView:
    return QualityView(
        score=score.score,
        events=score.events,
        parts=[
            PartView(
                part=p.part, name=str(PART_NAMES[p.part]), weight=p.weight, score=p.score, judged=p.judged,
                faults=p.faults,
            )
            for p in score.parts
        ],
        faults=[
            FaultView(part=f.part, entry=f.entry, place=f.place, value=f.value, why=str(f.why)) for f in score.faults
        ],
        **about,
    )  # fmt: skip
