"""A day from its orders to the last stop, as people drive it."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.operate import collection, projection
from takeback.operate.identity import Actor, permissions_of
from tests.operate.collection.day_world import DAY, JPEG, PNG, DayWorld, done, new_day, refused
from tests.support.people import People, people

__all__ = ["people"]

TABLES = [table for table in projection.TABLES if table != "stage_total"]


@pytest.fixture
def world(people: People) -> DayWorld:
    """Alice's day with six orders."""
    world = new_day(people.alice.actor)
    for partner in range(6):
        world.ordered(partner)
    return world


def test_a_day_is_planned_compared_driven_and_confirmed(world: DayWorld) -> None:
    """Each confirmed stop moves its things to the carrier; a weight is stated beside the mass that was declared; and
    all of it can be made anew from the ledger."""
    plan = world.planned()
    world.run(collection.accept, plan)
    for phone in world.dispatched():
        for number, stop in enumerate(collection.route_for(phone.token).stops):
            said = done(stop.stop, 9 + number / 4, weight_kg=310.5, signature_png=PNG, photo_jpeg=JPEG, signed_by="Wu")
            collection.confirm_stop(phone.token, said)
    assert set(world.column("select stage || ' ' || custody from item")) == {"collected carrier"}
    assert set(world.column("select mass_g from item")) == {300_000}
    assert set(world.column("select value from statement where property = 'mass_at_collection'")) == {310.5}
    assert set(world.column("select method from statement where property = 'mass_at_collection'")) == {
        "weighing at collection"
    }
    progress = world.ask(collection.plan_progress, world.actor.org_id, world.site, DAY)
    assert (progress.done, progress.open, progress.failed) == (6, 0, 0)
    with store.transaction(world.actor.org_id) as connection:
        before = {table: rows_of(connection, table) for table in TABLES}
        projection.rebuild(connection, world.actor.org_id)
        after = {table: rows_of(connection, table) for table in TABLES}
    assert before == after
    assert all(before[table] for table in ("accepted_plan", "dispatched_route", "stop_confirmation"))


def rows_of(connection: sa.Connection, table: str) -> list[str]:
    return list(connection.scalars(sa.text(f"select t::text from {table} t order by 1")))


def test_plans_of_a_day_stand_side_by_side(world: DayWorld) -> None:
    """With their cost and what it is made up of, kilometres, CO2, who made them, and which one is accepted."""
    first = world.planned()
    second = world.planned(collection.PlanningOptions(iterations=40, seed=1, note="again", vehicles={"VAN": 1}))
    world.run(collection.accept, second)
    choices = {one.id: one for one in world.ask(collection.plans_of, world.site, DAY)}
    assert {plan: one.accepted for plan, one in choices.items()} == {first: False, second: True}
    assert [choices[first].note, choices[second].note] == ["", "again"]
    for one in choices.values():
        split = one.cost_split
        assert split is not None
        assert split.fixed + split.distance + split.time + split.overtime == one.cost_minor
        assert one.co2_g is not None
        assert abs(one.co2_g - 0.62 * one.distance_m) <= one.routes
        assert one.made_by == world.actor.label
        assert one.bound <= (one.objective or 0)
    assert choices[second].routes == 1


def test_a_plan_says_how_far_it_is(world: DayWorld) -> None:
    """The search leaves a curve that only falls, what it had to beat, and the plan that came of it."""
    job = world.run(collection.start_planning, world.site, DAY, options=collection.PlanningOptions(iterations=40))
    waiting = world.ask(collection.planning, job)
    assert (waiting.state, waiting.percent, waiting.plan_id) == ("queued", 0, None)
    world.worked(job)
    made = world.ask(collection.planning, job)
    costs = [point.cost for point in made.curve if point.cost is not None]
    assert (made.state, made.percent, made.plan_id) == ("succeeded", 100, job)
    rounding = 2  # each route's cost is a whole number in the end
    assert all(later <= earlier + rounding for earlier, later in pairwise(costs))
    assert made.best_cost == costs[-1] <= made.baseline_cost
    assert made.distance_m == world.ask(collection.plans_of, world.site, DAY)[0].distance_m


