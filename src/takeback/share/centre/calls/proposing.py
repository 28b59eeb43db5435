"""A proposal is drafted, handed in once before the deadline, replaced until then, or taken back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre import records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.admission import (
    Words,
    check_people,
    names_in,
    only_one,
    only_own,
    open_call,
    read_before,
    refuse_names,
    within,
    words_of_files,
)
from takeback.share.centre.calls.call import Call
from takeback.share.centre.calls.eligibility import findings
from takeback.share.centre.calls.proposal import Finding, Proposal
from takeback.share.centre.calls.reading import Read
from takeback.share.centre.calls.taking_part import DECIDED, TOLD, of_call, own_proposal
from takeback.share.centre.calls.wording import Named
from takeback.share.centre.records import Record


def draft_proposal(
    connection: sa.Connection, actor: CentreActor, proposal: Proposal, *, at: datetime | None = None
) -> Record:
    """Begin a proposal; nobody but its people sees it. Whoever acts leads it, for the own organisation.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.only-lead`` for another person's or organisation's proposal,
        ``centre.late-proposal`` or ``early`` (409), ``centre.bad-proposal``, ``centre.runs-the-calls`` (403).
    """
    actor.require("proposal.submit")
    only_own(actor, proposal)
    open_call(connection, actor, proposal.call, at)
    check_people(connection, proposal)
    return records.create(connection, actor, "proposal", _with_files(proposal, ()), at=at, allowed=True)


def change_proposal(
    connection: sa.Connection,
    actor: CentreActor,
    proposal_id: UUID,
    proposal: Proposal,
    *,
    despite_names: bool = False,
    at: datetime | None = None,
) -> Record:
    """Change a draft, or replace what was handed in, until the deadline.

    Raises
    ------
    Problem
        As `draft_proposal`; for what was handed in also as `submit_proposal`.
    """
    words = {} if despite_names else read_before(connection, actor, proposal_id)
    old = own_proposal(connection, actor, proposal_id)
    only_own(actor, proposal)
    call = open_call(connection, actor, old.facts.call, at)
    check_people(connection, proposal)
    new = msgspec.structs.replace(_with_files(proposal, old.facts.blind.files), call=call.id)
    return put(connection, actor, old, call.facts, new, None if despite_names else words, at=at)


def put(
    connection: sa.Connection,
    actor: CentreActor,
    old: Record,
    call: Call,
    proposal: Proposal,
    words: Words | None,
    *,
    at: datetime | None,
) -> Record:
    """Write a proposal anew, as a draft or as what was handed in; `words` of its files, none: names do not matter."""
    if old.state == "draft":
        return records.change(connection, actor, old.id, proposal, at=at, allowed=True)
    within(connection, call, proposal)
    if words is not None:
        refuse_names(connection, msgspec.structs.replace(old, facts=proposal), words)
    return records.move(connection, actor, old.id, "submitted", facts=proposal, at=at, allowed=True)


def submit_proposal(
    connection: sa.Connection,
    actor: CentreActor,
    proposal_id: UUID,
    *,
    despite_names: bool = False,
    at: datetime | None = None,
) -> Record:
    """Hand a proposal in, before the deadline, one for each lead and call.

    Raises
    ------
    Problem
        ``centre.late-proposal``, ``centre.double-proposal``, ``centre.over-budget`` (all 409);
        ``centre.names-in-text`` (409) where reviewers could read who stands behind it, unless `despite_names`.
    """
    words = {} if despite_names else read_before(connection, actor, proposal_id, handing_in=True)
    record = own_proposal(connection, actor, proposal_id)
    call = open_call(connection, actor, record.facts.call, at)
    only_one(connection, record)
    within(connection, call.facts, record.facts)
    if not despite_names:
        refuse_names(connection, record, words)
    return records.move(connection, actor, proposal_id, "submitted", at=at, allowed=True)


def withdraw_proposal(
    connection: sa.Connection, actor: CentreActor, proposal_id: UUID, reason: str = "", *, at: datetime | None = None
) -> Record:
    """Take a proposal back, at any time before the council decides in its call.

    Raises
    ------
    Problem
        ``centre.no-record`` (404), ``centre.only-lead`` (403), ``centre.bad-move`` (409), ``centre.deciding`` (409)
        for all applicants alike from the first decision until all are told: what was decided on one's own is not said.
    """
    record = own_proposal(connection, actor, proposal_id)
    if record.state in ("eligible", *DECIDED):
        _undecided(connection, record)
    return records.move(connection, actor, proposal_id, "withdrawn", reason=reason, at=at, allowed=True)


def _undecided(connection: sa.Connection, record: Record) -> None:
    call = records.get(connection, record.facts.call, kind="call")
    if call.state not in TOLD and of_call(connection, "decision", call.id):
        raise Problem(
            "centre.deciding",
            msg("The council decides on the proposals of this call: none is taken back now."),
            where=record.title,
            remedy=msg("Wait until the decisions are announced."),
            status=409,
        )


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """A file in which names cannot be looked for; `places`: where not, none: nowhere."""

    file: str
    places: tuple[Message, ...] = ()


class Warnings(msgspec.Struct, frozen=True, kw_only=True):
    """What the applicants should know before they hand in: broken rules, names in texts and files.

    `unread`: files for reviewers, or places in them, in which names cannot be looked for, such as scanned pages.
    """

    findings: list[Finding]
    names: list[Named]
    unread: list[Unread]


def before_submitting(connection: sa.Connection, actor: CentreActor, proposal_id: UUID) -> Warnings:
    """Return what would be wrong with a proposal of one's own if it were handed in now."""
    record = own_proposal(connection, actor, proposal_id, lead=False)
    call, read = records.get(connection, record.facts.call, kind="call").facts, words_of_files(connection, record)
    return Warnings(
        findings=findings(connection, record.facts.call, call, record.facts, record.id),
        names=names_in(connection, record, {file.id: one for file, one in read.items()}),
        unread=[_unread(file.name, one) for file, one in read.items() if _has_unread(one)],
    )


def _has_unread(read: Read) -> bool:
    return bool(read.unread) or not any(one.text.strip() for one in read.passages)


def _unread(name: str, read: Read) -> Unread:
    whole = not any(one.text.strip() for one in read.passages)
    return Unread(file=name, places=() if whole else read.unread)


def _with_files(proposal: Proposal, files: tuple[UUID, ...]) -> Proposal:
    """Return a proposal with the files that were attached, and nothing that the committee says of it."""
    blind = msgspec.structs.replace(proposal.blind, files=files)
    return msgspec.structs.replace(proposal, blind=blind, findings=())
