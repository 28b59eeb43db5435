"""Training plans: the levels that a person is to reach, by which courses, in how many hours; and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from msgspec import Meta
from msgspec.structs import replace

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.days import today
from takeback.share.centre.kinds import Code, Facts, Line, kind
from takeback.share.centre.naming import PersonId, RecordId, naming
from takeback.share.centre.records import Record, change, create, find, get, move
from takeback.share.centre.talent.competencies import Level, known_areas
from takeback.share.centre.talent.courses import Hours
from takeback.share.centre.talent.persons import own_or, present


class Goal(Facts, frozen=True, kw_only=True):
    """A level to reach in an area; `start` 0: nothing yet; `reached`: the day, `evidence`: the record that shows it."""

    area: Code
    start: Annotated[int, Meta(ge=0, le=5)]
    level: Level
    due: date | None = None
    reached: date | None = None
    evidence: RecordId | None = None


@kind(
    "training-plan",
    title="title",
    states={"draft": ("agreed", "stopped"), "agreed": ("done", "stopped"), "done": (), "stopped": ()},
    create="training.edit",
    read="training.edit",
    fixed_in=("done", "stopped"),
    person="person",
    year="year",
)
class TrainingPlan(Facts, frozen=True, kw_only=True):
    """A person's plan. `courses`: those to take; `hours`: planned of the whole."""

    person: PersonId
    title: Line
    title_zh: Annotated[str, Meta(max_length=200)] = ""
    year: int
    goals: tuple[Goal, ...]
    courses: tuple[Annotated[UUID, naming("course")], ...] = ()
    hours: Hours = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a plan is: goals reached of all, courses passed of all, hours attended of those planned."""

    reached: int
    goals: int
    passed: int
    courses: int
    hours: int
    hours_planned: int


def put_plan(
    connection: sa.Connection, actor: CentreActor, plan: TrainingPlan, *, at: datetime | None = None
) -> Record:
    """Put a plan as a draft, for oneself or by whoever edits training.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-person`` (404), ``centre.bad-plan``, ``centre.no-competency``,
        ``centre.no-record`` (404) for a course that there is not.
    """
    own_or(actor, plan.person, "training.edit")
    present(connection, plan.person)
    known_areas(connection, [goal.area for goal in plan.goals])
    for course in plan.courses:
        get(connection, course, kind="course")
    if not plan.goals or any(goal.level <= goal.start or goal.reached for goal in plan.goals):
        raise Problem("centre.bad-plan", msg("A plan has goals, each above where one stands."), where=plan.title)
    return create(connection, actor, "training-plan", plan, at=at, allowed=True)


def agree_plan(connection: sa.Connection, actor: CentreActor, plan_id: UUID, *, at: datetime | None = None) -> Record:
    """Agree on a draft."""
    return move(connection, actor, plan_id, "agreed", kind="training-plan", at=at)


def reach_goal(
    connection: sa.Connection,
    actor: CentreActor,
    plan_id: UUID,
    area: str,
    *,
    evidence: UUID,
    on: date | None = None,
    at: datetime | None = None,
) -> Record:
    """Say that the goal in an area was reached, and what shows it; with the last one the plan is done.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.own-goal`` (403): somebody else says it; ``centre.no-goal`` (404),
        ``centre.no-record`` (404) for evidence that there is not.
    """
    actor.require("training.edit")
    old = get(connection, plan_id, kind="training-plan", lock=True)
    if actor.person_id == old.facts.person:
        raise Problem(
            "centre.own-goal", msg("Somebody else says that a goal was reached."), where=old.title, status=403
        )
    if not any(goal.area == area and not goal.reached for goal in old.facts.goals):
        raise Problem("centre.no-goal", msg("There is no such open goal."), found=area, status=404)
    get(connection, evidence)
    day = on or today(connection, actor, at)
    goals = tuple(
        replace(goal, reached=day, evidence=evidence) if goal.area == area and not goal.reached else goal
        for goal in old.facts.goals
    )
    facts = replace(old.facts, goals=goals)
    if all(goal.reached for goal in goals):
        return move(connection, actor, plan_id, "done", facts=facts, at=at)
    return change(connection, actor, plan_id, facts, at=at)


def stop_plan(
    connection: sa.Connection, actor: CentreActor, plan_id: UUID, *, reason: str, at: datetime | None = None
) -> Record:
    """Stop a plan before its end."""
    return move(connection, actor, plan_id, "stopped", kind="training-plan", reason=reason, at=at)


def plans_of(connection: sa.Connection, actor: CentreActor, person_id: UUID) -> list[Record]:
    """Return a person's plans: for the person, and for who edits training."""
    own_or(actor, person_id, "training.edit")
    return find(connection, "training-plan", person=person_id)


def progress(connection: sa.Connection, plan: TrainingPlan) -> Progress:
    """Return how far a plan is."""
    taken = [one for one in find(connection, "enrolment", person=plan.person) if one.facts.course in plan.courses]
    passed = {one.facts.course for one in taken if one.state == "passed"}
    return Progress(
        reached=sum(goal.reached is not None for goal in plan.goals),
        goals=len(plan.goals),
        passed=len(passed),
        courses=len(plan.courses),
        hours=sum(one.facts.hours for one in taken),
        hours_planned=plan.hours,
    )
