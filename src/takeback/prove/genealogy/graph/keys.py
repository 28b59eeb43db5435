"""Keys of 64 bits to numbers from 0, and back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bytes = NDArray[np.int8]

_ROOM = 8  # a table over the whole span pays up to so many times the number of keys


def numbered(keys: Longs, known: Longs) -> Ints:
    """Return the place of each key in ``known`` (ascending), -1 where it is not there."""
    if not len(known):
        return np.full(len(keys), -1, np.int32)
    low, span = int(known[0]), int(known[-1]) - int(known[0]) + 1
    if 0 < span <= _ROOM * len(known) and len(keys) > len(known) // _ROOM:
        return _by_table(keys, known, low, span)
    place = np.searchsorted(known, keys)
    place[place == len(known)] = 0
    return np.where(known[place] == keys, place, -1).astype(np.int32)


def _by_table(keys: Longs, known: Longs, low: int, span: int) -> Ints:
    table = np.full(span, -1, np.int32)
    table[known - low] = np.arange(len(known), dtype=np.int32)
    inside = (keys >= low) & (keys < low + span)
    return np.where(inside, table[np.where(inside, keys - low, 0)], -1).astype(np.int32)


def distinct(keys: Longs) -> tuple[Longs, Ints]:
    """Return the distinct keys, ascending, and the number of each row's key; rows in order are not sorted again."""
    if len(keys) and bool(np.all(keys[:-1] <= keys[1:])):
        new = np.concatenate([[True], keys[1:] != keys[:-1]])
        return keys[new], (np.cumsum(new) - 1).astype(np.int32)
    known, inverse = np.unique(keys, return_inverse=True)
    return known, inverse.astype(np.int32)
