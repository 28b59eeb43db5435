"""An assignment of reviewers and what proves it: its worth, the greedy one it must beat, prices that bound all."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who reviews what. `pairs`: (proposal, reviewer), in the order of the problem's proposals, then reviewers.

    - `quality`: sum of the matches; `mean`: that over the reviews wanted; `worst`: mean match of the worst-served
      proposal; `worst_proposal`: its id; `beyond`: reviews beyond the even share;
    - `missing`: reviews wanted that nobody writes (0 in every plan; a greedy assignment may end with some);
    - `objective`: see `problem`.
    """

    pairs: tuple[tuple[str, str], ...]
    quality: float
    mean: float
    worst: float
    worst_proposal: str
    beyond: int
    missing: int
    objective: float


@dataclass(frozen=True, slots=True)
class Prices:
    """What each rule costs in matches: any numbers of the right sign prove a bound (`check` works it out again).

    With P proposals, R reviewers: `proposal` (P,) of one more review wanted, any sign; `load` (R,) of one more place
    (above 0) or one less that must be taken (below 0); `fair` (P,) >= 0, the proposal's share in being the worst;
    `even` (R,) >= 0, of one more in the even share; `senior`, `outside` (P,) >= 0, of one senior, one from outside
    less; `organisation` (proposal, organisation, price >= 0); `apart` (proposal, number of the pair, price >= 0).
    """

    proposal: FloatArray
    load: FloatArray
    fair: FloatArray
    even: FloatArray
    senior: FloatArray
    outside: FloatArray
    organisation: tuple[tuple[int, str, float], ...] = ()
    apart: tuple[tuple[int, int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewingSolution:
    """The answer to a reviewing problem.

    - `assignment`: the best found; `baseline`: the greedy one under the same rules, which may miss reviews;
    - `bound`: no assignment has a larger objective. `priced_bound` >= `bound`: what `prices` alone prove; where `bound`
      is lower, it is the search that proved it;
    - `iterations` of pricing, `seconds`, `seed`, `version` of the program.
    """

    assignment: Assignment
    baseline: Assignment
    bound: float
    priced_bound: float
    prices: Prices = field(compare=False)
    iterations: int
    seed: int
    version: str
    seconds: float = field(compare=False)

    @property
    def objective(self) -> float:
        """Return the objective of the assignment, in matches."""
        return self.assignment.objective

    @property
    def gap(self) -> float:
        """Return (bound - objective) / |bound|: no assignment is better by a larger share; 0 = proven best."""
        return max(0.0, self.bound - self.objective) / max(1e-9, abs(self.bound))

    @property
    def beats_baseline(self) -> bool:
        """Return whether this is worth more than the greedy assignment, or that one misses reviews."""
        return self.baseline.missing > 0 or self.objective > self.baseline.objective + 1e-9
