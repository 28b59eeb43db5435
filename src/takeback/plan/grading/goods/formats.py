"""Checklists and goods gradings as JSON and CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

import msgspec
import numpy as np

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.plan.grading.goods.calibration import Calibration
from takeback.plan.grading.goods.checklist import GRADES, Answer, Checklist, Question
from takeback.plan.grading.goods.problem import GoodsGradingProblem, Inspection
from takeback.plan.grading.goods.solution import GoodsGradingSolution, Step

PROBLEM_FORMAT = "takeback-goods-grading-problem/1"
SOLUTION_FORMAT = "takeback-goods-grading-solution/1"
INSPECTED = ("item", "category", "checklist", "station")
CHECKLIST_FORMAT = "takeback-checklist/1"
UNREADABLE = (msgspec.DecodeError, KeyError, TypeError, ValueError)


def checklist_to_json(checklist: Checklist) -> bytes:
    """Return a checklist as a JSON document that a person can edit."""
    return msgspec.json.format(msgspec.json.encode({"format": CHECKLIST_FORMAT, **_checklist(checklist)}), indent=2)


def checklist_from_json(document: bytes) -> Checklist:
    """Return the checklist of a document. Raises `Problem` (`grading.unreadable`, `grading.bad-checklist`)."""
    try:
        return _read_checklist(_body(document, CHECKLIST_FORMAT))
    except UNREADABLE as error:
        raise _unreadable(error, CHECKLIST_FORMAT) from error


def problem_to_json(problem: GoodsGradingProblem) -> bytes:
    """Return a problem as a JSON document (UTF-8)."""
    c = problem.calibration
    body = {
        "format": PROBLEM_FORMAT,
        "checklists": [_checklist(checklist) for checklist in problem.checklists.values()],
        "inspections": problem.inspections,
        "calibration": {"stations": c.stations, "counts": c.counts.tolist(), "pooled": c.pooled.tolist()},
        "shares": {category: share.tolist() for category, share in problem.shares.items()},
    }
    return msgspec.json.encode(body)


def problem_from_json(document: bytes) -> GoodsGradingProblem:
    """Return the problem of a document. Raises `Problem` (`grading.unreadable`, `grading.bad-inspection`, ...)."""
    try:
        body = _body(document, PROBLEM_FORMAT)
        checklists = [_read_checklist(part) for part in body["checklists"]]
        c, size = body["calibration"], len(GRADES)
        counts = np.array(c["counts"], dtype=np.float64).reshape(-1, size, size)
        return GoodsGradingProblem(
            {checklist.name: checklist for checklist in checklists},
            tuple(Inspection(**part) for part in body["inspections"]),
            Calibration(tuple(c["stations"]), counts, np.array(c["pooled"], dtype=np.float64)),
            {category: np.array(share, dtype=np.float64) for category, share in body["shares"].items()},
        )
    except UNREADABLE as error:
        raise _unreadable(error, PROBLEM_FORMAT) from error


def inspections_from_csv(text: str) -> tuple[Inspection, ...]:
    """Return the inspections of a table: `item`, `category`, `checklist`, `station`, then a column per question.

    An empty cell means that the question was not on that item's checklist. Raises `Problem`
    (`grading.unreadable-table`) where one of the four columns is absent; answers are checked by the problem.
    """
    table = csv.DictReader(io.StringIO(text))
    missing = [name for name in INSPECTED if name not in (table.fieldnames or ())]
    if missing:
        title = msg("A column is missing.")
        raise Problem("grading.unreadable-table", title, where="row 1", expected=", ".join(missing))
    return tuple(
        Inspection(
            row["item"],
            row["category"],
            row["checklist"],
            row["station"],
            {name: value for name, value in row.items() if name and value and name not in INSPECTED},
        )
        for row in table
    )


def solution_to_json(solution: GoodsGradingSolution) -> bytes:
    """Return the solution as a JSON document (UTF-8); sentences as `msgid` and `params`."""
    body = {
        "format": SOLUTION_FORMAT,
        "grade": [GRADES[grade] for grade in solution.grade.tolist()],
        "score": solution.score.tolist(),
        "belief": solution.belief.tolist(),
        "trace": [[_step(step) for step in steps] for steps in solution.trace],
        "seconds": solution.seconds,
        "seed": solution.seed,
        "version": solution.version,
    }
    return msgspec.json.encode(body)


def solution_from_json(document: bytes) -> GoodsGradingSolution:
    """Return the solution of a document. Raises `Problem` (`grading.unreadable`)."""
    try:
        body = _body(document, SOLUTION_FORMAT)
        return GoodsGradingSolution(
            np.array([GRADES.index(grade) for grade in body["grade"]], dtype=np.int64),
            np.array(body["score"], dtype=np.float64),
            np.array(body["belief"], dtype=np.float64).reshape(-1, len(GRADES)),
            tuple(tuple(Step(**{**s, "text": _sentence(s["text"])}) for s in steps) for steps in body["trace"]),
            float(body["seconds"]),
            int(body["seed"]),
            str(body["version"]),
        )
    except UNREADABLE as error:
        raise _unreadable(error, SOLUTION_FORMAT) from error


def solution_to_csv(problem: GoodsGradingProblem, solution: GoodsGradingSolution) -> str:
    """Return one row per item: grade, points, probability of each true grade, and the reasons in words."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["item", "category", "station", "grade", "points", *(f"p_{name}" for name in GRADES), "reasons"])
    for i, inspection in enumerate(problem.inspections):
        table.writerow(
            [
                inspection.key,
                inspection.category,
                inspection.station,
                GRADES[int(solution.grade[i])],
                f"{float(solution.score[i]):g}",
                *(f"{share:.4f}" for share in solution.belief[i].tolist()),
                " ".join(str(step.text) + "." for step in solution.trace[i]),
            ]
        )
    return out.getvalue()


