"""Random events in standard form, valid by EPCIS 2.0: all five types, every field, extensions at every place.

`events()` draws one event, `documents()` an EPCISDocument as JSON has it. What XML cannot tell apart is not drawn:
arrays of one or of arrays in extensions, texts with space around them, characters that XML does not have.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from takeback.prove.epcis import vocabulary as cbv

Event = dict[str, Any]
NAMESPACES = {
    "example": "https://ns.example.com/epcis/",
    "ext1": "http://example.com/ext1",
    "ext2": "urn:example:ext2:",
}
CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
EVENT_TYPES = ("ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent")

_digits = "0123456789"
_serial_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
serials = st.text(_serial_alphabet, min_size=1, max_size=20)
_prefixes = st.sampled_from(["4012345", "0614141", "95060001", "690123456", "123456789012", "061414"])


def numbers(length: int) -> st.SearchStrategy[str]:
    """Draw that many digits."""
    return st.text(_digits, min_size=length, max_size=length)


@st.composite
def _urn(draw: st.DrawFn, kind: str, digits: int, tail: st.SearchStrategy[str] | None = None) -> str:
    prefix = draw(_prefixes)
    text = f"urn:epc:{kind}:{prefix}.{draw(numbers(digits - len(prefix)))}"
    return text if tail is None else f"{text}.{draw(tail)}"


@st.composite
def _link(draw: st.DrawFn) -> str:
    host = draw(st.sampled_from(["https://id.gs1.org", "https://example.com/dl", "http://id.brand.example"]))
    gtin = "0" + draw(numbers(12))
    return f"{host}/01/{gtin}{_check_digit(gtin)}/21/{draw(serials)}"


def _check_digit(digits: str) -> str:
    return str(-(3 * sum(map(int, digits[::-2])) + sum(map(int, digits[-2::-2]))) % 10)


epcs = st.one_of(
    _urn("id:sgtin", 13, serials),
    _urn("id:sscc", 17),
    _urn("id:grai", 12, st.text(_serial_alphabet, min_size=1, max_size=16)),
    st.builds("urn:epc:id:giai:{}.{}".format, _prefixes, st.text(_serial_alphabet, min_size=1, max_size=18)),
    _link(),
    st.builds("https://example.com/thing/{}".format, serials),
)
classes = st.one_of(_urn("class:lgtin", 13, serials), _urn("idpat:sgtin", 13, st.just("*")))
places = st.one_of(
    _urn("id:sgln", 12, st.one_of(st.just("0"), serials)),
    st.builds("geo:{},{}".format, st.integers(-90, 90), st.integers(-180, 180)),
    st.builds("https://example.com/place/{}".format, serials),
)
parties = _urn("id:pgln", 12)
addresses = st.builds("https://example.com/{}".format, serials)

_characters = st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff")
texts = st.text(_characters, max_size=12).map(str.strip)
decimals = st.one_of(
    st.integers(-(10**9), 10**9), st.integers(-(10**12), 10**12).map(lambda n: n / 1000), st.floats(-1e6, 1e6)
)
_offsets = st.integers(-14 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
_event_ids = st.one_of(
    st.uuids(version=4).map("urn:uuid:{}".format),
    st.binary(min_size=32, max_size=32).map(lambda digest: f"ni:///sha-256;{digest.hex()}?ver=CBV2.0"),
)


@st.composite
def times(draw: st.DrawFn) -> str:
    """Draw a moment as people write them: with offset or Z, with no, three or six digits of a second."""
    moment = draw(st.datetimes(datetime(2005, 1, 2), datetime(2035, 1, 1), timezones=st.just(UTC)))
    moment = moment.astimezone(draw(st.one_of(st.just(UTC), _offsets)))
    text = moment.isoformat(timespec=draw(st.sampled_from(["seconds", "milliseconds", "microseconds"])))
    return text.replace("+00:00", draw(st.sampled_from(["Z", "+00:00"])))


@st.composite
def offsets(draw: st.DrawFn) -> str:
    """Draw an eventTimeZoneOffset."""
    minutes = draw(st.integers(-14 * 60, 14 * 60))
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


_names = st.sampled_from([f"{prefix}:{name}" for prefix in NAMESPACES for name in ("a", "someField", "x-1", "list_")])
_scalars = st.one_of(texts, st.integers(-(2**53), 2**53), st.floats(-1e15, 1e15), st.booleans(), st.none())
values = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.dictionaries(_names, inner, min_size=1, max_size=3),
        st.lists(inner.filter(lambda value: not isinstance(value, list)), min_size=2, max_size=3),
    ),
    max_leaves=4,
)
extensions = st.dictionaries(_names, values, max_size=2)


def _words(names: frozenset[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(sorted(names)), st.builds("https://example.com/words/{}".format, serials))


def _fields(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[Event]:
    return st.fixed_dictionaries(required, optional=optional)


_quantity_lists = st.lists(
    _fields(
        {"epcClass": classes},
        {"quantity": decimals, "uom": st.sampled_from(["KGM", "LTR", "C62", "A93"])},
    ).filter(lambda element: "uom" not in element or "quantity" in element),
    min_size=1,
    max_size=2,
)
_epc_lists = st.lists(epcs, min_size=1, max_size=3, unique=True)
_dispositions = st.lists(_words(cbv.DISPOSITIONS), min_size=1, max_size=2, unique=True)
_transactions = st.lists(
    _fields({"bizTransaction": addresses}, {"type": _words(cbv.BIZ_TRANSACTION_TYPES)}), min_size=1, max_size=2
)


def _ends(name: str) -> st.SearchStrategy[list[Event]]:
    end = st.fixed_dictionaries({"type": _words(cbv.SOURCE_DEST_TYPES), name: st.one_of(parties, places)})
    return st.lists(end, min_size=1, max_size=2)


def _extended(fields: st.SearchStrategy[Event]) -> st.SearchStrategy[Event]:
    return st.builds(lambda own, further: {**further, **own}, fields, extensions)


_attributes = st.dictionaries(_names, texts, max_size=2)  # in XML these are attributes: text only
_device = dict.fromkeys(("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"), addresses)
_metadata = st.builds(
    lambda own, further: {**further, **own},
    _fields({}, {"time": times(), "startTime": times(), "endTime": times(), **_device}).filter(bool),
    _attributes,
)
_report = st.builds(
    lambda own, further: {**further, **own},
    _fields(
        {"type": _words(cbv.MEASUREMENT_TYPES)},
        {
            "exception": st.sampled_from(sorted(cbv.ALERT_TYPES)),
            **_device,
            "time": times(),
            **dict.fromkeys(("microorganism", "chemicalSubstance", "coordinateReferenceSystem", "uriValue"), addresses),
            **dict.fromkeys(("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"), decimals),
            "component": _words(cbv.COMPONENTS),
            "stringValue": texts.filter(bool),
            "booleanValue": st.booleans(),
            "hexBinaryValue": st.text("0123456789abcdefABCDEF", min_size=1, max_size=8),
            "uom": st.sampled_from(["CEL", "VLT", "AMP", "KGM"]),
        },
    ),
    _attributes,
)
sensor_elements = _extended(_fields({"sensorReport": st.lists(_report, min_size=1, max_size=2)},
                                    {"sensorMetadata": _metadata}))  # fmt: skip
_places = _extended(st.fixed_dictionaries({"id": places}))

_common: dict[str, Any] = {
    "recordTime": times(),
    "eventID": _event_ids,
    "certificationInfo": st.one_of(addresses, st.lists(addresses, min_size=2, max_size=2, unique=True)),
    "errorDeclaration": _extended(
        _fields(
            {"declarationTime": times()},
            {
                "reason": _words(cbv.ERROR_REASONS),
                "correctiveEventIDs": st.lists(_event_ids, min_size=1, max_size=2, unique=True),
            },
        )
    ),
    "bizStep": _words(cbv.BIZ_STEPS),
    "disposition": _words(cbv.DISPOSITIONS),
    "readPoint": _places,
    "bizLocation": _places,
    "bizTransactionList": _transactions,
    "sourceList": _ends("source"),
    "destinationList": _ends("destination"),
    "sensorElementList": st.lists(sensor_elements, min_size=1, max_size=2),
}
_persistent = {"persistentDisposition": _fields({}, {"set": _dispositions, "unset": _dispositions}).filter(bool)}
_action = {"action": st.sampled_from(["ADD", "OBSERVE", "DELETE"])}
_ilmd = {"ilmd": st.dictionaries(_names, values, min_size=1, max_size=2)}
_head = {"eventTime": times(), "eventTimeZoneOffset": offsets()}

_required = {
    "ObjectEvent": {**_head, **_action, "epcList": _epc_lists},
    "AggregationEvent": {**_head, **_action, "parentID": epcs, "childEPCs": _epc_lists},
    "AssociationEvent": {**_head, **_action, "parentID": epcs, "childEPCs": _epc_lists},
    "TransactionEvent": {**_head, **_action, "bizTransactionList": _transactions, "epcList": _epc_lists},
    "TransformationEvent": {**_head, "inputEPCList": _epc_lists, "outputEPCList": _epc_lists},
}
_optional = {
    "ObjectEvent": {**_persistent, "quantityList": _quantity_lists},
    "AggregationEvent": {"childQuantityList": _quantity_lists},
    "AssociationEvent": {"childQuantityList": _quantity_lists},
    "TransactionEvent": {"parentID": epcs, "quantityList": _quantity_lists},
    "TransformationEvent": {
        **_persistent,
        **_ilmd,
        "inputQuantityList": _quantity_lists,
        "outputQuantityList": _quantity_lists,
        "transformationID": addresses,
    },
}


@st.composite
def _fields_of(draw: st.DrawFn, kind: str) -> Event:
    """Draw the fields of a type: all that it must have, and some of what it may have."""
    optional = _common | _optional[kind]
    chosen = draw(st.lists(st.sampled_from(sorted(optional)), max_size=6, unique=True))
    fields = draw(st.fixed_dictionaries(_required[kind] | {name: optional[name] for name in chosen}))
    if kind == "ObjectEvent" and fields["action"] == "ADD" and draw(st.booleans()):
        fields["ilmd"] = draw(_ilmd["ilmd"])
    if kind == "ObjectEvent" and "quantityList" in fields and draw(st.booleans()):
        del fields["epcList"]
    return fields


@st.composite
def events(draw: st.DrawFn, types: tuple[str, ...] = EVENT_TYPES) -> Event:
    """Draw a valid event in standard form, with its own `@context` where it has extensions."""
    kind = draw(st.sampled_from(types))
    fields = draw(_fields_of(kind))
    event = {"type": kind, **fields, **draw(extensions)}
    used = {name.partition(":")[0] for name in _extension_names(event)}
    if used:
        event["@context"] = {prefix: NAMESPACES[prefix] for prefix in sorted(used)}
    return event


@st.composite
def documents(draw: st.DrawFn, most: int = 3) -> Event:
    """Draw an EPCISDocument as JSON has it: namespaces declared once at the top."""
    drawn = draw(st.lists(events(), min_size=1, max_size=most))
    return {
        "@context": [CONTEXT, NAMESPACES],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": draw(times()),
        "epcisBody": {"eventList": [{k: v for k, v in event.items() if k != "@context"} for event in drawn]},
    }


def _extension_names(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for item in value for name in _extension_names(item)]
    if not isinstance(value, dict):
        return []
    own = [name for name in value if name.partition(":")[0] in NAMESPACES]
    return own + [name for item in value.values() for name in _extension_names(item)]
