"""Stage 1: has a document the form that EPCIS 2.0 gives it? Formats (URI, date and time) are asserted."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema_rs import Draft202012Validator

from takeback.core.message import msg
from takeback.prove.epcis.validation.explain import explained
from takeback.prove.epcis.validation.finding import Finding
from takeback.prove.epcis.validation.rules import found_at
from takeback.prove.epcis.validation.shapes import Schema
from takeback.prove.epcis.validation.shapes_document import DOCUMENT, QUERY_DOCUMENT
from takeback.prove.epcis.validation.shapes_event import EVENTS, EXTENDED

DEEPEST = 200  # levels of nesting; a document of the standard needs 12, extensions a few more
EVENT_LIST = "/epcisBody/eventList"
QUERY_EVENT_LIST = "/epcisBody/queryResults/resultsBody/eventList"
_ENVELOPES: Mapping[str, tuple[Schema, str]] = {
    "EPCISDocument": (DOCUMENT, EVENT_LIST),
    "EPCISQueryDocument": (QUERY_DOCUMENT, QUERY_EVENT_LIST),
}


def check_document(decoded: object) -> list[Finding]:
    """Return what is wrong in a decoded JSON document, query document or single event; nothing where all is right.

    A single event carries its own `@context` (EPCIS 2.0, 10.3).
    """
    if not isinstance(decoded, dict):
        return [_no_object(decoded, "", None)]
    if _depth_exceeds(decoded, DEEPEST):
        return [_too_deep("", None)]
    kind = decoded.get("type")
    if isinstance(kind, str) and kind in _ENVELOPES:
        shape, at = _ENVELOPES[kind]
        findings = _violations(shape, _without_events(decoded, at), "", None)
        for index, event in enumerate(_events(decoded, at)):
            findings += check_event(event, index, f"{at}/{index}")
        return findings
    findings = check_event(decoded, 0, "")
    return findings if "@context" in decoded else [_no_context(), *findings]


def check_event(event: object, index: int, base: str | None = None) -> list[Finding]:
    """Return what is wrong in one event of a document; nothing where all is right, which is fast.

    `base` is the pointer of the event; by default its place in the event list of an EPCIS document.
    """
    kind = event.get("type") if isinstance(event, dict) else None
    shape = EVENTS.get(kind, EXTENDED) if isinstance(kind, str) else EXTENDED
    try:
        if _validator(id(shape)).is_valid(event):
            return []
    except ValueError:  # nested so deeply that the library gives up
        return [_too_deep(f"{EVENT_LIST}/{index}" if base is None else base, index)]
    return _violations(shape, event, f"{EVENT_LIST}/{index}" if base is None else base, index)


_SHAPES = {id(shape): shape for shape in (*EVENTS.values(), EXTENDED, DOCUMENT, QUERY_DOCUMENT)}


@cache
def _validator(shape: int) -> Draft202012Validator:
    return Draft202012Validator(dict(_SHAPES[shape]), validate_formats=True)


def _violations(shape: Schema, instance: object, base: str, index: int | None) -> list[Finding]:
    if not isinstance(instance, dict):
        return [_no_object(instance, base, index)]
    try:
        errors = list(_validator(id(shape)).iter_errors(instance))
    except ValueError:
        return [_too_deep(base, index)]
    findings = [finding for error in errors for finding in explained(shape, instance, error, base, index)]
    # The names of one object are told together at each of its wrong names.
    return list({(finding.rule, finding.where, finding.message.msgid): finding for finding in findings}.values())


def _events(document: Mapping[str, Any], at: str) -> list[object]:
    """Return the event list, empty where the way to it is barred (the envelope's findings tell that)."""
    node: object = document
    for step in at.split("/")[1:]:
        node = node.get(step) if isinstance(node, dict) else None
    return node if isinstance(node, list) else []


def _without_events(document: Mapping[str, Any], at: str) -> dict[str, Any]:
    """Return the document with an empty event list: each event is checked by the schema of its own type."""
    step, _, rest = at[1:].partition("/")
    inner = document.get(step)
    if rest:
        return {**document, step: _without_events(inner, f"/{rest}")} if isinstance(inner, dict) else dict(document)
    return {**document, step: []} if isinstance(inner, list) else dict(document)


def _depth_exceeds(node: object, most: int) -> bool:
    """Whether arrays and objects are nested deeper than `most`, without recursion."""
    level = [node]
    for _ in range(most):
        level = [
            child
            for one in level
            for child in (one.values() if isinstance(one, dict) else one)  # type: ignore[attr-defined]
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def _no_object(found: object, base: str, index: int | None) -> Finding:
    return found_at(
        "schema.object",
        base,
        index,
        found,
        msg("An EPCIS document or event is a JSON object"),
        msg('Write an object with "type": "EPCISDocument", or one event with its own "@context".'),
    )


def _no_context() -> Finding:
    return found_at(
        "schema.required",
        "",
        None,
        None,
        msg('The field "{field}" is missing', field="@context"),
        msg('Add "@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld".'),
    )


def _too_deep(base: str, index: int | None) -> Finding:
    return found_at(
        "schema.depth",
        base,
        index,
        None,
        msg("The document is nested deeper than {most} levels", most=DEEPEST),
        msg("Flatten the extension fields: the standard's own fields need no more than twelve levels."),
    )
