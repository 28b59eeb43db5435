"""Files: what is written is read back, and what cannot be read is told with its place."""

import json

import pytest

from takeback.core.problem import Problem
from takeback.plan.collection import CollectionProblem, check, solve
from takeback.plan.collection.formats import (
    problem_from_json,
    problem_to_json,
    read_vrpspd,
    solution_from_json,
    solution_to_json,
    write_vrplib_solution,
)
from takeback.plan.doors import Budget
from tests.reference import reference_data

EXPLICIT = """NAME : three
TYPE : VRPSPD
DIMENSION : 4
VEHICLES : 1
CAPACITY : 10
DISTANCE : 0
EDGE_WEIGHT_TYPE : EXPLICIT
EDGE_WEIGHT_FORMAT : FULL_MATRIX
EDGE_WEIGHT_SECTION
0 2 3
4 2 0 5
4 3 5 0 2
4 4 2 0
PICKUP_AND_DELIVERY_SECTION
1 0 0 1000 0 0 0
2 0 0 1000 0 7 1
3 0 0 1000 0 1 7
4 0 0 1000 0 1 2
DEPOT_SECTION
1
-1
EOF
"""
EXACT = """NAME : triangle
DIMENSION : 3
CAPACITY : 100
DISTANCE : 40
EDGE_WEIGHT_TYPE : EXACT_2D
NODE_COORD_SECTION
1 0 0
2 3 4
3 6 8
PICKUP_AND_DELIVERY_SECTION
1 0 0 1000 10 0 0
2 0 0 1000 10 3 4
3 0 0 1000 10 1 2
DEPOT_SECTION
1
-1
EOF
"""


def test_a_problem_written_as_json_is_read_back_the_same(city):
    """JSON in and out: the same fields, and the same answer."""
    problem = city(12, 1, prize=20_000)
    back = problem_from_json(problem_to_json(problem))
    for name in CollectionProblem.__dataclass_fields__:
        if name in {"distance_m", "duration_s"}:
            assert (getattr(back, name) == getattr(problem, name)).all()
        else:
            assert getattr(back, name) == getattr(problem, name)
    assert problem_to_json(back) == problem_to_json(problem)


def test_a_solution_written_as_json_is_read_back_the_same(city):
    """JSON in and out: the same routes, reasons and figures."""
    problem = city(12, 1, prize=9_000)
    solution = solve(problem, budget=Budget(iterations=30))
    back = solution_from_json(solution_to_json(solution))
    assert back == solution
    assert back.seconds == solution.seconds
    assert check(problem, back) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d["tasks"][2].update(prize="much"), "$.tasks[2].prize"),
        (lambda d: d["tasks"][2].pop("location"), "$.tasks[2]"),
        (lambda d: d.update(format="something else"), "$.format"),
        (lambda d: d.update(surprise=1), "surprise"),
        (lambda d: d["distance_m"][1].__setitem__(0, "far"), "$.distance_m[1][0]"),
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


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe{}", b"[]"])
def test_what_is_no_json_is_refused_kindly(data):
    """Broken bytes are a problem told, not a crash."""
    with pytest.raises(Problem):
        problem_from_json(data)


def test_a_hole_in_a_json_matrix_is_named(city):
    """null in a matrix is a hole, with row and column."""
    document = json.loads(problem_to_json(city(4, 0)))
    document["distance_m"][2][1] = None
    with pytest.raises(Problem) as caught:
        problem_from_json(json.dumps(document))
    assert caught.value.where == "distance_m[2, 1]"


def test_an_explicit_vrpspd_file_is_read(city):
    """Matrix across line breaks, pickup before delivery, free fleet, objective = distance."""
    problem = read_vrpspd(EXPLICIT)
    assert problem.name == "three"
    assert problem.distance_m.tolist()[1] == [2, 0, 5, 4]
    assert (problem.tasks[0].pickup, problem.tasks[0].delivery) == ((7,), (1,))
    solution = solve(problem, budget=Budget(iterations=50))
    assert check(problem, solution) == []
    assert solution.objective == solution.plan.distance_m == 11
    assert write_vrplib_solution(solution).endswith("Cost 11\n")


def test_an_exact_vrpspd_file_is_read_with_its_route_limit():
    """Coordinates become Euclidean distances x 10 000; the limit holds travel and service together."""
    problem = read_vrpspd(EXACT)
    assert problem.distance_m[0, 2] == 100_000
    assert problem.vehicle_types[0].max_duration_s == 400_000
    solution = solve(problem, budget=Budget(iterations=20))
    assert solution.objective == 200_000
    assert len(solution.plan.routes) == 1


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("DIMENSION : 4", "DIMENSION : four", "DIMENSION"),
        ("CAPACITY : 10\n", "", "CAPACITY"),
        ("EXPLICIT", "GEO", "EDGE_WEIGHT_TYPE"),
        ("FULL_MATRIX", "FUNCTION", "EDGE_WEIGHT_FORMAT"),
        ("0 2 3\n", "0 2\n", "EDGE_WEIGHT_SECTION"),
        ("0 2 3\n", "0 -2 3\n", "EDGE_WEIGHT_SECTION"),
        ("0 2 3\n", "0 x 3\n", "EDGE_WEIGHT_SECTION, line 10"),
        ("3 0 0 1000 0 1 7\n", "3 0 0 1000 0 1\n", "PICKUP_AND_DELIVERY_SECTION, line 17"),
        ("4 0 0 1000 0 1 2\n", "", "PICKUP_AND_DELIVERY_SECTION"),
    ],
)
def test_a_broken_vrpspd_file_is_told_with_section_and_line(old, new, where):
    """Each kind of damage is named where it is."""
    with pytest.raises(Problem) as caught:
        read_vrpspd(EXPLICIT.replace(old, new))
    assert caught.value.where == where


# Best known values: Dethloff (2001) as tabulated by Helsgaun for LKH-3 (2018), x 10 000;
# Salhi and Nagy (1999): Subramanian et al. (2013), Vidal et al. (2014).
@pytest.mark.parametrize(
    ("file", "best", "within"),
    [
        ("dethloff/SCA3-0", 635.62, 0.015),
        ("dethloff/SCA8-2", 1039.64, 0.015),
        ("dethloff/CON3-4", 588.79, 0.015),
        ("dethloff/CON8-5", 754.88, 0.015),
        ("salhi_nagy/CMT1X", 466.77, 0.015),
        ("salhi_nagy/CMT6X", 555.43, 0.015),
    ],
)
def test_the_literature_is_reproduced_within_a_small_gap(file, best, within):
    """At a short budget the plan is close to the best known value, never below it, and the bound is below."""
    problem = read_vrpspd(reference_data(f"routing/{file}.vrpspd").read_text())
    solution = solve(problem, budget=Budget(iterations=500), seed=1)
    assert check(problem, solution) == []
    assert best * (1 - 1e-5) <= solution.objective / 10_000 <= best * (1 + within)
    assert solution.bound / 10_000 <= best * (1 + 1e-5)
