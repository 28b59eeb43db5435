"""That a body has the form which its route reads, looked at before the framework reads it."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.handlers import BaseRouteHandler
from litestar.params import BodyKwarg
from litestar.typing import FieldDefinition

from takeback.core.message import msg
from takeback.core.problem import Problem

_FORMS = (RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART)


async def check_body_form(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Guard of all routes: a route of one file gets a form with one file, a route of JSON no form of parts.

    A form whose token was looked at has been read: the framework would wait for its JSON for ever. Of a form
    without a file, or with two of one name, it finds none and fails.

    Raises
    ------
    Problem
        `request.bad-media-type` (415), `request.bad-form` (400).
    """
    field = handler.parsed_data_field
    if field is None or not isinstance(connection, Request):
        return
    multipart = connection.content_type[0] == RequestEncodingType.MULTI_PART
    if field.annotation is UploadFile:
        if not multipart:
            raise bad_media_type(connection, RequestEncodingType.MULTI_PART)
        await _one_file(connection)
    elif multipart and not _reads_forms(field):
        raise bad_media_type(connection, RequestEncodingType.JSON)


def bad_media_type(connection: Request[Any, Any, Any], expected: RequestEncodingType) -> Problem:
    """Return what is answered to a body of another media type than a route reads."""
    return Problem(
        "request.bad-media-type",
        msg("A body of this media type is not read here."),
        where="Content-Type",
        found=connection.headers.get("content-type"),
        expected=expected.value,
        status=415,
    )


async def _one_file(request: Request[Any, Any, Any]) -> None:
    form = await request.form()
    if sum(isinstance(value, UploadFile) for _, value in form.multi_items()) != 1:
        raise Problem("request.bad-form", msg("The form is not understood."), expected=msg("one file"), status=400)


def _reads_forms(field: FieldDefinition) -> bool:
    body = field.kwarg_definition
    return isinstance(body, BodyKwarg) and body.media_type in _FORMS
