"""The caller."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import msgspec
from litestar import get, patch, put

from takeback import store
from takeback.operate import identity
from takeback.operate.identity import Locale, Membership, Role, User
from takeback.web.security import KNOWN, PERSON, Caller, csrf_token

TAGS = ["You"]


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """The caller: `user` for people, `key_id` for API keys; what it may do, and for which organisation.

    `csrf_token` goes into the header `x-csrftoken` of changing requests that are sent with the session cookie.
    """

    user: User | None
    key_id: UUID | None
    organisation_id: UUID | None
    role: Role | None
    permissions: list[str]
    organisations: list[Membership]
    csrf_token: str | None


class MeChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is given changes; `organisation_id` is the organisation to work for from now on."""

    locale: Locale | None = None
    organisation_id: UUID | None = None


class PasswordChange(msgspec.Struct, frozen=True, kw_only=True):
    """The new password needs 12 to 128 characters."""

    current: str
    new: str


def described(caller: Caller) -> Me:
    """Return the caller as it is told."""
    actor, signed_in = caller.actor, caller.signed_in
    return Me(
        user=signed_in.user if signed_in else None,
        key_id=actor.key_id if actor else None,
        organisation_id=actor.org_id if actor else None,
        role=actor.role if actor else None,
        permissions=sorted(actor.permissions) if actor else [],
        organisations=list(signed_in.memberships) if signed_in else [],
        csrf_token=csrf_token(caller.secret) if caller.secret else None,
    )


@get("/me", opt=KNOWN, sync_to_thread=False, tags=TAGS, summary="Who you are and what you may do")
def me(caller: Caller) -> Me:
    return described(caller)


@patch("/me", opt=PERSON, sync_to_thread=True, tags=TAGS, summary="Change your language or organisation")
def change_me(caller: Caller, data: MeChange) -> Me:
    person = caller.person()
    if data.locale is not None:
        with store.admin() as connection:
            identity.set_locale(connection, person.user.id, data.locale)
    if data.organisation_id is not None:
        identity.choose_organisation(person, data.organisation_id)
    return described(again(caller))


@put(
    "/me/password",
    opt=PERSON,
    sync_to_thread=True,
    tags=TAGS,
    summary="Change your password; all your sessions end",
    status_code=204,
)
def change_password(caller: Caller, data: PasswordChange) -> None:
    person = caller.person()
    with store.admin() as connection:
        identity.change_password(connection, person.user.id, current=data.current, new=data.new)


def again(caller: Caller) -> Caller:
    """Return the caller of a session as it is now, after a change."""
    found = identity.signed_in(caller.secret) if caller.secret else None
    return replace(caller, signed_in=found, actor=found.actor if found else None)


HANDLERS = [me, change_me, change_password]
