"""GET /centre: figures of the year, what waits, news."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from takeback.operate.identity import Actor
from takeback.web.console.views import CentreOverviewPage
from takeback.web.pages.answers import page
from takeback.web.pages.centre.visit import visit
from takeback.web.preferences import AnyRequest


@get("/centre", sync_to_thread=True, include_in_schema=False)
def overview(request: AnyRequest, actor: Actor) -> Response[Any]:
    with visit(request, actor) as here:
        return page(CentreOverviewPage(year=here.around.now.year), here.around.shell)


HANDLERS = [overview]
