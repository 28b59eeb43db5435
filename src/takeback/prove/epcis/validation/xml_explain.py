"""From an error of the XML schema to a finding with place, line and mend."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from takeback.core.message import Message, msg
from takeback.prove.epcis.validation.finding import Finding
from takeback.prove.epcis.validation.rules import found_at

Told = tuple[Message, Message]

_NAME = re.compile(r"Element '(?:\{(?P<space>[^}]*)\})?([^']*)'(?:, attribute '(?:\{[^}]*\})?([^']*)')?: ")
_EXPECTED = re.compile(r"Expected is(?: one of)? \( (.*) \)\.")
_VALUE = re.compile(r"[Tt]he value '([^']*)'|'([^']*)' is not a valid value")
_MISSING = re.compile(r"The attribute '([^']*)' is required")
_MENDS = {
    "eventTime": msg("Write it as 2026-11-25T10:00:00.000+08:00, with the offset from UTC."),
    "action": msg("Write ADD, OBSERVE or DELETE."),
    "quantity": msg("Write a decimal number."),
}
_MENDS |= dict.fromkeys(("recordTime", "declarationTime", "time", "startTime", "endTime"), _MENDS["eventTime"])
_MENDS |= dict.fromkeys(("value", "minValue", "maxValue", "meanValue", "sDev"), _MENDS["quantity"])


def explained(error: Any, places: Mapping[str, int]) -> Finding:
    """Return the finding of an error; `places` gives the number of an event by its path."""
    path = error.path or ""
    index = _event(path, places)
    name = _NAME.match(error.message)
    element, attribute = (name[2], name[3]) if name else ("", None)
    text = error.message[name.end() :] if name else error.message
    where = f"line {error.line}: {path}"
    told = _of_space(text, element, name["space"] if name else None) or _told(text, element, attribute)
    return found_at("xml.form", where, index, _found(text), *told)


def _of_space(text: str, element: str, space: str | None) -> Told | None:
    """Return what to say of an element that stands here in another namespace, or in none; None of others."""
    expected = _EXPECTED.search(text)
    names = expected[1].split(", ") if expected else []
    wrong = msg("<{name}> does not stand here", name=element)
    if space and element in names:
        return wrong, msg("Write <{name}> without prefix and namespace: only the root has one.", name=element)
    spaces = [name[1:].partition("}")[0] for name in names if name.startswith("{")]
    if not space and spaces:
        return wrong, msg("Here elements have the namespace {namespace}, and its prefix.", namespace=spaces[0])
    return None


def _event(path: str, places: Mapping[str, int]) -> int | None:
    """Return the number of the event that holds what a path leads to."""
    while path and path not in places:
        path = path.rpartition("/")[0]
    return places.get(path)


def _found(text: str) -> str | None:
    match = _VALUE.search(text)
    return None if match is None else match[1] or match[2]


def _told(text: str, element: str, attribute: str | None) -> Told:
    if match := _MISSING.search(text):
        return (
            msg('<{name}> lacks the attribute "{attribute}"', name=element, attribute=match[1]),
            msg("Add it: the standard requires it here."),
        )
    if text.startswith("No matching global"):
        return (
            msg("<{name}> is not an element of EPCIS", name=element),
            msg("The root is EPCISDocument, EPCISQueryDocument, EPCISMasterDataDocument or one event."),
        )
    value = _found(text)
    if value is None:
        return _structure(text, element)
    field = attribute or element
    wrong = msg('"{found}" is not a value of {field}', found=value, field=field)
    return wrong, _MENDS.get(field, msg("Compare it with the type that the standard gives this field."))


def _structure(text: str, element: str) -> Told:
    expected = _EXPECTED.search(text)
    names = _names(expected[1]) if expected else ""
    if text.startswith("Missing child"):
        return msg("<{name}> is not complete", name=element), msg("Add: {names}", names=names)
    if not text.startswith("This element is not expected"):
        return msg("<{name}> is not as the standard has it", name=element), msg("Expected: {what}", what=text)
    wrong = msg("<{name}> does not stand here", name=element)
    if names:
        return wrong, msg("Expected here: {names}. The fields of an event have a fixed order.", names=names)
    return wrong, msg("Take it out, or move it to its place: the fields of an event have a fixed order.")


def _names(expected: str) -> str:
    names = [re.sub(r"\{[^}]*\}", "", name) for name in expected.split(", ")]
    return ", ".join(name for name in names if name and not name.startswith(("##", "*")))
