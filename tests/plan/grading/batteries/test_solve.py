from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from takeback.core.problem import Problem
from takeback.plan.doors import Progress
from takeback.plan.grading.batteries import leaks
from takeback.plan.grading.batteries.baseline import mean_predictor
from takeback.plan.grading.batteries.check import check
from takeback.plan.grading.batteries.classes import class_beliefs
from takeback.plan.grading.batteries.model import PulseModel
from takeback.plan.grading.batteries.problem import BatteryGradingProblem, LabelledPulses, Readings, Settings
from takeback.plan.grading.batteries.solution import METHODS, UNFAMILIAR, BatteryGradingSolution, why_test
from takeback.plan.grading.batteries.solve import solve
from tests.plan.grading.batteries import cells


def _problem(seed: int = 1, **settings: object) -> tuple[BatteryGradingProblem, LabelledPulses]:
    known, asked = cells.split(cells.pulses(seed), 30)
    readings = Readings.of_pulses([f"b{i}" for i in range(len(asked.soh))], asked.voltage)
    return BatteryGradingProblem(readings, training=known, settings=Settings(**settings)), asked  # type: ignore[arg-type]


@pytest.mark.parametrize("estimator", ["linear", "kernel", "auto"])
@pytest.mark.parametrize("guarantee", ["shot", "cell"])
def test_the_independent_check_finds_nothing_wrong(estimator: str, guarantee: str) -> None:
    """Predictions, intervals, flags and the report of a freshly learnt model follow from their definitions."""
    problem, _ = _problem(estimator=estimator, guarantee=guarantee)
    assert check(problem, solve(problem)) == []


def test_new_batteries_are_graded_far_better_than_by_the_mean() -> None:
    """On cells never seen the error is below a third of the mean predictor's, and the report said so beforehand."""
    problem, asked = _problem()
    solution = solve(problem)
    error = np.abs(solution.soh - asked.soh).mean()
    assert problem.training is not None
    naive = np.abs(mean_predictor(problem.training, len(asked.soh)) - asked.soh).mean()
    assert error < naive / 3
    assert solution.model is not None
    assert solution.model.report.skill > 2 / 3
    assert solution.model.report.mae == pytest.approx(error, rel=0.6)


def test_intervals_hold_nine_of_ten_new_batteries() -> None:
    """Over many made-up fleets the 90 % interval covers 90 % of new tests, give or take the sampling error."""
    inside = []
    for seed in range(40):
        problem, asked = _problem(seed, estimator="linear")
        solution = solve(problem, seed=seed)
        inside.append(((solution.low <= asked.soh) & (asked.soh <= solution.high)).mean())
    assert 0.87 < float(np.mean(inside)) < 0.97


def test_the_promise_for_all_tests_of_a_battery_is_wider() -> None:
    """Holding for every shot of a cell at once costs width, and covers whole cells."""
    covered = []
    for seed in range(25):
        wide, asked = _problem(seed, estimator="linear", guarantee="cell")
        narrow, _ = _problem(seed, estimator="linear")
        solution = solve(wide)
        assert (solution.high - solution.low >= solve(narrow).high - solve(narrow).low - 1e-12).all()
        outside = {
            g
            for g, s, lo, hi in zip(asked.group, asked.soh, solution.low, solution.high, strict=True)
            if not lo <= s <= hi
        }
        covered.append(1 - len(outside) / len(set(asked.group)))
    assert float(np.mean(covered)) > 0.87


def test_too_few_batteries_promise_nothing() -> None:
    """Six cells cannot support a 90 % interval: it is infinite and every battery is sent to a full test."""
    known, asked = cells.split(cells.pulses(2, cells=10), 6)
    problem = BatteryGradingProblem(Readings.of_pulses(["x"], asked.voltage[:1]), training=known)
    solution = solve(problem)
    assert np.isinf(solution.high[0])
    assert solution.model is not None
    assert solution.model.report.coverage is None
    assert "too uncertain" in str(why_test(solution, 0))
    assert check(problem, solution) == []


def test_below_five_batteries_nothing_is_learnt() -> None:
    """Four cells, even with many shots, are refused."""
    known, asked = cells.split(cells.pulses(2, cells=6, shots=20), 4)
    with pytest.raises(Problem, match="so few batteries") as caught:
        solve(BatteryGradingProblem(Readings.of_pulses(["x"], asked.voltage[:1]), training=known))
    assert caught.value.found == 4


def test_the_same_seed_gives_the_same_model() -> None:
    """Two trainings have the same hash; another seed deals other folds."""
    problem, _ = _problem()
    first, second, other = solve(problem, seed=3), solve(problem, seed=3), solve(problem, seed=4)
    assert first.model is not None
    assert second.model is not None
    assert other.model is not None
    assert first.model.hash == second.model.hash
    assert first.model.hash != other.model.hash


