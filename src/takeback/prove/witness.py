"""A witness: it keeps the last checkpoint of a log, co-signs the next one only if the log merely grew, and else keeps
what shows that it did not."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.prove.checkpoint import opened
from takeback.prove.cosignature import WitnessKey
from takeback.prove.log_source import LogSource
from takeback.prove.merkle import consistent
from takeback.prove.signednote import Verifier, parted


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """What a look at the log gave: sizes before and now, the co-signed note, and whether the log took it."""

    before: int
    size: int
    note: str
    published: bool


@dataclass(frozen=True, slots=True)
class WitnessState:
    """What a witness remembers between two looks: the log's key, and the last note that it signed."""

    log: Verifier
    note: str = ""

    @classmethod
    def read(cls, path: Path, log: Verifier | None) -> WitnessState:
        """Return the state in a file; for a new one ``log`` is needed, for an old one it must be the same.

        Raises
        ------
        Problem
            ``witness.no-log-key``, ``witness.other-log``, ``witness.broken-state``.
        """
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            kept = cls(Verifier.read(said["log"]), said["note"])
        except FileNotFoundError:
            if log is None:
                title = msg("The first time, a witness must be told the log's public key.")
                raise Problem("witness.no-log-key", title, expected="--log-key NAME+HASH+KEY") from None
            return cls(log)
        except (ValueError, KeyError, TypeError) as error:
            raise _damaged(path) from error
        if kept.note and opened(kept.note, kept.log.name, kept.log.public) is None:
            raise _damaged(path)
        if log is not None and log != kept.log:
            title = msg("This witness watches another log.")
            raise Problem("witness.other-log", title, found=str(log), expected=str(kept.log), where=str(path))
        return kept

    def write(self, path: Path) -> None:
        """Replace the file so that after a power cut there is the old one or the new one."""
        _written(path, json.dumps({"log": str(self.log), "note": self.note}))


def witness(source: LogSource, path: Path, state: WitnessState, key: WitnessKey, *, seconds: int) -> Witnessed:
    """Look at the log once; ``seconds`` since 1970 is the time of the cosignature. The state is on disk before it.

    Raises
    ------
    Problem
        ``witness.unsigned``, ``witness.shrank``, ``witness.forked``: nothing is signed, and the file that ``where``
        names keeps both notes; two that contradict each other under the log's own signature convict it.
    """
    note = source.checkpoint()
    now = opened(note, state.log.name, state.log.public)
    if now is None:
        raise _refused(path, state, note, "unsigned", msg("The log's key has not signed this checkpoint."))
    before = opened(state.note, state.log.name, state.log.public) or (0, b"")
    if now[0] < before[0]:
        raise _refused(path, state, note, "shrank", msg("The log has become shorter."))
    if before[0] and not _grew(source, before, now):
        title = msg("The log is not the one that was seen before: it forked or was rewritten.")
        raise _refused(path, state, note, "forked", title)
    text, signatures = parted(note)
    own = next(line for line in signatures if (line.name, line.id) == (state.log.name, state.log.id))
    WitnessState(state.log, f"{text}\n{own}").write(path)
    signed = f"{text}\n{own}{key.cosign(text, seconds)}"
    return Witnessed(before=before[0], size=now[0], note=signed, published=source.publish(signed))


def _grew(source: LogSource, before: tuple[int, bytes], now: tuple[int, bytes]) -> bool:
    if before[0] == now[0]:
        return before[1] == now[1]
    try:
        path = source.growth(before[0], now[0])
    except ValueError:  # tiles of a wrong length
        return False
    return consistent(before[0], now[0], before[1], now[1], path)


def _refused(path: Path, state: WitnessState, note: str, kind: str, title: Message) -> Problem:
    content = json.dumps({"log": str(state.log), "refused": kind, "kept": state.note, "shown": note}, indent=1)
    folder = path.with_name(f"{path.name}.evidence")
    folder.mkdir(exist_ok=True)
    file = folder / f"{kind}-{sha256(content.encode()).hexdigest()[:16]}.json"
    _written(file, content)
    return Problem(
        f"witness.{kind}",
        title,
        where=str(file),
        remedy=msg("Nothing was signed. Keep this file, and ask whoever runs the log and its other witnesses."),
    )


def _damaged(path: Path) -> Problem:
    return Problem(
        "witness.broken-state",
        msg("The state of this witness is damaged: its log has not signed what it keeps."),
        where=str(path),
        remedy=msg("Restore the file. Beginning anew would forget what the log has shown before."),
    )


def _written(path: Path, content: str) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with fresh.open("w", encoding="utf-8") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
