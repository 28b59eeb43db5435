"""Best-known values of instances: each one beats the last, says who, when and by which solution, and is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.files import attach
from takeback.share.centre.frontier.news import tell
from takeback.share.centre.frontier.sources import known_problems
from takeback.share.centre.kinds import Facts, Line, kind
from takeback.share.centre.naming import PersonId, ProblemId
from takeback.share.centre.people import names
from takeback.share.centre.problems import concerned
from takeback.share.centre.reasons import require_reason
from takeback.share.centre.records import Record, create, find, move
from takeback.share.centre.targets.amounts import finite
from takeback.share.centre.turns import take_turn

_HASH = re.compile(r"[0-9a-f]{64}")


@kind(
    "best-known",
    title="instance",
    states={"stated": ("withdrawn",), "withdrawn": ()},
    create="centre.edit",
    fixed_in=("stated", "withdrawn"),
    person="person_id",
)
class BestKnown(Facts, frozen=True, kw_only=True):
    """A value of an instance that was the best when it was stated.

    - `sense`: whether less (`min`) or more (`max`) is better; `unit`: of the value, with its rounding rule;
    - `holder`: the team or organisation; `person_id`: the person of the centre, if it was one;
    - `solution_sha256`: of the solution's file, hexadecimal; `bound`: what cannot be beaten, where it is proven.
    """

    instance: Line
    sense: Literal["min", "max"]
    value: Decimal
    holder: Line
    solution_sha256: str
    unit: str = ""
    person_id: PersonId | None = None
    bound: Decimal | None = None
    url: str = ""
    problems: tuple[ProblemId, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a hash that is none, and a value beyond its own bound; ``centre.bad-best-known``."""
        finite(self.value, where="value")
        if not _HASH.fullmatch(self.solution_sha256):
            raise _bad(self, "solution_sha256", self.solution_sha256, "64 x 0-9a-f")
        if self.bound is not None and better(self.sense, self.value, finite(self.bound, where="bound")):
            raise _bad(self, "bound", self.value, str(self.bound))

    @property
    def optimal(self) -> bool:
        """Whether the bound proves that nothing is better."""
        return self.bound is not None and self.bound == self.value


def state_best_known(
    connection: sa.Connection,
    actor: CentreActor,
    facts: BestKnown,
    *,
    solution: tuple[str, str, bytes] | None = None,
    at: datetime | None = None,
) -> Record:
    """State a value that beats the best one known; `solution`: its file (name, media type, content), if it is given.

    Those concerned by the problems that the instance stands for, and who held the value before, hear of it.

    Raises
    ------
    Problem
        ``centre.forbidden``; ``centre.not-better`` (409) when it beats nothing; ``centre.bad-best-known`` when the
        sense is another than before, or the file has another hash.
    """
    actor.require("source.edit")
    known_problems(connection, facts.problems)
    take_turn(connection)  # of two better values at once the second beats the first, or is refused
    if solution is not None and sha256(solution[2]).hexdigest() != facts.solution_sha256:
        raise _bad(facts, "solution_sha256", facts.solution_sha256, sha256(solution[2]).hexdigest())
    before = best_known(connection, facts.instance)
    if before is not None:
        _beats(before, facts)
    record = create(connection, actor, "best-known", facts, at=at, allowed=True)
    if solution is not None:
        attach(connection, actor, record.id, *solution, at=at)
    if before is not None:
        _tell(connection, actor, before, record, at)
    return record


def withdraw_best_known(
    connection: sa.Connection, actor: CentreActor, value_id: UUID, reason: str, *, at: datetime | None = None
) -> Record:
    """Withdraw a value that does not hold: the one before it is the best known again.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-reason``, ``centre.bad-move`` (409) for one that was withdrawn.
    """
    reason = require_reason(reason)
    return move(connection, actor, value_id, "withdrawn", kind="best-known", reason=reason, at=at)


def best_known(connection: sa.Connection, instance: str) -> Record | None:
    """Return the best value of an instance that was not withdrawn."""
    kept = [one for one in history(connection, instance) if one.state == "stated"]
    return kept[-1] if kept else None


def history(connection: sa.Connection, instance: str) -> list[Record]:
    """Return all values of an instance in the order in which they were stated."""
    found = [one for one in find(connection, "best-known") if one.facts.instance == instance]
    return sorted(found, key=_stated)


def best_known_values(connection: sa.Connection, actor: CentreActor) -> list[Record]:
    """Return the best value of each instance, by instance."""
    actor.require("centre.read")
    best = {one.facts.instance: one for one in sorted(find(connection, "best-known", state="stated"), key=_stated)}
    return [best[instance] for instance in sorted(best)]


def better(sense: str, value: Decimal, than: Decimal) -> bool:
    """Tell whether a value beats another one."""
    return value < than if sense == "min" else value > than


def _stated(record: Record) -> int:
    return record.first_entry


def _beats(before: Record, facts: BestKnown) -> None:
    old: BestKnown = before.facts
    if old.sense != facts.sense:
        raise _bad(facts, "sense", facts.sense, old.sense)
    if not better(facts.sense, facts.value, old.value):
        raise Problem(
            "centre.not-better",
            msg("This does not beat the best-known value."),
            where=facts.instance,
            found=facts.value,
            expected=f"{'<' if facts.sense == 'min' else '>'} {old.value}",
            status=409,
        )


def _tell(connection: sa.Connection, actor: CentreActor, before: Record, now: Record, at: datetime | None) -> None:
    problems: Sequence[UUID] = [*before.facts.problems, *now.facts.problems]
    people = concerned(connection, problems) | _still_there(connection, before.facts.person_id)
    detail = f"{before.facts.value} -> {now.facts.value}"
    tell(connection, actor, people, "best-known", now, detail=detail, at=at)


def _still_there(connection: sa.Connection, person_id: UUID | None) -> frozenset[UUID]:
    known = names(connection, [person_id] if person_id else [])
    return frozenset(one.id for one in known.values() if one.withdrawn_at is None)


def _bad(facts: BestKnown, field: str, found: object, expected: str) -> Problem:
    return Problem(
        "centre.bad-best-known",
        msg("This is no best-known value."),
        where=f"{facts.instance}, {field}",
        found=found,
        expected=expected,
    )
