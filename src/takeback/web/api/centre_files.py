"""Files beside records: evidence, deliverables. The ledger holds their hash."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

import sqlalchemy as sa
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import Body

from takeback.operate.identity import Actor
from takeback.share.centre import files, writing
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.files import LARGEST, File
from takeback.web.api.centre_asking import once_within, within
from takeback.web.api.centre_records import ONE, record_of
from takeback.web.api.idempotency import Once

TAGS = ["Centre: records"]
Uploaded = Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)]
FILE = ResponseSpec(bytes, media_type="application/octet-stream", description="The file", generate_examples=False)


@get(f"{ONE}/files", sync_to_thread=True, tags=TAGS, summary="The files of a record, with their hashes")
def read_files(actor: Actor, kind: str, record_id: UUID) -> list[File]:
    return within(actor, lambda c, who: files.files_of(c, record_of(c, who, kind, record_id).id))


@post(
    f"{ONE}/files",
    sync_to_thread=True,
    request_max_body_size=LARGEST + 100_000,
    tags=TAGS,
    summary="Keep a file with a record",
)
def attach(actor: Actor, once: Once, kind: str, record_id: UUID, data: Uploaded) -> Response[File]:
    content = data.file.read()

    def effect(connection: sa.Connection, who: CentreActor) -> File:
        record = record_of(connection, who, kind, record_id)
        return writing.attach(connection, who, record, data.filename, data.content_type, content)

    return once_within(actor, once, effect)


@get(
    f"{ONE}/files/{{file_id:uuid}}",
    sync_to_thread=True,
    tags=TAGS,
    summary="A file as it was kept",
    responses={200: FILE},
)
def read_file(actor: Actor, kind: str, record_id: UUID, file_id: UUID) -> Response[bytes]:
    def content(connection: sa.Connection, who: CentreActor) -> tuple[File, bytes]:
        kept = files.files_of(connection, record_of(connection, who, kind, record_id).id)
        return files.one_of(kept, file_id), files.content_of(connection, file_id)

    file, read = within(actor, content)
    return downloaded(read, file.name, file.media_type)


def downloaded(content: bytes, name: str, media_type: str) -> Response[bytes]:
    """Return a file as an answer that a browser saves and never shows: what people upload is not ours."""
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}", "cache-control": "no-store"}
    return Response(content, media_type=media_type or "application/octet-stream", headers=headers)


HANDLERS = [read_files, attach, read_file]
