"""The people of a centre. What they are called stands beside the ledger, where it can be erased."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from takeback import prove
from takeback.core.ids import uuid7
from takeback.core.items import item_key
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.operate.identity.answers import forget_answers
from takeback.operate.identity.inviting import forget_invitations_of
from takeback.operate.identity.users import checked_name, normalised_email
from takeback.operate.ledger import record
from takeback.operate.projection import Fact, owns, projects
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.apart import refuse_seeing, seeing_all
from takeback.share.centre.naming import MemberId
from takeback.share.centre.roles import ROLES
from takeback.share.centre.turns import take_turn
from takeback.store.bulk import driver

STEP = "centre person"
ENTRY = "takeback:CentrePerson"
"""The kind of the entries that say who somebody is in the centre."""
CONSENTS = ("profile", "portfolio", "statistics")
"""What a person may agree to: a profile that members see, results under one's name, being counted in figures."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A person of the centre; `name` is empty when it was withdrawn. `user_id`: the account, once there is one."""

    id: UUID
    member_id: UUID | None
    roles: list[str]
    consents: list[str]
    withdrawn_at: datetime | None
    name: str
    name_zh: str
    email: str | None
    user_id: UUID | None


class PersonFields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is entered of a person; `email`: that of the invitation, by which an account finds its person.

    What a person agrees to is not among it: that is the person's own word (`set_consents`).
    """

    name: str
    name_zh: Annotated[str, Meta(max_length=200)] = ""
    email: str | None = None
    member_id: MemberId | None = None
    roles: Annotated[list[str], Meta(max_length=50)] = []


def enter_person(
    connection: sa.Connection,
    actor: CentreActor,
    fields: PersonFields,
    *,
    id: UUID | None = None,
    user_id: UUID | None = None,
    at: datetime | None = None,
) -> Person:
    """Enter a person, who has agreed to nothing yet, or change one that is known by `id`, whose consents stay.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.bad-person`` (a role or member that there is not),
        ``identity.bad-name``, ``identity.bad-email``, ``centre.no-person`` (404) for one who withdrew,
        ``centre.on-a-side`` (409) for the e-mail of an account that reads the ledger, while a call is open;
        ``centre.last-manager`` (409): a centre keeps a person who runs it.
    """
    actor.require("person.edit")
    _known("roles", fields.roles, ROLES)
    person = id or uuid7()
    row = {
        "org": actor.org_id,
        "id": person,
        "user": user_id,
        "name": checked_name(fields.name, where="name"),
        "zh": checked_name(fields.name_zh, where="name_zh") if fields.name_zh.strip() else "",
        "email": normalised_email(fields.email) if fields.email else None,
    }
    take_turn(connection)  # two managers at once do not take each other's place
    saw = id is None or id in seeing_all(connection)
    state = _state_of_member(connection, fields.member_id)
    before = names(connection, [person]).get(person) if id else None
    if before is not None:  # a name that was erased does not come back
        present_person(connection, before.id)
        if "manager" in before.roles and ("manager" not in fields.roles or state == "left"):
            keep_a_manager(connection, [person])
        _forget_old_email(connection, actor, before, row["email"])
    connection.execute(_NAME, row)
    if not saw:  # another e-mail, another account
        refuse_seeing(connection, person)
    _record(connection, actor, person, fields.member_id, fields.roles, before.consents if before else [], at=at)
    return person_by_id(connection, person)


def set_consents(
    connection: sa.Connection, actor: CentreActor, consents: Sequence[str], *, at: datetime | None = None
) -> Person:
    """Change what the person who acts agrees to; without `statistics`, what was said for these is erased.

    Raises
    ------
    Problem
        ``centre.bad-person`` for a consent that there is not; ``centre.no-person`` (404) for one who withdrew.
    """
    _known("consents", consents, CONSENTS)
    take_turn(connection)  # roles that are given or taken meanwhile stay so
    me = present_person(connection, actor.person())
    _record(connection, actor, me.id, me.member_id, me.roles, consents, at=at)
    if "statistics" not in consents:
        connection.execute(sa.text("delete from centre_trait where person_id = :id"), {"id": me.id})
    return person_by_id(connection, me.id)


def withdraw_person(connection: sa.Connection, actor: CentreActor, person_id: UUID) -> Person:
    """Take a person out: the name is erased for good, roles end; what was done stays, by nobody's name.

    Answers that were kept for requests sent twice say no name any more either; an open invitation is worthless.

    Raises
    ------
    Problem
        ``centre.forbidden`` unless it is oneself or one may edit people; ``centre.no-person`` (404), also for one who
        has withdrawn already;
        ``centre.last-manager`` (409) for another person who alone runs the centre: oneself may go at any time.
    """
    take_turn(connection)
    if person_id != actor.person_id:
        actor.require("person.edit")  # before it is looked whether there is, or was, such a person
    person = present_person(connection, person_id)
    if person_id != actor.person_id and "manager" in person.roles:
        keep_a_manager(connection, [person_id])
    _record(connection, actor, person.id, person.member_id, [], [], withdrawn=True)
    connection.execute(sa.text("delete from centre_person_name where id = :id"), {"id": person_id})
    for text in filter(None, (str(person_id), person.email)):
        forget_answers(connection, actor.org_id, holding=text)
    _forget_old_email(connection, actor, person, None)
    return person_by_id(connection, person_id)


def keep_a_manager(connection: sa.Connection, without: Iterable[UUID]) -> None:
    """Go on only where somebody else than these runs the centre; ``centre.last-manager`` (409)."""
    managers = {person.id for person in people(connection, role="manager")}
    if managers and not managers - set(without):
        raise Problem(
            "centre.last-manager",
            msg("A centre keeps at least one manager."),
            remedy=msg("Make somebody else a manager first."),
            status=409,
        )


def _forget_old_email(connection: sa.Connection, actor: CentreActor, before: Person, email: object) -> None:
    """Forget the invitations for an e-mail that is a person's no more."""
    if before.email and before.email != email:
        forget_invitations_of(connection, actor.org_id, before.email)


