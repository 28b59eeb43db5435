"""A bar on stderr while something takes long; nothing where nobody looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol


class Step(Protocol):
    """Takes the share done, 0 to 1, and a few words to stand behind the bar."""

    def __call__(self, share: float, words: str = "") -> None:
        """Move the bar."""


class Report(Protocol):
    """What an engine says of a running search; see `takeback.plan.doors.Progress`."""

    @property
    def fraction(self) -> float:
        """Share of the budget that is used, 0 to 1."""

    @property
    def objective(self) -> float | None:
        """Best value so far."""


@contextmanager
def bar(description: str) -> Iterator[Step]:
    """Yield a function that takes the share done (0 to 1) and a few words; the bar goes when the block ends."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[words]}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(description, total=1.0, words="")

        def step(share: float, words: str = "") -> None:
            progress.update(task, completed=share, words=words)

        yield step


@contextmanager
def search(description: str) -> Iterator[Callable[[Report], None]]:
    """Yield what an engine takes as `on_progress`."""
    with bar(description) as step:

        def on_progress(report: Report) -> None:
            step(report.fraction, "" if report.objective is None else f"{report.objective:,.6g}")

        yield on_progress
