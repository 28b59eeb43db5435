"""A proof bundle: one file with which a stranger checks entries, without us and without access to anything of ours.

All of it hangs on one signed checkpoint. What is in it for which check is told in `docs/reference/proof-bundle.md`;
`takeback.prove.bundle_check` and the stand-alone verifier check it.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.items import item_hex
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove import bodies
from takeback.prove.checkpoint import LogKey
from takeback.prove.completeness import prove_item
from takeback.prove.cosignatures import cosigned_note, newest_witnessed
from takeback.prove.kept import COLUMNS, leaf_of
from takeback.prove.log import latest_checkpoint
from takeback.prove.merkle import Subtree, consistency_proof, inclusion_proof
from takeback.prove.numbers import numbered
from takeback.prove.personal import digests
from takeback.prove.policy import Policy
from takeback.prove.signednote import Verifier, parted
from takeback.prove.tiles import Tile, read_tile, tiled_subtree

FORMAT = "takeback-proof-bundle-v1"
MOST_ENTRIES = 20_000  # of one bundle: 60 MB of JSON

_ROWS = sa.text(
    f"select e.id, l.leaf_index, {COLUMNS} from entry e "
    "left join leaf l on l.entry_id = e.id where e.org_id = :org and e.id = any(:ids) order by number"
)
_ABOUT = sa.text("select entry_id from entry_item where org_id = :org and item_key = :key order by entry_id")
_NUMBERED = sa.text(f"select entry_id from {numbered(':org', ':first', ':last')} as n order by number")
_PERSONAL = sa.text("select digest, salt, content from personal where org_id = :org and digest = any(:digests)")
_URI = sa.text("select uri from identifier where org_id = :org and key = :key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a bundle is to hold: some entries, all about an item with the proof that it is all, or a run of numbers.

    ``uri`` is the item's canonical name, where the caller knows it: who reads the bundle then sees what it is about.
    ``since``: the size of a checkpoint that the verifier has kept; ``disclose``: with the personal data.
    """

    entries: Sequence[int] = ()
    item: int | None = None
    uri: str | None = None
    numbers: tuple[int, int] | None = None
    since: int | None = None
    disclose: bool = False


def make_bundle(connection: sa.Connection, org: UUID, asked: Asked, key: LogKey, policy: Policy) -> dict[str, Any]:
    """Return the bundle.

    Raises
    ------
    Problem
        ``ledger.no-such-entry``, ``ledger.not-yet-sequenced``, ``ledger.no-map``, ``ledger.no-such-size``,
        ``ledger.too-many-entries``, ``ledger.numbers-alone``.
    """
    if asked.numbers is not None and (asked.entries or asked.item is not None):
        raise Problem("ledger.numbers-alone", msg("A run of numbers is a bundle of its own."), status=422)
    complete = prove_item(connection, org, asked.item) if asked.item is not None else None
    ids = _ids(connection, org, asked)
    rows = _rows(connection, org, [*ids, *([complete["map"]] if complete else [])])
    note, size = _checkpoint(connection, policy, rows)
    subtree = tiled_subtree(size, lambda tile: _tile(connection, tile))
    parts = {row.id: _entry(row, size, subtree) for row in rows}
    if asked.disclose:
        _disclose(connection, org, list(parts.values()))
    if complete is not None and asked.item is not None:
        uri = asked.uri or connection.scalar(_URI, {"org": org, "key": asked.item})
        complete = {"uri": uri, **complete, "map": parts[complete["map"]]}
    wanted = set(ids)
    return {
        "format": FORMAT,
        "log": key.verifier,
        "witnesses": [str(policy.witnesses[name]) for name in policy.seen(note)],
        "checkpoint": _known_signatures(note, key, policy),
        "party": str(org),
        "numbers": list(asked.numbers) if asked.numbers else None,
        "entries": [parts[row.id] for row in rows if row.id in wanted],
        "consistency": _growth(asked.since, size, subtree) if asked.since is not None else None,
        "completeness": complete,
    }


def inclusion_proofs(
    connection: sa.Connection, org: UUID, entries: Sequence[int], key: LogKey, policy: Policy
) -> dict[str, Any]:
    """Return the inclusion proofs of many entries against one checkpoint: a bundle without more."""
    return make_bundle(connection, org, Asked(entries=entries), key, policy)


