"""A command for one kind of record moves no record of another kind, whoever asks and whatever its state is."""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Callable, Iterator
from typing import Any, get_type_hints
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre import records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import Facts, Kind, kinds
from takeback.share.centre.roles import ROLES
from takeback.web.api import centre
from tests.share.centre.centre_world import CentreWorld, new_centre
from tests.web.api.samples import sample

NAMED = {
    "paper_id": {"charter", "agreement"}, "milestone_id": {"milestone", "project-milestone"},
    "package_id": {"work-package"},
    "plan_id": {"training-plan"}, "change_id": {"project-change"}, "common_id": {"common-problem"},
    "record_id": {"result", "deliverable"},
}  # fmt: skip
"""Name in a path -> the kinds that it may be, where it is not simply the kind's name."""


LEAST = 2_000
"""Pairs of a command and a record of another kind that are tried at least."""


@pytest.fixture
def world(database: store.Database) -> CentreWorld:
    """A centre whose manager has every role there is."""
    return new_centre()


def _commands() -> Iterator[tuple[Callable[..., Any], str]]:
    """Yield the function of each command that names a record in its path, and that name."""
    for handler in centre.HANDLERS:
        told = inspect.getclosurevars(handler.fn).nonlocals
        if "POST" in handler.http_methods and callable(told.get("function")):
            for name in re.findall(r"{(\w+_id)", next(iter(handler.paths))):
                yield told["function"], name


def _facts(what: Kind) -> Facts | None:
    try:
        return msgspec.convert(sample(what.facts), what.facts)
    except (msgspec.ValidationError, Problem):
        return None


def _in_each_state(connection: sa.Connection, actor: CentreActor) -> list[records.Record]:
    """Return a record of each kind in each of its states that can be reached."""
    found = []
    for what in kinds():
        facts = _facts(what)
        for path in _paths(what) if facts else ():
            try:
                with connection.begin_nested():
                    found.append(_moved_along(connection, actor, what.name, facts, path))  # type: ignore[arg-type]
            except (Problem, sa.exc.SQLAlchemyError):
                continue
    return found


def _moved_along(
    connection: sa.Connection, actor: CentreActor, kind: str, facts: Facts, path: tuple[str, ...]
) -> records.Record:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "require_named", lambda *_: None)  # a record of a kind, whatever it names
        one = records.create(connection, actor, kind, facts, allowed=True)
        for state in path:
            one = records.move(connection, actor, one.id, state, allowed=True)
    return one


def _paths(what: Kind) -> Iterator[tuple[str, ...]]:
    """Yield the shortest way to each state."""
    waiting: list[tuple[str, tuple[str, ...]]] = [(what.first, ())]
    seen = {what.first}
    while waiting:
        state, path = waiting.pop(0)
        yield path
        for after in what.states[state]:
            if after not in seen:
                seen.add(after)
                waiting.append((after, (*path, after)))


def _given(function: Callable[..., Any], name: str, victim: records.Record, state: str) -> dict[str, Any]:
    types, given = get_type_hints(function, include_extras=True), {}
    for one in inspect.signature(function).parameters.values():
        if one.name == name:
            given[name] = victim.id
        elif one.name == "state":
            given["state"] = state
        elif one.default is inspect.Parameter.empty and one.name not in ("connection", "actor"):
            given[one.name] = msgspec.convert(sample(types[one.name]), types[one.name])
    return given


def test_no_command_moves_a_record_of_another_kind(world: CentreWorld) -> None:
    """Funding a proposal as if it were a course, closing a fund as if it were a team: refused, for every pair."""
    actor = CentreActor(
        org_id=world.org,
        person_id=world.manager.person_id,
        member_id=world.members["university"],
        roles=frozenset(ROLES),
    )
    with store.transaction(world.org) as connection:
        victims = _in_each_state(connection, actor)
    assert len({one.kind for one in victims}) > 35
    tried, moved = 0, list[str]()
    for turn, (function, name) in enumerate(_commands()):
        kinds_of_it = NAMED.get(name, {name.removesuffix("_id").replace("_", "-")})
        with store.transaction(world.org) as connection:  # one for each command: savepoints keep their locks
            for victim in (one for one in _chosen(victims, turn) if one.kind not in kinds_of_it):
                after = _next(victim) if "state" in inspect.signature(function).parameters else ("",)
                for state in after:
                    tried += 1
                    if _moves(connection, actor, function, _given(function, name, victim, state), victim.id):
                        moved.append(f"{function.__name__} moves {victim.kind} from {victim.state}")
    assert tried > LEAST
    assert moved == []


def _chosen(victims: list[records.Record], turn: int) -> list[records.Record]:
    """Return the records that a command is tried on: all in the drill, else one of each kind, in a state by turns."""
    if os.environ.get("TAKEBACK_DRILL"):
        return victims
    by_kind: dict[str, list[records.Record]] = {}
    for one in victims:
        by_kind.setdefault(one.kind, []).append(one)
    return [states[turn % len(states)] for states in by_kind.values()]


def _next(victim: records.Record) -> tuple[str, ...]:
    return next(what for what in kinds() if what.name == victim.kind).states[victim.state]


def _moves(
    connection: sa.Connection, actor: CentreActor, function: Callable[..., Any], given: dict[str, Any], victim: UUID
) -> bool:
    before = records.get(connection, victim).version
    point = connection.begin_nested()
    try:
        function(connection, actor, **given)
        return records.get(connection, victim).version != before
    except (Problem, KeyError, sa.exc.IntegrityError, sa.exc.DataError):
        return False
    finally:
        point.rollback()
