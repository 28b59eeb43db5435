"""What live orders become as a routing problem: loads, goods, vehicles, hours, prizes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec import to_builtins

from takeback import prove
from takeback.operate import collection, master
from takeback.operate.collection.calls import calls_of
from takeback.operate.collection.day_problem import MUST
from takeback.operate.collection.options import PlanningOptions
from takeback.operate.collection.plan_day import DayToPlan, day_to_plan
from takeback.operate.ledger import record
from tests.operate.collection.day_world import DAY, MIDNIGHT, DayWorld, new_day, refused, van
from tests.support.people import People, people

__all__ = ["people"]


def read(world: DayWorld, options: PlanningOptions = PlanningOptions()) -> DayToPlan:  # noqa: B008 - it is frozen
    """Return the day as the engine gets it."""
    found = world.ask(day_to_plan, world.site, DAY, "Asia/Shanghai", options)
    assert isinstance(found, DayToPlan)
    return found


def more_vans(world: DayWorld, **changed: Any) -> None:
    """Register another type of van."""
    world.run(master.register, [van(world.site, **changed)])


def test_damaged_batteries_are_kept_apart_and_need_a_certified_vehicle(people: People) -> None:
    """By what was said of them; the vans without a certificate carry the sound ones alone."""
    world = new_day(people.alice.actor)
    more_vans(world, code="ADR", adr=True, count=1)
    sound, damaged = world.ordered(0), world.ordered(1, reason="Damaged")
    problem = read(world).problem
    goods = {task.id: task.goods for task in problem.tasks}
    assert goods == {sound: "batteries", f"{damaged}/damaged": "damaged batteries"}
    carries = {kind.id: kind.carries for kind in problem.vehicle_types}
    assert carries == {"ADR": ("batteries", "damaged batteries"), "VAN": ("batteries",)}
    assert problem.apart == (("damaged batteries", "batteries"),)


def test_goods_have_no_class_where_nothing_hangs_on_it(people: People) -> None:
    """A day of sound batteries is the plain problem that every engine solves best."""
    world = new_day(people.alice.actor)
    world.ordered(0)
    problem = read(world).problem
    assert {task.goods for task in problem.tasks} == {""}
    assert {kind.carries for kind in problem.vehicle_types} == {None}
    assert problem.apart == ()
    assert problem.load_dimensions == ("kg",)


def test_pallet_places_count_where_every_vehicle_says_its_own(people: People) -> None:
    """A pack takes one; where one vehicle does not say, kilograms alone are counted."""
    world = new_day(people.alice.actor, pallet_places=4)
    world.ordered(0, packs=3)
    problem = read(world).problem
    assert problem.load_dimensions == ("kg", "pallet places")
    assert problem.tasks[0].pickup == (900, 3)
    assert problem.vehicle_types[0].capacity == (2_000, 4)
    more_vans(world, code="OLD")
    assert read(world).problem.load_dimensions == ("kg",)


def test_vehicles_bring_their_hours_breaks_and_carbon(people: People) -> None:
    """As they are registered; what an earlier release registered has none of it."""
    world = new_day(
        people.alice.actor,
        max_duration_s=9 * 3600,
        max_overtime_s=3600,
        cost_per_overtime_hour=4_000,
        breaks=[master.Break(start_s=11 * 3600, end_s=14 * 3600, duration_s=1800)],
        co2_g_per_km=410,
    )
    world.ordered(0)
    (kind,) = read(world).problem.vehicle_types
    assert (kind.max_duration_s, kind.max_overtime_s, kind.cost_per_overtime_hour) == (32_400, 3_600, 4_000)
    assert kind.breaks == ((39_600, 50_400, 1_800),)
    assert kind.co2_g_per_km == 410


def test_what_an_earlier_release_registered_of_a_vehicle_still_counts(people: People) -> None:
    """Its entry in the ledger says nothing of certificates, breaks or carbon."""
    world = new_day(people.alice.actor)
    row = {name: value for name, value in to_builtins(van(world.site, code="OLD")).items() if name not in NEW}
    body = {"type": "takeback:Registered", "takeback:step": "registered", "subject": "vehicle", "rows": [row]}
    world.run(record, [prove.Entry("takeback:Registered", body, MIDNIGHT)])
    world.ordered(0)
    old, new = read(world).problem.vehicle_types
    assert replace(old, id=new.id) == new


@pytest.mark.parametrize(
    "changed",
    [{"carries": ["gold"]}, {"breaks": [master.Break(start_s=9, end_s=8, duration_s=1)]}, {"max_overtime_s": -1}],
)
def test_a_vehicle_that_cannot_be_is_refused(people: People, changed: dict[str, Any]) -> None:
    """With what is wrong with it."""
    world = new_day(people.alice.actor)
    with refused("master.bad-rows"):
        more_vans(world, code="ODD", **changed)


NEW = (
    "adr",
    "carries",
    "pallet_places",
    "max_duration_s",
    "max_overtime_s",
    "cost_per_overtime_hour",
    "breaks",
    "co2_g_per_km",
)


def test_an_order_that_may_wait_is_worth_less(people: People) -> None:
    """On the last day of its hours it must be fetched, and whenever somebody says so."""
    world = new_day(people.alice.actor)
    last, waits = world.ordered(0), world.ordered(1, end=24 + 17)
    prizes = {task.id: task.prize for task in read(world).problem.tasks}
    assert prizes[last] == MUST > (prizes[waits] or 0) > 0
    named = read(world, PlanningOptions(must=[waits])).problem
    whole = read(world, PlanningOptions(everything=True)).problem
    assert {task.prize for task in named.tasks} == {task.prize for task in whole.tasks} == {MUST}


@pytest.mark.parametrize(
    ("begin", "end", "hours"),
    [
        (8, 17, [(8, 17)]),
        (8 - 48, 17 + 48, [(8, 17)]),
        (22, 26, [(22, 26)]),
        (22 - 24, 26 - 24, [(0, 2)]),
        (14, 24 + 10, [(14, 34)]),
        (14 - 24, 10, [(0, 10)]),
        (14 - 24, 24 + 10, [(0, 34)]),
        (22 - 48, 2 - 24, []),
    ],
)
def test_hours_that_pass_midnight_are_kept(
    people: People, begin: float, end: float, hours: list[tuple[int, int]]
) -> None:
    """Nobody comes on the morning before a night that was promised, nor after it; what is late comes at any hour."""
    world = new_day(people.alice.actor)
    world.ordered(0, begin=begin, end=end)
    (task,) = read(world).problem.tasks
    assert [(one.start_s / 3600, one.end_s / 3600) for one in task.windows] == hours


def test_what_is_left_out_and_which_vehicles_are_there_is_chosen(people: People) -> None:
    """For one plan; a vehicle that nobody has is refused."""
    world = new_day(people.alice.actor)
    first, second = world.ordered(0), world.ordered(1)
    problem = read(world, PlanningOptions(leave_out=[first], vehicles={"VAN": 1})).problem
    assert [task.id for task in problem.tasks] == [second]
    assert [kind.count for kind in problem.vehicle_types] == [1]
    with refused("collection.no-vehicle"):
        read(world, PlanningOptions(vehicles={"BUS": 1}))


def test_calls_are_what_is_still_to_be_fetched(people: People) -> None:
    """Orders whose hours begin later wait; a part that is damaged is a call of its own."""
    world = new_day(people.alice.actor)
    now, later = world.ordered(0, packs=2), world.ordered(1, begin=24 + 8, end=24 + 17)
    end = MIDNIGHT + timedelta(days=1)
    assert [call.task for call in world.ask(calls_of, world.site, end)] == [now]
    assert [call.task for call in world.ask(calls_of, world.site, end, numbers=[later])] == [later]
    assert world.ask(calls_of, world.site, end, numbers=["CO-none"]) == []


def test_a_day_with_damaged_batteries_is_planned_and_driven(people: People) -> None:
    """The damaged ones on the certified vehicle, the sound ones never beside them."""
    world = new_day(people.alice.actor)
    more_vans(world, code="ADR", adr=True, count=1)
    sound = [world.ordered(n) for n in range(4)]
    damaged = [f"{world.ordered(n, reason='leaking')}/damaged" for n in (4, 5)]
    world.run(collection.accept, world.planned())
    plan = world.ask(collection.plan_to_drive, world.site, DAY)
    for route in plan["routes"]:
        aboard = {stop["task"] for stop in route["stops"]}
        assert not aboard & set(damaged) or not aboard & set(sound)
        assert route["vehicle"] == "ADR" or not aboard & set(damaged)
    assert plan["unserved"] == []
