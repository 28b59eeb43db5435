"""Notices to the person who asks: what was decided, what is asked for, what is due. Days, never moments."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.share.centre import notices
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.notices import Notice
from takeback.web.api.centre_commands import command, question

TAGS = ["Centre: notices"]


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """How many notices were unread and are no more."""

    read: int


def my_notices(connection: sa.Connection, actor: CentreActor, unread: bool = False) -> list[Notice]:
    """Return your notices, the latest first."""
    return notices.my_notices(connection, actor, unread=unread)


def read_notices(connection: sa.Connection, actor: CentreActor, ids: list[UUID] | None = None) -> Read:
    """Say that notices were read; all of yours where none is named."""
    return Read(read=notices.read_notices(connection, actor, ids))


HANDLERS: list[Any] = [
    question("/notices", my_notices, "Your notices, the latest first", tags=TAGS),
    command("/notices/read", read_notices, "Say that notices were read, all or some", tags=TAGS),
]
