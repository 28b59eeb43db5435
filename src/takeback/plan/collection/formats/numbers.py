"""Numbers out of text files: finite, of a size that can be calculated with, told with their place when they are not."""

from __future__ import annotations

from collections.abc import Sequence

from takeback.core.message import msg
from takeback.plan.collection.formats.refusal import refusal

LARGEST = 1e12  # above every figure of every set; sums and products of some of them stay exact
MOST_DIGITS = 40


def number(word: str, where: str, *, name: str) -> float:
    """Return the number that `word` is. Raises `Problem`."""
    try:
        value = float(word) if len(word) <= MOST_DIGITS else float("nan")
    except ValueError:
        value = float("nan")
    if not -LARGEST <= value <= LARGEST:
        raise refusal(where, word, msg("a number of at most {largest:,.0f}", largest=LARGEST), name=name)
    return value


def numbers(words: Sequence[str], where: str, *, name: str) -> list[float]:
    """Return the numbers that `words` are. Raises `Problem`."""
    return [number(word, where, name=name) for word in words]


def whole(word: str, where: str, *, least: int = 0, most: float = LARGEST, name: str) -> int:
    """Return the whole number that `word` is, from `least` to `most`. Raises `Problem`."""
    value = number(word, where, name=name)
    if value != int(value) or not least <= value <= most:
        expected = msg("a whole number, {least} or more", least=least)
        if most < LARGEST:
            expected = msg("a whole number from {least} to {most}", least=least, most=int(most))
        raise refusal(where, word, expected, name=name)
    return int(value)


def scaled(value: float, factor: float, where: str, *, name: str) -> int:
    """Return `value` x `factor` where that is a whole number of 0 or more. Raises `Problem`."""
    result = round(value * factor)
    if result < 0 or abs(value * factor - result) > 1e-6 * max(1.0, abs(value)):
        raise refusal(where, value, msg("0 or more, in steps of 1/{factor:,.0f}", factor=factor), name=name)
    return result
