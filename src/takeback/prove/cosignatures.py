"""Cosignatures as the log keeps them: taken from known witnesses only, and handed out with the checkpoints."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.cosignature import cosigned_at
from takeback.prove.policy import Policy
from takeback.prove.signednote import Signature, parted

MOST_SIGNATURES = 64  # signatures of a note that are looked at

_NOTE = sa.text("select note from checkpoint where size = :size")
_ADD = sa.text(
    "insert into cosignature (size, witness, seconds, line) values (:size, :witness, :seconds, :line) "
    "on conflict do nothing"
)
_LINES = sa.text("select line from cosignature where size = :size order by witness")
_WITNESSED = sa.text(
    """
    select size, root, made_at, note from checkpoint
    where size in (select size from cosignature where size >= :least group by size)
    order by size desc limit 1000
    """
)


def accept(connection: sa.Connection, policy: Policy, note: str) -> list[str]:
    """Keep the cosignatures of a note; return the names of the witnesses, as the policy has them.

    Raises
    ------
    Problem
        ``ledger.no-such-checkpoint`` for a text that this log never signed (where a witness sees another log than
        ours, this is how we learn of it), ``ledger.unknown-witness`` when no known witness signed.
    """
    text, signatures = parted(note)
    size = _size(text)
    own = connection.scalar(_NOTE, {"size": size})
    if own is None or parted(own)[0] != text:
        title = msg("This log never signed such a checkpoint.")
        raise Problem("ledger.no-such-checkpoint", title, found=size, status=409)
    kept = []
    for name, witness in policy.witnesses.items():
        for signature in signatures[:MOST_SIGNATURES]:
            if (seconds := cosigned_at(text, signature, witness)) is not None:
                row = {"size": size, "witness": name, "seconds": seconds, "line": str(signature)}
                connection.execute(_ADD, row)
                kept.append(name)
                break
    if not kept:
        raise Problem(
            "ledger.unknown-witness",
            msg("No signature of the note is one of a known witness."),
            found=_names(signatures),
            expected=", ".join(str(witness) for witness in policy.witnesses.values()) or msg("a witness of the policy"),
            status=403,
        )
    return kept


def cosigned_note(connection: sa.Connection, checkpoint: sa.Row[Any]) -> str:
    """Return a checkpoint's signed note with the cosignatures that the log has of it."""
    return str(checkpoint.note) + "".join(connection.scalars(_LINES, {"size": checkpoint.size}))


def newest_witnessed(connection: sa.Connection, policy: Policy, least: int = 1) -> str | None:
    """Return the newest note over at least ``least`` leaves that counts by the policy, None when there is none yet.

    The signatures are checked again: what stands in the table is not believed.
    """
    if policy.quorum == "none":
        return None
    for row in connection.execute(_WITNESSED, {"least": least}):
        note = cosigned_note(connection, row)
        if policy.counts(note):
            return note
    return None


def _size(text: str) -> int:
    lines = text.splitlines()
    return int(lines[1]) if len(lines) > 2 and lines[1].isdecimal() and len(lines[1]) < 19 else -1


def _names(signatures: list[Signature]) -> str:
    return ", ".join(signature.name for signature in signatures)
