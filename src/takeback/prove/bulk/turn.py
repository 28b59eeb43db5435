"""Processes that take turns: batch after batch, whatever process has it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import BaseContext

from takeback.core.message import msg
from takeback.core.problem import Problem

LONGEST_WAIT_S = 600.0
_NOBODY = -1


class Turn:
    """Whose turn it is, shared by processes that were given it at their start."""

    def __init__(self, context: BaseContext) -> None:
        """Begin with number 0."""
        self._next = context.Value("q", 0)
        self._changed = context.Condition()

    @contextmanager
    def of(self, number: int) -> Iterator[None]:
        """Wait until it is the turn of ``number``, and give it to the one behind; after an error, to nobody."""
        with self._changed:
            came = self._changed.wait_for(lambda: self._next.value in (number, _NOBODY), LONGEST_WAIT_S)
            if not came or self._next.value == _NOBODY:
                raise Problem("load.stopped", msg("The load was stopped by an earlier batch."))
        try:
            yield
        except BaseException:
            self.stop()
            raise
        self._give(number + 1)

    def stop(self) -> None:
        """Let nobody have a turn any more: who waits is told."""
        self._give(_NOBODY)

    def _give(self, number: int) -> None:
        with self._changed:
            self._next.value = number
            self._changed.notify_all()
