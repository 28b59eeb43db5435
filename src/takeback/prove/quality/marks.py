"""Marks for a history: each is one thing that could have been right, whose it is, and how right it was."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from takeback.core.message import Message, msg
from takeback.prove.extension.words import in_cbv
from takeback.prove.quality.happening import Happening
from takeback.prove.quality.rules import Part, Rules


@dataclass(frozen=True, slots=True)
class Mark:
    """``value`` from 0 (missing) to 1 (as it should be); ``why`` says what is wrong where it is below 1."""

    part: Part
    place: str | None
    entry: int
    value: float
    why: Message | None = None


def marks_of(history: Sequence[Happening], rules: Rules, now: datetime, *, whole: bool = True) -> Iterator[Mark]:
    """Yield the marks of one thing's history, in the order of its times.

    ``whole`` False: it may have begun earlier, so a first receipt says nothing about a dispatch before it.
    """
    yield from _gaps(history, rules)
    yield from _matches(history, rules, now, whole)
    for one in history:
        yield from event_marks(one, rules)


def event_marks(one: Happening, rules: Rules) -> Iterator[Mark]:
    """Yield the marks that an event has by itself: lateness, claims, findings."""
    yield _lateness(one, rules)
    yield from _claims(one, rules)
    lost = rules.error * one.errors + rules.warning * one.warnings
    why = msg("the validator found {errors} errors and {warnings} warnings", errors=one.errors, warnings=one.warnings)
    yield Mark("findings", one.place, one.entry, max(0.0, 1 - lost), why if lost else None)


def _gaps(history: Sequence[Happening], rules: Rules) -> Iterator[Mark]:
    """Between two places there is a dispatch from the one and a receipt at the other."""
    placed = [one for one in history if one.place is not None]
    for before, after in pairwise(placed):
        if before.place == after.place:
            continue
        left = before.step in rules.dispatch
        came = after.step in rules.receipt
        missing = msg("no dispatch before it turned up elsewhere")
        unmet = msg("turned up without a receipt")
        yield Mark("gaps", before.place, before.entry, float(left), None if left else missing)
        yield Mark("gaps", after.place, after.entry, float(came), None if came else unmet)


def _matches(history: Sequence[Happening], rules: Rules, now: datetime, whole: bool) -> Iterator[Mark]:
    """Each dispatch is answered by a receipt before the next one, each receipt answers a dispatch."""
    sent: Happening | None = None
    for place, one in enumerate(history):
        received, dispatched = one.step in rules.receipt, one.step in rules.dispatch
        if received and sent is not None:
            yield Mark("matches", sent.place, sent.entry, 1.0)
            yield Mark("matches", one.place, one.entry, 1.0)
            sent = None
        elif received and not dispatched and not _stays(history, place) and (place or whole):
            yield Mark("matches", one.place, one.entry, 0.0, msg("a receipt that answers no dispatch"))
        if dispatched:
            if sent is not None and sent.place != one.place:
                yield Mark("matches", sent.place, sent.entry, 0.0, msg("a dispatch that nobody received"))
            sent = one
    if sent is not None and now - sent.at > timedelta(days=rules.open_days):
        yield Mark("matches", sent.place, sent.entry, 0.0, msg("a dispatch that nobody received"))


def _stays(history: Sequence[Happening], place: int) -> bool:
    """Whether the thing was at this place already: storing and unpacking go on where it was received."""
    return place > 0 and history[place - 1].place == history[place].place


def _lateness(one: Happening, rules: Rules) -> Mark:
    hours = (one.recorded - one.at).total_seconds() / 3600
    if hours < -rules.clock_minutes / 60:
        return Mark("lateness", one.place, one.entry, 0.0, msg("recorded before it happened: a clock is wrong"))
    if hours <= rules.good_hours:
        return Mark("lateness", one.place, one.entry, 1.0)
    spread = math.log(rules.bad_hours / rules.good_hours)
    value = max(0.0, 1 - math.log(hours / rules.good_hours) / spread)
    why = msg("reported {hours} hours after it happened", hours=round(hours))
    return Mark("lateness", one.place, one.entry, value, why)


def _claims(one: Happening, rules: Rules) -> Iterator[Mark]:
    """A certificate is a document that can be looked up; a verdict names one; a measurement says who measured."""
    documented = any(
        in_cbv("transaction", t.get("type", "")) in rules.evidence for t in one.body.get("bizTransactionList") or ()
    )
    certificates = one.body.get("certificationInfo") or ()
    for certificate in [certificates] if isinstance(certificates, str) else certificates:
        held = documented or str(certificate).startswith(("https://", "http://"))
        why = None if held else msg("a certificate that cannot be looked up")
        yield Mark("claims", one.place, one.entry, float(held), why)
    if one.disposition in rules.verdicts:
        held = documented or bool(certificates)
        why = None if held else msg("a verdict without a test or certificate")
        yield Mark("claims", one.place, one.entry, float(held), why)
    for element in one.body.get("sensorElementList") or ():
        held = documented or _measured(element, rules)
        why = None if held else msg("a measurement that does not say what measured it")
        yield Mark("claims", one.place, one.entry, float(held), why)


def _measured(element: Mapping[str, Any], rules: Rules) -> bool:
    parts = (element.get("sensorMetadata") or {}, *(element.get("sensorReport") or ()))
    return any(part.get(name) for part in parts for name in rules.measured)
