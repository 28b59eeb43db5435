"""Receipts: the log's signed promise, given before an entry is in the log, that it will be there and as what.

Who has a receipt and later gets no inclusion proof for its leaf can show that the log broke its word.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from takeback.core.canonical import canonical_json
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove import bodies
from takeback.prove.checkpoint import LogKey
from takeback.prove.entry import Leaf
from takeback.prove.epcis.prepare import mark
from takeback.prove.kept import COLUMNS, leaf_of
from takeback.prove.merkle import leaf_hash
from takeback.prove.signednote import unbase64

FORMAT = "takeback-receipt-v1"
_PREFIX = f"{FORMAT}\n".encode()  # no checkpoint or cosignature begins so: a promise is never taken for one
_ROWS = sa.text(f"select e.id, {COLUMNS} from entry e where e.org_id = :org and e.id = any(:ids) order by e.id")
_BY_MARK = sa.text(
    """
    select entry_id from entry_mark where org_id = :org and mark = :mark
    union select id from entry where org_id = :org and event_key = :key
    order by 1 limit 1
    """
)


def promises(connection: sa.Connection, org: UUID, entries: Sequence[int], key: LogKey) -> dict[str, Any]:
    """Return the signed receipt of entries of one party, in one signature: 0.1 ms for 500 events.

    ``promised.leaves`` has for each entry its id, event hash, salted digest, number, times and, in ``content``,
    the text of which its leaf is the hash.

    Raises
    ------
    Problem
        ``ledger.no-such-entry``.
    """
    rows = connection.execute(_ROWS, {"org": org, "ids": list(entries)}).all()
    if missing := sorted(set(entries) - {row.id for row in rows}):
        raise Problem("ledger.no-such-entry", msg("The ledger has no such entry."), found=missing[0], status=404)
    return receipt(key, org, [(row.id, leaf_of(row, bodies.unpack(row.body))) for row in rows])


def receipt(key: LogKey, org: UUID, leaves: Sequence[tuple[int, Leaf]]) -> dict[str, Any]:
    """Return the signed receipt of leaves that one transaction appends, given with the ids of their entries."""
    promised = {
        "origin": key.origin,
        "party": str(org),
        "leaves": [{"entry": entry, "content": leaf.content().decode()} for entry, leaf in leaves],
    }
    signature = key.private.sign(_PREFIX + canonical_json(promised))
    return {"format": FORMAT, "promised": promised, "signature": base64.b64encode(signature).decode()}


def kept_promise(given: Mapping[str, Any], public: bytes, proof: Mapping[str, Any]) -> list[str]:
    """Compare a receipt with an inclusion proof of one of its entries; return what does not hold."""
    findings = []
    signature = unbase64(str(given.get("signature"))) or b""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _PREFIX + canonical_json(given["promised"]))
    except InvalidSignature:
        findings.append("the receipt's signature does not hold")
    promised = {leaf["entry"]: leaf["content"] for leaf in given["promised"]["leaves"]}
    content = promised.get(proof["entry"]["id"])
    if content is None:
        findings.append("the receipt does not speak of this entry")
    elif leaf_hash(content.encode()) != leaf_hash(proof["leaf"]["content"].encode()):
        findings.append("the leaf is not the one that the receipt promises")
    return findings


def entry_of_event(connection: sa.Connection, org: UUID, event_id: str) -> int:
    """Return the entry of an event by its eventID or its hash (``ni:///sha-256;...?ver=CBV2.0``).

    Raises
    ------
    Problem
        ``ledger.no-such-entry``.
    """
    keys = {"org": org, "mark": mark("event", event_id), "key": _hash_key(event_id)}
    found = connection.scalar(_BY_MARK, keys)
    if found is None:
        raise Problem("ledger.no-such-entry", msg("The ledger has no such entry."), found=event_id, status=404)
    return int(found)


def _hash_key(event_id: str) -> int:
    prefix, _, rest = event_id.partition(";")
    return mark("hash", rest.partition("?")[0].lower()) if prefix == "ni:///sha-256" else -1


def details(promised: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what each leaf of a receipt says, as an object."""
    return [{"entry": leaf["entry"], **msgspec.json.decode(leaf["content"].encode())} for leaf in promised["leaves"]]
