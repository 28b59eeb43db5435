"""What the council decides by: who applies, what reviewers say under neutral names, the ranking, the money left."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.share.centre import records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.deciding import left_minor
from takeback.share.centre.calls.decision import Decision
from takeback.share.centre.calls.proposal import Blind, Finding, Identity
from takeback.share.centre.calls.ranking import Standing, rank
from takeback.share.centre.calls.review import Words
from takeback.share.centre.calls.taking_part import of_call, proposals_of, require_impartial, reviews_in
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
    proposals, reviews = proposals_of(connection, call_id), reviews_in(connection, call_id)
    said = {kind: _by_proposal(connection, kind, call_id) for kind in ("discussion", "decision", "appeal")}
    judged = [
        _judged(one, reviews.get(one.id, []), {kind: found.get(one.id, []) for kind, found in said.items()})
        for one in proposals
    ]
    return CommitteeView(
        call=call_id,
        state=call.state,
        ranking=tuple(rank(call.facts, proposals, reviews)),
        proposals=tuple(sorted(judged, key=lambda one: one.blind.title)),
        left_minor=left_minor(connection, call),
        open_appeals=sum(one.state == "filed" for found in said["appeal"].values() for one in found),
    )


def _by_proposal(connection: sa.Connection, kind: str, call_id: UUID) -> dict[UUID, list[Record]]:
    found: dict[UUID, list[Record]] = {}
    for one in of_call(connection, kind, call_id):
        found.setdefault(one.facts.proposal, []).append(one)
    return found


def _judged(record: Record, reviews: list[Record], said: Mapping[str, list[Record]]) -> ProposalJudged:
    standing = [one.facts for one in said["decision"] if one.state == "made"]
    return ProposalJudged(
        id=record.id,
        state=record.state,
        blind=record.facts.blind,
        identity=record.facts.identity,
        problem=record.facts.problem,
        findings=record.facts.findings,
        reviews=tuple(Said(reviewer=one.title, words=one.facts.words) for one in reviews if one.state == "final"),
        discussion=tuple(Said(reviewer=one.title, text=one.facts.text) for one in said["discussion"]),
        decision=standing[-1] if standing else None,
        appeals=tuple(
            Filed(id=one.id, state=one.state, grounds=one.facts.grounds, answer=one.facts.answer)
            for one in said["appeal"]
        ),
    )
