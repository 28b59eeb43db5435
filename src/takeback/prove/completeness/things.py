"""All things of a map in the order of their keys, as arrays: a million take 44 MB."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

LEAF = np.dtype("V32")
_ROW = 8 + 4 + 32
N = TypeVar("N", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Things:
    """Keys, rising; how many entries each has; and their leaves of the trie, 32 bytes each."""

    keys: npt.NDArray[np.int64]
    counts: npt.NDArray[np.uint32]
    leaves: npt.NDArray[np.void]

    def __len__(self) -> int:
        return len(self.keys)

    @classmethod
    def none(cls) -> Things:
        """Return no things at all."""
        return cls(np.empty(0, np.int64), np.empty(0, np.uint32), np.empty(0, LEAF))

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int, bytes]]) -> Things:
        """Return things from (key, count, leaf), in the order of keys."""
        keys = np.fromiter((key for key, _, _ in rows), np.int64, len(rows))
        counts = np.fromiter((count for _, count, _ in rows), np.uint32, len(rows))
        return cls(keys, counts, np.frombuffer(b"".join([leaf for _, _, leaf in rows]), LEAF))

    def packed(self) -> bytes:
        """Return the arrays behind each other, numbers with their lowest byte first."""
        return self.keys.astype("<i8").tobytes() + self.counts.astype("<u4").tobytes() + self.leaves.tobytes()

    @classmethod
    def unpacked(cls, content: bytes) -> Things:
        """Return what `packed` wrote; ValueError where the length cannot be right."""
        count, rest = divmod(len(content), _ROW)
        if rest:
            raise ValueError(f"{len(content)} bytes are no whole number of things")
        keys = np.frombuffer(content, "<i8", count).astype(np.int64)
        counts = np.frombuffer(content, "<u4", count, 8 * count).astype(np.uint32)
        return cls(keys, counts, np.frombuffer(content, LEAF, count, 12 * count))

    def hashes(self, begin: int, end: int) -> list[bytes]:
        """Return the leaves of a part, one by one."""
        leaves: list[bytes] = self.leaves[begin:end].tolist()
        return leaves

    def found(self, keys: npt.NDArray[np.int64]) -> dict[int, tuple[int, bytes]]:
        """Return count and leaf of those of ``keys`` that are here, by key."""
        if not len(self):
            return {}
        places = np.searchsorted(self.keys, keys)
        places[places == len(self)] = 0
        here = places[self.keys[places] == keys]
        columns = (self.keys[here].tolist(), self.counts[here].tolist(), self.leaves[here].tolist())
        return {key: (count, leaf) for key, count, leaf in zip(*columns, strict=True)}

    def with_newer(self, newer: Things) -> Things:
        """Return these and the newer ones; of a thing in both, the newer."""
        if not len(self) or not len(newer):
            return newer if len(newer) else self
        places = np.searchsorted(self.keys, newer.keys)
        clipped = np.minimum(places, len(self) - 1)
        known = self.keys[clipped] == newer.keys
        counts, leaves = self.counts.copy(), self.leaves.copy()
        counts[clipped[known]], leaves[clipped[known]] = newer.counts[known], newer.leaves[known]
        at = places[~known]
        return Things(
            _inserted(self.keys, at, newer.keys[~known]),
            _inserted(counts, at, newer.counts[~known]),
            _inserted(leaves, at, newer.leaves[~known]),
        )


def _inserted(values: npt.NDArray[N], at: npt.NDArray[np.int64], new: npt.NDArray[N]) -> npt.NDArray[N]:
    """As numpy.insert, which does not take raw bytes."""
    where = at + np.arange(len(at))
    old = np.ones(len(values) + len(new), bool)
    old[where] = False
    result = np.empty(len(old), values.dtype)
    result[where], result[old] = new, values
    return result
