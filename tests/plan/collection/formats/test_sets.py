"""The layouts of other sets: small files by their meaning, the shared instances by their published solutions."""

from __future__ import annotations

import pytest

from takeback.core.problem import Problem
from takeback.plan.collection import Pause, Window, check
from takeback.plan.collection.formats import Rounding, plan_of, read_data, read_routes, read_set, solution_of
from takeback.plan.collection.formats.pvrpif import read_pvrpif
from tests.plan.collection.formats.samples import HENKE, JD, KIM, PVRPIF, SOLOMON, WANG_CHEN
from tests.reference import reference_data

FOLDERS = ("dethloff", "henke", "jd", "kim", "pvrpif", "salhi_nagy")

# Published with the instances (iolab-uniud/pvrpif-instances): day and nodes of each route, minutes in all.
MILANO_020_4_0 = (
    562,
    ((0, "18 12 20 8 21"), (0, "16 14 19 3 5 22 11 9 17 6 21"), (1, "5 7 2 13 21"), (1, "15 4 1 10 21"),
     (2, "16 14 19 3 5 22 11 9 17 21"), (2, "12 18 20 6 21"), (3, "15 4 1 10 21"), (3, "5 7 2 13 21")),
)  # fmt: skip
ROMA_040_4_8 = (
    552,
    ((0, "40 25 38 7 33 17 26 8 11 42 24 29 14 2 6 21 10 39 30 41"),
     (1, "22 23 15 35 9 18 19 34 42 3 8 27 37 36 7 32 20 28 41"), (1, "12 13 1 40 4 16 5 41"),
     (2, "40 25 38 7 33 31 17 26 8 42 11 24 29 14 2 6 21 39 30 41"),
     (3, "22 15 35 9 36 27 8 34 42 7 32 20 12 13 1 40 4 41 16 41")),
)  # fmt: skip


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_shared_instance_is_read(folder):
    """Each file of the reference data is a problem with tasks and vehicles, known by its content alone."""
    path = reference_data(f"routing/{folder}")
    files = [file for file in sorted(path.iterdir()) if file.suffix not in {".md", ".csv"} and file.name[0] != "F"]
    assert files
    for file in files:
        reading = read_data(file.read_bytes())
        assert reading.problem.tasks
        assert reading.problem.vehicle_types


@pytest.mark.parametrize(
    ("file", "solution", "vehicles", "cost"), [("200_1", "F201", 40, 64_083.374), ("200_2", "F202", 42, 64_378.146)]
)
def test_jd_solutions_cost_what_is_published(file, solution, vehicles, cost):
    """The best known solutions of Lei and Hao (2024) keep every rule and cost, to the cent, what they claim."""
    folder = reference_data("routing/jd")
    reading = read_set(folder / f"{file}.vrpsdptw")
    routes = read_routes((folder / f"{solution}.txt").read_text())
    answer = solution_of(reading.problem, routes.routes)
    assert check(reading.problem, answer) == []
    assert len(answer.plan.routes) == vehicles
    assert reading.cost(answer) == pytest.approx(cost, abs=0.005)
    assert reading.cost(answer) == pytest.approx(routes.cost, abs=0.05)
    assert answer.plan.objective == round(cost * 1_000)


@pytest.mark.parametrize(("file", "published"), [("Milano_020_4_0", MILANO_020_4_0), ("Roma_040_4_8", ROMA_040_4_8)])
def test_pvrpif_solutions_cost_what_is_published(file, published):
    """With the days of the published solution, its routes keep every rule and take the published minutes."""
    minutes, routes = published
    text = reference_data(f"routing/pvrpif/{file}.geojson").read_text()
    sites = {site.id for site in read_pvrpif(text).problem.sites}
    days: dict[str, list[int]] = {}
    for day, nodes in routes:
        for node in nodes.split():
            if node not in sites:
                days.setdefault(node, []).append(day)
    reading = read_pvrpif(text, days)
    of_day = {day: [nodes for one, nodes in routes if one == day] for day in range(4)}
    listed = [
        [node if node in sites else f"{node} day {day + 1}" for node in nodes.split()]
        for day in range(4)
        for nodes in [*of_day[day], "", ""][:2]
    ]
    answer = solution_of(reading.problem, listed)
    assert check(reading.problem, answer) == []
    assert reading.cost(answer) == answer.objective == minutes


@pytest.mark.parametrize(("file", "vehicles", "cost"), [("cdp101", 11, 976.041), ("rdp101", 19, 1650.8)])
def test_lists_of_lei_and_hao_are_read(file, vehicles, cost):
    """The number of vehicles and the cost of the first line, each customer once."""
    routes = read_routes(reference_data(f"routing/wang_chen/{file}.txt").read_text())
    customers = [one for route in routes.routes for one in route]
    assert (len(routes.routes), routes.cost) == (vehicles, cost)
    assert sorted(map(int, customers)) == list(range(1, 101))


