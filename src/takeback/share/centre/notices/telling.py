"""People are told, each once of the same thing; notices stand beside the ledger and go with a person's name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypedDict
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import Message
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.notices.words import WORDS, sentence

MOST = 200  # notices that are shown


class Titles(TypedDict):
    """What a notice is about, in both languages."""

    title: str
    title_zh: str


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A notice to a person. `about`: the page of the console it leads to; `on`: the day, never the moment.

    `said`: title, Chinese title and day as they stand in the sentence.
    """

    id: UUID
    code: str
    text: Message
    about: str
    on: date
    unread: bool
    said: dict[str, str]


def tell(
    connection: sa.Connection,
    actor: CentreActor,
    people: Iterable[UUID | None],
    code: str,
    about: str,
    *,
    title: str,
    title_zh: str = "",
    day: date | str | None = None,
    once: str = "",
    at: datetime,
) -> None:
    """Tell people of something, each once for the same `code`, `about` and `once`; whoever acts knows it already."""
    row = _row(actor, code, about, title, title_zh, day, once, at)
    whom = {*people} - {None, actor.person_id}
    if whom:
        connection.execute(_TELL, {**row, "people": [*whom]})


def tell_roles(
    connection: sa.Connection,
    actor: CentreActor,
    roles: Iterable[str],
    code: str,
    about: str,
    *,
    title: str,
    title_zh: str = "",
    day: date | str | None = None,
    once: str = "",
    members: Sequence[UUID] | None = None,
    at: datetime,
) -> None:
    """Tell everybody who has one of these roles, of all members or of some."""
    row = _row(actor, code, about, title, title_zh, day, once, at)
    whom = {"roles": [*roles], "members": None if members is None else [*members], "me": actor.person_id}
    connection.execute(_TELL_ROLES, {**row, **whom})


def my_notices(connection: sa.Connection, actor: CentreActor, *, unread: bool = False) -> list[Notice]:
    """Return the notices of the person who acts, the latest first."""
    actor.require("centre.read")
    asked = {"me": actor.person_id, "unread": unread, "most": MOST}
    return [_read(row) for row in connection.execute(_MINE, asked)]


def unread_notices(connection: sa.Connection, actor: CentreActor) -> int:
    """Return how many notices the person who acts has not read."""
    return int(connection.execute(_UNREAD, {"me": actor.person_id}).scalar_one()) if actor.person_id else 0


def read_notices(connection: sa.Connection, actor: CentreActor, notices: Sequence[UUID] | None = None) -> int:
    """Say that notices were read, all of them where none is named; return how many were unread; others' stay."""
    actor.require("centre.read")
    given = {"me": actor.person_id, "ids": None if notices is None else [*notices]}
    return connection.execute(_READ, given).rowcount


def _row(
    actor: CentreActor,
    code: str,
    about: str,
    title: str,
    title_zh: str,
    day: date | str | None,
    once: str,
    at: datetime,
) -> dict[str, Any]:
    WORDS[code]  # a code without words is a mistake that shows when it is told, not when it is read
    said = {"title": title, "title_zh": title_zh, "day": str(day or "")}
    text = msgspec.json.encode(said).decode()
    return {"org": actor.org_id, "code": code, "about": about, "once": once, "said": text, "at": at}


def _read(row: sa.Row[Any]) -> Notice:
    return Notice(
        id=row.id, code=row.code, text=sentence(row.code, row.said), about=row.about, on=row.at.date(),
        unread=row.read_at is None, said=row.said,
    )  # fmt: skip


# The id is a random one: one that holds its time would tell when somebody on the other side acted.
_TELL_SQL = """
    insert into centre_notice (org_id, id, person_id, code, about, once, said, at)
    select :org, gen_random_uuid(), n.id, :code, :about, :once, cast(:said as jsonb), :at
    from centre_person_name n join centre_person p on p.id = n.id and p.withdrawn_at is null
"""
_TELL = sa.text(f"{_TELL_SQL} where n.id = any(:people) on conflict do nothing")
_TELL_ROLES = sa.text(f"""
    {_TELL_SQL} left join centre_record m on m.id = p.member_id and m.kind = 'member'
    where p.roles && cast(:roles as text[]) and n.id is distinct from cast(:me as uuid)
      and m.state is distinct from 'left'
      and (cast(:members as uuid[]) is null or p.member_id = any(:members))
    on conflict do nothing
""")
_MINE = sa.text("""
    select id, code, about, at, read_at, said from centre_notice
    where person_id = :me and (read_at is null or not :unread) order by at desc, id limit :most
""")
_UNREAD = sa.text("select count(*) from centre_notice where person_id = :me and read_at is null")
_READ = sa.text("""
    update centre_notice set read_at = now()
    where person_id = :me and read_at is null and (cast(:ids as uuid[]) is null or id = any(:ids))
""")
