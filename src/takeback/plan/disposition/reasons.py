"""The sentences behind a choice. Parameters are numbers and plain texts, so that a ledger can keep them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from takeback.core.message import Message, msg
from takeback.core.money import Money
from takeback.plan.disposition import values
from takeback.plan.disposition.problem import DispositionProblem, FloatArray
from takeback.plan.disposition.solution import DispositionSolution

HOLD = "hold"
CLOSE = 0.02  # of the amounts at stake: below it a choice is called close


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence, and its `code`, stable for programs and statistics."""

    code: str
    text: Message


def of(p: DispositionProblem, s: DispositionSolution, item: int) -> Iterator[Reason]:
    """Yield why row `item` gets its option, most telling first."""
    chosen, runner_up = int(s.choice[item]), int(s.runner_up[item])
    if chosen == p.hold_column:
        yield Reason("hold", msg("Deciding later is worth more: the scarce places are expected to be cheaper then."))
    elif s.capacity_denied[item]:
        yield _denied(p, s, item)
    else:
        yield Reason("best", msg("It is expected to bring the most: {amount}.", amount=_told(p, s.value[item, chosen])))
    if runner_up < 0:
        yield Reason("only", msg("It is the only option open to this item."))
    else:
        yield _lead(p, s, item)
    yield from _bars(p, s, item)
    yield from _waiting(p, item)


def _denied(p: DispositionProblem, s: DispositionSolution, item: int) -> Reason:
    alone = int(np.argmax(s.value[item, : len(p.options)]))
    sentence = msg(
        "{option} would bring {more} more, but its place is worth {place} to other items.",
        option=names(p)[alone],
        more=_told(p, s.value[item, alone] - s.value[item, int(s.choice[item])]),
        place=_told(p, places(p, s, item)[alone]),
    )
    return Reason("capacity", sentence)


def _lead(p: DispositionProblem, s: DispositionSolution, item: int) -> Reason:
    margin, runner_up = float(s.margin[item]), int(s.runner_up[item])
    stake = max(abs(float(s.value[item, int(s.choice[item])])), abs(float(s.value[item, runner_up])))
    told = {"option": names(p)[runner_up], "amount": _told(p, margin)}
    if margin < 0:
        return Reason(
            "indivisible",
            msg(
                "{option} would be better by {amount}, but no whole place is left.",
                option=told["option"],
                amount=_told(p, -margin),
            ),
        )
    counted = places(p, s, item)
    scarce = counted[runner_up] > 0 or counted[int(s.choice[item])] > 0  # else the values alone say the same
    if margin <= CLOSE * stake:
        close = msg("It is close: {option} is only {amount} behind.", **told)
        counting = msg("It is close: counting what their places are worth, {option} is only {amount} behind.", **told)
        return Reason("close", counting if scarce else close)
    lead = msg("Next best is {option}, {amount} behind.", **told)
    counting = msg("Next best, counting what their places are worth, is {option}, {amount} behind.", **told)
    return Reason("lead", counting if scarce else lead)


def _bars(p: DispositionProblem, s: DispositionSolution, item: int) -> Iterator[Reason]:
    """Yield the bars of options that would have brought more than the chosen one."""
    barred = np.flatnonzero(p.bar[item] >= 0)
    if not len(barred):
        return
    mean = p.belief[item] @ values.by_condition(p, items=slice(item, item + 1)).net[0]
    for d in barred[mean[barred] > s.value[item, int(s.choice[item])]].tolist():
        text = p.bar_reasons[int(p.bar[item, d])]
        sentence = msg("{option} is not open to it: {reason}", option=names(p)[d], reason=str(text))
        yield Reason("barred", sentence)


def _waiting(p: DispositionProblem, item: int) -> Iterator[Reason]:
    days = float(p.waited_days[item])
    if days >= 1:
        yield Reason("waited", msg("It has waited {days} days; prices fall meanwhile.", days=round(days)))


def names(p: DispositionProblem) -> list[str]:
    """Return the names of the columns, "hold" last where it is offered."""
    return [*(option.name for option in p.options), *([HOLD] if p.hold is not None else [])]


def places(p: DispositionProblem, s: DispositionSolution, item: int) -> FloatArray:
    """Return what the item's place in each column is worth to others, (K,) minor units."""
    price = p.load[item] * np.append(s.shadow_price, 0.0)[p.resource_of]
    columns: FloatArray = np.append(price, 0.0) if p.hold is not None else price
    return columns


def money(p: DispositionProblem, minor: float) -> Money:
    """Return an amount of the engine, rounded to whole minor units."""
    return Money(round(minor), p.currency)


def _told(p: DispositionProblem, minor: float) -> str:
    return str(money(p, float(minor)))
