"""Thousands of requests one after the other, asked of the application itself: no client and no thread in between.

Who asks, and what is asked and answered, is as in a browser; only what such a test does not look at costs nothing:
requests are not counted against limits, a session is looked up once, and handlers run where they are called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import msgspec
import pytest
from litestar import Litestar
from litestar.concurrency import get_asyncio_executor, set_asyncio_executor
from litestar.testing import TestClient
from pypdf import PdfReader

from takeback.operate import identity
from takeback.share.centre.calls.unpacking import unpacked
from takeback.web.security import authentication, csrf_token

_BORDER = "a-border"
CSV = (
    f'--{_BORDER}\r\nContent-Disposition: form-data; name="data"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
    f"code,name\nX,Y\n\r\n--{_BORDER}--\r\n"
).encode()
"""A small list as an upload."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request; `body`: bytes of an upload, or what JSON says, None for none."""

    method: str
    address: str
    body: Any = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of it; `headers` without the date, `text` with all that a packed file holds."""

    status_code: int
    headers: Sequence[tuple[str, str]]
    text: str


class _AtOnce(ThreadPoolExecutor):
    """Runs what is given to it at once, in the thread that gives it."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return a future that is done."""
        future = Future[Any]()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as wrong:
            future.set_exception(wrong)
        return future


@contextmanager
def unhurried() -> Iterator[None]:
    """Count no requests, look each session up once, and change no threads while the block lasts."""
    before = get_asyncio_executor()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(authentication, "_count", lambda *_: None)
        patch.setattr(identity, "take", lambda *_: None)  # of addresses: the board anybody may read
        patch.setattr(identity, "signed_in", cache(identity.signed_in))
        set_asyncio_executor(_AtOnce(1))
        try:
            yield
        finally:
            set_asyncio_executor(before)


class Asker:
    """Somebody who asks: the person of an account, or nobody."""

    def __init__(self, running: TestClient[Litestar], user: UUID | None) -> None:
        self._running, self._headers = running, [(b"host", b"testserver.local")]
        if user is not None:
            token = identity.open_session(user)
            self._headers += [
                (b"cookie", f"takeback_session={token}".encode()), (b"x-csrftoken", csrf_token(token).encode()),
            ]  # fmt: skip

    def ask(self, requests: Iterable[Asked]) -> list[Answered]:
        """Return the answer to each request, asked in this order."""
        found: list[Answered] = self._running.blocking_portal.call(self._all, list(requests))
        return found

    async def _all(self, requests: list[Asked]) -> list[Answered]:
        return [await self._one(request) for request in requests]

    async def _one(self, request: Asked) -> Answered:
        content, sort = _content(request.body)
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self._running.app(self._scope(request, content, sort), receive, send)
        start = next(one for one in sent if one["type"] == "http.response.start")
        body = b"".join(one.get("body", b"") for one in sent if one["type"] == "http.response.body")
        headers = [(name.decode(), value.decode()) for name, value in start["headers"] if name != b"date"]
        return Answered(start["status"], headers, _text(body))

    def _scope(self, request: Asked, content: bytes, sort: str) -> Any:
        path, _, query = request.address.partition("?")
        accept = b"application/json" if path.startswith("/api") else b"text/html"
        headers = [*self._headers, (b"accept", accept), (b"content-length", str(len(content)).encode())]
        headers += [(b"content-type", sort.encode())] if sort else []
        return {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": request.method,
            "path": unquote(path), "raw_path": path.encode(), "root_path": "", "scheme": "http",
            "query_string": query.encode(), "headers": headers, "client": ("testclient", 50000),
            "server": ("testserver.local", 80), "extensions": {},
        }  # fmt: skip


def _text(body: bytes) -> str:
    pages = PdfReader(BytesIO(body)).pages if body.startswith(b"%PDF-") else ()
    return "\n".join((unpacked(body), *(one.extract_text() for one in pages)))


def _content(body: Any) -> tuple[bytes, str]:
    if body is None:
        return b"", ""
    if isinstance(body, bytes):
        return body, f"multipart/form-data; boundary={_BORDER}"
    return msgspec.json.encode(body), "application/json"
