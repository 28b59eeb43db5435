"""What the council decides by: who applies, what reviewers say under neutral names, the ranking, the money left."""

from __future__ import annotations

from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.share.centre import records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.appealing import appeals_of, open_appeals
from takeback.share.centre.calls.deciding import decisions_of, left_minor
from takeback.share.centre.calls.decision import Decision
from takeback.share.centre.calls.proposal import Blind, Finding, Identity
from takeback.share.centre.calls.ranking import Standing, ranking
from takeback.share.centre.calls.review import Words
from takeback.share.centre.calls.taking_part import proposals_of, require_impartial, reviews_of
from takeback.share.centre.records import Record


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A review, or a word of the discussion (then `words` is none), by a neutral name."""

    reviewer: str
    words: Words | None = None
    text: str = ""


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """An appeal as the council sees it."""

    id: UUID
    state: str
    grounds: str
    answer: str


class ProposalJudged(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal as the council sees it: both parts of it, and neutral names for those who reviewed it."""

    id: UUID
    state: str
    blind: Blind
    identity: Identity
    problem: UUID | None
    findings: tuple[Finding, ...]
    reviews: tuple[Said, ...]
    discussion: tuple[Said, ...]
    decision: Decision | None
    appeals: tuple[Filed, ...]


class CommitteeView(msgspec.Struct, frozen=True, kw_only=True):
    """A call as the council sees it. `left_minor`: what is left of its money."""

    call: UUID
    state: str
    ranking: tuple[Standing, ...]
    proposals: tuple[ProposalJudged, ...]
    left_minor: int
    open_appeals: int


def committee_view(connection: sa.Connection, actor: CentreActor, call_id: UUID) -> CommitteeView:
    """Return what the council needs to decide. Who applies or reviews in the call gets nothing.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.not-impartial`` (403).
    """
    actor.require("decision.make")
    require_impartial(connection, actor, call_id)
    call = records.get(connection, call_id, kind="call")
    judged = [_judged(connection, one) for one in proposals_of(connection, call_id)]
    return CommitteeView(
        call=call_id,
        state=call.state,
        ranking=tuple(ranking(connection, actor, call_id)),
        proposals=tuple(sorted(judged, key=lambda one: one.blind.title)),
        left_minor=left_minor(connection, call),
        open_appeals=len(open_appeals(connection, call_id)),
    )


def _judged(connection: sa.Connection, record: Record) -> ProposalJudged:
    said = records.find(connection, "discussion", parent=record.id)
    decisions = decisions_of(connection, record.id)
    return ProposalJudged(
        id=record.id,
        state=record.state,
        blind=record.facts.blind,
        identity=record.facts.identity,
        problem=record.facts.problem,
        findings=record.facts.findings,
        reviews=tuple(
            Said(reviewer=one.title, words=one.facts.words)
            for one in reviews_of(connection, record.id)
            if one.state == "final"
        ),
        discussion=tuple(
            Said(reviewer=one.title, text=one.facts.text) for one in sorted(said, key=lambda one: one.first_entry)
        ),
        decision=decisions[0].facts if decisions else None,
        appeals=tuple(
            Filed(id=one.id, state=one.state, grounds=one.facts.grounds, answer=one.facts.answer)
            for one in appeals_of(connection, record.id)
        ),
    )
