"""Each rule of the model, broken alone, is told by its own slug and by no other."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback.core.message import msg
from takeback.plan.collection import check as check_solution
from takeback.plan.collection.check import check_plan
from takeback.plan.collection.check_times import stretched_s
from takeback.plan.collection.problem import (
    CollectionProblem,
    Pause,
    Relation,
    Slice,
    Started,
    Window,
)
from takeback.plan.collection.solution import Plan, Route, Unserved
from tests.plan.collection.rich import C1, YARD, A, rich_day, rich_plan, rich_solution

check_module = sys.modules[check_plan.__module__]
Change = Callable[[CollectionProblem], CollectionProblem]
Edit = Callable[[Plan], Plan]
VAN, TRUCK = 0, 1


def _task(name: str, **changes: object) -> Change:
    return lambda p: replace(p, tasks=tuple(replace(t, **changes) if t.id == name else t for t in p.tasks))


def _vehicle(name: str, **changes: object) -> Change:
    return lambda p: replace(
        p, vehicle_types=tuple(replace(v, **changes) if v.id == name else v for v in p.vehicle_types)
    )


def _site(**changes: object) -> Change:
    return lambda p: replace(p, sites=(replace(p.sites[0], **changes), *p.sites[1:]))


def _yard(**changes: object) -> Change:
    return lambda p: replace(p, depots=(replace(p.depots[0], **changes), *p.depots[1:]))


def _day(**changes: object) -> Change:
    return lambda p: replace(p, **changes)


def _leg(name: str, leg: tuple[int, int], change: int) -> Change:
    def changed(problem: CollectionProblem) -> CollectionProblem:
        matrix = getattr(problem, name).copy()
        matrix[leg] += change
        return replace(problem, **{name: matrix})

    return changed


def _in_order(*changes: Change) -> Change:
    def changed(problem: CollectionProblem) -> CollectionProblem:
        for change in changes:
            problem = change(problem)
        return problem

    return changed


def _started(**changes: object) -> Change:
    return lambda p: replace(p, started=(replace(p.started[0], **changes),))


def _van_breaks(*breaks: Pause) -> Change:
    return _vehicle("van", breaks=breaks)


def _plan(**changes: object) -> Edit:
    return lambda plan: replace(plan, **changes)


def _route(k: int, **changes: object) -> Edit:
    return lambda plan: replace(
        plan, routes=tuple(replace(r, **changes) if n == k else r for n, r in enumerate(plan.routes))
    )


def _stop(k: int, n: int, **changes: object) -> Edit:
    def edited(plan: Plan) -> Plan:
        stops = list(plan.routes[k].stops)
        stops[n] = replace(stops[n], **changes)
        return _route(k, stops=tuple(stops))(plan)

    return edited


def _left(task: str, kind: str) -> Edit:
    def edited(plan: Plan) -> Plan:
        others = tuple(one for one in plan.unserved if one.task != task)
        return replace(plan, unserved=(*others, Unserved(task, kind, msg("Left"))))

    return edited


def _also_left(task: str) -> Edit:
    return lambda plan: replace(plan, unserved=(*plan.unserved, Unserved(task, "no-room", msg("Left"))))


def _also_driven(number: int) -> Edit:
    """Let a truck drive from the garage to the yard for nothing: 700 s, 6 000 m, 20 000 + 1 900."""
    route = Route("truck", number, 30_000, 30_700, (0, 0), (), 6_000, 700, 21_900)
    return lambda plan: Plan.of((*plan.routes, route), plan.unserved, 700)


def _same(value: object) -> object:
    return value


D_REQUIRED = _task("d", prize=None)
WITHOUT_PRIZE = _plan(objective=50_700)

CASES: list[tuple[str, Change, Edit]] = [
    ("task.unknown", _same, _also_left("ghost")),
    ("task.once", _same, _also_left("d")),
    ("task.once", _same, _also_left("a")),
    ("task.required", D_REQUIRED, WITHOUT_PRIZE),
    ("task.reason", _same, _left("d", "lost")),
    ("group.twice", _task("e", group="either", prize=5_000), _same),
    ("group.required", _in_order(D_REQUIRED, _task("d", group="alone")), WITHOUT_PRIZE),
    ("group.kind", _same, _left("d", "alternative")),
    ("group.kind", _same, _left("c2", "no-room")),
    ("relation.order", _day(relations=(Relation("c1", "a"),)), _same),
    ("relation.order", _day(relations=(Relation("e", "a"),)), _same),
    ("vehicle.unknown", _same, _route(TRUCK, vehicle=2)),
    ("vehicle.unknown", _same, _route(TRUCK, vehicle=0)),
    ("vehicle.twice", lambda p: replace(p, started=(*p.started, Started("truck", 1))), _also_driven(1)),
    ("site.unknown", _same, _stop(VAN, 1, site="nowhere")),
    ("stop.kind", _same, _stop(VAN, 0, site="tip")),
    ("route.empty", _vehicle("truck", count=2), _also_driven(2)),
    ("started.missing", lambda p: replace(p, started=(*p.started, Started("van", 2))), _same),
    ("started.prefix", _started(stops=("tip",)), _same),
    ("started.prefix", _started(stops=("a", "tip", "b", "c1", "hub"), keeps=()), _same),
    ("started.departure", _started(departure_s=27_001), _same),
    ("started.keeps", _started(keeps=("e",)), _same),
    ("intake.site", _site(intake=(299, 9)), _same),
    ("intake.depot", _yard(intake=(2_500, 11)), _same),
    ("sum.distance-m", _same, _plan(distance_m=40_000)),
    ("sum.duration-s", _same, _plan(duration_s=15_001)),
    ("sum.objective", _same, _plan(objective=51_399)),
    ("sum.objective", _task("d", prize=701), _same),
    ("time.arrival", _leg("duration_s", (YARD, A), 1), _same),
    ("time.arrival", _day(slices=(Slice(0, 100), Slice(28_800, 151), Slice(36_000, 100))), _same),
    ("time.window", _task("a", windows=(Window(28_801, 32_400),)), _same),
    ("time.window", _site(window=Window(32_000, 32_500)), _same),
    ("time.start", _task("a", windows=(Window(28_799, 32_400),)), _same),
    ("time.start", _task("a", windows=(Window(27_600, 27_600), Window(28_800, 32_400))), _same),
    ("time.start", _day(zones=()), _same),
    ("time.service", _task("a", service_s=599), _same),
    ("time.return", _leg("duration_s", (C1, YARD), 1), _same),
    ("time.departure-hours", _vehicle("van", shift=Window(27_001, 61_200)), _same),
    ("time.return-hours", _vehicle("van", shift=Window(25_200, 39_999)), _same),
    ("time.duration-limit", _vehicle("van", max_overtime_s=999), _same),
    ("zone.closed", lambda p: replace(p, zones=(replace(p.zones[0], passes=()),)), _same),
    ("zone.closed", lambda p: replace(p, zones=(replace(p.zones[0], closed=(Window(30_000, 36_001),)),)), _same),
    ("break.missing", _van_breaks(*rich_day().vehicle_types[VAN].breaks, Pause(30_000, 30_100, 60)), _same),
    ("break.unknown", _van_breaks(rich_day().vehicle_types[VAN].breaks[0]), _same),
    ("break.place", _same, _route(VAN, breaks=rich_plan().routes[VAN].breaks[::-1])),
    ("break.window", _van_breaks(Pause(38_501, 39_900, 900), Pause(31_000, 33_000, 300)), _same),
    ("break.start", _van_breaks(Pause(38_400, 39_900, 900), Pause(31_000, 33_000, 300)), _same),
    ("break.duration", _van_breaks(Pause(38_500, 39_900, 901), Pause(31_000, 33_000, 300)), _same),
    ("distance.limit", _vehicle("truck", max_distance_m=11_999), _same),
    ("distance.figure", _leg("distance_m", (YARD, A), 1), _same),
    ("duration.figure", _same, lambda plan: _plan(duration_s=15_001)(_route(VAN, duration_s=13_001)(plan))),
    ("cost.figure", _vehicle("van", cost_fixed=10_001), _same),
    ("cost.figure", _vehicle("van", cost_per_km=101), _same),
    ("cost.figure", _vehicle("van", cost_per_hour=3_601), _same),
    ("cost.figure", _vehicle("van", cost_per_overtime_hour=1_801), _same),
    ("load.figure", _same, _stop(VAN, 0, load=(301, 2))),
    ("load.figure", _same, _stop(VAN, 1, load=(51, 1))),
    ("load.figure", _same, _route(VAN, load=(150, 2))),
    ("load.above-capacity", _vehicle("van", capacity=(1_000, 3)), _same),
    ("trip.not-supplied", _site(supplies=False), _same),
    ("trip.apart", _day(apart=(("damaged", "paper"),)), _same),
    ("trip.apart", _day(apart=(("paper", "damaged"),)), _same),
    ("depot.takes-no-load", _yard(takes_load=False), _same),
    ("compartment.number", _vehicle("van", compartments=1), _same),
    ("compartment.size", _vehicle("van", compartment_unit=600), _same),
    ("site.reloads", _vehicle("van", most_reloads=0), _same),
    ("site.not-allowed", _vehicle("van", sites=("hub",)), _same),
    ("task.only", _task("c1", only=("truck",)), _same),
    ("task.never", _task("c1", never=("van",)), _same),
    ("vehicle.carries", _vehicle("truck", carries=("paper",)), _same),
]


def test_the_plan_worked_out_by_hand_is_valid():
    """Trips, sites, slices, zones, breaks, overtime, compartments, groups and started routes are all understood."""
    assert check_solution(rich_day(), rich_solution()) == []


@pytest.mark.parametrize(("rule", "change", "edit"), CASES, ids=[f"{k}-{case[0]}" for k, case in enumerate(CASES)])
def test_each_rule_broken_alone_is_told_by_its_slug(rule: str, change: Change, edit: Edit):
    """The day or the plan is changed in one place; exactly the rule that this breaks is told."""
    broken = check_plan(change(rich_day()), edit(rich_plan()))
    assert {violation.rule for violation in broken} == {rule}


def test_the_check_shares_no_code_with_the_engines():
    """What judges is written from the model alone: its modules import the model, the doors and each other."""
    allowed = {"problem", "parts", "solution", "check_loads", "check_parts", "check_times"}
    folder = Path(check_module.__file__).parent
    for path in folder.glob("check*.py"):
        imported = set(re.findall(r"from takeback\.plan\.collection\.(\w+) import", path.read_text("utf-8")))
        assert imported <= allowed, path.name


def test_every_slug_of_the_documentation_is_tested():
    """The list in the module is whole: all that is told there is broken above or in test_check."""
    slugs = set(re.findall(r"`([a-z]+\.[a-z-]+)`", check_module.__doc__ or ""))
    assert slugs == {case[0] for case in CASES} | {"bound.above-objective", "effort.negative"}


@pytest.mark.parametrize(
    "change",
    [
        _day(relations=(Relation("c1", "c2"), Relation("a", "b"))),
        _vehicle("van", carries=("clean", "damaged", "paper")),
        _task("d", group="alone"),
        _site(intake=(300, 2)),
        _day(started=()),
        _day(started=(Started("van", 1, ("a", "tip", "b", "c1")), Started("truck", 1, keeps=("e",)))),
        _van_breaks(*rich_day().vehicle_types[VAN].breaks, Pause(40_001, 50_000, 60), Pause(20_000, 26_999, 60)),
        _task("d", prize=700, only=("truck",)),
    ],
)
def test_rules_that_are_kept_are_not_told(change: Change):
    """What is asked differently but kept all the same is no violation."""
    assert check_plan(change(rich_day()), rich_plan()) == []


def test_a_break_not_due_may_be_taken():
    """A driver who is back before the window ends may have rested all the same; the window ends after the return."""
    change = _van_breaks(Pause(38_500, 40_001, 900), Pause(31_000, 33_000, 300))
    assert check_plan(change(rich_day()), rich_plan()) == []


def test_a_baseline_may_leave_what_must_be_served():
    """The nearest-neighbour plan may leave required tasks, groups and promises; the plan itself may not."""
    promise = _day(started=(Started("van", 1, ("a",), 27_000, ("d",)), Started("van", 2)))
    for change in (D_REQUIRED, _in_order(D_REQUIRED, _task("d", group="alone")), _in_order(D_REQUIRED, promise)):
        plan = WITHOUT_PRIZE(rich_plan())
        assert check_plan(change(rich_day()), plan) != []
        assert check_plan(change(rich_day()), plan, every_task=False) == []


@pytest.mark.parametrize(
    ("normal", "leaves", "clock"),
    [
        (600, 0, 600),  # before the rush hour
        (600, 28_800, 900),  # within it: 600 x 1.5
        (601, 28_800, 902),  # 901.5 rounded up
        (600, 28_500, 750),  # 300 s before it cover 300 s; the other 300 s take 450 s
        (900, 35_401, 1_100),  # 599 s cover floor(100 x 599 / 150) = 399 s; the other 501 s follow at normal speed
        (0, 35_000, 0),
        (6_000, 28_000, 800 + 7_200 + 400),  # over both borders: 800 + 4 800 + 400
    ],
)
def test_travel_is_stretched_by_the_hour(normal: int, leaves: int, clock: int):
    """A leg takes as long as the slices it runs through say, by the rule of whole seconds."""
    slices = (Slice(0, 100), Slice(28_800, 150), Slice(36_000, 100))
    assert stretched_s(normal, leaves, slices) == clock


_PERCENTS = st.integers(20, 400)
_STARTS = st.lists(st.integers(1, 20_000), max_size=4, unique=True).map(sorted)


@given(_STARTS, st.lists(_PERCENTS, min_size=5, max_size=5), st.integers(0, 20_000), st.integers(0, 9_000))
def test_who_leaves_later_never_arrives_earlier(starts, percents, leaves, normal):
    """Stretched travel keeps the order of departures up to the one second that rounding may take."""
    slices = tuple(Slice(s, p) for s, p in zip([0, *starts], percents, strict=False))
    now = leaves + stretched_s(normal, leaves, slices)
    assert leaves + 1 + stretched_s(normal, leaves + 1, slices) >= now - 1


@given(st.integers(0, 20_000), st.integers(0, 9_000))
def test_slices_of_a_hundred_percent_change_nothing(leaves, normal):
    """A day cut into slices of normal speed is a day without slices."""
    slices = tuple(Slice(1_000 * k, 100) for k in range(12))
    assert stretched_s(normal, leaves, slices) == stretched_s(normal, leaves, ()) == normal


def test_a_plan_with_absurd_breaks_is_judged_quickly():
    """A thousand strange breaks are told, not searched through."""
    breaks = tuple(rich_plan().routes[VAN].breaks[0] for _ in range(1_000))
    broken = check_plan(rich_day(), _route(VAN, breaks=breaks)(rich_plan()))
    assert len([violation for violation in broken if violation.rule == "break.unknown"]) == 998
