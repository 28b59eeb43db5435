"""All that a reviewer sees of a call. Each field is named here; nothing else of a proposal can come through."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre import files, records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.blind import Names
from takeback.share.centre.calls.call import Call, Criterion
from takeback.share.centre.calls.cleaning import SUFFIXES, cleaned
from takeback.share.centre.calls.proposal import Blind, Cost
from takeback.share.centre.calls.review import Words
from takeback.share.centre.calls.reviewing import all_in, review_named
from takeback.share.centre.calls.taking_part import reviews_by, reviews_of
from takeback.share.centre.records import Record

_SHOWN = ("eligible", "funded", "declined")


class CallToReview(msgspec.Struct, frozen=True, kw_only=True):
    """A call in which one reviews. `due`: the day until which, in the call's time zone."""

    call: UUID
    code: str
    title: str
    title_zh: str
    due: str
    open: bool
    reviews: int
    final: int


class FileSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A file under a neutral name. `label`: "Attachment 1.pdf"."""

    name: str
    label: str


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A word in the discussion, by a neutral name."""

    reviewer: str
    mine: bool
    text: str


class Peer(msgspec.Struct, frozen=True, kw_only=True):
    """What another reviewer says, once all reviews are in."""

    reviewer: str
    words: Words


class ProposalSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal as its reviewers see it. `name`: its neutral name; `me`: the reader's own.

    `problem`: the common problem of the call that it answers.
    """

    name: str
    title: str
    title_zh: str
    summary: str
    summary_zh: str
    approach: str
    expected: str
    keywords: tuple[str, ...]
    problem: UUID | None
    months: int
    costs: tuple[Cost, ...]
    budget_minor: int
    files: tuple[FileSeen, ...]
    me: str
    state: Literal["assigned", "draft", "final"]
    words: Words
    discussing: bool
    peers: tuple[Peer, ...]
    discussion: tuple[Said, ...]


class ReviewerView(msgspec.Struct, frozen=True, kw_only=True):
    """A call as a reviewer sees it; proposals in an order of the reader's own."""

    call: CallToReview
    text: str
    text_zh: str
    criteria: tuple[Criterion, ...]
    proposals: tuple[ProposalSeen, ...]


def calls_to_review(connection: sa.Connection, actor: CentreActor) -> list[CallToReview]:
    """Return the calls in which the actor has reviews, those that are due first."""
    actor.require("review.write")
    standing = records.find(connection, "review", person=actor.person(), state=("assigned", "draft", "final"))
    calls = {review.facts.call for review in standing}
    seen = [_call(connection, actor, records.get(connection, call)) for call in calls]
    return sorted(seen, key=lambda one: (not one.open, one.due, one.code))


def reviewer_view(connection: sa.Connection, actor: CentreActor, call_id: UUID) -> ReviewerView:
    """Return what an expert sees of a call: the proposals to review, without anything that tells whose they are.

    Raises
    ------
    Problem
        ``centre.forbidden``; ``centre.no-record`` (404) where the actor has no review.
    """
    actor.require("review.write")
    call = records.get(connection, call_id, kind="call")
    mine = reviews_by(connection, call_id, actor.person())
    if not mine:
        raise Problem("centre.no-record", msg("There is no such record in this centre."), found=call_id, status=404)
    names = Names(connection, call_id, actor.person())
    seen = [_proposal(connection, names, review) for review in mine]
    facts: Call = call.facts
    return ReviewerView(
        call=_call(connection, actor, call),
        text=facts.text,
        text_zh=facts.text_zh,
        criteria=facts.criteria,
        proposals=tuple(sorted((one for one in seen if one), key=lambda one: one.name)),
    )


def reviewer_file(
    connection: sa.Connection, actor: CentreActor, call_id: UUID, proposal: str, file: str
) -> tuple[str, str, bytes]:
    """Return a file of a proposal that one reviews: neutral name, media type, content without its makers.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-record`` (404).
    """
    actor.require("review.write")
    review = review_named(connection, actor, call_id, proposal)
    record = records.get(connection, review.facts.proposal, kind="proposal")
    shown = _files(connection, record) if record.state in _SHOWN else []
    names = Names(connection, call_id, actor.person())
    file_id = names.find(file, [one.id for one in shown])
    place, found = next((place, one) for place, one in enumerate(shown, start=1) if one.id == file_id)
    return _label(place, found), found.media_type, cleaned(files.content_of(connection, file_id), found.media_type)


def _call(connection: sa.Connection, actor: CentreActor, call: Record) -> CallToReview:
    facts: Call = call.facts
    mine = reviews_by(connection, call.id, actor.person())
    return CallToReview(
        call=call.id,
        code=facts.code,
        title=facts.title,
        title_zh=facts.title_zh,
        due=facts.day(facts.review_closes),
        open=call.state == "reviewing",
        reviews=len(mine),
        final=sum(review.state == "final" for review in mine),
    )


def _proposal(connection: sa.Connection, names: Names, review: Record) -> ProposalSeen | None:
    record = records.get(connection, review.facts.proposal, kind="proposal")
    if record.state not in _SHOWN:
        return None
    blind: Blind = record.facts.blind
    open_to_peers = all_in(connection, record.id)
    return ProposalSeen(
        name=names.of(record.id),
        title=blind.title,
        title_zh=blind.title_zh,
        summary=blind.summary,
        summary_zh=blind.summary_zh,
        approach=blind.approach,
        expected=blind.expected,
        keywords=blind.keywords,
        problem=record.facts.problem,
        months=blind.months,
        costs=blind.costs,
        budget_minor=blind.budget_minor,
        files=tuple(
            FileSeen(name=names.of(one.id), label=_label(place, one))
            for place, one in enumerate(_files(connection, record), start=1)
        ),
        me=review.title,
        state=review.state,  # type: ignore[arg-type]
        words=review.facts.words,
        discussing=open_to_peers,
        peers=_peers(connection, review) if open_to_peers else (),
        discussion=_discussion(connection, review) if open_to_peers else (),
    )


def _peers(connection: sa.Connection, mine: Record) -> tuple[Peer, ...]:
    others = [review for review in reviews_of(connection, mine.facts.proposal) if review.id != mine.id]
    return tuple(Peer(reviewer=one.title, words=one.facts.words) for one in others)


def _discussion(connection: sa.Connection, mine: Record) -> tuple[Said, ...]:
    found = records.find(connection, "discussion", parent=mine.facts.proposal)
    return tuple(
        Said(reviewer=one.title, mine=one.facts.expert == mine.facts.expert, text=one.facts.text)
        for one in sorted(found, key=lambda record: record.first_entry)
    )


def _files(connection: sa.Connection, record: Record) -> list[files.File]:
    shown = record.facts.blind.files
    return [file for file in files.files_of(connection, record.id) if file.id in shown]


def _label(place: int, file: files.File) -> str:
    return f"Attachment {place}.{SUFFIXES[file.media_type]}"
