"""Things, classes of things, places and parties of an event: EPCIS 2.0, 7.3.3 and 7.3.5."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from takeback.core.identifiers import parse
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.prove.epcis.validation.levels import Level, level, level_again
from takeback.prove.epcis.validation.rules import mend_of
from takeback.prove.epcis.validation.sink import Sink

Event = Mapping[str, Any]

_INSTANCE: frozenset[Level] = frozenset({"instance", "other"})
_FAULTS: frozenset[Level] = frozenset({"malformed", "digit", "digit-elsewhere"})


def check_things(name: str, epcs: Sequence[str], event: Event, sink: Sink) -> None:
    """Check a list of EPCs: each is one thing, named once."""
    for number, epc in enumerate(epcs):
        found = level(epc)
        if found not in _INSTANCE:
            _not_an_instance(epc, found, (name, number), sink)
    if len(set(epcs)) < len(epcs):
        _repeated(name, epcs, sink)


def _repeated(name: str, epcs: Sequence[str], sink: Sink) -> None:
    twice, _ = Counter(epcs).most_common(1)[0]
    sink.add(
        "what.repeated",
        (name,),
        twice,
        msg('"{epc}" stands twice in {list}', epc=twice, list=name),
        msg("Write each entry once."),
    )


def _not_an_instance(epc: str, found: Level, where: tuple[object, ...], sink: Sink) -> None:
    if found in _FAULTS:
        _fault(epc, found, where, sink)
    elif found == "class":
        rule = "what.class-as-instance" if epc.startswith("urn:") else "what.class-link-as-instance"
        sink.add(
            rule,
            where,
            epc,
            msg('"{epc}" names a kind or a lot of things, not one thing', epc=epc),
            msg("Move it to the quantity list as epcClass, or add the serial number."),
        )
    else:
        sink.add(
            "what.not-a-thing",
            where,
            epc,
            msg('"{epc}" names a place or a party, not a thing', epc=epc),
            msg("Places stand in readPoint and bizLocation, parties in sourceList and destinationList."),
        )


def check_class(uri: str, where: tuple[object, ...], sink: Sink) -> None:
    """Check an EPC class: it is not one thing."""
    found = level_again(uri)
    if found in _FAULTS:
        _fault(uri, found, where, sink)
    elif found not in ("class", "other"):
        rule = "what.instance-as-class" if uri.startswith("urn:") else "what.instance-link-as-class"
        sink.add(
            rule,
            where,
            uri,
            msg('"{epc}" names one thing, not a kind or a lot of things', epc=uri),
            msg("Move it to the list of EPCs, or write the class, such as urn:epc:class:lgtin:4012345.012345.L1."),
        )


def check_place(name: str, place: Mapping[str, str], event: Event, sink: Sink) -> None:
    """Check a read point or business location."""
    uri, where = place["id"], (name, "id")
    found = level_again(uri)
    if found in _FAULTS:
        _fault(uri, found, where, sink)
    elif found not in ("place", "other"):
        sink.add(
            "where.not-a-place",
            where,
            uri,
            msg('"{uri}" does not name a place', uri=uri),
            msg("Write the place's GLN, such as urn:epc:id:sgln:4012345.00001.0, or a URI of your own."),
        )


def check_parent(name: str, parent: str, event: Event, sink: Sink) -> None:
    """Check a parent: one thing or place, which is not its own child."""
    found = level(parent)
    if found in _FAULTS:
        _fault(parent, found, ("parentID",), sink)
    elif found == "class":
        _not_an_instance(parent, found, ("parentID",), sink)
    if parent in (event.get("childEPCs") or ()):
        sink.add(
            "what.own-child",
            ("parentID",),
            parent,
            msg('"{epc}" is its own child', epc=parent),
            msg("Take it out of childEPCs, or write the parent's own number."),
        )


def well_formed(uri: str, found: Level, where: tuple[object, ...], sink: Sink) -> bool:
    """Check a URI that may identify anything, but in GS1's namespaces correctly; `found` is its level."""
    if found in _FAULTS:
        _fault(uri, found, where, sink)
    return found not in _FAULTS


def _fault(uri: str, found: Level, where: tuple[object, ...], sink: Sink) -> None:
    rule = {"digit": "what.check-digit", "digit-elsewhere": "what.check-digit-elsewhere"}.get(found, "what.epc")
    sink.add(rule, where, uri, *_told(uri))


def _told(uri: str) -> tuple[Message, Message]:
    if uri.startswith(("urn:epc:tag:", "urn:epc:raw:", "urn:epc:pat:")):
        return (
            msg('"{uri}" is the URI of a tag, not that of a thing', uri=uri),
            msg("Write the pure identity: urn:epc:id: with the scheme and without filter value and tag length."),
        )
    try:
        parse(uri)
    except Problem as problem:
        return (
            msg('"{uri}" is not well formed: {why}', uri=uri, why=problem.title),
            mend_of(problem),
        )
    return (
        msg('"{uri}" is not well formed', uri=uri),
        msg("Compare it with the scheme of its key in the EPC Tag Data Standard, such as {example}", example=_SGTIN),
    )


_SGTIN = "urn:epc:id:sgtin:4012345.011111.987"
