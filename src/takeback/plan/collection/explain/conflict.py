"""The smallest set of limits that exclude each other, and the least change of one number that reconciles them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from takeback.core.message import Message, msg
from takeback.plan.collection.explain.limits import Bound, Knob, bounds
from takeback.plan.collection.explain.words import either, listed, together
from takeback.plan.collection.problem import CollectionProblem

Works = Callable[[CollectionProblem], bool]
MOST_ROUNDS = 4  # of limits eased one after the other
FIRST_TOLD = (
    "vehicle", "goods", "compartments", "load", "unloading", "intake", "reloads", "apart", "relation", "road",
    "zone", "break", "window", "duration", "distance", "departure", "shift", "depot-hours",
)  # fmt: skip


@dataclass(frozen=True)
class Eased:
    """A change of one number, or what to allow; `share`: by how much of its size the number changes.

    `needed`: the number as it must be.
    """

    bound: Bound
    told: Message
    change: Callable[[CollectionProblem], CollectionProblem]
    share: float
    needed: str | None = None


@dataclass(frozen=True)
class Conflict:
    """The limits of one vehicle type that exclude each other, those told first first, and what would ease them.

    `remedy`: the single changes that make the tasks fit, the least first; or, where one is not enough, several.
    `needed`: what the first limit's number had to be.
    """

    vehicle: str
    limits: tuple[Bound, ...]
    remedy: Message | None
    needed: str | None
    share: float

    @property
    def kind(self) -> str:
        """Return the slug of the limit that is told first."""
        return self.limits[0].kind if self.limits else "impossible"

    @property
    def told(self) -> Message:
        """Return the limits in words."""
        return listed([bound.told for bound in self.limits]) if self.limits else msg("no way is found")


def conflict(day: CollectionProblem, works: Works) -> Conflict | None:
    """Return why the one vehicle of a case cannot do what `works` asks for; None where it can."""
    if works(day):
        return None
    limits = smallest(day, works)
    if not limits:
        return Conflict(day.vehicle_types[0].id, (), None, None, float("inf"))
    alone = _only(day, bounds(day), limits)
    options = sorted(_options(alone, limits, works), key=lambda one: one.share)
    enough = [one.told for one in options if works(one.change(day))]
    return Conflict(
        vehicle=day.vehicle_types[0].id,
        limits=tuple(limits),
        remedy=either(enough) if enough else _several(day, works),
        needed=next((one.needed for one in options if one.needed and one.bound is limits[0]), None),
        share=options[0].share if options else float("inf"),
    )


def smallest(day: CollectionProblem, works: Works) -> list[Bound]:
    """Return a smallest set of limits in conflict: a deletion filter, then all sets of one or two.

    Of a set of three or more no part is a conflict, too; another one of three may be smaller than one of four.
    Empty: it is none of the limits.
    """
    every = bounds(day)
    if not works(_only(day, every, [])):
        return []
    kept = list(every)
    for bound in every:
        others = [one for one in kept if one is not bound]
        if not works(_only(day, every, others)):
            kept = others
    for size in range(1, min(3, len(kept))):
        for few in combinations(reversed(every), size):
            if not works(_only(day, every, few)):
                return _sorted(few)
    return _sorted(kept)


def _sorted(limits: Sequence[Bound]) -> list[Bound]:
    return sorted(limits, key=lambda bound: FIRST_TOLD.index(bound.kind))


def _only(day: CollectionProblem, every: Sequence[Bound], active: Collection[Bound]) -> CollectionProblem:
    """Return the day with the `active` limits only."""
    names = {(one.kind, str(one.told)) for one in active}
    for bound in every:
        if (bound.kind, str(bound.told)) not in names:
            day = bound.without(day)
    return day


def _options(day: CollectionProblem, limits: Sequence[Bound], works: Works) -> Iterator[Eased]:
    """Yield each single change that reconciles the limits in this day."""
    for bound in limits:
        for knob in bound.knobs:
            value = least(day, knob, works)
            if value is not None:
                change = partial(knob.with_value, value=value)
                yield Eased(bound, knob.told(value), change, knob.share(value), knob.shown(value))
        if bound.allow is not None and works(bound.without(day)):
            yield Eased(bound, bound.allow, bound.without, 1.0)


def least(day: CollectionProblem, knob: Knob, works: Works) -> int | None:
    """Return the value nearest to the present one with which the day works; None where none does.

    Steps away from it double until the day works; then the interval is halved.
    """
    if knob.now == knob.loosest or not works(knob.with_value(day, knob.loosest)):
        return None
    way, most = (1, knob.loosest - knob.now) if knob.loosest > knob.now else (-1, knob.now - knob.loosest)
    fails, fits = 0, 1
    while fits < most and not works(knob.with_value(day, knob.now + way * fits)):
        fails, fits = fits, min(most, 2 * fits)
    while fits - fails > 1:
        middle = (fits + fails) // 2
        if works(knob.with_value(day, knob.now + way * middle)):
            fits = middle
        else:
            fails = middle
    return knob.now + way * fits


def _several(day: CollectionProblem, works: Works) -> Message | None:
    """Return changes that are enough together: conflict after conflict is eased by the least change."""
    changes: list[Message] = []
    for _ in range(MOST_ROUNDS):
        limits = smallest(day, works)
        options = list(_options(_only(day, bounds(day), limits), limits, works))
        if not options:
            return None
        least = min(options, key=lambda one: one.share)
        changes.append(least.told)
        day = least.change(day)
        if works(day):
            return together(changes)
    return None
