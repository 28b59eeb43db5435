"""From a violation of the schema to a finding that names what is wrong, what is right and the mend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jsonschema_rs import ValidationError

from takeback.core.message import Message, msg
from takeback.prove.epcis.validation.explain_field import unknown_field
from takeback.prove.epcis.validation.explain_value import bad_value
from takeback.prove.epcis.validation.finding import Finding, pointer
from takeback.prove.epcis.validation.rules import RULES, found_at
from takeback.prove.epcis.validation.shapes import Schema

Told = tuple[Message, Message]

# What a rule of several fields wants; the single fields explain themselves.
_WANTED: Mapping[str, Told] = {
    "schema.no-objects": (
        msg("The event does not say which things it is about"),
        msg('Add "epcList" or a "quantityList" with an entry; a sensor event needs "readPoint" beside its sensors.'),
    ),
    "schema.no-children": (
        msg("The event does not say which things are in the parent"),
        msg('Add "childEPCs" or "childQuantityList" with an entry; only DELETE may leave both out: all are taken out.'),
    ),
    "schema.transformation": (
        msg("A transformation needs inputs and outputs"),
        msg('Add the missing input or output list, or a "transformationID" that joins several events to one.'),
    ),
    "schema.ilmd-action": (
        msg('"ilmd" goes with action ADD only'),
        msg('Write action "ADD" if the things begin here, else take "ilmd" out.'),
    ),
    "schema.sensor-report": (
        msg('A sensor report needs a "type" or an "exception"'),
        msg('Add the "type" of what was measured, such as "Temperature".'),
    ),
    "schema.persistent-disposition": (
        msg('A persistent disposition needs "set" or "unset"'),
        msg('List the dispositions that begin in "set" and those that end in "unset".'),
    ),
}


def explained(
    schema: Schema, instance: object, error: ValidationError, base: str, index: int | None
) -> Iterator[Finding]:
    """Yield the findings of one violation; one for each name where names of fields are wrong."""
    path = [*error.instance_path]
    where = pointer(base, *path)
    shape, rule = _nearest(schema, list(error.schema_path))
    name = error.kind.name
    if name in ("propertyNames", "additionalProperties"):
        yield from _names(shape, rule, _at(instance, path), where, index)
    elif name == "required":
        yield _missing(error, where, index)
    elif (name == "anyOf" and rule in _WANTED) or rule == "schema.ilmd-action":
        told = _WANTED[rule]
        yield found_at(rule, _up(where, rule), index, None, *told)
    else:
        found = _at(instance, path)
        slug = "schema.unique" if name == "uniqueItems" else rule if rule in RULES else "schema.form"
        yield found_at(slug, where, index, found, *bad_value(error, shape, slug, _field(path), found))


def _nearest(schema: Schema, path: Sequence[str | int]) -> tuple[Schema, str]:
    """Return the innermost definition on the way, that has a name of its own, and that name."""
    node: Any = schema
    shape, rule = schema, schema["$comment"]
    for step in path:
        node = node[int(step)] if isinstance(node, list) else node.get(str(step), {})
        if isinstance(node, dict) and "$comment" in node:
            shape, rule = node, node["$comment"]
    return shape, rule


def _at(instance: object, path: Sequence[str | int]) -> object:
    node: Any = instance
    for step in path:
        node = node[step]
    return node


def _field(path: Sequence[str | int]) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _up(where: str, rule: str) -> str:
    return where.removesuffix("/action") if rule == "schema.ilmd-action" else where


def _names(shape: Schema, rule: str, found: object, where: str, index: int | None) -> Iterator[Finding]:
    known = frozenset(shape.get("properties", ()))
    slug = "schema.ilmd" if rule == "schema.ilmd" else "schema.unknown-field"
    closed = shape.get("additionalProperties") is False
    owner: Mapping[str, object] = found if isinstance(found, dict) else {}
    for name in owner:
        told = None if name in known else unknown_field(name, known, rule, owner, closed=closed)
        if told is not None:
            yield found_at(slug, pointer(where, name), index, name, *told)


def _missing(error: ValidationError, where: str, index: int | None) -> Finding:
    field = str(error.kind.as_dict()["property"])
    mend = _EXAMPLES.get(field)
    return found_at(
        "schema.required",
        where,
        index,
        None,
        msg('The field "{field}" is missing', field=field),
        msg("Add it, for example: {example}", example=mend) if mend else msg("Add it: the standard requires it here."),
    )


_EXAMPLES = {
    "@context": '"@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"',
    "type": '"type": "ObjectEvent"',
    "schemaVersion": '"schemaVersion": "2.0"',
    "creationDate": '"creationDate": "2026-11-25T10:00:00Z"',
    "epcisBody": '"epcisBody": {"eventList": []}',
    "eventList": '"eventList": []',
    "eventTime": '"eventTime": "2026-11-25T10:00:00+08:00"',
    "eventTimeZoneOffset": '"eventTimeZoneOffset": "+08:00"',
    "action": '"action": "OBSERVE"',
    "parentID": '"parentID": "urn:epc:id:sscc:4012345.0123456789"',
    "bizTransactionList": '"bizTransactionList": [{"type": "po", "bizTransaction": "https://example.com/po/1"}]',
    "declarationTime": '"declarationTime": "2026-11-25T10:00:00Z"',
    "epcClass": '"epcClass": "urn:epc:class:lgtin:4012345.012345.L1"',
    "sensorReport": '"sensorReport": [{"type": "Temperature", "value": 21, "uom": "CEL"}]',
    "id": '"id": "urn:epc:id:sgln:4012345.00001.0"',
    "queryResults": '"queryResults": {"queryName": "SimpleEventQuery", "resultsBody": {"eventList": []}}',
}
