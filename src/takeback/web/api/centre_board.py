"""The problem board of a centre that opened it, for anybody."""

from __future__ import annotations

from litestar import get

from takeback import store
from takeback.operate import identity
from takeback.operate.identity import rate
from takeback.share.centre.problems import PublicBoard, public_board_of
from takeback.web.security import PUBLIC, Caller

LONGEST = 100  # characters of a search


@get(
    "/boards/{slug:str}",
    opt=PUBLIC,
    sync_to_thread=True,
    tags=["Centre: problems"],
    summary="The problem board of a centre that opened it, for anybody",
)
def board(caller: Caller, slug: str, text: str = "") -> PublicBoard:
    return looked_at(caller, slug, text)


def looked_at(caller: Caller, slug: str, text: str) -> PublicBoard:
    """Return the board; `identity.too-many-requests` (429) to an address that asks too often."""
    with store.admin() as connection:
        identity.take(connection, rate.OPEN_BY_ADDRESS, caller.address)
    return public_board_of(slug, text=text[:LONGEST])


HANDLERS = [board]
