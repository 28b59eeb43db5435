"""GET and POST /sign-in, POST /sign-out."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect
from msgspec.structs import replace

from takeback.core.problem import Problem
from takeback.operate import identity
from takeback.operate.identity.tokens import new_token
from takeback.store.settings import Settings
from takeback.web.console.views import SignInPage
from takeback.web.pages.answers import Form, one, page, see_other
from takeback.web.pages.demo_accounts import demo_accounts
from takeback.web.preferences import own_path
from takeback.web.security import (
    PERSON,
    PUBLIC,
    Caller,
    csrf_token,
    expire_session,
    session_cookie,
    visitor_cookie,
)
from takeback.web.shell import plain_shell

AnyRequest = Request[Any, Any, Any]


@get("/sign-in", opt=PUBLIC, sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, caller: Caller) -> Response[Any]:
    target = own_path(request.query_params.get("next", "/"))
    if caller.signed_in is not None:
        return see_other(target)
    return _form(request, caller, SignInPage(next=target))


@post("/sign-in", opt=PUBLIC, sync_to_thread=True, include_in_schema=False)
def sign_in(request: AnyRequest, caller: Caller, data: Form) -> Response[Any]:
    email, target = one(data, "email"), own_path(one(data, "next") or "/")
    try:
        token = identity.sign_in(
            email,
            one(data, "password"),
            address=caller.address,
            agent=request.headers.get("user-agent"),
            replacing=caller.secret,
        )
    except Problem as problem:
        if problem.status not in {401, 429}:
            raise
        view = SignInPage(email=email, next=target, problem=problem.title)
        return _form(request, caller, view, status=problem.status)
    return see_other(target, cookies=[session_cookie(request, token)])


@post("/sign-out", opt=PERSON, sync_to_thread=True, include_in_schema=False)
def sign_out(request: AnyRequest, caller: Caller) -> Redirect:
    person = caller.person()
    identity.sign_out(person.user.id, person.session.id)
    return see_other("/sign-in", cookies=[expire_session(request)])


def _form(request: AnyRequest, caller: Caller, view: SignInPage, *, status: int = 200) -> Response[Any]:
    """Show the form; its token is made from the visitor's cookie, which a new visitor gets with it."""
    visitor = caller.visitor or new_token()
    shell = replace(plain_shell(request), csrf_token=csrf_token(visitor))
    view = replace(view, demo=demo_accounts(Settings.from_environment().home))
    cookies = [] if caller.visitor else [visitor_cookie(request, visitor)]
    return page(view, shell, status=status, cookies=cookies)


HANDLERS = [show, sign_in, sign_out]
