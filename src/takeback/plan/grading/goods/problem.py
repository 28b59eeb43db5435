"""What is asked: the grade of inspected goods, why, and how likely each true grade is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.plan.grading.goods.calibration import Calibration, FloatArray, prior_counts
from takeback.plan.grading.goods.checklist import GRADES, Checklist

KIND = "grading.bad-inspection"


@dataclass(frozen=True, slots=True)
class Inspection:
    """What an inspector found: `answers` maps each question's code to an answer's code."""

    key: str
    category: str
    checklist: str
    station: str
    answers: Mapping[str, str]


def _uncalibrated() -> Calibration:
    return Calibration((), np.empty((0, len(GRADES), len(GRADES))), prior_counts())


@dataclass(frozen=True, slots=True)
class GoodsGradingProblem:
    """Inspections to be graded.

    - `checklists` by name. `calibration` of the stations.
    - `shares`: for each category how common the true grades are, (G,) summing to 1; "" is for all other categories.
    """

    checklists: Mapping[str, Checklist]
    inspections: tuple[Inspection, ...]
    calibration: Calibration = field(default_factory=_uncalibrated)
    shares: Mapping[str, FloatArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        mistakes = [*_share_mistakes(self), *(m for i in self.inspections for m in _mistakes(self, i))]
        if len(mistakes) == 1:
            raise mistakes[0]
        if mistakes:
            raise Problem(KIND, msg("The inspections have {count} mistakes.", count=len(mistakes)), errors=mistakes)

    def share_of(self, category: str) -> FloatArray:
        """Return the (G,) prior of a category; all grades alike where nothing is known."""
        known = self.shares.get(category, self.shares.get(""))
        return np.full(len(GRADES), 1.0 / len(GRADES)) if known is None else known


def _share_mistakes(p: GoodsGradingProblem) -> Iterator[Problem]:
    for category, share in p.shares.items():
        if share.shape != (len(GRADES),) or (share < 0).any() or abs(float(share.sum()) - 1.0) > 1e-6:
            yield _wrong(f"shares, {category}", msg("The shares of the grades must sum to 1."), share.tolist())


def _mistakes(p: GoodsGradingProblem, inspection: Inspection) -> Iterator[Problem]:
    checklist = p.checklists.get(inspection.checklist)
    if checklist is None:
        known = ", ".join(sorted(p.checklists))
        yield _wrong(inspection.key, msg("There is no such checklist."), inspection.checklist, known)
        return
    asked = {question.code: [answer.code for answer in question.answers] for question in checklist.questions}
    for code, answers in asked.items():
        found = inspection.answers.get(code)
        if found not in answers:
            title = msg("A question is not answered.") if found is None else msg("There is no such answer.")
            yield _wrong(f"{inspection.key}, {code}", title, found, ", ".join(answers))
    for code in sorted(set(inspection.answers) - set(asked)):
        yield _wrong(f"{inspection.key}, {code}", msg("The checklist has no such question."), code)


def _wrong(where: str, title: Message, found: object, expected: str | None = None) -> Problem:
    return Problem(KIND, title, where=where, found=found, expected=expected)
