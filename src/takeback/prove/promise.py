"""A receipt for a whole capture in one signature: five lines that fit into a header of the answer.

    takeback.local/log/receipt          the log, and that this is no checkpoint
    0b5c...                             the party
    17 500                              its first running number, and how many follow each other from there
    2026-11-22T08:30:00.123456Z         record time
    root                                of the RFC 6962 tree over the leaves' hashes, by their numbers, base64

It costs 0.1 ms and a hash an event; the single receipts (`takeback.prove.receipt`) say what each leaf holds.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from takeback.prove.checkpoint import LogKey
from takeback.prove.entry import stamp
from takeback.prove.merkle import Frontier
from takeback.prove.signednote import LOG_KEY, Signature, Verifier, parted


def promise(key: LogKey, party: UUID, numbers: range, recorded: datetime, leaves: Sequence[bytes]) -> str:
    """Return the signed note that promises these leaves, of new entries that one transaction records."""
    root = base64.b64encode(_root(leaves)).decode()
    lines = (f"{key.origin}/receipt", party, f"{numbers.start} {len(numbers)}", stamp(recorded), root)
    text = "".join(f"{line}\n" for line in lines)
    own = Verifier(key.origin, LOG_KEY, key.public)
    return f"{text}\n{Signature(key.origin, own.id, key.private.sign(text.encode()))}"


def promises_leaves(note: str, log: Verifier, leaves: Sequence[bytes]) -> bool:
    """Tell whether the log has promised exactly these leaves, in this order."""
    text, signatures = parted(note)
    lines = text.splitlines()
    if len(lines) != 5 or lines[0] != f"{log.name}/receipt" or not lines[2].endswith(f" {len(leaves)}"):
        return False
    if lines[4] != base64.b64encode(_root(leaves)).decode():
        return False
    return any(one[:2] == (log.name, log.id) and _holds(log, one.content, text) for one in signatures)


def _holds(log: Verifier, signature: bytes, text: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(log.public).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _root(leaves: Sequence[bytes]) -> bytes:
    tree = Frontier()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()
