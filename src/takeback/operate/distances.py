"""Travel between places: haversine distance times a circuity factor. Where the numbers come from is kept with each
plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from takeback.core.places import Place, haversine_matrix_m

CIRCUITY = 1.3  # driven / straight: 1.3 +- 0.1 (Wang et al. 2024, npj Complexity)
METRES_PER_SECOND = 65 / 3.6  # assumption: a lorry mostly on trunk roads and motorways


@dataclass(frozen=True, slots=True)
class Travel:
    """Integer metres and seconds between n places (n, n), and their provenance."""

    distance_m: npt.NDArray[np.int64]
    duration_s: npt.NDArray[np.int64]
    provenance: str


def travel(
    places: Sequence[Place], *, circuity: float = CIRCUITY, metres_per_second: float = METRES_PER_SECOND
) -> Travel:
    """Return estimated travel between all pairs of ``places``."""
    driven = haversine_matrix_m([p.lat for p in places], [p.lon for p in places]) * circuity
    provenance = f"haversine x {circuity}, {metres_per_second * 3.6:.0f} km/h"
    return Travel(np.rint(driven).astype(np.int64), np.rint(driven / metres_per_second).astype(np.int64), provenance)
