"""Numbers that are stated: exact, finite, of a size that means something."""

from __future__ import annotations

from decimal import Decimal

from takeback.core.message import msg
from takeback.core.problem import Problem

LARGEST = Decimal(10) ** 15
FINEST = -12  # the exponent of the last digit


def finite(value: Decimal, *, where: str) -> Decimal:
    """Return `value` when it is a number that can be kept; raises `Problem` ``centre.bad-value``."""
    exponent = value.as_tuple().exponent
    if not value.is_finite() or abs(value) > LARGEST or not isinstance(exponent, int) or exponent < FINEST:
        raise Problem(
            "centre.bad-value",
            msg("This is no value."),
            where=where,
            found=value,
            expected=msg("a number within 1e15 with at most {count} decimals", count=-FINEST),
        )
    return value
