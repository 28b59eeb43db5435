"""The prices, costs and scarce resources of a vertical, as arrays for the engine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa

from takeback.plan.disposition.problem import FloatArray, Option, Resource, Terms

_OUTLETS = sa.text("select disposition, resource from outlet where vertical = :vertical order by place, disposition")
_RESOURCES = sa.text("select name, per_day, unit from resource where vertical = :vertical order by name")
_CONDITIONS = sa.text("select name, value from condition where vertical = :vertical order by place")
_PRICES = sa.text(
    "select category, condition, disposition, price, price_sd, decay_per_day, days, cost, size_cost, load from price "
    "where vertical = :vertical order by category"
)
_HOLDING = sa.text("select cost_per_day, longest_days from holding where vertical = :vertical")
_MEASURES = ("price", "price_sd", "decay_per_day", "days", "cost", "size_cost")


@dataclass(frozen=True, slots=True)
class Market:
    """What deciding needs to know of a vertical beside its items.

    ``load`` (categories, options) in units of the option's resource; ``offered`` (categories, options): whether the
    option exists for the category. ``resources`` is what is left in this period, ``full_day`` what a day has.
    ``hold_cost`` in minor units a day; ``longest_hold`` days, 0 where nothing may wait.
    """

    categories: dict[str, int]
    conditions: dict[str, int]
    condition_value: FloatArray | None
    options: tuple[Option, ...]
    resources: tuple[Resource, ...]
    full_day: tuple[Resource, ...]
    terms: Terms
    load: FloatArray
    offered: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    hold_cost: float
    longest_hold: float


def find(connection: sa.Connection, vertical: str) -> Market | None:
    """Return the tenant's market of a vertical, None when it has entered no prices.

    A price counts when its condition and its outlet are entered, too.
    """
    at = {"vertical": vertical}
    outlets = connection.execute(_OUTLETS, at).all()
    conditions = connection.execute(_CONDITIONS, at).all()
    known = {c.name for c in conditions}, {o.disposition for o in outlets}
    prices = [
        row for row in connection.execute(_PRICES, at) if row.condition in known[0] and row.disposition in known[1]
    ]
    if not prices:
        return None
    columns = dict(zip(prices[0]._fields, zip(*prices, strict=True), strict=True))
    categories = {name: place for place, name in enumerate(dict.fromkeys(columns["category"]))}
    classes = {row.name: place for place, row in enumerate(conditions)}
    outlet_of = {row.disposition: place for place, row in enumerate(outlets)}
    shape = (len(categories), len(classes), len(outlet_of))
    cell = (
        [categories[name] for name in columns["category"]],
        [classes[name] for name in columns["condition"]],
        [outlet_of[name] for name in columns["disposition"]],
    )
    arrays = {name: _spread(shape, cell, columns[name]) for name in (*_MEASURES, "load")}
    offered = _spread(shape, cell, True) > 0
    resources = tuple(Resource(row.name, row.per_day, row.unit) for row in connection.execute(_RESOURCES, at))
    holding = connection.execute(_HOLDING, at).one_or_none()
    valued = all(row.value is not None for row in conditions)
    return Market(
        categories=categories,
        conditions=classes,
        condition_value=np.array([row.value for row in conditions]) if valued else None,
        options=tuple(Option(row.disposition, row.resource) for row in outlets),
        resources=resources,
        full_day=resources,
        terms=Terms(**{name: arrays[name] for name in _MEASURES}),
        load=arrays["load"].max(axis=1),
        offered=np.asarray(offered.any(axis=1)),
        hold_cost=float(holding.cost_per_day) if holding else 0.0,
        longest_hold=float(holding.longest_days) if holding else 0.0,
    )


def _spread(shape: tuple[int, ...], cell: tuple[list[int], ...], values: object) -> FloatArray:
    """Return an array with ``values`` in the cells that have a price, 0 elsewhere."""
    array = np.zeros(shape)
    array[cell] = np.asarray(values, dtype=np.float64)
    return array
