"""A value that the standard does not allow: what would be right, and what may have been meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from difflib import get_close_matches
from typing import Any

from jsonschema_rs import ValidationError

from takeback.core.message import Message, msg
from takeback.prove.epcis.validation.shapes import VOCABULARIES, Schema
from takeback.prove.epcis.vocabulary import bare

Told = tuple[Message, Message]

_KINDS = {bool: "boolean", int: "number", float: "number", str: "string", list: "array", dict: "object"}
_LOCAL = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?")
_TYPES: dict[str, Message] = {
    "string": msg("a text in quotation marks"),
    "number": msg("a number without quotation marks"),
    "boolean": msg("true or false without quotation marks"),
    "array": msg("a list in square brackets"),
    "object": msg("an object in curly brackets"),
}


def bad_value(error: ValidationError, shape: Schema, rule: str, field: str, found: object) -> Told:
    """Return what is wrong with a value and the mend."""
    if rule in VOCABULARIES and isinstance(found, str):
        return _vocabulary(rule, field, found)
    if rule in _BY_RULE and isinstance(found, str):
        return _BY_RULE[rule](field, found)
    if rule in _BY_SHAPE:
        return msg('"{field}" is not understood', field=field), _BY_SHAPE[rule]
    teller = _BY_KEYWORD.get(error.kind.name)
    if teller is not None:
        return teller(error, field, found)
    return msg('"{field}" is not as the standard has it', field=field), msg("Expected: {what}", what=error.message)


def named_closely(text: str, names: Collection[str]) -> str | None:
    """Return the name that `text` is a slip of, if any: letter case, blanks and hyphens count little."""
    plain = text.rpartition(":")[2].rpartition("/")[2].strip()
    plain = plain.rpartition("-")[2] if "/" in text else plain
    folded = {name.lower(): name for name in names}
    key = re.sub(r"[\s\-]+", "_", plain).lower()
    close = get_close_matches(key, list(folded), n=1, cutoff=0.7)
    return folded[close[0]] if close else None


def _vocabulary(rule: str, field: str, found: str) -> Told:
    kind, names = VOCABULARIES[rule]
    plain = bare(kind, found)  # type: ignore[arg-type]
    if plain in names:
        return (
            msg('"{found}" is not the form of JSON', found=found),
            msg('In JSON write {field}: "{plain}"; the long form belongs to XML.', field=field, plain=plain),
        )
    wrong = msg('"{found}" is not a value of {field} in the Core Business Vocabulary', found=found, field=field)
    close = named_closely(found, names)
    if close:
        return wrong, msg('Did you mean "{name}"?', name=close)
    if len(names) <= 14:
        return wrong, msg("One of: {names}; or the full URI of a value of your own.", names=", ".join(sorted(names)))
    return wrong, msg("Write a name of the vocabulary, or the full URI of a value of your own.")


def _time(field: str, found: str) -> Told:
    wrong = msg('{field} is not a date and time with offset: "{found}"', field=field, found=found)
    if _LOCAL.fullmatch(found):
        return wrong, msg("Add the offset from UTC: {found}Z or {found}+08:00", found=found.replace(" ", "T"))
    return wrong, msg("Write it as 2026-11-25T10:00:00.000+08:00 (RFC 3339), with a day and a time that exist.")


def _uri(field: str, found: str) -> Told:
    wrong = msg('"{found}" in {field} is not a URI', found=found, field=field)
    if re.search(r"\s", found):
        return wrong, msg("Blanks and line breaks are not allowed; write %20 where one is meant.")
    if ":" not in found:
        return wrong, msg("Write a URN or web address, such as urn:epc:id:sgtin:4012345.011111.987.")
    return wrong, msg("Write letters outside ASCII and signs such as < > {{ }} | as % and two digits (RFC 3986).")


def _offset(field: str, found: str) -> Told:
    return (
        msg('"{found}" is not an offset from UTC', found=found),
        msg("Write sign, two digits, colon, two digits, from -14:00 to +14:00, such as +08:00; UTC is +00:00."),
    )


def _action(field: str, found: str) -> Told:
    close = found.strip().upper()
    wrong = msg('"{found}" is not an action', found=found)
    if close in ("ADD", "OBSERVE", "DELETE"):
        return wrong, msg('Did you mean "{name}"?', name=close)
    return wrong, msg("Write ADD, OBSERVE or DELETE.")


def _event_type(field: str, found: str) -> Told:
    close = named_closely(found, _EVENT_TYPES)
    wrong = msg('"{found}" is not an event type', found=found)
    if close:
        return wrong, msg('Did you mean "{name}"?', name=close)
    return wrong, msg("One of {names}, or the full URI of an event type of your own.", names=", ".join(_EVENT_TYPES))


def _uom(field: str, found: str) -> Told:
    return (
        msg('"{found}" is not a unit code', found=found),
        msg("Write the code of UN/ECE Recommendation 20, such as KGM for kilograms; leave uom out for a count."),
    )


def _version(field: str, found: str) -> Told:
    return msg('"{found}" is not a version', found=found), msg('Write "2.0".')


def _hex(field: str, found: str) -> Told:
    return (
        msg('"{found}" is not hexadecimal', found=found),
        msg("Write digits and the letters a to f only, without 0x and blanks."),
    )


_BY_SHAPE = {
    "schema.context": msg(
        "Write the address of the context of EPCIS, an object that explains prefixes, or a list of these."
    ),
    "schema.certification": msg("Write the web address of the certificate, or a list of such addresses."),
}
_EVENT_TYPES = ("ObjectEvent", "AggregationEvent", "AssociationEvent", "TransformationEvent", "TransactionEvent")
_BY_RULE: dict[str, Callable[[str, str], Told]] = {
    "schema.uri": _uri,
    "schema.certification": _uri,
    "schema.document-id": _uri,
    "schema.version": _version,
    "schema.ilmd": _uri,
    "schema.time": _time,
    "schema.offset": _offset,
    "schema.action": _action,
    "schema.event-type": _event_type,
    "schema.uom": _uom,
    "schema.hex-binary": _hex,
}


def _type(error: ValidationError, field: str, found: object) -> Told:
    types: Any = error.kind.as_dict()["types"]
    wanted = [types] if isinstance(types, str) else list(types)
    kind = "null" if found is None else _KINDS[type(found)]
    return (
        msg('"{field}" has the wrong type: {kind}', field=field, kind=kind),
        msg("Write {what}.", what=_TYPES.get(wanted[0], msg("what the standard says"))),
    )


def _few(error: ValidationError, field: str, found: object) -> Told:
    return msg('"{field}" is empty', field=field), msg("Write at least one entry, or leave the field out.")


def _twice(error: ValidationError, field: str, found: object) -> Told:
    return msg('"{field}" names something twice', field=field), msg("Write each entry once.")


_BY_KEYWORD: dict[str, Callable[[ValidationError, str, object], Told]] = {
    "type": _type,
    "minItems": _few,
    "uniqueItems": _twice,
}
