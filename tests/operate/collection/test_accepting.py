"""Of the plans of a day one is driven, whoever accepts at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest

from takeback import store
from takeback.core.problem import Problem
from takeback.operate import collection
from takeback.operate.spine.collect import Collection, collect
from tests.operate.collection.day_world import DAY, DayWorld, at, new_day, refused
from tests.support.people import People, people

__all__ = ["people"]


@pytest.fixture
def world(people: People) -> DayWorld:
    """Alice's day with three orders."""
    world = new_day(people.alice.actor)
    for partner in range(3):
        world.ordered(partner)
    return world


def test_of_two_who_accept_at_once_one_wins(world: DayWorld, people: People) -> None:
    """And the other is told which plan stands; whatever plan it is, the ledger says it once."""
    plans, barrier = [world.planned(), world.planned()], Barrier(2)

    def accept(plan: UUID) -> str:
        barrier.wait()
        try:
            with store.transaction(people.bob.org_id) as connection:
                collection.accept(connection, people.bob.actor, plan)
        except Problem as problem:
            return problem.kind
        return "accepted"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(accept, plans))
    assert said == ["accepted", "collection.accepted-already"]
    assert world.column("select count(*) from entry where kind = 'takeback:PlanAccepted'") == [1]


def test_another_plan_may_stand_instead_of_the_one_that_was_seen(world: DayWorld) -> None:
    """Whoever names the plan that is accepted replaces it; whoever names another has not seen it."""
    first, second, third = world.planned(), world.planned(), world.planned()
    world.run(collection.accept, first)
    assert world.run(collection.accept, first).plan_id == first
    with refused("collection.accepted-already"):
        world.run(collection.accept, third, instead_of=second)
    assert world.run(collection.accept, second, instead_of=first).plan_id == second
    assert [one.accepted for one in world.ask(collection.plans_of, world.site, DAY)] == [False, True, False]


def test_a_dispatched_day_is_not_exchanged(world: DayWorld) -> None:
    """Drivers are on their way: another plan would call them back."""
    first, second = world.planned(), world.planned()
    world.run(collection.accept, first)
    world.dispatched()
    with refused("collection.dispatched-already"):
        world.run(collection.accept, second, instead_of=first)


def test_a_plan_that_was_overtaken_is_not_accepted(world: DayWorld) -> None:
    """It would send a driver for what somebody else has fetched."""
    plan = world.planned()
    (epc, *_) = world.column("select epc from item order by epc")
    world.run(collect, [Collection(epcs=[epc], at=at(6), place="urn:x", carrier="somebody")])
    with refused("collection.plan-overtaken"):
        world.run(collection.accept, plan)
