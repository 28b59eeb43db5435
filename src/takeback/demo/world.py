"""What a world is made of: what operators know, what an instrument would read, and the hidden truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from takeback.demo.parameters import Parameters

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.str_]
Dates = npt.NDArray[np.datetime64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Packs:
    """Battery packs that come back, n rows. Days count from the world's start.

    - `epc`: canonical Digital Link (GIAI); `gbt_code`: 24 characters of GB/T 34014; `model`: row of the battery models.
    - `site`: row of the sites where it waits; `requested_day`; `window_open_day`, `window_close_day`: promised pick-up.
    - `ready_day`: the day it stands graded at the test centre if it is picked up on the first day of its window.
    - `announced_mass_g`: what the holder wrote; `made_on`: date of manufacture.
    """

    epc: Texts
    gbt_code: Texts
    model: Ints
    site: Ints
    requested_day: Ints
    window_open_day: Ints
    window_close_day: Ints
    ready_day: Ints
    announced_mass_g: Ints
    made_on: Dates

    def __len__(self) -> int:
        return len(self.model)


@dataclass(frozen=True, slots=True)
class Parcels:
    """Parcels that come back with one item each, n rows.

    - `epc`: canonical Digital Link (SGTIN); `product`: row of the products; `category`: row of the categories.
    - `shop`, `centre`: rows of the sites where the customer drops it and where it is opened.
    - `requested_day`, `dropped_day`, `ready_day` (opened and inspected), days from the world's start.
    - `announced_mass_g`, `volume_cm3`: as announced; `value_minor`: list price; `reason`: row of the return reasons.
    """

    epc: Texts
    product: Ints
    category: Ints
    shop: Ints
    centre: Ints
    requested_day: Ints
    dropped_day: Ints
    ready_day: Ints
    announced_mass_g: Ints
    volume_cm3: Ints
    value_minor: Ints
    reason: Ints

    def __len__(self) -> int:
        return len(self.product)


@dataclass(frozen=True, slots=True)
class World:
    """Everything people know before they open, weigh or test. Holds no truth."""

    parameters: Parameters
    seed: int
    packs: Packs
    parcels: Parcels


@dataclass(frozen=True, slots=True)
class PackObservations:
    """What the test centre would read on each pack, n rows.

    - `voltages` (n, 21): pulse test, volts per cell. `fault`: what the tester sees, row of the faults.
    - `weighed_mass_g`: on the test centre's scale.
    """

    voltages: Floats
    fault: Ints
    weighed_mass_g: Ints


@dataclass(frozen=True, slots=True)
class ParcelObservations:
    """What the return centre would read on each parcel, n rows.

    - `grade` as an inspector sees it, `variant`: which of the findings that lead there; `weighed_mass_g` on the scale.
    """

    grade: Ints
    variant: Ints
    weighed_mass_g: Ints


@dataclass(frozen=True, slots=True)
class LabPacks:
    """Reference packs of the laboratory: `soh` is measured by capacity tests; pulse models learn from it."""

    model: Ints
    soh: Floats
    voltages: Floats


@dataclass(frozen=True, slots=True)
class Observations:
    """Readings of all items, drawn once from each item's own stream: they do not depend on who looks when."""

    packs: PackObservations
    parcels: ParcelObservations
    lab: LabPacks


@dataclass(frozen=True, slots=True)
class PackTruth:
    """Hidden: `soh` (share of rated capacity), `fault`, `mass_g`; `price_noise` (n, options), mean 1."""

    soh: Floats
    fault: Ints
    mass_g: Ints
    price_noise: Floats


@dataclass(frozen=True, slots=True)
class ParcelTruth:
    """Hidden: `grade`, `empty` (nothing inside), `mass_g`; `price_noise` (n, options), mean 1."""

    grade: Ints
    empty: Flags
    mass_g: Ints
    price_noise: Floats


@dataclass(frozen=True, slots=True)
class Truth:
    """The hidden condition of everything. Read by scoring only, never by what decides."""

    packs: PackTruth
    parcels: ParcelTruth


@dataclass(frozen=True, slots=True)
class Made:
    """A generated world with its readings and its hidden truth."""

    world: World
    observations: Observations
    truth: Truth
