"""Loads with decimals in whole units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from takeback.core.message import msg
from takeback.plan.collection.formats.refusal import refusal

MOST_DECIMALS = 6


def load_units(values: Iterable[float], where: str, *, name: str) -> int:
    """Return how many whole units one unit of load needs: the smallest power of ten that leaves no decimals.

    Raises `Problem` for a load below 0 or with more than six decimals.
    """
    given = list(values)
    least = min(given, default=0.0)
    if least < 0:
        raise refusal(where, least, msg("0 or more"), name=name)
    for decimals in range(MOST_DECIMALS + 1):
        if all(_whole(value, 10**decimals) for value in given):
            return int(10**decimals)
    raise refusal(where, msg("more decimals"), msg("at most {decimals} decimals", decimals=MOST_DECIMALS), name=name)


def _whole(value: float, units: int) -> bool:
    exact = value * units
    return abs(exact - round(exact)) < 1e-9 * max(1.0, value) and (round(exact) > 0 or value == 0)


def in_units(values: Sequence[float], units: int) -> tuple[int, ...]:
    """Return loads in whole units."""
    return tuple(round(value * units) for value in values)


def dimension(units: int, word: str = "units") -> str:
    """Return the name of a load dimension in such units."""
    return word if units == 1 else f"{word} / {units}"
