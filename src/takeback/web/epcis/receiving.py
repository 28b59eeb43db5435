"""The body of a capture: in memory while it is small, in a temporary file beyond; refused as soon as it is too long."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import BinaryIO

from litestar.concurrency import sync_to_thread
from litestar.exceptions import InternalServerException

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.epcis.limits import IN_MEMORY, check_bytes
from takeback.web.preferences import AnyRequest

_PLAIN = "identity"
_WRITTEN = 2**20  # bytes that are written to the file at once


async def received(request: AnyRequest, most: int) -> bytes | BinaryIO:
    """Return the body, or an open file with it, which the caller closes.

    Raises
    ------
    Problem
        ``epcis.capture-limit`` (413), before anything is read where the request says its length;
        ``epcis.content-coding`` (415); ``request.broken`` (400) where the sender went away.
    """
    if (coding := request.headers.get("content-encoding", _PLAIN).strip().lower()) != _PLAIN:
        raise _coded(coding)
    if (length := request.content_length) is not None:
        check_bytes(length, most)
    chunks, count = bytearray(), 0
    spool: BinaryIO | None = None
    try:
        async for chunk in request.stream():
            chunks += chunk
            count += len(chunk)
            check_bytes(count, most)
            if spool is None and count > IN_MEMORY:
                spool = TemporaryFile()  # noqa: SIM115 - handed on
            if spool is not None and len(chunks) >= _WRITTEN:
                await sync_to_thread(spool.write, bytes(chunks))
                chunks = bytearray()
        if spool is None:
            return bytes(chunks)
        await sync_to_thread(spool.write, bytes(chunks))
        spool.seek(0)
        return spool
    except BaseException as error:
        if spool is not None:
            spool.close()
        if isinstance(error, InternalServerException):
            raise _broken() from error
        raise


def _broken() -> Problem:
    return Problem("request.broken", msg("The request ended before its body was whole."), status=400)


def _coded(coding: str) -> Problem:
    return Problem(
        "epcis.content-coding",
        msg("A packed body is not read here."),
        where="Content-Encoding",
        found=coding,
        expected=_PLAIN,
        status=415,
    )
