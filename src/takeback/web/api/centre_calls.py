"""Calls for proposals. Authors and reviewers are told by the views of `share.centre.calls` alone: neutral names, days.

Answers to either hold no id, time or file name of the other side; a test asks every route as both.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from litestar import Response, get, post

from takeback.operate.identity import Actor
from takeback.plan.doors import Budget
from takeback.share.centre import calls
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.files import LARGEST, File
from takeback.share.centre.records import Record
from takeback.web.api.centre_asking import URL, once_within, within
from takeback.web.api.centre_commands import command, question
from takeback.web.api.centre_files import FILE, Uploaded, downloaded
from takeback.web.api.idempotency import Once

TAGS = ["Centre: calls"]
CALL, PROPOSAL = "/calls/{call_id:uuid}", "/proposals/{proposal_id:uuid}"
REVIEW = f"{CALL}/reviewing/{{proposal:str}}"
SECONDS = 5.0  # that the search for reviewers may take while somebody waits
SEARCH = {"expertise": None, "budget": Budget(seconds=SECONDS, iterations=200)}


class BlindnessCount(msgspec.Struct, frozen=True, kw_only=True):
    """How often an answer was searched for a secret of the other side, and how often one was found."""

    cases: int
    leaks: int


@post(
    f"{URL}{PROPOSAL}/files",
    sync_to_thread=True,
    request_max_body_size=LARGEST + 100_000,
    tags=TAGS,
    summary="Keep a file with your proposal; blind: reviewers may open it, without its name and its makers",
)
def attach(actor: Actor, once: Once, proposal_id: UUID, data: Uploaded, blind: bool = False) -> Response[File]:
    content, about = data.file.read(), (data.filename, data.content_type)

    def effect(connection: sa.Connection, who: CentreActor) -> File:
        return calls.attach_to_proposal(connection, who, proposal_id, *about, content, blind=blind)

    return once_within(actor, once, effect)


@get(
    f"{URL}{REVIEW}/files/{{file:str}}",
    sync_to_thread=True,
    tags=TAGS,
    summary="A file of a proposal that you review, under a neutral name",
    responses={200: FILE},
)
def reviewed_file(actor: Actor, call_id: UUID, proposal: str, file: str) -> Response[bytes]:
    name, media_type, content = within(actor, lambda c, who: calls.reviewer_file(c, who, call_id, proposal, file))
    return downloaded(content, name, media_type)


@get(
    f"{URL}{CALL}/blindness",
    sync_to_thread=True,
    tags=TAGS,
    summary="Search all that authors and reviewers can see of a call for what would tell who the others are",
)
def blindness(actor: Actor, call_id: UUID) -> BlindnessCount:
    def counted(connection: sa.Connection, who: CentreActor) -> BlindnessCount:
        who.require("proposal.run")
        found = calls.blindness_cases(connection, call_id)
        return BlindnessCount(cases=found.cases, leaks=len(found.leaks))

    return within(actor, counted)


def open_appeals(connection: sa.Connection, actor: CentreActor, call_id: UUID) -> list[Record]:
    """Return the appeals that wait, for those who may see proposals and are on neither side."""
    actor.require("proposal.run")
    calls.require_impartial(connection, actor, call_id)
    return calls.open_appeals(connection, call_id)


HANDLERS: list[Any] = [
    attach,
    reviewed_file,
    blindness,
    command(f"{CALL}/publish", calls.publish_call, "Make a call known; its rules stay from now on", tags=TAGS),
    command(f"{CALL}/extend", calls.extend_call, "Give applicants or reviewers more time", tags=TAGS),
    command(f"{CALL}/close", calls.close_call, "End the time of applying", tags=TAGS),
    command(f"{CALL}/cancel", calls.cancel_call, "Take a call back before it is decided", tags=TAGS),
    command(f"{CALL}/finish", calls.finish_call, "Close a decided call for good", tags=TAGS),
    command(
        f"{CALL}/eligibility", calls.check_eligibility, "Say of all proposals whether they are eligible", tags=TAGS
    ),
    question(f"{CALL}/conflicts", calls.conflicts, "All conflicts of proposals with experts", tags=TAGS),
    command(f"{CALL}/conflicts", calls.declare_conflict, "Declare an interest of yours", tags=TAGS),
    question(f"{CALL}/assignment", calls.propose_reviewers, "The best reviewers, with bound", tags=TAGS, fixed=SEARCH),
    command(f"{CALL}/assignment", calls.assign_by_engine, "Assign the best reviewers", tags=TAGS, fixed=SEARCH),
    command(f"{CALL}/assignment/by-hand", calls.assign_reviewers, "Give proposals to experts", tags=TAGS),
    command("/reviews/{review_id:uuid}/release", calls.release_reviewer, "Take a review back", tags=TAGS),
    question("/reviewing", calls.calls_to_review, "The calls in which you review", tags=TAGS),
    question(f"{CALL}/reviewing", calls.reviewer_view, "The proposals that you review", tags=TAGS),
    command(f"{REVIEW}/review", calls.save_review, "Write your review, as a draft or for good", tags=TAGS),
    command(f"{REVIEW}/discussion", calls.discuss, "Say something to the other reviewers", tags=TAGS),
    question(f"{CALL}/ranking", calls.ranking, "The eligible proposals, the best first", tags=TAGS),
    question(f"{CALL}/committee", calls.committee_view, "What the council needs to decide", tags=TAGS),
    command(f"{CALL}/announce", calls.announce_decisions, "Tell all applicants at once", tags=TAGS),
    question(f"{CALL}/appeals", open_appeals, "The appeals that wait for an answer", tags=TAGS),
    question("/proposals", calls.own_proposals, "Your proposals, and what you may know of them", tags=TAGS),
    command("/proposals", calls.draft_proposal, "Begin a proposal", tags=TAGS),
    question(PROPOSAL, calls.author_view, "A proposal of yours, and what you may know of it", tags=TAGS),
    command(f"{PROPOSAL}/change", calls.change_proposal, "Change or replace a proposal of yours", tags=TAGS),
    question(f"{PROPOSAL}/check", calls.before_submitting, "What would be wrong if it were handed in", tags=TAGS),
    command(f"{PROPOSAL}/submit", calls.submit_proposal, "Hand a proposal in", tags=TAGS),
    command(f"{PROPOSAL}/withdraw", calls.withdraw_proposal, "Take a proposal back", tags=TAGS),
    command(
        f"{PROPOSAL}/files/{{file_id:uuid}}/hide", calls.hide_file, "Show a file to reviewers no longer", tags=TAGS
    ),
    command(f"{PROPOSAL}/decision", calls.decide, "Decide on a proposal, with reasons", tags=TAGS),
    command(f"{PROPOSAL}/appeal", calls.file_appeal, "Appeal once against a decision", tags=TAGS),
    command("/appeals/{appeal_id:uuid}/decision", calls.decide_appeal, "Decide on an appeal, with reasons", tags=TAGS),
]
