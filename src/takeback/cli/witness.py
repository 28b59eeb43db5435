"""`takeback prove witness`: run by a partner, on a machine of its own. No database is used."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from takeback.cli.answer import Answer
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.cosignature import WitnessKey
from takeback.prove.log_source import log_source
from takeback.prove.signednote import Verifier
from takeback.prove.witness import Witnessed, WitnessState
from takeback.prove.witness import witness as look


def witness(
    *,
    log: str,
    state: Path,
    name: str = "witness",
    log_key: str | None = None,
    out: Path | None = None,
    every: Annotated[float, Parameter(name="--every")] = 0.0,
) -> Answer:
    """Watch a log: co-sign its newest checkpoint if it merely grew; refuse, and keep the evidence, if it did not.

    Tell whoever runs the log the key that this prints; it belongs into the file `witness-policy.txt` there.

    Parameters
    ----------
    log:
        Where the log is: an address as `https://takeback.example/log`, a folder laid out alike, or a file with a
        checkpoint and a proof of growth.
    state:
        The file that remembers the last checkpoint. The witness's key is made beside it (`.key`), evidence, too
        (`.evidence/`).
    name:
        The name of this witness, as `lab.example/witness`; used when its key is made.
    log_key:
        The log's public key, `NAME+HASH+KEY`; needed the first time.
    out:
        Write the co-signed checkpoint to this file, too.
    every:
        Look again each so many seconds, until stopped or until the log is refused.
    """
    trusted = _verifier(log_key) if log_key else None
    key = WitnessKey.kept_in(state.with_name(f"{state.name}.key"), name)
    while True:
        source, kept = log_source(log), WitnessState.read(state, trusted)
        seen = look(source, state, kept, key, seconds=int(time.time()))
        if out is not None:
            out.write_text(seen.note, encoding="utf-8")
        if not every:
            return _answer(seen, key)
        print("\n".join(_lines(seen)), flush=True)
        time.sleep(every)


def _verifier(text: str) -> Verifier:
    try:
        return Verifier.read(text)
    except ValueError as error:
        title = msg("This is not the public key of a log.")
        raise Problem("ledger.bad-verifier", title, found=str(error), expected="NAME+HASH+KEY") from None


def _answer(seen: Witnessed, key: WitnessKey) -> Answer:
    data = {"before": seen.before, "size": seen.size, "published": seen.published, "note": seen.note}
    lines = [*_lines(seen), f"Key of this witness: {key.verifier}", *([] if seen.published else [seen.note.rstrip()])]
    return Answer({**data, "witness": str(key.verifier)}, lines)


def _lines(seen: Witnessed) -> list[str]:
    grown = f"grew from {seen.before:,} to {seen.size:,} leaves" if seen.before else f"has {seen.size:,} leaves"
    gave = "The log has the signature." if seen.published else "Hand the note below to whoever runs the log."
    return [f"The log {grown}; its checkpoint is co-signed. {gave}"]
