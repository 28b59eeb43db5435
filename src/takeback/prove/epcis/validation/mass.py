"""Does a transformation bring out more mass than went in? EPCIS 2.0, 7.4 (TransformationEvent)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from takeback.core.message import msg
from takeback.core.quantity import Quantity
from takeback.core.units import Unit
from takeback.prove.epcis.validation.finding import Finding
from takeback.prove.epcis.validation.rules import found_at
from takeback.prove.epcis.validation.schema_event import EVENT_LIST
from takeback.prove.epcis.validation.unit_codes import MASS

TOLERANCE = Fraction(1, 1000)  # of the mass that went in: scales and rounding of the figures
_NOTHING, _MOST = Fraction(0), 1 + TOLERANCE  # made once: most transformations weigh nothing


def balance(transformed: Sequence[tuple[int, Mapping[str, Any]]]) -> list[Finding]:
    """Return where more mass comes out than went in, and where outputs have no inputs; of events with their places.

    Events with one `transformationID` are one transformation: their masses are added up, and the last is blamed.
    What was put in before this document is not known; a transformation without any mass input is not balanced.
    """
    weighed = _weighed(transformed)
    totals: dict[str, tuple[Fraction, Fraction, int]] = {}
    findings: list[Finding] = []
    for index, event in transformed:
        if event.get("errorDeclaration"):
            continue
        name = _name(event, index)
        inside, out, _ = totals.get(name, (_NOTHING, _NOTHING, 0))
        if name in weighed:
            inside += _mass(event.get("inputQuantityList") or ())
            out += _mass(event.get("outputQuantityList") or ())
        if _has(event, "output") and not _has(event, "input") and name not in totals:
            findings.append(_no_inputs(index, name))
        totals[name] = inside, out, index
    excess = (total for name, total in totals.items() if name in weighed and 0 < total[0] * _MOST < total[1])
    return findings + [_excess(*total) for total in excess]


def _weighed(events: Iterable[tuple[int, Mapping[str, Any]]]) -> set[str]:
    """Return the transformations with inputs by quantity: only these can bring out more mass than went in."""
    return {_name(event, index) for index, event in events if event.get("inputQuantityList")}


def _name(event: Mapping[str, Any], index: int) -> str:
    return event.get("transformationID") or f"#{index}"


def _mass(quantities: Iterable[Mapping[str, Any]]) -> Fraction:
    """Return the mass in kilograms of the quantities that have a mass unit (UN/ECE Recommendation 20)."""
    total = _NOTHING
    for one in quantities:
        factor = MASS.get(one.get("uom", ""))
        if factor is not None and "quantity" in one:
            total += Fraction(Decimal(str(one["quantity"]))) * factor
    return total


def _has(event: Mapping[str, Any], side: str) -> bool:
    return bool(event.get(f"{side}EPCList") or event.get(f"{side}QuantityList"))


def _excess(inside: Fraction, out: Fraction, index: int) -> Finding:
    return found_at(
        "lifecycle.mass",
        f"{EVENT_LIST}/{index}/outputQuantityList",
        index,
        _kg(out),
        msg("{out} come out of a transformation that {inside} went into", out=_kg(out), inside=_kg(inside)),
        msg("Check figures and units; add the missing input, such as water, air or reagents."),
    )


def _no_inputs(index: int, name: str) -> Finding:
    return found_at(
        "lifecycle.no-inputs",
        f"{EVENT_LIST}/{index}",
        index,
        name,
        msg("Outputs of transformation {name} are reported before any of its inputs", name=name),
        msg("Report the inputs first, with the same transformationID."),
    )


def _kg(mass: Fraction) -> str:
    return Quantity(mass, Unit.KG).format(3)
