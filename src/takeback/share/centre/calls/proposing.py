"""A proposal is drafted, handed in once before the deadline, replaced until then, or taken back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre import files, people, records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.call import Call
from takeback.share.centre.calls.calling import call_in, moment
from takeback.share.centre.calls.cleaning import text_in
from takeback.share.centre.calls.conflict import RULES as CONFLICTS
from takeback.share.centre.calls.eligibility import RULES, findings, money_findings, most_allowed
from takeback.share.centre.calls.proposal import Finding, Proposal
from takeback.share.centre.calls.taking_part import own_proposal, proposals_of
from takeback.share.centre.calls.wording import Named, named_in, names_of, texts_of
from takeback.share.centre.records import Record
from takeback.share.centre.roles import permissions_of


def draft_proposal(
    connection: sa.Connection, actor: CentreActor, proposal: Proposal, *, at: datetime | None = None
) -> Record:
    """Begin a proposal; nobody but its people sees it. Whoever acts leads it, for the own organisation.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.only-lead`` for another person's or organisation's proposal,
        ``centre.call-closed`` (409), ``centre.bad-proposal``.
    """
    actor.require("proposal.submit")
    _own(actor, proposal)
    open_call(connection, actor, proposal.call, at)
    _check(connection, proposal)
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
    old = own_proposal(connection, actor, proposal_id)
    _own(actor, proposal)
    call = open_call(connection, actor, old.facts.call, at)
    if proposal.call != old.facts.call:
        raise _bad("call", proposal.call)
    _check(connection, proposal)
    new = _with_files(proposal, old.facts.blind.files)
    return put(connection, actor, old, call.facts, new, despite_names=despite_names, at=at)


def put(
    connection: sa.Connection,
    actor: CentreActor,
    old: Record,
    call: Call,
    proposal: Proposal,
    *,
    despite_names: bool,
    at: datetime | None,
) -> Record:
    """Write a proposal anew, as a draft or as what was handed in."""
    if old.state == "draft":
        return records.change(connection, actor, old.id, proposal, at=at, allowed=True)
    _within(connection, call, proposal)
    if not despite_names:
        _refuse_names(connection, msgspec.structs.replace(old, facts=proposal))
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
    record = own_proposal(connection, actor, proposal_id)
    call = open_call(connection, actor, record.facts.call, at)
    _only_one(connection, record)
    _within(connection, call.facts, record.facts)
    if not despite_names:
        _refuse_names(connection, record)
    return records.move(connection, actor, proposal_id, "submitted", at=at, allowed=True)


def withdraw_proposal(
    connection: sa.Connection, actor: CentreActor, proposal_id: UUID, reason: str = "", *, at: datetime | None = None
) -> Record:
    """Take a proposal back, at any time before it is decided."""
    own_proposal(connection, actor, proposal_id)
    return records.move(connection, actor, proposal_id, "withdrawn", reason=reason, at=at, allowed=True)


class Warnings(msgspec.Struct, frozen=True, kw_only=True):
    """What the applicants should know before they hand in: broken rules, names in texts and files.

    `unread`: files for reviewers in which names cannot be looked for, such as PDF.
    """

    findings: list[Finding]
    names: list[Named]
    unread: list[str]


def before_submitting(connection: sa.Connection, actor: CentreActor, proposal_id: UUID) -> Warnings:
    """Return what would be wrong with a proposal of one's own if it were handed in now."""
    record = own_proposal(connection, actor, proposal_id, lead=False)
    call = records.get(connection, record.facts.call, kind="call").facts
    return Warnings(
        findings=findings(connection, record.facts.call, call, record.facts, record.id),
        names=names_in(connection, record),
        unread=[name for name, text in _shown_files(connection, record).items() if not text],
    )


def names_in(connection: sa.Connection, record: Record) -> list[Named]:
    """Return where a proposal's texts and readable files name its people or organisations."""
    texts = texts_of(record.facts.blind) | _shown_files(connection, record)
    return named_in(texts, names_of(connection, record.facts.identity))


