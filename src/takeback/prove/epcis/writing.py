"""EPCIS documents written: events in standard form as JSON and as XML, documents and results of queries.

`epc_format` is the header GS1-EPC-Format, `cbv_format` GS1-CBV-XML-Format (in JSON words are always bare). Inside
Takeback words are bare, so that `Never_Translates` cannot give back the spelling of the sender: XML then has URNs,
which every version of EPCIS reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from msgspec.json import encode

from takeback.core.times import moment_text
from takeback.prove.epcis.document import Document
from takeback.prove.epcis.names import STANDARD
from takeback.prove.epcis.own_prefix import with_own_prefix
from takeback.prove.epcis.spelling import NEVER, EpcFormat, spelled
from takeback.prove.epcis.xml_frame import framed
from takeback.prove.epcis.xml_writing import CbvFormat, EventWriter

__all__ = ["CONTEXT", "json_document", "json_event", "xml_document", "xml_event"]

Event = dict[str, Any]
CONTEXT: Final = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
SCHEMA_VERSION: Final = "2.0"


def json_event(event: Event, *, epc_format: EpcFormat = NEVER) -> Event:
    """Return one event as a JSON document of its own: with the context of EPCIS and its own prefixes."""
    event = with_own_prefix(event)
    own = event.get("@context")
    return {"@context": [CONTEXT, own] if own else [CONTEXT], **_without_context(spelled(event, epc_format))}


def json_document(
    events: Sequence[Event],
    *,
    epc_format: EpcFormat = NEVER,
    about: Document | None = None,
    created: str | None = None,
) -> Event:
    """Return an EPCISDocument, or an EPCISQueryDocument where `about` is of a query.

    `about` gives what stands around the events (its own events are not written); `created` is the creation date,
    without it that of `about` or now. Prefixes are declared once, at the top; an event for which one of them means
    another namespace has its own `@context`.
    """
    about = about or Document("document", [])
    events = [with_own_prefix(event) for event in events]
    prefixes = _common(events, about.prefixes if about.extensions or about.header else {})
    listed = [_inside(spelled(event, epc_format), prefixes) for event in events]
    head = {
        "@context": [CONTEXT, prefixes] if prefixes else [CONTEXT],
        "id": about.id,
        "type": "EPCISQueryDocument" if about.kind == "query" else "EPCISDocument",
        "schemaVersion": about.schema_version if (about.schema_version or "").startswith("2") else SCHEMA_VERSION,
        "creationDate": created or about.creation_date or moment_text(datetime.now(UTC)),
        "instanceIdentifier": about.instance_identifier,
        "sender": about.sender,
        "receiver": about.receiver,
        "epcisHeader": about.header,
        **about.extensions,
        "epcisBody": _results(listed, about) if about.kind == "query" else {"eventList": listed},
    }
    return {name: value for name, value in head.items() if value is not None}


def xml_document(
    events: Sequence[Event],
    *,
    epc_format: EpcFormat = NEVER,
    cbv_format: CbvFormat = NEVER,
    about: Document | None = None,
    created: str | None = None,
) -> bytes:
    """Return the same as XML 2.0 in UTF-8."""
    about = about or Document("document", [])
    events = [with_own_prefix(event) for event in events]
    prefixes = {**about.prefixes, **_common(events, about.prefixes)}
    writer = EventWriter(cbv_format, prefixes)
    written = (writer.event(spelled(event, epc_format)) for event in events)
    created = created or about.creation_date or moment_text(datetime.now(UTC))
    return framed("".join(written), about, {**_standard(events), **prefixes}, created, writer).encode()


def xml_event(event: Event, *, epc_format: EpcFormat = NEVER, cbv_format: CbvFormat = NEVER) -> bytes:
    """Return one event as an XML document of its own: an EPCISDocument with one event (the schema has no other)."""
    return xml_document([event], epc_format=epc_format, cbv_format=cbv_format)


def _results(listed: list[Event], about: Document) -> Event:
    body: Event = {"eventList": listed}
    if about.vocabulary_list is not None:
        body["vocabularyList"] = about.vocabulary_list
    results = {"subscriptionID": about.subscription_id, "queryName": about.query_name, "resultsBody": body}
    return {"queryResults": {name: value for name, value in results.items() if value is not None}}


def _common(events: Sequence[Event], declared: Mapping[str, str]) -> dict[str, str]:
    """Return the prefixes to declare at the top: of those that differ between events the first.

    One that an event mentions without declaring it stays below: to that event it means something else, or nothing.
    """
    prefixes = dict(declared)
    for event in events:
        for prefix, space in (event.get("@context") or {}).items():
            prefixes.setdefault(prefix, space)
    others = [(own, encode(e)) for e in events if not prefixes.keys() <= (own := e.get("@context") or {}).keys()]
    return {
        prefix: space
        for prefix, space in prefixes.items()
        if prefix in declared or not any(f'"{prefix}:'.encode() in text for own, text in others if prefix not in own)
    }


def _inside(event: Event, prefixes: Mapping[str, str]) -> Event:
    """Return an event as it stands in a document that declares `prefixes`."""
    own = event.get("@context")
    if not own:
        return event
    other = {prefix: space for prefix, space in own.items() if prefixes.get(prefix) != space}
    return {"@context": other, **_without_context(event)} if other else _without_context(event)


def _without_context(event: Event) -> Event:
    return {name: value for name, value in event.items() if name != "@context"}


def _standard(events: Iterable[Event]) -> dict[str, str]:
    """Return the prefixes of EPCIS's own context that names of extension fields use: XML declares them itself."""
    found: dict[str, str] = {}
    for event in events:
        _look(event, found)
    return found


def _look(value: Any, found: dict[str, str]) -> None:
    if isinstance(value, dict):
        for name, item in value.items():
            prefix, colon, _ = name.partition(":")
            if colon and prefix in STANDARD:
                found[prefix] = STANDARD[prefix]
            if isinstance(item, (dict, list)):
                _look(item, found)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, (dict, list)):
                _look(item, found)
