from __future__ import annotations

import numpy as np
import pytest

from takeback.core.problem import Problem
from takeback.plan.disposition import bidprice
from takeback.plan.disposition.baseline import StaticRule, run_rule, served
from takeback.plan.disposition.oracle import oracle
from takeback.plan.disposition.problem import DispositionProblem, FloatArray, Hold, IntArray
from takeback.plan.disposition.search import search_static_rule
from takeback.plan.disposition.season import Outcome, Season, replay
from takeback.plan.disposition.solve import solve
from takeback.plan.doors import Budget
from tests.plan.disposition import worlds


def _every_day(season: Season) -> Outcome:
    return replay(season, lambda problem, _: solve(problem).choice)


def _with_hold(season: Season) -> Outcome:
    prices: list[FloatArray] = []

    def decide(problem: DispositionProblem, _: int) -> IntArray:
        solution = solve(problem)
        prices.append(solution.shadow_price)
        return solution.choice

    def hold(_: int) -> Hold | None:
        return Hold(1.0, bidprice.smoothed(np.array(prices)), np.ones(0, dtype=bool)) if prices else None

    return replay(season, decide, hold=hold)


def _valid(season: Season, outcome: Outcome) -> None:
    p, resource_of = season.problem, season.problem.resource_of
    waited = outcome.decided_on - season.day
    assert ((waited >= 0) & (waited <= season.longest_wait)).all()
    rows = np.arange(p.n)
    at = resource_of[outcome.choice]
    used = np.zeros(season.available.shape)
    np.add.at(used, (outcome.decided_on[at >= 0], at[at >= 0]), p.load[rows, outcome.choice][at >= 0])
    assert (used <= season.available + 1e-6).all()
    assert outcome.realised == pytest.approx(season.realised(outcome.choice, outcome.decided_on).sum())


@pytest.mark.parametrize("seed", [1, 2])
def test_nobody_beats_the_oracle_and_deciding_together_beats_the_best_static_rule(seed: int) -> None:
    """Rule <= engine <= oracle <= bound, with every plan feasible; the rule is searched on other seasons."""
    season = worlds.season(seed)
    rule = search_static_rule([worlds.season(77, 800)], budget=Budget(iterations=300))
    by_rule, daily, clairvoyant = run_rule(season, rule), _every_day(season), oracle(season)
    for outcome in (by_rule, daily, clairvoyant.outcome):
        _valid(season, outcome)
    assert by_rule.realised < daily.realised < clairvoyant.outcome.realised
    assert clairvoyant.outcome.realised <= clairvoyant.bound + 1e-3
    assert clairvoyant.outcome.realised >= 0.9999 * clairvoyant.bound


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_waiting_at_learnt_bid_prices_beats_deciding_every_day_for_itself(seed: int) -> None:
    """When busy and quiet days alternate, holding some items for tomorrow's cheaper places brings more."""
    season = worlds.season(seed)
    patient = _with_hold(season)
    _valid(season, patient)
    assert (patient.decided_on > season.day).any()
    assert patient.realised > _every_day(season).realised


def test_the_search_never_ends_below_its_start() -> None:
    """More rules tried, no less value on the training seasons; the same seed finds the same rule."""
    training = [worlds.season(50, 500), worlds.season(51, 500)]
    values = []
    for tried in (0, 60, 200):
        rule = search_static_rule(training, budget=Budget(iterations=tried))
        values.append(sum(run_rule(season, rule).realised for season in training))
    assert values == sorted(values)
    again = search_static_rule(training, budget=Budget(iterations=200))
    assert again.preference.tolist() == rule.preference.tolist()


def test_a_rule_needs_seasons() -> None:
    """Without training data there is no rule."""
    with pytest.raises(Problem, match="training seasons"):
        search_static_rule([])


@pytest.mark.parametrize("seed", range(5))
def test_serving_in_rounds_is_first_come_first_served(seed: int) -> None:
    """The array version gives what a loop over rounds and items gives."""
    p = worlds.problem(seed, 60, whole=False)
    random = np.random.default_rng(seed)
    ranked = np.array([random.permutation(5) for _ in range(p.n)])
    day = random.integers(0, 3, p.n)
    available = random.uniform(0, 8, (3, 2))
    room, choice = available.copy(), [-1] * p.n
    for rank in range(5):
        closed = set()
        for i in range(p.n):
            if choice[i] >= 0 or p.bar[i, ranked[i, rank]] >= 0:
                continue
            d = int(ranked[i, rank])
            r = int(p.resource_of[d])
            if r >= 0 and ((day[i], r) in closed or p.load[i, d] > room[day[i], r]):
                closed.add((day[i], r))
                continue
            choice[i] = d
            if r >= 0:
                room[day[i], r] -= p.load[i, d]
    assert served(ranked, p, day, available).tolist() == choice


def test_a_static_rule_decides_a_batch_as_it_decides_a_season() -> None:
    """Day by day or all days at once, the rule gives the same dispositions."""
    season = worlds.season(9, 300)
    rule = StaticRule(np.tile(np.array([2, 1, 0, 3, 4]), (3, 4, 1)))
    daily = replay(season, lambda problem, _: rule.decide(problem))
    assert daily.choice.tolist() == run_rule(season, rule).choice.tolist()


def test_bid_prices_follow_the_recent_days() -> None:
    """Constant prices are learnt exactly, a step is followed, and the newest day weighs most."""
    constant = np.tile([3.0, 7.0], (5, 1))
    assert bidprice.smoothed(constant) == pytest.approx([3.0, 7.0])
    step = np.concatenate([np.zeros((20, 1)), np.full((3, 1), 8.0)])
    assert bidprice.smoothed(step, half_life_days=1)[0] == pytest.approx(7.0, abs=0.01)
    with pytest.raises(ValueError, match="no past prices"):
        bidprice.smoothed(np.empty((0, 2)))


def test_a_forecast_of_twice_the_items_makes_places_dearer() -> None:
    """Bid prices from a forecast rise with the inflow and fall with the capacity."""
    sample = worlds.problem(4, 200)
    room = np.array([20.0, 20.0])
    few, usual, many = (bidprice.forecast(sample, expected_items=n, available=room) for n in (50, 200, 400))
    assert (few <= usual).all()
    assert (usual <= many).all()
    assert (few < many).any()