def _checklist(checklist: Checklist) -> dict[str, Any]:
    return {
        "name": checklist.name,
        "version": checklist.version,
        "source": checklist.source,
        "thresholds": dict(zip(GRADES, checklist.thresholds, strict=False)),
        "questions": [
            {
                "code": question.code,
                "topic": question.topic,
                "text": question.text.msgid,
                "weight": question.weight,
                "answers": [
                    {"code": a.code, "text": a.text.msgid, "severity": a.severity, "cap": a.cap}
                    for a in question.answers
                ],
            }
            for question in checklist.questions
        ],
    }


def _read_checklist(body: dict[str, Any]) -> Checklist:
    questions = tuple(
        Question(
            q["code"],
            q["topic"],
            Message(q["text"]),
            float(q["weight"]),
            tuple(Answer(a["code"], Message(a["text"]), float(a["severity"]), a["cap"]) for a in q["answers"]),
        )
        for q in body["questions"]
    )
    a, b, c, d = (float(body["thresholds"][name]) for name in GRADES[:-1])
    return Checklist(body["name"], body["version"], questions, (a, b, c, d), body["source"])


def _body(document: bytes, name: str) -> dict[str, Any]:
    body = msgspec.json.decode(document, type=dict[str, Any])
    if body.get("format") != name:
        raise ValueError(f"format {body.get('format')}")
    return body


def _unreadable(error: Exception, name: str) -> Problem:
    title = msg("The document cannot be read.")
    return Problem("grading.unreadable", title, found=f"{type(error).__name__}: {error}", expected=name)


def _step(step: Step) -> dict[str, Any]:
    told = {"question": step.question, "answer": step.answer, "points": step.points, "cap": step.cap}
    return {**told, "text": _told(step.text)}


def _told(value: object) -> Any:
    if not isinstance(value, Message):
        return value
    return {"msgid": value.msgid, "params": {name: _told(part) for name, part in value.params.items()}}


def _sentence(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return Message(value["msgid"], {name: _sentence(part) for name, part in value["params"].items()})
