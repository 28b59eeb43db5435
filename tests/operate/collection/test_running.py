"""A day that changes while it runs: what is done or under way stays, and what was promised is kept."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest

from takeback import store
from takeback.operate import clock, collection, plans, projection
from takeback.operate.collection import planning_job, revising
from takeback.operate.spine.collect import Collection, collect
from tests.operate.collection.day_world import DAY, QUICK, DayWorld, at, done, new_day, refused
from tests.operate.collection.test_day import TABLES, rows_of
from tests.support.people import People, people

__all__ = ["people"]


@pytest.fixture
def world(people: People, monkeypatch: pytest.MonkeyPatch) -> DayWorld:
    """Alice's day with two vans, room for five packs each and eight packs to fetch; it is half past eight."""
    its(monkeypatch, 6)
    world = new_day(people.alice.actor, partners=10, capacity_kg=1_600)
    for partner in range(8):
        world.ordered(partner)
    world.run(collection.accept, world.planned())
    its(monkeypatch, 8.5)
    return world


def its(monkeypatch: pytest.MonkeyPatch, hour: float) -> None:
    """Set the clock."""
    monkeypatch.setattr(clock, "now", lambda *_: at(hour))


def routes(world: DayWorld) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """Return the stops of the plan that is driven, by vehicle."""
    plan = world.ask(collection.plan_to_drive, world.site, DAY)
    return {(route["vehicle"], route["number"]): route["stops"] for route in plan["routes"]}


def names(stops: list[dict[str, Any]]) -> list[str]:
    return [stop["task"] for stop in stops]


def sound(world: DayWorld) -> None:
    """Hold a plan against what must be true of any: times follow each other, hours and capacity are kept, sums fit."""
    plan = world.ask(collection.plan_to_drive, world.site, DAY)
    for route in plan["routes"]:
        for one, other in pairwise(route["stops"]):
            assert one["departure_s"] <= other["arrival_s"]
        for stop in route["stops"]:
            assert stop["arrival_s"] <= stop["start_s"] <= stop["departure_s"]
            assert stop["load_kg"] <= route["capacity_kg"]
        assert sum(route["cost_split"].values()) == route["cost_minor"]
    assert plan["distance_m"] == sum(route["distance_m"] for route in plan["routes"])
    assert plan["cost_minor"] == sum(route["cost_minor"] for route in plan["routes"])
    served = Counter(stop["task"] for route in plan["routes"] for stop in route["stops"])
    assert max(served.values()) == 1
    with store.transaction(world.actor.org_id) as connection:
        before = {table: rows_of(connection, table) for table in TABLES}
        projection.rebuild(connection, world.actor.org_id)
        assert before == {table: rows_of(connection, table) for table in TABLES}


def test_one_more_pickup_goes_where_it_costs_least(world: DayWorld) -> None:
    """Its vehicle gets one stop more, all others stay as they were, nobody becomes late, and the phone shows it."""
    phones = world.dispatched()
    before = routes(world)
    order = world.ordered(8)
    revised = world.run(collection.insert_pickup, world.site, DAY, order)
    (placed,) = revised.placed
    after = routes(world)
    name = (placed.vehicle, placed.number)
    assert names(after[name])[placed.place - 1] == order
    others = {vehicle: [one for one in names(stops) if one != order] for vehicle, stops in after.items()}
    assert others == {vehicle: names(stops) for vehicle, stops in before.items()}
    assert all(one.late == 0 for one in _progress(world).routes)
    shown = [collection.route_for(phone.token) for phone in phones]
    assert [order in {stop.stop for stop in one.stops} for one in shown] == [
        (one.vehicle, one.number) == name for one in shown
    ]
    newest, former = world.ask(collection.plans_of, world.site, DAY)
    assert (newest.accepted, newest.revises, newest.cause) == (True, former.id, {"kind": "insert", "order": order})
    assert newest.distance_m - former.distance_m == placed.extra_m
    sound(world)


