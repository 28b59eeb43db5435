"""The memory of a provider."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from takeback.core.message import msg
from takeback.operate.distances import Haversine, Somewhere, Travel
from takeback.operate.distances.cached import Cached
from tests.operate.distances.places import locations


class Counting:
    """Counts how often it is asked."""

    def __init__(self, *, warns: bool = False) -> None:
        self.asked, self.warns = 0, warns

    def matrix(self, places: Sequence[Somewhere], *, profile: str = "", depart_s: int | None = None) -> Travel:
        self.asked += 1
        made = Haversine().matrix(places, profile=profile)
        return Travel(made.distance_m, made.duration_s, made.provenance, (msg("estimated"),) if self.warns else ())


def test_the_same_question_is_worked_out_once() -> None:
    """Same places, profile and hour: remembered. Any other: asked."""
    counting = Counting()
    provider = Cached(counting)
    first = provider.matrix(locations(5))
    assert provider.matrix(locations(5)) is first
    assert counting.asked == 1
    provider.matrix(locations(5), profile="van")
    provider.matrix(locations(5), depart_s=0)
    provider.matrix(locations(5)[::-1])
    assert counting.asked == 4


def test_what_is_remembered_cannot_be_changed() -> None:
    """Two plans share one matrix: neither can write into it."""
    made = Cached(Counting()).matrix(locations(3))
    with pytest.raises(ValueError, match="read-only"):
        made.distance_m[0, 1] = 7
    assert np.array_equal(made.distance_m, Haversine().matrix(locations(3)).distance_m)


def test_what_was_not_asked_for_longest_is_forgotten() -> None:
    """The memory holds so many bytes and no more; a matrix larger than it is not kept at all."""
    counting = Counting()
    provider = Cached(counting, memory=2 * 2 * 8 * 10**2)  # two pairs of matrices of ten places
    for seed in (1, 2, 1, 3, 1):  # 3 drives out 2, since 1 was asked for again
        provider.matrix(locations(10, seed))
    assert counting.asked == 3
    provider.matrix(locations(10, 2))
    assert counting.asked == 4
    provider.matrix(locations(30))
    provider.matrix(locations(30))
    assert counting.asked == 6


def test_a_stand_in_is_not_remembered() -> None:
    """What comes with warnings is asked for anew: the service may be back."""
    counting = Counting(warns=True)
    provider = Cached(counting)
    provider.matrix(locations(3))
    provider.matrix(locations(3))
    assert counting.asked == 2
