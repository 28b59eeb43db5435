"""The command line: `takeback GROUP COMMAND`, with the same groups as the platform has parts.

Nothing is imported here but the overview, so that `takeback --help` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from takeback.cli import overview

__all__ = ["main", "run"]


def main() -> None:
    """Run the command that the shell gives and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; see `docs/reference/exit-codes.md`."""
    if (text := overview.answer(arguments)) is not None:
        print(text)
        return 0
    from takeback.cli.application import execute

    return execute(arguments)
