"""Conditions on extension fields: at the top, in ILMD, error declarations, sensors and places, and nested in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from takeback.prove.epcis.query.conditions.moments import SIGNS, Sign
from takeback.prove.epcis.query.fieldname import FieldName
from takeback.prove.epcis.query.given import comparable, moment, number
from takeback.prove.epcis.query.seen import Seen

Places = Callable[[Seen], Iterable[Mapping[str, Any]]]


def _child(name: str) -> Places:
    def places(seen: Seen) -> Iterable[Mapping[str, Any]]:
        value = seen.event.get(name)
        return (value,) if isinstance(value, Mapping) else ()

    return places


# What stands before the field's name in a parameter, and where its fields lie.
PLACES: dict[str, Places] = {
    "": lambda seen: (seen.event,),
    "ILMD": _child("ilmd"),
    "ERROR_DECLARATION": _child("errorDeclaration"),
    "SENSORELEMENT": lambda seen: seen.elements,
    "SENSORMETADATA": lambda seen: seen.metadata,
    "SENSORREPORT": lambda seen: seen.reports,
    "readPoint": _child("readPoint"),
    "bizLocation": _child("bizLocation"),
}


@dataclass(frozen=True, slots=True)
class Test:
    """What a field's value is asked: to be there (no sign), to equal a value, or to lie within a bound.

    `typed`: the values come from a JSON query, where a string is a string. Texts of an address are compared as
    texts, as times and as plain numbers, because nobody can say there what type they have.
    """

    sign: Sign | None = None
    values: tuple[str | Fraction | datetime, ...] = ()
    typed: bool = False

    def passes(self, value: object) -> bool:
        """Whether the value, or one of a list, passes."""
        if self.sign is None:
            return True
        return any(self._one(scalar) for scalar in scalars(value))

    def _one(self, scalar: object) -> bool:
        if self.sign == "EQ":
            return any(self._equal(scalar, value) for value in self.values)
        found = comparable(scalar)
        return any(
            type(found) is type(value) and SIGNS[self.sign or "EQ"](found, value)
            for value in self.values
        )  # fmt: skip

    def _equal(self, scalar: object, value: str | Fraction | datetime) -> bool:
        if isinstance(value, Fraction):
            return number(scalar) == value
        if isinstance(value, datetime):
            return moment(scalar) == value
        if _text(scalar) == value:
            return True
        return not self.typed and _same(scalar, value)


@dataclass(frozen=True, slots=True)
class FieldIs:
    """`EQ_name`, `GE_ILMD_name`, `EXISTS_INNER_name`, ...: a field in a place passes the test."""

    place: str
    inner: bool
    name: FieldName
    test: Test

    def holds(self, seen: Seen) -> bool:
        """Whether the event has such a field."""
        context = seen.context
        return any(
            self.name.names(key, context) and self.test.passes(value)
            for place in PLACES[self.place](seen)
            for key, value in (nested(place) if self.inner else _own(place))
        )


def nested(place: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Return all fields below the extension fields of a place, however deep."""
    waiting = [value for _, value in _own(place)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            yield from value.items()
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def scalars(value: object) -> Iterator[object]:
    """Return a value that is no object, or those of a list; of a JSON-LD value object its `@value`."""
    for one in value if isinstance(value, list) else (value,):
        if isinstance(one, Mapping):
            if "@value" in one:
                yield one["@value"]
        elif one is not None and not isinstance(one, list):
            yield one


def _own(place: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((key, value) for key, value in place.items() if ":" in key)


def _text(scalar: object) -> str:
    if isinstance(scalar, bool):
        return "true" if scalar else "false"
    return scalar if isinstance(scalar, str) else str(scalar)


def _same(scalar: object, text: str) -> bool:
    """Whether a scalar and a text of unknown type are the same number or the same time."""
    found = moment(scalar)
    if found is not None:
        return found == moment(text)
    if isinstance(scalar, str) and (_padded(scalar) or _padded(text)):
        return False  # 007 is a name, not a number
    read = number(scalar)
    return read is not None and read == number(text)


def _padded(text: str) -> bool:
    digits = text.lstrip("+-")
    return len(digits) > 1 and digits[0] == "0" and digits[1] != "."