def _ids(connection: sa.Connection, org: UUID, asked: Asked) -> list[int]:
    ids = dict.fromkeys(asked.entries)
    if asked.item is not None:
        ids |= dict.fromkeys(connection.scalars(_ABOUT, {"org": org, "key": asked.item}))
    if asked.numbers is not None:
        first, last = asked.numbers
        _limited(last - first + 1)
        ids |= dict.fromkeys(connection.scalars(_NUMBERED, {"org": org, "first": first, "last": last}))
    _limited(len(ids))
    return list(ids)


def _limited(count: int) -> None:
    if count > MOST_ENTRIES:
        title = msg("So many entries do not fit into one bundle.")
        raise Problem("ledger.too-many-entries", title, found=count, expected=f"<= {MOST_ENTRIES}", status=422)


def _rows(connection: sa.Connection, org: UUID, ids: list[int]) -> list[sa.Row[Any]]:
    rows = list(connection.execute(_ROWS, {"org": org, "ids": ids}))
    if missing := sorted(set(ids) - {row.id for row in rows}):
        raise Problem("ledger.no-such-entry", msg("The ledger has no such entry."), found=missing[0], status=404)
    return rows


def _checkpoint(connection: sa.Connection, policy: Policy, rows: list[sa.Row[Any]]) -> tuple[str, int]:
    """Return the newest note over all the rows that enough witnesses signed; where there is none, the newest."""
    latest = latest_checkpoint(connection)
    waiting = any(row.leaf_index is None for row in rows)
    least = max((row.leaf_index + 1 for row in rows if row.leaf_index is not None), default=1)
    if latest is None or waiting or latest.size < least:
        raise Problem(
            "ledger.not-yet-sequenced",
            msg("The entry is recorded, its proof is not ready yet."),
            remedy=msg("Try again in a second."),
            status=503,
        )
    note = newest_witnessed(connection, policy, least) or cosigned_note(connection, latest)
    return note, int(note.splitlines()[1])


def _known_signatures(note: str, key: LogKey, policy: Policy) -> str:
    """Return the note with the signatures that the bundle names the keys of, and no other."""
    known = {(key.origin, Verifier.read(key.verifier).id)} | {(w.name, w.id) for w in policy.witnesses.values()}
    text, signatures = parted(note)
    return text + "\n" + "".join(str(line) for line in signatures if (line.name, line.id) in known)


def _entry(row: sa.Row[Any], size: int, subtree: Subtree) -> dict[str, Any]:
    canonical = bodies.unpack(row.body)
    path = inclusion_proof(row.leaf_index, size, subtree)
    return {
        "body": canonical.decode(),
        "salt": bytes(row.salt).hex(),
        "personal": [],
        "things": _things(row),
        "leaf": leaf_of(row, canonical).content().decode(),
        "index": row.leaf_index,
        "path": [base64.b64encode(step).decode() for step in path],
    }


def _things(row: sa.Row[Any]) -> list[list[Any]]:
    if row.version == 1:  # its leaf does not commit to them
        return []
    return [[item_hex(key), roles] for key, roles in sorted(zip(row.thing_keys, row.thing_roles, strict=True))]


def _disclose(connection: sa.Connection, org: UUID, parts: list[dict[str, Any]]) -> None:
    named = [digests(msgspec.json.decode(part["body"])) for part in parts]
    rows = connection.execute(_PERSONAL, {"org": org, "digests": [digest for some in named for digest in some]})
    kept = {bytes(r.digest): {"salt": bytes(r.salt).hex(), "content": bytes(r.content).decode()} for r in rows}
    for part, some in zip(parts, named, strict=True):
        part["personal"] = [kept[digest] for digest in some if digest in kept]


def _growth(since: int, size: int, subtree: Subtree) -> dict[str, Any]:
    if not 0 < since <= size:
        title = msg("The log never had this size.")
        raise Problem("ledger.no-such-size", title, found=since, expected=f"1 - {size}", status=404)
    path = consistency_proof(since, size, subtree)
    return {"first": since, "path": [base64.b64encode(step).decode() for step in path]}


def _tile(connection: sa.Connection, tile: Tile) -> bytes:
    content = read_tile(connection, tile)
    if content is None:
        title = msg("The log lacks hashes that its checkpoint needs.")
        raise Problem("ledger.broken", title, found=tile.path, status=500)
    return content
