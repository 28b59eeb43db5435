"""Remembers what was worked out: the same places, profile and hour are asked for again and again while people plan."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

from takeback.operate.distances.provider import DistanceProvider
from takeback.operate.distances.travel import Somewhere, Travel, key

MEMORY = 256 * 2**20  # bytes: sixteen pairs of matrices of a thousand places


@dataclass(slots=True)
class Cached:
    """A provider with a memory, by the hash of coordinates, profile and hour; what was not asked for longest goes.

    What comes with warnings, a stand-in of a service that is down, is not kept: the next time may be better.
    """

    provider: DistanceProvider
    memory: int = MEMORY
    _kept: OrderedDict[str, Travel] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def matrix(self, places: Sequence[Somewhere], *, profile: str = "", depart_s: int | None = None) -> Travel:
        """Return travel as the provider does; see `DistanceProvider`."""
        digest = key(places, profile, depart_s)
        with self._lock:
            if (known := self._kept.get(digest)) is not None:
                self._kept.move_to_end(digest)
                return known
        made = self.provider.matrix(places, profile=profile, depart_s=depart_s)
        if not made.warnings:
            self._keep(digest, made)
        return made

    def _keep(self, digest: str, made: Travel) -> None:
        for matrix in (made.distance_m, made.duration_s):
            matrix.flags.writeable = False  # it is handed to others, too
        with self._lock:
            self._kept[digest] = made
            self._kept.move_to_end(digest)
            while sum(map(_size, self._kept.values())) > self.memory and self._kept:
                self._kept.popitem(last=False)


def _size(travel: Travel) -> int:
    return travel.distance_m.nbytes + travel.duration_s.nbytes
