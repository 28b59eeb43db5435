"""A task that was left says why, and what would have made room for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from takeback.plan.collection.check import check_plan
from takeback.plan.collection.problem import Depot, Relation, Started, VehicleType, Window
from takeback.plan.collection.reasons import why_unserved
from takeback.plan.collection.schedule import Scheduler, Visit
from takeback.plan.collection.solution import Plan
from tests.plan.collection.rich import rich_day, rich_plan
from tests.plan.collection.small import HOUR, TIP, B, small

A = replace(B, id="a", location=1)


def left(day, *ways, prize=None):
    """Return what is left, by task, when the vans drive these ways (ids of tasks and sites)."""
    if prize is not None:
        day = replace(day, tasks=tuple(replace(task, prize=prize) for task in day.tasks))
    scheduler = Scheduler(day)
    numbers = {task.id: k for k, task in enumerate(day.tasks)}
    numbers |= {site.id: -1 - k for k, site in enumerate(day.sites)}
    routes = [
        scheduler.route(day.vehicle_types[0], number, [Visit(numbers[name]) for name in way])
        for number, way in enumerate(ways, 1)
    ]
    told = why_unserved(scheduler, routes)
    plan = Plan.of(routes, told, sum(t.prize or 0 for t in day.tasks if t.id in {one.task for one in told}))
    rules = {violation.rule for violation in check_plan(day, plan, every_task=False)}
    assert rules <= {"sum.objective"}  # a group's prize is lost once
    return {one.task: (one.kind, str(one.reason)) for one in told}


def test_nothing_left_is_nothing_said():
    """A plan that serves all has no reasons."""
    assert left(small(tasks=(A, B)), ("a", "b")) == {}


def test_a_task_that_would_fit_was_not_found():
    """A place is free for it: only the search ended too early."""
    assert left(small(tasks=(A, B)), ("a",))["b"][0] == "not-found"


def test_a_task_dearer_than_its_prize_is_not_worth_it():
    """What it costs more and what it is worth are told in money."""
    day = small(tasks=(A, B), van={"cost_per_km": 100}, currency="CNY")
    assert left(day, ("a",), prize=499)["b"] == (
        "not-worth",
        "Serving it would cost 5.00 CNY more and is worth 4.99 CNY",
    )
    assert left(day, ("a",), prize=501)["b"][0] == "not-found"


def test_a_task_that_no_vehicle_can_serve_is_impossible_with_its_limits_and_remedy():
    """The sentence tells the limits in conflict and the least change."""
    assert left(small(tasks=(A, replace(B, pickup=(1_200, 1)))), ("a",))["b"] == (
        "impossible",
        "No vehicle can carry the load of task b (capacity of van: 1000 kg). "
        "To make it fit: capacity of van: 1200 kg instead of 1000 kg",
    )


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (
            small(tasks=(replace(A, pickup=(700, 1)), replace(B, pickup=(700, 1)))),
            "van 1 could take it with: capacity of van: 1400 kg instead of 1000 kg",
        ),
        (
            small(tasks=(A, B), van={"max_duration_s": 1_800}),
            "van 1 could take it with: longest duration of van: 50 min instead of 30 min",
        ),
        (
            small(tasks=(A, B), van={"max_distance_m": 12_000}),
            "van 1 could take it with: longest distance of van: 15000 m instead of 12000 m",
        ),
        (
            small(tasks=(A, B), van={"shift": Window(8 * HOUR, 8 * HOUR + 2_400)}),
            "van 1 could take it with: shift of van, until: 08:50 instead of 08:40; or shift of van, from: 07:50",
        ),
        (
            small(tasks=(replace(A, goods="clean"), replace(B, goods="damaged")), apart=(("clean", "damaged"),)),
            "No vehicle has room and time left for it",
        ),
        (
            small(
                tasks=(
                    replace(A, windows=(Window(9 * HOUR, 9 * HOUR),)),
                    replace(B, windows=(Window(9 * HOUR + 600, 9 * HOUR + 600),)),
                )
            ),
            "until: 09:20 instead of 09:10",
        ),
    ],
)
def test_a_task_without_room_says_what_would_make_room(day, told):
    """The nearest route and the least change of one number that lets the task in."""
    kind, reason = left(day, ("a",))["b"]
    assert kind == "no-room"
    assert told in reason


def test_an_alternative_is_left_because_another_one_is_served():
    """Nothing is lost: the one that is served instead is named."""
    day = small(tasks=(replace(A, group="g"), replace(B, group="g")))
    assert left(day, ("a",))["b"] == ("alternative", "a of the same group is served instead")


def test_a_group_of_which_none_is_served_has_ordinary_reasons():
    """Each alternative says for itself why it was left."""
    day = small(tasks=(A, replace(B, group="g"), replace(B, id="c", group="g", pickup=(2_000, 1))))
    told = left(day, ("a",))
    assert (told["b"][0], told["c"][0]) == ("not-found", "impossible")


def test_a_task_behind_one_that_is_not_served_says_so():
    """What must come before it is named."""
    day = small(tasks=(A, B, replace(B, id="c")), relations=(Relation("b", "c"),))
    assert left(day, ("a",))["c"] == ("no-room", "b, which comes before it, is not served")


def test_a_task_behind_others_on_different_vehicles_says_so():
    """Two tasks before it are on two vehicles: no route has both."""
    day = small(tasks=(A, B, replace(B, id="c")), relations=(Relation("a", "c"), Relation("b", "c")), van={"count": 2})
    assert left(day, ("a",), ("b",))["c"] == ("no-room", "The tasks before it are on different vehicles")


def test_an_intake_used_up_by_other_routes_is_named():
    """The task would fit on a route, but the place where all unload takes in no more."""
    day = small(tasks=(A, B), depots=(Depot("yard", 0, intake=(150, 9)),), van={"count": 2})
    assert left(day, ("a",))["b"] == ("no-room", "yard takes in no more: intake 200 kg instead of 150 kg")


def test_a_visit_to_a_site_may_make_the_room():
    """With a visit to the tip on the way the second load fits: then the search has missed it."""
    day = small(tasks=(replace(A, pickup=(700, 1)), replace(B, pickup=(700, 1))), sites=(TIP,), van={"most_reloads": 1})
    assert left(day, ("a",))["b"][0] == "not-found"


def test_a_started_vehicle_takes_nothing_before_what_it_has_begun():
    """Insertions keep the begun stops first; a vehicle of the same type at rest is asked, too."""
    tasks = (A, replace(B, windows=(Window(8 * HOUR, 8 * HOUR + 900),)))
    day = small(tasks=tasks, started=(Started("van", 1, ("a",)),))
    assert left(day, ("a",))["b"][0] == "no-room"
    assert left(replace(day, started=()), ("a",))["b"][0] == "not-found"
    assert left(replace(day, vehicle_types=(replace(day.vehicle_types[0], count=2),)), ("a",))["b"][0] == "not-found"


def test_the_rich_day_has_its_reasons():
    """Of the hand-made plan: one alternative, and one that the van could serve instead of waiting."""
    told = why_unserved(Scheduler(rich_day()), rich_plan().routes)
    assert [(one.task, one.kind) for one in told] == [("c2", "alternative"), ("d", "not-found")]


def test_types_that_drive_nothing_are_no_slots():
    """A vehicle type without vehicles makes no room."""
    day = small(tasks=(replace(A, pickup=(700, 1)), replace(B, pickup=(700, 1))))
    ghost = VehicleType("ghost", 0, (9_000, 90))
    assert left(replace(day, vehicle_types=(*day.vehicle_types, ghost)), ("a",))["b"][0] == "no-room"
