"""What the commands of all engines share: how long to search, files in and out, and the check before an answer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.doors import Budget, Violation

NO_INPUT, NO_OUTPUT = 66, 73


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Search:
    """How long to search.

    Parameters
    ----------
    budget_seconds:
        Stop after this many seconds.
    iterations:
        Stop after this many iterations: the same answer on every machine.
    seed:
        The beginning of the random numbers.
    """

    budget_seconds: Annotated[float | None, Parameter(alias=("--budget", "--seconds"))] = None
    iterations: int | None = None
    seed: int = 0

    def budget(self, *, seconds: float) -> Budget:
        """Return the budget that was asked for, `seconds` where none was."""
        if self.budget_seconds is None and self.iterations is None:
            return Budget(seconds=seconds)
        return Budget(seconds=self.budget_seconds, iterations=self.iterations)


def read(path: Path) -> bytes:
    """Return what a file holds; `-` is stdin.

    Raises
    ------
    Problem
        `cli.unreadable-file`, exit code 66.
    """
    try:
        return Path("/dev/stdin").read_bytes() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise Problem(
            "cli.unreadable-file",
            msg("The file cannot be read."),
            where=str(path),
            found=error.strerror,
            exit_code=NO_INPUT,
        ) from error


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file, with or without a byte order mark.

    Raises
    ------
    Problem
        `cli.unreadable-file`, exit code 66.
    """
    try:
        return read(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(
            "cli.unreadable-file",
            msg("The file is not a text in UTF-8."),
            where=f"{path}, byte {error.start}",
            exit_code=NO_INPUT,
        ) from error


def write(path: Path, content: bytes | str) -> None:
    """Write a file, whole or not at all.

    Raises
    ------
    Problem
        `cli.unwritable-file`, exit code 73.
    """
    new = path.with_name(f".{path.name}.{time.monotonic_ns()}")
    try:
        new.write_bytes(content.encode() if isinstance(content, str) else content)
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise Problem(
            "cli.unwritable-file",
            msg("The file cannot be written."),
            where=str(path),
            found=error.strerror,
            exit_code=NO_OUTPUT,
        ) from error


def demand_valid(violations: Sequence[Violation]) -> None:
    """Refuse an answer that its own check finds wrong: that is a mistake of the engine, never of the input.

    Raises
    ------
    Problem
        `plan.check-failed`, exit code 70, with the first violations.
    """
    if not violations:
        return
    raise Problem(
        "plan.check-failed",
        msg("The solution does not pass its own check and is withheld."),
        found="; ".join(map(str, violations[:5])),
        expected=msg("no violation"),
        remedy=msg("Please report it with the file and the seed."),
        status=500,
        exit_code=70,
    )
