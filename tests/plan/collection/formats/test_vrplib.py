"""VRPLIB and LKH files: read as their sets mean them, as PyVRP reads them, and refused with section and line."""

from __future__ import annotations

import numpy as np
import pytest
import pyvrp

from takeback.core.problem import Problem
from takeback.plan.collection import Window, check, solve
from takeback.plan.collection.formats import (
    Rounding,
    plan_of,
    read_data,
    read_vrpspd,
    solution_of,
    write_vrplib_solution,
)
from takeback.plan.doors import Budget
from tests.plan.collection.formats.samples import EXACT, RICH, VRPB, VRPSPD, VRPTW
from tests.reference import reference_data

PDPTW = VRPSPD.replace("TYPE : VRPSPD", "TYPE : PDPTW")


def test_an_explicit_vrpspd_file_is_read():
    """Matrix across line breaks, pickup before delivery, free fleet, objective = distance."""
    problem = read_vrpspd(VRPSPD)
    assert problem.name == "three"
    assert problem.distance_m.tolist()[1] == [2, 0, 5, 4]
    assert (problem.tasks[0].pickup, problem.tasks[0].delivery) == ((7,), (1,))
    assert problem.tasks[0].windows == ()
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


def test_windows_of_lkh_count_where_the_type_has_them():
    """VRPSPDTW: a window is kept in the units of the times; one that never ends is none."""
    text = EXACT.replace("NAME", "TYPE : VRPSPDTW\nNAME").replace("2 0 0 1000", "2 0 3 9.5")
    problem = read_vrpspd(text.replace("3 0 0 1000", "3 0 0 10000000"))
    assert problem.tasks[0].windows == (Window(30_000, 95_000),)
    assert problem.tasks[1].windows == ()


@pytest.mark.parametrize(
    ("rounding", "lengths", "measured"),
    [
        (None, [14, 36, 70], 1.4),
        (Rounding.NONE, [14_142, 36_056, 70_711], 2**0.5),
        (Rounding.NEAREST, [1, 4, 7], 1.0),
        (Rounding.UP, [2, 4, 8], 2.0),
        (Rounding.DOWN, [1, 3, 7], 1.0),
    ],
)
def test_lengths_are_rounded_as_the_set_or_the_user_says(rounding, lengths, measured):
    """VRPTW is cut after one decimal unless told otherwise; the measure counts the same lengths in the set's unit."""
    reading = read_data(VRPTW.encode(), rounding=rounding)
    assert reading.problem.distance_m[0, 1:].tolist() == lengths
    assert reading.measure.length(0, 1) == pytest.approx(measured, abs=1e-12)
    plan = plan_of(reading.problem, [["1"], ["2"], ["3"]][:2])
    scale = {None: 10, Rounding.NONE: 10_000}.get(rounding, 1)
    assert reading.cost(plan) == pytest.approx(sum(route.cost for route in plan.routes) / scale, abs=1e-3)


def test_times_are_rounded_so_that_plans_hold_in_real_numbers():
    """Where lengths are not rounded, a time in units is never shorter than the real one."""
    reading = read_data(VRPTW.encode(), rounding=Rounding.NONE)
    times = reading.problem.duration_s / 10_000
    exact = np.array([[reading.measure.length(a, b) for b in range(4)] for a in range(4)])
    assert (times >= exact - 1e-9).all()
    assert (times <= exact + 1.1e-4).all()


