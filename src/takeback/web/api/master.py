"""Master data: sites, partners, products, prices and what else decisions rest on."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import get, put

from takeback import store
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.operate.master import BY_NAME, Row, register
from takeback.operate.master_read import rows_of

TAGS = ["Master data"]


@get("/master/{subject:str}", sync_to_thread=True, tags=TAGS, summary="All rows of a subject")
def read(actor: Actor, subject: str) -> list[dict[str, Any]]:
    actor.require("master.read")
    with store.transaction(actor.org_id) as connection:
        return [msgspec.to_builtins(row) for row in rows_of(connection, subject)]


@put(
    "/master/{subject:str}",
    sync_to_thread=True,
    status_code=204,
    tags=TAGS,
    summary="Enter or correct rows of a subject",
)
def write(actor: Actor, subject: str, data: list[dict[str, Any]]) -> None:
    with store.transaction(actor.org_id) as connection:
        register(connection, actor, _rows(subject, data))


def _rows(subject: str, data: list[dict[str, Any]]) -> list[Row]:
    if subject not in BY_NAME:
        raise Problem(
            "master.no-subject",
            msg("There is no such master data."),
            found=subject,
            expected=" / ".join(BY_NAME),
            status=404,
        )
    try:
        return list(msgspec.convert(data, list[BY_NAME[subject][0]]))  # type: ignore[misc]
    except msgspec.ValidationError as error:
        raise Problem(
            "master.bad-row", msg("A row is not of the right form."), where=subject, found=str(error)
        ) from error


HANDLERS = [read, write]
