"""What a collection problem needs of a provider: matrices, and by how much the hours of the day lengthen them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from takeback.operate.distances.provider import DistanceProvider
from takeback.operate.distances.travel import Somewhere, Travel
from takeback.plan.collection.parts import Profile, Slice


def collection_profile(
    provider: DistanceProvider, places: Sequence[Somewhere], *, profile: str = "", hours: Sequence[int] = ()
) -> tuple[Profile, Travel]:
    """Return how vehicles of a profile travel between `places`, and the travel it was made of.

    `hours`: moments (seconds since midnight) from each of which on travel is asked for anew. A slice's percent is that
    of all ways together, total seconds at that hour over total seconds at no hour in particular.
    """
    base = provider.matrix(places, profile=profile)
    total = int(base.duration_s.sum())
    made = [Slice(0, 100)] if hours and min(hours) > 0 else []
    for moment in sorted(set(hours)):
        slowed = int(provider.matrix(places, profile=profile, depart_s=moment).duration_s.sum())
        made.append(Slice(moment, max(1, round(100 * slowed / total)) if total else 100))
    changes = tuple(one for k, one in enumerate(made) if k == 0 or one.percent != made[k - 1].percent)
    usual = len(changes) == 1 and changes[0].percent == 100
    frozen = [np.ascontiguousarray(matrix) for matrix in (base.distance_m, base.duration_s)]
    return Profile(profile, frozen[0], frozen[1], () if usual else changes), base
