"""Problems cut like a cake: sectors around the depot, in which full routes far out and loose ones near it meet.

What a route has left of its capacity costs the more the farther out it drives, and only exchanges between near and
far routes bring that room inward. Sweeping is as old as Gillett and Miller (1974); here angles need no coordinates:
two places, the farthest from the depot and the one farthest off the line to it, span a plane (landmark scaling: de
Silva, Tenenbaum 2004).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from takeback.plan.collection.problem import CollectionProblem

Indices = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]


def by_sectors(
    problem: CollectionProblem, groups: list[Indices], count: int, rng: np.random.Generator
) -> list[Indices]:
    """Return at most `count` sets of groups (indices) with about equally many tasks; the first edge is drawn."""
    places = np.array([task.location for task in problem.tasks])
    sizes = np.array([len(group) for group in groups])
    owner = np.repeat(np.arange(len(groups)), sizes)
    x, y = (np.bincount(owner, axis[places[np.concatenate(groups)]], len(groups)) for axis in _plane(problem))
    angle = (np.arctan2(y, x) + rng.uniform(0, 2 * np.pi)) % (2 * np.pi)
    order = np.argsort(angle, kind="stable")
    middle = (np.cumsum(sizes[order]) - sizes[order] / 2) / sizes.sum()
    sector = (middle * count).astype(np.intp)
    return [order[sector == k] for k in range(count) if (sector == k).any()]


def _plane(problem: CollectionProblem) -> tuple[Floats, Floats]:
    """Return about where each location lies as seen from the first depot, metres along two axes."""
    away = problem.distance_m[problem.depots[0].location].astype(np.float64)
    one = int(away.argmax())
    x = _along(problem, away, one)
    two = int((away**2 - x**2).argmax())
    over = max(1.0, away[two])
    off = np.sqrt(max(over**2 - x[two] ** 2, 1.0)) / over
    return x, (_along(problem, away, two) - x * x[two] / over) / off


def _along(problem: CollectionProblem, away: Floats, mark: int) -> Floats:
    """Return how far each location lies from the depot in the direction of `mark` (law of cosines)."""
    return np.asarray(
        (away**2 + away[mark] ** 2 - problem.distance_m[mark].astype(np.float64) ** 2) / (2 * max(1.0, away[mark]))
    )