@pytest.mark.parametrize("form", ["LOWER_ROW", "UPPER_ROW", "LOWER_DIAG_ROW", "UPPER_DIAG_ROW", "FULL_MATRIX"])
def test_every_triangle_of_a_matrix_is_read(form):
    """The same lengths, whichever half of the matrix stands in the file and wherever its lines break."""
    matrix = np.array([[0, 1, 2, 3], [1, 0, 4, 5], [2, 4, 0, 6], [3, 5, 6, 0]])
    kept = {
        "LOWER_ROW": matrix[np.tril_indices(4, -1)],
        "UPPER_ROW": matrix[np.triu_indices(4, 1)],
        "LOWER_DIAG_ROW": matrix[np.tril_indices(4)],
        "UPPER_DIAG_ROW": matrix[np.triu_indices(4)],
        "FULL_MATRIX": matrix.ravel(),
    }[form]
    numbers = "\n".join(map(str, kept))
    text = VRPSPD.replace("FULL_MATRIX", form)
    before, rest = text.split("EDGE_WEIGHT_SECTION\n")
    rest = rest[rest.index("PICKUP") :]
    assert read_vrpspd(f"{before}EDGE_WEIGHT_SECTION\n{numbers}\n{rest}").distance_m.tolist() == matrix.tolist()


def test_a_rich_vrplib_file_is_read_as_pyvrp_reads_it(tmp_path):
    """Depots, mixed fleet, reloads, prizes, alternatives, forbidden places: the same data as PyVRP's own reader has."""
    file = tmp_path / "rich.vrp"
    file.write_text(RICH)
    theirs = pyvrp.read(file, "round")
    reading = read_data(RICH.encode())
    ours = reading.problem
    assert np.array_equal(theirs.distance_matrix(0), ours.distance_m)
    for client, task in zip(theirs.clients(), ours.tasks, strict=True):
        assert (client.location, client.service_duration) == (task.location, task.service_s)
        assert tuple(client.delivery) == task.delivery
        assert (client.tw_early, client.tw_late) == task.windows[0]
        assert (client.prize or None) == task.prize
        assert (client.group is not None) == bool(task.group)
    for theirs_one, one in zip(theirs.vehicle_types(), ours.vehicle_types, strict=True):
        assert (theirs_one.num_available, theirs_one.fixed_cost) == (one.count, one.cost_fixed)
        assert (tuple(theirs_one.capacity), theirs_one.start_depot) == (one.capacity, one.start_depot)
        assert theirs_one.max_distance == one.max_distance_m
        assert (theirs_one.tw_early, theirs_one.tw_late) == one.shift
        assert [str(depot) for depot in theirs_one.reload_depots] == list(one.sites)
    assert [task.only for task in ours.tasks] == [(), (), (), ("vehicle 1",), ("vehicle 1",)]
    assert ours.vehicle_types[1].cost_per_km == 2_500
    assert reading.vehicles_max == 3


def test_a_solution_of_several_depots_names_vehicles_by_its_lines():
    """The third line drives the third vehicle, and the cost counts its own kilometre; what is left costs its prize."""
    reading = read_data(RICH.encode())
    solution = solution_of(reading.problem, [["2", "5"], [], ["4"]])
    assert [route.vehicle_type for route in solution.plan.routes] == ["vehicle 1", "vehicle 2"]
    assert check(reading.problem, solution) == []
    assert reading.cost(solution) == (100 + 20 + 32 + 50) + (200 + 2.5 * 62) + 25


def test_groups_may_be_listed_by_node():
    """Older files say each node's group; the alternatives are the same."""
    by_node = "".join(f"{node} {group}\n" for node, group in enumerate([9, 8, 1, 2, 3, 4, 4], 1))
    text = RICH.replace("1 6 7\n2 3\n", by_node)
    groups = [bool(task.group) for task in read_data(text.encode()).problem.tasks]
    assert groups == [bool(task.group) for task in read_data(RICH.encode()).problem.tasks]


def test_backhauls_come_last_in_vrpb():
    """Bringing comes before taking: what is against that is longer than a whole plan, so no plan drives it."""
    reading = read_data(VRPB.encode())
    solution = solve(reading.problem, budget=Budget(iterations=50))
    assert check(reading.problem, solution) == []
    (route,) = solution.plan.routes
    assert {stop.task for stop in route.stops[:2]} == {"1", "2"}
    assert reading.cost(solution) == 80


