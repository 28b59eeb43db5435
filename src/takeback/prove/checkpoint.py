"""Signed checkpoints of the log, as C2SP tlog-checkpoint and signed-note write them."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from takeback.prove.entry import stamp
from takeback.prove.key_file import kept_key

_ED25519 = b"\x01"


@dataclass(frozen=True, slots=True)
class LogKey:
    """The key that signs one log's checkpoints; ``origin`` names the log."""

    origin: str
    private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def verifier(self) -> str:
        """The public key in signed-note form: ``origin+hash+key``."""
        key = base64.b64encode(_ED25519 + self.public).decode()
        return f"{self.origin}+{key_hash(self.origin, self.public).hex()}+{key}"

    @classmethod
    def kept_in(cls, folder: Path, origin: str = "takeback.local/log") -> LogKey:
        """Read the key of ``folder`` or make one there, readable by its owner only."""
        return cls(origin, kept_key(folder / "log-key.ed25519"))

    def sign(self, size: int, root: bytes, *extensions: str) -> str:
        """Return the signed checkpoint of a tree; ``extensions`` are further lines that are signed with it."""
        text = "".join(f"{line}\n" for line in (self.origin, size, base64.b64encode(root).decode(), *extensions))
        signature = key_hash(self.origin, self.public) + self.private.sign(text.encode())
        return f"{text}\n\u2014 {self.origin} {base64.b64encode(signature).decode()}\n"


def key_hash(name: str, public: bytes) -> bytes:
    """Return the four bytes by which a signed note names a key."""
    return sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def extensions(made: datetime, before: int) -> tuple[str, str]:
    """Return the lines that our checkpoints have beyond C2SP's three: when it was made, and the size of the one before.

    By the second a checkpoint that was dropped is missed.
    """
    return f"made {stamp(made)}", f"after {before}"


def opened(note: str, origin: str, public: bytes) -> tuple[int, bytes] | None:
    """Return size and root of a checkpoint that ``public`` has signed, or None when it has not."""
    text, _, signatures = note.partition("\n\n")
    text += "\n"
    lines = text.splitlines()
    for line in signatures.splitlines():
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        if dash != "\u2014" or name != origin or len(lines) < 3 or lines[0] != origin:
            continue
        try:
            blob = base64.b64decode(encoded, validate=True)
            Ed25519PublicKey.from_public_bytes(public).verify(blob[4:], text.encode())
            return int(lines[1]), base64.b64decode(lines[2], validate=True)
        except (ValueError, InvalidSignature):
            continue
    return None
