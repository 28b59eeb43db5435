"""Why an item gets what it gets, against what, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takeback.core.message import Message
from takeback.core.money import Money
from takeback.plan.disposition import reasons
from takeback.plan.disposition.flip import Flip
from takeback.plan.disposition.flips import flips
from takeback.plan.disposition.problem import DispositionProblem
from takeback.plan.disposition.solution import DispositionSolution


@dataclass(frozen=True, slots=True)
class RankedOption:
    """One option of an item: expected net recovery, its 80 % interval, and what its place costs the others.

    `expected`, `low`, `high`, `place` (load x shadow price) in money; None where barred (`barred` says why) and,
    for the interval, where the option is to hold.
    """

    name: str
    expected: Money | None
    low: Money | None
    high: Money | None
    place: Money
    barred: Message | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The decision on one item, told.

    `ranking`: all options, best first once places are paid, barred ones last. `margin` to the `runner_up`.
    `reasons`: sentences, most telling first, with a stable `code` each. `flips`: what would change the choice.
    The parameters of all messages are numbers and plain texts.
    """

    key: int
    chosen: str
    runner_up: str | None
    margin: Money | None
    ranking: tuple[RankedOption, ...]
    reasons: tuple[reasons.Reason, ...]
    flips: tuple[Flip, ...]


def explain(problem: DispositionProblem, solution: DispositionSolution, item: int) -> Explanation:
    """Return the explanation of row `item`. Raises `IndexError` where there is no such row."""
    names = reasons.names(problem)
    runner_up = int(solution.runner_up[item])
    return Explanation(
        key=int(problem.keys[item]),
        chosen=names[int(solution.choice[item])],
        runner_up=names[runner_up] if runner_up >= 0 else None,
        margin=reasons.money(problem, float(solution.margin[item])) if runner_up >= 0 else None,
        ranking=_ranking(problem, solution, item),
        reasons=tuple(reasons.of(problem, solution, item)),
        flips=tuple(flips(problem, solution, item)),
    )


def _ranking(p: DispositionProblem, s: DispositionSolution, item: int) -> tuple[RankedOption, ...]:
    places = reasons.places(p, s, item)
    order = np.argsort(-(s.value[item] - places), kind="stable").tolist()
    return tuple(_option(p, s, item, column, float(places[column])) for column in order)


def _option(p: DispositionProblem, s: DispositionSolution, item: int, column: int, place: float) -> RankedOption:
    bar = int(p.bar[item, column]) if column < len(p.options) else -1
    ends = (s.value[item, column], s.low[item, column], s.high[item, column])
    expected, low, high = (reasons.money(p, float(x)) if np.isfinite(x) else None for x in ends)
    name = reasons.names(p)[column]
    return RankedOption(name, expected, low, high, reasons.money(p, place), p.bar_reasons[bar] if bar >= 0 else None)
