"""Prices, costs and lines of a vertical, as everybody may know them: what an engine decides with."""

from __future__ import annotations

from dataclasses import dataclass

from takeback.demo.world import Flags, Floats
from takeback.operate.words import Vertical


@dataclass(frozen=True, slots=True)
class Line:
    """Something scarce: `per_day` units of `unit` on a working day. `name` is also the option's resource."""

    name: str
    per_day: float
    unit: str


@dataclass(frozen=True, slots=True)
class Market:
    """What each option brings and costs for C categories, G conditions, D options; money in minor units.

    - `resource` (D): name of the line the option uses, None = unlimited; `lines`: those lines.
    - `price` (C, G, D) per unit of item size, `size_cost` likewise, `cost` (C, G, D) per item, `load` (C, D) per item.
    - `decay_per_day` (C,) continuous; `days` (D,) to the money; `price_sd` relative.
    - `allowed` (C, D): whether the option exists for the category.
    - `storage` minor units per item and day of waiting; `longest_hold_days`.
    - `condition_value` (G,): state of health of the class, None for goods.
    """

    vertical: Vertical
    categories: tuple[str, ...]
    conditions: tuple[str, ...]
    options: tuple[str, ...]
    resource: tuple[str | None, ...]
    lines: tuple[Line, ...]
    price: Floats
    size_cost: Floats
    cost: Floats
    load: Floats
    decay_per_day: Floats
    days: Floats
    price_sd: float
    allowed: Flags
    storage: float
    longest_hold_days: int
    currency: str
    condition_value: Floats | None = None
