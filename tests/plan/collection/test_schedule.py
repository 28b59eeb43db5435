"""Properties of a route's times and loads, on days small enough to work out by hand."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.plan.collection import (
    CollectionProblem,
    Depot,
    Location,
    Pause,
    Relation,
    Site,
    Slice,
    Started,
    Task,
    VehicleType,
    Window,
    Zone,
)
from takeback.plan.collection.limits import Limit
from takeback.plan.collection.schedule import Scheduler, Visit, numbered
from takeback.plan.collection.times import opened, stretched

HOUR = 3_600


def line(**changes):
    """Return a day on a straight road: depot at 0, tasks a and b at 10 and 20 km, a tip at 30 km; 10 m a second."""
    metres = [[10_000 * abs(i - j) for j in range(4)] for i in range(4)]
    day = CollectionProblem(
        locations=tuple(Location(f"l{k}") for k in range(4)),
        distance_m=metres,
        duration_s=[[x // 10 for x in row] for row in metres],
        tasks=(Task("a", 1, pickup=(60,), service_s=600), Task("b", 2, pickup=(60,), service_s=600)),
        depots=(Depot("yard", 0),),
        vehicle_types=(VehicleType("van", 2, (100,), shift=Window(8 * HOUR, 18 * HOUR), cost_per_hour=3_600),),
        load_dimensions=("kg",),
    )
    return replace(day, **changes)


def van(day, **changes):
    return replace(day, vehicle_types=tuple(replace(v, **changes) for v in day.vehicle_types))


def drive(day, *visits, number=1):
    return Scheduler(day).route(day.vehicle_types[0], number, [Visit(k) for k in visits])


def test_a_tip_on_the_way_makes_room():
    """Two loads of 60 are too much for 100; with a visit to the tip between them they are two trips."""
    day = van(line(sites=(Site("tip", 3, service_s=300),)), most_reloads=1)
    assert drive(day, 0, 1) is Limit.LOAD
    route = drive(day, 0, -1, 1)
    assert [(stop.site or stop.task, stop.load) for stop in route.stops] == [("a", (60,)), ("tip", (0,)), ("b", (60,))]
    assert route.distance_m == 60_000
    assert route.duration_s == 6_000 + 600 + 300 + 600
    assert drive(day, 0, -1, -1, 1) is Limit.RELOADS


def test_a_yard_that_takes_no_load_wants_the_tip_last():
    """Where nothing may be unloaded the vehicle comes back empty."""
    day = van(line(depots=(Depot("yard", 0, takes_load=False),), sites=(Site("tip", 3),)), most_reloads=1)
    assert drive(day, 0) is Limit.UNLOADING
    assert drive(day, 0, -1).stops[-1].site == "tip"


def test_a_trip_that_begins_at_a_tip_brings_nothing():
    """Deliveries come aboard at the depot, or at a site that supplies them."""
    brings = replace(line().tasks[1], pickup=(), delivery=(40,))
    day = van(
        line(tasks=(line().tasks[0], brings), sites=(Site("tip", 3), Site("hub", 3, supplies=True))), most_reloads=1
    )
    assert drive(day, 0, -1, 1) is Limit.SUPPLY
    assert drive(day, 0, -2, 1).stops[1].load == (40,)


def test_a_break_is_taken_where_it_delays_least():
    """A break due at ten is taken at the first stop if the vehicle waits there anyway."""
    waits = replace(line().tasks[1], windows=(Window(11 * HOUR, 12 * HOUR),), pickup=(10,))
    day = van(line(tasks=(line().tasks[0], waits)), breaks=(Pause(10 * HOUR, 10 * HOUR + 1_800, 1_800),))
    started = replace(day, started=(Started("van", 1, (), 8 * HOUR),))
    route = drive(started, 0, 1)
    (taken,) = route.breaks
    assert (taken.after, taken.start_s, taken.end_s) == (1, 10 * HOUR, 10 * HOUR + 1_800)
    assert route.stops[1].start_s == 11 * HOUR
    assert drive(day, 0, 1).departure_s > 8 * HOUR


def test_a_zone_closed_at_the_time_is_waited_for():
    """Service may end at the very moment the zone closes, and begin when it opens again."""
    zone = Zone("old town", (1,), (Window(9 * HOUR, 10 * HOUR),))
    early = replace(line(zones=(zone,)), started=(Started("van", 1, (), 8 * HOUR + 40 * 60),))
    assert drive(early, 0).stops[0].start_s == 10 * HOUR
    passes = replace(early, zones=(replace(zone, passes=("van",)),))
    assert drive(passes, 0).stops[0].start_s == 8 * HOUR + 40 * 60 + 1_000
    never = replace(early, zones=(Zone("shut", (1,), (Window(0, 30 * HOUR),)),))
    assert drive(never, 0) is Limit.SHIFT
    assert opened([Window(0, 100)], [Window(50, 60)], 10) == [Window(0, 40), Window(60, 100)]


def test_overtime_costs_on_top():
    """Beyond the normal hours each hour costs twice here, and too much of it is not allowed."""
    day = van(line(), max_duration_s=2_000, max_overtime_s=600, cost_per_overtime_hour=3_600)
    assert drive(day, 0).cost == 2_600 + 600
    assert drive(van(day, max_overtime_s=599), 0) is Limit.DURATION


def test_who_may_do_what_in_which_order():
    """Only, carries, apart, relations, groups and promises of other vehicles each have their own limit."""
    a, b = (replace(task, pickup=(10,)) for task in line().tasks)
    assert drive(van(line(tasks=(replace(a, never=("van",)), b))), 0) is Limit.VEHICLE
    assert drive(van(line(tasks=(replace(a, goods="x"), b)), carries=()), 0) is Limit.GOODS
    apart = line(tasks=(replace(a, goods="x"), replace(b, goods="y")), apart=(("x", "y"),))
    assert drive(apart, 0, 1) is Limit.APART
    ordered = line(tasks=(a, b), relations=(Relation("b", "a"),))
    assert drive(ordered, 0, 1) is Limit.RELATION
    assert drive(ordered, 1, 0).stops[0].task == "b"
    assert drive(line(tasks=(replace(a, group="g"), replace(b, group="g"))), 0, 1) is Limit.ALTERNATIVES
    kept = line(tasks=(a, b), started=(Started("van", 1, ("b",), None, ("a",)),))
    assert drive(kept, 0, 1) is Limit.STARTED
    assert drive(kept, 1) is Limit.STARTED
    assert drive(kept, 1, 0).vehicle == 1
    assert drive(kept, 1, 0, number=2) is Limit.STARTED


def test_compartments_hold_one_class_each():
    """Two classes of 35 need two compartments of 50 in steps of 25."""
    a, b = (replace(task, pickup=(35,), goods=goods) for task, goods in zip(line().tasks, "xy", strict=True))
    day = van(line(tasks=(a, b)), compartments=2, compartment_unit=25)
    assert drive(day, 0, 1).stops[1].load == (70,)
    assert drive(van(day, compartments=1), 0, 1) is Limit.COMPARTMENTS
    assert drive(van(day, compartment_unit=60), 0, 1) is Limit.COMPARTMENTS


def test_started_vehicles_get_their_own_routes_back():
    """The route with what a vehicle has begun carries its number; one without tasks drives an empty route."""
    day = line(started=(Started("van", 2, ("b",), 8 * HOUR),))
    assert [(number, visits) for _, number, visits in numbered(day, [(0, (Visit(0),)), (0, (Visit(1),))])] == [
        (2, (Visit(1),)),
        (1, (Visit(0),)),
    ]
    idle = line(started=(Started("van", 1, (), 8 * HOUR),))
    assert numbered(idle, [])[0][1:] == (1, ())
    assert drive(idle).stops == ()


@pytest.mark.parametrize(
    ("moment", "normal", "arrival"),
    [
        (0, 100, 100),
        (7 * HOUR - 50, 100, 7 * HOUR + 75),
        (7 * HOUR, 100, 7 * HOUR + 150),
        (8 * HOUR - 1, 10, 8 * HOUR + 5),
    ],
)
def test_a_leg_is_stretched_by_the_hours_it_runs_through(moment, normal, arrival):
    """Half as fast again from seven to eight, twice as fast after."""
    slices = (Slice(0, 100), Slice(7 * HOUR, 150), Slice(8 * HOUR, 50))
    assert stretched(slices, moment, normal) == arrival


@given(
    st.lists(st.tuples(st.integers(1, 5_000), st.integers(1, 400)), max_size=6),
    st.integers(0, 9_000),
    st.integers(0, 9_000),
)
def test_who_leaves_later_arrives_no_earlier(pieces, moment, normal):
    """First in, first out, whatever the slices."""
    start, slices = 0, [Slice(0, 100)]
    for length, percent in pieces:
        start += length
        slices.append(Slice(start, percent))
    assert stretched(slices, moment, normal) <= stretched(slices, moment + 1, normal)


@pytest.mark.parametrize("promise", [Window(0, 9 * HOUR), Window(0, 8 * HOUR + 1_000)])
def test_a_promise_cuts_the_hours(promise):
    """Later than promised is not allowed, earlier departure or not."""
    scheduler = Scheduler(line(), {"b": promise})
    route = scheduler.route(line().vehicle_types[0], 1, [Visit(1)])
    assert route is Limit.WINDOW if promise.end_s < 8 * HOUR + 2_000 else route.stops[0].start_s <= promise.end_s
