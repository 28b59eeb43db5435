"""The public key of a log as people hand it on: one line in signed-note form."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.checkpoint import key_hash

_ED25519 = 1


@dataclass(frozen=True, slots=True)
class Verifier:
    """What checks the signatures of one log: its name and its Ed25519 key (32 bytes)."""

    origin: str
    public: bytes

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """Return the verifier of ``origin+hash+key`` (C2SP signed-note, "Verifier keys").

        Raises
        ------
        Problem
            ``ledger.bad-verifier`` when it is no such line, or its parts do not belong together.
        """
        try:
            origin, digest, encoded = text.strip().split("+", 2)  # base64 may hold a plus: it is the last part
            kind, *key = base64.b64decode(encoded, validate=True)
            public = bytes(key)
        except ValueError:
            raise _bad(text) from None
        if kind != _ED25519 or len(public) != 32 or digest != key_hash(origin, public).hex():
            raise _bad(text)
        return cls(origin, public)


def _bad(text: str) -> Problem:
    return Problem(
        "ledger.bad-verifier",
        msg("This is not the public key of a log."),
        found=text,
        expected="NAME+HASH+KEY",
        remedy=msg(
            "Ask whoever keeps the log for the line that `takeback prove verify` prints, or look at the ledger page."
        ),
    )
