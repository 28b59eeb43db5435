"""A plan as a job: cancelled, killed and taken over, or failed, it leaves one plan or none, and says which."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.operate import collection
from takeback.operate.collection import planning_job
from takeback.store import jobs
from tests.operate.collection.day_world import DAY, QUICK, DayWorld, new_day, refused
from tests.support.people import People, people

__all__ = ["people"]


class Killed(BaseException):
    """The worker's process dies."""


@pytest.fixture
def world(people: People) -> DayWorld:
    """Alice's day with four orders."""
    world = new_day(people.alice.actor)
    for partner in range(4):
        world.ordered(partner)
    return world


def _asked(world: DayWorld) -> UUID:
    job: UUID = world.run(collection.start_planning, world.site, DAY, options=QUICK)
    return job


def _state(world: DayWorld, job: UUID) -> tuple[str, UUID | None]:
    made = world.ask(collection.planning, job)
    return made.state, made.plan_id


@pytest.mark.parametrize("moment", ["search", "store_plan", "note_end"])
def test_a_job_whose_worker_died_begins_again(world: DayWorld, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """Whenever it died: nothing of half a plan is left, and the next worker makes it."""
    job, right = _asked(world), getattr(planning_job, moment)

    def dies(*arguments: Any, **named: Any) -> None:
        raise Killed

    monkeypatch.setattr(planning_job, moment, dies)
    with pytest.raises(Killed):
        jobs.run(world.actor.org_id, job)
    assert _state(world, job) == ("running", None)
    assert world.column("select count(*) from plan") == [0]
    monkeypatch.setattr(planning_job, moment, right)
    assert world.worked(job) == job
    assert world.column("select count(*) from plan") == [1]


def test_a_job_that_died_after_its_plan_finds_it(world: DayWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was recorded; only the end of the job was not."""
    job, right = _asked(world), planning_job._plan

    def dies(*arguments: Any) -> UUID:
        right(*arguments)
        raise Killed

    monkeypatch.setattr(planning_job, "_plan", dies)
    with pytest.raises(Killed):
        jobs.run(world.actor.org_id, job)
    assert world.worked(job) == job
    assert _state(world, job) == ("succeeded", job)
    assert world.column("select count(*) from plan") == [1]


def test_a_job_that_kills_its_workers_is_given_up(world: DayWorld) -> None:
    """And whoever watches it is told."""
    job = _asked(world)
    jobs.give_up(str(job))
    made = world.ask(collection.planning, job)
    assert made.state == "failed"
    assert made.problem is not None
    assert made.problem["type"].endswith("job.deadly")


def test_a_search_can_be_stopped(world: DayWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it waits and while it runs; no plan comes of it. What has ended cannot be stopped."""
    waiting = _asked(world)
    assert world.run(collection.cancel_planning, waiting).state == "cancelled"
    running, search = _asked(world), planning_job.search

    def stopped(*arguments: Any) -> Any:
        assert world.run(collection.cancel_planning, running).cancel_requested
        return search(*arguments)

    monkeypatch.setattr(planning_job, "search", stopped)
    jobs.run(world.actor.org_id, running)
    assert _state(world, running) == ("cancelled", None)
    assert world.column("select count(*) from plan") == [0]
    with refused("jobs.ended"):
        world.run(collection.cancel_planning, running)


def test_a_day_that_emptied_before_the_job_ran_is_explained(world: DayWorld) -> None:
    """The job fails with the reason."""
    job = _asked(world)
    with store.transaction(world.actor.org_id) as connection:
        connection.execute(sa.text("update item set stage = 'collected', custody = 'carrier'"))
    jobs.run(world.actor.org_id, job)
    made = world.ask(collection.planning, job)
    assert made.state == "failed"
    assert "collection.no-orders" in json.dumps(made.problem)
