"""Receiving a file: the body is streamed to the disk, and refused before it is read when it is too large."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any
from uuid import UUID

from litestar.concurrency import sync_to_thread
from litestar.enums import RequestEncodingType
from litestar.exceptions import InternalServerException
from multipart import MultipartError, MultipartSegment, PushMultipartParser

from takeback.core.ids import uuid7
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.imports import Upload, check_size, remove_old
from takeback.store.settings import Settings
from takeback.web.body_form import bad_media_type
from takeback.web.preferences import AnyRequest
from takeback.web.security.caller import caller_of
from takeback.web.security.csrf import FIELD, HEADER, require_token

STREAMED: dict[str, Any] = {"streamed": True}
"""`opt` of a route that calls `receive_file`: its form is read by nobody before."""

ALLOWANCE = 100_000  # bytes that names, boundaries and other fields may take beside the file
LONGEST_FIELD = 200_000
LONGEST_NAME = 120
_BUFFER = 1_000_000
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(slots=True)
class ReceivedFile:
    """A file that was received, under the name `identifier` in the uploads, and the fields of the form around it."""

    identifier: UUID
    name: str
    fields: Mapping[str, str]


@dataclass(slots=True)
class _Reading:
    """A form being read: which part is at hand, and what came so far."""

    request: AnyRequest
    settings: Settings
    identifier: UUID
    held: ExitStack
    fields: dict[str, str] = field(default_factory=dict)
    segment: MultipartSegment | None = None
    text: bytearray = field(default_factory=bytearray)
    upload: Upload | None = None
    name: str = ""

    async def begin(self, segment: MultipartSegment) -> None:
        self.segment, self.text = segment, bytearray()
        if segment.filename is None:
            return
        if self.upload is not None:
            raise _bad_form(msg("one file"))
        self._check_meant()
        self.name = _bare_name(segment.filename)
        home, limit = self.settings.home, self.settings.upload_limit
        self.upload = self.held.enter_context(await sync_to_thread(Upload, home, self.identifier, limit))

    async def take(self, chunk: bytes) -> None:
        self.text += chunk
        if self.segment is not None and self.segment.filename is not None:
            if len(self.text) >= _BUFFER:
                await self.flush()
        elif len(self.text) > LONGEST_FIELD:
            raise _bad_form(msg("fields of at most {limit} bytes beside the file", limit=LONGEST_FIELD))

    async def end(self) -> None:
        if self.segment is not None and self.segment.filename is not None:
            await self.flush()
        elif self.segment is not None:
            self.fields[self.segment.name] = self.text.decode("utf-8", "replace")

    async def flush(self) -> None:
        if self.upload is not None and self.text:
            await sync_to_thread(self.upload.write, bytes(self.text))
        self.text = bytearray()

    def _check_meant(self) -> None:
        """Check the token that the middleware left to us: it comes in a header, or in the form before the file."""
        caller = caller_of(self.request)
        if caller is not None and (caller.actor is None or caller.actor.key_id is None):
            require_token(caller.secret, self.request.headers.get(HEADER) or self.fields.get(FIELD, ""))


async def receive_file(request: AnyRequest, settings: Settings) -> ReceivedFile:
    """Stream the form's file to the disk and return what was received.

    Raises
    ------
    Problem
        `import.too-large` (413), before anything is read where the request says its length;
        `import.disk-full` (507), `import.no-file`, `request.bad-form` (400), `request.bad-media-type` (415),
        `request.bad-token` (403). Nothing is kept then.
    """
    kind, options = request.content_type
    if kind != RequestEncodingType.MULTI_PART or not options.get("boundary"):
        raise bad_media_type(request, RequestEncodingType.MULTI_PART)
    length = request.content_length
    if length is not None and length > settings.upload_limit + ALLOWANCE:
        check_size(length, settings.upload_limit)
    await sync_to_thread(remove_old, settings.home)
    with ExitStack() as held:
        reading = _Reading(request, settings, uuid7(), held)
        try:
            await _read(request, PushMultipartParser(options["boundary"], max_segment_count=50), reading)
        except (MultipartError, InternalServerException) as error:  # broken, or the other side went away
            raise _bad_form(msg("multipart/form-data (RFC 7578), whole")) from error
        if reading.upload is None or not reading.name:
            raise Problem("import.no-file", msg("No file was sent."), where="file", expected=msg("a file"), status=400)
        await sync_to_thread(reading.upload.keep)
        return ReceivedFile(reading.identifier, reading.name, reading.fields)


async def _read(request: AnyRequest, parser: PushMultipartParser, reading: _Reading) -> None:
    async for chunk in request.stream():
        if not chunk or parser.closed:
            continue
        for part in parser.parse(chunk):
            if isinstance(part, MultipartSegment):
                await reading.begin(part)
            elif part is None:
                await reading.end()
            else:
                await reading.take(bytes(part))
    parser.close()


def mapping_of(text: str) -> dict[str, str] | None:
    """Return the mapping that a field of JSON holds; None where there is none. Raises `import.bad-mapping`."""
    if not text.strip():
        return None
    try:
        mapping = json.loads(text)
    except (ValueError, RecursionError):
        mapping = None
    if isinstance(mapping, dict) and all(isinstance(value, str) for value in mapping.values()):
        return mapping
    raise Problem(
        "import.bad-mapping",
        msg("The mapping is not understood."),
        where="mapping",
        found=text,
        expected=msg("an object of JSON from columns to fields, such as {example}", example='{"订单号": "order"}'),
        status=400,
    )


def _bare_name(name: str) -> str:
    """Return a file's name without the folders that some browsers send with it."""
    bare = _UNSEEN.sub("", PureWindowsPath(PurePosixPath(name).name).name).strip()
    return bare if len(bare) <= LONGEST_NAME else f"{bare[: LONGEST_NAME - 8]}…{bare[-7:]}"


def _bad_form(expected: Any) -> Problem:
    return Problem("request.bad-form", msg("The form is not understood."), expected=expected, status=400)
