"""One event as JSON has it, brought to standard form. What is wrong with it stays: the validator tells it.

EPCIS 2.0 section 10 (JSON and JSON-LD binding).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import is_
from typing import Any

from takeback.native import quick
from takeback.prove.epcis.contexts import Context
from takeback.prove.epcis.extension_names import Naming, put
from takeback.prove.epcis.names import STANDARD
from takeback.prove.epcis.vocabulary import Kind, bare

Change = Callable[[Any, Context, Naming], Any]


def standard_event(event: dict[str, Any], context: Context, where: str = "") -> dict[str, Any]:
    """Return a new event in standard form; `where` is the pointer of the event, for problems.

    The given event is left as it is; parts of it that need no change are shared.
    """
    standard = standard_at_once(event, context)
    if standard is not None:
        return standard
    if "@context" in event:
        context = _extended(context, event["@context"])
    naming = Naming(context, where)
    result, renamed = event.copy(), []
    for name, value in event.items():
        if name in _PLAIN:
            continue
        if (change := _CHANGES.get(name)) is not None:
            if (changed := change(value, context, naming)) is not value:
                result[name] = changed
        elif (new_name := naming.name(name)) is name:  # before the names inside it: it keeps its prefix
            result[name] = naming.value(value)
        else:
            renamed.append((new_name, naming.value(result.pop(name))))
    for name, value in renamed:
        put(result, name, value)
    result.pop("@context", None)
    if "id" in event and "eventID" not in event:  # the context of EPCIS makes both the same (`@id`)
        result["eventID"] = result.pop("id")
    if naming.used and (declared := naming.declared()):
        result["@context"] = declared
    return result


def standard_at_once(event: dict[str, Any], context: Context) -> dict[str, Any] | None:
    """Return what `standard_event` does where `quick` can tell: of most events."""
    if quick is None:
        return None
    if "@context" in event:
        context = _extended(context, event["@context"])
    return quick.standard(event, context.prefixes, context.known, STANDARD)


_Declared = tuple[tuple[str, Any], ...]
_last: tuple[Context, _Declared, Context] | None = None


def _extended(context: Context, declared: Any) -> Context:
    """Return a context with an event's own; the events of a file say the same mostly, and it knows their names then."""
    global _last  # noqa: PLW0603 -- a memory of one
    if type(declared) is not dict:
        return context.extended(declared)
    own, last = tuple(declared.items()), _last  # read once: another thread may put its own there at any moment
    if last is not None and last[0] is context and last[1] == own:
        return last[2]
    extended = context.extended(declared)
    if all(type(space) is str for space in declared.values()):
        _last = (context, own, extended)
    return extended


def _uri(value: Any, context: Context, naming: Naming) -> Any:
    """Return a URI with a CURIE of the document's own prefixes written out, or a list of URIs."""
    if type(value) is str:
        if value[:4] in _URIS or not context.prefixes:
            return value
        return context.iri(value) if value.partition(":")[0] in context.prefixes else value
    if not context.prefixes or type(value) is not list:
        return value
    return value if all(_is_uri(item) for item in value) else [_uri(item, context, naming) for item in value]


_URIS = frozenset({"urn:", "http"})


def _is_uri(value: Any) -> bool:
    return type(value) is str and value[:4] in _URIS


def _set(change: Change) -> Change:
    """Return `change` for a list; one value without brackets is a list of one (JSON-LD: `@container: @set`)."""
    return lambda value, context, naming: change(value if type(value) is list else [value], context, naming)


def _word(kind: Kind) -> Change:
    def change(value: Any, context: Context, naming: Naming) -> Any:
        if isinstance(value, list):
            return [change(item, context, naming) for item in value]
        if not isinstance(value, str) or ":" not in value:
            return value
        word = bare(kind, value)
        return bare(kind, context.iri(value)) if word is value else word

    return change


def _inside(changes: Mapping[str, Change], plain: frozenset[str] = frozenset()) -> Change:
    """Return what changes the fields of an object, or of the objects of a list; other fields are extensions."""

    def change(value: Any, context: Context, naming: Naming) -> Any:
        if type(value) is list:
            items = [change(item, context, naming) for item in value]
            return value if all(map(is_, items, value)) else items
        if type(value) is not dict:
            return value
        result, same = {}, True
        for name, item in value.items():
            new_name, new_item = name, item
            if (one := changes.get(name)) is not None:
                new_item = one(item, context, naming)
            elif name not in plain:
                new_name, new_item = naming.name(name), naming.value(item)
            same = same and new_name is name and new_item is item
            result[new_name] = new_item
        return value if same else result

    return change


def _extensions(value: Any, context: Context, naming: Naming) -> Any:
    return naming.value(value)


def _typed(kind: Kind, name: str) -> Change:
    """Return what changes a list of values with a type; it looks first whether there is anything to change."""
    whole = _set(_inside({"type": _word(kind), name: _uri}))

    def change(value: Any, context: Context, naming: Naming) -> Any:
        try:
            for item in value:
                if len(item) != 2 or ":" in item["type"] or item[name][:4] not in _URIS:
                    return whole(value, context, naming)
        except (TypeError, KeyError):
            return whole(value, context, naming)
        return value if type(value) is list else whole(value, context, naming)

    return change


_QUANTITY = _inside({"epcClass": _uri}, frozenset({"quantity", "uom"}))
_WHOLE_PLACE = _inside({"id": _uri})


def _place(value: Any, context: Context, naming: Naming) -> Any:
    if type(value) is dict and len(value) == 1 and _is_uri(value.get("id")):
        return value
    return _WHOLE_PLACE(value, context, naming)


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
_CHANGES: dict[str, Change] = {
    "type": lambda value, context, naming: _type(value, context),
    "bizStep": _word("bizStep"),
    "disposition": _word("disposition"),
    "persistentDisposition": _inside(dict.fromkeys(("set", "unset"), _set(_word("disposition")))),
    "readPoint": _place,
    "bizLocation": _place,
    "bizTransactionList": _typed("bizTransaction", "bizTransaction"),
    "sourceList": _typed("sourceDest", "source"),
    "destinationList": _typed("sourceDest", "destination"),
    "sensorElementList": _set(_inside({"sensorMetadata": _METADATA, "sensorReport": _set(_REPORT)})),
    "errorDeclaration": _inside(
        {"reason": _word("error"), "correctiveEventIDs": _set(_uri)}, frozenset({"declarationTime"})
    ),
    "ilmd": _extensions,
    **dict.fromkeys(("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"), _set(_QUANTITY)),
    **dict.fromkeys(("epcList", "childEPCs", "inputEPCList", "outputEPCList"), _set(_uri)),
    **dict.fromkeys(("parentID", "transformationID", "certificationInfo", "eventID"), _uri),
}
_PLAIN = frozenset({"@context", "id", "eventTime", "eventTimeZoneOffset", "recordTime", "action"})


def _type(value: Any, context: Context) -> Any:
    """Return the type bare (`ObjectEvent`), also of `epcis:ObjectEvent`; that of an extension as a full URI."""
    if not isinstance(value, str) or ":" not in value:
        return value
    full = context.iri(value)
    return full.removeprefix("https://ref.gs1.org/epcis/")
