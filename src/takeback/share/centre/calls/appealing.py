"""Applicants appeal within the call's time; council members decide who neither reviewed nor decided it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre import records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.calling import call_in, moment
from takeback.share.centre.calls.deciding import decisions_of, refuse_reviewers, require_disinterested, settle
from takeback.share.centre.calls.decision import Appeal
from takeback.share.centre.calls.taking_part import DECIDED, TOLD, of_call, own_proposal, require_impartial
from takeback.share.centre.records import Record


def appeal(
    connection: sa.Connection, actor: CentreActor, proposal_id: UUID, grounds: str, *, at: datetime | None = None
) -> Record:
    """Appeal once against a decline (after the announcement), or against "not eligible" (after it was said).

    Raises
    ------
    Problem
        ``centre.no-record`` (404), ``centre.only-lead`` (403), ``centre.nothing-to-appeal`` (409),
        ``centre.late-appeal`` (409), ``centre.double-appeal`` (409).
    """
    proposal = own_proposal(connection, actor, proposal_id)
    call = records.get(connection, proposal.facts.call, kind="call")
    begins = appealable_since(call, proposal)
    if begins is None:
        raise _refused("centre.nothing-to-appeal", proposal, told=call.state in TOLD)
    if moment(connection, actor, at) > begins + timedelta(days=call.facts.appeal_days):
        raise _refused("centre.late-appeal", proposal)
    against = next((one.id for one in decisions_of(connection, proposal_id)), None)
    if any(one.facts.against == against for one in appeals_of(connection, proposal_id)):
        raise _refused("centre.double-appeal", proposal)
    facts = Appeal(call=call.id, proposal=proposal_id, against=against, grounds=grounds, by=actor.person())
    return records.create(connection, actor, "appeal", facts, at=at, allowed=True)


def decide_appeal(
    connection: sa.Connection,
    actor: CentreActor,
    appeal_id: UUID,
    *,
    upheld: bool,
    answer: str,
    amount_minor: int = 0,
    at: datetime | None = None,
) -> Record:
    """Decide on an appeal with reasons. Upheld: the proposal is funded with `amount_minor`, or taken as eligible.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.not-impartial`` (403) for whoever reviewed, applied, or decided it,
        ``centre.reviewer-conflict`` (409), ``centre.no-reasons``, ``centre.over-budget`` (409).
    """
    actor.require("appeal.decide")
    filed = records.get(connection, appeal_id, kind="appeal", lock=True)
    proposal = records.get(connection, filed.facts.proposal, kind="proposal", lock=True)
    _require_fresh(connection, actor, proposal)
    if not answer.strip():
        raise _refused("centre.no-reasons", proposal)
    refuse_reviewers(connection, proposal, {"answer": answer})
    said = msgspec.structs.replace(filed.facts, answer=answer, decided_by=actor.person())
    state = "upheld" if upheld else "rejected"
    closed = records.move(connection, actor, appeal_id, state, facts=said, at=at, allowed=True)
    if upheld:
        _uphold(connection, actor, closed, proposal, amount_minor, at)
    return closed


def appealable_since(call: Record, proposal: Record) -> datetime | None:
    """Return when the applicants learnt what they may appeal against; None: nothing, or not yet."""
    if proposal.state == "ineligible" and call.state == "reviewing":
        return proposal.changed_at
    announced: datetime | None = call.facts.announced
    return announced if proposal.state == "declined" and call.state == "decided" else None


def appeals_of(connection: sa.Connection, proposal_id: UUID) -> list[Record]:
    """Return the appeals about a proposal."""
    return records.find(connection, "appeal", parent=proposal_id)


def open_appeals(connection: sa.Connection, call_id: UUID) -> list[Record]:
    """Return the appeals of a call that wait for an answer."""
    return of_call(connection, "appeal", call_id, ["filed"])


def _require_fresh(connection: sa.Connection, actor: CentreActor, proposal: Record) -> None:
    require_impartial(connection, actor, proposal.facts.call)
    require_disinterested(connection, actor, proposal)
    if actor.person() in {one.facts.by for one in decisions_of(connection, proposal.id)}:
        raise Problem(
            "centre.not-impartial",
            msg("Who decided on a proposal does not decide on the appeal."),
            where=proposal.title,
            expected=msg("a council member who neither reviewed nor decided it"),
            status=403,
        )


def _uphold(
    connection: sa.Connection, actor: CentreActor, filed: Record, proposal: Record, amount: int, at: datetime | None
) -> None:
    if proposal.state == "ineligible":
        call_in(connection, proposal.facts.call, "reviewing")
        records.move(connection, actor, proposal.id, "eligible", reason="appeal", at=at, allowed=True)
        return
    call = call_in(connection, proposal.facts.call, "decided", lock=True)
    records.move(connection, actor, filed.facts.against, "replaced", reason="appeal", at=at, allowed=True)
    answer = filed.facts.answer
    settle(connection, actor, call, proposal, "funded", answer, amount_minor=amount, appeal=filed.id, at=at)


_SAID = {
    "centre.nothing-to-appeal": msg("There is nothing here to appeal against."),
    "centre.late-appeal": msg("The time to appeal is over."),
    "centre.double-appeal": msg("There was an appeal against this already."),
    "centre.no-reasons": msg("A decision needs reasons."),
}


def _refused(slug: str, proposal: Record, *, told: bool = True) -> Problem:
    """Return a refusal; what was decided is not in it before all are told."""
    found = proposal.state if told or proposal.state not in DECIDED else "eligible"
    return Problem(slug, _SAID[slug], where=proposal.title, found=found, status=409)
