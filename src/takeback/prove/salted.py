"""The salted digest: a commitment to a content that nobody can guess at without the salt."""

from __future__ import annotations

from hashlib import sha256


def body_digest(salt: bytes, canonical: bytes) -> bytes:
    """Return the salted digest of a body: without the salt nobody can guess a small body from its digest."""
    return sha256(salt + canonical).digest()
