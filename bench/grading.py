"""State of health from a 5 s pulse test, against published figures: `python -m bench.grading [--quick] [--seed N]`.

LFP pulse map (2026): the published protocol is `train_test_split(test_size=0.2, random_state=0..99)` over the rows of
one state-of-charge sheet, linear regression on five descriptors, median of the mean absolute errors. `*_repro_mae`
repeats exactly that; `*_mae` is Takeback's ridge on the steps of the same pulses (no open-circuit voltage: it gives the
state of health away at a set state of charge), same cells, same splits.
PulseBat (Tao et al. 2024): nobody published errors by cell; ours are nested, by physical cell, state of charge hidden.
"""

from __future__ import annotations

import argparse
import os
import time
from importlib import import_module
from pathlib import Path

import numpy as np

from bench.line import better_pct, print_line

PUBLISHED = {  # median MAE, share of nominal capacity: figure data of the pulse map, 5 s pulses, five rates together
    (20, 5): 0.0180,
    (20, 20): 0.0161,
    (20, 50): 0.0125,
    (35, 5): 0.0394,
    (35, 20): 0.0389,
    (35, 50): 0.0238,
}
PULSEBAT = {
    "LMO 10 Ah": "10Ah LMO/LMO_10Ah_W_5000.xlsx",
    "NMC 21 Ah": "21Ah NMC/NMC_21Ah_W_5000.xlsx",
    "LFP 35 Ah": "35Ah LFP/LFP_35Ah_W_5000.xlsx",
    "NMC 2.1 Ah": "2.1Ah NMC/NMC_2.1Ah_W_5000.xlsx",
}


def main() -> None:
    """Measure and print the line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="20 splits of ours instead of 100, two PulseBat types")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=_data())
    asked = parser.parse_args()
    start = time.perf_counter()
    for part in ("ridge", "tables", "train"):
        import_module(f"takeback.plan.grading.batteries.{part}")
    cold = time.perf_counter() - start
    start = time.perf_counter()
    figures = {**_pulse_map(asked.data, 20 if asked.quick else 100), **_pulsebat(asked.data, asked.quick, asked.seed)}
    left_out = ["80 of 100 splits of ours", "LFP 35 Ah and NMC 2.1 Ah by cell"] if asked.quick else []
    figures |= {"seconds": round(time.perf_counter() - start, 1), "cold_s": round(cold, 2), "left_out": left_out}
    print_line("grading", seed=asked.seed, quick=asked.quick, figures=figures)


def _data() -> Path:
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    return Path(os.environ.get("TAKEBACK_DATA") or beside)


def _pulse_map(data: Path, splits: int) -> dict[str, object]:
    figures: dict[str, object] = {}
    for (size, charge), published in PUBLISHED.items():
        path = data / f"diagnostics/lfp_pulse/LFP_{size}Ah_W_5000.xlsx"
        name = f"lfp{size}_soc{charge}"
        again, ours = _errors(path, size, charge, splits) if path.exists() else (None, None)
        figures |= {
            f"{name}_published_mae": published,
            f"{name}_repro_mae": again,
            f"{name}_mae": ours,
            f"{name}_vs_published_pct": better_pct(ours, published),
        }
    return figures


def _errors(path: Path, size: int, charge: int, splits: int) -> tuple[float, float]:
    from sklearn.linear_model import LinearRegression
    from sklearn.model_selection import train_test_split

    from takeback.plan.grading.batteries.features import features
    from takeback.plan.grading.batteries.leaks import refuse_split
    from takeback.plan.grading.batteries.ridge import fit
    from takeback.plan.grading.batteries.tables import read_pulse_table
    from takeback.plan.threads import one_thread

    table = read_pulse_table(path, cell_type=f"LFP {size} Ah", sheet=f"SOC{charge}")
    soh, group = table.pulses.soh, np.array(table.pulses.group)
    steps = features(table.pulses.voltage, None, rest_voltage=False)
    again, ours = [], []
    for seed in range(100):
        known, asked = train_test_split(np.arange(len(soh)), test_size=0.2, random_state=seed)
        refuse_split(group[known].tolist(), group[asked].tolist())
        linear = LinearRegression().fit(table.descriptor[known], soh[known])
        again.append(np.abs(linear.predict(table.descriptor[asked]) - soh[asked]).mean())
        if seed < splits:
            with one_thread():
                fitted = fit(steps[known], soh[known], group[known].tolist(), estimator="auto", folds=5, seed=seed)
            ours.append(np.abs(fitted.predict(steps[asked]) - soh[asked]).mean())
    return round(float(np.median(again)), 4), round(float(np.median(ours)), 4)


def _pulsebat(data: Path, quick: bool, seed: int) -> dict[str, object]:
    from takeback.plan.grading.batteries.conformal import half_width
    from takeback.plan.grading.batteries.problem import Settings
    from takeback.plan.grading.batteries.tables import read_pulse_table
    from takeback.plan.grading.batteries.train import train

    figures: dict[str, object] = {}
    for place, (cell_type, file) in enumerate(PULSEBAT.items()):
        path = data / "diagnostics/pulsebat/ProcessedData_adjustable" / file
        name = "pulsebat_" + cell_type.lower().replace(" ah", "ah").replace(" ", "_").replace(".", "_")
        report, width = None, None
        if path.exists() and not (quick and place > 1):
            model, _ = train(read_pulse_table(path, cell_type=cell_type).pulses, Settings(), seed=seed)
            report, width = model.report, 2 * half_width(model, 0.9, "shot")
        figures |= {
            f"{name}_mape_pct": report and round(100 * report.mape, 2),
            f"{name}_vs_mean_pct": report and better_pct(report.mae, report.baseline_mae),
            f"{name}_coverage90": report and report.coverage and round(report.coverage, 3),
            f"{name}_width90_pp": None if width is None or np.isinf(width) else round(100 * width, 1),
        }
    return figures


if __name__ == "__main__":
    main()
