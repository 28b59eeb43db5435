"""`takeback share centre`: a centre is founded, its records are looked at and written, on the server's own machine."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from uuid import UUID

import msgspec
from cyclopts import App

from takeback import store
from takeback.cli.answer import Answer, Shown, table
from takeback.cli.plan.common import read
from takeback.cli.session import database
from takeback.cli.share import files
from takeback.cli.share.whose import centre_of
from takeback.core.ids import uuid7
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate import identity
from takeback.share.centre import money, projects, resources, writing
from takeback.share.centre import records as recorded
from takeback.share.centre.founding import found_centre
from takeback.share.centre.history import history
from takeback.share.centre.kinds import Facts, Kind, kind_named, kinds
from takeback.share.centre.members import Centre
from takeback.share.centre.people import PersonFields
from takeback.share.centre.people import people as people_of
from takeback.share.centre.records import Record

app = App(name="centre", help="A centre: its people, records, files, reports.")
records = App(name="records", help="Records of every kind: looked at, put, moved on.")
app.command(records)
app.command(files.export)
app.command(files.import_, name="import")
app.command(files.report)
app.command(files.compare)
app.command(files.check)
app.command(files.credential)


@app.command
def found(slug: str, *, name: str, owner: str, owner_name: str, name_zh: str | None = None) -> Answer:
    """Found a centre; its first manager gets a password that is shown once.

    Whoever is registered already keeps their password.

    Parameters
    ----------
    slug:
        The centre's short name: small letters, digits and hyphens.
    name:
        Its name.
    owner:
        The e-mail address of its first manager.
    owner_name:
        The name of its first manager.
    name_zh:
        Its Chinese name; the other one if not given.
    """
    org, password = uuid7(), secrets.token_urlsafe(12)
    facts = Centre(name=name, name_zh=name_zh or name)
    with database(upgrade=True), store.transaction(org) as connection:
        known = identity.find_user(connection, owner)
        person = known or identity.create_user(connection, email=owner, display_name=owner_name, password=password)
        manager = PersonFields(name=person.display_name, email=person.email, roles=["manager"])
        made = found_centre(connection, org, slug, facts, manager=manager, user_id=person.id)
    told = "signs in as before" if known else f"signs in with the password {password}, which is not shown again"
    data = {"organisation_id": org, "centre": made, "manager": person.email, "password": None if known else password}
    return Answer(data, [f"{made.title} is founded. {person.email} {told}."])


@app.command
def people(*, centre: str, role: str | None = None, text: str = "") -> Answer:
    """List the people of a centre; those who withdrew are not among them.

    Parameters
    ----------
    centre:
        The centre, by its short name.
    role:
        Only people with this role.
    text:
        Only people whose name holds this.
    """
    with database(), centre_of(centre) as (connection, _):
        found = people_of(connection, role=role, text=text)
    rows = [
        {"name": one.name, "中文": one.name_zh, "roles": ", ".join(one.roles), "agreed": ", ".join(one.consents)}
        for one in found
    ]
    return Answer(found, [table(rows) if rows else "There is nobody."])


@records.command(name="list")
def list_(
    kind: str, /, *, centre: str, state: str | None = None, year: int | None = None, text: str = "", limit: int = 50
) -> Answer:
    """List records of a kind, the latest changed first.

    Parameters
    ----------
    kind:
        A kind of record, such as member or problem.
    centre:
        The centre, by its short name.
    state:
        Only records in this state.
    year:
        Only records of this year.
    text:
        Only records that hold this text.
    limit:
        At most so many.
    """
    with database(), centre_of(centre) as (connection, _):
        name = _kind(kind).name
        found = recorded.find(connection, name, state=state, year=year, text=text, limit=limit)
    rows = [
        {"id": one.id, "title": one.title, "state": one.state, "changed": f"{one.changed_at:%Y-%m-%d}"} for one in found
    ]
    return Answer(found, [table(rows) if rows else "There is none."])


@records.command
def show(record: UUID, /, *, centre: str) -> Answer:
    """Show a record, with every step and the entry of the ledger that holds it.

    Parameters
    ----------
    record:
        The record's id.
    centre:
        The centre, by its short name.
    """
    with database(), centre_of(centre) as (connection, actor):
        found = recorded.get(connection, record)
        steps = history(connection, actor.org_id, found)
    rows = [
        {"entry": s.entry_id, "version": s.version, "state": s.state, "when": f"{s.at:%Y-%m-%d}", "why": s.why}
        for s in steps
    ]
    said = msgspec.json.format(msgspec.json.encode(found.facts), indent=2).decode()
    head = f"{found.kind}: {found.title} ({found.state})"
    return Answer({"record": found, "history": steps}, [head, said, table(rows)])


@records.command
def put(kind: str, file: Path, /, *, centre: str) -> Answer:
    """Put a new record from a file of JSON, by the rules of its kind, as console and API do.

    Parameters
    ----------
    kind:
        A kind of record, such as member or problem.
    file:
        What the record says: a JSON object with the kind's fields.
    centre:
        The centre, by its short name.
    """
    what = _kind(kind)
    facts = _facts(what, file)
    with database(), centre_of(centre) as (connection, actor):
        return _told(writing.create(connection, actor, what, facts), "is recorded")


@records.command
def move(record: UUID, state: str, /, *, centre: str, reason: str = "") -> Answer:
    """Move a record on to another state, by the rules of its kind, as console and API do.

    Parameters
    ----------
    record:
        The record's id.
    state:
        The state that follows.
    centre:
        The centre, by its short name.
    reason:
        Why.
    """
    with database(), centre_of(centre) as (connection, actor):
        old = recorded.get(connection, record, lock=True)
        moved = writing.move(connection, actor, old, state, facts=None, reason=reason, version=None)
        return _told(moved, f"is now {state}")


@records.command
def link(record: UUID, result: UUID, /, *, centre: str) -> Answer:
    """Say which result a use of a resource, a spending or an adoption led to, where that was not known then.

    Parameters
    ----------
    record:
        The id of the use, the spending or the adoption.
    result:
        The id of the result or deliverable.
    centre:
        The centre, by its short name.
    """
    with database(), centre_of(centre) as (connection, actor):
        found = recorded.get(connection, record)
        command = _LINKS.get(found.kind)
        if command is None:
            raise Problem(
                "centre.not-linked", msg("A record of this kind leads to no result."), where=found.title,
                found=found.kind, expected=", ".join(_LINKS), status=409,
            )  # fmt: skip
        return _told(command(connection, actor, record, result), f"led to {recorded.get(connection, result).title}")


def _told(record: Record, done: str) -> Answer:
    shown: list[Shown] = [f"{record.title} {done}: {record.id}, entry {record.entry_id} of the ledger."]
    return Answer(record, shown)


_LINKS: Mapping[str, Callable[..., Record]] = {
    "use": resources.link_use, "spending": money.link_result, "adoption": projects.link_adoption,
}  # fmt: skip
"""Kind -> the command that says what a record of it led to."""


def _kind(name: str) -> Kind:
    try:
        return kind_named(name)
    except KeyError:
        known = ", ".join(one.name for one in kinds())
        raise Problem(
            "centre.no-kind", msg("There is no such kind of record."), found=name, expected=known, status=404
        ) from None


def _facts(what: Kind, file: Path) -> Facts:
    text = read(file)
    try:
        return msgspec.json.decode(text, type=what.facts)
    except msgspec.MsgspecError as error:
        raise Problem(
            "centre.bad-facts",
            msg("What the record says is not of the right form."),
            where=str(file),
            found=str(error),
            expected=", ".join(field.encode_name for field in msgspec.structs.fields(what.facts)),
        ) from None
