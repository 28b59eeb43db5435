"""`takeback plan`: files in, checked solutions out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from takeback.cli import run
from takeback.cli.plan.common import demand_valid
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.collection import CollectionProblem, Depot, Location, Task, VehicleType, Window, formats
from takeback.plan.doors import Violation
from takeback.plan.grading.batteries import formats as battery_formats
from takeback.plan.grading.batteries.problem import BatteryGradingProblem, Readings
from takeback.plan.grading.goods import formats as goods_formats
from takeback.plan.grading.goods import problem as goods
from takeback.plan.grading.goods.standard import standard_checklists


@pytest.fixture
def day(tmp_path: Path) -> Path:
    """A file with a day of four pick-ups on a square around the depot."""
    places = np.array([[0, 0], [0, 1000], [1000, 1000], [1000, 0], [500, 2000]])
    metres = np.abs(places[:, None] - places[None]).sum(axis=2)
    problem = CollectionProblem(
        locations=tuple(Location(str(k)) for k in range(5)),
        distance_m=metres,
        duration_s=metres // 10,
        tasks=tuple(Task(f"order {k}", k, pickup=(1,)) for k in range(1, 5)),
        depots=(Depot("yard", 0),),
        vehicle_types=(VehicleType(id="van", count=2, capacity=(4,), shift=Window(0, 36_000), cost_per_km=1000),),
        load_dimensions=("packs",),
        currency="CNY",
    )
    file = tmp_path / "day.json"
    file.write_bytes(formats.problem_to_json(problem))
    return file


def test_collection_as_text(day: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A person reads the routes, the bound, the baseline and that the plan was checked."""
    assert run(["plan", "collection", str(day), "--iterations", "20"]) == 0
    printed = capsys.readouterr().out
    assert "van 1" in printed
    assert "no plan costs less than" in printed
    assert "nearest-neighbour" in printed
    assert "Checked; seed 0, 20 iterations" in printed


def test_collection_repeats_itself(day: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Same file, seed and iterations: the same plan, byte for byte apart from the seconds."""
    answers = []
    for _ in range(2):
        assert run(["plan", "collection", str(day), "--iterations", "20", "--seed", "7", "--json"]) == 0
        answer = json.loads(capsys.readouterr().out)
        answer["solution"].pop("seconds")
        answers.append(answer)
    assert answers[0] == answers[1]
    assert answers[0]["solution"]["seed"] == 7


def test_collection_writes_its_solution(day: Path, tmp_path: Path) -> None:
    """`--output` chooses the format by the file's name: CVRPLIB's, or Takeback's, which can be read back."""
    written = [tmp_path / "plan.sol", tmp_path / "plan.json"]
    for output in written:
        assert run(["plan", "collection", str(day), "--iterations", "20", "--output", str(output)]) == 0
    assert written[0].read_text().startswith("Route #1: order")
    assert len(formats.solution_from_json(written[1].read_bytes()).plan.routes) == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["day.json", "plan.json", "plan.sol"]


def test_a_missing_file_and_a_wrong_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there, is not a problem, or cannot be written: one sentence and a documented exit code."""
    assert run(["plan", "collection", str(tmp_path / "nothing.json")]) == 66
    assert "The file cannot be read." in capsys.readouterr().err
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"tasks": 3}')
    for engine in ("collection", "disposition"):
        assert run(["plan", engine, str(wrong)]) == 1
        assert capsys.readouterr().err


def test_a_folder_that_is_not_there(day: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the solution cannot be written, the command says so with an exit code of its own."""
    output = tmp_path / "missing" / "plan.json"
    assert run(["plan", "collection", str(day), "--iterations", "5", "--output", str(output)]) == 73
    assert "cannot be written" in capsys.readouterr().err


def test_a_wrong_solution_is_withheld() -> None:
    """What an engine's own check refuses never leaves the command line as an answer."""
    with pytest.raises(Problem) as caught:
        demand_valid([Violation("load.above-capacity", "route 1", 5, 4)])
    assert caught.value.exit_code == 70
    assert caught.value.title == msg("The solution does not pass its own check and is withheld.")
    demand_valid([])


def test_forecast(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A history goes in; the forecast comes with its interval, the naive one beside it and a verdict on the past."""
    history = tmp_path / "history.csv"
    weeks = [f"2026-W{week:02}" for week in range(1, 27)]
    rows = [f"Suzhou,{week},{100 + 3 * number}" for number, week in enumerate(weeks)]
    history.write_text("\n".join(["series,period,arrivals", *rows]), encoding="utf-8-sig")
    output = tmp_path / "ahead.csv"
    assert run(["plan", "forecast", str(history), "--horizon", "2", "--output", str(output)]) == 0
    printed = capsys.readouterr().out
    assert "2026-W28" in printed
    assert "naive" in printed
    assert "Checked; method" in printed
    assert output.read_text().startswith("series,period,mean,baseline,q")
    history.write_bytes("series,period,arrivals\n\u82cf\u5dde,1,3".encode("gb18030"))
    assert run(["plan", "forecast", str(history)]) == 66
    assert "not a text in UTF-8" in capsys.readouterr().err


def test_grading_of_goods(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of inspections is graded by its checklist, a thing in perfect order gets the best grade."""
    checklist = standard_checklists()["apparel"]
    answers = {question.code: question.answers[0].code for question in checklist.questions}
    inspections = (goods.Inspection("parcel 1", "shirts", "apparel", "bench 1", answers),)
    file, output = tmp_path / "goods.json", tmp_path / "grades.csv"
    file.write_bytes(goods_formats.problem_to_json(goods.GoodsGradingProblem({"apparel": checklist}, inspections)))
    assert run(["plan", "grading", str(file), "--output", str(output)]) == 0
    assert "A: 1" in capsys.readouterr().out
    assert output.read_text().splitlines()[1].startswith("parcel 1,shirts,bench 1,A,100")


def test_grading_of_batteries(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of capacity tests is graded by them: the state of health, in per cent of the nominal capacity."""
    readings = Readings.of_capacity(["pack 1", "pack 2"], [82.0, 61.0], sd_ah=0.5, nominal_ah=100.0)
    file = tmp_path / "packs.json"
    file.write_bytes(battery_formats.problem_to_json(BatteryGradingProblem(readings)))
    assert run(["plan", "grading", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["soh"] == pytest.approx([0.82, 0.61])
    assert run(["plan", "grading", str(file)]) == 0
    assert "pack 2" in capsys.readouterr().out


def test_grading_of_something_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of neither kind is refused by a problem, not by a trace of the program."""
    file = tmp_path / "odd.json"
    for content in ("not JSON", "[]", '{"format": 7}'):
        file.write_text(content)
        assert run(["plan", "grading", str(file)]) == 1
        assert re.search("grading.problem", capsys.readouterr().err)
