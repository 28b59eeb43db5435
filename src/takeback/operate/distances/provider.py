"""What every source of distances can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from takeback.operate.distances.travel import Somewhere, Travel


class DistanceProvider(Protocol):
    """Works out travel between places."""

    def matrix(self, places: Sequence[Somewhere], *, profile: str = "", depart_s: int | None = None) -> Travel:
        """Return travel between all pairs of `places`.

        `profile`: how the vehicle travels, by the name that the provider knows it by; "" = its usual one.
        `depart_s`: seconds since midnight at which one drives; None = at no hour in particular, without rush hours.

        Raises
        ------
        Problem
            Of kind ``distances.…``: places without coordinates or ids, a profile that is not known, a pair of places
            between which there is no way. There is never a hole in what comes back.
        """
        ...
