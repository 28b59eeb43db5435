"""`Idempotency-Key`: a request sent twice takes effect once. A few lines in a handler that creates something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import file_digest
from typing import IO, Annotated, Any, TypeVar

import sqlalchemy as sa
from litestar import Request, Response
from litestar.concurrency import sync_to_thread
from litestar.datastructures import UploadFile
from litestar.enums import MediaType, RequestEncodingType
from litestar.params import HeaderParameter
from litestar.serialization import default_serializer, encode_json

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor, Answer, store_answer, stored_answer
from takeback.web.security.csrf import FIELD

T = TypeVar("T")
REPLAYED = "Idempotency-Replayed"

KeyHeader = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        description="1 to 255 printable ASCII characters. The same key with the same request gets the first "
        "answer again, for seven days; nothing is done twice.",
        required=False,
    ),
]


@dataclass(frozen=True, slots=True)
class Once:
    """A request as far as it matters for telling a repeated one; `key` None: the caller sent none."""

    key: str | None
    request: bytes

    def run(
        self,
        connection: sa.Connection,
        actor: Actor,
        effect: Callable[[], T],
        *,
        status: int = 201,
        secret: bool = False,
    ) -> Response[T]:
        """Return `effect()` as an answer, or the answer it had the first time; in the effect's transaction.

        With `secret` the answer's body is not kept: a repeated request is refused instead.

        Raises
        ------
        Problem
            `request.in-flight` (409), `request.key-reused` (422), `request.secret-not-kept` (409).
        """
        if self.key is None:
            return Response(effect(), status_code=status)
        before = stored_answer(connection, actor, self.key, self.request)
        if before is not None:
            return _replayed(before, self.key)
        result = effect()
        body = None if secret else encode_json(result, default_serializer)
        store_answer(connection, actor, self.key, self.request, Answer(status, body))
        return Response(result, status_code=status)


async def provide_once(request: Request[Any, Any, Any], idempotency_key: KeyHeader = None) -> Once:
    """Give handlers their `once`."""
    if idempotency_key is None:
        return Once(None, b"")
    head = f"{request.method} {request.url.path}?{request.url.query}\n"
    return Once(idempotency_key, head.encode() + await _sent(request))


async def _sent(request: Request[Any, Any, Any]) -> bytes:
    """Return the body; of a form its fields, for boundary and token are others each time, and a file's digest."""
    if request.content_type[0] != RequestEncodingType.MULTI_PART:
        return await request.body()
    form = (await request.form()).multi_items()
    return encode_json([[name, await _value(value)] for name, value in form if name != FIELD], default_serializer)


async def _value(value: Any) -> Any:
    if not isinstance(value, UploadFile):
        return value
    return [value.filename, value.content_type, await sync_to_thread(_digest, value.file)]


def _digest(file: IO[bytes]) -> str:
    digest = file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # a file for all it reads
    file.seek(0)
    return digest


def _replayed(before: Answer, key: str) -> Response[Any]:
    if before.body is None:
        raise Problem(
            "request.secret-not-kept",
            msg("This request was answered before, and its answer held a secret that is not kept."),
            where="Idempotency-Key",
            found=key,
            remedy=msg("Revoke what was made and make a new one, with a new key."),
            status=409,
        )
    return Response(before.body, status_code=before.status, media_type=MediaType.JSON, headers={REPLAYED: "true"})
