"""Extension fields and event types of an event: EPCIS 2.0, 10.3 and 10.4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from takeback.core.message import msg
from takeback.prove.epcis.names import STANDARD
from takeback.prove.epcis.validation.check_own import check_own_field
from takeback.prove.epcis.validation.sink import Sink
from takeback.prove.personal import NAMESPACE

Event = Mapping[str, Any]
Place = tuple[object, ...]

RESERVED = "takeback:"
"""Event types with this beginning are facts of Takeback's own ledger; they do not come in through EPCIS."""

# Beginnings of names that are URIs in full; a prefix of this name would be useless.
_SCHEMES = frozenset({"http", "https", "urn", "ni", "did", "geo", "tag", "info"})


def check_name(name: str, where: Place, event: Event, sink: Sink) -> None:
    """Check the name of an extension field: its prefix is explained by the event's `@context` or by EPCIS."""
    prefix, colon, _ = name.partition(":")
    declared = event.get("@context") or ()
    if colon and prefix not in declared and prefix not in STANDARD and prefix not in _SCHEMES:
        _unknown(name, prefix, where, sink)
    elif colon and isinstance(declared, Mapping) and declared.get(prefix) == NAMESPACE:
        check_own_field(name, where, sink)


def check_names(owner: str, value: Mapping[str, Any], event: Event, sink: Sink) -> None:
    """Check the names of the extension fields in `ilmd` or an error declaration."""
    for name in value:
        check_name(name, (owner, name), event, sink)


def check_type(name: str, kind: str, event: Event, sink: Sink) -> None:
    """Check that an event type is not one of the ledger's own."""
    if kind.startswith(RESERVED):
        _reserved(kind, sink)


def _unknown(name: str, prefix: str, where: Place, sink: Sink) -> None:
    sink.add(
        "extension.unknown-prefix",
        where,
        name,
        msg('The prefix "{prefix}" is not explained in @context', prefix=prefix),
        msg('Add {{"{prefix}": "https://..."}} with your namespace to @context.', prefix=prefix),
    )


def _reserved(kind: str, sink: Sink) -> None:
    sink.add(
        "extension.reserved",
        ("type",),
        kind,
        msg('The event type "{type}" is reserved for the ledger itself', type=kind),
        msg("Report an event type of EPCIS, or one in a namespace of your own."),
    )
