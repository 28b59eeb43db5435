"""The key by which a centre signs credentials, kept as that of the log is: a file that only its owner can read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from takeback.prove.key_file import kept_key

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ED25519 = b"\xed\x01"  # multicodec: an Ed25519 public key


@dataclass(frozen=True, slots=True)
class CentreKey:
    """The Ed25519 key of one centre."""

    private: Ed25519PrivateKey

    @property
    def did(self) -> str:
        """The public key as `did:key` (W3C CCG): what whoever verifies has to trust."""
        return "did:key:" + base58(_ED25519 + self.private.public_key().public_bytes_raw())

    @property
    def method(self) -> str:
        """The verification method that a proof names."""
        return f"{self.did}#{self.did.removeprefix('did:key:')}"

    @classmethod
    def kept_in(cls, home: Path, org_id: UUID) -> CentreKey:
        """Read the key of a centre in the installation's folder, or make one there."""
        return cls(kept_key(home / "centre-keys" / f"{org_id}.ed25519"))


def base58(blob: bytes) -> str:
    """Return bytes in base58btc with the letter z before them (multibase)."""
    number, letters = int.from_bytes(blob, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        letters = _BASE58[rest] + letters
    return "z" + "1" * (len(blob) - len(blob.lstrip(b"\0"))) + letters
