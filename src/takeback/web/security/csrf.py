"""That a request which changes something was meant: where it came from, and a token only our pages know."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from urllib.parse import urlsplit

from litestar import Request
from litestar.enums import RequestEncodingType

from takeback.core.message import msg
from takeback.core.problem import Problem

HEADER, FIELD = "x-csrftoken", "_csrf_token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_SALT = 12
_FORMS = (RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART)


def csrf_token(secret: str) -> str:
    """Return a token for the pages of a session or visitor; each looks different, so that compression tells nothing."""
    salt = secrets.token_bytes(_SALT)
    return urlsafe_b64encode(salt + _mac(secret, salt)).decode().rstrip("=")


def token_fits(secret: str, token: str) -> bool:
    """Whether `token` was made from `secret`."""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return False
    return hmac.compare_digest(raw[_SALT:], _mac(secret, raw[:_SALT]))


async def check_meant(
    request: Request[Any, Any, Any], *, session: str | None, visitor: str | None, streamed: bool = False
) -> None:
    """Let a changing request through when it comes from our own pages.

    A session's request needs its token in the header or the form. Without a session only forms need one (that of
    the visitor, so that nobody is signed in to a stranger's account); other bodies cannot be sent across
    sites without asking first, which we never allow. A `streamed` form of a session is not read here: whoever reads
    it calls `require_token`.

    Raises
    ------
    Problem
        `request.cross-site` or `request.bad-token` (403), `request.bad-media-type` (415).
    """
    if request.method in SAFE:
        return
    _same_site(request)
    if session is None and request.content_type[0] not in _FORMS:
        _json_only(request)
        return
    if not (streamed and session):
        require_token(session or visitor, await _token(request))


def require_token(secret: str | None, token: str) -> None:
    """Let a request through whose token was made from `secret`. Raises `request.bad-token` (403)."""
    if secret is None or not token_fits(secret, token):
        raise Problem(
            "request.bad-token",
            msg("This form has grown old."),
            where=FIELD,
            remedy=msg("Load the page again, then send the form once more."),
            status=403,
        )


def _same_site(request: Request[Any, Any, Any]) -> None:
    fetched = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if fetched is not None:
        ours = fetched in {"same-origin", "none"}
    else:
        ours = origin is None or _host(origin) == request.headers.get("host", "")
    if not ours:
        raise Problem(
            "request.cross-site",
            msg("This request comes from another site."),
            found=origin or fetched,
            status=403,
        )


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def _json_only(request: Request[Any, Any, Any]) -> None:
    has_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    if has_body and request.content_type[0] != RequestEncodingType.JSON:
        raise Problem(
            "request.bad-media-type",
            msg("A body of this media type is not read here."),
            where="Content-Type",
            found=request.headers.get("content-type"),
            expected=RequestEncodingType.JSON.value,
            status=415,
        )


async def _token(request: Request[Any, Any, Any]) -> str:
    if (header := request.headers.get(HEADER)) is not None:
        return header
    if request.content_type[0] not in _FORMS:
        return ""
    value = (await request.form()).get(FIELD)
    return value if isinstance(value, str) else ""


def _mac(secret: str, salt: bytes) -> bytes:
    return hmac.digest(secret.encode(), b"csrf" + salt, "sha256")
