"""Who reviews what: found by the engine under expertise, load and conflicts, or set by hand under the same rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre import people, records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.apart import seeing_all
from takeback.share.centre.calls.blind import shuffled
from takeback.share.centre.calls.call import Call
from takeback.share.centre.calls.calling import call_in
from takeback.share.centre.calls.conflicts import Interests, refusal
from takeback.share.centre.calls.review import Assignment, Review
from takeback.share.centre.calls.taking_part import BLIND, require_impartial, reviews_in
from takeback.share.centre.people import Person
from takeback.share.centre.records import Record
from takeback.share.centre.roles import permissions_of

Pair = tuple[UUID, UUID]
"""A proposal and an expert."""


def assign_reviewers(
    connection: sa.Connection,
    actor: CentreActor,
    call_id: UUID,
    pairs: Sequence[Pair],
    *,
    method: str = "by hand",
    objective: float | None = None,
    bound: float | None = None,
    gap: float | None = None,
    at: datetime | None = None,
) -> Record:
    """Give proposals to experts, all pairs or none; return how it was done.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.not-impartial``, ``centre.reviewer-conflict`` (409, with the rule),
        ``centre.no-expert``, ``centre.over-load`` (409), ``centre.double-review`` (409).
    """
    actor.require("proposal.run")
    require_impartial(connection, actor, call_id)
    call = call_in(connection, call_id, "reviewing", lock=True)
    _check(connection, call, pairs)
    for proposal in shuffled(connection, call_id, {one for one, _ in pairs}):
        _give(connection, actor, call_id, proposal, [expert for one, expert in pairs if one == proposal], at)
    loads = Counter(expert for _, expert in pairs)
    facts = Assignment(
        call=call_id, pairs=len(pairs), method=method, objective=objective, bound=bound, gap=gap,
        loads=tuple(sorted(loads.values(), reverse=True)),
    )  # fmt: skip
    return records.create(connection, actor, "assignment", facts, at=at, allowed=True)


def release_reviewer(
    connection: sa.Connection, actor: CentreActor, review_id: UUID, reason: str, *, at: datetime | None = None
) -> Record:
    """Take a review that is not final back from its expert."""
    actor.require("proposal.run")
    review = records.get(connection, review_id, kind="review")
    require_impartial(connection, actor, review.facts.call)
    return records.move(connection, actor, review_id, "released", reason=reason, at=at, allowed=True)


def _give(
    connection: sa.Connection,
    actor: CentreActor,
    call_id: UUID,
    proposal: UUID,
    experts: list[UUID],
    at: datetime | None,
) -> None:
    """Put the reviews of a proposal, numbered in an order that the call's secret alone knows."""
    taken = [review.facts.number for review in records.find(connection, "review", parent=proposal)]
    order = shuffled(connection, call_id, experts, within=proposal)
    for number, expert in enumerate(order, start=max(taken, default=0) + 1):
        facts = Review(call=call_id, proposal=proposal, expert=expert, number=number)
        records.create(connection, actor, "review", facts, at=at, allowed=True)


def _check(connection: sa.Connection, call: Record, pairs: Sequence[Pair]) -> None:
    interests = Interests(connection, call.id)
    eligible = {one.id: one for one in interests.proposals if one.state == "eligible"}
    experts = people.names(connection, {expert for _, expert in pairs})
    standing = loads(connection, call.id)
    if double := [pair for pair, count in Counter([*standing, *pairs]).items() if count > 1]:
        raise _bad("centre.double-review", len(double), call)
    for proposal_id, expert_id in pairs:
        proposal, expert = eligible.get(proposal_id), experts.get(expert_id)
        if proposal is None:
            raise _bad("centre.not-eligible", proposal_id, call)
        if expert is None or expert.withdrawn_at or "review.write" not in permissions_of(expert.roles):
            raise _bad("centre.no-expert", expert_id, call)
        for found in interests.between(proposal, expert):
            raise refusal(found, proposal.title)
    _check_load(call, Counter(expert for _, expert in [*standing, *pairs]))


def _check_load(call: Record, load: Counter[UUID]) -> None:
    facts: Call = call.facts
    for _, count in load.most_common(1):
        if count > facts.most_reviews:
            raise _bad("centre.over-load", count, call, str(facts.most_reviews))


def loads(connection: sa.Connection, call_id: UUID) -> list[Pair]:
    """Return the pairs of a call that stand."""
    found = reviews_in(connection, call_id)
    return [(proposal, review.facts.expert) for proposal, reviews in found.items() for review in reviews]


def reviewers_of(connection: sa.Connection) -> list[Person]:
    """Return the experts who can review: those of the committee who do not run the calls, or see both sides else."""
    experts, seeing = people.people(connection, role="expert"), seeing_all(connection)
    return [one for one in experts if BLIND not in permissions_of(one.roles) and one.id not in seeing]


def _bad(slug: str, found: object, call: Record, expected: str | None = None) -> Problem:
    return Problem(slug, _SAID[slug], where=call.title, found=found, expected=expected, status=409)


_SAID = {
    "centre.double-review": msg("An expert reviews a proposal once."),
    "centre.not-eligible": msg("This proposal is not eligible in this call."),
    "centre.no-expert": msg("This person is no expert of this centre."),
    "centre.over-load": msg("An expert would have more proposals than the call allows."),
}
