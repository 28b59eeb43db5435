"""`takeback plan collection`: every layout in, every kind of file out, solutions checked."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from takeback.cli import run
from takeback.plan.collection import formats
from takeback.web.console import catalogue
from tests.plan.collection.conftest import make_city
from tests.plan.collection.formats import samples
from tests.reference import reference_data

SHORT = ["--iterations", "10"]


@pytest.fixture
def day(tmp_path: Path) -> Path:
    """A day of six stops in a city, one of which is named like a formula."""
    problem = make_city(6, 2, windows=False)
    document = json.loads(formats.problem_to_json(problem))
    document["tasks"][0]["id"] = "=1+1"
    file = tmp_path / "day.json"
    file.write_text(json.dumps(document))
    return file


@pytest.mark.parametrize("name", samples.ALL)
def test_every_layout_is_planned(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file's name says nothing, the answer names layout and cost in the set's own unit."""
    file = tmp_path / "problem.txt"
    file.write_text(samples.ALL[name])
    assert run(["plan", "collection", str(file), *SHORT, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    reading = formats.read_set(file)
    assert answer["layout"] == reading.format
    solution = formats.solution_from_json(json.dumps({key: answer[key] for key in ("format", "solution")}))
    assert answer["cost"] == pytest.approx(reading.cost(solution))
    assert answer["vehicles_max"] == reading.vehicles_max


def test_files_are_written_by_their_suffix(day: Path, tmp_path: Path) -> None:
    """Each suffix writes its kind of file, with every stop in it; the day makes moments of times."""
    for suffix in (".csv", ".xlsx", ".geojson", ".gpx", ".html"):
        output = tmp_path / f"plan{suffix}"
        assert run(["plan", "collection", str(day), *SHORT, "--output", str(output), "--day", "2026-11-25"]) == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "plan.csv").read_text("utf-8-sig"))))
    stops = {row["task or site"]: row for row in rows if row["what"] == "stop"}
    assert set(stops) == {"'=1+1", "t2", "t3", "t4", "t5", "t6"}
    assert all(row["arrives"].startswith("2026-11-2") for row in stops.values())
    assert openpyxl.load_workbook(tmp_path / "plan.xlsx")["Stops"].max_row == len(rows) + 1
    features = json.loads((tmp_path / "plan.geojson").read_text())["features"]
    assert sum(one["properties"]["kind"] == "stop" for one in features) == 6
    assert "<rtept" in (tmp_path / "plan.gpx").read_text()
    assert "=1+1" in (tmp_path / "plan.html").read_text()