def test_jd_units_lose_nothing():
    """Six decimals of load, whole metres, minutes as seconds; 300 a vehicle and 0.014 a metre, exactly."""
    reading = read_data(JD.encode())
    first = reading.problem.tasks[0]
    assert (first.delivery, first.pickup, first.windows) == ((23_300,), (39_600,), (Window(12_600, 14_400),))
    assert reading.problem.distance_m.tolist() == [[0, 57_611, 26_322], [57_000, 0, 1_000], [26_000, 1_100, 0]]
    assert reading.problem.duration_s[0, 1] == 68 * 60
    plan = plan_of(reading.problem, [["2", "1"]])
    assert plan.objective == 1_000 * 300 + 14 * (26_322 + 1_100 + 57_000)
    assert reading.cost(plan) == pytest.approx(300 + 0.014 * (26_322 + 1_100 + 57_000))
    assert reading.vehicles_max == 500


def test_solomon_wants_few_vehicles_first():
    """Unrounded, one vehicle more costs more than any distance it saves; cut after one decimal, distance is all."""
    reading = read_data(SOLOMON.encode())
    assert reading.vehicles_first
    together, alone = (plan_of(reading.problem, routes) for routes in ([["3", "2"], ["1"]], [["1"], ["2"], ["3"]]))
    assert together.objective < alone.objective
    assert reading.cost(together) == pytest.approx(2**0.5 + 74**0.5 + 10 + 10)
    dimacs = read_data(SOLOMON.encode(), rounding=Rounding.TRUNCATED)
    assert not dimacs.vehicles_first
    assert dimacs.problem.vehicle_types[0].cost_fixed == 0
    assert dimacs.cost(plan_of(dimacs.problem, [["3", "2"], ["1"]])) == pytest.approx(1.4 + 8.6 + 10 + 10)


def test_wang_chen_brings_and_takes():
    """Delivery and pickup stand in columns of their own; 25 vehicles are the most."""
    reading = read_data(WANG_CHEN.encode())
    assert [(task.delivery, task.pickup) for task in reading.problem.tasks] == [((10,), (30,)), ((30,), (10,))]
    assert (reading.vehicles_max, reading.problem.vehicle_types[0].count) == (25, 25)
    assert reading.problem.tasks[0].windows == (Window(9_120_000, 9_670_000),)


def test_henke_has_a_task_for_each_product():
    """Products are classes of goods; at most two compartments, in steps of a tenth of the capacity."""
    reading = read_data(HENKE.encode("latin-1"))
    assert [(task.id, task.location, task.goods, task.pickup) for task in reading.problem.tasks] == [
        ("1 product 1", 1, "product 1", (44,)),
        ("1 product 2", 1, "product 2", (64,)),
        ("2 product 1", 2, "product 1", (142,)),
        ("2 product 3", 2, "product 3", (9,)),
    ]
    (vehicle,) = reading.problem.vehicle_types
    assert (vehicle.compartments, vehicle.compartment_unit, vehicle.count) == (2, 100, 2)


def test_kim_has_landfills_a_lunch_and_a_yard_that_takes_nothing():
    """Times are HHMM, lengths feet along a street grid, 40 miles an hour is 58.67 feet a second."""
    reading = read_data(KIM.encode())
    (vehicle,) = reading.problem.vehicle_types
    assert vehicle.breaks == (Pause(39_600, 43_200, 3_600),)
    assert vehicle.capacity == (200,)
    assert not reading.problem.depots[0].takes_load
    assert reading.problem.depots[0].window == Window(4 * 3_600, 15 * 3_600)
    assert [site.id for site in reading.problem.sites] == ["1"]
    assert reading.problem.tasks[1].windows == (Window(0, 12 * 3_600 + 1_800),)
    assert reading.problem.distance_m[0, 3] == 10_560
    assert reading.problem.duration_s[0, 3] == 180
    assert reading.notes == ()
    plan = plan_of(reading.problem, [["2", "3", "1"]])
    assert reading.cost(plan) == pytest.approx((10_560 + 10_560 + 10_560 + 10_560) / 5_280)


@pytest.mark.parametrize(
    ("yardage", "capacity", "trips", "notes"),
    [("40.0", 200, 2, 0), ("16.0", 160, 1, 1), ("14.0", 140, 1, 1), ("9.0", 200, 2, 1)],
)
def test_kim_s_limit_of_a_day_is_kept_by_smaller_trips(yardage, capacity, trips, notes):
    """Trips share what a vehicle may collect in a day; where a stop would not fit, a note says that nobody minds it."""
    reading = read_data(KIM.replace("40.0\t", f"{yardage}\t").encode())
    (vehicle,) = reading.problem.vehicle_types
    assert (vehicle.capacity, vehicle.most_reloads) == ((capacity,), trips)
    assert len(reading.notes) == notes


