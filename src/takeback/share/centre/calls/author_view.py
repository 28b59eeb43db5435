"""All that applicants see of their proposals. Each field is named here; of reviewers there is a number and words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import Message
from takeback.share.centre import files, people, records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.appealing import appeal, appealable_since, appeals_of
from takeback.share.centre.calls.call import Call
from takeback.share.centre.calls.deciding import decisions_of
from takeback.share.centre.calls.eligibility import RULES
from takeback.share.centre.calls.proposal import Blind, Identity, Proposal
from takeback.share.centre.calls.review import Review
from takeback.share.centre.calls.taking_part import DECIDED, IN_PLAY, TOLD, own_proposal, reviews_of
from takeback.share.centre.records import Record

State = Literal["draft", "submitted", "withdrawn", "eligible", "ineligible", "funded", "declined"]


class OwnFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of one's own proposal; `shown`: whether reviewers may open it."""

    id: UUID
    name: str
    shown: bool


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """A broken rule of the call: what it says, what was found, what it asks for."""

    says: Message
    found: str
    expected: str


class ScoreSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Points for a criterion and what the reviewer tells the authors of it."""

    criterion: str
    points: int
    comment: str


class ReviewSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A review as authors see it."""

    reviewer: str
    scores: tuple[ScoreSeen, ...]
    comment: str


class DecisionSeen(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided; `day`: when it was announced, in the call's time zone."""

    outcome: str
    amount_minor: int
    reasons: str
    day: str


class AppealSeen(msgspec.Struct, frozen=True, kw_only=True):
    """An appeal of one's own and its answer."""

    state: str
    grounds: str
    answer: str


class OwnProposal(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal as its own people see it. `appeal_until`: the last day to appeal, "" where there is nothing to."""

    id: UUID
    call: UUID
    code: str
    call_title: str
    call_title_zh: str
    closes: str
    open: bool
    leading: bool
    state: State
    problem: UUID | None
    blind: Blind
    identity: Identity
    team: tuple[str, ...]
    files: tuple[OwnFile, ...]
    reasons: tuple[Reason, ...]
    decision: DecisionSeen | None
    reviews: tuple[ReviewSeen, ...]
    appeals: tuple[AppealSeen, ...]
    appeal_until: str


def own_proposals(connection: sa.Connection, actor: CentreActor) -> list[OwnProposal]:
    """Return the proposals whose lead or team the actor is in, those of the latest call first."""
    me = actor.person()
    found = records.find(connection, "proposal", state=("draft", "withdrawn", *IN_PLAY), text=str(me))
    mine = [record for record in found if me in record.facts.identity.people]
    return [_seen(connection, record, me) for record in sorted(mine, key=lambda one: one.first_entry, reverse=True)]


def author_view(connection: sa.Connection, actor: CentreActor, proposal_id: UUID) -> OwnProposal:
    """Return a proposal of one's own, and of reviews and decision what may be known by now.

    Raises
    ------
    Problem
        ``centre.no-record`` (404) where it is not one's own.
    """
    return _seen(connection, own_proposal(connection, actor, proposal_id, lead=False), actor.person())


def file_appeal(
    connection: sa.Connection, actor: CentreActor, proposal_id: UUID, grounds: str, *, at: datetime | None = None
) -> AppealSeen:
    """Appeal as `appeal` does; return what applicants see of it, without the decision's id, which says its moment."""
    return _appeal(appeal(connection, actor, proposal_id, grounds, at=at))


def _seen(connection: sa.Connection, record: Record, me: UUID) -> OwnProposal:
    facts: Proposal = record.facts
    call = records.get(connection, facts.call, kind="call")
    rules: Call = call.facts
    told = call.state in TOLD
    named = people.names(connection, facts.identity.people).values()
    return OwnProposal(
        id=record.id,
        call=call.id,
        code=rules.code,
        call_title=rules.title,
        call_title_zh=rules.title_zh,
        closes=rules.closes.isoformat(),
        open=call.state == "published",
        leading=me == facts.lead,
        state=_state(record.state, told),
        problem=facts.problem,
        blind=facts.blind,
        identity=facts.identity,
        team=tuple(sorted(one.name for one in named if one.name)),
        files=_files(connection, record),
        reasons=tuple(Reason(says=RULES[one.rule], found=one.found, expected=one.expected) for one in facts.findings),
        decision=_decision(connection, record, call) if told else None,
        reviews=_reviews(connection, record) if told else (),
        appeals=_appeals(connection, record),
        appeal_until=_until(call, record),
    )


def _state(state: str, told: bool) -> State:
    """Return how far a proposal is: before the announcement what was decided stays unknown."""
    return "eligible" if state in DECIDED and not told else state  # type: ignore[return-value]


def _files(connection: sa.Connection, record: Record) -> tuple[OwnFile, ...]:
    shown = record.facts.blind.files
    kept = files.files_of(connection, record.id)
    return tuple(OwnFile(id=one.id, name=one.name, shown=one.id in shown) for one in kept)


def _decision(connection: sa.Connection, record: Record, call: Record) -> DecisionSeen | None:
    for decision in decisions_of(connection, record.id):
        made = decision.facts
        told = call.facts.day(max(decision.created_at, call.facts.announced))
        return DecisionSeen(outcome=made.outcome, amount_minor=made.amount_minor, reasons=made.reasons, day=told)
    return None


def _reviews(connection: sa.Connection, record: Record) -> tuple[ReviewSeen, ...]:
    final = [review for review in reviews_of(connection, record.id) if review.state == "final"]
    return tuple(_review(review.title, review.facts) for review in final)


def _review(title: str, review: Review) -> ReviewSeen:
    scores = tuple(
        ScoreSeen(criterion=one.criterion, points=one.points, comment=one.for_authors) for one in review.words.scores
    )
    return ReviewSeen(reviewer=title, scores=scores, comment=review.words.for_authors)


def _appeals(connection: sa.Connection, record: Record) -> tuple[AppealSeen, ...]:
    filed = sorted(appeals_of(connection, record.id), key=lambda one: one.first_entry)
    return tuple(map(_appeal, filed))


def _appeal(filed: Record) -> AppealSeen:
    return AppealSeen(state=filed.state, grounds=filed.facts.grounds, answer=filed.facts.answer)


def _until(call: Record, record: Record) -> str:
    since = appealable_since(call, record)
    return call.facts.day(since + timedelta(days=call.facts.appeal_days)) if since else ""
