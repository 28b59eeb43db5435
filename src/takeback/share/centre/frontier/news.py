"""News for those whom it concerns: a best-known value that was beaten, a new rule; each person reads their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.frontier.source import Short, Title
from takeback.share.centre.kinds import Facts, kind
from takeback.share.centre.naming import PersonId, RecordId
from takeback.share.centre.records import Record, create, find, get, move

NewsSort = Literal["best-known", "rule"]
LABELS: Mapping[str, Message] = {
    "best-known": msg("A best-known value was beaten"),
    "rule": msg("A new rule appeared"),
}


@kind(
    "news",
    title="title",
    states={"unread": ("read",), "read": ()},
    create="centre.edit",
    read="centre.edit",
    fixed_in=("unread", "read"),
    parent="about_id",
    person="person_id",
)
class News(Facts, frozen=True, kw_only=True):
    """One piece of news for one person; `about_id`: the source or the best-known value; `detail`: old and new value."""

    sort: NewsSort
    person_id: PersonId
    about_id: RecordId
    title: Title
    title_zh: Short = ""
    detail: Short = ""


def tell(
    connection: sa.Connection,
    actor: CentreActor,
    people: Iterable[UUID],
    sort: NewsSort,
    about: Record,
    *,
    title_zh: str = "",
    detail: str = "",
    at: datetime | None = None,
) -> list[Record]:
    """Tell people of a record, each once; whoever acts knows it already."""
    told = {one.person_id for one in find(connection, "news", parent=about.id)} | {actor.person_id}
    facts = [
        News(sort=sort, person_id=one, about_id=about.id, title=about.title, title_zh=title_zh, detail=detail)
        for one in sorted({*people} - told)
    ]
    return [create(connection, actor, "news", one, at=at, allowed=True) for one in facts]


def my_news(connection: sa.Connection, actor: CentreActor, *, unread: bool = False) -> list[Record]:
    """Return the news of the person who acts, the latest first."""
    actor.require("centre.read")
    return find(connection, "news", person=actor.person(), state="unread" if unread else None)


def read_news(
    connection: sa.Connection, actor: CentreActor, news: Sequence[UUID], *, at: datetime | None = None
) -> int:
    """Say that news were read; return how many were unread; ``centre.no-record`` (404) for another person's."""
    found = [get(connection, one, kind="news", lock=True) for one in sorted({*news})]
    for one in found:
        if one.person_id != actor.person():
            raise Problem("centre.no-record", msg("There is no such record in this centre."), found=one.id, status=404)
    unread = [one for one in found if one.state == "unread"]
    for one in unread:
        move(connection, actor, one.id, "read", at=at, allowed=True)
    return len(unread)
