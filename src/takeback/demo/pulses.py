"""The pulse test of a pack: a two-RC equivalent circuit under five short current pulses, 21 voltages per test."""

from __future__ import annotations

import numpy as np

from takeback.demo.parameters import Parameters
from takeback.demo.world import Floats, Ints


def voltages(parameters: Parameters, model: Ints, soh: Floats, rng: np.random.Generator) -> Floats:
    """Return (n, 21) volts per cell: at rest, then for each pulse at start, end, switch-off and after the rest.

    `soh`: state of health 0..1. Every pack draws its own resistances, state of charge and noise, row by row.
    """
    p = parameters.pulse
    draws = rng.standard_normal((len(model), 4 + 1 + 4 * len(p.c_rates)))
    soc = p.soc[0] + (p.soc[1] - p.soc[0]) * _uniform(draws[:, 3]) + p.soc_noise * draws[:, 3]
    ohms = _resistances(parameters, soh, draws[:, :3])
    return _response(parameters, model, soc, ohms) + p.voltage_noise_v * draws[:, 4:]


def _uniform(normal: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-1.7 * normal))


def _resistances(parameters: Parameters, soh: Floats, draws: Floats) -> Floats:
    """Return (n, 3) volts per 1C: ohmic, fast and slow polarisation; all grow as the capacity fades."""
    p = parameters.pulse
    level = np.array([p.r0_c_ohm, p.r1_c_ohm, p.r2_c_ohm])
    growth = np.array([p.r0_growth, p.r1_growth, p.r2_growth])
    return level * (1.0 + growth * (1.0 - soh[:, None])) * np.exp(np.array(p.scatter) * draws)


def _response(parameters: Parameters, model: Ints, soc: Floats, ohms: Floats) -> Floats:
    p = parameters.pulse
    on, off = (np.exp(-t / np.array(p.tau_s)) for t in (p.pulse_s, p.rest_s))
    rest = _open_circuit(parameters, model, soc)
    polarised = np.zeros((len(soc), 2))
    readings = [rest]
    for rate in p.c_rates:
        readings.append(rest + rate * ohms[:, 0] + polarised.sum(axis=1))
        polarised = polarised * on + rate * ohms[:, 1:] * (1.0 - on)
        readings.append(rest + rate * ohms[:, 0] + polarised.sum(axis=1))
        readings.append(rest + polarised.sum(axis=1))
        polarised = polarised * off
        readings.append(rest + polarised.sum(axis=1))
    return np.stack(readings, axis=1)


def _open_circuit(parameters: Parameters, model: Ints, soc: Floats) -> Floats:
    volts = np.empty(len(soc))
    names = np.array([m.chemistry for m in parameters.battery_models.rows])[model]
    for chemistry in parameters.chemistries:
        rows = names == chemistry.name
        volts[rows] = np.interp(soc[rows], chemistry.ocv_soc, chemistry.ocv_v)
    return volts
