"""Tokens that a caller presents and of which only a hash is kept."""

from __future__ import annotations

import secrets
from hashlib import sha256

_BYTES = 32


def new_token() -> str:
    """Return 256 random bits for a URL, a cookie or a header."""
    return secrets.token_urlsafe(_BYTES)


def hashed(token: str) -> bytes:
    """Return what is kept of a token. A fast hash is enough: 256 random bits cannot be guessed."""
    return sha256(token.encode()).digest()
