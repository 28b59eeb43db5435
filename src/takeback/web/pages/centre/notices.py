"""GET /centre/notices: what the visitor is told; POST /centre/notices/read: all of it was read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from takeback.core.message import Message, msg
from takeback.operate.identity import Actor
from takeback.share.centre import notices
from takeback.share.centre.notices import Notice
from takeback.web.console.views import Action, Block, CentreSheetPage, Chip, LinkRow
from takeback.web.pages.answers import page, see_other
from takeback.web.pages.centre.visit import Visit, visit
from takeback.web.preferences import AnyRequest

URL = "/centre/notices"


@get(URL, sync_to_thread=True, include_in_schema=False)
def index(request: AnyRequest, actor: Actor) -> Response[Any]:
    with visit(request, actor) as here:
        found = notices.my_notices(here.connection, here.me) if here.me.person_id else []
        new = tuple(_row(here, one) for one in found if one.unread)
        old = tuple(_row(here, one) for one in found if not one.unread)
        read = (Action(label=msg("All read"), href=f"{URL}/read"),) if new else ()
        blocks = [Block(title=msg("New"), links=new, actions=read, nothing=msg("Nothing new for you."))]
        if old:
            blocks.append(Block(title=msg("Read before"), links=old))
        return page(CentreSheetPage(title=msg("Notices"), blocks=tuple(blocks)), here.around.shell)


def _row(visit: Visit, one: Notice) -> LinkRow:
    chinese = visit.around.shell.locale == "zh_Hans"
    return LinkRow(
        href=f"{URL}/{one.id}",
        title=notices.sentence(one.code, one.said, chinese=chinese),
        detail=Message("{day}", {"day": one.on}),
        badge=Chip(label=msg("new"), tone="warn") if one.unread else None,
    )


@get(f"{URL}/{{notice_id:uuid}}", sync_to_thread=True, include_in_schema=False)
def follow(request: AnyRequest, actor: Actor, notice_id: UUID) -> Redirect:
    """Lead to what a notice is about; it is read then. One that is not the visitor's leads to the list."""
    with visit(request, actor) as here:
        found = notices.my_notices(here.connection, here.me) if here.me.person_id else []
        one = next((one for one in found if one.id == notice_id), None)
        if one is not None:
            notices.read_notices(here.connection, here.me, [one.id])
    return see_other(one.about if one else URL)


@post(f"{URL}/read", sync_to_thread=True, include_in_schema=False)
def read(request: AnyRequest, actor: Actor) -> Redirect:
    with visit(request, actor) as here:
        notices.read_notices(here.connection, here.me)
    return see_other(URL)


HANDLERS = [index, follow, read]
