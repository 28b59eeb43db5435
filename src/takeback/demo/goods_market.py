"""The market for returned goods: seven categories, five grades, eight dispositions."""

from __future__ import annotations

import numpy as np

from takeback.demo.market import Line, Market
from takeback.demo.parameters import Category, Parameters
from takeback.demo.world import Floats, Ints

MINOR = 100.0
_LINES = {"open_box": "outlet", "refurbish": "refurbishing bench", "parts": "parts bench"}


def goods_market(parameters: Parameters) -> Market:
    """Return the market of the world's goods. An item's size is its list price in minor units."""
    p, e, c = parameters, parameters.goods_economics, parameters.categories
    factor, lines, minutes = price_factors(p), p.goods_lines, bench_minutes(p)
    shape = (len(c), len(p.inspection.grades), len(e.options))
    return Market(
        vertical="returns",
        categories=tuple(row.name for row in c),
        conditions=p.inspection.grades,
        options=e.options,
        resource=tuple(_LINES.get(option) for option in e.options),
        lines=(
            Line("outlet", lines.open_box_places, "items"),
            Line("refurbishing bench", lines.refurbish_minutes, "minutes"),
            Line("parts bench", lines.parts_minutes, "minutes"),
        ),
        price=factor[:, None, :] * np.array(e.price),
        size_cost=np.broadcast_to(np.array(e.penalty), shape),
        cost=np.broadcast_to(item_cost(p, np.arange(len(c)), mean_mass_g(p))[:, None, :], shape),
        load=np.where(np.array(e.options) == "open_box", 1.0, minutes),
        decay_per_day=np.array([row.decay_per_week / 7 for row in c]),
        days=np.array(e.days_to_money, dtype=np.float64),
        price_sd=e.price_sd,
        allowed=factor > 0,
        storage=e.storage_cny_per_day * MINOR,
        longest_hold_days=e.longest_hold_days,
        currency=p.world.currency,
    )


def bench_minutes(parameters: Parameters) -> Floats:
    """Return (categories, options) minutes of bench work; 0 for what needs none."""
    names = parameters.goods_economics.options
    minutes = [{"refurbish": c.refurbish_minutes, "parts": c.parts_minutes} for c in parameters.categories]
    return np.array([[row.get(option, 0.0) for option in names] for row in minutes])


def price_factors(parameters: Parameters) -> Floats:
    """Return (categories, options): a category's price over the common one; 0 = the option does not exist for it."""
    names = parameters.goods_economics.options
    return np.array([[_factor(row, option) for option in names] for row in parameters.categories])


def item_cost(parameters: Parameters, category: Ints, mass_g: Floats) -> Floats:
    """Return (n, options) minor units: handling, bench labour and transport of items of these categories and masses."""
    e = parameters.goods_economics
    transport = mass_g[:, None] / 1000 * np.array(e.transport_cny_per_kg)
    labour = e.labour_cny_per_minute * bench_minutes(parameters)[category]
    cost: Floats = MINOR * (np.array(e.handling_cny) + labour + transport)
    return cost


def mean_mass_g(parameters: Parameters) -> Floats:
    """Return the mean mass of each category's returns, grams."""
    rows = parameters.products.rows
    means = []
    for category in parameters.categories:
        own = [r for r in rows if r.category == category.name]
        means.append(sum(r.mass_g * r.weight for r in own) / sum(r.weight for r in own))
    return np.array(means)


def _factor(row: Category, option: str) -> float:
    own = {"open_box": row.open_box, "refurbish": row.refurbish, "liquidate": row.liquidate, "parts": row.parts}
    return own.get(option, 1.0)
