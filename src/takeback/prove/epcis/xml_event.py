"""One event element of EPCIS 2.0 or 1.x as an event in standard form.

EPCIS 2.0 section 9 (XML binding). CURIEs of `gs1:` and `cbv:` are words of CBV; those of other prefixes stay as they
are, because XML declares no prefixes for values (and the vectors of the event hash have them so).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from takeback.prove.epcis.contexts import Context
from takeback.prove.epcis.names import STANDARD
from takeback.prove.epcis.vocabulary import Kind, bare
from takeback.prove.epcis.xml_names import XmlNaming, children, parted, text
from takeback.prove.epcis.xml_tree import Element
from takeback.prove.epcis.xml_values import add, attributes, boolean, extension, extensions, is_nil, number

Read = Callable[[Element, XmlNaming], Any]
_CBV = Context()


def event_of(element: Element) -> dict[str, Any]:
    """Return the event in standard form. Raises `Problem` for nesting that no event needs."""
    naming = XmlNaming()
    namespace, local = parted(element)
    event: dict[str, Any] = {"type": namespace + local, **_fields(element, naming, _EVENT)}
    if declared := {prefix: space for prefix, space in naming.used.items() if STANDARD.get(prefix) != space}:
        event["@context"] = declared
    return event


def word(kind: Kind, value: str) -> str:
    """Return a CBV word bare, whichever way it is written; other words as full URIs if their prefix is CBV's own."""
    known = bare(kind, value)
    return known if known is not value else bare(kind, _CBV.iri(value))


def _fields(element: Element, naming: XmlNaming, readers: dict[str, Read]) -> dict[str, Any]:
    """Return the fields of an element: those of `readers` by name, all others as extensions."""
    fields = attributes(element, naming)
    for child in children(element):
        namespace, local = parted(child)
        read = None if namespace else readers.get(local)
        if read is not None and is_nil(child):
            continue  # left out (EPCglobal-epcis-2_0.xsd: quantity is nillable)
        if read is not None:
            add(fields, local, read(child, naming))
        else:
            add(fields, naming.of_element(child), extension(child, naming))
    return fields


def _text(element: Element, naming: XmlNaming) -> str:
    return text(element)


def _number(element: Element, naming: XmlNaming) -> float | str:
    return number(text(element))


def _word(kind: Kind) -> Read:
    return lambda element, naming: word(kind, text(element))


def _texts(element: Element, naming: XmlNaming) -> list[str]:
    return [text(child) for child in children(element)]


def _each(readers: dict[str, Read]) -> Read:
    return lambda element, naming: [_fields(child, naming, readers) for child in children(element)]


def _typed(kind: Kind, name: str) -> Read:
    """Return what reads a list of values with a type as attribute: business transactions, sources, destinations."""

    def one(element: Element) -> dict[str, Any]:
        given = element.get("type")
        return {"type": word(kind, given), name: text(element)} if given else {name: text(element)}

    return lambda element, naming: [one(child) for child in children(element)]


def _place(element: Element, naming: XmlNaming) -> dict[str, Any]:
    return _fields(element, naming, {"id": _text})


def _persistent(element: Element, naming: XmlNaming) -> dict[str, list[str]]:
    result: dict[str, list[str]] = {}
    for child in children(element):
        result.setdefault(parted(child)[1], []).append(word("disposition", text(child)))
    return result


def _sensors(element: Element, naming: XmlNaming) -> list[dict[str, Any]]:
    return [_sensor(child, naming) for child in children(element)]


def _sensor(element: Element, naming: XmlNaming) -> dict[str, Any]:
    fields = attributes(element, naming)
    for child in children(element):
        namespace, local = parted(child)
        if not namespace and local == "sensorReport":
            fields.setdefault(local, []).append(_report(child, naming))
        elif not namespace and local == "sensorMetadata":
            fields[local] = attributes(child, naming)
        else:
            add(fields, naming.of_element(child), extension(child, naming))
    return fields


def _report(element: Element, naming: XmlNaming) -> dict[str, Any]:
    fields = attributes(element, naming)
    return {name: change(value) if (change := _REPORT.get(name)) else value for name, value in fields.items()}


_REPORT: dict[str, Callable[[str], Any]] = {
    "type": lambda value: word("measurement", value),
    "exception": lambda value: word("alert", value),
    "component": lambda value: word("component", value),
    "booleanValue": boolean,
    **dict.fromkeys(("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"), number),
}
_QUANTITIES = _each({"epcClass": _text, "quantity": _number, "uom": _text})
_EVENT: dict[str, Read] = {
    **dict.fromkeys(
        (
            "eventTime", "recordTime", "eventTimeZoneOffset", "eventID", "certificationInfo", "action", "parentID",
            "transformationID",
        ),
        _text,
    ),
    **dict.fromkeys(("epcList", "childEPCs", "inputEPCList", "outputEPCList"), _texts),
    **dict.fromkeys(("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"), _QUANTITIES),
    "bizStep": _word("bizStep"),
    "disposition": _word("disposition"),
    "persistentDisposition": _persistent,
    "readPoint": _place,
    "bizLocation": _place,
    "bizTransactionList": _typed("bizTransaction", "bizTransaction"),
    "sourceList": _typed("sourceDest", "source"),
    "destinationList": _typed("sourceDest", "destination"),
    "sensorElementList": _sensors,
    "ilmd": extensions,
    "errorDeclaration": lambda element, naming: _fields(
        element, naming, {"declarationTime": _text, "reason": _word("error"), "correctiveEventIDs": _texts}
    ),
}  # fmt: skip
