"""Pictures and files of a plan: the day in bars, how the cost fell, codes to scan, what is taken away."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import segno
from msgspec.structs import replace

from takeback.core.message import Message, msg
from takeback.core.money import Money
from takeback.operate.plan_files import FILES, answer_of, plan_file, problem_of
from takeback.plan.collection.exports.tables import routes as route_table
from takeback.web.console import translations
from takeback.web.console.charts import DayScale, falling_chart, gantt_row, load_row, map_data, qr_code
from takeback.web.console.charts.gantt import bars
from takeback.web.console.formats import Formats
from takeback.web.console.views import CostPoint, Rest, Route, Stop
from takeback.web.pages.plan_states import States
from takeback.web.pages.stored_plan import provenance_of
from tests.web import sample_views

F = Formats(translations("en"))
BEGIN = datetime(2026, 11, 23, 6, tzinfo=UTC)


def test_a_load_profile_shows_places_where_they_are_counted() -> None:
    """Beside the kilograms stands the line of pallet places, and both figures are said; the fuller one counts."""
    plain = _route()
    stops = tuple(replace(stop, load_places=n % 3) for n, stop in enumerate(plain.stops))
    counted = replace(plain, stops=stops, capacity_places=2)
    day = SimpleNamespace(routes=(counted,), landmarks=())
    drawn = load_row(counted, DayScale(day, "UTC", F))
    assert 'class="places"' in drawn
    assert f"{counted.peak_places} / 2" in drawn
    assert counted.used == max(plain.used or 0, (counted.peak_places or 0) / 2)
    assert "places" not in load_row(plain, DayScale(day, "UTC", F))


def _at(minutes: int) -> datetime:
    return BEGIN + timedelta(minutes=minutes)


def _route() -> Route:
    """Rests from 10 to 40, waits from 60 to 70, loads until 90, unloads from 110 to 120, is back at 150 (minutes)."""
    place: dict[str, Any] = {"name": "A", "lat": 31.0, "lon": 120.0}
    return Route(
        number=1,
        vehicle="van 1",
        capacity_kg=100,
        km=10,
        stops=(
            Stop(**place, kind="depot", arrive=_at(0), leave=_at(0)),
            Stop(**place, kind="pickup", arrive=_at(60), begin=_at(70), leave=_at(90), opens=_at(70), closes=_at(80)),
            Stop(**place, kind="site", arrive=_at(110), leave=_at(120)),
            Stop(**place, kind="depot", arrive=_at(150), leave=_at(150)),
        ),
        rests=(Rest(begin=_at(10), end=_at(40)),),
    )


def test_the_bars_of_a_day_leave_no_gap() -> None:
    """Each minute from leaving to return is one thing: waiting for the break, the break, drive, wait, load, unload."""
    told = [(bar.kind, bar.begin, bar.end) for bar in bars(_route())]
    assert [kind for kind, _, _ in told] == ["wait", "break", "drive", "wait", "serve", "drive", "unload", "drive"]
    assert all(one[2] == other[1] for one, other in pairwise(told))
    assert (told[0][1], told[-1][2]) == (_at(0), _at(150))


def test_the_bars_of_every_route_of_a_plan_leave_no_gap() -> None:
    """The sample's routes, with a late stop, a wait and a break among them, too."""
    for route in sample_views.plan().routes:
        told = list(bars(route))
        assert all(one.end == other.begin for one, other in pairwise(told))
        assert told[-1].end == route.end


def test_a_late_stop_is_late_in_the_chart() -> None:
    """Its number and its window are red; a stop in time is not."""
    route = _route()
    scale = DayScale(SimpleNamespace(routes=(route,), landmarks=()), "UTC", F)
    assert " late" not in gantt_row(route, scale)
    late = replace(route.stops[1], closes=_at(65))
    row = gantt_row(replace(route, stops=(route.stops[0], late, *route.stops[2:])), scale)
    assert re.search(r'class="window late"', row)
    assert re.search(r'class="number late"', row)


def test_the_map_knows_what_was_done_and_what_failed() -> None:
    """A stop's state travels to the map only where there is one."""
    route = _route()
    done = replace(route.stops[1], done=_at(90))
    failed = replace(route.stops[2], failed=True)
    page = SimpleNamespace(routes=(replace(route, stops=(route.stops[0], done, failed, route.stops[3])),), landmarks=())
    stops = map_data(page, F)["routes"][0]["stops"]  # type: ignore[index]
    assert [stop.get("state") for stop in stops] == [None, "done", "failed", None]


