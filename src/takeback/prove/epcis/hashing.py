"""The event hash of CBV 2.0 (section 8.9): the same event gives the same hash in every spelling and format.

A pre-hash string is built in the fixed order of fields and hashed with SHA-256. What is left out: eventID, recordTime,
errorDeclaration, comments, and what the sender of a document asked to ignore (`Document.ignored`).

Where the text of the standard and its vectors differ, the vectors win: the type of a business transaction, source or
destination stands before the value; their lists stand behind the sensor elements, in the order of the alphabet,
together with `ilmd` and before the extension fields.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from hashlib import sha256
from typing import Any

from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.names import COMMENT, expanded
from takeback.prove.epcis.values import moment, plain, text
from takeback.prove.epcis.vocabulary import Kind, uri

Event = Mapping[str, Any]
Naming = Callable[[str], str]
VERSION = "CBV2.0"


def event_hash(event: Event, ignored: Collection[str] = ()) -> bytes:
    """Return the SHA-256 (32 bytes) of the event's pre-hash string."""
    return sha256(prehash(event, ignored).encode("utf-8", "surrogatepass")).digest()


def hash_uri(digest: bytes) -> str:
    """Return the hash as an event's name: `ni:///sha-256;...?ver=CBV2.0` (RFC 6920)."""
    return f"ni:///sha-256;{digest.hex()}?ver={VERSION}"


def prehash(event: Event, ignored: Collection[str] = ()) -> str:
    """Return the pre-hash string of an event in standard form.

    `ignored` are names `{namespace}name` that take no part (the `ignoreFields` of a document).
    """
    prefixes = event.get("@context") or {}

    def naming(name: str) -> str:
        return expanded(name, prefixes)

    parts = [f"eventType={event.get('type', '')}"]
    rest = []
    for name, write in _ORDER.items():
        value = event.get(name)
        if value is not None:
            parts.append(write(value, naming))
    for name, value in event.items():
        if name not in _TAKEN:
            rest += _generic(name, value, naming, ignored)
    rest += [written for name, write in _LAST.items() if event.get(name) and (written := write(event[name], naming))]
    if "sensorElementList" in event and (strays := _strays(event["sensorElementList"], _SENSOR_TREE)):
        rest += ["sensorElementListsensorElement" + line for line in strays]
    if rest:
        rest.sort()
        parts += rest
    return "".join(parts)


def _plainly(name: str) -> Callable[[Any, Naming], str]:
    head = name + "="

    def write(value: Any, naming: Naming) -> str:
        if isinstance(value, list):  # certificationInfo may be several
            return "".join(sorted(head + plain(item) for item in value))
        written = plain(value)
        return head + written if written else ""

    return write


def _moment(name: str) -> Callable[[Any, Naming], str]:
    head = name + "="
    return lambda value, naming: head + moment(str(value)) if value else ""


def _word(name: str, kind: Kind) -> Callable[[Any, Naming], str]:
    head = name + "="
    return lambda value, naming: head + text(uri(kind, str(value).strip())) if value else ""


def _epcs(name: str) -> Callable[[Any, Naming], str]:
    def write(value: Any, naming: Naming) -> str:
        epcs = sorted(["epc=" + canonical_uri(str(epc).strip()) for epc in _listed(value)])
        return name + "".join(epcs) if epcs else ""

    return write


def _many(name: str, write_one: Callable[[Any, Naming], str], head: str = "") -> Callable[[Any, Naming], str]:
    def write(value: Any, naming: Naming) -> str:
        written = sorted([head + one for item in _listed(value) if (one := write_one(item, naming))])
        return name + "".join(written) if written else ""

    return write


def _fields(order: Mapping[str, Callable[[Any, Naming], str]]) -> Callable[[Any, Naming], str]:
    """Return what writes a mapping: the fields of `order`, then all others sorted (rule 21)."""

    def write(value: Any, naming: Naming) -> str:
        if not isinstance(value, dict):  # not valid; hashed all the same
            return "=" + plain(value)
        parts = [one(value[name], naming) for name, one in order.items() if value.get(name) is not None]
        if len(parts) < len(value):
            rest = [name for name in value if name not in order and ":" in name]
            parts += sorted(line for name in rest for line in _generic(name, value[name], naming, ()))
        return "".join(parts)

    return write


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _named(name: str, write: Callable[[Any, Naming], str]) -> Callable[[Any, Naming], str]:
    def written(value: Any, naming: Naming) -> str:
        content = write(value, naming)
        return name + content if content else ""

    return written


def _generic(name: str, value: Any, naming: Naming, ignored: Collection[str]) -> list[str]:
    """Return the lines of an extension field: one for each value of a list."""
    full = naming(name)
    if name == "comment" or full == COMMENT or full in ignored:
        return []
    return [full + content for content in _contents(value, naming)]


