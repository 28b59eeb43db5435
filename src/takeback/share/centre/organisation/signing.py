"""Charter and agreements are put, signed by the members, amended as a new edition, and end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.prove.bodies import load
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.days import today
from takeback.share.centre.organisation.papers import (
    Agreement,
    Charter,
    Edition,
    Obligation,
    Paper,
    Signature,
    terms_digest,
    unsigned,
)
from takeback.share.centre.records import Record, change, create, find, get, move

KINDS: Mapping[type[Paper], str] = {Charter: "charter", Agreement: "agreement"}
_SIGNS = frozenset({"delegate", "authority"})


def put_paper(connection: sa.Connection, actor: CentreActor, paper: Paper, *, at: datetime | None = None) -> Record:
    """Put a charter or an agreement as a draft.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.bad-paper`` with one of `errors` for each mistake.
    """
    _checked(connection, paper)
    return create(connection, actor, KINDS[type(paper)], paper, at=at)


def redraft(
    connection: sa.Connection, actor: CentreActor, paper_id: UUID, paper: Paper, *, at: datetime | None = None
) -> Record:
    """Change the text of a draft; `centre.fixed` (409) once it is for signing: then it is amended."""
    old = paper_by_id(connection, paper_id)
    if old.state != "draft":
        raise Problem("centre.fixed", msg("This is no draft any more."), where=old.title, found=old.state, status=409)
    _checked(connection, paper)
    kept = replace(paper, edition=old.facts.edition, earlier=old.facts.earlier, signatures=())
    return change(connection, actor, paper_id, kept, at=at)


def open_for_signing(
    connection: sa.Connection, actor: CentreActor, paper_id: UUID, *, at: datetime | None = None
) -> Record:
    """Ask the parties to sign; from here on the text stands."""
    actor.require("centre.edit")
    return move(connection, actor, paper_by_id(connection, paper_id).id, "signing", at=at)


def sign(connection: sa.Connection, actor: CentreActor, paper_id: UUID, *, at: datetime | None = None) -> Record:
    """Sign for one's member; with the last party's signature the paper is in force.

    Raises
    ------
    Problem
        ``centre.forbidden`` (403) unless one speaks for a party; ``centre.not-for-signing``, ``centre.signed`` (409).
    """
    old = paper_by_id(connection, paper_id)
    member = _speaks_for(actor, old)
    if old.state != "signing":
        raise Problem(
            "centre.not-for-signing", msg("This is not for signing."), where=old.title, found=old.state, status=409
        )
    if member not in unsigned(old.facts):
        raise Problem("centre.signed", msg("Your organisation has signed this."), where=old.title, status=409)
    signature = Signature(
        member=member, person=actor.person(), at=at or clock.now(connection, actor.org_id),
        edition=old.facts.edition, digest=terms_digest(old.facts),
    )  # fmt: skip
    facts = replace(old.facts, signatures=(*old.facts.signatures, signature))
    if unsigned(facts):
        return change(connection, actor, paper_id, facts, at=at, allowed=True)
    return move(connection, actor, paper_id, "in-force", facts=facts, at=at, allowed=True)


def amend(
    connection: sa.Connection,
    actor: CentreActor,
    paper_id: UUID,
    paper: Paper,
    *,
    reason: str,
    at: datetime | None = None,
) -> Record:
    """Put another text in the place of one that is in force, as the next edition, which the parties sign anew.

    The edition before stays readable (`earlier_edition`) with the signatures that it had.
    """
    actor.require("centre.edit")
    old = paper_by_id(connection, paper_id)
    if old.state != "in-force":
        raise Problem(
            "centre.not-in-force",
            msg("Only what is in force is amended."),
            where=old.title,
            found=old.state,
            status=409,
        )
    _checked(connection, paper)
    ended = today(connection, actor, at)
    left = Edition(
        edition=old.facts.edition, digest=terms_digest(old.facts), entry=old.entry_id, ended=ended, reason=reason
    )
    facts = replace(paper, edition=left.edition + 1, earlier=(*old.facts.earlier, left), signatures=())
    return move(connection, actor, paper_id, "signing", facts=facts, reason=reason, at=at)


def end_paper(
    connection: sa.Connection, actor: CentreActor, paper_id: UUID, *, reason: str, at: datetime | None = None
) -> Record:
    """End a charter or an agreement; what was owed and signed stays readable."""
    actor.require("centre.edit")
    return move(connection, actor, paper_by_id(connection, paper_id).id, "ended", reason=reason, at=at)


def settle(
    connection: sa.Connection,
    actor: CentreActor,
    paper_id: UUID,
    code: str,
    *,
    evidence: UUID | None = None,
    waived: bool = False,
    on: date | None = None,
    at: datetime | None = None,
) -> Record:
    """Say that an obligation was met (the member that owes it, or who runs the centre), or waive it (only the latter).

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-obligation`` (404), ``centre.settled`` (409), ``centre.no-record`` (404)
        for evidence that there is not, ``centre.not-in-force`` (409).
    """
    old = paper_by_id(connection, paper_id)
    owed = next((one for one in old.facts.obligations if one.code == code), None)
    if owed is None:
        raise Problem("centre.no-obligation", msg("There is no such obligation."), found=code, status=404)
    if waived or actor.member_id != owed.member or not _SIGNS & actor.roles:
        actor.require("centre.edit")
    if old.state != "in-force" or owed.state != "open":
        kind = "centre.settled" if owed.state != "open" else "centre.not-in-force"
        raise Problem(kind, msg("This obligation is not open."), where=code, found=owed.state, status=409)
    if evidence is not None:
        get(connection, evidence)
    day = on or today(connection, actor, at)
    done = replace(owed, state="waived" if waived else "met", since=day, evidence=evidence)
    obligations = tuple(done if one is owed else one for one in old.facts.obligations)
    return change(connection, actor, paper_id, replace(old.facts, obligations=obligations), at=at, allowed=True)


def owed(connection: sa.Connection, *, member: UUID | None = None) -> list[tuple[Record, Obligation]]:
    """Return the open obligations of what is in force, the first due first; those without a date stand last."""
    papers = [paper for kind in KINDS.values() for paper in find(connection, kind, state="in-force")]
    found = [(paper, one) for paper in papers for one in paper.facts.obligations if one.state == "open"]
    mine = [pair for pair in found if member in {None, pair[1].member}]
    return sorted(mine, key=lambda pair: (pair[1].due or date.max, pair[0].title, pair[1].code))


def earlier_edition(connection: sa.Connection, paper_id: UUID, edition: int) -> Paper:
    """Return the facts of an edition that another one followed, out of the ledger; ``centre.no-record`` (404)."""
    paper = paper_by_id(connection, paper_id, lock=False)
    left = next((one for one in paper.facts.earlier if one.edition == edition), None)
    if left is None:
        raise Problem("centre.no-record", msg("There is no such edition."), found=edition, status=404)
    body = connection.execute(sa.text("select body from entry where id = :id"), {"id": left.entry}).scalar_one()
    return msgspec.convert(load(bytes(body))["takeback:facts"]["facts"], _type_of(paper.kind), strict=False)


def _type_of(kind: str) -> type[Paper]:
    return next(paper for paper, name in KINDS.items() if name == kind)


def paper_by_id(connection: sa.Connection, paper_id: UUID, *, lock: bool = True) -> Record:
    """Return a charter or an agreement, to be written where `lock`; ``centre.no-record`` (404) for all else."""
    found = get(connection, paper_id, lock=lock)
    if not isinstance(found.facts, Paper):
        raise Problem("centre.no-record", msg("There is no such record in this centre."), found=paper_id, status=404)
    return found


def _speaks_for(actor: CentreActor, paper: Record) -> UUID:
    member = actor.member_id
    if member is None or not _SIGNS & actor.roles or member not in paper.facts.parties:
        raise Problem(
            "centre.forbidden",
            msg("Only who speaks for a party can sign."),
            where=paper.title,
            found=", ".join(sorted(actor.roles)) or actor.label,
            expected=", ".join(sorted(_SIGNS)),
            status=403,
            exit_code=77,
        )
    return member


def _checked(connection: sa.Connection, paper: Paper) -> None:
    members = {member.id for member in find(connection, "member", state="active")}
    wrong = [
        *(_wrong("parties", party, msg("a member of the centre")) for party in paper.parties if party not in members),
        *(
            _wrong("obligations", owed.code, msg("an obligation of a party"))
            for owed in paper.obligations
            if owed.member not in paper.parties or owed.state != "open"
        ),
        *_twice("parties", paper.parties),
        *_twice("articles", [article.number for article in paper.articles]),
        *_twice("obligations", [owed.code for owed in paper.obligations]),
    ]
    if not paper.parties:
        wrong.append(_wrong("parties", 0, msg("one party or more")))
    if paper.begins and paper.until and paper.until <= paper.begins:
        wrong.append(_wrong("until", paper.until, msg("a day after the first")))
    if wrong:
        raise Problem(
            "centre.bad-paper", msg("This cannot be agreed on as it stands."), where=paper.title, errors=wrong
        )


def _twice(field: str, given: Sequence[object]) -> list[Problem]:
    again = sorted({str(one) for one in given if given.count(one) > 1})
    return [_wrong(field, one, msg("each once")) for one in again]


def _wrong(field: str, found: object, expected: Message) -> Problem:
    return Problem(
        "centre.bad-field", msg("This value is not understood."), where=field, found=found, expected=expected
    )
