"""perPage, nextPageToken, and the headers by which an answer tells of the page behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import sqlalchemy as sa
from litestar import Response

from takeback.core.times import moment_text
from takeback.operate.epcis.page_tokens import require_unspent
from takeback.prove.epcis.query import Query, parse, tokens
from takeback.prove.epcis.query.page import PER_PAGE
from takeback.prove.epcis.query.tokens import Token
from takeback.prove.epcis.query.trouble import wrong
from takeback.web.epcis.versions import SPOKEN
from takeback.web.preferences import AnyRequest

_FORM = ((str,),)
_OWN = frozenset({"perPage", "nextPageToken"})


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page of a list a request wants: ``size`` members behind the one named by ``after``."""

    request: AnyRequest
    digest: bytes
    size: int
    after: str | None
    token: str | None = None

    def check(self, connection: sa.Connection, org: UUID) -> None:
        """Refuse a token that was given back."""
        require_unspent(connection, org, self.token)

    def answer(self, body: Any, last: str | None) -> Response[Any]:
        """Return a page; ``last`` names its last member where there is a page behind."""
        headers = dict(SPOKEN)
        if last is not None:
            now = datetime.now(UTC)
            token = Token(self.digest, 0, (last,)).write(now)
            headers |= next_page(self.request, token, tokens.expires(now))
        return Response(body, headers=headers)


def paging_of(request: AnyRequest, *scope: str) -> Paging:
    """Return what a request says of pages. Raises ``epcis.query-parameter`` (400)."""
    asked = pages_of(request)
    digest = sha256("\0".join(scope).encode()).digest()[:8]
    after = str(tokens.read(asked.token, digest, datetime.now(UTC), form=_FORM).place[0]) if asked.token else None
    return Paging(request, digest, asked.per_page or PER_PAGE, after, asked.token)


def pages_of(request: AnyRequest) -> Query:
    """Return perPage and nextPageToken as a query that asks for nothing else.

    Raises ``epcis.query-parameter`` (400), also for other parameters.
    """
    for name, value in pairs_of(request):
        if name not in _OWN:
            raise wrong(name, value, ", ".join(sorted(_OWN)))
    return parse(pairs_of(request))


def pairs_of(request: AnyRequest) -> list[tuple[str, str]]:
    """Return the parameters of the address, in their order, empty ones too."""
    return parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)


def next_page(request: AnyRequest, token: str, expires: datetime | None) -> dict[str, str]:
    """Return the headers of an answer that has a page behind it (Link and GS1-Next-Page-Token-Expires)."""
    pairs = [pair for pair in pairs_of(request) if pair[0] != "nextPageToken"]
    query = urlencode([*pairs, ("nextPageToken", token)])
    raw = (request.scope.get("raw_path") or request.scope["path"].encode()).partition(b"?")[0].decode("latin-1")
    url = f"{request.url.scheme}://{request.url.netloc}{raw}?{query}"
    headers = {"Link": f'<{url}>; rel="next"'}
    return {**headers, "GS1-Next-Page-Token-Expires": moment_text(expires)} if expires else headers
