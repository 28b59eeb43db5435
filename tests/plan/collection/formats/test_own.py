"""Takeback's own JSON: what is written is read back, older files are read, damage is told with its path."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from takeback.core.problem import Problem
from takeback.plan.collection import (
    BreakTaken,
    CollectionProblem,
    Pause,
    Profile,
    Relation,
    Site,
    Slice,
    Started,
    Window,
    Zone,
    check,
    solve,
)
from takeback.plan.collection.formats import (
    problem_from_json,
    problem_to_json,
    solution_from_json,
    solution_to_json,
)
from takeback.plan.doors import Budget
from tests.plan.collection.conftest import make_city
from tests.plan.collection.strategies import rich_problems

MATRICES = {"distance_m", "duration_s", "profiles"}


def _rich() -> CollectionProblem:
    """A day on which every field of the model says something."""
    plain = make_city(6, 3)
    first, second, third, *rest = plain.tasks
    tasks = (
        replace(first, group="either", goods="damaged", prize=7, only=("van",)),
        replace(second, group="either", goods="food", prize=7, never=("truck",)),
        replace(third, windows=(Window(28_800, 30_000), Window(50_000, 60_000))),
        *rest,
    )
    van, truck = plain.vehicle_types
    van = replace(
        van,
        max_overtime_s=3_600,
        cost_per_overtime_hour=9_000,
        breaks=(Pause(39_600, 43_200, 1_800),),
        profile="slow",
        carries=("damaged", "food"),
        most_reloads=2,
        sites=("tip",),
        co2_g_per_km=210,
    )
    truck = replace(truck, compartments=2, compartment_unit=50, end_depot=0)
    return replace(
        plain,
        tasks=tasks,
        vehicle_types=(van, truck),
        name="rich",
        slices=(Slice(0, 100), Slice(25_200, 160)),
        profiles=(Profile("slow", plain.distance_m, plain.duration_s * 2, (Slice(0, 120),)),),
        sites=(Site("tip", 2, Window(0, 80_000), 600, supplies=True, intake=(9_000, 90)),),
        zones=(Zone("centre", (3, 4), (Window(28_800, 36_000),), ("van",)),),
        apart=(("damaged", "food"),),
        relations=(Relation(third.id, rest[0].id),),
        started=(Started("van", 1, (third.id,), 26_000, (rest[1].id,)),),
    )


@pytest.mark.parametrize("problem", [make_city(12, 1, prize=20_000), _rich()], ids=["plain", "rich"])
def test_a_problem_written_as_json_is_read_back_the_same(problem):
    """JSON in and out: the same fields, and the same file once more."""
    back = problem_from_json(problem_to_json(problem))
    for name in CollectionProblem.__dataclass_fields__:
        if name not in MATRICES:
            assert getattr(back, name) == getattr(problem, name), name
    for one, other in zip((back, *back.profiles), (problem, *problem.profiles), strict=True):
        assert np.array_equal(one.distance_m, other.distance_m)
        assert np.array_equal(one.duration_s, other.duration_s)
    assert [(one.id, one.slices) for one in back.profiles] == [(one.id, one.slices) for one in problem.profiles]
    assert problem_to_json(back) == problem_to_json(problem)


@given(problem=rich_problems())
@settings(max_examples=60, deadline=None)
def test_any_problem_is_read_back_the_same(problem):
    """Whatever features a day has: written, read and written again it is the same file."""
    written = problem_to_json(problem)
    back = problem_from_json(written)
    assert back.tasks == problem.tasks
    assert back.vehicle_types == problem.vehicle_types
    assert problem_to_json(back) == written


def test_a_file_of_the_version_before_is_read():
    """Format 1 wrote every field of its time and none of today's."""
    problem = make_city(4, 0)
    document = json.loads(problem_to_json(problem))
    document["format"] = "takeback collection problem 1"
    for vehicle in document["vehicle_types"]:
        vehicle.update(end_depot=None, max_distance_m=vehicle.get("max_distance_m"))
    for task in document["tasks"]:
        task.setdefault("prize", None)
    back = problem_from_json(json.dumps(document))
    assert back.tasks == problem.tasks
    assert back.vehicle_types == problem.vehicle_types


def test_a_solution_written_as_json_is_read_back_the_same(city):
    """JSON in and out: the same routes, breaks, reasons and figures."""
    problem = city(12, 1, prize=9_000)
    solution = solve(problem, budget=Budget(iterations=30))
    back = solution_from_json(solution_to_json(solution))
    assert back == solution
    assert back.seconds == solution.seconds
    assert check(problem, back) == []
    first, *others = solution.plan.routes
    routes = (replace(first, breaks=(BreakTaken(1, 40_000, 41_800),)), *others)
    rested = replace(solution, plan=replace(solution.plan, routes=routes))
    assert solution_from_json(solution_to_json(rested)) == rested


def test_a_solution_of_the_version_before_is_read(city):
    """Stops without sites and routes without breaks: there were none."""
    solution = solve(city(5, 1), budget=Budget(iterations=10))
    document = json.loads(solution_to_json(solution))
    document["format"] = "takeback collection solution 1"
    for plan in (document["solution"]["plan"], document["solution"]["baseline"]):
        for route in plan["routes"]:
            del route["breaks"]
            for stop in route["stops"]:
                del stop["site"]
    assert solution_from_json(json.dumps(document)) == solution


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d["tasks"][2].update(prize="much"), "$.tasks[2].prize"),
        (lambda d: d["tasks"][2].pop("location"), "$.tasks[2]"),
        (lambda d: d.update(format="something else"), "$.format"),
        (lambda d: d.update(surprise=1), "surprise"),
        (lambda d: d["distance_m"][1].__setitem__(0, "far"), "$.distance_m[1][0]"),
        (lambda d: d.update(sites=[{"id": "tip"}]), "$.sites[0]"),
        (lambda d: d.update(profiles=[{"id": "p", "distance_m": 3, "duration_s": []}]), "$.profiles[0].distance_m"),
    ],
)
def test_a_bad_json_file_is_told_with_its_path(city, change, told):
    """A wrong type, a missing or unknown field: the path in the file is named."""
    document = json.loads(problem_to_json(city(4, 0)))
    change(document)
    with pytest.raises(Problem) as caught:
        problem_from_json(json.dumps(document))
    assert caught.value.kind == "collection.bad-json"
    assert told in str(caught.value.found)


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe{}", b"[]", b"[" * 100_000, b'{"tasks":' + b"9" * 5_000 + b"}"])
def test_what_is_no_json_is_refused_kindly(data):
    """Broken bytes are a problem told, not a crash."""
    with pytest.raises(Problem):
        problem_from_json(data)
    with pytest.raises(Problem):
        solution_from_json(data)


def test_a_hole_in_a_json_matrix_is_named(city):
    """null in a matrix is a hole, with row and column."""
    document = json.loads(problem_to_json(city(4, 0)))
    document["distance_m"][2][1] = None
    with pytest.raises(Problem) as caught:
        problem_from_json(json.dumps(document))
    assert caught.value.where == "distance_m[2, 1]"