def _state_of_member(connection: sa.Connection, member_id: UUID | None) -> str:
    """Return the state of the member that a person is said to belong to, "" for none; ``centre.bad-person``."""
    if member_id is None:
        return ""
    state: str | None = connection.execute(_MEMBER, {"id": member_id}).scalar()
    if state is None:
        raise Problem(
            "centre.bad-person",
            msg("There is no such thing to be had by a person."),
            where="member_id",
            found=member_id,
            expected=msg("a member of the centre"),
        )
    return state


def people(
    connection: sa.Connection, *, role: str | None = None, member: UUID | None = None, text: str = ""
) -> list[Person]:
    """Return the people of the centre by name; those who withdrew are not among them."""
    where = {"role": role, "member": member, "text": text}
    return [_read(row) for row in connection.execute(_PEOPLE, where)]


def person_by_id(connection: sa.Connection, person_id: UUID) -> Person:
    """Return a person, also one who withdrew; ``centre.no-person`` (404)."""
    row = connection.execute(_BY_ID, {"id": person_id}).one_or_none()
    if row is None:
        raise _no_person(person_id)
    return _read(row)


def present_person(connection: sa.Connection, person_id: UUID) -> Person:
    """Return a person who has not withdrawn; of one who has, as of nobody, ``centre.no-person`` (404)."""
    person = person_by_id(connection, person_id)
    if person.withdrawn_at is not None:
        raise _no_person(person_id)
    return person


def _no_person(person_id: UUID) -> Problem:
    return Problem("centre.no-person", msg("There is no such person in this centre."), found=person_id, status=404)


def names(connection: sa.Connection, ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Return persons by their ids."""
    rows = connection.execute(_BY_IDS, {"ids": list({*ids})})
    return {row.id: _read(row) for row in rows}


def _record(
    connection: sa.Connection,
    actor: CentreActor,
    person: UUID,
    member: UUID | None,
    roles: Sequence[str],
    consents: Sequence[str],
    *,
    withdrawn: bool = False,
    at: datetime | None = None,
) -> None:
    said = {
        "id": str(person),
        "member": str(member) if member else None,
        "roles": sorted({*roles}),
        "consents": sorted({*consents}),
        "withdrawn": withdrawn,
    }
    body: dict[str, Any] = {"type": ENTRY, "takeback:step": STEP, "takeback:facts": said}
    moment = at or clock.now(connection, actor.org_id)
    record(connection, actor, [prove.Entry(ENTRY, body, moment, (person_key(person),))])


def person_key(person_id: UUID) -> int:
    """Return the key under which the ledger finds all entries about a person (`prove.trace`)."""
    return item_key(f"urn:uuid:{person_id}")


def _known(field: str, given: Iterable[str], known: Sequence[str]) -> None:
    if wrong := sorted({*given} - {*known}):
        raise Problem(
            "centre.bad-person",
            msg("There is no such thing to be had by a person."),
            where=field,
            found=", ".join(wrong),
            expected=", ".join(known),
        )


def _read(row: sa.Row[Any]) -> Person:
    id, member, roles, consents, withdrawn, name, name_zh, email, user = tuple(row)  # long lists: no mapping
    return Person(
        id=id, member_id=member, roles=roles, consents=consents, withdrawn_at=withdrawn, name=name or "",
        name_zh=name_zh or "", email=email, user_id=user,
    )  # fmt: skip


owns("centre_person")
_WRITE = """
    insert into centre_person (org_id, id, member_id, roles, consents, withdrawn_at, entry_id)
    values (%s, %s, %s, %s, %s, %s, %s)
    on conflict (org_id, id) do update set member_id = excluded.member_id, roles = excluded.roles,
        consents = excluded.consents, withdrawn_at = excluded.withdrawn_at, entry_id = excluded.entry_id
"""


@projects(STEP)
def _project(connection: sa.Connection, org: UUID, facts: Sequence[Fact]) -> None:
    for fact in facts:
        said = fact.body["takeback:facts"]
        gone = fact.event_time if said["withdrawn"] else None
        row = (org, said["id"], said["member"], said["roles"], said["consents"], gone, fact.id)
        driver(connection).execute(_WRITE, row)


_NAME = sa.text("""
    insert into centre_person_name (org_id, id, user_id, name, name_zh, email)
    values (:org, :id, :user, :name, :zh, :email)
    on conflict (org_id, id) do update set name = excluded.name, name_zh = excluded.name_zh, email = excluded.email,
        user_id = coalesce(excluded.user_id, centre_person_name.user_id)
""")
_MEMBER = sa.text("select state from centre_record where id = :id and kind = 'member'")
_COLUMNS = "p.id, p.member_id, p.roles, p.consents, p.withdrawn_at, n.name, n.name_zh, n.email, n.user_id"
_FROM = f"select {_COLUMNS} from centre_person p left join centre_person_name n on n.id = p.id"
_PEOPLE = sa.text(f"""
    {_FROM} where p.withdrawn_at is null and (cast(:role as text) is null or :role = any(p.roles))
      and (cast(:member as uuid) is null or p.member_id = :member)
      and (:text = '' or strpos(lower(n.name || ' ' || n.name_zh), lower(:text)) > 0)
    order by n.name, p.id
""")
_BY_ID = sa.text(f"{_FROM} where p.id = :id")
_BY_IDS = sa.text(f"{_FROM} where p.id = any(:ids)")
