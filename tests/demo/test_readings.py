"""What instruments and inspectors would read: as accurate as declared, and understood by the grading engines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from takeback.demo.generate import generate
from takeback.demo.grades import battery_grades, goods_grades
from takeback.demo.parameters import yangtze
from takeback.demo.pulses import voltages
from takeback.demo.soh import measure
from tests.demo.worlds import made, small_parameters


def test_inspectors_are_right_in_four_cases_of_five() -> None:
    """Over 20,000 parcels the share of right grades, and each row of the confusion matrix, is the declared one."""
    p = yangtze()
    it = generate(p, 1, packs=10)
    true, seen = it.truth.parcels.grade[~it.truth.parcels.empty], it.observations.parcels.grade[~it.truth.parcels.empty]
    assert abs((true == seen).mean() - 0.80) < 0.01
    found = np.histogram2d(true, seen, bins=[range(6), range(6)])[0]
    found /= found.sum(axis=1, keepdims=True)
    assert np.abs(found - np.array(p.inspection.confusion)).max() < 0.03


def test_the_checklists_lead_to_the_grade_the_inspector_saw() -> None:
    """The goods grading engine gives every parcel the observed grade from the ticks alone."""
    it = made(1)
    grades = goods_grades(it.world, it.observations)
    assert np.array_equal(grades.grade, it.observations.parcels.grade)


def test_beliefs_about_goods_are_calibrated() -> None:
    """Of all parcels believed to be of a grade with probability about q, about a share q is."""
    it = generate(yangtze(), 4, packs=10)
    belief = goods_grades(it.world, it.observations).belief.ravel()
    is_so = np.eye(5)[it.truth.parcels.grade].ravel()
    for low in np.arange(0.0, 1.0, 0.2):
        inside = (belief >= low) & (belief < low + 0.2)
        if inside.sum() > 1000:
            assert abs(belief[inside].mean() - is_so[inside].mean()) < 0.03


def test_the_engine_finds_state_of_health_to_two_points() -> None:
    """From pulses alone the grading engine errs by 1.5 to 3 points RMS, about as much as it says."""
    it = generate(yangtze(), 2, parcels=10)
    soh, sd = measure(it.world, it.observations)
    error = soh - it.truth.packs.soh
    rms = float(np.sqrt((error**2).mean()))
    assert 0.015 < rms < 0.030
    assert abs(float(sd.mean()) / rms - 1) < 0.25


def test_a_faded_pack_answers_a_pulse_more_strongly() -> None:
    """The first voltage step grows as the state of health falls, all draws being equal."""
    p, model = small_parameters(), np.zeros(50, dtype=np.int64)
    steps = [
        np.diff(voltages(p, model, np.full(50, soh), np.random.default_rng(1)), axis=1)[:, 0] for soh in (1.0, 0.8, 0.6)
    ]
    assert (steps[0] < steps[1]).all() and (steps[1] < steps[2]).all()


def test_pack_grades_follow_bands_and_faults() -> None:
    """A measured 85 % is a B, a C where cells look uneven, M with a bad module, X where unsafe; beliefs sum to 1."""
    it = made(1)
    n = len(it.world.packs)
    grades = battery_grades(it.world, it.observations, np.full(n, 0.85), np.full(n, 0.02))
    by_fault = {0: "B", 1: "C", 2: "M", 3: "X"}
    assert [grades.names[g] for g in grades.grade] == [by_fault[f] for f in it.observations.packs.fault.tolist()]
    np.testing.assert_allclose(grades.belief.sum(axis=1), 1.0)


def test_what_customers_say_tells_something_of_the_condition() -> None:
    """With the reason given, the belief in the true grade is higher on average than from the grade alone."""
    it = generate(yangtze(), 4, packs=10)
    rows, true = np.arange(len(it.world.parcels)), it.truth.parcels.grade
    told = goods_grades(it.world, it.observations).belief
    silent = replace(it.world, parcels=replace(it.world.parcels, reason=np.zeros_like(it.world.parcels.reason)))
    same = goods_grades(silent, it.observations).belief
    assert told[rows, true].mean() > same[rows, true].mean() + 0.01
