"""Random draws: one stream a purpose, row by row, so that an item's draws do not depend on what is decided."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from takeback.demo.world import Floats, Ints


def stream(seed: int, purpose: str) -> np.random.Generator:
    """Return the generator of one purpose of one world."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *purpose.encode()])))


def pick(shares: Floats, uniform: Floats) -> Ints:
    """Return for each uniform number the column of `shares` it falls into; `shares` (n, columns) or one row for all."""
    edges = np.cumsum(shares, axis=-1)
    edges = np.broadcast_to(edges / edges[..., -1:], (len(uniform), edges.shape[-1]))
    column: Ints = np.minimum((uniform[:, None] >= edges).sum(axis=1), edges.shape[-1] - 1).astype(np.int64)
    return column


def log_normal(rng: np.random.Generator, spread: float, shape: tuple[int, ...]) -> Floats:
    """Return log-normal factors of mean 1 and relative standard deviation `spread`."""
    sigma = np.sqrt(np.log1p(spread**2))
    factor: Floats = np.exp(sigma * rng.standard_normal(shape) - sigma**2 / 2)
    return factor


def daily(weights: Sequence[float] | Floats, count: int, rng: np.random.Generator) -> Ints:
    """Return `count` days in order, drawn with the weights of the days."""
    return np.sort(pick(np.asarray(weights, dtype=np.float64), rng.random(count)))
