"""Places for the tests of distances."""

from __future__ import annotations

import numpy as np

from takeback.core.places import Place
from takeback.plan.collection import Location

SHANGHAI, SUZHOU, HANGZHOU = Place(31.23, 121.47), Place(31.30, 120.60), Place(30.25, 120.17)
TOWNS = [SHANGHAI, SUZHOU, HANGZHOU]


def locations(n: int, seed: int = 0) -> list[Location]:
    """Return n places around Shanghai, named p0, p1, ..."""
    rng = np.random.default_rng(seed)
    where = np.array([31.2, 121.4]) + rng.normal(0, 0.2, (n, 2))
    return [Location(f"p{k}", lat, lon) for k, (lat, lon) in enumerate(where.tolist())]
