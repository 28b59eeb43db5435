"""The log as static files: signed checkpoint and tiles, laid out as C2SP tlog-tiles says.

Hashes alone: they are for everybody, without sign-in. What the entries say is told only to those they belong to.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.params import Parameter

from takeback import store
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.cosignatures import accept, cosigned_note, newest_witnessed
from takeback.prove.growth import prove_growth_to_newest
from takeback.prove.log import latest_checkpoint
from takeback.prove.policy import policy_of
from takeback.prove.tiles import FULL, Tile, read_tile, tile_of
from takeback.store.settings import Settings
from takeback.web.security import CACHED, PUBLIC, STATIC

TAGS = ["Log"]
MOST = 2**63 - 1
_FOREVER = "public, max-age=31536000, immutable"
_A_MINUTE = "public, max-age=60"  # a partial tile is right for ever, but soon nobody asks for it


class CosignedNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A checkpoint's signed note with the lines of witnesses (C2SP tlog-cosignature)."""

    note: str


class Cosigned(msgspec.Struct, frozen=True):
    """The witnesses, by their names in the policy, whose cosignatures the log now has."""

    witnesses: list[str]


@get(
    "/checkpoint",
    opt=STATIC,
    sync_to_thread=True,
    media_type="text/plain",
    tags=TAGS,
    summary="The newest checkpoint with its cosignatures, as a signed note",
)
def checkpoint() -> str:
    with store.admin() as connection:
        row = latest_checkpoint(connection)
        if row is None:
            raise Problem("ledger.empty", msg("The log is empty: there is no checkpoint yet."), status=404)
        return cosigned_note(connection, row)


@get(
    "/tile/{path:path}",
    opt=STATIC | CACHED,
    sync_to_thread=True,
    media_type="application/octet-stream",
    tags=TAGS,
    summary="256 hashes of a level of the log, or those of the last tile so far",
)
def tile(path: str) -> Response[bytes]:
    named = tile_of(path.strip("/"))
    with store.admin() as connection:
        content = read_tile(connection, named) if named else None
    if named is None or content is None:
        raise _no_such_tile(path)
    return Response(content, headers={"cache-control": _caching(named)})


def _caching(named: Tile) -> str:
    return _FOREVER if named.width == FULL else _A_MINUTE


def _no_such_tile(path: str) -> Problem:
    return Problem(
        "ledger.no-such-tile",
        msg("The log has no such tile."),
        found=path,
        expected="LEVEL/[x000/...]000, LEVEL/[x000/...]000.p/WIDTH",
        remedy=msg("Entries themselves are not in tiles: they belong to their organisations."),
        status=404,
    )


@get(
    "/growth",
    opt=STATIC,
    sync_to_thread=True,
    tags=TAGS,
    summary="The newest checkpoint with the proof that the log only grew since the size `first`",
)
def growth(first: Annotated[int, Parameter(ge=1, le=MOST)]) -> dict[str, Any]:
    with store.admin() as connection:
        return prove_growth_to_newest(connection, first)


@post(
    "/cosignatures",
    opt=PUBLIC,
    status_code=200,
    sync_to_thread=True,
    request_max_body_size=100_000,
    tags=TAGS,
    summary="Take a witness's cosignature of a checkpoint",
)
def cosign(data: CosignedNote) -> Cosigned:
    policy = policy_of(Settings.from_environment().home)
    with store.admin() as connection:
        return Cosigned(witnesses=accept(connection, policy, data.note))


@get(
    "/witnessed",
    opt=STATIC,
    sync_to_thread=True,
    media_type="text/plain",
    tags=TAGS,
    summary="The newest checkpoint that enough witnesses co-signed",
)
def witnessed() -> str:
    policy = policy_of(Settings.from_environment().home)
    with store.admin() as connection:
        note = newest_witnessed(connection, policy)
    if note is None:
        raise Problem("ledger.no-witness", msg("Enough witnesses have signed no checkpoint yet."), status=404)
    return note


BESIDE = [tile, growth, cosign, witnessed]
"""What stands under /api/v1/ledger, too, beside the checkpoint in JSON."""
HANDLERS = [checkpoint, *BESIDE]
