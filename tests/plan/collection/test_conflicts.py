"""The smallest set of limits in conflict is told, and the least change of one number that is enough."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

from takeback.plan.collection import explain
from takeback.plan.collection.explain.case import case, works
from takeback.plan.collection.explain.conflict import conflict, least, smallest
from takeback.plan.collection.explain.limits import bounds
from takeback.plan.collection.explain.paths import Paths, Straight
from takeback.plan.collection.explain.words import clock, span
from takeback.plan.collection.problem import (
    CollectionProblem,
    Depot,
    Location,
    Pause,
    Profile,
    Relation,
    Slice,
    Started,
    Task,
    Window,
)
from takeback.plan.collection.wellformed import LARGEST
from tests.plan.collection.small import HOUR, TIP, ZONE, B, small
from tests.plan.collection.strategies import rich_problems

CASES: list[tuple[str, CollectionProblem, set[str], str]] = [
    ("load", small({"pickup": (1_200, 2)}), {"load"}, "capacity of van: 1200 kg instead of 1000 kg"),
    ("load", small({"delivery": (0, 11)}), {"load"}, "capacity of van: 11 places instead of 10 places"),
    (
        "load",
        small({"pickup": (1_200, 12)}),
        {"load"},
        "capacity of van: 12 places instead of 10 places; and capacity of van: 1200 kg instead of 1000 kg",
    ),
    ("load", small(van={"capacity": (1_000, 0)}), {"load"}, "capacity of van: 2 places instead of 0 places"),
    (
        "window",
        small({"windows": (Window(7 * HOUR, 8 * HOUR),)}),
        {"window", "shift"},
        "window of task a, until: 08:10 instead of 08:00; or shift of van, from: 07:50 instead of 08:00",
    ),
    (
        "window",
        small({"windows": (Window(0, HOUR), Window(17 * HOUR, 18 * HOUR))}),
        {"window", "shift"},
        "shift of van, until: 17:20 instead of 17:00",
    ),
    (
        "shift",
        small(van={"shift": Window(8 * HOUR, 8 * HOUR + 900)}),
        {"shift"},
        "shift of van, until: 08:30 instead of 08:15; or shift of van, from: 07:45 instead of 08:00",
    ),
    (
        "depot-hours",
        small(depots=(Depot("yard", 0, Window(8 * HOUR, 8 * HOUR + 900)),)),
        {"depot-hours"},
        "opening hours of yard, until: 08:30 instead of 08:15",
    ),
    ("duration", small(van={"max_duration_s": 1_200}), {"duration"}, "duration of van: 30 min instead of 20 min"),
    (
        "duration",
        small(van={"max_duration_s": 900, "max_overtime_s": 300}),
        {"duration"},
        "longest duration of van: 30 min instead of 20 min",
    ),
    ("distance", small(van={"max_distance_m": 9_999}), {"distance"}, "distance of van: 10000 m instead of 9999 m"),
    (
        "goods",
        small({"goods": "damaged"}, {"carries": ("clean",)}),
        {"goods"},
        "certify van for damaged",
    ),
    ("vehicle", small({"never": ("van",)}), {"vehicle"}, "let van serve task a"),
    (
        "zone",
        small({"windows": (Window(9 * HOUR, 12 * HOUR),)}, zones=(ZONE,)),
        {"window", "zone"},
        "zone town, closed from: 09:10 instead of 08:00; or zone town, closed until: 12:00 instead of 16:00; or window "
        "of task a, until: 16:00 instead of 12:00; or give van a pass for zone town",
    ),
    (
        "zone",
        small(zones=(replace(ZONE, closed=(Window(8 * HOUR, 17 * HOUR),)),)),
        {"zone", "shift"},
        "shift of van, until: 17:20 instead of 17:00",
    ),
    (
        "compartments",
        small({"goods": "damaged"}, {"compartments": 1, "compartment_unit": 1_001}),
        {"compartments", "load"},
        "capacity of van: 1001 kg instead of 1000 kg",
    ),
    (
        "unloading",
        small(depots=(Depot("yard", 0, takes_load=False),)),
        {"unloading"},
        "let van visit a site before it returns, or unload at yard",
    ),
    (
        "unloading",
        small(depots=(Depot("yard", 0, takes_load=False),), sites=(TIP,)),
        {"unloading", "reloads"},
        "visits of van to sites: 1 instead of 0",
    ),
    ("intake", small(depots=(Depot("yard", 0, intake=(99, 9)),)), {"intake"}, "yard: 100 kg instead of 99 kg"),
    (
        "break",
        small(
            {"windows": (Window(8 * HOUR + 600, 8 * HOUR + 600),), "service_s": 4 * HOUR},
            {"breaks": (Pause(9 * HOUR, 10 * HOUR, 900),)},
        ),
        {"break", "window"},
        "window of task a, until: 09:25 instead of 08:10; or break of van, 15 min, until: 12:10 instead of 10:00",
    ),
    (
        "break",
        small(
            {"windows": (Window(8 * HOUR + 600, 8 * HOUR + 600),), "service_s": 4 * HOUR},
            {"breaks": (Pause(12 * HOUR, 14 * HOUR, 60), Pause(9 * HOUR, 10 * HOUR, 900))},
        ),
        {"break", "window"},
        "break of van, 15 min, until: 12:10 instead of 10:00",
    ),
    (
        "relation",
        small(
            tasks=(replace(B, windows=(Window(16 * HOUR, 16 * HOUR),)), replace(B, id="a", location=1, windows=(
                Window(9 * HOUR, 12 * HOUR),))),
            relations=(Relation("b", "a"),),
        ),
        {"relation", "window"},
        "let a be served without b before it",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "day", "limits", "remedy"), CASES, ids=[f"{k}-{case[0]}" for k, case in enumerate(CASES)]
)
def test_each_limit_is_told_with_what_would_make_the_task_fit(kind, day, limits, remedy):
    """The limits in conflict are just these, and the least changes of a number are told, the smallest first."""
    errors = [error for error in explain(day) if error.kind.startswith("collection.task-")]
    error = errors[-1]
    assert error.kind == f"collection.task-{kind}"
    assert remedy in str(error.remedy)
    found = conflict(case(Paths(day), day.vehicle_types[0], day.tasks), works)
    assert {bound.kind for bound in found.limits} == limits


def test_a_closed_road_is_told_as_such():
    """Where a vehicle's profile has no way to a task, it is the road and no number of hours."""
    metres = small().distance_m.astype(float)
    metres[0, 1] = metres[2, 1] = metres[3, 1] = np.nan
    van = replace(small().vehicle_types[0], profile="heavy")
    day = small(vehicle_types=(van,), profiles=(Profile("heavy", metres, small().duration_s),))
    (error,) = explain(day)
    assert day.profiles[0].duration_s[0, 1] == LARGEST
    assert (error.kind, str(error.expected)) == ("collection.task-road", "van has no way there and back")
    assert "open a way for van" in str(error.remedy)


