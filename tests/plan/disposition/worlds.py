"""Random disposition problems and seasons, by seed."""

from __future__ import annotations

import numpy as np

from takeback.core.message import msg
from takeback.plan.disposition.problem import DispositionProblem, Hold, Option, Resource, Terms
from takeback.plan.disposition.season import Season

OPTIONS = (
    Option("restock"),
    Option("open_box", "outlet"),
    Option("refurbish", "bench"),
    Option("liquidate"),
    Option("recycle"),
)
SHARE = np.array(
    [
        [0.95, 0.72, 0.80, 0.30, 0.02],
        [0.55, 0.60, 0.75, 0.27, 0.02],
        [0.15, 0.40, 0.62, 0.20, 0.02],
        [0.00, 0.05, 0.25, 0.06, 0.02],
    ]
)
GRADES = ("A", "B", "C", "D")


def problem(seed: int, n: int = 40, *, whole: bool = True, hold: bool = False, bars: bool = True) -> DispositionProblem:
    """Return a random problem; `whole` = every item takes one unit. Liquidating and recycling are without limit."""
    random = np.random.default_rng(seed)
    categories, resources = 3, ("outlet", "bench")
    wobble = random.uniform(0.8, 1.2, (categories, len(GRADES), len(OPTIONS)))
    terms = Terms.of(
        SHARE * wobble,
        decay_per_day=random.uniform(0.0, 0.01, (categories, 1, 1)),
        days=random.uniform(1, 20, (categories, 1, len(OPTIONS))),
        cost=random.uniform(0, 900, (1, 1, len(OPTIONS))),
        size_cost=random.uniform(0, 0.02, (1, 1, len(OPTIONS))),
        price_sd=random.uniform(0, 0.3, (1, 1, len(OPTIONS))),
    )
    forbidden = (random.random((n, len(OPTIONS))) < 0.1) & (np.arange(len(OPTIONS)) < 3)
    return DispositionProblem.of(
        categories=["phone", "shirt", "drill"],
        conditions=GRADES,
        options=OPTIONS,
        resources=[
            Resource(name, float(random.integers(0, n // 4 + 2)), reserve_price=float(random.choice([0, 50])))
            for name in resources
        ],
        terms=terms,
        category=random.integers(0, categories, n),
        belief=random.dirichlet(np.full(len(GRADES), 0.6), n),
        size=random.lognormal(8.5, 0.7, n),
        waited_days=random.integers(0, 5, n),
        load=1.0 if whole else random.uniform(0.3, 2.5, (n, len(OPTIONS))),
        bar=np.where(forbidden & bars, 0, -1),
        bar_reasons=[msg("hygiene seal broken")],
        keys=random.integers(0, 2**62, n),
        hold=Hold(1.0, random.uniform(0, 400, 2), random.random(n) < 0.5, 5.0) if hold else None,
    )


def season(seed: int, n: int = 1200, days: int = 20) -> Season:
    """Return a season of uneven days with a four-fifths accurate inspector; the market is the same for all seeds."""
    random = np.random.default_rng(seed)
    base = problem(7, n, bars=False)
    weight = 1.0 + 0.7 * np.sin(np.arange(days)) + random.uniform(0, 0.4, days)
    truth = random.choice(4, n, p=[0.4, 0.3, 0.2, 0.1])
    inspector = 0.8 * np.eye(4) + 0.2 / 3 * (1 - np.eye(4))
    seen = np.array([random.choice(4, p=inspector[g]) for g in truth])
    posterior = np.array([0.4, 0.3, 0.2, 0.1])[:, None] * inspector
    rest = DispositionProblem.of(
        categories=base.categories,
        conditions=base.conditions,
        options=base.options,
        resources=[Resource("outlet", 0.0), Resource("bench", 0.0)],
        terms=base.terms,
        category=random.integers(0, 3, n),
        belief=(posterior / posterior.sum(axis=0)).T[seen],
        size=random.lognormal(8.5, 0.7, n),
    )
    day = np.sort(random.choice(days, n, p=weight / weight.sum()))
    factor = np.exp(random.normal(-0.01, 0.15, (n, len(OPTIONS))))
    room = np.tile([np.floor(0.12 * n / days), np.floor(0.1 * n / days)], (days, 1))
    return Season(rest, day, truth, factor, room, longest_wait=5)