def test_a_stored_model_grades_as_the_fresh_one_did() -> None:
    """Through JSON and back: the same hash, the same grades; a changed number is refused."""
    problem, _ = _problem()
    fresh = solve(problem)
    assert fresh.model is not None
    document = fresh.model.to_json()
    model = PulseModel.from_json(document)
    again = BatteryGradingProblem(problem.readings, model=model)
    assert solve(again).soh.tolist() == fresh.soh.tolist()
    assert check(again, solve(again)) == []
    with pytest.raises(Problem, match="has been changed"):
        PulseModel.from_json(document.replace(b'"seed":0', b'"seed":1'))
    with pytest.raises(Problem, match="not a pulse model"):
        PulseModel.from_json(b'{"format": "else"}')


def test_a_capacity_test_goes_before_a_pulse_test() -> None:
    """A measured capacity gives the SOH with its own uncertainty, and never asks for another test."""
    problem, asked = _problem()
    r = problem.readings
    capacity, sd = r.capacity_ah.copy(), r.capacity_sd_ah.copy()
    capacity[0], sd[0] = 8.0, 0.05
    mixed = replace(r, capacity_ah=capacity, capacity_sd_ah=sd, nominal_ah=np.full(len(asked.soh), 10.0))
    solution = solve(replace(problem, readings=mixed))
    assert METHODS[solution.method[0]] == "capacity test"
    assert (solution.soh[0], solution.sd[0]) == (pytest.approx(0.8), pytest.approx(0.005))
    assert solution.high[0] - solution.soh[0] == pytest.approx(1.645 * 0.005, rel=1e-3)
    assert why_test(solution, 0) is None
    assert check(replace(problem, readings=mixed), solution) == []


def test_capacity_tests_alone_need_no_model() -> None:
    """A full test of each battery: no training table, no model."""
    readings = Readings.of_capacity(["a", "b"], [9.1, 5.0], sd_ah=0.1, nominal_ah=10.0)
    problem = BatteryGradingProblem(readings)
    solution = solve(problem)
    assert solution.soh == pytest.approx([0.91, 0.5])
    assert solution.model is None
    assert check(problem, solution) == []


def test_an_unfamiliar_response_is_sent_to_a_full_test() -> None:
    """Three times the resistance of any known cell: no number is trusted."""
    problem, _ = _problem()
    volts = problem.readings.voltage.copy()
    volts[0, 1:] = volts[0, 0] + 5 * (volts[0, 1:] - volts[0, 0])
    solution = solve(replace(problem, readings=replace(problem.readings, voltage=volts)))
    assert solution.needs_test[0] == UNFAMILIAR
    assert "unlike any battery" in str(why_test(solution, 0))


def test_a_full_test_is_wanted_only_where_it_could_change_the_grade() -> None:
    """An interval on one side of every boundary needs no test, one that straddles a boundary does."""
    problem, _ = _problem(estimator="linear", boundaries=(0.8,), widest=1.0)
    solution = solve(problem)
    straddles = (solution.low < 0.8) & (solution.high >= 0.8)
    assert straddles.any()
    assert not straddles.all()
    familiar = solution.needs_test != UNFAMILIAR
    assert ((solution.needs_test > 0) == straddles)[familiar].all()


def test_a_battery_that_was_learnt_from_is_not_graded() -> None:
    """The same name, or the same voltages under another name, is refused as a leak."""
    problem, _ = _problem()
    assert problem.training is not None
    named = replace(problem.readings, group=(problem.training.group[0], *problem.readings.group[1:]))
    with pytest.raises(Problem) as caught:
        solve(replace(problem, readings=named))
    assert (caught.value.kind, caught.value.found) == ("grading.leak", "cell 0")
    disguised = Readings.of_pulses(["new"], problem.training.voltage[5:6])
    with pytest.raises(Problem, match="voltage for voltage"):
        solve(replace(problem, readings=disguised))


def test_a_split_across_a_battery_is_refused() -> None:
    """Rows of one cell on both sides of a split are named; D3-100 and D3-200 are one cell of the 2.1 Ah type."""
    names = [leaks.physical_battery("NMC 2.1 Ah", name) for name in ("D3-100", "D3-200", "D4-100")]
    assert names == ["D3", "D3", "D4"]
    assert leaks.physical_battery("LFP 35 Ah", "10-2") == "10-2"
    leaks.refuse_split(names[:2], names[2:])
    with pytest.raises(Problem, match="both sides"):
        leaks.refuse_split(names[:1], names[1:])


