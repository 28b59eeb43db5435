"""The council decides on each proposal with reasons, within the call's money."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre import people, records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.call import Call
from takeback.share.centre.calls.calling import call_in
from takeback.share.centre.calls.conflicts import Interests, refusal
from takeback.share.centre.calls.decision import Decision, Outcome
from takeback.share.centre.calls.eligibility import most_allowed
from takeback.share.centre.calls.reviewing import all_in
from takeback.share.centre.calls.taking_part import of_call, require_impartial
from takeback.share.centre.calls.wording import named_in
from takeback.share.centre.money.currency import shown
from takeback.share.centre.records import Record

_RUNNING = frozenset({"runs-the-call"})  # no reason against deciding


def decide(
    connection: sa.Connection,
    actor: CentreActor,
    proposal_id: UUID,
    outcome: Outcome,
    reasons: str,
    *,
    amount_minor: int = 0,
    at: datetime | None = None,
) -> Record:
    """Decide on an eligible proposal; applicants learn it when all decisions are announced.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.not-impartial`` (403), ``centre.reviewer-conflict`` (409, with the rule),
        ``centre.reviews-missing`` (409), ``centre.no-reasons``, ``centre.over-budget`` (409).
    """
    actor.require("decision.make")
    proposal = records.get(connection, proposal_id, kind="proposal", lock=True)
    call = call_in(connection, proposal.facts.call, "reviewing", lock=True)
    require_impartial(connection, actor, call.id)
    require_disinterested(connection, actor, proposal)
    if not all_in(connection, proposal_id):
        raise _refused("centre.reviews-missing", msg("A decision needs all reviews of the proposal."), proposal)
    return settle(connection, actor, call, proposal, outcome, reasons, amount_minor=amount_minor, at=at)


def settle(
    connection: sa.Connection,
    actor: CentreActor,
    call: Record,
    proposal: Record,
    outcome: Outcome,
    reasons: str,
    *,
    amount_minor: int,
    appeal: UUID | None = None,
    at: datetime | None = None,
) -> Record:
    """Write a decision and move the proposal on, its amount looked at; whoever calls has looked at who decides."""
    if not reasons.strip():
        raise _refused("centre.no-reasons", msg("A decision needs reasons."), proposal)
    _check_amount(connection, call, proposal, outcome, amount_minor)
    refuse_reviewers(connection, proposal, {"reasons": reasons})
    decision = Decision(
        call=call.id, proposal=proposal.id, outcome=outcome, amount_minor=amount_minor, reasons=reasons,
        by=actor.person(), appeal=appeal,
    )  # fmt: skip
    records.move(connection, actor, proposal.id, outcome, at=at, allowed=True)
    return records.create(connection, actor, "decision", decision, at=at, allowed=True)


def decisions_of(connection: sa.Connection, proposal_id: UUID) -> list[Record]:
    """Return the decisions on a proposal, the one that stands first."""
    found = records.find(connection, "decision", parent=proposal_id)
    return sorted(found, key=lambda record: (record.state == "made", record.entry_id), reverse=True)


def left_minor(connection: sa.Connection, call: Record) -> int:
    """Return what is left of a call's money (minor units)."""
    facts: Call = call.facts
    made = of_call(connection, "decision", call.id, ["made"])
    given: int = sum(decision.facts.amount_minor for decision in made)
    return facts.budget.total_minor - given


def refuse_reviewers(connection: sa.Connection, proposal: Record, texts: Mapping[str, str]) -> None:
    """Go on only where what applicants will read names no reviewer of the proposal; ``centre.names-in-text`` (409)."""
    experts = [review.facts.expert for review in records.find(connection, "review", parent=proposal.id)]
    known = people.names(connection, experts).values()
    if named := named_in(texts, [name for one in known for name in (one.name, one.name_zh) if name]):
        raise Problem(
            "centre.names-in-text",
            msg("Applicants could read in the text who reviewed."),
            where=", ".join(sorted({one.where for one in named})),
            remedy=msg("Write without names of reviewers."),
            status=409,
        )


def require_disinterested(connection: sa.Connection, actor: CentreActor, proposal: Record) -> None:
    """Go on only where no rule forbids the actor to judge the proposal; ``centre.reviewer-conflict`` (409)."""
    judge = people.person_by_id(connection, actor.person())
    for found in Interests(connection, proposal.facts.call).between(proposal, judge):
        if found.rule not in _RUNNING:
            raise refusal(found, proposal.title)


def _check_amount(
    connection: sa.Connection, call: Record, proposal: Record, outcome: Outcome, amount_minor: int
) -> None:
    asked, most = proposal.facts.blind.budget_minor, most_allowed(connection, call.facts)
    left = left_minor(connection, call)
    limits = (
        (msg("at most what is asked for: {amount}", amount=shown(connection, asked)), asked),
        (
            msg("at most what the call, or its fund, allows for a proposal: {amount}", amount=shown(connection, most)),
            most,
        ),
        (msg("at most what is left of the call's money: {amount}", amount=shown(connection, left)), left),
    )
    if outcome == "declined" and amount_minor:
        raise _over(proposal, shown(connection, amount_minor), msg("nothing for a proposal that is declined"))
    if outcome == "funded" and amount_minor <= 0:
        raise _over(proposal, shown(connection, amount_minor), msg("an amount above 0"))
    for rule, limit in limits:
        if amount_minor > limit:
            raise _over(proposal, shown(connection, amount_minor), rule)


def _over(proposal: Record, found: str, expected: Message) -> Problem:
    return Problem(
        "centre.over-budget",
        msg("This amount cannot be given."),
        where=proposal.title,
        found=found,
        expected=expected,
        status=409,
    )


def _refused(slug: str, title: Message, proposal: Record) -> Problem:
    return Problem(slug, title, where=proposal.title, status=409)
