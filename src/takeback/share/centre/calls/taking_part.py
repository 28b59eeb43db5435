"""Who stands where in a call: applicants, reviewers, those who run it, and those with nothing to gain."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre import records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.proposal import Proposal
from takeback.share.centre.records import Record

IN_PLAY = ("submitted", "eligible", "ineligible", "declined", "funded")
"""States of proposals that have been handed in and not withdrawn."""
DECIDED = ("funded", "declined")
"""States that the council gave; applicants learn them when the call is in one of `TOLD`."""
TOLD = ("decided", "closed")
BLIND = "proposal.run"
"""The permission to see both sides of a call: kinds that it lets one read are closed to who is on a side."""
STANDING = ("assigned", "draft", "final")
"""States of reviews that were not taken back."""


def proposals_of(connection: sa.Connection, call_id: UUID, *states: str) -> list[Record]:
    """Return a call's proposals in some states (those in play), for those who may see both sides."""
    return records.find(connection, "proposal", parent=call_id, state=states or IN_PLAY)


def reviews_of(connection: sa.Connection, proposal_id: UUID) -> list[Record]:
    """Return the reviews of a proposal that stand, by their number."""
    found = records.find(connection, "review", parent=proposal_id, state=STANDING)
    return sorted(found, key=lambda record: record.facts.number)


def reviews_in(connection: sa.Connection, call_id: UUID, *states: str) -> dict[UUID, list[Record]]:
    """Return proposal -> its reviews in some states (those that stand), by their number, for a whole call at once."""
    found: dict[UUID, list[Record]] = {}
    for record in of_call(connection, "review", call_id, states or STANDING):
        found.setdefault(record.facts.proposal, []).append(record)
    return {proposal: sorted(one, key=lambda record: record.facts.number) for proposal, one in found.items()}


def of_call(connection: sa.Connection, kind: str, call_id: UUID, states: Sequence[str] | None = None) -> list[Record]:
    """Return the records of a kind whose field `call` names a call, in the order in which they began."""
    found = records.find(connection, kind, state=states, text=str(call_id))
    return sorted((one for one in found if one.facts.call == call_id), key=lambda one: one.first_entry)


def reviews_by(connection: sa.Connection, call_id: UUID, expert: UUID) -> list[Record]:
    """Return the reviews that stand of one expert in a call."""
    found = records.find(connection, "review", person=expert, state=STANDING)
    return [record for record in found if record.facts.call == call_id]


def own_proposal(connection: sa.Connection, actor: CentreActor, proposal_id: UUID, *, lead: bool = True) -> Record:
    """Return a proposal that the actor leads (or is in the team of); to everybody else there is none.

    Raises
    ------
    Problem
        ``centre.no-record`` (404), ``centre.only-lead`` (403) for somebody of the team.
    """
    record = records.get(connection, proposal_id, kind="proposal", lock=lead)
    facts: Proposal = record.facts
    me = actor.person()
    if me not in facts.identity.people:
        raise Problem("centre.no-record", msg("There is no such record in this centre."), found=proposal_id, status=404)
    if lead and me != facts.identity.lead:
        raise Problem(
            "centre.only-lead", msg("Only the lead of a proposal can do this."), where=record.title, status=403
        )
    return record


def require_impartial(connection: sa.Connection, actor: CentreActor, call_id: UUID) -> None:
    """Go on only where the actor neither applies nor reviews in this call: who sees both sides is on neither.

    Raises
    ------
    Problem
        ``centre.not-impartial`` (403).
    """
    side = sides_of(connection, actor).get(call_id)
    if side is not None:
        raise _partial(_SIDES[side])


def sides_of(connection: sa.Connection, actor: CentreActor) -> dict[UUID, str]:
    """Return the calls in which the actor is on a side: call -> "review" or "proposal", whichever was first.

    Once on a side means always: also a review that went back and a proposal that was taken back show that.
    """
    if actor.person_id is None:
        return {}
    rows = connection.execute(_ON_A_SIDE, {"me": str(actor.person_id)})
    return {row.call: row.kind for row in rows}


def call_of(connection: sa.Connection, record: Record) -> UUID | None:
    """Return the call that a record belongs to, or that of the proposal that it says it comes from."""
    call, proposal = getattr(record.facts, "call", None), getattr(record.facts, "proposal", None)
    if call is None and proposal is not None:
        call = records.get(connection, proposal, kind="proposal").facts.call
    return call


def closed_calls(connection: sa.Connection, actor: CentreActor, read: str) -> list[UUID]:
    """Return the calls of which the actor gets no record of a kind that `read` lets one see; blind kinds alone."""
    return sorted(sides_of(connection, actor)) if read == BLIND else []


_ON_A_SIDE = sa.text("""
    select distinct on (call) cast(facts ->> 'call' as uuid) as call, kind from centre_record
    where (kind = 'review' and person_id = cast(:me as uuid))
       or (kind = 'proposal'
           and (facts #>> '{identity,lead}' = cast(:me as text)
                or facts #> '{identity,team}' @> to_jsonb(cast(:me as text))))
    order by call, first_entry
""")
_SIDES = {"review": msg("You review in this call."), "proposal": msg("You apply in this call.")}


def _partial(found: Message) -> Problem:
    return Problem(
        "centre.not-impartial",
        msg("Who applies or reviews in a call does not see the other side."),
        found=found,
        expected=msg("somebody who neither applies nor reviews in this call"),
        status=403,
    )
