"""Days of customers with several visits: neighbours together, no day above what it has, the same every time."""

from __future__ import annotations

import numpy as np
from scipy.sparse.csgraph import minimum_spanning_tree

from takeback.plan.collection.formats.schemes import Day, choose, tree

EVEN, ODD = (0, 2), (1, 3)


def _minutes(*places: tuple[float, float]) -> np.ndarray:
    spots = np.array([(0.0, 0.0), *places])
    return np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1))


def _day(minutes: np.ndarray, available: float = 1_000.0, capacity: float = 100.0) -> Day:
    return Day(minutes, home=0, available=available, unload=5.0, capacity=capacity)


def _two_towns() -> np.ndarray:
    """Four customers in the east, four in the west, listed in turn."""
    return _minutes(*((50.0 + k, k) if k % 2 else (-50.0 - k, k) for k in range(8)))


def test_neighbours_share_their_days():
    """Two towns, too far apart for one day: each has days of its own, whatever the order of the customers."""
    customers = dict.fromkeys(range(1, 9), (EVEN, ODD))
    ones = dict.fromkeys(customers, 1.0)
    chosen = choose(_day(_two_towns(), available=120.0), customers, ones, ones)
    assert len({chosen[k] for k in (1, 3, 5, 7)}) == 1
    assert len({chosen[k] for k in (2, 4, 6, 8)}) == 1
    assert chosen[1] != chosen[2]


def test_no_day_has_too_much():
    """Where a town is more than a day has minutes for, it is divided although its customers are neighbours."""
    minutes = _minutes(*((30.0 + k, 0.0) for k in range(6)))
    customers = dict.fromkeys(range(1, 7), (EVEN, ODD))
    ones, service = dict.fromkeys(customers, 1.0), dict.fromkeys(customers, 40.0)
    chosen = choose(_day(minutes, available=200.0), customers, ones, service)
    assert sorted(list(chosen.values()).count(scheme) for scheme in (EVEN, ODD)) == [3, 3]


def test_the_choice_repeats_itself_and_knows_only_options():
    """The same customers get the same days; each gets one of its own options; nobody, nothing."""
    chance = np.random.default_rng(1)
    minutes = _minutes(*map(tuple, chance.uniform(0, 60, (12, 2))))
    customers = {k: ((EVEN, ODD) if k % 3 else ((0, 1, 2, 3),)) for k in range(1, 13)}
    ones = dict.fromkeys(customers, 9.0)
    chosen = choose(_day(minutes), customers, ones, ones)
    assert chosen == choose(_day(minutes), customers, ones, ones)
    assert all(chosen[k] in options for k, options in customers.items())
    assert choose(_day(minutes), {}, {}, {}) == {}


def test_the_tree_is_the_shortest():
    """The length is that of scipy's minimum spanning tree."""
    chance = np.random.default_rng(2)
    minutes = _minutes(*map(tuple, chance.uniform(1, 60, (9, 2))))
    assert np.isclose(tree(minutes, range(10)), minimum_spanning_tree(minutes).sum())
    assert tree(minutes, [0]) == 0.0


def test_many_customers_are_balanced_without_a_search():
    """A thousand customers get the schemes whose days carry least: both days the same."""
    customers = dict.fromkeys(range(1, 1_001), (EVEN, ODD))
    ones = dict.fromkeys(customers, 1.0)
    chosen = choose(_day(np.zeros((1_001, 1_001))), customers, ones, ones)
    assert list(chosen.values()).count(EVEN) == 500
