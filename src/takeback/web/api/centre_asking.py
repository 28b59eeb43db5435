"""How a route asks in a centre: who acts there, in one transaction; a request that is sent twice is done once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import sqlalchemy as sa
from litestar import Response

from takeback import store
from takeback.operate.identity import Actor
from takeback.share.centre.acting import CentreActor, acting
from takeback.web.api.idempotency import Once

T = TypeVar("T")
Work = Callable[[sa.Connection, CentreActor], T]
URL = "/centre"


def within(actor: Actor, work: Work[T]) -> T:
    """Return what `work` gives to somebody of the centre; ``centre.forbidden`` (403) for everybody else."""
    with store.transaction(actor.org_id) as connection:
        return work(connection, _member(connection, actor))


def once_within(actor: Actor, once: Once, work: Work[T], *, status: int = 201, secret: bool = False) -> Response[T]:
    """Do it once, whatever is sent again; `secret`: the answer is not kept.

    An answer is given again only to whom still has the rights with which it was asked for.
    """
    with store.transaction(actor.org_id) as connection:
        who = _member(connection, actor)
        asked = replace(once, request=once.request + _rights(who))
        return asked.run(connection, actor, lambda: work(connection, who), status=status, secret=secret)


def _rights(who: CentreActor) -> bytes:
    held = (str(who.person_id), str(who.member_id), *sorted(who.roles), *sorted(who.granted))
    return "\n".join(("", *held)).encode()


def _member(connection: sa.Connection, actor: Actor) -> CentreActor:
    who = acting(connection, actor)
    who.require("centre.read")
    return who
