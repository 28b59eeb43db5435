"""How projects stand, as a traffic light with its reasons: late, overspent, at risk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.share.centre.projects.kinds import Project
from takeback.share.centre.records import Record, get

Light = Literal["green", "amber", "red", "grey"]
LATE = 30
"""Days after which what is late makes a project red."""
HEAVY = 15
"""Likelihood times impact from which a risk counts."""


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why a project is not green; `record_id`: what it is about, `title_zh`: its Chinese title where it has one."""

    light: Light
    message: Message
    record_id: UUID | None = None
    title_zh: str = ""

    @property
    def message_zh(self) -> Message:
        """The message for Chinese pages: it names what it is about in Chinese."""
        named = {"title": self.title_zh} if self.title_zh else {}
        return Message(self.message.msgid, {**self.message.params, **named})


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a project stands; amounts in minor units; `time`, `spent_share`, `complete`: per mille. Grey: not running."""

    project_id: UUID
    light: Light
    reasons: list[Reason]
    budget: int
    spent: int
    time: int
    spent_share: int
    complete: int | None


def standing(connection: sa.Connection, project_id: UUID, today: date) -> Standing:
    """Return how a project stands on a day; raises ``centre.no-record`` (404)."""
    return standings(connection, [get(connection, project_id, kind="project")], today)[0]


def standings(connection: sa.Connection, projects: Sequence[Record], today: date) -> list[Standing]:
    """Return how projects stand, in their order; two queries for all of them."""
    ids = [one.id for one in projects]
    parts: dict[UUID, list[Any]] = defaultdict(list)
    for row in connection.execute(_PARTS, {"ids": ids}):
        parts[row.parent_id].append(row)
    spent = {row.project_id: int(row.spent) for row in connection.execute(_SPENT, {"ids": ids})}
    return [_standing(one, parts[one.id], spent.get(one.id, 0), today) for one in projects]


def _standing(record: Record, parts: Sequence[Any], spent: int, today: date) -> Standing:
    project: Project = record.facts
    days = max((project.ends - project.begins).days, 1)
    time = min(max((today - project.begins).days, 0) * 1000 // days, 1000)
    share = spent * 1000 // project.budget if project.budget else 0
    running = record.state in ("running", "conditional", "refused")
    reasons = [*_reasons(record, parts, spent, time, today)] if running else []
    worst: Light = "red" if any(one.light == "red" for one in reasons) else "amber" if reasons else "green"
    reports = [part for part in parts if part.kind == "progress"]
    return Standing(
        project_id=record.id,
        light=worst if running or record.state in ("accepted", "delivered") else "grey",
        reasons=reasons,
        budget=project.budget,
        spent=spent,
        time=time,
        spent_share=share,
        complete=int(max(reports, key=lambda one: one.day).complete) if reports else None,
    )


def _reasons(record: Record, parts: Sequence[Any], spent: int, time: int, today: date) -> Iterator[Reason]:
    project: Project = record.facts
    if today > project.ends:
        yield _reason("red", msg("The project should have ended on {day}.", day=project.ends), record.id)
    if spent > project.budget:
        yield _reason("red", msg("More was spent than the project has."), record.id)
    elif project.budget and spent * 1000 // project.budget > time + 250:
        yield _reason("amber", msg("Money is spent much faster than time passes."), record.id)
    for part in parts:
        yield from _of_part(part, today)


def _of_part(part: Any, today: date) -> Iterator[Reason]:
    if part.kind in ("deliverable", "project-milestone") and part.state in ("due", "returned", "open"):
        late = (today - part.day).days
        if late > 0:
            text = msg("{title} was due on {day}.", title=part.title, day=part.day)
            yield _reason("red" if late > LATE else "amber", text, part.id, part.title_zh)
    if part.kind == "risk" and part.state in ("open", "occurred") and part.weight >= HEAVY:
        yield _reason("amber", msg("A heavy risk is open: {title}", title=part.title), part.id, part.title_zh)


def _reason(light: Light, message: Message, record_id: UUID, title_zh: str = "") -> Reason:
    return Reason(light=light, message=message, record_id=record_id, title_zh=title_zh)


_PARTS = sa.text("""
    select id, kind, state, title, coalesce(facts ->> 'title_zh', '') as title_zh, parent_id,
           cast(coalesce(facts ->> 'due', facts ->> 'until') as date) as day,
           (facts ->> 'likelihood')::int * (facts ->> 'impact')::int as weight,
           (facts ->> 'complete')::int as complete
    from centre_record where parent_id = any(:ids)
      and kind in ('deliverable', 'project-milestone', 'risk', 'progress')
    order by day, id
""")
_SPENT = sa.text("""
    select project_id, sum(amount) as spent from centre_balance where project_id = any(:ids)
      and (account like 'spent:%' or account like 'in-kind:%') group by 1
""")
