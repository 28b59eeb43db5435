"""The business context of an event: EPCIS 2.0, 7.3.6 (why); CBV 2.0, 5 and 7."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from takeback.core.message import msg
from takeback.prove.epcis.validation.check_own import check_needs, check_own_word
from takeback.prove.epcis.validation.check_what import well_formed
from takeback.prove.epcis.validation.explain_value import named_closely
from takeback.prove.epcis.validation.levels import level, level_again
from takeback.prove.epcis.validation.sink import Sink
from takeback.prove.epcis.vocabulary import (
    BIZ_STEPS,
    BIZ_TRANSACTION_TYPES,
    DISPOSITIONS,
    ERROR_REASONS,
    LIST_HEADS,
    SOURCE_DEST_TYPES,
)
from takeback.prove.personal import NAMESPACE

Event = Mapping[str, Any]
Place = tuple[object, ...]

_CBV = ("urn:epcglobal:cbv:", "https://ref.gs1.org/cbv/", "http://ref.gs1.org/cbv/")
# What a source or destination of a type may be; parties had the GLN of a place before there were party GLNs.
_PARTY = frozenset({"party", "place", "other"})
_FITTING = {"owning_party": _PARTY, "possessing_party": _PARTY, "location": frozenset({"place", "other"})}
# Steps that begin or end things: what an ObjectEvent's action then is (CBV 2.0, 7.1.3).
_ACTIONS = {"commissioning": "ADD", "decommissioning": "DELETE", "destroying": "DELETE", "shipping": "OBSERVE"}


def check_biz_step(name: str, step: str, event: Event, sink: Sink) -> None:
    """Check the business step, and that the action of an object event goes with it."""
    _word(step, BIZ_STEPS, ("bizStep",), sink)
    if step.startswith(NAMESPACE):
        check_needs(event, sink)
    if step in _ACTIONS and event["type"] == "ObjectEvent":
        _action(event, sink)


def check_disposition(name: str, word: str, event: Event, sink: Sink) -> None:
    """Check the disposition."""
    _word(word, DISPOSITIONS, (name,), sink)


def check_transactions(name: str, entries: Sequence[Mapping[str, str]], event: Event, sink: Sink) -> None:
    """Check business transactions: their types, and that identifiers of GS1 are well formed."""
    for number, one in enumerate(entries):
        uri = one["bizTransaction"]
        well_formed(uri, level(uri), (name, number, "bizTransaction"), sink)
        _word(one.get("type", ""), BIZ_TRANSACTION_TYPES, (name, number, "type"), sink)


def check_persistent(name: str, value: Mapping[str, Sequence[str]], event: Event, sink: Sink) -> None:
    """Check persistent dispositions: none is set and unset at once."""
    for side, words in value.items():
        for number, word in enumerate(words):
            _word(word, DISPOSITIONS, (name, side, number), sink)
    _persistent(value, sink)


def _word(word: str, names: frozenset[str], where: Place, sink: Sink) -> None:
    if ":" not in word:
        return
    if word.startswith(_CBV):
        (_unknown_word if word.startswith(LIST_HEADS) else _near_word)(word, names, where, sink)
    elif word.startswith(NAMESPACE):
        check_own_word(word, where, sink)


def _unknown_word(word: str, names: frozenset[str], where: Place, sink: Sink) -> None:
    close = named_closely(word, names)
    sink.add(
        "why.not-in-cbv",
        where,
        word,
        msg('"{found}" claims to be of the Core Business Vocabulary, which does not have it', found=word),
        msg('Did you mean "{name}"?', name=close) if close else msg("Use a URI in a namespace of your own."),
    )


def _near_word(word: str, names: frozenset[str], where: Place, sink: Sink) -> None:
    """Tell of a word in the namespace of the CBV that has the form of none of its lists: it takes nothing for one."""
    sink.add(
        "why.near-cbv",
        where,
        word,
        msg('"{found}" stands in the namespace of the Core Business Vocabulary, which does not have it', found=word),
        msg("Use a URI in a namespace of your own."),
    )


def check_parties(name: str, entries: Sequence[Mapping[str, str]], event: Event, sink: Sink) -> None:
    """Check sources or destinations: a location is a place, a party is a party."""
    side = name.removesuffix("List")
    for number, one in enumerate(entries):
        uri, kind = one[side], one["type"]
        _word(kind, SOURCE_DEST_TYPES, (name, number, "type"), sink)
        found = level_again(uri)
        if found in _FITTING.get(kind, ()):
            continue
        where = (name, number, side)
        if well_formed(uri, found, where, sink) and kind in _FITTING:
            sink.add(
                "why.source-kind",
                where,
                uri,
                msg('"{uri}" is not a {type}', uri=uri, type=kind),
                msg("A location has a GLN (urn:epc:id:sgln:...), a party a party GLN (urn:epc:id:pgln:...)."),
            )


def _persistent(value: Mapping[str, Sequence[str]], sink: Sink) -> None:
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


def check_declaration(value: Mapping[str, Any], sink: Sink) -> None:
    """Check an error declaration: its reason fits its corrections."""
    _word(value.get("reason", ""), ERROR_REASONS, ("errorDeclaration", "reason"), sink)
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
