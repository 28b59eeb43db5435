"""One event in standard form as an XML element of EPCIS 2.0, in the order of its schema.

Extension fields become elements, those of sensor metadata and reports attributes. Numbers and booleans carry their
`xsi:type`, so that they come back as they were. What XML cannot tell apart does not come back: an array of one value
is a value, an array in an array is flat, an empty object is an empty text; space around a text is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, Literal

from takeback.prove.epcis.names import STANDARD
from takeback.prove.epcis.vocabulary import Kind, uri, urn
from takeback.prove.epcis.xml_escape import escaped, local_name

CbvFormat = Literal["Always_Web_URI", "Always_URN", "Never_Translates"]
WEB_URI: Final = "Always_Web_URI"


class EventWriter:
    """Writes events with CBV words as URIs or URNs; `declared` are the prefixes that the document declares."""

    def __init__(self, cbv_format: CbvFormat, declared: Mapping[str, str]) -> None:
        self.word = uri if cbv_format == WEB_URI else urn
        self.declared = declared
        self.prefixes: Mapping[str, str] = declared

    def event(self, event: Mapping[str, Any]) -> str:
        """Return the element of one event."""
        own = event.get("@context") or {}
        self.prefixes = {**self.declared, **own}
        missing = {prefix: space for prefix, space in own.items() if self.declared.get(prefix) != space}
        kind = str(event.get("type", ""))
        order = _ORDER.get(kind, _FIELDS)
        parts = [write(self, name, event[name]) for name, write in order.items() if name in event]
        parts += [self.extension(name, value) for name, value in event.items() if name not in _TAKEN]
        content = "".join(parts)
        if kind in _ORDER or ":" not in kind:
            return f"<{local_name(kind)}{_declarations(missing)}>{content}</{local_name(kind)}>"
        end = max(kind.rfind(mark) for mark in "/#:") + 1
        name, missing["eventns"] = f"eventns:{local_name(kind[end:])}", kind[:end]
        return f"<extension><{name}{_declarations(missing)}>{content}</{name}></extension>"

    def name(self, name: str) -> str:
        """Return the qualified name of an extension field."""
        prefix, colon, local = name.partition(":")
        if colon and (prefix in self.prefixes or prefix in STANDARD):
            return f"{prefix}:{local_name(local)}"
        return local_name(name)

    def extension(self, name: str, value: Any) -> str:
        """Return the elements of an extension field: one for each value."""
        if isinstance(value, list):
            return "".join(self.extension(name, item) for item in value)
        name = self.name(name)
        if isinstance(value, dict):
            own = escaped(_plain(value["#text"])) if "#text" in value else ""
            inner = "".join(self.extension(key, item) for key, item in value.items() if key not in _NO_FIELDS)
            return f"<{name}>{own}{inner}</{name}>"
        return f"<{name}{_type(value)}>{escaped(_plain(value))}</{name}>"

    def extensions(self, value: Mapping[str, Any], taken: Collection[str] = ()) -> str:
        """Return the elements of all extension fields among the fields of a part of an event."""
        return "".join(self.extension(name, item) for name, item in value.items() if name not in taken)


_NO_FIELDS = frozenset({"#text", "@context"})
Write = Callable[[EventWriter, str, Any], str]


def _declarations(prefixes: Mapping[str, str]) -> str:
    return "".join(f' xmlns:{prefix}="{escaped(space)}"' for prefix, space in prefixes.items())


def _type(value: Any) -> str:
    if value is None:
        return ' xsi:nil="true"'
    if isinstance(value, bool):
        return ' xsi:type="xsd:boolean"'
    if isinstance(value, int):
        return ' xsi:type="xsd:integer"'
    return ' xsi:type="xsd:double"' if isinstance(value, float) else ""


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _text(writer: EventWriter, name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_text(writer, name, item) for item in value)
    return f"<{name}>{escaped(_plain(value))}</{name}>"


def _word(kind: Kind) -> Write:
    return lambda writer, name, value: f"<{name}>{escaped(writer.word(kind, str(value)))}</{name}>"


def _list(item: str) -> Write:
    return lambda writer, name, value: f"<{name}>{_text(writer, item, value)}</{name}>"


def _quantities(writer: EventWriter, name: str, value: Any) -> str:
    fields = ("epcClass", "quantity", "uom")
    elements = ("".join(_text(writer, field, one[field]) for field in fields if field in one) for one in value)
    return f"<{name}>{''.join(f'<quantityElement>{element}</quantityElement>' for element in elements)}</{name}>"


def _typed(kind: Kind, item: str) -> Write:
    def one(writer: EventWriter, value: Any) -> str:
        attribute = f' type="{escaped(writer.word(kind, value["type"]))}"' if value.get("type") else ""
        return f"<{item}{attribute}>{escaped(_plain(value.get(item)))}</{item}>"

    return lambda writer, name, value: f"<{name}>{''.join(one(writer, item) for item in value)}</{name}>"


def _place(writer: EventWriter, name: str, value: Any) -> str:
    inner = _text(writer, "id", value.get("id")) + writer.extensions(value, ("id",))
    return f"<{name}>{inner}</{name}>"


def _persistent(writer: EventWriter, name: str, value: Any) -> str:
    write = _word("disposition")
    inner = "".join(write(writer, end, item) for end in ("unset", "set") for item in value.get(end, ()))
    return f"<{name}>{inner}</{name}>"


def _ilmd(writer: EventWriter, name: str, value: Any) -> str:
    return f"<{name}>{writer.extensions(value)}</{name}>"


def _declaration(writer: EventWriter, name: str, value: Any) -> str:
    inner = [write(writer, field, value[field]) for field, write in _DECLARATION.items() if field in value]
    return f"<{name}>{''.join(inner)}{writer.extensions(value, _DECLARATION)}</{name}>"


def _sensors(writer: EventWriter, name: str, value: Any) -> str:
    return f"<{name}>{''.join(_sensor(writer, element) for element in value)}</{name}>"


def _sensor(writer: EventWriter, value: Any) -> str:
    inner = _attributed(writer, "sensorMetadata", value["sensorMetadata"]) if "sensorMetadata" in value else ""
    inner += "".join(_attributed(writer, "sensorReport", report) for report in value.get("sensorReport", ()))
    further = writer.extensions(value, ("sensorMetadata", "sensorReport"))
    return f"<sensorElement>{inner}{further}</sensorElement>"


def _attributed(writer: EventWriter, name: str, value: Any) -> str:
    """Return an element of attributes; extension fields with structure stand inside it, which the schema has not."""
    attributes, inner = "", ""
    for field, item in value.items():
        if isinstance(item, (dict, list)):
            inner += writer.extension(field, item)
            continue
        kind = _KINDS.get(field) if name == "sensorReport" else None
        written = writer.word(kind, str(item)) if kind else _plain(item)
        attributes += f' {writer.name(field)}="{escaped(written)}"'
    return f"<{name}{attributes}>{inner}</{name}>" if inner else f"<{name}{attributes}/>"


_KINDS: dict[str, Kind] = {"type": "measurement", "exception": "alert", "component": "component"}
_DECLARATION: dict[str, Write] = {
    "declarationTime": _text,
    "reason": _word("error"),
    "correctiveEventIDs": _list("correctiveEventID"),
}
_FIELDS: dict[str, Write] = {
    "eventTime": _text,
    "recordTime": _text,
    "eventTimeZoneOffset": _text,
    "eventID": _text,
    "errorDeclaration": _declaration,
    "certificationInfo": _text,
    "parentID": _text,
    "epcList": _list("epc"),
    "childEPCs": _list("epc"),
    "inputEPCList": _list("epc"),
    "inputQuantityList": _quantities,
    "outputEPCList": _list("epc"),
    "outputQuantityList": _quantities,
    "transformationID": _text,
    "action": _text,
    "bizStep": _word("bizStep"),
    "disposition": _word("disposition"),
    "readPoint": _place,
    "bizLocation": _place,
    "bizTransactionList": _typed("bizTransaction", "bizTransaction"),
    "quantityList": _quantities,
    "childQuantityList": _quantities,
    "sourceList": _typed("sourceDest", "source"),
    "destinationList": _typed("sourceDest", "destination"),
    "sensorElementList": _sensors,
    "persistentDisposition": _persistent,
    "ilmd": _ilmd,
}
_TAKEN = frozenset({*_FIELDS, "@context", "type"})


def _first(*names: str) -> dict[str, Write]:
    """Return the fields with some of them moved before `action`, as the schema of a type has them."""
    head = list(_FIELDS)[: list(_FIELDS).index("parentID")]
    order = [*head, *names, *(name for name in _FIELDS if name not in head and name not in names)]
    return {name: _FIELDS[name] for name in order}


# EPCglobal-epcis-2_0.xsd
_ORDER: dict[str, dict[str, Write]] = {
    "ObjectEvent": _FIELDS,
    "AggregationEvent": _FIELDS,
    "TransformationEvent": _FIELDS,
    "TransactionEvent": _first("bizTransactionList"),
    "AssociationEvent": _first("parentID", "childEPCs", "childQuantityList"),
}
