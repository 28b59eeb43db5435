"""Things of a genealogy grouped for a drawing: siblings of one sort that hang on the same things stand as one."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from takeback.core.message import Message, msg
from takeback.operate.genealogy import GenealogyView, Joint, Thing
from takeback.web.console.views.genealogy import Tie

MOST_ROWS = 14
"""Families that stand above each other; the smallest beyond become one."""
_GTIN = re.compile(r"/01/(\d{14})(?:/(10|21)/)?")
_SORTS: tuple[tuple[str, Message], ...] = (
    ("/00/", msg("logistic units")),
    ("/8003/", msg("returnable containers")),
    ("/8004/", msg("assets")),
    ("/414/", msg("places")),
)
REST = msg("others")


@dataclass(frozen=True, slots=True)
class Kin:
    """A family before it has its place in the drawing."""

    depth: int
    sort: Message | str
    things: tuple[Thing, ...]


def kin_of(view: GenealogyView, products: Mapping[str, str]) -> tuple[list[Kin], list[Tie]]:
    """Return the families, nearest first, and how they hang together; ``products``: names by GTIN."""
    nearer = _nearer(view)
    family: dict[str, tuple[object, ...]] = {}
    grouped: dict[tuple[object, ...], list[Thing]] = defaultdict(list)
    for thing in view.things:  # nearest first: those it hangs on have their family already
        roots = frozenset(family[key] for key in nearer.get(thing.key, ()) if key in family)
        label = (thing.depth, roots, str(sort_of(thing, products))) if thing.depth else (0, thing.key)
        family[thing.key] = label
        grouped[label].append(thing)
    kin = [Kin(things[0].depth, sort_of(things[0], products), tuple(things)) for things in grouped.values()]
    kin = [one for level in _levels(kin) for one in _few(level)]
    return kin, _ties(kin, view.steps)


def sort_of(thing: Thing, products: Mapping[str, str]) -> Message | str:
    """Return what sort of thing it is, as far as its identifier tells."""
    uri = thing.uri
    if uri is None:
        return msg("not shared")
    found = _GTIN.search(uri)
    if found:
        name = products.get(found[1]) or f"…{found[1][-6:]}"
        return msg("lots of {name}", name=name) if found[2] == "10" else name
    for part, sort in _SORTS:
        if part in uri:
            return sort
    return uri.rsplit(":", 1)[0].removeprefix("urn:")


def _nearer(view: GenealogyView) -> dict[str, set[str]]:
    """Return for each thing those one step nearer to where the genealogy began."""
    depth = {thing.key: thing.depth for thing in view.things}
    nearer: dict[str, set[str]] = defaultdict(set)
    for step in view.steps:
        near, far = (step.outer, step.inner) if view.direction == "back" else (step.inner, step.outer)
        least = min(depth[key] for key in near)
        for key in far:
            if depth[key] == least + 1:
                nearer[key].update(one for one in near if depth[one] == least)
    return nearer


def _levels(kin: Iterable[Kin]) -> list[list[Kin]]:
    levels: dict[int, list[Kin]] = defaultdict(list)
    for one in kin:
        levels[one.depth].append(one)
    return [levels[depth] for depth in sorted(levels)]


def _few(level: list[Kin]) -> list[Kin]:
    """Join the families of a level by sort where there are too many, and then the smallest of them."""
    if len(level) > MOST_ROWS:
        sorts: dict[str, list[Kin]] = defaultdict(list)
        for one in level:
            sorts[str(one.sort)].append(one)
        level = [_joined(same, same[0].sort) for same in sorts.values()]
    if len(level) > MOST_ROWS:
        ordered = sorted(level, key=lambda one: -len(one.things))
        level = [*ordered[: MOST_ROWS - 1], _joined(ordered[MOST_ROWS - 1 :], REST)]
    return level


def _joined(kin: Sequence[Kin], sort: Message | str) -> Kin:
    return Kin(kin[0].depth, sort, tuple(thing for one in kin for thing in one.things))


def _ties(kin: Sequence[Kin], steps: Iterable[Joint]) -> list[Tie]:
    place = {thing.key: number for number, one in enumerate(kin) for thing in one.things}
    counted: Counter[tuple[int, int, str]] = Counter()
    for step in steps:
        inner, outer = {place[key] for key in step.inner}, {place[key] for key in step.outer}
        counted.update((a, b, step.kind) for a in inner for b in outer if a != b)
    return [
        Tie(inner=inner, outer=outer, kind=kind, steps=count)  # type: ignore[arg-type]
        for (inner, outer, kind), count in counted.items()
    ]
