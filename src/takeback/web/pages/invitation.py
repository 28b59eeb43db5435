"""GET and POST /invitation/{token}: what the link of an invitation opens."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from msgspec.structs import replace

from takeback.core.problem import Problem
from takeback.operate import identity
from takeback.operate.identity import Offer
from takeback.operate.identity.tokens import new_token
from takeback.web.api.invitations import count_token
from takeback.web.console.views import InvitationPage
from takeback.web.pages.answers import Form, one, page, see_other
from takeback.web.preferences import AnyRequest, locale_of
from takeback.web.security import PUBLIC, Caller, csrf_token, session_cookie, visitor_cookie
from takeback.web.shell import plain_shell


@get("/invitation/{token:str}", opt=PUBLIC, sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, caller: Caller, token: str) -> Response[Any]:
    count_token(caller.address)
    return _page(request, caller, _view(request, caller, token, identity.offered(token)))


@post("/invitation/{token:str}", opt=PUBLIC, sync_to_thread=True, include_in_schema=False)
def accept(request: AnyRequest, caller: Caller, token: str, data: Form) -> Response[Any]:
    count_token(caller.address)
    offer = identity.offered(token)
    try:
        if caller.signed_in is not None:
            identity.accept_as(token, caller.signed_in.user)
            identity.choose_organisation(identity.signed_in(caller.secret or "") or caller.signed_in, offer.org_id)
            return see_other("/")
        user = identity.accept_new(
            token, display_name=one(data, "name"), password=one(data, "password"), locale=locale_of(request)
        )
    except Problem as problem:
        view = replace(_view(request, caller, token, offer), name=one(data, "name"), problem=problem.title)
        return _page(request, caller, view, status=problem.status)
    opened = identity.open_session(user.id, address=caller.address, agent=request.headers.get("user-agent"))
    return see_other("/", cookies=[session_cookie(request, opened)])


def _view(request: AnyRequest, caller: Caller, token: str, offer: Offer) -> InvitationPage:
    chinese = locale_of(request) == "zh_Hans"
    return InvitationPage(
        token=token,
        organisation=offer.organisation_zh if chinese else offer.organisation,
        email=offer.email,
        role=offer.role,
        registered=offer.registered,
        you=caller.signed_in is not None and caller.signed_in.user.email == offer.email,
    )


def _page(request: AnyRequest, caller: Caller, view: InvitationPage, *, status: int = 200) -> Response[Any]:
    shell = plain_shell(request)
    if caller.secret is not None or caller.visitor is not None:
        return page(view, shell, status=status)
    visitor = new_token()
    shell = replace(shell, csrf_token=csrf_token(visitor))
    return page(view, shell, status=status, cookies=[visitor_cookie(request, visitor)])


HANDLERS = [show, accept]
