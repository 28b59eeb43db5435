"""Counts of people are published so that no group of fewer than five can be read from them, nor worked out.

A count from 1 to 4 is hidden; then others, the smallest first, until no hidden count follows from those shown by
the sums that hold between them (complementary suppression; Willenborg & de Waal, "Elements of Statistical Disclosure
Control", 2001, chapter 5). All counts that are published of the same people belong into one call: what one table hides
must not follow from another. Not looked at: bounds that sums set to a hidden count, and the same count at two moments.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

SMALLEST = 5  # people in a group that is shown
_NOTHING = 1e-9
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Line(Generic[K]):
    """A sum that everybody knows: the counts `parts` make `whole`."""

    whole: K
    parts: tuple[K, ...]


def protected(counts: Mapping[K, int], lines: Sequence[Line[K]]) -> dict[K, int | None]:
    """Return the counts, None for those that are hidden. A count of 0 is shown: it is nobody's."""
    hidden = {key for key, count in counts.items() if 0 < count < SMALLEST}
    while given_away := _given_away(counts, lines, hidden):
        more = _smallest(counts, hidden, (line for line in lines if given_away & {line.whole, *line.parts}))
        more = more or _smallest(counts, hidden, lines)
        if more is None:
            break
        hidden |= more
    return {key: None if key in hidden else count for key, count in counts.items()}


def _given_away(counts: Mapping[K, int], lines: Sequence[Line[K]], hidden: set[K]) -> set[K]:
    """Return hidden counts that follow from the shown ones, alone or as a sum of fewer than five."""
    order = sorted(hidden, key=repr)
    place = {key: number for number, key in enumerate(order)}
    matrix = np.zeros((len(lines), len(order)))
    for row, line in enumerate(lines):
        for key, sign in ((line.whole, -1.0), *((part, 1.0) for part in line.parts)):
            if key in place:
                matrix[row, place[key]] += sign
    fixed = np.abs(_kernel(matrix)).max(axis=1, initial=0.0) < _NOTHING
    alone = {key for key, certain in zip(order, fixed, strict=True) if certain}
    return alone | {key for line in lines for key in _small_rest(counts, line, hidden)}


def _kernel(matrix: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return a basis, as columns, of what can be added to the hidden counts without changing a sum."""
    if not matrix.shape[1]:
        return np.zeros((0, 0))
    _, sizes, rows = np.linalg.svd(matrix, full_matrices=True)
    rank = int((sizes > _NOTHING).sum())
    return rows[rank:].T


def _small_rest(counts: Mapping[K, int], line: Line[K], hidden: set[K]) -> set[K]:
    rest = {part for part in line.parts if part in hidden}
    if rest and line.whole not in hidden and sum(counts[part] for part in rest) < SMALLEST:
        return rest
    return set()


def _smallest(counts: Mapping[K, int], hidden: set[K], lines: Iterable[Line[K]]) -> set[K] | None:
    near = {key for line in lines for key in (line.whole, *line.parts)}
    shown = [key for key in near if counts[key] and key not in hidden]
    return {min(shown, key=lambda key: (counts[key], repr(key)))} if shown else None
