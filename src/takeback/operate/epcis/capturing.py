"""A document captured: read and checked, in one transaction into the ledger, with the job that tells of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa

from takeback import store
from takeback.operate.epcis import headers, jobs
from takeback.operate.epcis.jobs import Behaviour
from takeback.operate.epcis.limits import check_events
from takeback.operate.epcis.refusal import MOST_TOLD, Invalid, conflict, told
from takeback.operate.identity import Actor
from takeback.prove.epcis.capture import capture
from takeback.prove.epcis.intake import Intake, take_in
from takeback.prove.epcis.validation.finding import Finding


@dataclass(slots=True)
class Outcome:
    """What became of a document so far: how many events came and are new, and what was found against the others."""

    events: int = 0
    captured: int = 0
    errors: list[Finding] = field(default_factory=list)
    count: int = 0

    def refuse(self, findings: Sequence[Finding]) -> None:
        """Add the errors among findings; beyond the first thousand they are counted only."""
        errors = [finding for finding in findings if finding.severity == "error"]
        self.errors += errors[: MOST_TOLD - len(self.errors)]
        self.count += len(errors)

    def require_none(self) -> None:
        """Raise `Invalid` when anything was found."""
        if self.errors:
            raise Invalid(self.errors, self.count)


def capture_document(actor: Actor, content: bytes, media_type: str, behaviour: Behaviour, *, most_events: int) -> UUID:
    """Capture the events of a document and return the id of the capture job.

    With ``rollback`` any mistake refuses all of it; with ``proceed`` the events without mistakes land, and the job
    tells the others. Events that are in the ledger already are not captured again, and that is no mistake.

    Raises
    ------
    Problem
        ``epcis.invalid`` (400) with all findings, ``epcis.capture-limit`` (413), those of `take_in` (400, 415).
    """
    actor.require("epcis.capture")
    started, outcome = datetime.now(UTC), Outcome()
    taken = take_in(content, media_type, now=started)
    check_events(taken.total, most_events)
    admit(taken, outcome, behaviour)
    with store.transaction(actor.org_id) as connection:
        enter(connection, actor, taken, outcome, behaviour)
        headers.keep(connection, actor, content, media_type, escaped=taken.personal)
        return finish(connection, actor, outcome, started, behaviour)


def admit(taken: Intake, outcome: Outcome, behaviour: Behaviour) -> None:
    """Add what was found against a message; raise `Invalid` where that refuses all of it."""
    outcome.events += taken.total
    if taken.passed:
        return
    outcome.refuse(taken.envelope)
    for findings in taken.refused.values():
        outcome.refuse(findings)
    if behaviour == "rollback" or taken.envelope:
        outcome.require_none()


def enter(
    connection: sa.Connection, actor: Actor, taken: Intake, outcome: Outcome, behaviour: Behaviour, *, first: int = 0
) -> None:
    """Append the events that passed; those whose eventID is another one's are refused. ``first``: events before."""
    done = capture(
        connection,
        actor.org_id,
        taken.events,
        actor=actor.label,
        findings=taken.warnings,
        personal=taken.personal,
    )
    outcome.captured += len(done.appended)
    if done.conflicts:
        places = [(first + taken.numbers[place], taken.events[place].get("eventID")) for place in done.conflicts]
        outcome.refuse([conflict(number, event_id) for number, event_id in places])
        if behaviour == "rollback":
            outcome.require_none()


def finish(connection: sa.Connection, actor: Actor, outcome: Outcome, started: datetime, behaviour: Behaviour) -> UUID:
    """Write down the capture job and return its id."""
    return jobs.record(
        connection,
        actor.org_id,
        started=started,
        behaviour=behaviour,
        events=outcome.events,
        captured=outcome.captured,
        errors=told(outcome.errors),
    )
