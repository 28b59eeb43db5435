"""GET /verify: the page on which anybody checks a proof bundle, without sign-in; and the file that does it alone."""

from __future__ import annotations

from importlib.resources import files

from litestar import Response, get

from takeback.web.security import CACHED, STATIC

_FOLDER = files("takeback.prove.standalone")
_AN_HOUR = {"cache-control": "public, max-age=3600"}
_OPT = STATIC | CACHED


@get("/verify", opt=_OPT, sync_to_thread=False, include_in_schema=False)
def page() -> Response[bytes]:
    return _file("verify.html", "text/html")


@get("/verify.js", opt=_OPT, sync_to_thread=False, include_in_schema=False)
def script() -> Response[bytes]:
    return _file("verify.js", "text/javascript")


@get("/verify.css", opt=_OPT, sync_to_thread=False, include_in_schema=False)
def style() -> Response[bytes]:
    return _file("verify.css", "text/css")


@get("/takeback_verify.py", opt=_OPT, sync_to_thread=False, include_in_schema=False)
def verifier() -> Response[bytes]:
    return _file("takeback_verify.py", "text/x-python")


def _file(name: str, media_type: str) -> Response[bytes]:
    content = _FOLDER.joinpath(name).read_bytes()
    return Response(content, media_type=media_type, headers=_AN_HOUR)


HANDLERS = [page, script, style, verifier]
