"""Verify grades from the problem's definition, in plain Python, sharing nothing with the engine."""

from __future__ import annotations

import math
from collections.abc import Iterator

from takeback.plan.doors import Violation
from takeback.plan.grading.goods.problem import GoodsGradingProblem, Inspection
from takeback.plan.grading.goods.solution import GoodsGradingSolution

TOLERANCE = 1e-9
NAMES = "ABCDE"


def check(problem: GoodsGradingProblem, solution: GoodsGradingSolution) -> list[Violation]:
    """Return every statement of `solution` that does not follow from `problem`; empty = it is what it says."""
    n = len(problem.inspections)
    shapes = {"grade": (n,), "score": (n,), "belief": (n, len(NAMES))}
    wrong = [
        Violation("solution.shape", name, getattr(solution, name).shape, shape)
        for name, shape in shapes.items()
        if getattr(solution, name).shape != shape
    ]
    if len(solution.trace) != n:
        wrong.append(Violation("solution.shape", "trace", len(solution.trace), n))
    if wrong:
        return wrong
    return [v for i, inspection in enumerate(problem.inspections) for v in _item(problem, solution, i, inspection)]


def _item(p: GoodsGradingProblem, s: GoodsGradingSolution, i: int, inspection: Inspection) -> Iterator[Violation]:
    costs = _costs(p, inspection)
    score = max(0.0, 100.0 - math.fsum(points for points, _ in costs.values()))
    if abs(float(s.score[i]) - score) > TOLERANCE:
        yield Violation("score.wrong", inspection.key, float(s.score[i]), score)
    grade = NAMES[min(_by_points(p, inspection, score), 4)]
    grade = max([grade, *(cap for _, cap in costs.values() if cap is not None)])
    if int(s.grade[i]) != NAMES.index(grade):
        yield Violation("grade.wrong", inspection.key, int(s.grade[i]), NAMES.index(grade))
        return
    told = {step.question: (step.points, step.cap) for step in s.trace[i]}
    matters = {code: cost for code, cost in costs.items() if cost != (0.0, None)}
    if told != matters or any(step.answer != inspection.answers[step.question] for step in s.trace[i]):
        yield Violation("trace.wrong", inspection.key, sorted(told), sorted(matters))
    for g, (found, expected) in enumerate(zip(s.belief[i].tolist(), _belief(p, inspection, grade), strict=True)):
        if abs(found - expected) > TOLERANCE:
            yield Violation("belief.wrong", f"{inspection.key}, grade {NAMES[g]}", found, expected)


def _costs(p: GoodsGradingProblem, inspection: Inspection) -> dict[str, tuple[float, str | None]]:
    """Return points and cap of each question's answer."""
    return {
        question.code: (question.weight * answer.severity, answer.cap)
        for question in p.checklists[inspection.checklist].questions
        for answer in question.answers
        if answer.code == inspection.answers[question.code]
    }


def _by_points(p: GoodsGradingProblem, inspection: Inspection, score: float) -> int:
    return sum(1 for least in p.checklists[inspection.checklist].thresholds if score < least)


def _belief(p: GoodsGradingProblem, inspection: Inspection, grade: str) -> list[float]:
    seen, c = NAMES.index(grade), p.calibration
    known = inspection.station in c.stations
    counts = (c.counts[c.stations.index(inspection.station)] if known else c.pooled).tolist()
    share = p.shares.get(inspection.category, p.shares.get(""))
    prior = [0.2] * 5 if share is None else share.tolist()
    joint = [prior[g] * counts[g][seen] / math.fsum(counts[g]) for g in range(5)]
    total = math.fsum(joint)
    return [float(g == seen) for g in range(5)] if total == 0 else [part / total for part in joint]
