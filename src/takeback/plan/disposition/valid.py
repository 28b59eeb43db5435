"""What every disposition problem must satisfy before an engine looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

if TYPE_CHECKING:
    from takeback.plan.disposition.problem import DispositionProblem

KIND = "disposition.bad-problem"


def refuse_mistakes(p: DispositionProblem) -> None:
    """Raise `Problem` (`disposition.bad-problem`) that lists everything wrong with `p`."""
    mistakes = list(_shapes(p)) or list(_values(p))
    if len(mistakes) == 1:
        raise mistakes[0]
    if mistakes:
        title = msg("The disposition problem has {count} mistakes.", count=len(mistakes))
        raise Problem(KIND, title, errors=mistakes)


def _shapes(p: DispositionProblem) -> Iterator[Problem]:
    n, c, g, d = p.n, len(p.categories), len(p.conditions), len(p.options)
    wanted: dict[str, tuple[npt.NDArray[Any] | None, tuple[int, ...]]] = {
        "belief": (p.belief, (n, g)),
        "size": (p.size, (n,)),
        "waited_days": (p.waited_days, (n,)),
        "load": (p.load, (n, d)),
        "bar": (p.bar, (n, d)),
        "keys": (p.keys, (n,)),
        "condition_value": (p.condition_value, (g,)),
        "measured": (p.measured, (n,)),
        **{f"terms.{f.name}": (getattr(p.terms, f.name), (c, g, d)) for f in fields(p.terms)},
    }
    if p.hold is not None:
        wanted |= {"hold.future_price": (p.hold.future_price, (len(p.resources),))}
        wanted |= {"hold.allowed": (p.hold.allowed, (n,))}
    for where, (array, shape) in wanted.items():
        if array is not None and array.shape != shape:
            yield _wrong(where, msg("The table has the wrong shape."), list(array.shape), list(shape))
    if not d:
        yield _wrong("options", msg("There is no option to choose from."))
    known = {resource.name for resource in p.resources}
    for unknown in sorted({o.resource for o in p.options if o.resource is not None} - known):
        yield _wrong("options", msg("An option uses a resource that is not listed."), unknown, sorted(known))


def _values(p: DispositionProblem) -> Iterator[Problem]:
    numbers = {"size": p.size, "waited_days": p.waited_days, "load": p.load, "belief": p.belief}
    numbers |= {f"terms.{f.name}": getattr(p.terms, f.name) for f in fields(p.terms)}
    for where, array in numbers.items():
        if not np.isfinite(array).all():
            yield _wrong(where, msg("A number is missing or not finite."))
        elif where not in MAY_BE_NEGATIVE and (array < 0).any():
            yield _wrong(where, msg("A number that cannot be negative is below 0."), float(array.min()))
    yield from _item_values(p)
    for resource in p.resources:
        price = resource.reserve_price
        if not (resource.available >= 0 and np.isfinite(price) and price >= 0):
            yield _wrong("resources", msg("A resource has a negative amount or price."), resource.name)
    if p.hold is not None:
        future = p.hold.future_price
        if not (np.isfinite(future).all() and (future >= 0).all() and p.hold.days >= 0):
            yield _wrong("hold", msg("Waiting needs days and future prices of 0 or more."))


MAY_BE_NEGATIVE = ("terms.cost", "terms.size_cost")


def _item_values(p: DispositionProblem) -> Iterator[Problem]:
    sums = p.belief.sum(axis=1)
    off = np.flatnonzero(np.abs(sums - 1.0) > 1e-6)
    if len(off):
        title = msg("The beliefs of an item must sum to 1.")
        yield _wrong(f"belief, item {off[0]}", title, float(sums[off[0]]))
    if (p.size == 0).any():
        yield _wrong("size", msg("An item's size must be above 0."), 0)
    if ((p.category < 0) | (p.category >= len(p.categories))).any():
        yield _wrong("category", msg("An item's category is not in the list of categories."))
    if ((p.bar < -1) | (p.bar >= len(p.bar_reasons))).any():
        yield _wrong("bar", msg("A bar has no reason in the list of reasons."))


def _wrong(where: str, title: Message, found: object = None, expected: object = None) -> Problem:
    return Problem(KIND, title, where=where, found=found, expected=None if expected is None else str(expected))
