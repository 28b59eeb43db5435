"""One event as JSON has it, brought to standard form. What is wrong with it stays: the validator tells it.

EPCIS 2.0 section 10 (JSON and JSON-LD binding).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from takeback.prove.epcis.contexts import Context
from takeback.prove.epcis.extension_names import Naming
from takeback.prove.epcis.vocabulary import Kind, bare

Change = Callable[[Any, Context], Any]


def standard_event(event: dict[str, Any], context: Context, where: str = "") -> dict[str, Any]:
    """Return a new event in standard form; `where` is the pointer of the event, for problems.

    The given event is left as it is; parts of it that need no change are shared.
    """
    if "@context" in event:
        context = context.extended(event["@context"])
    naming = Naming(context, where)
    result: dict[str, Any] = {}
    for name, value in event.items():
        change = _CHANGES.get(name)
        if change is not None:
            result[name] = change(value, context, naming)
        elif name not in _PLAIN:
            result[naming.name(name)] = naming.value(value)
        elif name != "@context":
            result[name] = value
    if naming.used and (declared := naming.declared()):
        result["@context"] = declared
    return result


def _uri(value: Any, context: Context, naming: Naming) -> Any:
    """Return a URI, or a list of URIs, with CURIEs of the document's own prefixes written out."""
    if context.prefixes and isinstance(value, list):
        return [_uri(item, context, naming) for item in value]
    if context.prefixes and isinstance(value, str):
        return context.iri(value) if value.partition(":")[0] in context.prefixes else value
    return value


def _word(kind: Kind) -> Callable[[Any, Context, Naming], Any]:
    def change(value: Any, context: Context, naming: Naming) -> Any:
        if isinstance(value, list):
            return [change(item, context, naming) for item in value]
        if not isinstance(value, str) or ":" not in value:
            return value
        word = bare(kind, value)
        return bare(kind, context.iri(value)) if word is value else word

    return change


def _inside(changes: dict[str, Callable[[Any, Context, Naming], Any]], plain: frozenset[str] = frozenset()) -> Any:
    """Return what changes the fields of an object, or of the objects of a list; other fields are extensions."""

    def change(value: Any, context: Context, naming: Naming) -> Any:
        if isinstance(value, list):
            return [change(item, context, naming) for item in value]
        if not isinstance(value, dict):
            return value
        result = {}
        for name, item in value.items():
            if (one := changes.get(name)) is not None:
                result[name] = one(item, context, naming)
            elif name in plain:
                result[name] = item
            else:
                result[naming.name(name)] = naming.value(item)
        return result

    return change


def _extensions(value: Any, context: Context, naming: Naming) -> Any:
    return naming.value(value)


def _typed(kind: Kind, name: str) -> Any:
    return _inside({"type": _word(kind), name: _uri})


_QUANTITY = _inside({"epcClass": _uri}, frozenset({"quantity", "uom"}))
_PLACE = _inside({"id": _uri})
_DEVICE = dict.fromkeys(("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"), _uri)
_METADATA = _inside(_DEVICE, frozenset({"time", "startTime", "endTime"}))
_REPORT = _inside(
    {
        "type": _word("measurement"),
        "exception": _word("alert"),
        "component": _word("component"),
        **_DEVICE,
        **dict.fromkeys(("microorganism", "chemicalSubstance", "coordinateReferenceSystem", "uriValue"), _uri),
    },
    frozenset({"time", "value", "stringValue", "booleanValue", "hexBinaryValue", "uom"})
    | frozenset({"minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"}),
)
_CHANGES: dict[str, Callable[[Any, Context, Naming], Any]] = {
    "type": lambda value, context, naming: _type(value, context),
    "bizStep": _word("bizStep"),
    "disposition": _word("disposition"),
    "persistentDisposition": _inside({"set": _word("disposition"), "unset": _word("disposition")}),
    "readPoint": _PLACE,
    "bizLocation": _PLACE,
    "bizTransactionList": _typed("bizTransaction", "bizTransaction"),
    "sourceList": _typed("sourceDest", "source"),
    "destinationList": _typed("sourceDest", "destination"),
    "sensorElementList": _inside({"sensorMetadata": _METADATA, "sensorReport": _REPORT}),
    "errorDeclaration": _inside(
        {"reason": _word("error"), "correctiveEventIDs": _uri}, frozenset({"declarationTime"})
    ),
    "ilmd": _extensions,
    **dict.fromkeys(("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"), _QUANTITY),
    **dict.fromkeys(
        (
            "epcList", "childEPCs", "inputEPCList", "outputEPCList", "parentID", "transformationID",
            "certificationInfo", "eventID",
        ),
        _uri,
    ),
}  # fmt: skip
_PLAIN = frozenset({"@context", "eventTime", "eventTimeZoneOffset", "recordTime", "action"})


def _type(value: Any, context: Context) -> Any:
    """Return the type bare (`ObjectEvent`), also of `epcis:ObjectEvent`; that of an extension as a full URI."""
    if not isinstance(value, str) or ":" not in value:
        return value
    full = context.iri(value)
    return full.removeprefix("https://ref.gs1.org/epcis/")
