"""The task register: national, regional and industrial tasks that the centre has undertaken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.days import today
from takeback.share.centre.files import attach
from takeback.share.centre.kinds import Code, Facts, Line, LineZh, Text, kind
from takeback.share.centre.naming import FileId, MemberId, PersonId, PriorityId, ProjectId, naming
from takeback.share.centre.records import Record, change, create, find, get, move
from takeback.share.centre.targets import known_priorities
from takeback.share.centre.turns import take_turn


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The commissioner's word that it has received the deliverable; `file_id`: the paper, a file of the task."""

    number: Line
    day: date
    file_id: FileId


@kind(
    "task",
    title="title",
    states={
        "undertaken": ("delivered", "ended"),
        "delivered": ("received", "undertaken"),
        "received": (),
        "ended": ("undertaken",),
    },
    create="task.edit",
    fixed_in=("received", "ended"),
    year="year",
    person="owner_id",
    member="member_id",
)
class Task(Facts, frozen=True, kw_only=True):
    """A task undertaken for somebody.

    - `owner_id`: the person who answers for it; `member_id`: the member that leads it; `partners`: further members;
    - `due`: the day on which the deliverable is due; `delivered`: the day on which it was handed over;
    - `projects`, `results`, `priorities`: the records that the task is done by, led to and answers.
    """

    code: Code
    title: Line
    title_zh: Line
    level: Literal["national", "regional", "industrial"]
    commissioner: Line
    owner_id: PersonId
    member_id: MemberId
    deliverable: Text
    due: date
    deliverable_zh: Text = ""
    commissioner_zh: LineZh = ""
    partners: tuple[MemberId, ...] = ()
    projects: tuple[ProjectId, ...] = ()
    results: tuple[Annotated[UUID, naming("result")], ...] = ()
    priorities: tuple[PriorityId, ...] = ()
    delivered: date | None = None
    receipt: Receipt | None = None

    @property
    def year(self) -> int:
        """The year in which it is due."""
        return self.due.year


def undertake(connection: sa.Connection, actor: CentreActor, facts: Task, *, at: datetime | None = None) -> Record:
    """Enter a task; ``centre.code-taken`` (409), ``centre.no-record`` (404) for what it names and there is not."""
    actor.require("task.edit")
    take_turn(connection)
    if any(one.facts.code == facts.code for one in find(connection, "task")):
        raise Problem("centre.code-taken", msg("There is a task with this code."), found=facts.code, status=409)
    _known(connection, facts)
    plain = msgspec.structs.replace(facts, delivered=None, receipt=None)
    return create(connection, actor, "task", plain, at=at)


def change_task(
    connection: sa.Connection,
    actor: CentreActor,
    task_id: UUID,
    facts: Task,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Record:
    """Change a task until it is received; its code, delivery and receipt stay."""
    actor.require("task.edit")
    old = get(connection, task_id, kind="task", lock=True)
    _known(connection, facts)
    said = old.facts
    kept = msgspec.structs.replace(facts, code=said.code, delivered=said.delivered, receipt=said.receipt)
    return change(connection, actor, task_id, kept, version=version, at=at)


def deliver(connection: sa.Connection, actor: CentreActor, task_id: UUID, *, at: datetime | None = None) -> Record:
    """Say that the deliverable was handed over."""
    old = get(connection, task_id, kind="task", lock=True)
    day = today(connection, actor, at)
    return move(connection, actor, task_id, "delivered", facts=msgspec.structs.replace(old.facts, delivered=day), at=at)


def receive(
    connection: sa.Connection,
    actor: CentreActor,
    task_id: UUID,
    number: str,
    day: date,
    paper: tuple[str, str, bytes],
    *,
    at: datetime | None = None,
) -> Record:
    """Enter the commissioner's receipt: its number, its day, and the paper (name, media type, content).

    Raises
    ------
    Problem
        ``centre.forbidden``; ``centre.bad-move`` (409) before delivery; ``centre.bad-file`` without the paper;
        ``centre.bad-receipt`` without a number or dated before the delivery.
    """
    actor.require("task.edit")
    old = get(connection, task_id, kind="task", lock=True)
    if not number.strip() or (old.facts.delivered and day < old.facts.delivered):
        raise Problem(
            "centre.bad-receipt",
            msg("A receipt has a number, and is not older than the delivery."),
            where=old.title,
            found=f"{number} {day}",
            expected=str(old.facts.delivered),
        )
    file = attach(connection, actor, task_id, *paper, at=at)
    receipt = Receipt(number=number.strip(), day=day, file_id=file.id)
    facts = msgspec.structs.replace(old.facts, receipt=receipt)
    return move(connection, actor, task_id, "received", facts=facts, at=at)


def send_back(
    connection: sa.Connection, actor: CentreActor, task_id: UUID, reason: str, *, at: datetime | None = None
) -> Record:
    """Take a delivery back because the commissioner wants something else; the task is open again."""
    old = get(connection, task_id, kind="task", lock=True)
    facts = msgspec.structs.replace(old.facts, delivered=None)
    return move(connection, actor, task_id, "undertaken", facts=facts, reason=reason, at=at)


def overdue(connection: sa.Connection, *, today: date) -> list[Record]:
    """Return the tasks that are not delivered though their day is past, the longest overdue first."""
    late = [one for one in find(connection, "task", state="undertaken") if one.facts.due < today]
    return sorted(late, key=lambda one: (one.facts.due, one.id))


def tasks(
    connection: sa.Connection, actor: CentreActor, *, level: str = "", state: str | None = None, text: str = ""
) -> list[Record]:
    """Return the tasks of the register, the next due first."""
    actor.require("centre.read")
    found = find(connection, "task", state=state, text=text)
    return sorted((one for one in found if level in ("", one.facts.level)), key=lambda one: (one.facts.due, one.id))


def tasks_of(connection: sa.Connection, actor: CentreActor, record_id: UUID) -> list[Record]:
    """Return the tasks that name a project, a result or a priority."""
    return [
        one
        for one in tasks(connection, actor)
        if record_id in {*one.facts.projects, *one.facts.results, *one.facts.priorities}
    ]


def _known(connection: sa.Connection, facts: Task) -> None:
    known_priorities(connection, facts.priorities)
    _all_of(connection, "member", [facts.member_id, *facts.partners])
    _all_of(connection, "project", facts.projects)
    _all_of(connection, "result", facts.results)


def _all_of(connection: sa.Connection, name: str, ids: Iterable[UUID]) -> None:
    for one in ids:
        get(connection, one, kind=name)
