"""The linear relaxation over all pairs, by the few that matter: solve, price the others, take in those that pay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from takeback.plan.reviewing import price, rules
from takeback.plan.reviewing.highs import Basis, relax
from takeback.plan.reviewing.programme import Programme
from takeback.plan.reviewing.rules import Rule
from takeback.plan.reviewing.solution import Prices
from takeback.plan.reviewing.tables import BoolArray, FloatArray, IntArray, Tables

ALL_PAIRS = 40_000  # up to as many there is nothing to choose
FEW = 4  # columns a review wanted to begin with, and a reviewer's place
NEW_EACH = 6  # of a proposal in a round
EPSILON = 1e-7
DEAR = 100.0  # times all that an assignment can be worth: what is short after all then cannot be had
SHORT = 0.02  # reviews; above it no assignment exists at all (twice the inverse of DEAR)


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What the linear relaxation says.

    `pairs`: those looked at (p * R + r), with `amount` (n,) chosen of each; `rules` among them that mattered; `basis`
    to go on from; `worst` mean match (without fairness, the highest); `short`: reviews, seniors, ... that are missing;
    `worth` (P, R) above the `prices`; `bound`: of every assignment; `settled`: no other pair would pay.
    """

    pairs: IntArray
    amount: FloatArray
    rules: tuple[Rule, ...]
    basis: Basis | None
    worst: float
    short: float
    prices: Prices
    worth: FloatArray
    bound: float
    settled: bool
    rounds: int


def relaxation(
    tables: Tables,
    known: BoolArray,
    *,
    rounds: int | None,
    left: Callable[[], float | None],
    on_round: Callable[[int, float], None],
) -> Relaxation:
    """Return the relaxation after at most `rounds` of pricing; where there is no time, what is known without.

    First without the worst-served proposal, which is quick; then, from there, with it: on a large problem in which
    nearly all proposals end up equally well served that may take longer than there is. `known` (P, R): pairs to begin
    with beside the best ones; `left()`: seconds left, None = any.
    """
    problem = tables.problem
    dear = DEAR * (1 + problem.fairness + problem.balance) * (1 + problem.reviews)
    programme = Programme(tables, _first(tables, known), short=dear, fair=False)

    def half() -> float | None:
        time = left()
        return None if time is None else time / 2

    found = _settled(programme, _alone(programme), rounds, half, on_round)
    if not problem.fairness or not found.settled or found.short > SHORT:
        return found
    programme = replace(programme, pairs=found.pairs, rules=found.rules, fair=True)
    return _settled(programme, found, rounds and rounds + found.rounds, half, on_round)


def _alone(programme: Programme) -> Relaxation:
    tables, said = programme.tables, price.alone(programme.tables)
    worth = price.above(tables, said)
    return Relaxation(
        pairs=programme.pairs, rules=(), basis=None, amount=np.zeros(len(programme.pairs)), worst=tables.highest_worst,
        short=0.0, prices=said, worth=worth, bound=price.bound(tables, said, worth), settled=False, rounds=0,
    )  # fmt: skip


def _settled(
    programme: Programme,
    found: Relaxation,
    rounds: int | None,
    left: Callable[[], float | None],
    on_round: Callable[[int, float], None],
) -> Relaxation:
    """Solve and price until no pair pays and no rule is broken; go on from `found`, which is returned if time ends."""
    tables, done, basis = programme.tables, found.rounds, found.basis
    grown: Programme | None = programme
    while grown is not None and (rounds is None or done < max(1, rounds)):
        programme = grown
        answer = relax(programme.arrays(), seconds=left(), basis=basis)
        if answer is None:
            return found
        said = price.prices(programme, answer.price)
        above = worth = price.above(tables, said)
        bound = price.bound(tables, said, worth)
        if not answer.optimal:
            return replace(found, prices=said, worth=worth, bound=bound) if bound < found.bound else found
        done, basis = done + 1, answer.basis
        if found.bound < bound:  # the prices of an earlier round prove more
            said, worth, bound = found.prices, found.worth, found.bound
        amount = answer.x[programme.first_pair :]
        grown = _grown(programme, above, amount)
        found = Relaxation(
            pairs=programme.pairs,
            rules=programme.rules,
            basis=basis,
            amount=amount,
            worst=float(answer.x[0]) if programme.fair else tables.highest_worst,
            short=float(answer.x[1 + len(tables.most) : programme.first_pair].sum()),
            prices=said,
            worth=worth,
            bound=bound,
            settled=grown is None,
            rounds=done,
        )
        on_round(done, bound)
    return found


def _first(tables: Tables, known: BoolArray) -> IntArray:
    """Return the pairs to begin with: the best of each proposal and reviewer, by each rule that asks for some."""
    if int(tables.allowed.sum()) <= ALL_PAIRS:
        return np.flatnonzero(tables.allowed.ravel())
    match = np.where(tables.allowed, tables.match, -1.0)
    kept = known | tables.fixed
    for row, wanted in enumerate(tables.wanted.tolist()):
        kept[row, _best(match[row], FEW * wanted + 4)] = True
        for asked, who in ((tables.problem.seniors, tables.senior), (tables.outside_wanted[row], tables.outside)):
            if asked:
                kept[row, _best(np.where(who, match[row], -1.0), FEW * int(asked))] = True
    for column, most in enumerate(tables.most.tolist()):
        kept[_best(match[:, column], FEW * most), column] = True
    return np.flatnonzero((kept & tables.allowed).ravel())


def _best(values: FloatArray, count: int) -> IntArray:
    count = min(count, len(values))
    return np.argpartition(-values, count - 1)[:count] if count else np.zeros(0, dtype=np.int64)


def _grown(programme: Programme, worth: FloatArray, amount: FloatArray) -> Programme | None:
    """Return the programme with the pairs that pay and the rules that are broken; None where there are none."""
    tables = programme.tables
    paying = np.where(tables.allowed, worth, 0.0)
    paying.ravel()[programme.pairs] = 0.0
    columns = min(NEW_EACH, paying.shape[1])
    top = np.argpartition(-paying, columns - 1, axis=1)[:, :columns]
    numbers = (np.arange(len(paying))[:, None] * paying.shape[1] + top).ravel()
    new = numbers[paying.ravel()[numbers] > EPSILON]
    more = rules.broken(tables, programme.pairs, amount)
    if not (len(new) or more):
        return None
    return replace(programme, pairs=np.concatenate([programme.pairs, new]), rules=(*programme.rules, *more))
