"""A private key in a file of its own, made at the first use, that only its owner can read."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def kept_key(path: Path) -> Ed25519PrivateKey:
    """Read the Ed25519 key (32 bytes) in the file ``path``, or make one there, and the folder around it."""
    try:
        return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle_number, name = tempfile.mkstemp(prefix=f".{path.stem}.", dir=path.parent)  # its owner's alone
    fresh = Path(name)
    with os.fdopen(handle_number, "wb") as handle:
        handle.write(Ed25519PrivateKey.generate().private_bytes_raw())
        handle.flush()
        os.fsync(handle.fileno())
    try:
        os.link(fresh, path)  # the first of several wins
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