def _refuse_names(connection: sa.Connection, record: Record) -> None:
    if named := names_in(connection, record):
        raise Problem(
            "centre.names-in-text",
            msg("Reviewers could read in the text who applies."),
            where=", ".join(sorted({one.where for one in named})),
            found=", ".join(sorted({one.name for one in named})),
            remedy=msg("Write without these names, or hand it in as it is if they are no names there."),
            status=409,
        )


def _shown_files(connection: sa.Connection, record: Record) -> dict[str, str]:
    """Return the words of the files that reviewers may open, by the files' names; "" where they cannot be read."""
    return {
        file.name: text_in(files.content_of(connection, file.id), file.media_type)
        for file in files.files_of(connection, record.id)
        if file.id in record.facts.blind.files
    }


def _own(actor: CentreActor, proposal: Proposal) -> None:
    if (actor.person(), actor.member_id) != (proposal.identity.lead, proposal.identity.member):
        raise Problem(
            "centre.only-lead",
            msg("A proposal is led by the person who makes it, for the own organisation."),
            where="identity",
            status=403,
        )


def open_call(connection: sa.Connection, actor: CentreActor, call_id: UUID, at: datetime | None) -> Record:
    """Return the call, locked, while it takes proposals: two at once of one lead come one after the other."""
    call = call_in(connection, call_id, "published", lock=True)
    now, facts = moment(connection, actor, at), call.facts
    if not facts.opens <= now < facts.closes:
        raise Problem(
            "centre.late-proposal" if now >= facts.closes else "centre.early-proposal",
            msg("The call takes no proposals at this time."),
            where=call.title,
            found=now,
            expected=msg(
                "from {opens} until before {closes} ({zone})",
                opens=facts.opens, closes=facts.closes, zone=facts.zone,
            ),
            status=409,
        )  # fmt: skip
    return call


def _with_files(proposal: Proposal, files: tuple[UUID, ...]) -> Proposal:
    """Return a proposal with the files that were attached, and nothing that the committee says of it."""
    blind = msgspec.structs.replace(proposal.blind, files=files)
    return msgspec.structs.replace(proposal, blind=blind, findings=())


def _only_one(connection: sa.Connection, record: Record) -> None:
    for other in proposals_of(connection, record.facts.call):
        if other.facts.lead == record.facts.lead:
            raise Problem(
                "centre.double-proposal",
                msg("This lead has handed in a proposal for this call already."),
                where=record.title,
                found=other.title,
                expected=msg("one proposal for each lead and call"),
                remedy=msg("Replace the one that was handed in, or withdraw it first."),
                status=409,
            )


def _within(connection: sa.Connection, call: Call, proposal: Proposal) -> None:
    for one in money_findings(call, proposal, most_allowed(connection, call)):
        if one.rule == "over-most":
            raise Problem(
                "centre.over-budget", RULES[one.rule], where="costs", found=one.found, expected=one.expected, status=409
            )


def _check(connection: sa.Connection, proposal: Proposal) -> None:
    identity = proposal.identity
    known = people.names(connection, identity.people)
    if identity.people - known.keys() or identity.lead in identity.team:
        raise _bad("team", len(identity.people - known.keys()))
    if any("proposal.run" in permissions_of(one.roles) for one in known.values()):
        raise Problem("centre.runs-the-calls", CONFLICTS["runs-the-call"], where="team", status=403)
    if identity.member in identity.partners:
        raise _bad("partners", identity.member)
    for member in identity.members:
        records.get(connection, member, kind="member")


def _bad(where: str, found: object) -> Problem:
    return Problem(
        "centre.bad-proposal",
        msg("A proposal cannot be like this."),
        where=where,
        found=found,
        expected=msg("people and members of this centre, each named once"),
    )
