"""POST /preferences: language, theme, what the figures are of, and for which of one's organisations one works."""

from __future__ import annotations

from uuid import UUID

from litestar import post
from litestar.response import Redirect

from takeback import store
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate import identity
from takeback.web.pages.answers import Form, one, see_other
from takeback.web.preferences import CHOICES, AnyRequest, is_choice, preference_cookie
from takeback.web.security import PUBLIC, Caller

_NAMES = (*CHOICES, "site")


@post("/preferences", opt=PUBLIC, sync_to_thread=True, include_in_schema=False)
def prefer(request: AnyRequest, caller: Caller, data: Form) -> Redirect:
    chosen = {name: one(data, name) for name in _NAMES if name in data}
    good = {name: value for name, value in chosen.items() if is_choice(name, value)}
    if caller.signed_in is not None and "locale" in good:
        with store.admin() as connection:
            locale: identity.Locale = "zh_Hans" if good["locale"] == "zh_Hans" else "en"
            identity.set_locale(connection, caller.signed_in.user.id, locale)
    if caller.signed_in is not None and "organisation" in data:
        identity.choose_organisation(caller.signed_in, _organisation(one(data, "organisation")))
    cookies = [preference_cookie(request, name, value) for name, value in good.items()]
    return see_other(one(data, "next") or "/", cookies=cookies)


def _organisation(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Problem(
            "identity.no-organisation", msg("There is no such organisation."), where="organisation", found=text[:100],
            expected=msg("the id of one of your organisations"), status=404,
        ) from None  # fmt: skip


HANDLERS = [prefer]
