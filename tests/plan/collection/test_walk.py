"""PyVRP's local search, annealed: the piece of a search in parts."""

from __future__ import annotations

from dataclasses import replace

import pytest
import pyvrp

from bench.spd import generated
from takeback.plan.collection.jobs import Job, work
from takeback.plan.collection.savings import by_savings
from takeback.plan.doors import Budget

HOT = 0.3


@pytest.fixture(scope="module")
def problem():
    return generated(120, 3)


def metres(problem, routes):
    """Return the length of all routes."""
    depot, total = problem.depots[0].location, 0
    for _, visits in routes:
        places = [depot, *(problem.tasks[visit.task].location for visit in visits), depot]
        total += int(problem.distance_m[places[:-1], places[1:]].sum())
    return total


def walked(problem, start, seed, *, onward=False, iterations=300, hot=HOT):
    budget = Budget(iterations=iterations)
    return work(Job("walk", problem, budget, seed, (start,), hot=hot, onward=onward, pooled=False))


def test_a_walk_ends_with_the_best_plan_that_it_met(problem):
    """It is never dearer than the plan it set out from, and serves every task once."""
    start = by_savings(problem)
    for seed in range(4):
        found = walked(problem, start, seed)
        assert found.feasible
        assert sorted(visit.task for _, visits in found.routes for visit in visits) == list(range(120))
        assert metres(problem, found.routes) <= metres(problem, start)


def test_a_piece_of_a_walk_may_end_with_a_dearer_plan_the_sooner_the_hotter_it_is(problem):
    """From a good plan, a hot piece leaves it; a cold one does not."""
    good = walked(problem, by_savings(problem), 1, iterations=1_500).routes
    ends = {hot: metres(problem, walked(problem, good, 2, onward=True, hot=hot).routes) for hot in (1e-6, 3.0)}
    assert ends[1e-6] <= metres(problem, good) < ends[3.0]


def test_a_walk_tells_routes_of_good_plans_where_it_is_asked_to(problem):
    """Most of its best plan among them; none is told where nobody asks."""
    job = Job("walk", problem, Budget(iterations=1_500), 1, (by_savings(problem),), hot=HOT)
    found = work(job)
    assert len(found.pool) > len(found.routes)
    told = {frozenset(visit.task for visit in visits) for _, visits in found.pool}
    assert sum(frozenset(v.task for v in visits) in told for _, visits in found.routes) > len(found.routes) / 2
    assert not work(replace(job, pooled=False)).pool


def test_a_walk_counts_iterations_and_repeats_itself(problem):
    """The same arguments give the same routes, another seed gives others."""
    start = by_savings(problem)
    one, two, other = (walked(problem, start, seed, onward=True) for seed in (5, 5, 6))
    assert one == two
    assert one.iterations == 300
    assert one.routes != other.routes


class _Ends(pyvrp.RandomNumberGenerator):
    """Draws both ends of what a generator may draw, in turn."""

    last = 0.0

    def rand(self):
        self.last = 1.0 - self.last
        return self.last


def test_a_walk_takes_both_ends_of_what_is_drawn(problem, monkeypatch):
    """A generator draws from 0 to 1, and now and then exactly these."""
    monkeypatch.setattr(pyvrp, "RandomNumberGenerator", _Ends)
    assert walked(problem, by_savings(problem), 1, iterations=20).feasible
