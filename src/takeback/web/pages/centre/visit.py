"""A visit to the centre: the open transaction, who comes, and what stands around the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from takeback import store
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor, organisation
from takeback.share.centre.acting import CentreActor, acting
from takeback.share.centre.kinds import Kind, kind_named, kinds
from takeback.share.centre.people import Person, names
from takeback.share.centre.records import Record, get
from takeback.share.centre.seeing import visible
from takeback.web.console.views import Flash
from takeback.web.frame import Frame, frame
from takeback.web.preferences import AnyRequest

GONE = msg("a person who withdrew")
UNSEEN = msg("a person of the centre")


@dataclass(frozen=True, slots=True)
class Visit:
    """What a handler of the centre works with; `actor`: the same person as the house knows it."""

    connection: sa.Connection
    actor: Actor
    me: CentreActor
    around: Frame

    @property
    def today(self) -> date:
        """The day where the centre is."""
        return self.around.now.astimezone(ZoneInfo(self.around.shell.timezone)).date()

    def person(self, person: Person) -> Message | str:
        """Return what a person is called on this page, as far as the visitor may know."""
        if person.withdrawn_at is not None:
            return GONE
        return self.around.name(person.name, person.name_zh or person.name) if visible(person, self.me) else UNSEEN

    def called(self, ids: Iterable[UUID]) -> dict[UUID, Message | str]:
        """Return what persons are called on this page, by id."""
        wanted = {*ids}
        return {key: self.person(one) for key, one in names(self.connection, wanted).items()} if wanted else {}


@contextmanager
def visit(request: AnyRequest, actor: Actor, *flashes: Flash) -> Iterator[Visit]:
    """Open the centre that the request works in.

    Raises
    ------
    Problem
        ``identity.no-person`` (403) for an API key, ``centre.none`` (404) when the organisation is no centre,
        ``centre.forbidden`` (403) for who has no role there.
    """
    actor.person()
    with store.transaction(actor.org_id) as connection:
        if organisation(connection, actor.org_id).kind != "centre":
            raise Problem(
                "centre.none",
                msg("You do not work in a centre now."),
                remedy=msg("Choose a centre among your organisations."),
                status=404,
            )
        me = acting(connection, actor)
        me.require("centre.read")
        yield Visit(connection, actor, me, frame(connection, request, actor, *flashes))


BLIND = "proposal.run"
"""Kinds with this permission to read are on no general page, whoever asks: they have pages of their own."""


def seen_kinds(visit: Visit) -> list[Kind]:
    """Return the kinds whose records the visitor may see on general pages, in searches and where fields name them."""
    return [one for one in kinds() if one.read != BLIND and visit.me.may(one.read)]


def readable(visit: Visit, name: str) -> Kind:
    """Return a kind whose records the visitor may see; ``centre.no-kind`` (404), ``centre.forbidden`` (403)."""
    try:
        what = kind_named(name)
        if what.read == BLIND:
            raise KeyError(name)
    except KeyError:
        raise Problem(
            "centre.no-kind", msg("There is nothing of this name in a centre."), found=name, status=404
        ) from None
    visit.me.require(what.read)
    return what


def found(visit: Visit, kind: str, record_id: UUID) -> tuple[Kind, Record]:
    """Return a record of a kind that the visitor may see; ``centre.no-record`` (404)."""
    what = readable(visit, kind)
    return what, get(visit.connection, record_id, kind=what.name)
