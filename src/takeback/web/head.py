"""HEAD: what GET would answer, without its body (RFC 9110, 9.3.2), on every address that answers GET."""

from __future__ import annotations

from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send


class HeadAsGet:
    """Asks the application with GET where somebody asks with HEAD, and keeps the body back.

    Addresses beneath `own` answer HEAD themselves.
    """

    def __init__(self, app: ASGIApp, *, own: tuple[str, ...]) -> None:
        self._app, self._own = app, own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        http = scope if scope["type"] == ScopeType.HTTP else None
        if http is not None and http["method"] == HttpMethod.HEAD and not http["path"].startswith(self._own):
            await self._without_body(http, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _without_body(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        # The server keeps its own scope, in which HEAD stands: it expects no body, whatever the length in the headers.
        asked = scope.copy()
        asked["method"] = HttpMethod.GET
        await self._app(asked, receive, without_body)
