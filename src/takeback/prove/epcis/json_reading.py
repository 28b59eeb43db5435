"""JSON that came as an EPCIS document, a query document or a single event, brought to a `Document`."""

from __future__ import annotations

from typing import Any

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.epcis.contexts import Context
from takeback.prove.epcis.document import Document
from takeback.prove.epcis.extension_names import Naming
from takeback.prove.epcis.json_event import standard_at_once, standard_event
from takeback.prove.epcis.names import expanded

_HEADER = {
    "id": "id",
    "schemaVersion": "schema_version",
    "creationDate": "creation_date",
    "sender": "sender",
    "receiver": "receiver",
    "instanceIdentifier": "instance_identifier",
}
_TAKEN = frozenset({*_HEADER, "@context", "type", "epcisHeader", "epcisBody", "comment"})


def document_of(value: Any) -> Document:
    """Return the document that a decoded JSON value is. Raises `Problem` (with a pointer) where it is none."""
    if not isinstance(value, dict):
        raise unlike("", value, "an object: an EPCISDocument, an EPCISQueryDocument or one event")
    if not isinstance(value.get("type"), str) and "epcisBody" not in value:
        raise unlike("/type", value.get("type"), "EPCISDocument, EPCISQueryDocument or the type of an event")
    context = Context().extended(value.get("@context"))
    if value.get("type") not in ("EPCISDocument", "EPCISQueryDocument") and "epcisBody" not in value:
        return Document("event", [standard_event(value, Context())], value, prefixes=context.prefixes)
    return whole(value, context, *_events(value, context))


def whole(value: dict[str, Any], context: Context, events: list[dict[str, Any]], results: dict[str, Any]) -> Document:
    """Return the document with these events; `results` are the `queryResults` of a query document."""
    naming = Naming(context)
    further = {**_further(value, _TAKEN, naming), **_further(results, _RESULTS, naming)}
    body = results.get("resultsBody")
    return Document(
        "query" if results or value.get("type") == "EPCISQueryDocument" else "document",
        events,
        value,
        prefixes=context.prefixes,
        header=header if isinstance(header := value.get("epcisHeader"), dict) else None,
        query_name=results.get("queryName"),
        subscription_id=results.get("subscriptionID"),
        vocabulary_list=body.get("vocabularyList") if isinstance(body, dict) else None,
        extensions=further,
        ignored=_ignored(further, context),
        **{ours: value[theirs] for theirs, ours in _HEADER.items() if isinstance(value.get(theirs), str)},
    )


_RESULTS = frozenset({"queryName", "subscriptionID", "resultsBody"})


def _events(value: dict[str, Any], context: Context) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    body = _object(value, "epcisBody", "")
    results: dict[str, Any] = {}
    events: Any
    where = "/epcisBody"
    if "queryResults" in body:
        results = _object(body, "queryResults", where)
        body = _object(results, "resultsBody", f"{where}/queryResults")
        where += "/queryResults/resultsBody"
    if "event" in body and "eventList" not in body:
        events, where = [body["event"]], f"{where}/event"
    else:
        events, where = body.get("eventList"), f"{where}/eventList"
    if not isinstance(events, list):
        raise unlike(where, events, "an array of events")
    return [_event(event, context, where, number) for number, event in enumerate(events)], results


def _event(event: Any, context: Context, where: str, number: int) -> dict[str, Any]:
    if not isinstance(event, dict):
        raise unlike(f"{where}/{number}", event, "an event: an object")
    return standard_at_once(event, context) or standard_event(event, context, f"{where}/{number}")


def _object(value: dict[str, Any], name: str, where: str) -> dict[str, Any]:
    inner = value.get(name)
    if not isinstance(inner, dict):
        raise unlike(f"{where}/{name}", inner, "an object")
    return inner


def _further(value: dict[str, Any], taken: frozenset[str], naming: Naming) -> dict[str, Any]:
    return {naming.name(name): naming.value(item) for name, item in value.items() if name not in taken}


def _ignored(extensions: dict[str, Any], context: Context) -> frozenset[str]:
    """Return the full names of fields that a document asks to leave out of the hash (`prefix:ignoreFields`)."""
    lists = [value for name, value in extensions.items() if name.endswith(":ignoreFields")]
    names = [item for value in lists for item in (value if isinstance(value, list) else [value])]
    return frozenset(expanded(name, context.prefixes) for name in names if isinstance(name, str))


def unlike(where: str, found: Any, expected: str) -> Problem:
    """Return the problem that something in a document is not what it has to be."""
    return Problem(
        "epcis.document",
        msg("This is not an EPCIS document that can be read"),
        where=where or "/",
        found=type(found).__name__ if isinstance(found, (dict, list)) else found,
        expected=expected,
        status=400,
    )
