"""Conditions on quantities and on the numbers of sensor reports, in any unit of the same kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from takeback.prove.epcis.query.conditions.items import QUANTITIES
from takeback.prove.epcis.query.conditions.moments import SIGNS, Sign
from takeback.prove.epcis.query.given import number
from takeback.prove.epcis.query.seen import Seen, listed
from takeback.prove.epcis.query.units import converted

SPANS = frozenset({"sDev"})  # differences of two values: the zero of a scale has no bearing on them


@dataclass(frozen=True, slots=True)
class QuantityIs:
    """`EQ_quantity`, `GT_quantity`, ... and, with a unit, `EQ_quantity_KGM`, ...: one of the values."""

    sign: Sign
    values: tuple[Fraction, ...]
    uom: str = ""

    def holds(self, seen: Seen) -> bool:
        """Whether a quantity of the event compares so."""
        places = (element for name in QUANTITIES for element in listed(seen.event, name))
        return any(compares(element, "quantity", self.sign, self.values, self.uom) for element in places)


@dataclass(frozen=True, slots=True)
class ReportIs:
    """`GE_value_CEL`, `LT_minValue_CEL`, ..., `GE_percRank`: a number of a sensor report."""

    sign: Sign
    name: str
    values: tuple[Fraction, ...]
    uom: str = ""

    def holds(self, seen: Seen) -> bool:
        """Whether a sensor report compares so."""
        return any(compares(report, self.name, self.sign, self.values, self.uom) for report in seen.reports)


def compares(place: Mapping[str, Any], name: str, sign: Sign, values: tuple[Fraction, ...], uom: str) -> bool:
    """Whether the number ``name`` of ``place``, in the unit ``uom`` if one is asked for, compares with a value."""
    found = number(place.get(name)) if place.get(name) is not None else None
    if found is not None and uom:
        unit = place.get("uom")
        found = converted(found, unit, uom, difference=name in SPANS) if isinstance(unit, str) else None
    return found is not None and any(SIGNS[sign](found, value) for value in values)
