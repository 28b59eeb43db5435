"""Invitations: made by owners, accepted by whoever holds the token."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post

from takeback import store
from takeback.operate import identity
from takeback.operate.identity import Actor, Invitation, Locale, Offer, Role, rate
from takeback.web.api.idempotency import Once
from takeback.web.security import PUBLIC, Caller, session_cookie

TAGS = ["Invitations"]


class Invite(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to invite, and as what."""

    email: str
    role: Role


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """The invitation and the path of its link. The token in it is shown now and never again."""

    invitation: Invitation
    token: str
    path: str


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """The token of an invitation's link."""

    token: str


class Acceptance(msgspec.Struct, frozen=True, kw_only=True):
    """`display_name` and `password` are for people without an account; others sign in first."""

    token: str
    display_name: str | None = None
    password: str | None = None
    locale: Locale = "en"


@get("/invitations", sync_to_thread=True, tags=TAGS, summary="The organisation's invitations, newest first")
def invitations(actor: Actor) -> list[Invitation]:
    with store.transaction(actor.org_id) as connection:
        return identity.invitations(connection, actor)


@post("/invitations", sync_to_thread=True, tags=TAGS, summary="Invite somebody")
def invite(actor: Actor, data: Invite, once: Once) -> Response[Invited]:
    with store.transaction(actor.org_id) as connection:

        def effect() -> Invited:
            made, token = identity.invite(connection, actor, email=data.email, role=data.role)
            return Invited(invitation=made, token=token, path=f"/invitation/{token}")

        return once.run(connection, actor, effect, secret=True)


@delete("/invitations/{invitation_id:uuid}", sync_to_thread=True, tags=TAGS, summary="Revoke an invitation")
def revoke(actor: Actor, invitation_id: UUID) -> None:
    with store.transaction(actor.org_id) as connection:
        identity.revoke_invitation(connection, actor, invitation_id)


@post("/invitations/offer", opt=PUBLIC, sync_to_thread=True, tags=TAGS, summary="Read an invitation")
def offer(caller: Caller, data: Token) -> Response[Offer]:
    count_token(caller.address)
    return Response(identity.offered(data.token), status_code=200)


@post("/invitations/acceptance", opt=PUBLIC, sync_to_thread=True, tags=TAGS, summary="Accept an invitation")
def accept(request: Request[Any, Any, Any], caller: Caller, data: Acceptance) -> Response[Offer]:
    count_token(caller.address)
    if caller.signed_in is not None:
        return Response(identity.accept_as(data.token, caller.signed_in.user), status_code=201)
    found = identity.offered(data.token)
    user = identity.accept_new(
        data.token,
        display_name=data.display_name or "",
        password=data.password or "",
        locale=data.locale,
    )
    token = identity.open_session(user.id, address=caller.address, agent=request.headers.get("user-agent"))
    return Response(found, status_code=201, cookies=[session_cookie(request, token)])


def count_token(address: str) -> None:
    """Slow down whoever tries tokens."""
    with store.admin() as connection:
        identity.take(connection, rate.TOKEN_BY_ADDRESS, address)


HANDLERS = [invitations, invite, revoke, offer, accept]