def test_the_state_of_charge_is_hidden_unless_asked_for() -> None:
    """Without `use_soc` shuffled states of charge change nothing; with it the model needs them of every reading."""
    problem, _ = _problem(estimator="linear")
    assert problem.training is not None
    assert problem.training.soc_percent is not None
    shuffled = replace(problem.training, soc_percent=problem.training.soc_percent[::-1].copy())
    assert solve(problem).soh.tolist() == solve(replace(problem, training=shuffled)).soh.tolist()
    with pytest.raises(Problem, match="state of charge of every"):
        replace(problem, settings=Settings(use_soc=True))
    told = replace(problem.readings, soc_percent=np.full(len(problem.readings.keys), 30.0))
    seen = replace(problem, readings=told, settings=Settings(use_soc=True, estimator="linear"))
    assert check(seen, solve(seen)) == []


def test_beliefs_follow_the_interval() -> None:
    """Class probabilities sum to 1, are certain without error and even at a boundary."""
    beliefs = class_beliefs(np.array([0.8, 0.9, 0.7]), np.array([0.05, 0.0, 0.02]), np.array([0.6, 0.8]))
    assert beliefs.sum(axis=1) == pytest.approx(1.0)
    assert beliefs[0] == pytest.approx([0.0, 0.5, 0.5], abs=1e-4)
    assert beliefs[1].tolist() == [0.0, 0.0, 1.0]
    assert beliefs[2].argmax() == 1


def test_progress_counts_the_folds() -> None:
    """Each outer fold is reported; the fractions rise."""
    heard: list[Progress] = []
    problem, _ = _problem(estimator="linear")
    solve(problem, on_progress=heard.append)
    assert [p.iteration for p in heard] == [1, 2, 3, 4, 5]
    assert [p.fraction for p in heard] == sorted(p.fraction for p in heard)


Mutation = Callable[[BatteryGradingSolution], BatteryGradingSolution]


def _model(s: BatteryGradingSolution, **changes: object) -> BatteryGradingSolution:
    assert s.model is not None
    return replace(s, model=replace(s.model, **changes))  # type: ignore[arg-type]


def _report(s: BatteryGradingSolution, **changes: float) -> BatteryGradingSolution:
    assert s.model is not None
    return _model(s, report=replace(s.model.report, **changes))


def _evidence(s: BatteryGradingSolution, **changes: object) -> BatteryGradingSolution:
    assert s.evidence is not None
    return replace(s, evidence=replace(s.evidence, **changes))  # type: ignore[arg-type]


MUTATIONS: dict[str, tuple[str, Mutation]] = {
    "a better state of health": ("soh.wrong", lambda s: replace(s, soh=s.soh + 0.01)),
    "a narrower interval": ("low.wrong", lambda s: replace(s, low=s.low + 0.01)),
    "a smaller error": ("sd.wrong", lambda s: replace(s, sd=s.sd / 2)),
    "more confidence": ("confidence.wrong", lambda s: replace(s, confidence=np.zeros_like(s.confidence))),
    "no test wanted": ("needs-test.wrong", lambda s: replace(s, needs_test=np.zeros_like(s.needs_test))),
    "a missing battery": ("solution.shape", lambda s: replace(s, soh=s.soh[1:])),
    "no evidence": ("evidence.missing", lambda s: replace(s, evidence=None)),
    "no model": ("model.missing", lambda s: replace(s, model=None)),
    "other weights": ("model.not-optimal", lambda s: _model(s, weight=s.model.weight * 1.1)),  # type: ignore[union-attr]
    "a flattered error": ("report.wrong", lambda s: _report(s, mae=0.001)),
    "a flattered skill": ("report.wrong", lambda s: _report(s, skill=0.999)),
    "smaller errors to calibrate on": ("calibration.wrong", lambda s: _model(s, shot_errors=s.model.shot_errors / 2)),  # type: ignore[union-attr]
    "perfect held-out predictions": ("calibration.wrong", lambda s: _evidence(s, held_out=s.evidence.held_out * 1.01)),  # type: ignore[union-attr]
    "a battery on both sides": ("leak.battery-split", lambda s: _evidence(s, fold=np.arange(len(s.evidence.fold)) % 5)),  # type: ignore[union-attr]
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_changed_solution_is_caught(name: str) -> None:
    """Each thing a solution states is recomputed: altered, it is reported under its rule."""
    problem, _ = _problem(estimator="linear")
    rule, mutate = MUTATIONS[name]
    assert rule in {violation.rule for violation in check(problem, mutate(solve(problem)))}
