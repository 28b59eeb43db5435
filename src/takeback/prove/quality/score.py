"""From marks to a number from 0 to 100, with the parts it is made of."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from takeback.core.message import Message
from takeback.prove.quality.marks import Mark
from takeback.prove.quality.rules import PARTS, Part, Rules

LISTED = 20


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What cost marks: at which entry, of which place, and why."""

    part: Part
    entry: int
    place: str | None
    value: float
    why: Message


class PartScore(msgspec.Struct, frozen=True, kw_only=True):
    """``score`` from 0 to 100, None where there was nothing to judge; ``judged``: how many marks."""

    part: Part
    weight: float
    score: float | None
    judged: int
    faults: int


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """``score``: the parts' weighted mean, None without any mark; ``faults``: the worst ones, at most twenty."""

    score: float | None
    parts: tuple[PartScore, ...]
    faults: tuple[Fault, ...]
    events: int


def scored(marks: Iterable[Mark], rules: Rules, *, events: int) -> Score:
    """Return the score of marks; parts without a mark leave their weight to the others."""
    given = list(marks)
    parts = tuple(_part(part, [mark for mark in given if mark.part == part], rules) for part in PARTS)
    known = [(part.weight, part.score) for part in parts if part.score is not None]
    weight = sum(w for w, _ in known)
    faults = [
        Fault(part=mark.part, entry=mark.entry, place=mark.place, value=round(mark.value, 3), why=mark.why)
        for mark in given
        if mark.why is not None
    ]
    faults.sort(key=lambda fault: (-(1 - fault.value) * rules.weights[fault.part], fault.entry))
    return Score(
        score=round(sum(w * s for w, s in known) / weight, 1) if weight else None,
        parts=parts,
        faults=tuple(faults[:LISTED]),
        events=events,
    )


def _part(part: Part, marks: list[Mark], rules: Rules) -> PartScore:
    mean = sum(mark.value for mark in marks) / len(marks) if marks else None
    return PartScore(
        part=part,
        weight=rules.weights[part],
        score=None if mean is None else round(100 * mean, 1),
        judged=len(marks),
        faults=sum(mark.value < 1 for mark in marks),
    )