def test_lkh_lists_the_nodes_of_its_backhauls():
    """A BACKHAUL_SECTION that -1 ends names nodes: their demands are taken, the others' brought."""
    head, _, depot = VRPB.partition("BACKHAUL_SECTION\n")[0], None, "DEPOT_SECTION\n1\nEOF\n"
    text = head.replace("4 0\n5 0\n", "4 12\n5 20\n") + "BACKHAUL_SECTION\n4 5\n-1\n" + depot
    theirs, ours = read_data(VRPB.encode()).problem, read_data(text.encode()).problem
    assert ours.tasks == theirs.tasks


def test_decimals_of_loads_become_whole_units():
    """Capacity 10.25 and demands with two decimals are counted in hundredths."""
    reading = read_data(VRPTW.replace("CAPACITY: 10", "CAPACITY: 10.25").encode())
    assert reading.problem.vehicle_types[0].capacity == (1_025,)
    assert reading.problem.tasks[0].delivery == (400,)
    assert reading.problem.load_dimensions == ("units / 100",)


@pytest.mark.parametrize(
    ("text", "old", "new", "where"),
    [
        (VRPSPD, "DIMENSION : 4", "DIMENSION : four", "DIMENSION"),
        (VRPSPD, "DIMENSION : 4", "DIMENSION : 4000000", "DIMENSION"),
        (VRPSPD, "CAPACITY : 10\n", "", "CAPACITY"),
        (VRPSPD, "EXPLICIT", "GEO", "EDGE_WEIGHT_TYPE"),
        (VRPSPD, "FULL_MATRIX", "FUNCTION", "EDGE_WEIGHT_FORMAT"),
        (VRPSPD, "0 2 3\n", "0 2\n", "EDGE_WEIGHT_SECTION"),
        (VRPSPD, "0 2 3\n", "0 -2 3\n", "EDGE_WEIGHT_SECTION"),
        (VRPSPD, "0 2 3\n", "0 x 3\n", "EDGE_WEIGHT_SECTION, line 10"),
        (VRPSPD, "0 2 3\n", "0 nan 3\n", "EDGE_WEIGHT_SECTION, line 10"),
        (VRPSPD, "3 0 0 1000 0 1 7\n", "3 0 0 1000 0 1\n", "PICKUP_AND_DELIVERY_SECTION, line 17"),
        (VRPSPD, "4 0 0 1000 0 1 2\n", "", "PICKUP_AND_DELIVERY_SECTION"),
        (PDPTW, "4 0 0 1000 0 1 2\n", "4 5 0 1000 0 1 2\n", "PICKUP_AND_DELIVERY_SECTION, node 4"),
        (VRPSPD, "4 0 0 1000 0 1 2\n", "3 0 0 1000 0 1 2\n", "PICKUP_AND_DELIVERY_SECTION, line 18"),
        (VRPSPD, "DEPOT_SECTION\n1\n", "DEPOT_SECTION\n9\n", "DEPOT_SECTION"),
        (VRPTW, "2\t2\t50", "2\t60\t50", "TIME_WINDOW_SECTION, node 2"),
        (VRPTW, "3\t5\n", "3\t-5\n", "loads"),
        (VRPTW, "DEPOT_SECTION", "RELEASE_TIME_SECTION\n1 0\n2 7\nDEPOT_SECTION", "RELEASE_TIME_SECTION"),
        (VRPTW, "DEPOT_SECTION", "SKILLS_SECTION\n1 0\nDEPOT_SECTION", "SKILLS_SECTION"),
        (RICH, "VEHICLES : 3\n", "", "VEHICLES"),
        (RICH, "3 20 6\n", "", "CAPACITY_SECTION"),
        (RICH, "3 20 6\n", "3 20\n", "CAPACITY"),
        (RICH, "3 2\nVEHICLES_FIXED", "3 5\nVEHICLES_FIXED", "VEHICLES_DEPOT_SECTION"),
        (RICH, "1 6 7\n", "1 2 7\n", "MUTUALLY_EXCLUSIVE_GROUP_SECTION"),
    ],
)
def test_a_broken_file_is_told_with_section_and_line(text, old, new, where):
    """Each kind of damage is named where it is."""
    assert old in text
    with pytest.raises(Problem) as caught:
        read_data(text.replace(old, new, 1).encode())
    assert caught.value.where == where
    assert caught.value.expected is not None


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
    reading = read_data(reference_data(f"routing/{file}.vrpspd").read_bytes())
    solution = solve(reading.problem, budget=Budget(iterations=500), seed=1)
    assert check(reading.problem, solution) == []
    assert reading.cost(solution) == pytest.approx(solution.objective / 10_000, abs=1e-3)
    assert best * (1 - 1e-5) <= reading.cost(solution) <= best * (1 + within)
    assert solution.bound / 10_000 <= best * (1 + 1e-5)


