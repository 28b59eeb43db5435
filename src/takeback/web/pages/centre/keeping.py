"""POST /centre/{kind}/{id}/files and GET one of them: files beside a record."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.share.centre import writing
from takeback.share.centre.files import LARGEST, attach, content_of, files_of, one_of
from takeback.share.centre.writing import ATTACH
from takeback.web.api.centre_files import downloaded
from takeback.web.pages.answers import see_other
from takeback.web.pages.centre.visit import found, visit
from takeback.web.pages.centre.writing import may_change
from takeback.web.preferences import AnyRequest

Upload = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]


@post(
    "/centre/{kind:str}/{record_id:uuid}/files",
    sync_to_thread=True,
    include_in_schema=False,
    request_max_body_size=LARGEST + 100_000,
)
def keep(request: AnyRequest, actor: Actor, kind: str, record_id: UUID, data: Upload) -> Redirect:
    name, media_type, content = sent_file(data)
    with visit(request, actor) as here:
        what, record = found(here, kind, record_id)
        if what.name not in ATTACH and may_change(here.me, what, record):
            attach(here.connection, here.me, record.id, name, media_type, content)
        else:
            writing.attach(here.connection, here.me, record, name, media_type, content)
    return see_other(f"/centre/{what.name}/{record_id}#files")


@get("/centre/{kind:str}/{record_id:uuid}/files/{file_id:uuid}", sync_to_thread=True, include_in_schema=False)
def read(request: AnyRequest, actor: Actor, kind: str, record_id: UUID, file_id: UUID) -> Response[bytes]:
    with visit(request, actor) as here:
        found(here, kind, record_id)
        kept = one_of(files_of(here.connection, record_id), file_id)
        return downloaded(content_of(here.connection, file_id), kept.name, kept.media_type)


def sent_file(data: dict[str, Any], field: str = "file") -> tuple[str, str, bytes]:
    """Return name, media type and content of the file that a form brought; ``centre.bad-file``."""
    file = data.get(field)
    if not isinstance(file, UploadFile) or not file.filename:
        raise Problem("centre.bad-file", msg("No file was sent."), where=field, expected=msg("a file"))
    name = file.filename.replace("\\", "/").rsplit("/", 1)[-1]
    return name, file.content_type, file.file.read()


HANDLERS = [keep, read]
