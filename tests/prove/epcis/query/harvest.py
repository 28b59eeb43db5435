"""Random queries about events: each asks, mostly, for something that one of the events has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from tests.prove.epcis.events import NAMESPACES

Pair = tuple[str, str]
_SIGNS = ("EQ", "GT", "GE", "LT", "LE")
_NUMBERS = ("value", "minValue", "maxValue", "meanValue", "sDev", "percValue")
_URIS = (
    "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules", "microorganism", "chemicalSubstance",
    "coordinateReferenceSystem", "uriValue",
)  # fmt: skip
_EPCS = {
    "epcList": ("epc", "anyEPC"), "childEPCs": ("epc", "anyEPC"), "inputEPCList": ("inputEPC", "anyEPC"),
    "outputEPCList": ("outputEPC", "anyEPC"),
}  # fmt: skip
_CLASSES = {
    "quantityList": ("epcClass", "anyEPCClass"), "childQuantityList": ("epcClass", "anyEPCClass"),
    "inputQuantityList": ("inputEPCClass", "anyEPCClass"), "outputQuantityList": ("outputEPCClass", "anyEPCClass"),
}  # fmt: skip


def parameters(event: Mapping[str, Any]) -> list[Pair]:
    """Return parameters, each of which the event answers or nearly answers, over all families."""
    return [pair for pair in _all(event) if "|" not in pair[1] and pair[1].strip()]


def _all(event: Mapping[str, Any]) -> Iterator[Pair]:
    yield "eventType", event["type"]
    for sign in ("GE", "LT"):
        yield f"{sign}_eventTime", event["eventTime"]
    for name in ("action", "bizStep", "disposition", "transformationID", "eventID"):
        if name in event:
            yield f"EQ_{name}", event[name]
    for name in ("set", "unset"):
        for value in event.get("persistentDisposition", {}).get(name, ()):
            yield f"EQ_persistentDisposition_{name}", value
    for name in ("readPoint", "bizLocation"):
        if name in event:
            yield f"EQ_{name}", event[name]["id"]
            yield f"WD_{name}", event[name]["id"]
            yield from _fields(f"{name}_", event[name], ("EQ",))
    yield from _things(event)
    for kind, type_ in (("bizTransaction", "po"), ("source", "location"), ("destination", "location")):
        for one in event.get(f"{kind}List", ()):
            yield f"EQ_{kind}_{one.get('type', type_)}", one[kind]
    yield from _declared(event.get("errorDeclaration"))
    yield from _fields("", event, _SIGNS)
    yield from _fields("ILMD_", event.get("ilmd", {}), _SIGNS)
    for element in event.get("sensorElementList", ()):
        yield "EXISTS_sensorElementList", "true"
        yield from _fields("SENSORELEMENT_", element, _SIGNS)
        yield from _sensed(element)


def _things(event: Mapping[str, Any]) -> Iterator[Pair]:
    if "parentID" in event:
        yield "MATCH_parentID", event["parentID"]
        yield "MATCH_anyEPC", event["parentID"]
    for name, asked in _EPCS.items():
        for uri in event.get(name, ()):
            for one in asked:
                yield from ((f"MATCH_{one}", spelled) for spelled in _patterns(uri))
    for name, asked in _CLASSES.items():
        for quantity in event.get(name, ()):
            for one in asked:
                yield from ((f"MATCH_{one}", spelled) for spelled in _patterns(quantity["epcClass"]))
            if "quantity" in quantity:
                yield from ((f"{sign}_quantity", str(quantity["quantity"])) for sign in _SIGNS)
            if "uom" in quantity:
                yield from ((f"{sign}_quantity_{quantity['uom']}", str(quantity["quantity"])) for sign in _SIGNS)


def _patterns(uri: str) -> Iterator[str]:
    yield uri
    kind, _, body = uri.removeprefix("urn:epc:").partition(":")
    name, _, parts = body.partition(":")
    if not uri.startswith("urn:epc:"):
        return
    count = {"sgtin": 3, "lgtin": 3, "grai": 3}.get(name, 2)
    split = parts.split(".", count - 1)
    for kept in range(count):
        yield f"urn:epc:{'class' if kind == 'class' else 'idpat'}:{name}:" + ".".join(
            split[:kept] + ["*"] * (count - kept)
        )


def _declared(declaration: Mapping[str, Any] | None) -> Iterator[Pair]:
    if declaration is None:
        return
    yield "EXISTS_errorDeclaration", "true"
    for sign in ("GE", "LT"):
        yield f"{sign}_errorDeclarationTime", declaration["declarationTime"]
    if "reason" in declaration:
        yield "EQ_errorReason", declaration["reason"]
    for one in declaration.get("correctiveEventIDs", ()):
        yield "EQ_correctiveEventID", one
    yield from _fields("ERROR_DECLARATION_", declaration, _SIGNS)


def _sensed(element: Mapping[str, Any]) -> Iterator[Pair]:
    metadata = element.get("sensorMetadata", {})
    for name in ("time", "startTime", "endTime"):
        if name in metadata:
            yield f"GE_{name}", metadata[name]
            yield f"LT_{name}", metadata[name]
    yield from _fields("SENSORMETADATA_", metadata, _SIGNS)
    for report in element["sensorReport"]:
        yield "EQ_type", report["type"]
        yield from _fields("SENSORREPORT_", report, _SIGNS)
        for name in ("stringValue", "hexBinaryValue"):
            if name in report and len(str(report[name])) % 2 == 0:
                yield f"EQ_{name}", report[name]
        if "booleanValue" in report:
            yield "EQ_booleanValue", str(report["booleanValue"]).lower()
        for name in _NUMBERS:
            if name in report and "uom" in report:
                yield from ((f"{sign}_{name}_{report['uom']}", str(report[name])) for sign in _SIGNS)
        if "percRank" in report:
            yield from ((f"{sign}_percRank", str(report["percRank"])) for sign in _SIGNS)
    for place in (metadata, *element["sensorReport"]):
        yield from ((f"EQ_{name}", place[name]) for name in _URIS if name in place)


def _fields(place: str, fields: Mapping[str, Any], signs: Sequence[str]) -> Iterator[Pair]:
    for name, value in fields.items():
        if name.partition(":")[0] in NAMESPACES:
            if len(signs) > 1:
                yield f"EXISTS_{place}{name}", ""
            yield from _valued(place, name, value, signs)
            yield from _inner(place, value, signs)


def _valued(place: str, name: str, value: object, signs: Sequence[str]) -> Iterator[Pair]:
    if isinstance(value, bool):
        yield f"EQ_{place}{name}", str(value).lower()
    elif isinstance(value, int | float):
        yield from ((f"{sign}_{place}{name}", str(value)) for sign in signs)
    elif isinstance(value, str):
        yield f"EQ_{place}{name}", value


def _inner(place: str, value: object, signs: Sequence[str]) -> Iterator[Pair]:
    if isinstance(value, list):
        for one in value:
            yield from _inner(place, one, signs)
    if isinstance(value, Mapping):
        for name, one in value.items():
            if len(signs) > 1:
                yield f"EXISTS_INNER_{place}{name}", "true"
            yield from _valued(f"INNER_{place}", name, one, signs)
            yield from _inner(place, one, signs)


@st.composite
def queries(draw: st.DrawFn, events: Sequence[Mapping[str, Any]]) -> list[Pair]:
    """Draw the parameters of a query: conditions of one or two of the events, an order, sizes."""
    pairs: list[Pair] = []
    for _ in range(draw(st.integers(0, 2))):
        known = parameters(draw(st.sampled_from(events)))
        pairs += draw(st.lists(st.sampled_from(known), max_size=2))
    chosen = dict(pairs)
    order = draw(st.sampled_from(["", "eventTime", "recordTime", *(f"{prefix}:a" for prefix in NAMESPACES)]))
    if order:
        chosen["orderBy"] = order
        if draw(st.booleans()):
            chosen["eventCountLimit"] = str(draw(st.integers(1, 6)))
    if draw(st.booleans()):
        chosen["orderDirection"] = draw(st.sampled_from(["ASC", "DESC"]))
    chosen["perPage"] = str(draw(st.integers(1, 5)))
    return list(chosen.items())
