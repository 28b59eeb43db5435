from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from takeback.core.problem import Problem
from takeback.plan.disposition.problem import DispositionProblem, Hold, Option, Resource
from tests.plan.disposition import worlds

GOOD = worlds.problem(1, 6, hold=True)


def _with_term(name: str, value: float) -> DispositionProblem:
    table = getattr(GOOD.terms, name).copy()
    table[0, 0, 0] = value
    return replace(GOOD, terms=replace(GOOD.terms, **{name: table}))


BAD: dict[str, tuple[str, Callable[[], DispositionProblem]]] = {
    "a belief too short": ("belief", lambda: replace(GOOD, belief=GOOD.belief[:-1])),
    "beliefs of 0.9": ("belief, item 0", lambda: replace(GOOD, belief=GOOD.belief * 0.9)),
    "a negative belief": ("belief", lambda: replace(GOOD, belief=np.tile([1.5, -0.5, 0.0, 0.0], (6, 1)))),
    "a belief that is no number": ("belief", lambda: replace(GOOD, belief=GOOD.belief * np.nan)),
    "a negative price": ("terms.price", lambda: _with_term("price", -1.0)),
    "an infinite cost": ("terms.cost", lambda: _with_term("cost", np.inf)),
    "a negative decay": ("terms.decay_per_day", lambda: _with_term("decay_per_day", -0.1)),
    "a size of nothing": ("size", lambda: replace(GOOD, size=np.zeros(6))),
    "an unknown category": ("category", lambda: replace(GOOD, category=np.full(6, 3))),
    "a bar without reason": ("bar", lambda: replace(GOOD, bar=np.full((6, 5), 1))),
    "an unknown resource": ("options", lambda: replace(GOOD, options=(Option("x", "nowhere"), *GOOD.options[1:]))),
    "no options": ("options", lambda: replace(GOOD, options=())),
    "a negative amount": ("resources", lambda: replace(GOOD, resources=(Resource("outlet", -1.0), GOOD.resources[1]))),
    "a negative future price": (
        "hold",
        lambda: replace(GOOD, hold=Hold(1.0, np.full(2, -1.0), np.ones(6, dtype=bool))),
    ),
    "a hold for others": ("hold.allowed", lambda: replace(GOOD, hold=Hold(1.0, np.zeros(2), np.ones(5, dtype=bool)))),
}


@pytest.mark.parametrize("name", BAD)
def test_a_senseless_problem_is_refused_with_its_place(name: str) -> None:
    """No engine sees shapes, beliefs or prices that cannot be: the mistake is named where it is."""
    where, make = BAD[name]
    with pytest.raises(Problem) as caught:
        make()
    assert caught.value.kind == "disposition.bad-problem"
    assert where in {caught.value.where, *(error.where for error in caught.value.errors)}


def test_several_mistakes_are_told_at_once() -> None:
    """Two wrong tables: one problem with two errors."""
    with pytest.raises(Problem, match="2 mistakes") as caught:
        replace(GOOD, size=np.zeros(6), category=np.full(6, -1))
    assert len(caught.value.errors) == 2


def test_scalars_are_spread() -> None:
    """One load, one size and one bar stand for all items."""
    made = DispositionProblem.of(
        categories=["a"],
        conditions=worlds.GRADES,
        options=worlds.OPTIONS,
        resources=[Resource("outlet", 1.0), Resource("bench", 1.0)],
        terms=replace(GOOD.terms, **{n: getattr(GOOD.terms, n)[:1] for n in GOOD.terms.__slots__}),
        category=[0, 0, 0],
        belief=np.full((3, 4), 0.25),
    )
    assert (made.load.shape, made.size.tolist(), made.keys.tolist()) == ((3, 5), [1.0] * 3, [0, 1, 2])
    assert made.bar.max() == -1


def test_taking_rows_keeps_each_item_whole() -> None:
    """A part of a problem holds the same numbers for the same items."""
    part = GOOD.take([4, 1])
    assert part.keys.tolist() == [GOOD.keys[4], GOOD.keys[1]]
    assert part.hold is not None
    assert GOOD.hold is not None
    assert part.hold.allowed.tolist() == GOOD.hold.allowed[[4, 1]].tolist()
    assert part.belief.tolist() == GOOD.belief[[4, 1]].tolist()
