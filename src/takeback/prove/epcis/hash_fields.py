"""How the event hash writes each field: one function a field, made once for its name.

CBV 2.0 section 8.9. Every function takes the value and the names of the event's extension fields and returns the
piece of the pre-hash string, "" for a value that is empty. What is not valid is written somehow, never refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from takeback.prove.epcis.canonical import canonical_uri, canonical_uris
from takeback.prove.epcis.hash_names import HashNames
from takeback.prove.epcis.values import EXACT, fresh_text, is_kept, moment, plain, text
from takeback.prove.epcis.vocabulary import Kind, uri, words

Write = Callable[[Any, HashNames], str]
REMEMBERED = 16384  # values kept for each field


def generic(name: str, value: Any, names: HashNames) -> list[str]:
    """Return the lines of an extension field: one for each value of a list; none for comments."""
    full = names[name]
    if not full:
        return []
    if type(value) is str:
        written = fresh_text(value)
        return [f"{full}={written}" if written else full]
    return [full + content for content in _contents(value, names)]


def _contents(value: Any, names: HashNames) -> list[str]:
    if isinstance(value, dict):
        own = plain(value["#text"]) if "#text" in value else ""
        return [("=" + own if own else "") + "".join(_lines(value, names))]
    if isinstance(value, list):
        return [content for item in value for content in _contents(item, names)]
    written = plain(value)
    return ["=" + written if written else ""]


def _lines(value: dict[str, Any], names: HashNames) -> list[str]:
    """Return the lines of an object's fields, sorted. Texts and whole numbers are written on the spot."""
    lines = []
    for name, item in value.items():
        kind = type(item)
        if kind is str and (full := names[name]) and name != "#text":
            written = fresh_text(item)
            lines.append(f"{full}={written}" if written else full)
        elif kind is int and (full := names[name]) and -EXACT <= item <= EXACT:
            lines.append(f"{full}={item}")
        elif name != "#text":
            lines += generic(name, item, names)
    lines.sort()
    return lines


def _plainly(name: str) -> Write:
    """Write a value that is met again and again: actions, offsets, units, parties. What was written is remembered."""
    head = name + "="
    known: dict[str, str] = {}

    def write(value: Any, names: HashNames) -> str:
        if type(value) is str:
            return known.get(value) or _remembered(known, value, head)
        if isinstance(value, list):  # certificationInfo may be several
            return "".join(sorted(write(item, names) for item in value))
        written = plain(value)
        return head + written if written else ""

    return write


def _remembered(known: dict[str, str], value: str, head: str) -> str:
    written = fresh_text(value)
    piece = head + written if written else ""
    if is_kept(value):
        if len(known) >= REMEMBERED:
            known.clear()
        known[value] = piece
    return piece


def _freshly(name: str) -> Write:
    """Write a text that is hardly ever met twice: it is not looked up."""
    head = name + "="

    def write(value: Any, names: HashNames) -> str:
        written = fresh_text(value) if type(value) is str else plain(value)
        return head + written if written else ""

    return write


def _moment(name: str) -> Write:
    head = name + "="
    return lambda value, names: head + moment(str(value)) if value else ""


def _word(name: str, kind: Kind) -> Write:
    head = name + "="
    known = {word: head + uri(kind, word) for word in words(kind)}

    def write(value: Any, names: HashNames) -> str:
        return (known.get(value) if type(value) is str else None) or _other_word(head, kind, value)

    return write


def _other_word(head: str, kind: Kind, value: Any) -> str:
    value = str(value).strip()
    return head + text(uri(kind, value)) if value else ""


def _epcs(name: str) -> Write:
    head = name + "epc="

    def write(value: Any, names: HashNames) -> str:
        try:
            epcs = canonical_uris(value)
        except (TypeError, AttributeError):
            epcs = [canonical_uri(str(epc).strip()) for epc in listed(value)]
        if not epcs:
            return ""
        epcs.sort()
        return head + "epc=".join(epcs)

    return write


def _many(name: str, write_one: Write, head: str = "") -> Write:
    def write(value: Any, names: HashNames) -> str:
        if type(value) is list and len(value) == 1:
            single = write_one(value[0], names)
            return name + head + single if single else ""
        written = [head + one for item in listed(value) if (one := write_one(item, names))]
        written.sort()
        return name + "".join(written) if written else ""

    return write


