"""`takeback plan grading`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from takeback.cli import progress
from takeback.cli.answer import Answer, Shown, table
from takeback.cli.plan.common import Search, demand_valid, read, write
from takeback.plan.doors import OnProgress
from takeback.plan.grading.batteries import check as battery_check
from takeback.plan.grading.batteries import formats as battery_formats
from takeback.plan.grading.batteries import solution as meaning
from takeback.plan.grading.batteries.solve import solve as grade_batteries
from takeback.plan.grading.goods import check as goods_check
from takeback.plan.grading.goods import formats as goods_formats
from takeback.plan.grading.goods.checklist import GRADES
from takeback.plan.grading.goods.solve import solve as grade_goods

FIRST = 20  # rows shown; all are in the file and in the JSON


def grading(file: Path, /, *, output: Path | None = None, seed: int = 0) -> Answer:
    """Run the grading engine of the file's kind.

    Parameters
    ----------
    file:
        The problem in Takeback's JSON; `-` reads it from stdin.
    output:
        Write the grades here as CSV, one row a thing.
    seed:
        Deals batteries into folds where a model is learnt.
    """
    document, search = read(file), Search(seed=seed)
    with progress.search("Learning and grading") as on_progress:
        goods = _format(document) == goods_formats.PROBLEM_FORMAT
        grade = _goods if goods else _batteries
        solution, grades, shown = grade(document, search, on_progress)
    if output is not None:
        write(output, grades)
    return Answer(solution, shown)


class _Head(msgspec.Struct):
    format: str | None = None


def _format(document: bytes) -> str | None:
    try:
        return msgspec.json.decode(document, type=_Head).format
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None  # the engine's own reader says what is wrong


def _batteries(document: bytes, search: Search, on_progress: OnProgress) -> tuple[object, str, Sequence[Shown]]:
    problem = battery_formats.problem_from_json(document)
    solution = grade_batteries(problem, seed=search.seed, on_progress=on_progress)
    demand_valid(battery_check.check(problem, solution))
    rows = [
        {
            "battery": key,
            "SOH %": 100 * float(solution.soh[i]),
            "low": 100 * float(solution.low[i]),
            "high": 100 * float(solution.high[i]),
            "by": meaning.METHODS[int(solution.method[i])],
            "confidence": meaning.CONFIDENCE[int(solution.confidence[i])],
        }
        for i, key in enumerate(problem.readings.keys[:FIRST])
    ]
    wanted = sum(meaning.why_test(solution, i) is not None for i in range(len(solution.soh)))
    told = f"{len(solution.soh)} batteries; {wanted} should have a full capacity test."
    return solution, battery_formats.solution_to_csv(problem, solution), [table(rows), told, _done(solution.seconds)]


def _goods(document: bytes, search: Search, on_progress: OnProgress) -> tuple[object, str, Sequence[Shown]]:
    problem = goods_formats.problem_from_json(document)
    solution = grade_goods(problem, seed=search.seed, on_progress=on_progress)
    demand_valid(goods_check.check(problem, solution))
    rows = [
        {"item": inspection.key, "grade": GRADES[int(solution.grade[i])], "points": float(solution.score[i])}
        for i, inspection in enumerate(problem.inspections[:FIRST])
    ]
    counted = Counter(GRADES[grade] for grade in solution.grade.tolist())
    told = ", ".join(f"{grade}: {counted[grade]}" for grade in GRADES)
    return solution, goods_formats.solution_to_csv(problem, solution), [table(rows), told, _done(solution.seconds)]


def _done(seconds: float) -> str:
    return f"Checked; {seconds:.2f} s."
