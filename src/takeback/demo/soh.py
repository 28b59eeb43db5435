"""State of health of the world's packs: the grading engine learns from the laboratory's and reads the pulse tests."""

from __future__ import annotations

import numpy as np

from takeback.demo.world import Floats, Ints, LabPacks, Observations, World
from takeback.plan.grading.batteries.model import PulseModel
from takeback.plan.grading.batteries.problem import BatteryGradingProblem, LabelledPulses, Readings, Settings
from takeback.plan.grading.batteries.solve import solve
from takeback.plan.grading.batteries.train import train

SETTINGS = Settings(estimator="linear", boundaries=(0.6, 0.7, 0.8, 0.9))


def measure(world: World, seen: Observations) -> tuple[Floats, Floats]:
    """Return state of health (n,), share of rated capacity, and its standard error (n,), as the engine finds them."""
    chemistry = chemistry_of_models(world)
    models = learn(world, seen.lab)
    soh, sd = np.zeros(len(world.packs)), np.zeros(len(world.packs))
    for name, model in models.items():
        rows = np.flatnonzero(chemistry[world.packs.model] == name)
        if not len(rows):
            continue
        readings = Readings.of_pulses([str(row) for row in rows], seen.packs.voltages[rows])
        answer = solve(BatteryGradingProblem(readings, model=model, settings=SETTINGS))
        soh[rows], sd[rows] = answer.soh, answer.sd
    return soh, sd


def learn(world: World, lab: LabPacks) -> dict[str, PulseModel]:
    """Return a pulse model for each chemistry, learnt from the laboratory's capacity tests."""
    chemistry = chemistry_of_models(world)[lab.model]
    models = {}
    for name in sorted(set(chemistry.tolist())):
        rows = np.flatnonzero(chemistry == name)
        models[name], _ = train(_labelled(name, lab, rows), SETTINGS)
    return models


def chemistry_of_models(world: World) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    """Return the chemistry of each battery model."""
    return np.array([m.chemistry for m in world.parameters.battery_models.rows])


def _labelled(name: str, lab: LabPacks, rows: Ints) -> LabelledPulses:
    group = tuple(f"laboratory pack {row}" for row in rows.tolist())
    return LabelledPulses(name, lab.voltages[rows], lab.soh[rows], group)
