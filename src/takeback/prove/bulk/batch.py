"""One batch of a file through the gate and into the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from takeback.core.problem import Problem
from takeback.prove.bulk.source import Batch
from takeback.prove.epcis import intake, reading
from takeback.prove.epcis.intake import Intake
from takeback.prove.personal import may_mark

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
_DOCUMENT = {"@context": [CONTEXT], "type": "EPCISDocument", "schemaVersion": "2.0"}
_decode = msgspec.json.Decoder().decode


@dataclass(frozen=True, slots=True)
class Refusal:
    """An event that was not taken: its number in the file, from 1, and what is wrong with it."""

    number: int
    findings: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Sifted:
    """A batch after the gate: what passed, and what was refused."""

    taken: Intake
    refusals: Sequence[Refusal]


def sift(batch: Batch, *, now: datetime) -> Sifted:
    """Read and check the events of a batch."""
    if not batch.lines:
        taken = intake.sift(_document(batch.events, now, batch.context), now=now)
        return Sifted(taken, _refusals(taken, range(batch.first, batch.first + len(batch.events))))
    events, numbers, unreadable = _decoded(batch)
    whole = b"".join(batch.lines)
    personal = may_mark(whole) or (b"\\" in whole and b"\\u" in whole)  # one sign is looked for ten times as fast
    taken = intake.sift(_document(events, now), now=now, personal=personal)
    return Sifted(taken, sorted([*unreadable, *_refusals(taken, numbers)], key=lambda refusal: refusal.number))


def _decoded(batch: Batch) -> tuple[list[Any], Sequence[int], list[Refusal]]:
    try:
        events = list(map(_decode, batch.lines))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return _decoded_singly(batch)
    return events, range(batch.first, batch.first + len(events)), []


def _decoded_singly(batch: Batch) -> tuple[list[Any], list[int], list[Refusal]]:
    events, numbers, unreadable = [], [], []
    for number, line in enumerate(batch.lines, batch.first):
        if not line.strip():
            continue
        try:
            events.append(_decode(line))
            numbers.append(number)
        except (msgspec.DecodeError, ValueError, RecursionError):
            unreadable.append(Refusal(number + 1, [_told(line)]))
    return events, numbers, unreadable


def _told(line: bytes) -> dict[str, Any]:
    try:
        reading.decode(line, "application/json")
    except Problem as problem:
        return problem.as_dict()
    return {"title": "This line is no JSON"}


def _document(events: Sequence[Any], now: datetime, context: Any = None) -> dict[str, Any]:
    around = _DOCUMENT if context is None else {**_DOCUMENT, "@context": context}
    return {**around, "creationDate": now.isoformat(), "epcisBody": {"eventList": events}}


def _refusals(taken: Intake, numbers: Sequence[int]) -> list[Refusal]:
    return [Refusal(numbers[n] + 1, [f.to_dict() for f in found]) for n, found in taken.refused.items()]
