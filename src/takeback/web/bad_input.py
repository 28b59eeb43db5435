"""What is wrong with a request, told by field: of the framework's and the decoder's messages a `Problem`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar.exceptions import ClientException, ValidationException

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

_MISSING = re.compile(r"Missing required (\w+) parameter '([^']+)'")
_FIELD = re.compile(r"(?:Object missing required|Object contains unknown) field `([^`]+)`")
_TYPE = re.compile(r"Expected (.+), got (.+)")
_LIMIT = re.compile(r"Expected (.+)")
_VALUE = re.compile(r"Invalid enum value (.+)")
_PATH = re.compile(r"(.*) - at `(\$.*)`", re.DOTALL)


def bad_request(exception: ClientException) -> Problem:
    """Return the problem of a request that could not be read; each field that is wrong is one of its `errors`."""
    return Problem(
        "request.bad-value", msg("The request is not understood."), status=400, errors=list(_errors(exception))
    )


def _errors(exception: ClientException) -> list[Problem]:
    cause = exception.__cause__
    if isinstance(cause, msgspec.ValidationError):
        return [_of_decoder(str(cause), _sources(exception))]
    if missing := _MISSING.search(exception.detail):
        return [_field(f"{missing[1]} {missing[2]}", expected=msg("a value"))]
    if isinstance(exception, ValidationException) and isinstance(exception.extra, list):
        return [_of_framework(extra) for extra in exception.extra if isinstance(extra, Mapping)]
    return [_field("body", found=exception.detail)] if exception.detail else []


def _sources(exception: ClientException) -> dict[str, str]:
    """Return where each parameter came from: `query`, `path`, `header`, `cookie` or `body`."""
    extra = exception.extra if isinstance(exception.extra, list) else []
    return {str(e.get("key")): _source(e) for e in extra if isinstance(e, Mapping)}


def _source(extra: Mapping[str, Any]) -> str:
    source = extra.get("source", "body")
    return str(getattr(source, "value", source))


def _of_framework(extra: Mapping[str, Any]) -> Problem:
    return _field(f"{_source(extra)} {extra.get('key', '')}".strip(), found=str(extra.get("message", "")))


def _of_decoder(text: str, sources: Mapping[str, str]) -> Problem:
    placed = _PATH.fullmatch(text)
    said, path = (placed[1], placed[2]) if placed else (text, "$")
    if field := _FIELD.fullmatch(said):
        path = f"{path}.{field[1]}"
    where = _where(path, sources)
    if field:
        return _field(where, expected=msg("a value"))
    if (types := _TYPE.fullmatch(said)) is not None:
        return _field(where, found=_bare(types[2]), expected=_bare(types[1]))
    if (limit := _LIMIT.fullmatch(said)) is not None:
        return _field(where, expected=_bare(limit[1]))
    if (value := _VALUE.fullmatch(said)) is not None:
        return _field(where, found=value[1].strip("'"))
    return _field(where, found=said)


def _where(path: str, sources: Mapping[str, str]) -> str:
    """Return `$.data[0].id` as `body /0/id` (a JSON pointer), `$.days` as `query days`."""
    head, *rest = [part for part in re.split(r"[.\[\]]+", path.removeprefix("$")) if part] or [""]
    if head != "data":
        return f"{sources.get(head, 'query')} {head}".strip()
    return f"body /{'/'.join(rest)}" if rest else "body"


def _bare(text: str) -> str:
    return text.replace("`", "")


def _field(where: str, *, found: str | None = None, expected: Message | str | None = None) -> Problem:
    return Problem(
        "request.bad-field",
        msg("This value is not understood."),
        where=where,
        found=found,
        expected=expected,
        status=400,
    )