def test_headers_speak_chinese(day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--language zh` asks the catalogue of the console for each header."""
    asked: list[str] = []
    monkeypatch.setattr(catalogue.Translations, "gettext", lambda self, text: (asked.append(text), "词")[1])
    output = tmp_path / "plan.csv"
    assert run(["plan", "collection", str(day), *SHORT, "--output", str(output), "--language", "zh"]) == 0
    assert {"vehicle", "arrives", "leaves"} <= set(asked)
    assert output.read_text("utf-8-sig").startswith("词,词")


def test_a_suffix_that_says_nothing_is_refused_before_the_search(
    day: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The known suffixes are named, nothing is written."""
    output = tmp_path / "plan.doc"
    assert run(["plan", "collection", str(day), "--output", str(output)]) == 2
    assert ".xlsx" in capsys.readouterr().err
    assert not output.exists()


@pytest.mark.parametrize("suffix", [".sol", ".json"])
def test_what_was_written_passes_the_check(
    day: Path, tmp_path: Path, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A plan that was written is read back and keeps every rule."""
    output = tmp_path / f"plan{suffix}"
    assert run(["plan", "collection", str(day), *SHORT, "--output", str(output)]) == 0
    assert run(["plan", "collection", str(day), "--check", str(output)]) == 0
    assert "it keeps every rule" in capsys.readouterr().out


def test_a_changed_plan_fails_the_check(day: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A figure that is wrong, a stop that is missing, a task that is not there: exit code 1 and the rule."""
    output = tmp_path / "plan.json"
    assert run(["plan", "collection", str(day), *SHORT, "--output", str(output)]) == 0
    document = json.loads(output.read_text())
    document["solution"]["plan"]["routes"][0]["cost"] -= 1
    output.write_text(json.dumps(document))
    capsys.readouterr()
    assert run(["plan", "collection", str(day), "--check", str(output), "--json"]) == 1
    assert "cost.figure" in {one["rule"] for one in json.loads(capsys.readouterr().out)["violations"]}
    short = tmp_path / "short.sol"
    short.write_text("Route #1: t2 t3\n")
    assert run(["plan", "collection", str(day), "--check", str(short)]) == 1
    assert "task.required" in capsys.readouterr().out
    short.write_text("Route #1: t2 nobody\n")
    assert run(["plan", "collection", str(day), "--check", str(short)]) == 1
    assert "nobody" in capsys.readouterr().err


def test_a_plan_of_another_day_fails_the_check(day: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It names vehicles and tasks that are not there: told as rules that are broken; nothing is written of it."""
    plan, other, output = tmp_path / "plan.json", tmp_path / "other.txt", tmp_path / "out.csv"
    assert run(["plan", "collection", str(day), *SHORT, "--output", str(plan)]) == 0
    other.write_text(samples.VRPTW)
    capsys.readouterr()
    assert run(["plan", "collection", str(other), "--check", str(plan), "--output", str(output), "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert "task.unknown" in {one["rule"] for one in answer["violations"]}
    assert answer["cost"] is None
    assert not output.exists()
    plan.write_text("{}")
    assert run(["plan", "collection", str(other), "--check", str(plan)]) == 1
    assert "plan.json" in capsys.readouterr().err


def test_a_published_solution_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    """JD's best known solution for 200_1: 40 vehicles, 64 083.37, every rule kept."""
    folder = reference_data("routing/jd")
    arguments = [str(folder / "200_1.vrpsdptw"), "--check", str(folder / "F201.txt")]
    assert run(["plan", "collection", *arguments]) == 0
    printed = capsys.readouterr().out
    assert "40 of 500 vehicles, cost 64,083.3740" in printed


def test_rounding_is_chosen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Lengths cut after one decimal count differently from real ones."""
    file = tmp_path / "small.txt"
    file.write_text(samples.VRPTW)
    costs = []
    for rounding in ("truncated", "none"):
        assert run(["plan", "collection", str(file), *SHORT, "--rounding", rounding, "--json"]) == 0
        costs.append(json.loads(capsys.readouterr().out)["cost"])
    assert costs[0] < costs[1] < costs[0] + 1


def test_seconds_may_be_called_budget(day: Path) -> None:
    """`--budget` and `--seconds` are other names of `--budget-seconds`."""
    for name in ("--budget", "--seconds", "--budget-seconds"):
        assert run(["plan", "collection", str(day), name, "0.1"]) == 0


def test_processes_search_side_by_side(day: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two processes give the same plan as one, with the same iterations and seed."""
    costs = []
    for processes in ("1", "2"):
        arguments = ["--iterations", "60", "--processes", processes, "--json"]
        assert run(["plan", "collection", str(day), *arguments]) == 0
        costs.append(json.loads(capsys.readouterr().out)["solution"]["plan"]["objective"])
    assert costs[0] == costs[1]


def test_a_search_that_begins_with_a_plan_ends_no_worse(
    day: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What `--start` names keeps the rules and is never given up for something dearer."""
    good = tmp_path / "good.sol"
    assert run(["plan", "collection", str(day), "--iterations", "600", "--output", str(good)]) == 0
    capsys.readouterr()
    assert run(["plan", "collection", str(day), "--iterations", "1", "--start", str(good), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["cost"] <= formats.read_routes(good.read_text()).cost
    good.write_text("Route #1: t2 nobody\n")
    assert run(["plan", "collection", str(day), "--iterations", "1", "--start", str(good)]) == 1
    assert "nobody" in capsys.readouterr().err
