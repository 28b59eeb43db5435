"""What lets a proposal in: its people, the call's time, one for each lead, the money, no names in its texts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre import files, people
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.apart import seeing_all
from takeback.share.centre.calls.call import Call
from takeback.share.centre.calls.calling import call_in, moment
from takeback.share.centre.calls.conflict import RULES as CONFLICTS
from takeback.share.centre.calls.eligibility import RULES, money_findings
from takeback.share.centre.calls.proposal import Proposal
from takeback.share.centre.calls.reading import Read, words_of
from takeback.share.centre.calls.taking_part import BLIND, own_proposal, proposals_of
from takeback.share.centre.calls.wording import Named, named_in, named_in_file, names_of, texts_of
from takeback.share.centre.records import Record
from takeback.share.centre.roles import permissions_of

Words = Mapping[UUID, Read]
"""A file's id -> what was read of it."""


def only_own(actor: CentreActor, proposal: Proposal) -> None:
    """Go on only where the actor leads, for the own organisation; ``centre.only-lead`` (403)."""
    if (actor.person(), actor.member_id) != (proposal.identity.lead, proposal.identity.member):
        raise Problem(
            "centre.only-lead",
            msg("A proposal is led by the person who makes it, for the own organisation."),
            where="identity",
            status=403,
        )


def open_call(connection: sa.Connection, actor: CentreActor, call_id: UUID, at: datetime | None) -> Record:
    """Return the call, locked, while it takes proposals: two at once of one lead come one after the other."""
    call = call_in(connection, call_id, "published", "reviewing", "decided", "closed", lock=True)
    now, facts = moment(connection, actor, at), call.facts
    late = call.state != "published" or now >= facts.closes
    if late or now < facts.opens:
        raise Problem(
            "centre.late-proposal" if late else "centre.early-proposal",
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


def only_one(connection: sa.Connection, record: Record) -> None:
    """Go on only with the first of a lead in a call; ``centre.double-proposal`` (409)."""
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


def within(connection: sa.Connection, call: Call, proposal: Proposal) -> None:
    """Go on only with what the call, or its fund, gives at most; ``centre.over-budget`` (409)."""
    for one in money_findings(connection, call, proposal):
        if one.rule == "over-most":
            raise Problem(
                "centre.over-budget", RULES[one.rule], where="costs", found=one.found, expected=one.expected, status=409
            )


def check_people(connection: sa.Connection, proposal: Proposal) -> None:
    """Go on only with people and members each named once, none of whom runs the calls; all else `records` looks at."""
    identity = proposal.identity
    known = people.names(connection, identity.people)
    if identity.lead in identity.team:
        raise _bad("team", identity.lead)
    if any(BLIND in permissions_of(one.roles) for one in known.values()) or known.keys() & seeing_all(connection):
        raise Problem("centre.runs-the-calls", CONFLICTS["runs-the-call"], where="team", status=403)
    if identity.member in identity.partners:
        raise _bad("partners", identity.member)


def _bad(where: str, found: object) -> Problem:
    return Problem(
        "centre.bad-proposal",
        msg("A proposal cannot be like this."),
        where=where,
        found=found,
        expected=msg("people and members of this centre, each named once"),
    )


def names_in(connection: sa.Connection, record: Record, known: Words = {}) -> list[Named]:  # noqa: B006 -- read only
    """Return where a proposal's texts and files for reviewers name its people or organisations."""
    names = names_of(connection, record.facts.identity)
    found = named_in(texts_of(record.facts.blind), names)
    for file, read in words_of_files(connection, record, known).items():
        found += named_in_file(file.name, read, names)
    return found


def refuse_names(connection: sa.Connection, record: Record, known: Words) -> None:
    """Go on only where reviewers cannot read who applies; ``centre.names-in-text`` (409), each place an error of it."""
    if named := names_in(connection, record, known):
        raise Problem(
            "centre.names-in-text",
            msg("Reviewers could read in the text who applies."),
            where=", ".join(sorted({one.at for one in named})),
            found=", ".join(sorted({one.name for one in named})),
            remedy=msg("Write without these names, or hand it in as it is if they are no names there."),
            status=409,
            errors=[_name_at(one) for one in named],
        )


def _name_at(named: Named) -> Problem:
    where, place = named.where, named.place
    title = msg("A name in {file}, {place}", file=where, place=place) if place else msg("A name in {file}", file=where)
    return Problem("centre.names-in-text", title, where=where, found=named.excerpt or named.name, status=409)


def words_of_files(connection: sa.Connection, record: Record, known: Words = {}) -> dict[files.File, Read]:  # noqa: B006
    """Return the words of the files that reviewers may open.

    `known`: what was read before by the file's id; reading takes its time, so it is done before anything is locked.
    """
    return {
        file: known.get(file.id) or words_of(files.content_of(connection, file.id), file.media_type)
        for file in files.files_of(connection, record.id)
        if file.id in record.facts.blind.files
    }


def read_before(connection: sa.Connection, actor: CentreActor, proposal_id: UUID, *, handing_in: bool = False) -> Words:
    """Return the words of the files of a proposal of one's own, before it is locked; of a draft none.

    A draft is refused for no name, and to read all its files at each change takes longer with every file.
    """
    record = own_proposal(connection, actor, proposal_id, lead=False)
    if record.state == "draft" and not handing_in:
        return {}
    return {file.id: read for file, read in words_of_files(connection, record).items()}
