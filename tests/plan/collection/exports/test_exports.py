"""Exports: every stop with its time, load and place; costs that add up; nothing that a program would execute."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
import segno

from takeback.core.message import msg
from takeback.plan.collection import (
    BreakTaken,
    CollectionProblem,
    Depot,
    Location,
    Plan,
    Route,
    Site,
    Stop,
    Task,
    Unserved,
    VehicleType,
    exports,
    nearest_neighbour,
)
from takeback.plan.collection.exports.tables import clock, routes
from tests.plan.collection.strategies import rich_problem

EVIL = ["=HYPERLINK(1)", "+1", "-1+1", "@SUM(1)", "\t=1", "  =1", "＝1"]
DAY = date(2026, 11, 25)


@pytest.fixture
def problem() -> CollectionProblem:
    """A depot, a tip, three tasks of which one is left, a van with overtime."""
    return CollectionProblem(
        locations=tuple(Location(f"p{k}", 31 + k / 10, 121) for k in range(5)),
        distance_m=[[abs(a - b) * 1000 for b in range(5)] for a in range(5)],
        duration_s=[[abs(a - b) * 600 for b in range(5)] for a in range(5)],
        tasks=(Task("a", 1, delivery=(1,), pickup=(5,)), Task("b", 2, pickup=(6,)), Task("<c>&", 3, prize=100)),
        depots=(Depot("yard", 0),),
        vehicle_types=(
            VehicleType(
                "van",
                1,
                (9,),
                cost_fixed=1_000,
                cost_per_km=150,
                cost_per_hour=3_600,
                max_duration_s=3_600,
                max_overtime_s=3_600,
                cost_per_overtime_hour=1_800,
                most_reloads=1,
                co2_g_per_km=250,
            ),
        ),
        load_dimensions=("kg",),
        currency="CNY",
        sites=(Site("tip", 4, service_s=300),),
    )


@pytest.fixture
def plan() -> Plan:
    """The van takes a, empties at the tip after a break, takes b and comes home."""
    route = Route(
        "van",
        1,
        28_800,
        35_000,
        (1,),
        (
            Stop("a", 29_400, 29_400, 29_400, (5,)),
            Stop("", 31_800, 31_800, 32_100, (0,), "tip"),
            Stop("b", 33_300, 33_300, 33_300, (6,)),
        ),
        8_000,
        6_200,
        1_000 + 1_200 + 6_200 + 1_300,
        (BreakTaken(1, 29_400, 30_000),),
    )
    return Plan.of([route], [Unserved("<c>&", "not-worth", msg("It costs {more} more", more=3))], 100)


def _csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_csv_has_every_stop_break_site_and_task_left(problem, plan):
    """The way of the vehicle in its order, with times and loads; what is left with its reason."""
    rows = _csv(exports.to_csv(problem, plan))
    assert [row["what"] for row in rows] == ["depot", "stop", "break", "site", "stop", "depot", "left out"]
    assert [row["task or site"] for row in rows] == ["yard", "a", "", "tip", "b", "yard", "<c>&"]
    assert (rows[1]["arrives"], rows[1]["kg brought"], rows[1]["kg taken"], rows[1]["kg aboard"]) == (
        "08:10",
        "1",
        "5",
        "5",
    )
    assert rows[2]["begins"] == "08:10"
    assert rows[-1]["reason"] == "It costs 3 more"
    assert [row["cost"] for row in rows] == ["", "", "", "", "", "97.0", ""]
    assert (rows[5]["km"], rows[5]["cost of overtime"], rows[5]["kg CO2"]) == ("8.0", "13.0", "2.0")


def test_moments_carry_the_day_where_it_is_known(problem, plan):
    """With a date the times are moments; a time after midnight lies on the next day."""
    assert _csv(exports.to_csv(problem, plan, day=DAY))[1]["arrives"] == "2026-11-25 08:10"
    assert clock(86_400 + 61, DAY) == "2026-11-26 00:01:01"
    assert clock(86_400 + 61) == "1+00:01:01"
    features = json.loads(exports.to_geojson(problem, plan, day=DAY))["features"]
    assert any(one["properties"].get("arrival") == "2026-11-25T08:10:00" for one in features)


def test_the_parts_of_a_cost_add_up_to_it(problem, plan):
    """Vehicle, distance, time and overtime together are the route's cost, in the currency's own unit."""
    (row,) = routes(problem, plan).rows
    assert row[7:12] == (10.0, 12.0, 62.0, 13.0, 97.0)
    assert row[13] == 2.0  # kg of CO2


def test_excel_has_three_sheets(problem, plan):
    """Routes, stops, tasks left; numbers are numbers."""
    book = openpyxl.load_workbook(io.BytesIO(exports.to_xlsx(problem, plan)))
    assert book.sheetnames == ["Routes", "Stops", "Left out"]
    assert book["Routes"]["G2"].value == 8
    assert book["Stops"].max_row == 7


@pytest.mark.parametrize("evil", EVIL)
def test_no_text_becomes_a_formula(problem, plan, evil):
    """A task named like a formula stays a text in CSV and in Excel."""
    tasks = (replace(problem.tasks[0], id=evil), *problem.tasks[1:])
    (route,) = plan.routes
    stops = (replace(route.stops[0], task=evil), *route.stops[1:])
    plan = replace(plan, routes=(replace(route, stops=stops),))
    problem = replace(problem, tasks=tasks)
    assert f"'{evil}" in {row["task or site"] for row in _csv(exports.to_csv(problem, plan))}
    book = openpyxl.load_workbook(io.BytesIO(exports.to_xlsx(problem, plan)))
    cells = [cell for row in book["Stops"] for cell in row if cell.value == evil]
    assert [cell.data_type for cell in cells] == ["s"]


def test_control_characters_break_no_file(problem, plan):
    """What XML cannot hold is replaced, in Excel and in GPX."""
    problem = replace(problem, depots=(replace(problem.depots[0], id="ya\x00\x0brd"),))
    ET.fromstring(exports.to_gpx(problem, plan))
    openpyxl.load_workbook(io.BytesIO(exports.to_xlsx(problem, plan)))


def test_gpx_has_a_route_of_points_for_each_vehicle(problem, plan):
    """Depot, stops and sites in their order, with coordinates and names; it is XML of GPX 1.1."""
    tree = ET.fromstring(exports.to_gpx(problem, plan))
    space = {"g": "http://www.topografix.com/GPX/1/1"}
    assert [one.text for one in tree.findall("g:rte/g:rtept/g:name", space)] == ["yard", "a", "tip", "b", "yard"]
    assert tree.find("g:rte/g:rtept", space).attrib == {"lat": "31.0000000", "lon": "121.0000000"}


def test_places_without_coordinates_are_left_out_of_maps(problem, plan):
    """A plan without coordinates still makes valid files."""
    bare = replace(problem, locations=tuple(replace(one, lat=None, lon=None) for one in problem.locations))
    assert b"rtept" not in exports.to_gpx(bare, plan)
    assert json.loads(exports.to_geojson(bare, plan))["features"] == []


def test_driver_sheets_escape_what_people_typed(problem, plan):
    """A page a route, names as texts, never as markup; nothing is loaded from elsewhere."""
    page = exports.to_html(problem, plan).decode()
    assert page.count("<section>") == 2
    assert "&lt;c&gt;&amp;" in page
    assert "<c>" not in page
    assert "http" not in page


def test_driver_sheets_have_a_code_for_each_place(problem, plan):
    """A phone that reads the code beside a stop gets its coordinates; without coordinates there is no such column."""
    page = exports.to_html(problem, plan).decode()
    first = problem.locations[next(t.location for t in problem.tasks if t.id == plan.routes[0].stops[0].task)]
    code = segno.make_qr(f"geo:{first.lat:.6f},{first.lon:.6f}", error="m")
    assert code.svg_inline(border=2, omitsize=True) in page
    bare = replace(problem, locations=tuple(replace(one, lat=None, lon=None) for one in problem.locations))
    assert "segno" not in exports.to_html(bare, plan).decode().replace("svg.segno", "")


def test_the_day_of_driver_sheets_stands_above_them(problem, plan):
    """Times in the table are those of the clock alone; the date is said once a page."""
    page = exports.to_html(problem, plan, day=DAY).decode()
    assert page.count(f"{DAY:%Y-%m-%d}") == len(plan.routes)


def test_headers_and_reasons_speak_the_language_asked_for(problem, plan):
    """`gettext` is asked for every header and reason, in each export that has words."""
    page = exports.to_html(problem, plan, gettext=str.upper).decode()
    assert "TASK OR SITE" in page
    assert "DRIVER SHEETS" in page
    assert "IT COSTS" in exports.to_csv(problem, plan, gettext=str.upper).decode()
    assert "ROUTES" in openpyxl.load_workbook(io.BytesIO(exports.to_xlsx(problem, plan, gettext=str.upper))).sheetnames


@pytest.mark.parametrize("seed", range(12))
def test_any_plan_is_written_in_every_form(seed):
    """Rich days planned by nearest neighbours: each export has all stops, whatever the day's features."""
    problem = rich_problem(seed)
    plan = nearest_neighbour(problem)
    count = sum(len(route.stops) + len(route.breaks) + 2 for route in plan.routes) + len(plan.unserved)
    assert len(_csv(exports.to_csv(problem, plan))) == count
    book = openpyxl.load_workbook(io.BytesIO(exports.to_xlsx(problem, plan)))
    assert book["Stops"].max_row + book["Left out"].max_row == count + 2
    ET.fromstring(exports.to_gpx(problem, plan))
    json.loads(exports.to_geojson(problem, plan, day=DAY))
    assert exports.to_html(problem, plan).decode().count("<section>") == len(plan.routes) + bool(plan.unserved)