def _fields(order: Mapping[str, Write]) -> Write:
    """Return what writes an object: the fields of `order`, then its extension fields sorted (rule 21)."""
    ordered = tuple(order.items())

    def write(value: Any, names: HashNames) -> str:
        if not isinstance(value, dict):
            return "=" + plain(value)
        parts = [one(value[name], names) for name, one in ordered if name in value and value[name] is not None]
        if len(parts) < len(value):
            lines: list[str] = []
            for name in value:
                if name not in order and ":" in name:
                    lines += generic(name, value[name], names)
            lines.sort()
            parts += lines
        return "".join(parts)

    return write


def listed(value: Any) -> list[Any]:
    """Return a list as it is, anything else as a list of one."""
    return value if isinstance(value, list) else [value]


def _named(name: str, write: Write) -> Write:
    def written(value: Any, names: HashNames) -> str:
        content = write(value, names)
        return name + content if content else ""

    return written


def _place(name: str) -> Write:
    whole, head = _named(name, _fields({"id": _plainly("id")})), name + "id="
    known: dict[str, str] = {}

    def write(value: Any, names: HashNames) -> str:
        if type(value) is dict and len(value) == 1 and type(place := value.get("id")) is str:
            return known.get(place) or _remembered(known, place, head)
        return whole(value, names)

    return write


def _all(*names: str) -> dict[str, Write]:
    return {name: _plainly(name) for name in names}


METADATA: Final[Mapping[str, Write]] = {
    **{name: _moment(name) for name in ("time", "startTime", "endTime")},
    **_all("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"),
}
REPORT: Final[Mapping[str, Write]] = {
    "type": _word("type", "measurement"),
    "exception": _word("exception", "alert"),
    **_all("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod"),
    "time": _moment("time"),
    **_all("microorganism", "chemicalSubstance", "value"),
    "component": _word("component", "component"),
    **_all("stringValue", "booleanValue", "hexBinaryValue", "uriValue", "minValue", "maxValue", "meanValue", "sDev"),
    **_all("percRank", "percValue", "uom", "coordinateReferenceSystem"),
}
_SENSOR = {
    "sensorMetadata": _named("sensorMetadata", _fields(METADATA)),
    "sensorReport": _many("", _named("sensorReport", _fields(REPORT))),
}
_QUANTITY = _fields(_all("epcClass", "quantity", "uom"))
_PERSISTENT = {name: _many("", _word(name, "disposition")) for name in ("set", "unset")}


def _quantities(name: str) -> Write:
    return _many(name, _QUANTITY, "quantityElement")


ORDER: Final[tuple[tuple[str, Write], ...]] = (
    ("eventTime", _moment("eventTime")),
    ("eventTimeZoneOffset", _plainly("eventTimeZoneOffset")),
    ("certificationInfo", _plainly("certificationInfo")),
    ("parentID", _freshly("parentID")),
    ("epcList", _epcs("epcList")),
    ("inputEPCList", _epcs("inputEPCList")),
    ("childEPCs", _epcs("childEPCs")),
    ("quantityList", _quantities("quantityList")),
    ("childQuantityList", _quantities("childQuantityList")),
    ("inputQuantityList", _quantities("inputQuantityList")),
    ("outputEPCList", _epcs("outputEPCList")),
    ("outputQuantityList", _quantities("outputQuantityList")),
    ("action", _plainly("action")),
    ("transformationID", _freshly("transformationID")),
    ("bizStep", _word("bizStep", "bizStep")),
    ("disposition", _word("disposition", "disposition")),
    ("persistentDisposition", _named("persistentDisposition", _fields(_PERSISTENT))),
    ("readPoint", _place("readPoint")),
    ("bizLocation", _place("bizLocation")),
    ("sensorElementList", _many("sensorElementList", _named("sensorElement", _fields(_SENSOR)))),
)


def _typed(kind: Kind, name: str, written: Callable[[str], str]) -> Write:
    """Return what writes a value with its type: two fields mostly."""
    whole, head = _fields({"type": _word("type", kind), name: _plainly(name)}), name + "="
    known = {word: f"type={uri(kind, word)}{head}" for word in words(kind)}

    def one(value: Any, names: HashNames) -> str:
        try:
            start, given = known[value["type"]], value[name]
        except (KeyError, TypeError):
            return whole(value, names)
        return start + written(given) if type(given) is str and len(value) == 2 else whole(value, names)

    return one


# Behind the sensor elements, sorted with the extension fields.
LAST: Final[tuple[tuple[str, Write], ...]] = (
    (
        "bizTransactionList",
        _many("bizTransactionList", _typed("bizTransaction", "bizTransaction", fresh_text)),
    ),
    ("destinationList", _many("destinationList", _typed("sourceDest", "destination", text))),
    ("ilmd", _named("ilmd", _fields({}))),
    ("sourceList", _many("sourceList", _typed("sourceDest", "source", text))),
)
