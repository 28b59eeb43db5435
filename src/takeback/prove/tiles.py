"""Tiles of the log as C2SP tlog-tiles names and cuts them: 256 hashes a tile, static once full.

Tile ``(level, index)`` holds the hashes of the complete subtrees of ``256**level`` leaves, from number
``256 * index`` on; the last tile of a level is partial and its width stands in its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from takeback.prove.merkle import HASH, TIER, Subtree, node_hash

FULL = 1 << TIER
_PATH = re.compile(r"(\d|[1-5]\d|6[0-3])/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?")
_LEAVES = sa.text(
    "select leaf_hash from leaf where leaf_index >= :begin and leaf_index < :end "
    "and leaf_index < (select coalesce(max(size), 0) from checkpoint) order by leaf_index"
)
_NODES = sa.text(
    "select hash from log_node where tier = :tier and node_index >= :begin and node_index < :end order by node_index"
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile's name; ``width`` is the number of its hashes, 1 to 256."""

    level: int
    index: int
    width: int = FULL

    @property
    def path(self) -> str:
        """The path below ``tile/``: ``0/x001/x234/067`` or ``0/000.p/5``."""
        digits = f"{self.index:03d}"
        digits = digits.zfill(-len(digits) // 3 * -3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        partial = "" if self.width == FULL else f".p/{self.width}"
        return "/".join([str(self.level), *(f"x{group}" for group in groups[:-1]), groups[-1]]) + partial


def tile_of(path: str) -> Tile | None:
    """Return the tile that a path names, None where it is not the one spelling of a tile."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    tile = Tile(int(match[1]), int(re.sub("[x/]", "", match[2])), int(match[3] or FULL))
    return tile if tile.path == path else None


def read_tile(connection: sa.Connection, tile: Tile) -> bytes | None:
    """Return the tile's hashes, 32 bytes each, or None where the signed log has not that many yet."""
    begin = tile.index * FULL
    if begin + tile.width >= 1 << 63:
        return None
    span = {"tier": tile.level, "begin": begin, "end": begin + tile.width}
    hashes = list(connection.scalars(_NODES if tile.level else _LEAVES, span))
    return b"".join(hashes) if len(hashes) == tile.width else None


def tiled_subtree(size: int, fetch: Callable[[Tile], bytes]) -> Subtree:
    """Return a function for `takeback.prove.merkle`'s proofs that reads a log of ``size`` leaves from its tiles.

    What ``fetch`` gives is not believed: a wrong hash makes a proof that does not hold.
    """
    kept: dict[Tile, bytes] = {}

    def subtree(level: int, index: int) -> bytes:
        tier, above = divmod(level, TIER)
        first, count = index << above, 1 << above
        place = first // FULL
        tile = Tile(tier, place, min(FULL, (size >> TIER * tier) - place * FULL))
        if tile not in kept:
            kept[tile] = _checked(tile, fetch(tile))
        at = first % FULL
        hashes = [kept[tile][HASH * i : HASH * (i + 1)] for i in range(at, at + count)]
        while len(hashes) > 1:
            hashes = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
        return hashes[0]

    return subtree


def _checked(tile: Tile, content: bytes) -> bytes:
    if len(content) != HASH * tile.width:
        raise ValueError(f"tile {tile.path} has {len(content)} bytes instead of {HASH * tile.width}")
    return content
