"""Stage 1 for one event in JSON: the schema of its type, compiled once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from jsonschema_rs import Draft202012Validator

from takeback.core.message import msg
from takeback.native import quick
from takeback.prove.epcis.validation.explain import explained
from takeback.prove.epcis.validation.finding import Finding
from takeback.prove.epcis.validation.rules import found_at
from takeback.prove.epcis.validation.shapes import Schema
from takeback.prove.epcis.validation.shapes_document import DOCUMENT, QUERY_DOCUMENT
from takeback.prove.epcis.validation.shapes_event import EVENTS, EXTENDED, EXTENDED_FIELDS
from takeback.prove.epcis.vocabulary import BIZ_STEPS, BIZ_TRANSACTION_TYPES, DISPOSITIONS, SOURCE_DEST_TYPES

DEEPEST = 200  # levels of nesting; a document of the standard needs 12, extensions a few more
EVENT_LIST = "/epcisBody/eventList"
_WORDS = tuple(map(dict.fromkeys, (BIZ_STEPS, DISPOSITIONS, BIZ_TRANSACTION_TYPES, SOURCE_DEST_TYPES)))


def check_event(event: object, index: int, base: str | None = None) -> list[Finding]:
    """Return what is wrong in one event of a document; nothing where all is right, which is fast.

    `base` is the pointer of the event; by default its place in the event list of an EPCIS document.
    """
    if is_fine(event):
        return []
    kind = event.get("type") if isinstance(event, dict) else None
    shape = EVENTS.get(kind, EXTENDED) if isinstance(kind, str) else EXTENDED
    return violations(shape, event, f"{EVENT_LIST}/{index}" if base is None else base, index)


def is_fine(event: object) -> bool:
    """Whether nothing is wrong in an event; False also where it is nested so deeply that the library gives up."""
    if quick is not None and quick.formed(event, _WORDS):
        return True
    kind = event.get("type") if isinstance(event, dict) else None
    try:
        return _looker(kind if isinstance(kind, str) and kind in EVENTS else None)(event)
    except ValueError:
        return False


@cache
def _looker(kind: str | None) -> Callable[[object], bool]:
    return _validator(id(EXTENDED if kind is None else EVENTS[kind])).is_valid


def check_fields(event: dict[str, Any], index: int, base: str) -> list[Finding]:
    """Return which of the standard's fields do not have their form in an event type of one's own.

    The schema of the standard looks at nothing but time and type there; what follows it must not stumble.
    """
    return violations(EXTENDED_FIELDS, event, base, index)


_SHAPES = {id(shape): shape for shape in (*EVENTS.values(), EXTENDED, EXTENDED_FIELDS, DOCUMENT, QUERY_DOCUMENT)}


@cache
def _validator(shape: int) -> Draft202012Validator:
    return Draft202012Validator(dict(_SHAPES[shape]), validate_formats=True)


def violations(shape: Schema, instance: object, base: str, index: int | None) -> list[Finding]:
    """Return what is wrong in an instance of a shape, each place and rule once."""
    if not isinstance(instance, dict):
        return [no_object(instance, base, index)]
    try:
        errors = list(_validator(id(shape)).iter_errors(instance))
    except ValueError:
        return [too_deep(base, index)]
    findings = [finding for error in errors for finding in explained(shape, instance, error, base, index)]
    # The names of one object are told together at each of its wrong names.
    return list({(finding.rule, finding.where, finding.message.msgid): finding for finding in findings}.values())


def no_object(found: object, base: str, index: int | None) -> Finding:
    """Return the finding of what is no JSON object."""
    return found_at(
        "schema.object",
        base,
        index,
        found,
        msg("An EPCIS document or event is a JSON object"),
        msg('Write an object with "type": "EPCISDocument", or one event with its own "@context".'),
    )


def too_deep(base: str, index: int | None) -> Finding:
    """Return the finding of a document nested beyond sense."""
    return found_at(
        "schema.depth",
        base,
        index,
        None,
        msg("The document is nested deeper than {most} levels", most=DEEPEST),
        msg("Flatten the extension fields: the standard's own fields need no more than twelve levels."),
    )
