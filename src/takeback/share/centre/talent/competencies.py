"""The areas in which the people of a centre are competent, each with five levels, and the map of who can do what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa
from msgspec import Meta

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import Code, Facts, Line, kind
from takeback.share.centre.records import Record, change, create, find
from takeback.share.centre.talent.protecting import Line as Sum
from takeback.share.centre.talent.protecting import protected
from takeback.share.centre.turns import take_turn

LEVELS = 5
Level = Annotated[int, Meta(ge=1, le=LEVELS)]
"""1: knows of it; 2: works under guidance; 3: works alone; 4: leads others; 5: moves the field on."""


@kind("competency", title="name", states={"used": ("retired",), "retired": ("used",)}, create="training.edit")
class Competency(Facts, frozen=True, kw_only=True):
    """An area. `levels`: what one can do at each level, from the first on, where it is said."""

    code: Code
    name: Line
    name_zh: Line
    levels: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class CompetencyMap:
    """How many people stand where: `areas` x levels 1 to 5. None: fewer than 5, or what would give that away."""

    areas: tuple[Competency, ...]
    people: tuple[tuple[int | None, ...], ...]
    totals: tuple[int | None, ...]


def put_competency(
    connection: sa.Connection, actor: CentreActor, facts: Competency, *, at: datetime | None = None
) -> Record:
    """Put an area, or change the one that has its code; ``centre.bad-levels`` for more than five."""
    actor.require("training.edit")
    if len(facts.levels) > LEVELS:
        raise Problem(
            "centre.bad-levels", msg("A competency has five levels."), where=facts.code, found=len(facts.levels)
        )
    take_turn(connection)
    same = [record for record in find(connection, "competency") if record.facts.code == facts.code]
    if same:
        return change(connection, actor, same[0].id, facts, at=at)
    return create(connection, actor, "competency", facts, at=at)


def areas(connection: sa.Connection) -> list[Competency]:
    """Return the areas in use, by code."""
    found: list[Competency] = [record.facts for record in find(connection, "competency", state="used")]
    return sorted(found, key=lambda area: area.code)


def known_areas(connection: sa.Connection, codes: list[str]) -> None:
    """Go on only where there is an area for each code; ``centre.no-competency``."""
    used = {area.code for area in areas(connection)}
    if unknown := sorted({*codes} - used):
        raise Problem(
            "centre.no-competency",
            msg("There is no such area of competency."),
            found=", ".join(unknown),
            expected=", ".join(sorted(used)),
        )


def competency_map(connection: sa.Connection) -> CompetencyMap:
    """Return the map over all people who let themselves be counted; it has no sums over areas, which overlap."""
    named = areas(connection)
    rows = connection.execute(_COUNTED)
    held = Counter((level["area"], int(level["level"])) for row in rows for level in row.levels)
    cells = {(area.code, level): held[area.code, level] for area in named for level in range(1, LEVELS + 1)}
    sums = {(area.code, 0): sum(cells[area.code, n] for n in range(1, LEVELS + 1)) for area in named}
    lines = [Sum((area.code, 0), tuple((area.code, n) for n in range(1, LEVELS + 1))) for area in named]
    shown = protected({**cells, **sums}, lines)
    return CompetencyMap(
        tuple(named),
        tuple(tuple(shown[area.code, n] for n in range(1, LEVELS + 1)) for area in named),
        tuple(shown[area.code, 0] for area in named),
    )


_COUNTED = sa.text("""
    select r.facts -> 'levels' as levels from centre_record r join centre_person p on p.id = r.person_id
    where r.kind = 'profile' and p.withdrawn_at is null and 'statistics' = any(p.consents)
""")
