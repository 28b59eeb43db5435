from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import train_test_split

from takeback.plan.grading.batteries import leaks, ridge
from takeback.plan.grading.batteries.features import features
from takeback.plan.grading.batteries.problem import Settings
from takeback.plan.grading.batteries.tables import PulseTable, read_pulse_table
from takeback.plan.grading.batteries.train import train
from takeback.plan.threads import one_thread
from tests.reference import reference_data

PUBLISHED = {(20, 5): 0.0180, (20, 20): 0.0161, (20, 50): 0.0125, (35, 5): 0.0394, (35, 20): 0.0389, (35, 50): 0.0238}
SPLITS = 12


def _table(size: int, charge: int) -> PulseTable:
    path = reference_data("diagnostics/lfp_pulse") / f"LFP_{size}Ah_W_5000.xlsx"
    return read_pulse_table(path, cell_type=f"LFP {size} Ah", sheet=f"SOC{charge}")


@pytest.mark.parametrize(("size", "charge"), PUBLISHED)
def test_the_published_error_is_reproduced_to_four_decimals_and_beaten(size: int, charge: int) -> None:
    """Their descriptors, regression and 100 splits give their figure; our ridge errs at least 10 % less.

    Only the first splits are run for ours, and compared with theirs on the very same ones.
    """
    table = _table(size, charge)
    soh, group = table.pulses.soh, np.array(table.pulses.group)
    steps = features(table.pulses.voltage, None, rest_voltage=False)
    theirs, ours = [], []
    for seed in range(100):
        known, asked = train_test_split(np.arange(len(soh)), test_size=0.2, random_state=seed)
        linear = LinearRegression().fit(table.descriptor[known], soh[known])
        theirs.append(np.abs(linear.predict(table.descriptor[asked]) - soh[asked]).mean())
        if seed < SPLITS:
            leaks.refuse_split(group[known].tolist(), group[asked].tolist())
            with one_thread():
                fit = ridge.fit(steps[known], soh[known], group[known].tolist(), estimator="linear", folds=5, seed=seed)
            ours.append(np.abs(fit.predict(steps[asked]) - soh[asked]).mean())
    assert round(float(np.median(theirs)), 4) == PUBLISHED[size, charge]
    assert np.mean(ours) < 0.9 * np.mean(theirs[:SPLITS])


def test_retired_cells_are_graded_by_cell_with_their_charge_hidden() -> None:
    """PulseBat NMC 21 Ah: by physical cell, state of charge unknown, below 1.8 % and a third better than the mean."""
    path = reference_data("diagnostics/pulsebat") / "ProcessedData_adjustable/21Ah NMC/NMC_21Ah_W_5000.xlsx"
    table = read_pulse_table(path, cell_type="NMC 21 Ah")
    model, _ = train(table.pulses, Settings(estimator="linear"))
    report = model.report
    assert (report.batteries, report.shots, table.nominal_ah) == (52, 520, 21.0)
    assert report.mape < 0.018
    assert report.skill > 1 / 3
    assert report.coverage is not None
    assert 0.85 < report.coverage < 0.97


def test_the_small_cells_are_twelve_not_sixty_seven() -> None:
    """PulseBat NMC 2.1 Ah: 67 identifiers are 12 physical cells at several ages; as 67 the error looks better."""
    path = reference_data("diagnostics/pulsebat") / "ProcessedData_adjustable/2.1Ah NMC/NMC_2.1Ah_W_5000.xlsx"
    table = read_pulse_table(path, cell_type="NMC 2.1 Ah")
    leaky = read_pulse_table(path, cell_type="as if each age were a cell")
    assert (len(set(table.pulses.group)), len(set(leaky.pulses.group))) == (12, 67)
    honest, flattered = (train(t.pulses, Settings(estimator="linear"))[0].report for t in (table, leaky))
    assert flattered.mae < honest.mae
