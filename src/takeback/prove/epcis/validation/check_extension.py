"""Extension fields and event types of an event: EPCIS 2.0, 10.3 and 10.4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from takeback.core.message import msg
from takeback.prove.epcis.names import STANDARD
from takeback.prove.epcis.validation.shapes_event import EVENTS
from takeback.prove.epcis.validation.sink import Sink

Event = Mapping[str, Any]
Place = tuple[object, ...]

RESERVED = "takeback:"
"""Event types with this beginning are facts of Takeback's own ledger; they do not come in through EPCIS."""

_FIELDS = {kind: frozenset(shape["properties"]) for kind, shape in EVENTS.items()}
_NONE: frozenset[str] = frozenset()
# Beginnings of names that are URIs in full; a prefix of this name would be useless.
_SCHEMES = frozenset({"http", "https", "urn", "ni", "did", "geo", "tag", "info"})


def check_extensions(event: Event, sink: Sink) -> None:
    """Check that prefixes are declared, and that nothing claims to be of the ledger itself."""
    kind = event["type"]
    if kind.startswith(RESERVED):
        _reserved(kind, sink)
    fields = _FIELDS.get(kind, _NONE)
    if event.keys() <= fields and "ilmd" not in event and "errorDeclaration" not in event:
        return
    declared = event.get("@context")
    prefixes = frozenset(declared) if isinstance(declared, dict) else _NONE
    for name, where in _names(event, fields):
        prefix, colon, _ = name.partition(":")
        if colon and prefix not in prefixes and prefix not in STANDARD and prefix not in _SCHEMES:
            _unknown(name, prefix, where, sink)


def _names(event: Event, fields: frozenset[str]) -> Iterator[tuple[str, Place]]:
    for name in event:
        if name not in fields:
            yield name, (name,)
    for owner in ("ilmd", "errorDeclaration"):
        for name in event.get(owner) or ():
            yield name, (owner, name)


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
