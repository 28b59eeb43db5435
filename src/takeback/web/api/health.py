"""Is the process alive, and can it work?"""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from litestar import get

from takeback import store
from takeback.web.security import STATIC


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """`status` is `ok`; anything else is a problem."""

    status: str = "ok"


@get("/health/live", opt=STATIC, sync_to_thread=False, tags=["Health"], summary="The process answers")
def live() -> Health:
    return Health()


@get("/health/ready", opt=STATIC, sync_to_thread=True, tags=["Health"], summary="The database answers, too")
def ready() -> Health:
    with store.admin() as connection:
        connection.execute(sa.text("select 1"))
    return Health()


HANDLERS = [live, ready]
