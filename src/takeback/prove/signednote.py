"""Signed notes (C2SP signed-note): a text that ends in a newline, an empty line, one line for each signature."""

from __future__ import annotations

import base64
import binascii
from hashlib import sha256
from typing import NamedTuple

LOG_KEY, WITNESS_KEY = 1, 4  # Ed25519 over the text; Ed25519 over a cosignature with a time (C2SP tlog-cosignature)
_DASH = "\u2014"


class Verifier(NamedTuple):
    """A public key with its name, as `name+hash+key` writes it; ``kind`` is `LOG_KEY` or `WITNESS_KEY`."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    @classmethod
    def read(cls, text: str) -> Verifier:
        """Return the key that ``str`` wrote.

        Raises
        ------
        ValueError
            When it is not one, or not an Ed25519 key.
        """
        name, identity, encoded = [*text.strip().split("+", 2), "", ""][:3]
        blob = unbase64(encoded)
        if blob is None or len(blob) != 33 or blob[0] not in {LOG_KEY, WITNESS_KEY}:
            raise ValueError(f"no Ed25519 key of a signed note: {text}")
        found = cls(checked_name(name), blob[0], blob[1:])
        if found.id.hex() != identity:
            raise ValueError(f"the key is not the one that its hash names: {text}")
        return found


class Signature(NamedTuple):
    """One signature line: who, the key's four bytes, and the rest."""

    name: str
    id: bytes
    content: bytes

    def __str__(self) -> str:
        return f"{_DASH} {self.name} {base64.b64encode(self.id + self.content).decode()}\n"


def parted(note: str) -> tuple[str, list[Signature]]:
    """Return the text of a note, its last newline included, and its signatures; lines of another form are left out."""
    text, _, lines = note.rpartition("\n\n")
    found = []
    for line in lines.splitlines():
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        blob = unbase64(encoded)
        if dash == _DASH and name and blob is not None and len(blob) > 4:
            found.append(Signature(name, blob[:4], blob[4:]))
    return text + "\n", found


def checked_name(name: str) -> str:
    """Return a key's name; ValueError where it is empty or has a space or a plus sign."""
    if not name or "+" in name or any(letter.isspace() or not letter.isprintable() for letter in name):
        raise ValueError(f"a key's name has neither spaces nor plus signs: {name!r}")
    return name


def unbase64(text: str) -> bytes | None:
    """Return what base64 stands for, None where it is none or has another spelling."""
    try:
        blob = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return None
    return blob if base64.b64encode(blob).decode() == text else None
