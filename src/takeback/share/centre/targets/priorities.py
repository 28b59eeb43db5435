"""What the authority asks for first: priorities and lists of regional issues, answered by the members' work."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import Code, Facts, Line, LineZh, Text, kind
from takeback.share.centre.records import Record, find, get


@kind(
    "priority", title="title", states={"in_force": ("withdrawn",), "withdrawn": ("in_force",)}, create="priority.edit"
)
class Priority(Facts, frozen=True, kw_only=True):
    """What the authority wants the centre to take up. `region`: where an issue stands; `indicators`: their codes."""

    code: Code
    sort: Literal["priority", "regional_issue"]
    title: Line
    title_zh: Line
    text: Text
    source: Line
    text_zh: Text = ""
    source_zh: LineZh = ""
    region: str = ""
    region_zh: LineZh = ""
    begins: date | None = None
    until: date | None = None
    indicators: tuple[str, ...] = ()


def priorities(connection: sa.Connection, *, today: date | None = None, region: str = "") -> list[Record]:
    """Return what is in force, by code; `today`: only what applies on that day."""
    found = [
        one
        for one in find(connection, "priority", state="in_force")
        if region in ("", one.facts.region, one.facts.region_zh)
    ]
    return sorted((one for one in found if _applies(one.facts, today)), key=lambda one: str(one.facts.code))


def answering(connection: sa.Connection, actor: CentreActor, priority_id: UUID) -> list[Record]:
    """Return the problems and tasks that refer to a priority."""
    actor.require("centre.read")
    get(connection, priority_id, kind="priority")
    rows = connection.execute(_REFERRING, {"id": str(priority_id)}).scalars()
    return [get(connection, one) for one in rows]


def known_priorities(connection: sa.Connection, ids: Iterable[UUID]) -> None:
    """Go on only when each id is a priority in force; raises ``centre.no-priority``."""
    known = {one.id for one in find(connection, "priority", state="in_force")}
    if missing := sorted({*ids} - known):
        raise Problem(
            "centre.no-priority", msg("There is no such priority in force."), where="priorities", found=missing[0]
        )


def _applies(facts: Priority, today: date | None) -> bool:
    return today is None or ((facts.begins or today) <= today <= (facts.until or today))


_REFERRING = sa.text("""
    select id from centre_record where kind in ('problem', 'common-problem', 'task')
        and jsonb_exists(facts -> 'priorities', :id)
    order by kind, title, id
""")
