"""Quantities of classes of things: EPCIS 2.0, 7.3.3.3 (QuantityElement)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from takeback.core.message import msg
from takeback.prove.epcis.validation.check_what import check_class
from takeback.prove.epcis.validation.sink import Sink
from takeback.prove.epcis.validation.unit_codes import COUNTS, SLIPS


def check_quantities(name: str, quantities: Sequence[Mapping[str, Any]], event: object, sink: Sink) -> None:
    """Check the classes, amounts and units of a quantity list."""
    for number, one in enumerate(quantities):
        where = (name, number)
        check_class(one["epcClass"], (name, number, "epcClass"), sink)
        if "quantity" in one:
            _amount(one["quantity"], "uom" in one, where, sink)
        elif "uom" in one:
            _unit_alone(one["uom"], where, sink)
        if "uom" in one:
            _unit(one["uom"], where, sink)


def _amount(quantity: float, measured: bool, where: tuple[object, ...], sink: Sink) -> None:
    if quantity < 0:
        sink.add(
            "quantity.negative",
            (*where, "quantity"),
            quantity,
            msg("A quantity is not negative: {quantity}", quantity=quantity),
            msg("Write how much there was; what goes out stands in an output list or an event with action DELETE."),
        )
    if not measured and quantity != int(quantity):
        sink.add(
            "quantity.not-whole",
            (*where, "quantity"),
            quantity,
            msg("A quantity without unit counts things and is a whole number: {quantity}", quantity=quantity),
            msg('Add the unit, such as "uom": "KGM", or write a whole number.'),
        )


def _unit(uom: str, where: tuple[object, ...], sink: Sink) -> None:
    if uom in COUNTS:
        sink.add(
            "quantity.count-unit",
            (*where, "uom"),
            uom,
            msg('"{uom}" counts things: a count has no unit in EPCIS', uom=uom),
            msg("Leave uom out: without it the quantity is a number of things."),
        )
    elif uom in SLIPS:
        right = SLIPS[uom]
        sink.add(
            "quantity.unit",
            (*where, "uom"),
            uom,
            msg('"{uom}" is not the code of a unit in UN/ECE Recommendation 20', uom=uom),
            msg('Did you mean "{name}"?', name=right) if right else msg("Leave uom out for a count."),
        )


def _unit_alone(uom: str, where: tuple[object, ...], sink: Sink) -> None:
    sink.add(
        "quantity.unit-without-quantity",
        (*where, "uom"),
        uom,
        msg("A unit stands without a quantity"),
        msg('Add the "quantity", or leave uom out: then only the class is named.'),
    )
