"""/ns/epcis/: the open extension of the CBV for reverse logistics, for everybody, as files that may be kept.

The vocabulary itself (text/turtle), or its JSON-LD context for who prefers JSON; the shapes beside them.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from litestar import Request, Response, get

from takeback.web.security import CACHED, STATIC

ROOT = "/ns/epcis"
CONTEXT, VOCABULARY, SHAPES = "takeback-context.jsonld", "vocabulary.ttl", "shapes.ttl"
_LD, _TURTLE = "application/ld+json", "text/turtle"
_FOLDER = files("takeback.prove.extension")
_OPT = STATIC | CACHED
# A program of another site may read them: they are nobody's secret.
_HEADERS = {"cache-control": "public, max-age=86400", "access-control-allow-origin": "*"}


@get(ROOT, opt=_OPT, sync_to_thread=False, include_in_schema=False)
def index(request: Request[Any, Any, Any]) -> Response[bytes]:
    best = request.accept.best_match([_TURTLE, _LD, "application/json"], default=_TURTLE)
    found = _file(VOCABULARY, _TURTLE) if best == _TURTLE else _file(CONTEXT, _LD)
    found.headers["vary"] = "Accept"
    return found


@get(f"{ROOT}/{CONTEXT}", opt=_OPT, sync_to_thread=False, include_in_schema=False)
def context() -> Response[bytes]:
    return _file(CONTEXT, _LD)


@get(f"{ROOT}/{VOCABULARY}", opt=_OPT, sync_to_thread=False, include_in_schema=False)
def vocabulary() -> Response[bytes]:
    return _file(VOCABULARY, _TURTLE)


@get(f"{ROOT}/{SHAPES}", opt=_OPT, sync_to_thread=False, include_in_schema=False)
def shapes() -> Response[bytes]:
    return _file(SHAPES, _TURTLE)


def _file(name: str, media_type: str) -> Response[bytes]:
    return Response(_FOLDER.joinpath(name).read_bytes(), media_type=media_type, headers=dict(_HEADERS))


HANDLERS = [index, context, vocabulary, shapes]