def test_hours_of_the_day_count():
    """A task that only rush-hour traffic puts out of reach is told with the moment that would do."""
    day = small({"windows": (Window(8 * HOUR, 8 * HOUR + 700),)}, slices=(Slice(0, 150),))
    (error,) = explain(day)
    assert error.found == "08:15"
    assert "window of task a, until: 08:15 instead of 08:11:40" in str(error.remedy)


def test_of_several_vehicle_types_the_nearest_is_told_first():
    """The type that lacks least comes first; the others follow with what they lack."""
    day = small({"pickup": (1_200, 2)})
    truck = replace(day.vehicle_types[0], id="truck", capacity=(1_100, 10))
    (error,) = explain(replace(day, vehicle_types=(*day.vehicle_types, truck)))
    assert "capacity of truck: 1200 kg instead of 1100 kg" in str(error.remedy)
    assert [one.where for one in error.errors] == ["van"]


def test_a_damaged_battery_without_a_certified_vehicle():
    """One type lacks the certificate, the other one is too small for it: both are told."""
    day = small({"goods": "damaged", "pickup": (800, 2)}, {"carries": ("clean",)})
    cart = replace(day.vehicle_types[0], id="cart", capacity=(500, 10), carries=("damaged",))
    (error,) = explain(replace(day, vehicle_types=(*day.vehicle_types, cart)))
    told = {error.kind, *(one.kind for one in error.errors)}
    assert told == {"collection.task-goods", "collection.task-load"}


def test_types_without_a_vehicle_do_not_count():
    """A certified type of which there are no vehicles helps nobody."""
    day = small({"goods": "damaged"}, {"carries": ()})
    able = replace(day.vehicle_types[0], id="able", carries=None, count=0)
    (error,) = explain(replace(day, vehicle_types=(*day.vehicle_types, able)))
    assert error.kind == "collection.task-goods"