def test_the_curve_names_the_first_and_the_best_cost() -> None:
    """It falls in steps and ends now; without a point there is no picture."""
    points = [CostPoint(seconds=s, cost=Money(m, "CNY")) for s, m in ((0.5, 120_000), (3.0, 110_000), (9.0, 100_000))]
    picture = falling_chart(points, 20.0, F)
    assert "¥1,200" in picture
    assert "¥1,000" in picture
    assert "20 s" in picture
    assert falling_chart([], 1.0, F) == ""


def test_a_code_holds_the_address() -> None:
    """As many dark modules as the code of this text has, with the margin that the norm asks for."""
    text = "https://console.example/drive/abc"
    made = segno.make_qr(text, error="m")
    drawn = qr_code(text, "code")
    assert drawn.count("h1v1h-1z") == sum(map(sum, made.matrix))
    side = made.symbol_size(border=4)[0]
    assert f'viewBox="0 0 {side} {side}"' in drawn
    assert "style=" not in drawn


STORED: dict[str, Any] = {
    "day": date(2026, 11, 23),
    "site": "Centre",
    "site_zh": "中心",
    "lat": 31.2,
    "lon": 121.4,
    "unserved": [
        {
            "order": "CO-9",
            "kind": "no-room",
            "msgid": "{why}; {change}",
            "params": {"why": {"msgid": "No vehicle has room and time left for it", "params": {}}, "change": "more"},
        }
    ],
    "routes": [
        {
            "vehicle": "VAN",
            "number": number,
            "capacity_kg": 2000,
            "departure_s": 25_200,
            "return_s": 32_400,
            "distance_m": 50_000,
            "cost_minor": 67_000,
            "cost_split": {"fixed": 30_000, "distance": 25_000, "time": 12_000, "overtime": 0},
            "co2_g": 31_000,
            "stops": [
                {
                    "order": f"CO-{number}",
                    "name": "Partner",
                    "name_zh": "伙伴",
                    "lat": 31.3,
                    "lon": 121.5,
                    "arrival_s": 27_000,
                    "departure_s": 28_800,
                    "load_kg": 300,
                    "pickup_kg": 300,
                    "window": [28_800, 61_200],
                    "items": [],
                }
            ],
        }
        for number in (1, 2)
    ],
}


def test_a_stored_plan_is_the_engines_again() -> None:
    """Costs are made up of what the stored ones are, and a reason within a reason is a message, too."""
    problem, answer = problem_of(STORED, currency="CNY", chinese=False), answer_of(STORED)
    table = route_table(problem, answer, STORED["day"])
    assert [row[7:12] for row in table.rows] == [(300.0, 250.0, 120.0, 0.0, 670.0)] * 2
    assert isinstance(answer.unserved[0].reason.params["why"], Message)
    assert str(answer.unserved[0].reason) == "No vehicle has room and time left for it; more"


@pytest.mark.parametrize("ending", FILES)
def test_every_file_is_written_in_both_languages(ending: str) -> None:
    """The names of places are those of the language."""
    files = {
        locale: plan_file(
            STORED, ending, currency="CNY", chinese=locale == "zh_Hans", gettext=translations(locale).gettext
        )
        for locale in ("en", "zh_Hans")
    }
    assert files["en"] != files["zh_Hans"] or ending == "gpx"
    if ending in {"csv", "geojson"}:
        assert "伙伴".encode() in files["zh_Hans"]


def test_where_a_plan_stands() -> None:
    """Accepted, sent, on the road, done; the others of its day are replaced, and old ones were driven."""
    site, plan, today = uuid4(), uuid4(), date(2026, 11, 23)

    def state(day: date, *, dispatched: bool = False, driving: bool = False, which: object = plan) -> str:
        row = SimpleNamespace(plan_id=plan, dispatched=dispatched, driving=driving)
        return States({(site, day): row}, today).of(which, site, day)  # type: ignore[dict-item, arg-type]

    yesterday = today - timedelta(days=1)
    assert state(today) == "accepted"
    assert state(today, dispatched=True) == "dispatched"
    assert state(today, dispatched=True, driving=True) == "driving"
    assert state(yesterday, dispatched=True, driving=True) == "done"
    assert state(today, which=uuid4()) == "replaced"
    assert States({}, today).of(plan, site, today) == "proposed"
    assert States({}, today).of(plan, site, yesterday) == "done"


def test_distances_say_where_they_come_from() -> None:
    """An estimate is called one; other sources are told as they were kept; without one nothing is said."""
    told = provenance_of({"provenance": "haversine x 1.3, 65 km/h; takeback 0.1; sha256:0123"})
    assert told == msg("straight line x {factor}, {speed} km/h: an estimate", factor="1.3", speed="65")
    assert provenance_of({"provenance": "own roads; lorry"}) == "own roads; lorry"
    assert provenance_of({}) == ""
