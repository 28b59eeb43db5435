"""GET /centre: figures of the year, what waits, news."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from takeback.core.message import msg
from takeback.operate.identity import Actor
from takeback.web.console.views import CentreSheetPage
from takeback.web.pages.answers import page
from takeback.web.pages.centre.visit import visit
from takeback.web.preferences import AnyRequest


@get("/centre", sync_to_thread=True, include_in_schema=False)
def overview(request: AnyRequest, actor: Actor) -> Response[Any]:
    with visit(request, actor) as here:
        return page(CentreSheetPage(title=msg("Overview")), here.around.shell)


HANDLERS = [overview]
