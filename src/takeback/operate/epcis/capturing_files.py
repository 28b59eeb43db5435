"""Documents of hundreds of megabytes captured: read from a file in pieces, in one transaction all the same."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, BinaryIO
from uuid import UUID

from takeback import store
from takeback.operate.epcis import headers
from takeback.operate.epcis.capturing import Outcome, admit, enter, finish
from takeback.operate.epcis.jobs import Behaviour
from takeback.operate.epcis.limits import check_events
from takeback.operate.identity import Actor
from takeback.prove.epcis import reading
from takeback.prove.epcis.document import Document
from takeback.prove.epcis.intake import Intake, sift
from takeback.prove.epcis.validation.finding import Finding
from takeback.prove.epcis.xml_tree import etree

PIECE = 1000  # events read, checked and appended at once
_LIST = "/eventList/"
_QUERY = "urn:epcglobal:epcis-query:xsd:2"


def capture_file(actor: Actor, file: BinaryIO, media_type: str, behaviour: Behaviour, *, most_events: int) -> UUID:
    """Capture the events of a document in a file, as `capture_document` does of one in memory; return the job's id.

    Nothing is captured any more from the first mistake on where the behaviour is ``rollback``; the rest is still
    checked, so that all mistakes are told at once.
    """
    actor.require("epcis.capture")
    started, outcome = datetime.now(UTC), Outcome()
    with store.transaction(actor.org_id) as connection:
        head, events = reading.stream(file, media_type)
        for piece in _pieces(head, events):
            first = outcome.events
            taken = _numbered(sift(piece, now=started), first)
            admit(taken, outcome, "proceed")
            check_events(outcome.events, most_events)
            if behaviour == "proceed" or not outcome.errors:
                enter(connection, actor, taken, outcome, "proceed", first=first)
        if behaviour == "rollback":
            outcome.require_none()
        headers.keep_of(connection, actor, head)
        return finish(connection, actor, outcome, started, behaviour)


def _pieces(head: Document, events: Iterator[Any]) -> Iterator[Any]:
    """Yield documents of some events each, as `reading.decode` gives them."""
    if head.kind == "event":
        yield from events
    elif head.media == "xml":
        kept = ((event.getroottree().getroot(), deepcopy(event)) for event in events)
        while piece := list(islice(kept, PIECE)):
            yield _xml_piece(head, piece[0][0], [event for _, event in piece])
    else:
        while listed := list(islice(events, PIECE)):
            yield _json_piece(head, listed)


def _json_piece(head: Document, events: list[Any]) -> dict[str, Any]:
    around = {name: value for name, value in head.raw.items() if name not in ("epcisBody", "epcisHeader")}
    if head.kind == "query":
        results = {"queryName": head.query_name or "capture", "resultsBody": {"eventList": events}}
        return {**around, "epcisBody": {"queryResults": results}}
    return {**around, "epcisBody": {"eventList": events}}


def _xml_piece(head: Document, root: Any, events: list[Any]) -> Any:
    copied = etree.Element(root.tag, dict(root.attrib), nsmap=root.nsmap)
    inner = etree.SubElement(copied, "EPCISBody")
    if head.kind == "query":
        results = etree.SubElement(inner, f"{{{_QUERY}}}QueryResults")
        etree.SubElement(results, "queryName").text = head.query_name or "capture"
        inner = etree.SubElement(results, "resultsBody")
    etree.SubElement(inner, "EventList").extend(events)
    return copied


def _numbered(taken: Intake, first: int) -> Intake:
    """Return what was found with the places that events have in the whole document."""
    if not first or taken.passed:
        return taken
    refused = {
        number: [_moved(finding, number, number + first) for finding in findings]
        for number, findings in taken.refused.items()
    }
    return replace(taken, refused=refused)


def _moved(finding: Finding, number: int, place: int) -> Finding:
    before, mark, after = finding.where.partition(f"{_LIST}{number}")
    return finding.at(f"{before}{_LIST}{place}{after}" if mark else finding.where, place)
