"""The gate of a capture: a message is read; each event passes stages 1 and 2 of the validator, or is refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from takeback.prove.epcis import reading
from takeback.prove.epcis.document import Document
from takeback.prove.epcis.json_reading import document_of
from takeback.prove.epcis.validation import Finding, schema, semantics
from takeback.prove.epcis.validation.finding import has_errors
from takeback.prove.epcis.validation.xml_check import event_elements
from takeback.prove.epcis.xml_reading import document_of as document_of_xml
from takeback.prove.personal import may_mark

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Intake:
    """What a message brings.

    ``events`` passed, in standard form; ``numbers`` are their places in the message, of ``total``; ``warnings`` are
    about them, by their place among ``events``. ``refused`` gives the findings of those that did not pass, by their
    place in the message; ``envelope`` what is wrong with the message itself, which refuses all of it.
    """

    events: Sequence[Event]
    numbers: Sequence[int]
    total: int
    warnings: Sequence[Finding]
    refused: Mapping[int, Sequence[Finding]]
    envelope: Sequence[Finding]
    personal: bool

    @property
    def passed(self) -> bool:
        """Whether all is well, warnings aside."""
        return not self.refused and not self.envelope


def take_in(content: bytes, media_type: str, *, now: datetime) -> Intake:
    """Read and check a message: an EPCIS document or a single event, JSON or XML.

    Raises
    ------
    Problem
        for what cannot be read at all (status 400, 415).
    """
    # In XML a mark is an element, in JSON it may be spelt with escapes: then each event is looked through.
    personal = reading.form(media_type) == "xml" or may_mark(content) or b"\\u" in content
    return sift(reading.decode(content, media_type), now=now, personal=personal)


def sift(decoded: Any, *, now: datetime, personal: bool = True) -> Intake:
    """Check what `reading.decode` gave; ``personal=False`` says that nothing in it is marked as personal."""
    told: dict[int | None, list[Finding]] = defaultdict(list)
    for finding in schema.check_document(decoded):
        told[finding.event].append(finding)
    if has_errors(told[None]):
        return Intake((), (), 0, (), {}, told[None], False)
    refused = {event for event, found in told.items() if event is not None and has_errors(found)}
    document, numbers, total = _read(decoded, refused)
    for event, number in zip(document.events, numbers, strict=True):
        if found := semantics.check_event(event, number, now=now):
            told[number] += found
    refused |= {event for event, found in told.items() if event is not None and has_errors(found)}
    kept = [place for place, number in enumerate(numbers) if number not in refused]
    told_of = told.get
    return Intake(
        events=[document.events[place] for place in kept],
        numbers=[numbers[place] for place in kept],
        total=total,
        warnings=[f.at(f.where, new) for new, place in enumerate(kept) for f in told_of(numbers[place], ())],
        refused={number: told[number] for number in sorted(refused)},
        envelope=(),
        personal=personal,
    )


def _read(decoded: Any, refused: set[int]) -> tuple[Document, list[int], int]:
    """Return the document without the refused events, the places of the others, and how many there were."""
    if refused and _is_single(decoded):
        return Document("event", []), [], 1
    if isinstance(decoded, dict):
        events, without = _without(decoded, refused)
        read = document_of(without)
    else:
        elements = event_elements(decoded)
        for number in refused:
            parent = elements[number].getparent()
            if parent is not None:
                parent.remove(elements[number])
        events, read = elements, document_of_xml(decoded)
    return read, [number for number in range(len(events)) if number not in refused], len(events)


def _is_single(decoded: Any) -> bool:
    """Whether a message is one event and nothing around it."""
    return "epcisBody" not in decoded if isinstance(decoded, dict) else event_elements(decoded)[:1] == [decoded]


def _without(decoded: dict[str, Any], refused: set[int]) -> tuple[list[Any], dict[str, Any]]:
    body = decoded.get("epcisBody")
    if not isinstance(body, dict):  # a single event
        return [decoded], decoded
    around = body["queryResults"]["resultsBody"] if "queryResults" in body else body
    events = around["eventList"] if "eventList" in around else [around["event"]]
    if not refused:
        return events, decoded
    kept = [event for number, event in enumerate(events) if number not in refused]
    return events, {**decoded, "epcisBody": {"eventList": kept}}