@pytest.mark.parametrize("role", ["viewer", "auditor"])
def test_who_only_looks_changes_nothing(world: DayWorld, role: str) -> None:
    """Planning, accepting, dispatching and confirming are for those who work."""
    plan = world.planned()
    looks = Actor(org_id=world.actor.org_id, permissions=permissions_of(role), role=role, user_id=uuid4())  # type: ignore[arg-type]
    with store.transaction(looks.org_id) as connection:
        for command, arguments in (
            (collection.start_planning, (world.site, DAY)),
            (collection.accept, (plan,)),
            (collection.dispatch, (world.site, DAY, [])),
            (collection.confirm, (uuid4(), done("x", 9))),
            (collection.insert_pickup, (world.site, DAY, "x")),
            (collection.breakdown, (uuid4(),)),
            (collection.replan, (world.site, DAY)),
            (collection.renew_phone, (uuid4(),)),
            (collection.revoke_phone, (uuid4(),)),
        ):
            with refused("identity.forbidden"):
                command(connection, looks, *arguments)  # type: ignore[operator]


def test_tenants_stay_apart(world: DayWorld, people: People) -> None:
    """Charlie, who owns another organisation, finds nothing of Alice's by any of its ids."""
    plan = world.planned()
    world.run(collection.accept, plan)
    (phone, *_) = world.dispatched()
    charlie = people.charlie.actor
    with store.transaction(charlie.org_id) as connection:
        with refused("plans.unknown"):
            collection.accept(connection, charlie, plan)
        with refused("collection.no-planning"):
            collection.planning(connection, plan)
        for command in (collection.renew_phone, collection.revoke_phone, collection.breakdown):
            with refused("collection.no-route"):
                command(connection, charlie, phone.route.id)
        with refused("collection.no-route"):
            collection.confirm(connection, charlie, phone.route.id, done("CO-001", 9))
        with refused("collection.no-site"):
            collection.start_planning(connection, charlie, world.site, DAY)
        assert collection.plans_of(connection, world.site, DAY) == []
        assert collection.dispatched(connection, world.site, DAY) == []
        assert collection.accepted_plan(connection, world.site, DAY) is None
    assert collection.route_for(phone.token).route_id == phone.route.id


def test_a_day_without_orders_or_vehicles_is_explained(people: People) -> None:
    """Before a search begins."""
    world = new_day(people.alice.actor)
    with refused("collection.no-orders"):
        world.run(collection.start_planning, world.site, DAY)
    number = world.ordered(0)
    with refused("collection.no-orders"):
        options = collection.PlanningOptions(leave_out=[number])
        world.run(collection.start_planning, world.site, DAY, options=options)
    with refused("collection.bad-seconds"):
        world.run(collection.start_planning, world.site, DAY, seconds=0)
    for day in (date.min, date(1999, 12, 31), date.max):
        with refused("collection.bad-day"):
            world.run(collection.start_planning, world.site, day)


@pytest.mark.parametrize("command", [collection.start_planning, collection.replan])
def test_options_that_cannot_be_are_refused_before_a_search(world: DayWorld, command: Any) -> None:
    """A vehicle that nobody has, a note of more than one line: with the field; no job is started."""
    world.run(collection.accept, world.planned())
    for kind, where, options in (
        ("collection.no-vehicle", "vehicles", collection.PlanningOptions(vehicles={"BUS": 1})),
        ("collection.bad-note", "options.note", collection.PlanningOptions(note="a\0b")),
    ):
        with refused(kind) as caught:
            world.run(command, world.site, DAY, options=options)
        assert caught.value.where == where
        assert caught.value.expected
    assert len(world.ask(collection.plannings, world.site, DAY)) == 1
