"""What a search hands back: routes as sequences, before times are worked out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from takeback.plan.collection.parts import Window


class Visit(NamedTuple):
    """A task (index) to be served in `window`; None = the first window that is still open on arrival.

    A negative `task` is a visit to a site: -1 is the first of the problem's sites, -2 the second.
    """

    task: int
    window: Window | None = None


Sequence = tuple[int, tuple[Visit, ...]]
"""Vehicle type (index) and visits of one route."""

Routes = tuple[Sequence, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What one search found.

    - `routes` of its best plan, and whether they keep all rules (`feasible`);
    - `iterations` done;
    - `pool`: further routes that keep all rules of a single route, for recombination.
    """

    routes: tuple[Sequence, ...]
    feasible: bool
    iterations: int
    pool: tuple[Sequence, ...] = ()
