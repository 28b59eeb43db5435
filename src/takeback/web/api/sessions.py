"""Signing in and out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post

from takeback.operate import identity
from takeback.operate.identity import Session
from takeback.web.api.me import Me, described
from takeback.web.security import PERSON, PUBLIC, Caller, expire_session, session_cookie

TAGS = ["Sessions"]


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """E-mail and password."""

    email: str
    password: str


@post("/sessions", opt=PUBLIC, sync_to_thread=True, tags=TAGS, summary="Sign in; the session is a cookie")
def sign_in(request: Request[Any, Any, Any], caller: Caller, data: SignIn) -> Response[Me]:
    token = identity.sign_in(
        data.email,
        data.password,
        address=caller.address,
        agent=request.headers.get("user-agent"),
        replacing=caller.secret,
    )
    found = identity.signed_in(token)
    signed_in = Caller(address=caller.address, secret=token, signed_in=found, actor=found.actor if found else None)
    return Response(described(signed_in), status_code=201, cookies=[session_cookie(request, token)])


@get("/sessions", opt=PERSON, sync_to_thread=True, tags=TAGS, summary="Where you are signed in")
def sessions(caller: Caller) -> list[Session]:
    return identity.sessions_of(caller.person().user.id)


@delete("/sessions", opt=PERSON, sync_to_thread=True, tags=TAGS, summary="Sign out everywhere")
def sign_out_everywhere(request: Request[Any, Any, Any], caller: Caller) -> Response[None]:
    identity.sign_out_everywhere(caller.person().user.id)
    return Response(None, status_code=204, cookies=[expire_session(request)])


@delete("/sessions/current", opt=PERSON, sync_to_thread=True, tags=TAGS, summary="Sign out here")
def sign_out(request: Request[Any, Any, Any], caller: Caller) -> Response[None]:
    person = caller.person()
    identity.sign_out(person.user.id, person.session.id)
    return Response(None, status_code=204, cookies=[expire_session(request)])


@delete("/sessions/{session_id:uuid}", opt=PERSON, sync_to_thread=True, tags=TAGS, summary="Sign out there")
def end_session(caller: Caller, session_id: UUID) -> None:
    identity.sign_out(caller.person().user.id, session_id)


HANDLERS = [sign_in, sessions, sign_out_everywhere, sign_out, end_session]
