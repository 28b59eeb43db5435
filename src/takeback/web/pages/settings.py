"""GET /settings: members and API keys, and the forms that change them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from takeback import store
from takeback.core.message import msg
from takeback.operate import identity
from takeback.operate.identity import Actor, scopes_of
from takeback.operate.identity.inviting import VALID_FOR
from takeback.web.console.views import ApiKey, Flash, Member, SettingsPage
from takeback.web.frame import frame
from takeback.web.pages.answers import Form, one, page, see_other, several
from takeback.web.preferences import AnyRequest


@get("/settings", sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor) -> Response[Any]:
    actor.require("organisation.read")
    return _page(request, actor)


@post("/settings/members", sync_to_thread=True, include_in_schema=False)
def invite(request: AnyRequest, actor: Actor, data: Form) -> Response[Any]:
    with store.transaction(actor.org_id) as connection:
        made, token = identity.invite(connection, actor, email=one(data, "email"), role=one(data, "role"))
    told = msg(
        "Give this link to {email}. It works once, within {days} days: {link}",
        email=made.email,
        days=VALID_FOR.days,
        link=f"{request.base_url}invitation/{token}",
    )
    return _page(request, actor, Flash(text=told))


@post("/settings/members/{user_id:uuid}/role", sync_to_thread=True, include_in_schema=False)
def change_role(actor: Actor, user_id: UUID, data: Form) -> Redirect:
    with store.transaction(actor.org_id) as connection:
        identity.change_role(connection, actor, user_id, one(data, "role"))
    return see_other("/settings")


@post("/settings/members/{user_id:uuid}/remove", sync_to_thread=True, include_in_schema=False)
def remove(request: AnyRequest, actor: Actor, user_id: UUID) -> Response[Any] | Redirect:
    with store.transaction(actor.org_id) as connection:
        ended = identity.remove_member(connection, actor, user_id)
    if not ended or user_id == actor.user_id:
        return see_other("/settings")
    told = msg("The API keys that this person made are revoked: {count}.", count=ended)
    return _page(request, actor, Flash(text=told))


@post("/settings/keys", sync_to_thread=True, include_in_schema=False)
def make_key(request: AnyRequest, actor: Actor, data: Form) -> Response[Any]:
    with store.transaction(actor.org_id) as connection:
        _, text = identity.create_key(connection, actor, name=one(data, "name"), scopes=several(data, "scope"))
    return _page(request, actor, new_key=text)


@post("/settings/keys/{key_id:uuid}/revoke", sync_to_thread=True, include_in_schema=False)
def revoke(actor: Actor, key_id: UUID) -> Redirect:
    with store.transaction(actor.org_id) as connection:
        identity.revoke_key(connection, actor, key_id)
    return see_other("/settings")


def _page(request: AnyRequest, actor: Actor, *flashes: Flash, new_key: str | None = None) -> Response[Any]:
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor, *flashes)
        own = identity.organisation(connection, actor.org_id)
        members = identity.members(connection, actor) if actor.may("member.read") else []
        keys = identity.keys(connection, actor) if actor.may("key.read") else []
    view = SettingsPage(
        organisation=around.name(own.name, own.name_zh),
        organisation_kind=own.kind,
        members=tuple(_member(one, actor) for one in members),
        keys=tuple(_key(one) for one in keys if one.revoked_at is None),
        may_manage=actor.may("member.edit"),
        sees_members=actor.may("member.read"),
        sees_keys=actor.may("key.read"),
        new_key=new_key,
    )
    return page(view, around.shell)


def _member(one: identity.Member, actor: Actor) -> Member:
    return Member(
        id=str(one.user_id),
        name=one.display_name,
        email=one.email,
        role=one.role,
        last_seen=one.seen_at,
        you=one.user_id == actor.user_id,
    )


def _key(one: identity.ApiKey) -> ApiKey:
    return ApiKey(
        id=str(one.id),
        name=one.name,
        prefix=one.prefix[:11],
        scopes=scopes_of(one.permissions),
        created_at=one.created_at,
        last_used=one.used_at,
    )


HANDLERS = [show, invite, change_role, remove, make_key, revoke]