def test_a_group_without_a_possible_alternative_is_told_once():
    """Each alternative is told with its own limits, under one error."""
    heavy = replace(B, pickup=(2_000, 2), group="either")
    late = replace(B, id="c", windows=(Window(0, HOUR),), group="either")
    (error,) = explain(small(tasks=(heavy, late)))
    assert error.kind == "collection.group-impossible"
    assert [one.kind for one in error.errors] == ["collection.task-load", "collection.task-window"]


def test_a_group_with_one_possible_alternative_is_no_reason():
    """One alternative that fits is enough."""
    heavy = replace(B, pickup=(2_000, 2), group="either")
    assert explain(small(tasks=(heavy, replace(B, id="c", group="either")))) == []


def test_an_optional_group_is_no_reason():
    """What may be left does not make a day impossible."""
    heavy = replace(B, pickup=(2_000, 2), group="either", prize=5)
    assert explain(small(tasks=(heavy,))) == []


def test_the_load_of_a_class_above_its_certified_vehicles_is_told():
    """Each damaged pack fits, but all together are more than the one certified vehicle takes."""
    damaged = [replace(B, id=f"d{k}", goods="damaged", pickup=(400, 1)) for k in range(3)]
    day = small(tasks=tuple(damaged), van={"carries": ("damaged",)})
    truck = replace(day.vehicle_types[0], id="truck", capacity=(9_000, 90), carries=())
    (error,) = explain(replace(day, vehicle_types=(*day.vehicle_types, truck)))
    assert (error.kind, error.found, str(error.expected)) == (
        "collection.fleet-too-small",
        "1200 kg",
        "at most 1000 kg",
    )
    assert "van" in str(error.title)


def test_visits_to_sites_multiply_what_a_fleet_carries():
    """Two trips carry twice; of a group only the lightest alternative counts."""
    tasks = tuple(replace(B, id=f"d{k}", pickup=(900, 1)) for k in range(2))
    day = small(tasks=tasks, sites=(TIP,))
    assert [error.kind for error in explain(day)] == ["collection.fleet-too-small"]
    assert explain(replace(day, vehicle_types=(replace(day.vehicle_types[0], most_reloads=1),))) == []
    either = (replace(tasks[0], group="g"), replace(tasks[1], group="g"))
    assert explain(replace(day, tasks=either)) == []


def test_deliveries_need_a_site_that_supplies_and_pickups_a_place_to_unload():
    """A visit to a tip brings no deliveries; a vehicle that ends where nothing is unloaded has a trip less."""
    brings = tuple(replace(B, id=f"d{k}", pickup=(), delivery=(900, 1)) for k in range(2))
    day = small(tasks=brings, sites=(TIP,), van={"most_reloads": 1})
    assert [error.kind for error in explain(day)] == ["collection.fleet-too-small"]
    assert explain(replace(day, sites=(replace(TIP, supplies=True),))) == []
    takes = tuple(replace(B, id=f"d{k}", pickup=(900, 1)) for k in range(2))
    empty = replace(day, tasks=takes, depots=(Depot("yard", 0, takes_load=False),))
    assert [(error.kind, str(error.expected)) for error in explain(empty)] == [
        ("collection.fleet-too-small", "at most 1000 kg")
    ]


def test_of_a_large_fleet_only_unlike_types_are_told():
    """Forty types that differ in name and cost are one for the question what is possible."""
    day = small({"pickup": (1_200, 2)})
    fleet = tuple(replace(day.vehicle_types[0], id=f"v{k}", cost_per_km=k) for k in range(40))
    (error,) = explain(replace(day, vehicle_types=fleet))
    assert error.errors == ()


def test_more_than_all_places_take_in_is_told():
    """The sum of required pickups is compared with all intakes together."""
    tasks = tuple(replace(B, id=f"d{k}", pickup=(300, 1)) for k in range(3))
    day = small(tasks=tasks, depots=(Depot("yard", 0, intake=(500, 50)),), sites=(replace(TIP, intake=(399, 9)),))
    day = replace(day, vehicle_types=(replace(day.vehicle_types[0], most_reloads=1),))
    (error,) = explain(day)
    assert (error.kind, error.found, str(error.expected)) == ("collection.intake-too-small", "900 kg", "at most 899 kg")


