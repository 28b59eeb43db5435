"""What would change a choice: another condition, another price, a cheaper place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from takeback.core.message import Message, msg
from takeback.core.money import Money
from takeback.plan.disposition import values
from takeback.plan.disposition.problem import DispositionProblem, FloatArray
from takeback.plan.disposition.reasons import names, places
from takeback.plan.disposition.solution import DispositionSolution

TIE = 1e-6  # of the value: leads below it are ties, which no change of price needs to turn


@dataclass(frozen=True, slots=True)
class Flip:
    """A change after which `option` would be chosen, everything else (also the shadow prices) as it is.

    - `kind` `condition-below`, `condition-above`: the true condition is beyond `threshold`, a value of
      `condition_value` or, where classes have none, the index of the first class that changes the choice.
    - `kind` `price-falls`, `price-rises`: the chosen option's, or `option`'s, price changes by the share `threshold`.
    - `kind` `place-cheaper`: the shadow price of the option's resource falls below `threshold` minor units per unit.
    """

    kind: str
    option: str
    threshold: float
    text: Message


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
    order = _ordered(p)
    middle = int(np.argmax(p.belief[item][order]))
    for kind, path in (("condition-below", order[middle::-1]), ("condition-above", order[middle:])):
        for before, here in zip([path[0], *path], path, strict=False):
            best = int(np.argmax(certain[here]))
            if certain[here, best] > certain[here, chosen]:
                yield _condition(p, kind, certain, (before, here, chosen, best))
                break


def _ordered(p: DispositionProblem) -> list[int]:
    """Return the classes from worst to best: by value, or as listed, the best first."""
    if p.condition_value is None:
        return list(range(len(p.conditions)))[::-1]
    order: list[int] = np.argsort(p.condition_value, kind="stable").tolist()
    return order


def _condition(p: DispositionProblem, kind: str, certain: FloatArray, at: tuple[int, int, int, int]) -> Flip:
    before, here, chosen, best = at
    option = names(p)[best]
    if p.condition_value is None:
        text = msg(
            "If its condition were {condition}, it would be: {option}.", condition=p.conditions[here], option=option
        )
        return Flip(kind, option, float(here), text)
    lead = certain[before, chosen] - certain[before, best]
    lag = certain[here, best] - certain[here, chosen]
    share = lead / (lead + lag) if before != here and lead > 0 else 0.0
    value = float((1 - share) * p.condition_value[before] + share * p.condition_value[here])
    sentence = {
        "condition-below": msg("Below {value} it would be: {option}.", value=f"{value:.3g}", option=option),
        "condition-above": msg("Above {value} it would be: {option}.", value=f"{value:.3g}", option=option),
    }
    return Flip(kind, option, value, sentence[kind])


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
    price = lead / load
    text = msg(
        "If a place at {resource} were worth less than {price}, it would be: {option}.",
        resource=p.resources[resource].name,
        price=str(Money(round(price), p.currency)),
        option=names(p)[alone],
    )
    yield Flip("place-cheaper", names(p)[alone], price, text)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}" if share >= 0.095 else f"{100 * share:.1f}"