TWO_DEPOTS = VRPTW.replace("DEPOT_SECTION\n1\n-1", "DEPOT_SECTION\n1\n4\n-1")


def test_a_free_fleet_stands_at_every_depot():
    """Several depots and no number of vehicles: from each of them as many as there are customers may leave."""
    problem = read_data(TWO_DEPOTS.replace("VEHICLES: 2\n", "").encode()).problem
    assert [(kind.start_depot, kind.count) for kind in problem.vehicle_types] == [(0, 2), (1, 2)]


def test_where_a_limited_fleet_stands_is_not_guessed():
    """Several depots and a number of vehicles, but no section that says where they start."""
    with pytest.raises(Problem) as told:
        read_data(TWO_DEPOTS.encode())
    assert told.value.where == "VEHICLES_DEPOT_SECTION"


def test_a_header_that_stands_there_twice_differently_is_refused():
    """No guess which capacity is meant; the same twice is no harm."""
    with pytest.raises(Problem) as told:
        read_data(VRPTW.replace("CAPACITY: 10", "CAPACITY: 10\nCAPACITY: 20").encode())
    assert (told.value.where, told.value.found) == ("CAPACITY, line 6", "20")
    assert read_data(VRPTW.replace("CAPACITY: 10", "CAPACITY: 10\nCAPACITY : 10").encode()).problem.tasks


def test_a_header_without_a_meaning_is_told():
    """A limit under a name that is not known is not passed over in silence."""
    reading = read_data(VRPTW.replace("VEHICLES: 2", "TRUCKS: 2").encode())
    assert ["TRUCKS" in str(note) for note in reading.notes] == [True]
    assert read_data(VRPTW.encode()).notes == ()


def test_sections_in_small_letters_count():
    """Windows under `time_window_section` right behind the headers are windows all the same."""
    head, windows = VRPTW.split("TIME_WINDOW_SECTION\n")
    rows, rest = windows.split("DEPOT_SECTION")
    top, body = head.split("NODE_COORD_SECTION")
    text = f"{top}time_window_section\n{rows}NODE_COORD_SECTION{body}DEPOT_SECTION{rest}"
    assert read_data(text.encode()).problem.tasks[0].windows == read_data(VRPTW.encode()).problem.tasks[0].windows


def test_long_legs_with_small_loads_are_in_the_unit_of_the_file():
    """Only where loads are as large as legs are both ten-thousandths; metres of a country stay metres."""
    far = VRPSPD.replace("0 2 3\n4", "0 200000 3\n4")
    reading = read_data(far.encode())
    assert reading.measure.length(0, 1) == 200_000
    dethloff = read_data(far.replace("CAPACITY : 10", "CAPACITY : 100000").encode())
    assert dethloff.measure.length(0, 1) == 20


@pytest.mark.parametrize("sign", ["²", "①"])
def test_a_digit_that_is_no_number_is_refused(sign):
    """Raised and circled digits are digits to Python, and no numbers."""
    with pytest.raises(Problem):
        read_data(VRPTW.replace("DEPOT_SECTION\n1", f"DEPOT_SECTION\n{sign}").encode())
