"""Members state results; the manager accepts them with evidence, or returns them with a reason."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.files import File, attach, files_of
from takeback.share.centre.records import Record, change, create, get, move
from takeback.share.centre.results.doubles import Known
from takeback.share.centre.results.facts import Result
from takeback.share.centre.turns import take_turn

_ENTRIES = sa.text("select id from entry where org_id = :org and id = any(:ids)")


def state_result(
    connection: sa.Connection,
    actor: CentreActor,
    facts: Result,
    *,
    id: UUID | None = None,
    similar: bool = False,
    known: Known | None = None,
    at: datetime | None = None,
) -> Record:
    """State a result; `similar`: it is another one than that with nearly the same title.

    `known`: the results that are there, for whoever states many: it learns this one, too.

    Raises
    ------
    Problem
        ``centre.forbidden`` (403), ``centre.bad-result``, ``centre.duplicate-result`` (409).
    """
    actor.require("result.state")
    _known_entries(connection, actor, facts)
    take_turn(connection)  # of two who state the same at once, one is told
    there = known or Known.of(connection)
    _refuse_doubles(there, facts, None, similar)
    record = create(connection, actor, "result", facts, id=id, at=at)
    there.add(record)
    return record


def change_result(
    connection: sa.Connection,
    actor: CentreActor,
    result_id: UUID,
    facts: Result,
    *,
    version: int | None = None,
    similar: bool = False,
    at: datetime | None = None,
) -> Record:
    """Change what is said of a result that is not yet accepted: whoever stated it or is an author, or the manager.

    Raises
    ------
    Problem
        ``centre.no-record`` (404), ``centre.forbidden`` (403), ``centre.fixed`` (409), ``centre.changed-meanwhile``
        (409), ``centre.bad-result``, ``centre.duplicate-result`` (409).
    """
    _own(connection, actor, result_id)
    _known_entries(connection, actor, facts)
    take_turn(connection)
    _refuse_doubles(Known.of(connection), facts, result_id, similar)
    return change(connection, actor, result_id, facts, version=version, at=at, allowed=True)


def add_evidence(
    connection: sa.Connection,
    actor: CentreActor,
    result_id: UUID,
    name: str,
    media_type: str,
    content: bytes,
    *,
    at: datetime | None = None,
) -> File:
    """Keep a file that shows a result: whoever stated it or is an author, or the manager.

    Raises
    ------
    Problem
        ``centre.no-record`` (404), ``centre.forbidden`` (403), ``centre.bad-file``.
    """
    _own(connection, actor, result_id)
    return attach(connection, actor, result_id, name, media_type, content, at=at)


def accept_result(
    connection: sa.Connection, actor: CentreActor, result_id: UUID, *, note: str = "", at: datetime | None = None
) -> Record:
    """Accept a result: from now on it counts, and what it says stays as it is.

    Raises
    ------
    Problem
        ``centre.forbidden`` (403), ``centre.no-record`` (404), ``centre.bad-move`` (409), ``centre.no-evidence``
        (409) where neither a file, a link, a DOI nor a ledger entry shows it.
    """
    actor.require("result.accept")
    record = get(connection, result_id, kind="result", lock=True)
    facts: Result = record.facts
    if not (facts.doi or facts.url or facts.links or facts.entries or files_of(connection, result_id)):
        raise Problem(
            "centre.no-evidence",
            msg("Nothing shows this result yet."),
            where=record.title,
            expected=msg("a file, a link, a DOI or an entry of the ledger"),
            remedy=msg("Add the evidence, then accept it."),
            status=409,
        )
    return move(connection, actor, result_id, "accepted", reason=note, at=at, allowed=True)


def return_result(
    connection: sa.Connection, actor: CentreActor, result_id: UUID, reason: str, *, at: datetime | None = None
) -> Record:
    """Return a result to whoever stated it, with the reason; ``centre.no-reason`` without one."""
    return _with_reason(connection, actor, result_id, "returned", reason, at)


def withdraw_result(
    connection: sa.Connection, actor: CentreActor, result_id: UUID, reason: str, *, at: datetime | None = None
) -> Record:
    """Withdraw an accepted result (retracted, revoked, stated wrongly): it counts no more, its entries stay."""
    return _with_reason(connection, actor, result_id, "withdrawn", reason, at)


def state_again(
    connection: sa.Connection, actor: CentreActor, result_id: UUID, *, at: datetime | None = None
) -> Record:
    """State a returned result anew, after it was put right."""
    _own(connection, actor, result_id)
    return move(connection, actor, result_id, "stated", at=at, allowed=True)


def _with_reason(
    connection: sa.Connection, actor: CentreActor, result_id: UUID, state: str, reason: str, at: datetime | None
) -> Record:
    actor.require("result.accept")
    get(connection, result_id, kind="result")
    if not reason.strip():
        raise Problem("centre.no-reason", msg("Say why."), where="reason")
    return move(connection, actor, result_id, state, reason=reason, at=at, allowed=True)


def _own(connection: sa.Connection, actor: CentreActor, result_id: UUID) -> None:
    """Go on only for whoever stated the result or is among its authors, or may accept results."""
    record = get(connection, result_id, kind="result")
    within = {author.person for author in record.facts.authors} | {record.person_id}
    if actor.person_id is None or actor.person_id not in within:
        actor.require("result.accept")
    else:
        actor.require("result.state")


def _known_entries(connection: sa.Connection, actor: CentreActor, facts: Result) -> None:
    entries = set(connection.scalars(_ENTRIES, {"org": actor.org_id, "ids": list(facts.entries)}))
    if strange := set(facts.entries) - entries:
        raise Problem(
            "centre.bad-result",
            msg("This does not describe a result."),
            where="entries",
            found=min(strange),
            expected=msg("something that this centre knows"),
        )


def _refuse_doubles(known: Known, facts: Result, beside: UUID | None, similar: bool) -> None:
    found = [double for double in known.doubles(facts, beside=beside) if double.sure or not similar]
    if found:
        raise Problem(
            "centre.duplicate-result",
            msg("This result is stated already."),
            where=found[0].why,
            found=found[0].record.title,
            remedy=msg("Complete the one that is there; where only the titles are alike, say that it is another."),
            status=409,
        )
