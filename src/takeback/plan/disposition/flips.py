"""What would change a choice: another condition, another price, a cheaper place."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from takeback.core.message import msg
from takeback.core.money import Money
from takeback.plan.disposition import values
from takeback.plan.disposition.flip import Flip
from takeback.plan.disposition.measured import by_value
from takeback.plan.disposition.problem import DispositionProblem, FloatArray
from takeback.plan.disposition.reasons import names, places
from takeback.plan.disposition.solution import DispositionSolution

TIE = 1e-6  # of the value: leads below it are ties, which no change of price needs to turn


def flips(p: DispositionProblem, s: DispositionSolution, item: int) -> Iterator[Flip]:
    """Yield what would change the choice of row `item`; nothing for an item that is held."""
    chosen = int(s.choice[item])
    if chosen == p.hold_column:
        return
    amounts = values.by_condition(p, items=slice(item, item + 1))
    reserve = p.load[item] * np.append(values.reserve_prices(p), 0.0)[p.resource_of]
    certain = np.where(p.bar[item] < 0, amounts.net[0] - reserve - places(p, s, item)[: len(p.options)], -np.inf)
    yield from _by_condition(p, certain, item, chosen)
    yield from _by_price(p, s, item, p.belief[item] @ amounts.gross[0])
    yield from _by_place(p, s, item)


def _by_condition(p: DispositionProblem, certain: FloatArray, item: int, chosen: int) -> Iterator[Flip]:
    """`certain` (G, D): worth of each option were the condition known."""
    if p.condition_value is not None:
        yield from by_value(p, p.condition_value, certain, item, chosen)
        return
    order = list(range(len(p.conditions)))[::-1]  # as listed, the best first
    middle = int(np.argmax(p.belief[item][order]))
    for kind, path in (("condition-below", order[:middle][::-1]), ("condition-above", order[middle + 1 :])):
        for here in path:
            best = int(np.argmax(certain[here]))
            if certain[here, best] > certain[here, chosen]:
                option = names(p)[best]
                text = msg(
                    "If its condition were {condition}, it would be: {option}.",
                    condition=p.conditions[here],
                    option=option,
                )
                yield Flip(kind, option, float(here), text)
                break


def _by_price(p: DispositionProblem, s: DispositionSolution, item: int, gross: FloatArray) -> Iterator[Flip]:
    chosen = int(s.choice[item])
    worth = (s.value[item] - places(p, s, item))[: len(p.options)]
    worth[chosen] = -np.inf
    rival = int(np.argmax(worth))
    lead = float(s.value[item, chosen] - places(p, s, item)[chosen] - worth[rival])
    if not np.isfinite(lead) or lead <= TIE * max(1.0, abs(float(s.value[item, chosen]))):
        return
    this, other = names(p)[chosen], names(p)[rival]
    if lead < gross[chosen] and s.runner_up[item] != p.hold_column:
        share = lead / float(gross[chosen])
        text = msg(
            "If the price for {this} fell by {percent} %, it would be: {option}.",
            this=this,
            percent=_percent(share),
            option=other,
        )
        yield Flip("price-falls", other, share, text)
    if gross[rival] > 0:
        share = lead / float(gross[rival])
        text = msg(
            "If the price for {option} rose by {percent} %, it would be: {option}.",
            percent=_percent(share),
            option=other,
        )
        yield Flip("price-rises", other, share, text)


def _by_place(p: DispositionProblem, s: DispositionSolution, item: int) -> Iterator[Flip]:
    """Yield the option that only its place's price denies, and the price at which the item would get it."""
    if not s.capacity_denied[item]:
        return
    alone = int(np.argmax(s.value[item, : len(p.options)]))
    resource, load = int(p.resource_of[alone]), float(p.load[item, alone])
    chosen = int(s.choice[item])
    lead = float(s.value[item, alone] - s.value[item, chosen] + places(p, s, item)[chosen])
    if resource < 0 or load <= 0 or lead < 0:
        return
    text = msg(
        "If its place at {resource} were worth less than {price} to other items, it would be: {option}.",
        resource=p.resources[resource].name,
        price=str(Money(round(lead), p.currency)),  # of the whole place, as the reason says it, not of one unit
        option=names(p)[alone],
    )
    yield Flip("place-cheaper", names(p)[alone], lead / load, text)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}" if share >= 0.095 else f"{100 * share:.1f}"
