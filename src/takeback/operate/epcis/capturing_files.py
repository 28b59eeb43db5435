"""Documents of hundreds of megabytes captured: read from a file in pieces, in one transaction all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import BinaryIO
from uuid import UUID

from takeback import store
from takeback.operate.epcis import headers
from takeback.operate.epcis.capturing import Outcome, admit, enter, finish
from takeback.operate.epcis.jobs import Behaviour
from takeback.operate.epcis.limits import check_events
from takeback.operate.epcis.pieces import Pieces
from takeback.operate.identity import Actor
from takeback.prove.epcis.intake import Intake, sift
from takeback.prove.epcis.validation.finding import Finding

_LIST = "/eventList/"


def capture_file(actor: Actor, file: BinaryIO, media_type: str, behaviour: Behaviour, *, most_events: int) -> UUID:
    """Capture the events of a document in a file, as `capture_document` does of one in memory; return the job's id.

    Nothing is captured any more from the first mistake on where the behaviour is ``rollback``; the rest is still
    checked, so that all mistakes are told at once. What stands around the events is checked when all is read.
    """
    actor.require("epcis.capture")
    started, outcome = datetime.now(UTC), Outcome()
    with store.transaction(actor.org_id) as connection:
        pieces = Pieces(file, media_type)
        for piece in pieces.events():
            first = outcome.events
            taken = _numbered(sift(piece, now=started), first)
            admit(taken, outcome, "proceed")
            check_events(outcome.events, most_events)
            if behaviour == "proceed" or not outcome.errors:
                enter(connection, actor, taken, outcome, "proceed", first=first)
        around = sift(pieces.around(), now=started)
        if around.envelope or behaviour == "rollback":
            outcome.refuse(around.envelope)
            outcome.require_none()
        headers.keep_of(connection, actor, pieces.head())
        return finish(connection, actor, outcome, started, behaviour)


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