@pytest.mark.parametrize(
    ("service", "hours", "found"),
    [
        (3_300, {}, "10 h 50 min"),  # 10 x (55 + 10) min, but 9 h of the shift
        (1_800, {"max_duration_s": 6 * HOUR, "max_overtime_s": 1_799}, "6 h 40 min"),
    ],
)
def test_work_longer_than_all_shifts_is_told(service, hours, found):
    """Service and the shortest way to each task are more than the one van may be out."""
    n = 11
    everywhere = 600 * (1 - np.eye(n, dtype=np.int64))
    tasks = tuple(Task(f"t{k}", k, pickup=(1, 0), service_s=service) for k in range(1, n))
    places = tuple(Location(str(k)) for k in range(n))
    day = small(van=hours, tasks=tasks, locations=places, distance_m=everywhere, duration_s=everywhere)
    (error,) = explain(day)
    assert (error.kind, error.found) == ("collection.fleet-too-short", found)
    assert explain(replace(day, vehicle_types=(replace(day.vehicle_types[0], count=2),))) == []
    assert explain(replace(day, slices=(Slice(0, 10),), tasks=tuple(replace(t, service_s=1_000) for t in tasks))) == []
    optional = tuple(replace(task, prize=1) for task in tasks)
    assert explain(replace(day, tasks=optional)) == []


def _begun(*started: Started, **changes: object) -> CollectionProblem:
    return small(tasks=(replace(B, id="a", location=1), B), started=started, **changes)


@pytest.mark.parametrize(
    ("day", "kind", "limits"),
    [
        (_begun(Started("van", 1, ("a",), 7 * HOUR)), "started-impossible", {"07:00", "08:00"}),
        (
            _begun(Started("van", 1, ("b", "a")), relations=(Relation("a", "b"),)),
            "started-order",
            {"a before b"},
        ),
        (
            _begun(Started("van", 1, (), None, ("a",)), Started("van", 2, (), None, ("b",)),
                   relations=(Relation("a", "b"),), vehicle_types=(replace(small().vehicle_types[0], count=2),)),
            "started-order",
            {"a before b"},
        ),
        (_begun(Started("van", 1, ("tip",)), sites=(TIP,)), "started-impossible", {"visits of van to sites: 0"}),
    ],
)  # fmt: skip
def test_a_started_plan_that_contradicts_itself_is_told(day, kind, limits):
    """Departure against shift, order against what has begun, promises torn apart, a site too many."""
    errors = [error for error in explain(day) if "started" in error.kind]
    assert errors[0].kind == f"collection.{kind}"
    assert all(part in str(errors[0].expected) for part in limits)


def test_two_alternatives_promised_are_told():
    """At most one of a group may be promised, on whatever vehicles."""
    tasks = (replace(B, id="a", group="g"), replace(B, group="g"))
    day = small(tasks=tasks, started=(Started("van", 1, ("a",), None, ("b",)),))
    (error,) = [error for error in explain(day) if error.kind == "collection.started-alternatives"]
    assert error.found == "a, b"


def test_a_started_plan_that_can_go_on_is_no_reason():
    """What has begun and can be finished is not complained of."""
    assert explain(_begun(Started("van", 1, ("b", "a"), 9 * HOUR))) == []
    assert explain(_begun(Started("van", 1, ("b",), 9 * HOUR, ("a",)))) == []


def test_many_impossible_tasks_are_counted_not_all_explained():
    """After twenty the others are counted, so that a wrong file is answered quickly."""
    tasks = tuple(replace(B, id=f"t{k}", never=("van",)) for k in range(30))
    errors = explain(small(tasks=tasks))
    assert len([error for error in errors if error.kind == "collection.task-vehicle"]) == 20
    assert [str(error.title) for error in errors if error.kind == "collection.more-tasks"] == [
        "10 more tasks were not looked at"
    ]


@pytest.mark.parametrize("seed", range(5))
def test_shortest_ways_are_those_of_floyd_and_warshall(seed):
    """The rows worked out when asked for are what the classic algorithm gives, ways of no length among them."""
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 30, (12, 12)) * rng.integers(0, 2, (12, 12)) * 100
    np.fill_diagonal(table, 0)
    expected = table.copy()
    for k in range(12):
        expected = np.minimum(expected, expected[:, k, None] + expected[k])
    day = small(distance_m=table, duration_s=table, locations=tuple(Location(str(k)) for k in range(12)))
    metres, seconds = Paths(day).tables(day.vehicle_types[0], [7, 0, 3])
    assert (metres == expected[np.ix_([7, 0, 3], [7, 0, 3])]).all()
    assert (seconds == metres).all()


