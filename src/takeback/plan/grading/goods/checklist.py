"""A checklist is data: questions with answers, what each answer costs, and what it makes impossible."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

GRADES = ("A", "B", "C", "D", "E")
"""From like new to worthless."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: `severity` 0 (nothing wrong) to 1; `cap`: the best grade still possible, None = any."""

    code: str
    text: Message
    severity: float = 0.0
    cap: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a `topic` (packaging, completeness, cosmetic, functional, hygiene, data).

    The answer costs `weight` x severity points. A question with an answer that caps the grade is critical.
    """

    code: str
    topic: str
    text: Message
    weight: float
    answers: tuple[Answer, ...]

    @property
    def critical(self) -> bool:
        """Whether an answer to it can rule grades out."""
        return any(answer.cap is not None for answer in self.answers)


@dataclass(frozen=True, slots=True)
class Checklist:
    """What is asked of a category of goods.

    Grade A needs `thresholds[0]` of 100 points, B `thresholds[1]` and so on; with less than the last it is E.
    `source` says who set the weights. Raises `Problem` (`grading.bad-checklist`) where it makes no sense.
    """

    name: str
    version: str
    questions: tuple[Question, ...]
    thresholds: tuple[float, float, float, float]
    source: str

    def __post_init__(self) -> None:
        mistakes = list(_mistakes(self))
        if mistakes:
            raise Problem(
                "grading.bad-checklist",
                msg("The checklist {name} has mistakes.", name=self.name),
                errors=mistakes,
            )


def _mistakes(checklist: Checklist) -> Iterator[Problem]:
    codes = [question.code for question in checklist.questions]
    if not codes or len(set(codes)) < len(codes):
        yield _wrong("questions", msg("Questions need codes of their own, and there must be one."), codes)
    if checklist.thresholds[0] > 100 or list(checklist.thresholds) != sorted(checklist.thresholds, reverse=True):
        yield _wrong("thresholds", msg("Thresholds fall from grade to grade, from 100 at most."), checklist.thresholds)
    for question in checklist.questions:
        names = [answer.code for answer in question.answers]
        if len(names) < 2 or len(set(names)) < len(names):
            yield _wrong(question.code, msg("A question needs two answers with codes of their own."), names)
        if not 0 <= question.weight <= 100:
            yield _wrong(question.code, msg("A weight lies between 0 and 100 points."), question.weight)
        for answer in question.answers:
            if not 0 <= answer.severity <= 1 or answer.cap not in (None, *GRADES):
                title = msg("A severity lies between 0 and 1, and a cap is a grade.")
                yield _wrong(f"{question.code}, {answer.code}", title, [answer.severity, answer.cap])


def _wrong(where: str, title: Message, found: object) -> Problem:
    return Problem("grading.bad-checklist", title, where=where, found=found)
