"""How reliable each grading station is, learnt from goods that several stations graded without knowing of each other.

Nobody knows the true grades of those goods either: expectation-maximisation finds them and the stations' confusion
matrices together (Dawid and Skene 1979), with Dirichlet priors so that a station with few regrades is like the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.grading.goods.checklist import GRADES

FloatArray = npt.NDArray[np.float64]

ROUNDS = 200
ENOUGH = 1e-9


@dataclass(frozen=True, slots=True)
class Regrade:
    """One of several blind gradings of the same item."""

    item: str
    station: str
    grade: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """Dirichlet posteriors of the stations' confusion matrices.

    - `stations` (S,); `counts` (S, G, G): pseudo-counts, [s, true grade, observed grade].
    - `pooled` (G, G): the pseudo-counts for a station without regrades.
    """

    stations: tuple[str, ...]
    counts: FloatArray
    pooled: FloatArray

    def confusion(self, station: str) -> FloatArray:
        """Return (G, G) P(observed | true) of a station: the posterior mean, which is the predictive probability."""
        counts = self.counts[self.stations.index(station)] if station in self.stations else self.pooled
        share: FloatArray = counts / counts.sum(axis=1, keepdims=True)
        return share


def prior_counts(*, accuracy: float = 0.8, strength: float = 10.0, reach: float = 0.5) -> FloatArray:
    """Return (G, G) pseudo-counts of an inspector who is right with `accuracy`, else near misses first.

    `strength`: how many regrades per true grade the prior is worth. `reach`: how fast an error two grades off becomes
    rarer than one grade off.
    """
    distance = np.abs(np.subtract.outer(np.arange(len(GRADES)), np.arange(len(GRADES))))
    error = np.where(distance > 0, reach ** (distance - 1.0), 0.0)
    row = accuracy * np.eye(len(GRADES)) + (1.0 - accuracy) * error / error.sum(axis=1, keepdims=True)
    counts: FloatArray = strength * row
    return counts


def calibrate(regrades: Sequence[Regrade], *, prior: FloatArray | None = None) -> Calibration:
    """Return the posterior of every station that took part.

    Items graded once teach nothing and are passed over. Raises `Problem` (`grading.bad-regrade`) for an unknown grade.
    """
    base = prior_counts() if prior is None else prior
    items, stations, seen = _table(regrades)
    if not len(items):
        return Calibration(stations, np.tile(base, (len(stations), 1, 1)), base)
    truth = _votes(seen, len(items))
    for _ in range(ROUNDS):
        counts, pooled = _counts(seen, truth, len(stations), base)
        better = _posterior(seen, counts, truth)
        moved, truth = float(np.abs(better - truth).max()), better
        if moved < ENOUGH:
            break
    counts, pooled = _counts(seen, truth, len(stations), base)
    return Calibration(stations, counts, pooled)


Seen = npt.NDArray[np.int64]
"""Rows of (item, station, observed grade)."""


def _table(regrades: Sequence[Regrade]) -> tuple[tuple[str, ...], tuple[str, ...], Seen]:
    for regrade in regrades:
        if regrade.grade not in GRADES:
            title = msg("A regrade carries an unknown grade.")
            raise Problem(
                "grading.bad-regrade", title, where=regrade.item, found=regrade.grade, expected=", ".join(GRADES)
            )
    times: dict[str, int] = {}
    for regrade in regrades:
        times[regrade.item] = times.get(regrade.item, 0) + 1
    kept = [regrade for regrade in regrades if times[regrade.item] > 1]
    items = tuple(sorted({regrade.item for regrade in kept}))
    stations = tuple(sorted({regrade.station for regrade in regrades}))
    item_at, station_at = ({name: at for at, name in enumerate(names)} for names in (items, stations))
    rows = [(item_at[r.item], station_at[r.station], GRADES.index(r.grade)) for r in kept]
    return items, stations, np.array(rows, dtype=np.int64).reshape(-1, 3)


def _votes(seen: Seen, items: int) -> FloatArray:
    """Return (items, G): the share of votes for each grade, where the search begins."""
    votes = np.zeros((items, len(GRADES)))
    np.add.at(votes, (seen[:, 0], seen[:, 2]), 1.0)
    share: FloatArray = votes / votes.sum(axis=1, keepdims=True)
    return share


def _counts(seen: Seen, truth: FloatArray, stations: int, base: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the stations' posterior counts, around the pooled matrix, and the pooled posterior, around `base`."""
    counts = np.zeros((stations, len(GRADES), len(GRADES)))
    np.add.at(counts.transpose(0, 2, 1), (seen[:, 1], seen[:, 2]), truth[seen[:, 0]])
    pooled = base + counts.sum(axis=0)
    strength = base.sum(axis=1, keepdims=True)
    around = strength * pooled / pooled.sum(axis=1, keepdims=True)
    return counts + around, around


def _posterior(seen: Seen, counts: FloatArray, truth: FloatArray) -> FloatArray:
    """Return (items, G) probabilities of the true grade, given the matrices and how common the grades are."""
    confusion = counts / counts.sum(axis=2, keepdims=True)
    common = (truth.sum(axis=0) + 1.0) / (len(truth) + len(GRADES))
    logs = np.tile(np.log(common), (len(truth), 1))
    np.add.at(logs, seen[:, 0], np.log(confusion[seen[:, 1], :, seen[:, 2]]))
    odds = np.exp(logs - logs.max(axis=1, keepdims=True))
    posterior: FloatArray = odds / odds.sum(axis=1, keepdims=True)
    return posterior
