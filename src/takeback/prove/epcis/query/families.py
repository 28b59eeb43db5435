"""The parameters of section 8.2.7.1: which names there are, and the condition that each makes of its values."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

from takeback.core.message import msg
from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.prepare import EVENT_TYPES
from takeback.prove.epcis.query.conditions import Condition, items, links, moments, sensors, terms
from takeback.prove.epcis.query.families_open import OPEN
from takeback.prove.epcis.query.fieldname import Context, FieldName
from takeback.prove.epcis.query.given import Given
from takeback.prove.epcis.query.pattern import URI
from takeback.prove.epcis.query.trouble import wrong
from takeback.prove.epcis.query.words import closest, in_full, uris, words
from takeback.prove.epcis.vocabulary import Kind

Made = Condition | None  # None: the parameter asks for nothing (EXISTS_... = false)
Maker = Callable[[Given, Context], Made]


def condition(given: Given, context: Context) -> Made:
    """Return what a parameter asks. Raises ``Problem`` for an unknown name or a value it cannot have."""
    maker = FIXED.get(given.name)
    if maker is not None:
        return maker(given, context)
    for pattern, make in OPEN:
        if match := pattern.fullmatch(given.name):
            return make(match, given, context)
    expected = closest(given.name, [*FIXED, *CONTROLS], msg("a parameter of EPCIS 2.0 section 8.2.7"))
    raise wrong(given.name, given.name, expected, remedy=msg("An extension field is named with its prefix."))


# Parameters that shape the result and are no conditions.
CONTROLS = ("orderBy", "orderDirection", "eventCountLimit", "maxEventCount", "perPage", "nextPageToken")


def _event_type(given: Given, context: Context) -> Made:
    found = given.texts(comma=True)
    for text in found:
        if text not in EVENT_TYPES and not URI.fullmatch(text):
            raise wrong(given.name, text, closest(text, EVENT_TYPES, ", ".join(sorted(EVENT_TYPES))))
    extensions = tuple(FieldName.of(text, context, where=given.name) for text in found if text not in EVENT_TYPES)
    return terms.TypeIs(frozenset(found) & EVENT_TYPES, extensions)


def _action(given: Given, _context: Context) -> Made:
    found = frozenset(given.texts(comma=True))
    if not found <= {"ADD", "OBSERVE", "DELETE"}:
        raise wrong(given.name, "|".join(sorted(found)), "ADD, OBSERVE, DELETE")
    return terms.ActionIs(found)


def _words(kind: Kind, make: Callable[[frozenset[str]], Condition]) -> Maker:
    return lambda given, context: make(words(given.name, given.texts(comma=True), kind, context))


def _uris(make: Callable[[frozenset[str]], Condition]) -> Maker:
    return lambda given, context: make(uris(given.name, given.texts(), context))


def _ids(make: Callable[[frozenset[str]], Condition]) -> Maker:
    def maker(given: Given, _context: Context) -> Made:
        found = given.texts()
        for text in found:
            if not URI.fullmatch(text):
                raise wrong(given.name, text, msg("the eventID of an event, a URI"))
        return make(frozenset(found))

    return maker


def _moment(make: Callable[..., Condition], *arguments: object) -> Maker:
    return lambda given, _context: make(*arguments, given.moment())


def _exists(make: Callable[[], Condition]) -> Maker:
    return lambda given, _context: make() if given.wanted() else None


def _match(name: str) -> Maker:
    return lambda given, _context: items.ThingIs.of(items.PLACES[name], given.texts(), where=name)


def _transformation(given: Given, context: Context) -> Made:
    # The OpenAPI file has any string here.
    return links.TransformationIs(frozenset(canonical_uri(in_full(text, context)) for text in given.texts()))


def _text(given: Given, _context: Context) -> Made:
    return sensors.SensorTextIs("stringValue", frozenset(given.texts()))


def _hexadecimal(given: Given, _context: Context) -> Made:
    found = frozenset(text.upper() for text in given.texts(comma=True))
    if not all(re.fullmatch(r"([0-9A-F]{2})*", text) for text in found):
        raise wrong(given.name, "|".join(sorted(found)), msg("pairs of hexadecimal digits"))
    return sensors.SensorTextIs("hexBinaryValue", found)


def _sensor_uris(name: str) -> Maker:
    return _uris(lambda found: sensors.SensorUriIs(name, found))


def _times() -> dict[str, Maker]:
    makers: dict[str, Maker] = {}
    for sign in ("GE", "LT"):
        makers[f"{sign}_eventTime"] = _moment(moments.EventTimeIs, sign)
        makers[f"{sign}_recordTime"] = _moment(moments.RecordTimeIs, sign)
        for name in ("time", "startTime", "endTime"):
            makers[f"{sign}_{name}"] = _moment(moments.SensorTimeIs, sign, name)
        # The OpenAPI file and the schema of named queries spell it differently.
        for name in ("errorDeclarationTime", "errorDeclaration_Time"):
            makers[f"{sign}_{name}"] = _moment(moments.DeclarationTimeIs, sign)
    return makers


def _places() -> dict[str, Maker]:
    makers: dict[str, Maker] = {}
    for name in ("readPoint", "bizLocation"):
        place = cast(Any, name)
        makers[f"EQ_{name}"] = _uris(lambda found, place=place: terms.PlaceIs(place, found))  # type: ignore[misc]
        makers[f"WD_{name}"] = _uris(lambda found, place=place: terms.PlaceIs(place, found, True))  # type: ignore[misc]
    return makers


SENSOR_URIS = (
    "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules", "microorganism", "chemicalSubstance",
    "coordinateReferenceSystem", "uriValue",
)  # fmt: skip

FIXED: dict[str, Maker] = {
    "eventType": _event_type,
    "EQ_action": _action,
    "EQ_bizStep": _words("bizStep", lambda found: terms.TermIs("bizStep", found)),
    "EQ_disposition": _words("disposition", lambda found: terms.TermIs("disposition", found)),
    "EQ_persistentDisposition_set": _words("disposition", lambda found: terms.PersistentIs("set", found)),
    "EQ_persistentDisposition_unset": _words("disposition", lambda found: terms.PersistentIs("unset", found)),
    "EQ_transformationID": _transformation,
    "EQ_eventID": _ids(links.EventIdIs),
    "EXISTS_errorDeclaration": _exists(moments.HasDeclaration),
    "EQ_errorReason": _words("error", terms.ReasonIs),
    "EQ_correctiveEventID": _ids(links.CorrectedBy),
    "EXISTS_sensorElementList": _exists(sensors.HasSensors),
    "EQ_type": _words("measurement", sensors.MeasurementIs),
    "EQ_stringValue": _text,
    "EQ_hexBinaryValue": _hexadecimal,
    "EQ_booleanValue": lambda given, _context: sensors.SensorFlagIs(given.flag()),
    **{f"EQ_{name}": _sensor_uris(name) for name in SENSOR_URIS},
    **{name: _match(name) for name in items.PLACES},
    **_times(),
    **_places(),
}