def test_what_is_done_or_under_way_stays_in_front(world: DayWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """An insertion comes behind the stop that was confirmed and the one that the driver heads for."""
    phones = world.dispatched()
    heads = {}
    for phone in phones:
        first, second, *_ = collection.route_for(phone.token).stops
        collection.confirm_stop(phone.token, done(first.stop, 8.4))
        heads[phone.route.vehicle, phone.route.number] = [first.stop, second.stop]
    world.run(collection.insert_pickup, world.site, DAY, world.ordered(9))
    assert {name: names(stops)[:2] for name, stops in routes(world).items()} == heads
    sound(world)


def test_an_order_that_cannot_be_inserted_is_explained(world: DayWorld) -> None:
    """It is planned already, is none, or fits nowhere; the running plan stays as it is."""
    world.dispatched()
    (order, *_) = names(next(iter(routes(world).values())))
    with refused("collection.planned-already"):
        world.run(collection.insert_pickup, world.site, DAY, order)
    with refused("collection.no-order"):
        world.run(collection.insert_pickup, world.site, DAY, "CO-none")
    with refused("collection.no-room"):
        world.run(collection.insert_pickup, world.site, DAY, world.ordered(8, packs=5))
    with refused("collection.no-room"):
        world.run(collection.insert_pickup, world.site, DAY, world.ordered(8, begin=8, end=8.1))
    assert len(world.ask(collection.plans_of, world.site, DAY)) == 1


def test_a_vehicle_that_breaks_down_hands_its_stops_on(world: DayWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it has done stays with it; the others take what fits, and what does not is left with the reason."""
    broken, other = world.dispatched()
    first, *ahead = collection.route_for(broken.token).stops
    collection.confirm_stop(broken.token, done(first.stop, 8.4))
    revised = world.run(collection.breakdown, broken.route.id, at=at(8.45), note="clutch")
    after = routes(world)
    assert names(after[broken.route.vehicle, broken.route.number]) == [first.stop]
    taken = {one.task for one in revised.placed}
    assert taken <= set(names(after[other.route.vehicle, other.route.number]))
    assert taken | set(revised.left) == {stop.stop for stop in ahead}
    assert len(revised.left) == 2  # the other van has room for five packs, and seven are left
    plan = world.ask(collection.plan_to_drive, world.site, DAY)
    assert {one["task"] for one in plan["unserved"]} == set(revised.left)
    assert collection.route_for(broken.token).broken
    with refused("collection.broken-already"):
        world.run(collection.breakdown, broken.route.id)
    sound(world)


def test_the_rest_of_a_day_is_planned_anew(world: DayWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the orders that came in meanwhile; fixed stops stay in front, and what comes of it is driven at once."""
    phones = world.dispatched()
    fixed = {}
    for phone in phones:
        first, second, *_ = collection.route_for(phone.token).stops
        collection.confirm_stop(phone.token, done(first.stop, 8.4))
        fixed[phone.route.vehicle, phone.route.number] = [first.stop, second.stop]
    order = world.ordered(8)
    job = world.run(collection.replan, world.site, DAY, options=QUICK)
    plan = world.worked(job)
    after = routes(world)
    assert world.ask(collection.accepted_plan, world.site, DAY).plan_id == plan == job
    assert {name: names(stops)[:2] for name, stops in after.items()} == fixed
    tasks = {name for stops in after.values() for name in names(stops)}
    left = {one["task"] for one in world.ask(collection.plan_to_drive, world.site, DAY)["unserved"]}
    assert tasks | left == {f"CO-{n:03d}" for n in range(1, 10)}
    assert order in tasks | left
    newest = world.ask(collection.plans_of, world.site, DAY)[0]
    assert newest.cause == {"kind": "replan"}
    assert newest.bound <= (newest.objective or 0)
    sound(world)


def test_planning_anew_never_costs_more_than_going_on(world: DayWorld) -> None:
    """Also when vehicles are on the road already: that they come home costs, whoever fetches what is ahead."""
    for phone in world.dispatched():
        (first, *_) = collection.route_for(phone.token).stops
        collection.confirm_stop(phone.token, done(first.stop, 8.4))
    world.run(collection.insert_pickup, world.site, DAY, world.ordered(8))  # the running plan with its actual times
    before = world.ask(collection.plan_to_drive, world.site, DAY)
    world.worked(world.run(collection.replan, world.site, DAY, options=collection.PlanningOptions(iterations=300)))
    after = world.ask(collection.plan_to_drive, world.site, DAY)
    assert after["unserved"] == before["unserved"] == []
    assert after["cost_minor"] <= before["cost_minor"] + len(after["routes"])  # a route's cost is rounded
    assert routes_of(before) <= routes_of(after)
    sound(world)


def routes_of(plan: dict[str, Any]) -> set[tuple[str, int]]:
    return {(route["vehicle"], route["number"]) for route in plan["routes"]}


def test_a_search_that_drivers_overtook_begins_again(world: DayWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was confirmed while it searched is in the plan that comes of it, in its place."""
    phone, *_ = world.dispatched()
    stops = [stop.stop for stop in collection.route_for(phone.token).stops]
    searched, search = [], planning_job.search

    def interrupted(context: Any, asked: Any, problem: Any, start: Any) -> Any:
        if not searched:
            collection.confirm_stop(phone.token, done(stops[2], 8.45))
        searched.append(problem)
        return search(context, asked, problem, start)

    monkeypatch.setattr(planning_job, "search", interrupted)
    world.worked(world.run(collection.replan, world.site, DAY, options=QUICK))
    assert len(searched) == 2
    assert names(routes(world)[phone.route.vehicle, phone.route.number])[0] == stops[2]


def test_a_search_of_the_rest_sets_out_from_what_is_driven(world: DayWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each task that vehicles have ahead of them stands in the routes that the search is given, once."""
    world.dispatched()
    given, search = [], planning_job.search

    def noted(context: Any, asked: Any, problem: Any, start: Any) -> Any:
        given.append([problem.tasks[visit.task].id for _, visits in start for visit in visits])
        return search(context, asked, problem, start)

    monkeypatch.setattr(planning_job, "search", noted)
    ahead = [name for route in routes(world).values() for name in names(route)]
    world.worked(world.run(collection.replan, world.site, DAY, options=QUICK))
    started = [name for name in given[0] if name.startswith("@")]
    assert sorted(given[0]) == sorted([*started, *set(ahead) & set(given[0])])
    assert len(given[0]) > len(started)
    assert set(ahead) - set(given[0]) <= {name for route in routes(world).values() for name in names(route)}


def test_pallet_places_aboard_are_kept_through_the_day(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan says how many places are taken after each stop, never more than there are; so does what revises it."""
    its(monkeypatch, 6)
    world = new_day(people.alice.actor, pallet_places=4)
    for partner in range(5):
        world.ordered(partner)
    world.run(collection.accept, world.planned())
    world.dispatched()
    for _ in range(2):
        for route in world.ask(collection.plan_to_drive, world.site, DAY)["routes"]:
            taken = [stop["load_places"] for stop in route["stops"]]
            assert route["capacity_places"] == 4
            assert taken == list(range(1, len(taken) + 1))
            assert len(taken) <= 4
        world.worked(world.run(collection.replan, world.site, DAY, options=QUICK))


def test_a_search_that_is_always_overtaken_says_so(world: DayWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """It fails clearly, and the plan that is driven stays."""
    world.dispatched()
    before = world.ask(collection.accepted_plan, world.site, DAY)
    monkeypatch.setattr(revising, "_still", lambda *_: False)
    job = world.run(collection.replan, world.site, DAY, options=QUICK)
    with pytest.raises(AssertionError, match=r"collection\.moved-on|moved-on"):
        world.worked(job)
    assert world.ask(collection.accepted_plan, world.site, DAY) == before


def test_delays_are_foreseen(world: DayWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stop that took long moves what follows; promises that will be broken are counted before they are."""
    phone, *_ = world.dispatched()
    (first, *_) = collection.route_for(phone.token).stops
    before = {(one.vehicle, one.number): one for one in _progress(world).routes}
    collection.confirm_stop(phone.token, done(first.stop, 16.5))
    its(monkeypatch, 16.5)
    after = {(one.vehicle, one.number): one for one in _progress(world).routes}
    name = (phone.route.vehicle, phone.route.number)
    assert before[name].late == 0
    assert after[name].late >= 1
    assert after[name].delay_s > 3600
    ahead = after[name].stops[1:]
    assert [one.expected_arrival for one in ahead] == sorted(one.expected_arrival for one in ahead)
    assert all(one.expected_arrival > one.planned_arrival for one in ahead)


def test_things_that_somebody_else_fetched_drop_out(world: DayWorld) -> None:
    """A running plan sends nobody for what is no longer there."""
    world.dispatched()
    gone = next(iter(routes(world).values()))[-1]
    world.run(collect, [Collection(epcs=gone["items"], at=at(8.2), place="urn:x", carrier="somebody")])
    world.worked(world.run(collection.replan, world.site, DAY, options=QUICK))
    assert gone["task"] not in {task for stops in routes(world).values() for task in names(stops)}


def test_who_never_dispatched_may_still_change_the_plan(world: DayWorld) -> None:
    """Nothing is under way: the whole plan is free, but no vehicle leaves before now."""
    world.run(collection.insert_pickup, world.site, DAY, world.ordered(9))
    plan = world.ask(collection.plan_to_drive, world.site, DAY)
    assert min(route["departure_s"] for route in plan["routes"] if "CO-009" in names(route["stops"])) >= 8.5 * 3600
    sound(world)


def _progress(world: DayWorld) -> collection.DayProgress:
    found: collection.DayProgress = world.ask(
        collection.plan_progress,
        world.actor.org_id,
        world.site,
        DAY,
        now=clock.now(None, uuid4()) + timedelta(),  # type: ignore[arg-type]
    )
    return found


def test_what_another_driver_fetched_is_aboard_his_vehicle(world: DayWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """A phone that was offline tells of a stop that was handed on: it is done once, where it was done; the other van
    neither goes there nor has its weight aboard."""
    broken, other = world.dispatched()
    world.run(collection.breakdown, broken.route.id, at=at(8.45))
    handed = _handed_on(world, broken, other)
    collection.confirm_stop(broken.token, done(handed, 8.4))
    assert handed not in {one.stop for one in collection.route_for(other.token).stops}
    (shown,) = (one for one in collection.route_for(broken.token).stops if one.stop == handed)
    assert shown.confirmed is not None
    with refused("collection.stop-done"):
        collection.confirm_stop(other.token, done(handed, 8.6))
    order = world.ordered(8)
    world.run(collection.insert_pickup, world.site, DAY, order)
    after = routes(world)
    assert handed in names(after[broken.route.vehicle, broken.route.number])
    assert handed not in names(after[other.route.vehicle, other.route.number])
    sound(world)


def test_a_stop_that_one_driver_could_not_do_stays_with_the_one_who_got_it(world: DayWorld) -> None:
    """He of the broken van says that he could not: the other goes there all the same, also when the rest is planned."""
    broken, other = world.dispatched()
    world.run(collection.breakdown, broken.route.id, at=at(8.45))
    handed = _handed_on(world, broken, other)
    failed = collection.Confirmation(key=uuid4(), stop=handed, outcome="failed", reason="other", at=at(8.46))
    collection.confirm_stop(broken.token, failed)
    (stop,) = (one for one in collection.route_for(other.token).stops if one.stop == handed)
    assert stop.confirmed is None
    world.worked(world.run(collection.replan, world.site, DAY, options=QUICK))
    assert handed in names(routes(world)[other.route.vehicle, other.route.number])
    collection.confirm_stop(other.token, done(handed, 9))
    sound(world)


def _handed_on(world: DayWorld, broken: collection.Phone, other: collection.Phone) -> str:
    """Return a stop that the broken van had and the other has now, the last of them."""
    first = world.ask(collection.plans_of, world.site, DAY)[-1].id
    with store.transaction(world.actor.org_id) as connection:
        was = {(r["vehicle"], r["number"]): names(r["stops"]) for r in plans.plan(connection, first)["routes"]}
    had = was[broken.route.vehicle, broken.route.number]
    return [task for task in names(routes(world)[other.route.vehicle, other.route.number]) if task in had][-1]


def test_a_stop_that_was_done_stays_done(world: DayWorld) -> None:
    """Though a phone tells before, out of turn, that it failed at a later moment."""
    (phone, *_) = world.dispatched()
    (stop, *_) = collection.route_for(phone.token).stops
    failed = collection.Confirmation(key=uuid4(), stop=stop.stop, outcome="failed", reason="closed", at=at(8.45))
    collection.confirm_stop(phone.token, failed)
    collection.confirm_stop(phone.token, done(stop.stop, 8.4))
    goes = _progress(world)
    assert (goes.done, goes.failed) == (1, 0)
    with refused("collection.stop-done"):
        collection.confirm_stop(phone.token, done(stop.stop, 8.5))


@pytest.mark.parametrize("said", [{"at": at(-24 * 365)}, {"at": at(24 * 365 * 70)}, {"note": "a\0b"}, {"note": "\n"}])
def test_a_breakdown_that_cannot_be_is_refused_whole(world: DayWorld, said: dict[str, Any]) -> None:
    """With the field, and what it should be like; the vehicle drives on."""
    (phone, *_) = world.dispatched()
    with refused("collection.bad-breakdown") as caught:
        world.run(collection.breakdown, phone.route.id, **said)
    (error,) = caught.value.errors
    assert [error.where] == list(said)
    assert error.expected
    assert not collection.route_for(phone.token).broken
    assert len(world.ask(collection.plans_of, world.site, DAY)) == 1


def test_a_broken_vehicle_that_the_plan_no_longer_has_gets_nothing(
    world: DayWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One van is enough since its stops were settled; the other breaks down: it is no spare one for what comes then."""
    its(monkeypatch, 6)
    phones = world.dispatched()
    settled = next(iter(routes(world).values()))[:4]
    epcs = [epc for stop in settled for epc in stop["items"]]
    world.run(collect, [Collection(epcs=epcs, at=at(5.9), place="urn:x", carrier="somebody")])
    world.worked(world.run(collection.replan, world.site, DAY, options=QUICK))
    (idle,) = (one.route for one in phones if (one.route.vehicle, one.route.number) not in routes(world))
    world.run(collection.breakdown, idle.id)
    orders = [world.ordered(partner, packs=2) for partner in (8, 9)]
    world.worked(world.run(collection.replan, world.site, DAY, options=QUICK))
    plan = world.ask(collection.plan_to_drive, world.site, DAY)
    assert [(route["vehicle"], route["number"]) == (idle.vehicle, idle.number) for route in plan["routes"]] == [False]
    assert set(orders) & {one["order"] for one in plan["unserved"]}
