"""The trie's upper part, kept: after a change only the nodes above what changed are made anew."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import numpy.typing as npt

from takeback.prove.completeness.things import LEAF, Things
from takeback.prove.completeness.trie import BITS, EMPTY, NODE, Step, bit, root_of, way_to

Places = npt.NDArray[np.int64]
_THINGS_A_SUBTREE = 2  # on average: more would cost work below, fewer memory above


@dataclass(frozen=True, slots=True)
class Frontier:
    """``levels[d]`` has the 2**d hashes of the subtrees whose keys share their first d bits; `EMPTY` without keys.

    The last level is as deep as suits the number of things; what lies below is made when it is asked for.
    """

    levels: tuple[npt.NDArray[np.void], ...]

    @property
    def depth(self) -> int:
        """The depth of the last level."""
        return len(self.levels) - 1

    @classmethod
    def over(cls, things: Things, depth: int | None = None) -> Frontier:
        """Return the frontier of things, at the depth that suits their number if none is given."""
        if depth is None:
            depth = max(0, (len(things) // _THINGS_A_SUBTREE).bit_length() - 1)
        return cls(tuple(np.zeros(1 << d, LEAF) for d in range(depth + 1))).changed(things, things.keys)

    def suits(self, count: int) -> bool:
        """Tell whether the depth is still good for so many things."""
        return count < _THINGS_A_SUBTREE << self.depth + 2

    def changed(self, things: Things, touched: npt.NDArray[np.int64]) -> Frontier:
        """Return the frontier after the things with the ``touched`` keys have changed or come."""
        levels = [level.copy() for level in self.levels]
        places = np.unique(touched >> (BITS - self.depth))
        _set(levels[-1], places, self._subtrees(things, places))
        for depth in range(self.depth - 1, -1, -1):
            places = np.unique(places >> 1)
            _set(levels[depth], places, _joined(depth, levels[depth + 1], places))
        return Frontier(tuple(levels))

    def root(self) -> bytes:
        """Return the root of the whole trie."""
        return bytes(self.levels[0][0])

    def packed(self) -> bytes:
        """Return the last level, from which the others follow."""
        return self.levels[-1].tobytes()

    @classmethod
    def unpacked(cls, depth: int, content: bytes) -> Frontier:
        """Continue from what `packed` gave."""
        levels = [np.frombuffer(content, LEAF, 1 << depth)]
        for above in range(depth - 1, -1, -1):
            joined = b"".join(_joined(above, levels[0], np.arange(1 << above)))
            levels.insert(0, np.frombuffer(joined, LEAF))
        return cls(tuple(levels))

    def way_to(self, key: int, things: Things) -> tuple[int, list[Step]]:
        """Return where a search for ``key`` ends among at least one thing, as a place in ``things``, and its steps."""
        place, steps = 0, list[Step]()
        for depth in range(self.depth):
            left, right = self.levels[depth + 1][2 * place : 2 * place + 2].tolist()
            side = bit(key, depth) if left != EMPTY != right else int(left == EMPTY)
            if left != EMPTY != right:
                steps.append(Step(depth, left if side else right))
            place = 2 * place + side
        [begin], [end] = self._spans(things, np.array([place], np.int64))
        at, below = way_to(key, things.keys[begin:end].tolist(), things.hashes(begin, end))
        return begin + at, steps + below

    def _subtrees(self, things: Things, places: Places) -> list[bytes]:
        """Return the roots of the subtrees of the last level at ``places``."""
        begins, ends = self._spans(things, places)
        chosen = np.concatenate([np.empty(0, np.int64), *map(np.arange, begins, ends)])
        keys, leaves = things.keys[chosen].tolist(), things.leaves[chosen].tolist()
        roots, at = list[bytes](), 0
        for begin, end in zip(begins, ends, strict=True):
            after = at + end - begin
            roots.append(leaves[at] if after == at + 1 else root_of(keys[at:after], leaves[at:after]))
            at = after
        return roots

    def _spans(self, things: Things, places: Places) -> tuple[list[int], list[int]]:
        """Return where the things of each subtree of the last level begin and end."""
        width = BITS - self.depth
        first, last = places << width, places << width | (1 << width) - 1
        return np.searchsorted(things.keys, first).tolist(), np.searchsorted(things.keys, last, "right").tolist()


def _joined(depth: int, below: npt.NDArray[np.void], places: Places) -> list[bytes]:
    """Return the hashes at ``places`` of a depth from those of the depth below it."""
    begin = NODE[depth]
    return [
        sha256(begin + left + right).digest() if left != EMPTY != right else right if left == EMPTY else left
        for left, right in zip(below[2 * places].tolist(), below[2 * places + 1].tolist(), strict=True)
    ]


def _set(level: npt.NDArray[np.void], places: Places, hashes: list[bytes]) -> None:
    level[places] = np.frombuffer(b"".join(hashes), LEAF)