def test_a_long_chain_of_orders_counts_as_possible():
    """All orders of eight tasks are too many to try: nothing is claimed."""
    tasks = tuple(replace(B, id=f"t{k}", windows=(Window(9 * HOUR, 9 * HOUR),)) for k in range(8))
    chain = tuple(Relation(f"t{k}", f"t{k + 1}") for k in range(7))
    told = {error.where for error in explain(small(tasks=tasks, relations=chain))}
    assert "tasks[1] (t1)" in told
    assert "tasks[7] (t7)" not in told


_SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


@_SLOW
@given(rich_problems(most_tasks=4))
def test_the_limits_told_are_a_conflict_and_each_of_them_is_needed(problem):
    """Alone they cannot be kept; without any one of them they can; no single limit or pair is a smaller conflict."""
    for vehicle in problem.vehicle_types:
        day = case(Straight(problem), vehicle, problem.tasks)
        if works(day):
            continue
        every = bounds(day)
        limits = smallest(day, works)
        assume(limits)
        names = [str(bound.told) for bound in limits]
        assert not works(_with_only(day, every, names))
        for name in names:
            assert works(_with_only(day, every, [other for other in names if other != name]))
        for size in range(1, min(3, len(names))):
            for few in combinations([str(bound.told) for bound in every], size):
                assert works(_with_only(day, every, few))


def _with_only(day, every, names):
    for bound in every:
        if str(bound.told) not in names:
            day = bound.without(day)
    return day


@_SLOW
@given(rich_problems(most_tasks=3))
def test_the_number_told_is_enough_and_the_least(problem):
    """With the value told the conflict is gone; with one that changes less it is not."""
    for vehicle in problem.vehicle_types:
        day = case(Straight(problem), vehicle, problem.tasks)
        for bound in [] if works(day) else smallest(day, works):
            for knob in bound.knobs:
                value = least(day, knob, works)
                if value is not None:
                    assert works(knob.with_value(day, value))
                    nearer = value + (1 if knob.now > value else -1)
                    assert nearer == knob.now or not works(knob.with_value(day, nearer))


@pytest.mark.parametrize(
    ("seconds", "moment", "length"),
    [(0, "00:00", "0 s"), (59, "00:00:59", "59 s"), (5_405, "01:30:05", "1 h 30 min 5 s"), (90_000, "25:00", "25 h")],
)
def test_moments_and_lengths_are_said_exactly(seconds, moment, length):
    """What is told as enough is enough: nothing is rounded away."""
    assert (clock(seconds), span(seconds)) == (moment, length)


def _behind(city, carries, kept_goods=""):
    """Return a day on which a damaged task comes behind one with which a van has begun."""
    day = city(4, 0, windows=False)
    first, second, kept, other = day.tasks
    van, truck = day.vehicle_types
    return replace(
        day,
        tasks=(first, replace(second, goods="damaged"), replace(kept, goods=kept_goods), other),
        vehicle_types=(replace(van, carries=carries), truck),
        relations=(Relation(first.id, second.id),),
        started=(Started("van", 1, (first.id,), None, (kept.id,)),),
        apart=(("clean", "damaged"),),
    )


@pytest.mark.parametrize(
    ("carries", "kept_goods", "kind", "limits"),
    [
        (("clean",), "", "collection.task-goods", ["van may not carry damaged", "t1 before t2 on one route"]),
        (None, "clean", "collection.task-apart", ["clean and damaged never on one trip", "t1 before t2 on one route"]),
    ],
)
def test_a_task_behind_one_on_a_started_vehicle_must_fit_there(city, carries, kept_goods, kind, limits):
    """What comes before it is on that vehicle: no other one can help, and that is said before any search."""
    (error,) = explain(_behind(city, carries, kept_goods))
    assert (error.kind, error.where) == (kind, "tasks[1] (t2)")
    assert str(error.expected).split("; ") == limits
    assert "let t2 be served without t1 before it" in str(error.remedy)


def test_a_task_behind_one_on_a_started_vehicle_that_fits_there_is_no_conflict(city):
    """The van may carry it and keeps nothing that stands apart from it."""
    assert explain(_behind(city, ("damaged",))) == []
