"""What page handlers answer with, and how they read forms."""

from __future__ import annotations

import re
from typing import Annotated, Any

from litestar import Response
from litestar.datastructures import Cookie
from litestar.enums import MediaType, RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from takeback.web.console import render
from takeback.web.console.views import Shell, View
from takeback.web.preferences import own_path

_PAGE = re.compile(r"[0-9]{1,7}")
Form = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]
"""The fields of a sent form. A name that stands several times gives a list: see `one` and `several`."""


def page(view: View, shell: Shell, *, status: int = 200, cookies: list[Cookie] | None = None) -> Response[str]:
    """Return a page or a fragment."""
    return Response(render(view, shell), status_code=status, media_type=MediaType.HTML, cookies=cookies)


def see_other(target: str, *, cookies: list[Cookie] | None = None) -> Redirect:
    """Send the browser to another page of ours, after a form (303: it asks with GET)."""
    return Redirect(own_path(target), status_code=303, cookies=cookies)


def page_number(asked: str) -> int:
    """Return the number of the page asked for; the first where that is none."""
    return max(1, int(asked)) if _PAGE.fullmatch(asked) else 1


def one(form: dict[str, Any], name: str) -> str:
    """Return a field's text, empty when it is missing; of several the last."""
    values = several(form, name)
    return values[-1] if values else ""


def several(form: dict[str, Any], name: str) -> list[str]:
    """Return all texts of a field."""
    value = form.get(name)
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str)]
