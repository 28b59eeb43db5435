"""Files beside records: evidence, proposals, deliverables. The ledger holds their hash; their content can be erased."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Protocol, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback import prove
from takeback.core.ids import uuid7
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.operate.ledger import record
from takeback.operate.projection import projects
from takeback.share.centre.acting import CentreActor

LARGEST = 20_000_000  # bytes
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")
STEP = "centre file"
_ENTRY = "takeback:CentreFile"


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a record; `sha256`: hexadecimal, as the ledger says it."""

    id: UUID
    record_id: UUID
    name: str
    media_type: str
    sha256: str
    size: int
    added_at: datetime
    person_id: UUID


class _Kept(Protocol):
    @property
    def id(self) -> UUID: ...


AnyFile = TypeVar("AnyFile", bound=_Kept)
"""A file, or what a view tells of one."""


def attach(
    connection: sa.Connection,
    actor: CentreActor,
    record_id: UUID,
    name: str,
    media_type: str,
    content: bytes,
    *,
    at: datetime | None = None,
) -> File:
    """Keep a file with a record; whoever calls has looked at the permission. `at`: when it was added, if not now.

    Raises
    ------
    Problem
        ``centre.bad-file`` when it is empty, too large, or has no name.
    """
    name = plain_name(name)
    if not 0 < len(content) <= LARGEST or not name:
        raise Problem(
            "centre.bad-file",
            msg("This file cannot be kept."),
            where=name,
            found=len(content),
            expected=msg("1 to {count} bytes and a name", count=LARGEST),
        )
    now, digest = at or clock.now(connection, actor.org_id), sha256(content).digest()
    file = File(
        id=uuid7(), record_id=record_id, name=name, media_type=plain_media_type(media_type), sha256=digest.hex(),
        size=len(content), added_at=now, person_id=actor.person_id or UUID(int=0),
    )  # fmt: skip
    said = {"id": str(file.id), "record": str(record_id), "sha256": file.sha256, "size": file.size}
    body = {"type": _ENTRY, "takeback:step": STEP, "takeback:facts": said}
    record(connection, actor, [prove.Entry(_ENTRY, body, now)])
    row = {**msgspec.structs.asdict(file), "org": actor.org_id, "sha256": digest, "content": content}
    connection.execute(_INSERT, row)
    return file


def plain_name(name: str) -> str:
    """Return a file's name without folders, signs that are not seen, and what turns the direction of writing."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    return seen.strip(" .")[-200:]


def plain_media_type(media_type: str) -> str:
    """Return a media type as headers can carry it; what is none is bytes (RFC 6838, 4.2)."""
    bare = media_type.partition(";")[0].strip().lower()
    return bare if _MEDIA_TYPE.fullmatch(bare) else "application/octet-stream"


def files_of(connection: sa.Connection, record_id: UUID) -> list[File]:
    """Return the files of a record, in the order in which they were added."""
    rows = connection.execute(_OF_RECORD, {"record": record_id})
    return [File(**{**row._asdict(), "sha256": row.sha256.hex()}) for row in rows]


def one_of(files: Iterable[AnyFile], file_id: UUID | str) -> AnyFile:
    """Return the file of an id among those that somebody may have; ``centre.no-file`` (404)."""
    for file in files:
        if str(file.id) == str(file_id):
            return file
    raise _no_file(str(file_id)[:80])


def content_of(connection: sa.Connection, file_id: UUID) -> bytes:
    """Return a file's content, its hash looked at again; ``centre.no-file`` (404)."""
    row = connection.execute(_CONTENT, {"id": file_id}).one_or_none()
    if row is None:
        raise _no_file(file_id)
    if sha256(row.content).digest() != row.sha256:
        raise Problem("centre.changed-file", msg("This file is not what the ledger says."), found=file_id, status=500)
    return bytes(row.content)


def _no_file(found: object) -> Problem:
    return Problem("centre.no-file", msg("There is no such file, or it was erased."), found=found, status=404)


@projects(STEP)
def _nothing(connection: sa.Connection, org: UUID, facts: object) -> None:
    """Content stands beside the ledger: there is nothing to be made anew."""


_INSERT = sa.text("""
    insert into centre_file (org_id, id, record_id, name, media_type, sha256, size, content, added_at, person_id)
    values (:org, :id, :record_id, :name, :media_type, :sha256, :size, :content, :added_at, :person_id)
""")
_COLUMNS = "id, record_id, name, media_type, sha256, size, added_at, person_id"
_OF_RECORD = sa.text(f"select {_COLUMNS} from centre_file where record_id = :record order by added_at, id")
_CONTENT = sa.text("select content, sha256 from centre_file where id = :id")