def _contents(value: Any, naming: Naming) -> list[str]:
    if isinstance(value, list):
        return [content for item in value for content in _contents(item, naming)]
    if not isinstance(value, dict):
        written = plain(value)
        return ["=" + written if written else ""]
    own = plain(value.get("#text"))
    lines = sorted(line for key, item in value.items() if key != "#text" for line in _generic(key, item, naming, ()))
    return [("=" + own if own else "") + "".join(lines)]


def _strays(value: Any, tree: Mapping[str, Any]) -> list[str]:
    """Return fields without prefix that have no place in the order, each behind the names of what it stands in.

    The vectors have them so, at the end of the event (SensorDataExamples.xml: bizRules in a sensorReport).
    """
    lines = []
    for item in _listed(value):
        own = [
            line
            for name in item
            if name not in tree and ":" not in name
            for line in _generic(name, item[name], str, ())
        ]
        for name, inner in tree.items():
            if inner and name in item:
                own += [name + line for line in _strays(item[name], inner)]
        lines += ["".join(sorted(own))] if own else []
    return sorted(lines)


_QUANTITY = _fields({name: _plainly(name) for name in ("epcClass", "quantity", "uom")})
_PLACE = _fields({"id": _plainly("id")})
_DISPOSITIONS = {name: _many("", _word(name, "disposition")) for name in ("set", "unset")}
_METADATA = {name: _moment(name) for name in ("time", "startTime", "endTime")} | {
    name: _plainly(name) for name in ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules")
}
_REPORT = (
    {"type": _word("type", "measurement"), "exception": _word("exception", "alert")}
    | {name: _plainly(name) for name in ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod")}
    | {"time": _moment("time")}
    | {name: _plainly(name) for name in ("microorganism", "chemicalSubstance", "value")}
    | {"component": _word("component", "component")}
    | {
        name: _plainly(name)
        for name in (
            "stringValue", "booleanValue", "hexBinaryValue", "uriValue", "minValue", "maxValue", "meanValue", "sDev",
            "percRank", "percValue", "uom", "coordinateReferenceSystem",
        )
    }
)  # fmt: skip
_SENSOR = {
    "sensorMetadata": _named("sensorMetadata", _fields(_METADATA)),
    "sensorReport": _many("", _named("sensorReport", _fields(_REPORT))),
}
_SENSOR_TREE = {"sensorMetadata": dict.fromkeys(_METADATA), "sensorReport": dict.fromkeys(_REPORT)}


def _quantities(name: str) -> Callable[[Any, Naming], str]:
    return _many(name, _QUANTITY, "quantityElement")


_ORDER: dict[str, Callable[[Any, Naming], str]] = {
    "eventTime": _moment("eventTime"),
    "eventTimeZoneOffset": _plainly("eventTimeZoneOffset"),
    "certificationInfo": _plainly("certificationInfo"),
    "parentID": _plainly("parentID"),
    "epcList": _epcs("epcList"),
    "inputEPCList": _epcs("inputEPCList"),
    "childEPCs": _epcs("childEPCs"),
    "quantityList": _quantities("quantityList"),
    "childQuantityList": _quantities("childQuantityList"),
    "inputQuantityList": _quantities("inputQuantityList"),
    "outputEPCList": _epcs("outputEPCList"),
    "outputQuantityList": _quantities("outputQuantityList"),
    "action": _plainly("action"),
    "transformationID": _plainly("transformationID"),
    "bizStep": _word("bizStep", "bizStep"),
    "disposition": _word("disposition", "disposition"),
    "persistentDisposition": _named("persistentDisposition", _fields(_DISPOSITIONS)),
    "readPoint": _named("readPoint", _PLACE),
    "bizLocation": _named("bizLocation", _PLACE),
    "sensorElementList": _many("sensorElementList", _named("sensorElement", _fields(_SENSOR))),
}


def _typed(kind: Kind, name: str) -> Callable[[Any, Naming], str]:
    return _fields({"type": _word("type", kind), name: _plainly(name)})


_LAST: dict[str, Callable[[Any, Naming], str]] = {
    "bizTransactionList": _many("bizTransactionList", _typed("bizTransaction", "bizTransaction")),
    "destinationList": _many("destinationList", _typed("sourceDest", "destination")),
    "ilmd": _named("ilmd", _fields({})),
    "sourceList": _many("sourceList", _typed("sourceDest", "source")),
}
_TAKEN = frozenset({*_ORDER, *_LAST, "@context", "type", "eventID", "recordTime", "errorDeclaration"})