def test_pvrpif_gives_each_visit_its_day():
    """One visit: a task a day, one of which is made; two visits: a scheme of equal distance; four: every day."""
    reading = read_data(PVRPIF.encode())
    groups = {task.id: task.group for task in reading.problem.tasks}
    assert [name for name, group in groups.items() if group == "1"] == [f"1 day {day}" for day in (1, 2, 3, 4)]
    assert sum(name.startswith("2 day") for name in groups) == 2
    assert {name.split()[-1] for name in groups if name[0] in "23"} == {"1", "2", "3", "4"}
    assert sum(name.startswith("4 day") for name in groups) == 4
    assert [vehicle.id for vehicle in reading.problem.vehicle_types] == ["day 1", "day 2", "day 3", "day 4"]
    assert len(reading.notes) == 1
    with pytest.raises(Problem) as caught:
        read_pvrpif(PVRPIF, {"2": (0, 1)})
    assert caught.value.where == "schemes[2]"


@pytest.mark.parametrize(
    ("text", "old", "new", "where"),
    [
        (JD, "1,0.023300,", "1,0.0233004,", "NODE_SECTION, node 1"),
        (JD, "210,240,30", "240,210,30", "NODE_SECTION, node 1"),
        (JD, "2,1,1100,4\n", "", "DISTANCETIME_SECTION"),
        (JD, "2,1,1100,4\n", "2,0,1100,4\n", "DISTANCETIME_SECTION, line 19"),
        (JD, "2,1,1100,4\n", "2,1,11.5,4\n", "DISTANCETIME_SECTION, line 19"),
        (JD, "UNITCOST : 0.014", "UNITCOST : 0.0140001", "UNITCOST"),
        (SOLOMON, "  3         50\n", "  3\n", "line 5"),
        (SOLOMON, "30         20 ", "30.5       20 ", "line 12"),
        (SOLOMON, "20        120 ", "200       120 ", "line 12"),
        (SOLOMON, "    2      6", "    7      6", "line 12"),
        (WANG_CHEN, "        90\n    2", "\n    2", "line 11"),
        (HENKE, "CAPACITY : 1000", "CAPACITY : 1001", "CAPACITY"),
        (HENKE, "3 142 0 9", "3 142 9", "DEMAND_SECTION, line 17"),
        (KIM, "0700 2400", "0760 2400", "line 9, early time"),
        (KIM, "12.00 1", "12.00 3", "line 9, stop type"),
        (KIM, "40\t", "0\t", "line 5, speed"),
        (KIM, "9999.00 0", "9999.00 1", "stop type"),
        (PVRPIF, '"frequency": 2.0', '"frequency": 3.0', "$.features[2].properties.frequency"),
        (PVRPIF, '"maxCapacity": 50', '"maxCapacity": 1e-320', "$.info.maxCapacity"),
        (PVRPIF, '"demand": 20.0', '"demand": 1e-12', "$.features"),
        (PVRPIF, '"planningHorizon": 4', '"planningHorizon": 0', "$.info.planningHorizon"),
        (PVRPIF, "[0.0, 1.0,", "[0.0,", "$.duration"),
        (PVRPIF, "[0.0, 1.0,", "[0.0, -1.0,", "$.duration[0]"),
        (PVRPIF, '"numVehicles": 1', '"numVehicles": "one"', "$"),
    ],
)
def test_a_broken_file_is_told_with_its_place(text, old, new, where):
    """Each kind of damage is named where it is, with what was found and what is right."""
    assert old in text
    with pytest.raises(Problem) as caught:
        read_data(text.replace(old, new, 1).encode(), "day.txt")
    assert caught.value.where == f"day.txt: {where}"
    assert caught.value.expected is not None


@pytest.mark.parametrize("data", [b"", b"   \n", b"hello", b"\x00\x01\x02", b"<html>", b"a,b\n1,2\n"])
def test_a_layout_that_nobody_knows_is_told(data):
    """No layout is guessed at: the known ones are named."""
    with pytest.raises(Problem) as caught:
        read_data(data, "x")
    assert caught.value.kind == "collection.unknown-format"


def test_a_file_that_is_not_there_is_told(tmp_path):
    """A missing file is a problem with its path."""
    with pytest.raises(Problem) as caught:
        read_set(tmp_path / "nothing.vrp")
    assert "nothing.vrp" in str(caught.value.where)


def test_a_file_of_wang_and_chen_that_is_cut_off_is_told():
    """The file says how many customers it has."""
    with pytest.raises(Problem) as told:
        read_data(WANG_CHEN.replace("   2        25", "   5        25").encode())
    assert told.value.where == "CUSTOMER"
