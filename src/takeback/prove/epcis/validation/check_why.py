"""The business context of an event: EPCIS 2.0, 7.3.6 (why); CBV 2.0, 5 and 7."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from takeback.core.message import msg
from takeback.prove.epcis.validation.check_what import well_formed
from takeback.prove.epcis.validation.explain_value import named_closely
from takeback.prove.epcis.validation.levels import level_again
from takeback.prove.epcis.validation.sink import Sink
from takeback.prove.epcis.vocabulary import (
    BIZ_STEPS,
    BIZ_TRANSACTION_TYPES,
    DISPOSITIONS,
    ERROR_REASONS,
    SOURCE_DEST_TYPES,
)

Event = Mapping[str, Any]
Place = tuple[object, ...]

_CBV = ("urn:epcglobal:cbv:", "https://ref.gs1.org/cbv/", "http://ref.gs1.org/cbv/")
# What a source or destination of a type may be; parties had the GLN of a place before there were party GLNs.
_PARTY = frozenset({"party", "place", "other"})
_FITTING = {"owning_party": _PARTY, "possessing_party": _PARTY, "location": frozenset({"place", "other"})}
# Steps that begin or end things: what an ObjectEvent's action then is (CBV 2.0, 7.1.3).
_ACTIONS = {"commissioning": "ADD", "decommissioning": "DELETE", "destroying": "DELETE", "shipping": "OBSERVE"}


def check_why(event: Event, sink: Sink) -> None:
    """Check words of the vocabulary, parties, persistent dispositions and error declarations."""
    for word, names, where in _words(event):
        if ":" in word and word.startswith(_CBV):
            _unknown_word(word, names, where, sink)
    for side in ("source", "destination"):
        entries = event.get(f"{side}List")
        if entries:
            _parties(side, entries, sink)
    if "persistentDisposition" in event:
        _persistent(event["persistentDisposition"], sink)
    if "errorDeclaration" in event:
        _declaration(event["errorDeclaration"], sink)
    if event["type"] == "ObjectEvent":
        _action(event, sink)


def _words(event: Event) -> Iterator[tuple[str, frozenset[str], Place]]:
    yield event.get("bizStep", ""), BIZ_STEPS, ("bizStep",)
    yield event.get("disposition", ""), DISPOSITIONS, ("disposition",)
    for name, words in (event.get("persistentDisposition") or {}).items():
        for number, word in enumerate(words):
            yield word, DISPOSITIONS, ("persistentDisposition", name, number)
    for name, types in _TYPED:
        for number, one in enumerate(event.get(name) or ()):
            yield one.get("type", ""), types, (name, number, "type")
    reason = (event.get("errorDeclaration") or {}).get("reason")
    if reason:
        yield reason, ERROR_REASONS, ("errorDeclaration", "reason")


_TYPED = (
    ("bizTransactionList", BIZ_TRANSACTION_TYPES),
    ("sourceList", SOURCE_DEST_TYPES),
    ("destinationList", SOURCE_DEST_TYPES),
)


def _unknown_word(word: str, names: frozenset[str], where: Place, sink: Sink) -> None:
    close = named_closely(word, names)
    sink.add(
        "why.not-in-cbv",
        where,
        word,
        msg('"{found}" claims to be of the Core Business Vocabulary, which does not have it', found=word),
        msg('Did you mean "{name}"?', name=close) if close else msg("Use a URI in a namespace of your own."),
    )


def _parties(side: str, entries: list[Mapping[str, str]], sink: Sink) -> None:
    for number, one in enumerate(entries):
        uri, kind = one[side], one["type"]
        found = level_again(uri)
        if found in _FITTING.get(kind, ()):
            continue
        where = (f"{side}List", number, side)
        if well_formed(uri, found, where, sink) and kind in _FITTING:
            sink.add(
                "why.source-kind",
                where,
                uri,
                msg('"{uri}" is not a {type}', uri=uri, type=kind),
                msg("A location has a GLN (urn:epc:id:sgln:...), a party a party GLN (urn:epc:id:pgln:...)."),
            )


def _persistent(value: Mapping[str, list[str]], sink: Sink) -> None:
    both = set(value.get("set", ())).intersection(value.get("unset", ()))
    if both:
        word = min(both)
        sink.add(
            "why.set-and-unset",
            ("persistentDisposition",),
            word,
            msg('"{word}" is set and unset in one event', word=word),
            msg("Keep it in one of the two lists."),
        )


def _declaration(value: Mapping[str, Any], sink: Sink) -> None:
    if value.get("reason") == "did_not_occur" and value.get("correctiveEventIDs"):
        sink.add(
            "why.declaration-corrects",
            ("errorDeclaration", "correctiveEventIDs"),
            "did_not_occur",
            msg("What did not occur has no corrective events"),
            msg('Write the reason "incorrect_data", or leave correctiveEventIDs out.'),
        )


def _action(event: Event, sink: Sink) -> None:
    right = _ACTIONS.get(event.get("bizStep", ""))
    if right is not None and event["action"] != right and event.get("epcList"):
        sink.add(
            "why.action",
            ("action",),
            event["action"],
            msg('"{step}" goes with action {right}', step=event["bizStep"], right=right),
            msg('Write "action": "{right}", or another business step.', right=right),
        )
