"""Capturing: events from outside enter the ledger, each of them once, with what the life cycle of their things says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

import sqlalchemy as sa

from takeback.core.canonical import canonical_json
from takeback.prove import directory
from takeback.prove.entry import Appended
from takeback.prove.epcis import known, lives, replays
from takeback.prove.epcis.ahead import Ahead, still_new, write_ahead
from takeback.prove.epcis.prepare import ACTIONS
from takeback.prove.epcis.ready import Event, Ready, make_ready
from takeback.prove.epcis.things import key_of
from takeback.prove.epcis.validation import lifecycle
from takeback.prove.epcis.validation.finding import Finding
from takeback.prove.epcis.validation.lives import Keys
from takeback.prove.ledger import sealed
from takeback.prove.personal import keep
from takeback.store import bulk

_LOCK = sa.text("select pg_advisory_xact_lock(7386215, hashtext(:org))")
_FINDING = ("org_id", "entry_id", "place", "stage", "rule", "severity", "pointer", "body")


@dataclass(frozen=True, slots=True)
class Captured:
    """What became of the events of a document, in its order.

    ``entries`` gives the entry of each event, for a replay that of the first time; ``appended`` those that are new;
    ``findings`` what the life cycle says (stage 3), which refuses nothing; ``conflicts`` the indexes of events whose
    eventID belongs to another event: these are not in the ledger, and their entry is None.
    ``numbers`` and ``leaves`` of the new ones are what a receipt promises (`takeback.prove.promise`).
    """

    entries: Sequence[int | None]
    appended: Sequence[Appended]
    findings: Sequence[Finding]
    conflicts: Sequence[int]
    numbers: range = range(0)
    leaves: Sequence[bytes] = ()


def capture(
    connection: sa.Connection,
    org: UUID,
    events: Sequence[Event],
    *,
    actor: str,
    findings: Sequence[Finding] = (),
    personal: bool = True,
) -> Captured:
    """Make events ready and record them: see `make_ready` and `record`."""
    return record(connection, org, make_ready(events, personal=personal), actor=actor, findings=findings)


def record(
    connection: sa.Connection,
    org: UUID,
    ready: Ready,
    *,
    actor: str,
    findings: Sequence[Finding] = (),
    ahead: Ahead | None = None,
) -> Captured:
    """Append events in standard form that passed stages 1 and 2 of the validator, in the caller's transaction.

    ``findings`` are the warnings of these stages; they are stored with those of stage 3. An event that is in the
    ledger already (same event hash and error declaration, no other eventID) is not appended again. Captures of one
    party follow each other, so that each sees the lives that the one before has left; ``ahead`` is what was written
    before (`write_ahead`), by itself it is done here.
    """
    ahead = ahead or write_ahead(connection, org, ready, actor=actor)
    connection.execute(_LOCK, {"org": str(org)})
    if not still_new(connection, org, ready, ahead):
        ahead = write_ahead(connection, org, ready, actor=actor)
    appended, fresh = ahead.appended, ahead.fresh
    new = [ready.prepared[number] for number in fresh]
    bodies = [a.entry.body for a in appended]
    keys, added = Keys(key_of), []
    for made, body in zip(new, bodies, strict=True):
        keys.update(made.keys)
        if made.columns[0] == ACTIONS["ADD"]:
            added.append(body)
    earliest = min((a.entry.event_time for a in appended), default=datetime.max.replace(tzinfo=UTC))
    first = appended[0].id if appended else 0
    below = first if known.nobody_behind(connection, org, first, ahead.since) else None
    before = known.read(connection, added, keys, earliest=earliest, but=ahead.writer, below=below)
    with bulk.driver(connection).pipeline():  # the database writes while the rules are looked at
        directory.remember(connection, org, new)
        lives.record(connection, org, appended)
        lived = lifecycle.check(bodies, before, keys)
    entry_of = {number: a.id for number, a in zip(fresh, appended, strict=True)}
    told = [*findings, *(_told(finding, fresh) for finding in lived)]
    _store(connection, org, [(entry_of[f.event], f) for f in told if f.event in entry_of])
    keep(connection, org, [(entry_of[number], one) for number in fresh for one in ready.personal[number]])
    if ahead.declared:
        replays.void(connection, org, ready.prepared)
    numbers, leaves = sealed(connection, org, appended)
    entries = [
        entry_of[number] if place.new else _entry_before(place, entry_of) for number, place in enumerate(ahead.places)
    ]
    conflicts = [number for number, entry in enumerate(entries) if entry is None]
    return Captured(entries, appended, told, conflicts, numbers, leaves)


def _told(finding: Finding, fresh: Sequence[int]) -> Finding:
    """Return a finding with the event's place in the document instead of that among the new events."""
    if finding.event is None:
        return finding
    number = fresh[finding.event]
    return finding.at(finding.where.replace(f"/{finding.event}", f"/{number}", 1), number)


def _entry_before(place: replays.Place, entry_of: Mapping[int, int]) -> int | None:
    return place.entry if place.earlier is None else entry_of[place.earlier]


def _store(connection: sa.Connection, org: UUID, findings: Sequence[tuple[int, Finding]]) -> None:
    places: defaultdict[int, count[int]] = defaultdict(count)
    rows = [
        (org, entry, next(places[entry]), f.stage, f.rule, f.severity, f.where, canonical_json(f.to_dict()).decode())
        for entry, f in findings
    ]
    bulk.insert(connection, "finding", _FINDING, rows)
