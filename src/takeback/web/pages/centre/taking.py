"""GET /centre/{kind}/export.{ending}: a list as Excel, CSV or JSON."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.share.centre import tables
from takeback.web.api.centre_files import downloaded
from takeback.web.console import translations
from takeback.web.pages.centre.visit import readable, visit
from takeback.web.preferences import AnyRequest

ENDINGS = ("xlsx", "csv", "json")


@get("/centre/{kind:str}/export/{ending:str}", sync_to_thread=True, include_in_schema=False)
def export(request: AnyRequest, actor: Actor, kind: str, ending: str) -> Response[bytes]:
    state, year, text = (request.query_params.get(name, "")[:100] for name in ("state", "year", "q"))
    with visit(request, actor) as here:
        what = readable(here, kind)
        if ending not in ENDINGS:
            raise Problem(
                "centre.bad-ending",
                msg("There is no such form of a file."),
                found=ending,
                expected=", ".join(ENDINGS),
                status=404,
            )
        narrowed: dict[str, Any] = {
            "state": state if state in what.states else None,
            "year": int(year) if year.isdecimal() and len(year) == 4 else None,
            "text": text.strip(),
        }
        say = translations(here.around.shell.locale).gettext
        content = tables.export(here.connection, here.me, what.name, ending, **narrowed, gettext=say)  # type: ignore[arg-type]
    return downloaded(content, f"{kind}.{ending}", tables.MEDIA_TYPES[ending])


HANDLERS = [export]
