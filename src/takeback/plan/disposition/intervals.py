"""What the realised net recovery may turn out to be: a mixture over conditions of normal price errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from takeback.plan import normal
from takeback.plan.disposition.problem import BoolArray, DispositionProblem, FloatArray, IntArray
from takeback.plan.disposition.values import ByCondition

TAIL = 0.1
"""Probability below the lower and above the upper end of an interval: the interval holds 80 %."""

HALVINGS = 9
HALVINGS_OF_STEPS = 24


def per_option(p: DispositionProblem, amounts: ByCondition) -> tuple[FloatArray, FloatArray]:
    """Return the interval's ends of every item and option, (n, D) each; nan where the option is barred."""
    barred = p.bar >= 0
    cells = _Mixtures.of(p.belief, amounts)
    low, high = (cells.quantile(probability).reshape(p.bar.shape) for probability in (TAIL, 1.0 - TAIL))
    return np.where(barred, np.nan, low), np.where(barred, np.nan, high)


def of_total(p: DispositionProblem, amounts: ByCondition, choice: IntArray) -> tuple[float, float]:
    """Return the interval's ends of the chosen options' sum (held items left out), by the normal
    approximation.

    The price error of a (category, condition, option) is one number, so it adds up over the items that
    share it; conditions are independent, so they average out.
    """
    at = np.flatnonzero(choice < len(p.options))
    belief, option = p.belief[at], choice[at]
    net, sd = amounts.net[at, :, option], amounts.sd[at, :, option]
    mean = (belief * net).sum(axis=1)
    condition = float((belief * (net - mean[:, None]) ** 2).sum())
    group = p.category[at] * len(p.options) + option
    shared = np.stack([np.bincount(group, (belief * sd)[:, g]) for g in range(belief.shape[1])])
    spread = normal.quantile(1.0 - TAIL) * float(np.sqrt(condition + (shared**2).sum()))
    total = float(mean.sum())
    return total - spread, total + spread


@dataclass(frozen=True, slots=True)
class _Mixtures:
    """A normal mixture in each of N cells: `weight`, `mean`, `sd`, each (conditions, N)."""

    weight: FloatArray
    mean: FloatArray
    sd: FloatArray

    @staticmethod
    def of(belief: FloatArray, amounts: ByCondition) -> _Mixtures:
        n, grades, options = amounts.net.shape
        mean, sd = (a.transpose(1, 0, 2).reshape(grades, n * options) for a in (amounts.net, amounts.sd))
        return _Mixtures(np.repeat(belief.T, options, axis=1), mean, np.maximum(sd, 1e-9 * (1.0 + np.abs(mean))))

    def take(self, cells: BoolArray) -> _Mixtures:
        return _Mixtures(self.weight[:, cells], self.mean[:, cells], self.sd[:, cells])

    def below(self, x: FloatArray) -> FloatArray:
        chance: FloatArray = np.einsum("gn,gn->n", self.weight, normal.below((x - self.mean) / self.sd))
        return chance

    def quantile(self, probability: float) -> FloatArray:
        """Return the quantile of every cell; where a price is certain its step needs a narrower bracket."""
        spread = (self.mean + 4.0 * self.sd).max(axis=0) - (self.mean - 4.0 * self.sd).min(axis=0)
        steep = self.sd.min(axis=0) < 4.0 * spread * 0.5**HALVINGS
        ends = np.empty(len(spread))
        for cells, halvings in ((~steep, HALVINGS), (steep, HALVINGS_OF_STEPS)):
            ends[cells] = self.take(cells)._bisected(probability, halvings)
        return ends

    def _bisected(self, probability: float, halvings: int) -> FloatArray:
        """Return the quantiles by halving a bracket, then drawing a straight line through what is left."""
        low, high = (self.mean - 4.0 * self.sd).min(axis=0), (self.mean + 4.0 * self.sd).max(axis=0)
        for _ in range(halvings):
            middle = 0.5 * (low + high)
            under = self.below(middle) < probability
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        at_low, at_high = self.below(low), self.below(high)
        rise = np.where(at_high > at_low, at_high - at_low, 1.0)
        quantiles: FloatArray = low + np.clip((probability - at_low) / rise, 0.0, 1.0) * (high - low)
        return quantiles
