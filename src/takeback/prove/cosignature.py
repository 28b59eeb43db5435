"""Cosignatures (C2SP tlog-cosignature, version 1): "I saw this checkpoint at this time, and none against it"."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from takeback.prove.signednote import WITNESS_KEY, Signature, Verifier, checked_name

_TIME = 8  # bytes of the time, seconds since 1970, before the signature


@dataclass(frozen=True, slots=True)
class WitnessKey:
    """The key with which one witness co-signs."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """The public key with its name."""
        public = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return Verifier(self.name, WITNESS_KEY, public)

    @classmethod
    def kept_in(cls, path: Path, name: str) -> WitnessKey:
        """Read the key in the file ``path``, or make one there that only its owner can read."""
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            content = Ed25519PrivateKey.generate().private_bytes_raw()
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
                handle.write(content)
                handle.flush()
                os.fsync(handle.fileno())
        return cls(checked_name(name), Ed25519PrivateKey.from_private_bytes(content))

    def cosign(self, text: str, seconds: int) -> Signature:
        """Return the cosignature of a checkpoint's text at a time in seconds since 1970."""
        moment = seconds.to_bytes(_TIME, "big")
        return Signature(self.name, self.verifier.id, moment + self.private.sign(_said(text, seconds)))


def cosigned_at(text: str, signature: Signature, witness: Verifier) -> int | None:
    """Return when ``witness`` co-signed the text, seconds since 1970; None when the signature is not that."""
    if (signature.name, signature.id) != (witness.name, witness.id) or len(signature.content) != _TIME + 64:
        return None
    seconds = int.from_bytes(signature.content[:_TIME], "big")
    try:
        Ed25519PublicKey.from_public_bytes(witness.public).verify(signature.content[_TIME:], _said(text, seconds))
    except (ValueError, InvalidSignature):
        return None
    return seconds


def _said(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
