"""A field that does not belong where it stands: what it may have been meant to be."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from urllib.parse import urlsplit

from jsonschema_rs import Draft202012Validator

from takeback.core.message import Message, msg

_NAME = Draft202012Validator({"type": "string", "format": "uri"}, validate_formats=True)
# Fields of the standard, by the event types that have them; told when one stands in another type.
_HOMES: Mapping[str, str] = {
    "epcList": "ObjectEvent, TransactionEvent",
    "quantityList": "ObjectEvent, TransactionEvent",
    "childEPCs": "AggregationEvent, AssociationEvent",
    "childQuantityList": "AggregationEvent, AssociationEvent",
    "parentID": "AggregationEvent, AssociationEvent, TransactionEvent",
    "inputEPCList": "TransformationEvent",
    "inputQuantityList": "TransformationEvent",
    "outputEPCList": "TransformationEvent",
    "outputQuantityList": "TransformationEvent",
    "transformationID": "TransformationEvent",
    "ilmd": "ObjectEvent, TransformationEvent",
    "action": "ObjectEvent, AggregationEvent, AssociationEvent, TransactionEvent",
}


def unknown_field(
    name: str, known: Collection[str], rule: str, owner: Mapping[str, object], *, closed: bool
) -> tuple[Message, Message] | None:
    """Return what is wrong with a field's name and the mend; None where it is an extension in its place."""
    if not closed and _NAME.is_valid(name):
        return None
    wrong = msg('"{field}" is not a field that stands here', field=name)
    if rule == "schema.event" and name in _HOMES:
        return (
            msg('"{field}" does not go with {type}', field=name, type=owner.get("type")),
            msg("It belongs to: {types}", types=_HOMES[name]),
        )
    close = get_close_matches(name, list(known), n=1, cutoff=0.7)
    if close:
        return wrong, msg('Did you mean "{field}"?', field=close[0])
    if closed:
        return wrong, msg("Only these stand here, without extensions: {fields}", fields=", ".join(sorted(known)))
    if urlsplit(name).scheme or ":" in name:
        return wrong, msg("The name of an extension is a URI or prefix:name, without blanks and letters outside ASCII.")
    return (
        wrong,
        msg('An extension has a prefix that "@context" explains, such as "example:{field}".', field=name),
    )
