"""The families of parameters whose names are open: types, units and fields stand in them (8.2.7.1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from typing import Any, cast

from takeback.core.message import msg
from takeback.prove.epcis.query.conditions import Condition, attributes, fields, links, numbers
from takeback.prove.epcis.query.fieldname import Context, FieldName
from takeback.prove.epcis.query.given import Given, comparable
from takeback.prove.epcis.query.trouble import VALIDATION, wrong
from takeback.prove.epcis.query.words import uris, word

OpenMaker = Callable[[re.Match[str], Given, Context], Condition | None]


def _link(match: re.Match[str], given: Given, context: Context) -> Condition:
    kind = cast(links.Kind, match["kind"])
    type_ = word(given.name, match["type"], links.VOCABULARY[kind], context)
    return links.LinkIs(kind, type_, uris(given.name, given.texts(), context))


def _quantity(match: re.Match[str], given: Given, _context: Context) -> Condition:
    return numbers.QuantityIs(cast(Any, match["sign"]), _values(match, given), match["uom"] or "")


def _report(match: re.Match[str], given: Given, _context: Context) -> Condition:
    return numbers.ReportIs(cast(Any, match["sign"]), match["name"], _values(match, given), match["uom"])


def _rank(match: re.Match[str], given: Given, _context: Context) -> Condition:
    return numbers.ReportIs(cast(Any, match["sign"]), "percRank", _values(match, given))


def _values(match: re.Match[str], given: Given) -> tuple[Fraction, ...]:
    return given.numbers() if match["sign"] == "EQ" else (given.number(),)


def _field(match: re.Match[str], given: Given, context: Context) -> Condition | None:
    name = FieldName.of(match["name"], context, where=given.name)
    test = _test(match["sign"], given)
    return None if test is None else fields.FieldIs(match["place"] or "", match["inner"] is not None, name, test)


def _test(sign: str, given: Given) -> fields.Test | None:
    if sign == "EXISTS":
        return fields.Test() if given.wanted() else None
    if sign != "EQ":
        return fields.Test(cast(Any, sign), (given.bound(),), given.typed)
    return fields.Test("EQ", _equals(given), given.typed)


def _equals(given: Given) -> tuple[str | Fraction | datetime, ...]:
    """Return what a field may equal: strings of a list; a number or a time that stands alone in a JSON query."""
    if not given.typed or given.listed:
        return given.texts()
    [value] = given.values
    read = comparable(value, numeric_text=False)
    if read is not None:
        return (read,)
    if isinstance(value, str | bool):
        return (("true" if value else "false") if isinstance(value, bool) else value,)
    raise wrong(given.name, value, msg("a list of strings, a number or a time"), kind=VALIDATION)


def _has_attribute(match: re.Match[str], given: Given, context: Context) -> Condition:
    named = tuple(FieldName.of(text, context, where=given.name) for text in given.texts())
    return attributes.HasAttribute(_element(match["field"], given, context), named)


def _attribute(match: re.Match[str], given: Given, context: Context) -> Condition:
    standard = next((name for name in attributes.NAMES if match["rest"].startswith(f"{name}_")), None)
    # An attribute's name begins behind the last _ before which a whole field name stands.
    field, _, attribute = match["rest"].partition(f"{standard}_") if standard else match["rest"].rpartition("_")
    element = _element(standard or field, given, context)
    named = FieldName.of(attribute, context, where=given.name)
    return attributes.AttributeIs(element, named, frozenset(given.texts()))


def _element(name: str, given: Given, context: Context) -> attributes.Element:
    if name in attributes.NAMES:
        return attributes.Element(standard=name)
    return attributes.Element(extension=FieldName.of(name, context, where=given.name))


_SIGNS = "EQ|GT|GE|LT|LE"
_SIGN = f"(?P<sign>{_SIGNS})"
_UOM = "(?P<uom>[A-Z0-9]{2,4})"
_PLACE = "|".join(filter(None, fields.PLACES))

OPEN: tuple[tuple[re.Pattern[str], OpenMaker], ...] = (
    (re.compile("EQ_(?P<kind>bizTransaction|source|destination)_(?P<type>.+)"), _link),
    (re.compile(f"{_SIGN}_quantity(?:_{_UOM})?"), _quantity),
    (re.compile(f"{_SIGN}_(?P<name>value|minValue|maxValue|meanValue|sDev|percValue)_{_UOM}"), _report),
    (re.compile(f"{_SIGN}_percRank"), _rank),
    (re.compile("HASATTR_(?P<field>.+)"), _has_attribute),
    (re.compile("EQ_?ATTR_(?P<rest>.+_.+)"), _attribute),
    (re.compile(rf"(?P<sign>{_SIGNS}|EXISTS)_(?P<inner>INNER_)?(?:(?P<place>{_PLACE})_)?(?P<name>.+:.+)"), _field),
)
