"""What all engines share: how long to search, how to tell progress, how a check reports."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from takeback.core.message import msg
from takeback.core.problem import Problem


@dataclass(frozen=True, slots=True)
class Budget:
    """How long an engine may search: wall `seconds`, `iterations` of its own loop, or whichever ends first.

    With `iterations` alone the answer does not depend on the machine: same problem, same seed, same answer.
    What one iteration is, the `solve` of each engine says. Raises `Problem` for a bad limit or none.
    """

    seconds: float | None = None
    iterations: int | None = None

    def __post_init__(self) -> None:
        if self.seconds is None and self.iterations is None:
            raise _bad_budget(self)
        if self.seconds is not None and not 0 < self.seconds < float("inf"):
            raise _bad_budget(self)
        if self.iterations is not None and self.iterations < 0:
            raise _bad_budget(self)


@dataclass(frozen=True, slots=True)
class Progress:
    """One report of a running search.

    `fraction` of the budget used (0 to 1), `iteration`, `seconds` since the start, the best `objective` so
    far, the proven `bound` on it and the objective of the `baseline`, all in the engine's own unit; None where there
    is none yet.
    """

    fraction: float
    iteration: int
    seconds: float
    objective: float | None = None
    bound: float | None = None
    baseline: float | None = None


OnProgress = Callable[[Progress], None]
"""Called by an engine now and then. What it raises ends the search and reaches the caller: so one cancels."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule of a problem that a solution breaks.

    `rule`: dotted slug, stable for programs (`load.above-capacity`). `where`: the place in the solution
    (`route 2, stop 3`). `found` and `expected`: the value met and the value, or limit, it should have met.
    """

    rule: str
    where: str
    found: object
    expected: object

    def __str__(self) -> str:
        return f"{self.rule} at {self.where}: found {self.found}, expected {self.expected}"

    def as_dict(self) -> dict[str, object]:
        """Return the violation as JSON can carry it."""
        return {
            "rule": self.rule,
            "where": self.where,
            "found": _plain(self.found),
            "expected": _plain(self.expected),
        }


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """Seconds since it was made. Engines know no calendar; this is the only clock they may read."""

    _started: float = field(default_factory=time.perf_counter)

    @property
    def seconds(self) -> float:
        """Return the wall seconds since the start."""
        return time.perf_counter() - self._started

    def spent(self, budget: Budget, iteration: int) -> float:
        """Return the larger used share of the budget's limits; 1 or more means: stop."""
        shares = [0.0]
        if budget.seconds is not None:
            shares.append(self.seconds / budget.seconds)
        if budget.iterations is not None:
            shares.append(iteration / budget.iterations if budget.iterations else 1.0)
        return max(shares)


def _bad_budget(budget: Budget) -> Problem:
    return Problem(
        "plan.bad-budget",
        msg("The search needs a time or an iteration limit that is not negative"),
        found=f"seconds={budget.seconds}, iterations={budget.iterations}",
        expected=msg("seconds above 0, or iterations of 0 or more, or both"),
        remedy=msg("Give a budget such as 10 seconds or 1000 iterations."),
    )


def _plain(value: object) -> object:
    return value if isinstance(value, bool | int | float | str) or value is None else str(value)
