"""Grade inspected goods by their checklists."""

from __future__ import annotations

from concurrent.futures import Executor

import numpy as np

from takeback.core.message import msg
from takeback.plan.doors import Budget, OnProgress, Stopwatch
from takeback.plan.grading.goods.checklist import GRADES, Answer, Checklist, Question
from takeback.plan.grading.goods.problem import GoodsGradingProblem, Inspection
from takeback.plan.grading.goods.solution import FloatArray, GoodsGradingSolution, IntArray, Step

VERSION = "goods grading 1"


def solve(
    problem: GoodsGradingProblem,
    *,
    budget: Budget | None = None,
    seed: int = 0,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
) -> GoodsGradingSolution:
    """Return the grades. A fixed, small amount of work: `budget`, `executor` and `on_progress` are not needed."""
    watch = Stopwatch()
    graded = [_graded(problem.checklists[i.checklist], i) for i in problem.inspections]
    grade = np.array([grade for grade, _, _ in graded], dtype=np.int64)
    return GoodsGradingSolution(
        grade=grade,
        score=np.array([score for _, score, _ in graded], dtype=np.float64),
        belief=_beliefs(problem, grade),
        trace=tuple(trace for _, _, trace in graded),
        seconds=watch.seconds,
        seed=seed,
        version=VERSION,
    )


def _graded(checklist: Checklist, inspection: Inspection) -> tuple[int, float, tuple[Step, ...]]:
    steps, score, worst = [], 100.0, 0
    for question in checklist.questions:
        answer = next(a for a in question.answers if a.code == inspection.answers[question.code])
        points = question.weight * answer.severity
        score -= points
        if answer.cap is not None:
            worst = max(worst, GRADES.index(answer.cap))
        if points > 0 or answer.cap is not None:
            steps.append(_step(question, answer, points))
    score = max(0.0, score)
    reached = next((g for g, least in enumerate(checklist.thresholds) if score >= least), len(GRADES) - 1)
    steps.sort(key=lambda step: (step.cap is None or GRADES.index(step.cap) < max(worst, reached), -step.points))
    return max(reached, worst), score, tuple(steps)


def _step(question: Question, answer: Answer, points: float) -> Step:
    told = {"question": question.text, "answer": answer.text, "points": f"{points:g}", "grade": answer.cap}
    if answer.cap is None:
        text = msg("{question} {answer} (minus {points} points)", **told)
    elif points == 0:
        text = msg("{question} {answer} (grade {grade} at best)", **told)
    else:
        text = msg("{question} {answer} (minus {points} points, grade {grade} at best)", **told)
    return Step(question.code, answer.code, points, answer.cap, text)


def _beliefs(p: GoodsGradingProblem, grade: IntArray) -> FloatArray:
    """Return (n, G) by Bayes: how common each grade is x how likely the station says what it said."""
    known = {station: p.calibration.confusion(station) for station in {i.station for i in p.inspections}}
    joint = np.empty((len(grade), len(GRADES)))
    for row, (inspection, seen) in enumerate(zip(p.inspections, grade.tolist(), strict=True)):
        joint[row] = p.share_of(inspection.category) * known[inspection.station][:, seen]
    total = joint.sum(axis=1, keepdims=True)
    observed = np.eye(len(GRADES))[grade]
    # A grade that the category's shares call impossible was seen all the same: then the inspector is believed.
    return np.where(total > 0, joint / np.where(total > 0, total, 1.0), observed)
