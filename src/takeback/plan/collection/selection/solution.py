"""Which points are emptied on which day, what each visit is worth, and what the choice must beat."""

from __future__ import annotations

from dataclasses import dataclass, field

from takeback.core.message import Message


@dataclass(frozen=True, slots=True)
class Chosen:
    """A point to be emptied on a day.

    - `worth`: what is lost, minor units, when it is not emptied on this day and the rest of the plan is made the best
      of: the most that fetching it may cost.
    - `fill`: expected share of its capacity that morning; `risk`: probability that it would be above its capacity that
      evening if it were not emptied. `reason` for people.
    """

    point: str
    day: int
    worth: int
    fill: float
    risk: float
    reason: Message


@dataclass(frozen=True, slots=True)
class SelectionSolution:
    """The answer to a selection problem.

    - `chosen`, by day; `worth[k][d]`: what emptying point k on day d is worth, minor units, chosen or not.
    - `objective`, `bound` (no choice of any kind has a smaller one), `baseline`: the objective of emptying each point
      when it is expected to be four fifths full, all in minor units.
    - `iterations` of the search, `seconds` it took, `seed`, `version` of the program.
    """

    chosen: tuple[Chosen, ...]
    worth: tuple[tuple[int, ...], ...]
    objective: float
    bound: float
    baseline: float
    iterations: int
    seed: int
    version: str
    seconds: float = field(compare=False)

    @property
    def gap(self) -> float:
        """Return (objective - bound) / objective: no choice is better by a larger share."""
        return (self.objective - self.bound) / self.objective if self.objective else 0.0

    @property
    def beats_baseline(self) -> bool:
        """Return whether the choice costs less than waiting for four fifths."""
        return self.objective < self.baseline

    def on(self, day: int) -> tuple[str, ...]:
        """Return the ids of the points chosen for a day."""
        return tuple(one.point for one in self.chosen if one.day == day)
