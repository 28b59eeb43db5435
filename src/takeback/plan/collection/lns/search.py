"""The large-neighbourhood engine: one annealing search, in compiled chunks between which time is looked at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from takeback.plan.collection import found
from takeback.plan.collection.found import Found
from takeback.plan.collection.lns.anneal import construct, run
from takeback.plan.collection.lns.arrays import (
    ABSENCES,
    BEST,
    BEST_LEFT,
    BROKEN,
    CAPACITY,
    DELIVERY,
    DRIVING,
    FIXED_COST,
    GROUP,
    KIND,
    MOST_ROUTES,
    MUST,
    MUST_LEFT,
    NOW,
    PENALTY,
    RELOADS,
    RUNNING,
    STARTED,
    UNIT,
    VALUE,
    Flags,
    Rules,
    State,
    Work,
)
from takeback.plan.collection.lns.best import remember, restore
from takeback.plan.collection.lns.encode import encode
from takeback.plan.collection.lns.state import best_routes, load, make_state, make_work, objective, pooled_routes
from takeback.plan.collection.problem import CollectionProblem
from takeback.plan.doors import Budget, OnProgress, Progress, Stopwatch

MOST_POOLED = 5_000
CHUNK_SECONDS, CHUNKS = 0.04, 64  # how often the search looks up: by the clock, or so often in all
HOT, COOL = 0.3, 0.003  # first and last temperature in mean costs of a leg
WARM = 0.05  # first temperature where a plan is given to start from
SHRINK_SHARE = 0.3  # of the budget, at most, for fewer vehicles
DEAR = 1.0  # a vehicle is worth saving if it costs as much as so many mean legs


def search(
    problem: CollectionProblem,
    budget: Budget,
    seed: int,
    on_progress: OnProgress | None = None,
    start: Sequence[found.Sequence] | None = None,
) -> Found:
    """Return the best routes found, and further good ones. An iteration takes some ten tasks off and puts them back.

    `start`: routes to begin with; those that break a rule are left out. With an iteration budget the answer
    depends on problem, budget, seed and start only. `feasible`: all tasks that must be served are.
    """
    if not problem.tasks or not any(vehicle.count for vehicle in problem.vehicle_types):
        return Found((), not any(task.prize is None for task in problem.tasks), 0)
    return _Search(problem, budget, seed, on_progress, start).run()


@dataclass(slots=True)
class _Phase:
    """A stretch of the budget, from `begin` to `end` (shares), in which it cools down."""

    begin: float
    end: float
    hot: float
    cool: float

    def heat(self, spent: float) -> float:
        done = min(1.0, max(0.0, (spent - self.begin) / (self.end - self.begin)))
        return self.hot * math.pow(self.cool / self.hot, done)


class _Search:
    def __init__(
        self,
        problem: CollectionProblem,
        budget: Budget,
        seed: int,
        on_progress: OnProgress | None,
        start: Sequence[found.Sequence] | None,
    ) -> None:
        self.watch = Stopwatch()
        self.budget, self.on_progress, self.start = budget, on_progress, start
        code = encode(problem)
        self.p: Rules = code.rules
        self.w: Work = make_work(code)
        self.s: State = make_state(code, self.w)
        self.seeds = np.random.default_rng(seed)
        self.iterations, self.rate = 0, 20.0

    def run(self) -> Found:
        """Search until the budget is spent."""
        load(self.p, self.s, self.w, self.start or ())
        construct(self.p, self.s, self.w, self._seed())
        remember(self.p, self.s)
        leg = max(1.0, self._leg())
        begin = 0.0
        if self._worth_shrinking(leg):
            self._phase(_Phase(0.0, SHRINK_SHARE, HOT * leg, COOL * leg), shrink=True)
            begin = min(0.99, self.watch.spent(self.budget, self.iterations))
            self._settle()
        hot = WARM if self.start else HOT
        self._phase(_Phase(begin, 1.0, hot * leg, COOL * leg), shrink=False)
        broken = bool(self.s.counts[BROKEN])
        return Found(
            routes=best_routes(self.p, self.s),
            feasible=self.s.counts[BEST_LEFT] == 0 and not broken,
            iterations=self.iterations,
            pool=pooled_routes(self.s, MOST_POOLED),
        )

    def _leg(self) -> float:
        """Return the mean cost of a leg, minor units."""
        return float(self.s.slots[:, RUNNING].sum()) / UNIT / (self.p.n + max(1, int(self.s.counts[DRIVING])))

    def _worth_shrinking(self, leg: float) -> bool:
        free = self.p.kind[: self.p.kinds, FIXED_COST][~self._all_started()]
        return bool(len(free)) and float(free.min()) >= DEAR * leg and self.s.counts[DRIVING] > self._fewest()

    def _all_started(self) -> Flags:
        """Return (types,) whether all vehicles of a type have started."""
        free = np.bincount(self.s.slots[self.s.slots[:, STARTED] == 0, KIND], minlength=self.p.kinds)
        return np.asarray(free == 0)

    def _fewest(self) -> int:
        """Return how many routes the loads need at least."""
        p = self.p
        must = p.node[(p.node[:, MUST] > 0) & (p.node[:, GROUP] < 0)]
        fewest = max(1, int(self.s.slots[:, STARTED].sum()))
        if p.kind[:, RELOADS].any():
            return fewest
        for d in range(p.k):
            most = int(p.kind[:, CAPACITY + d].max())
            for column in (DELIVERY + d, p.pickup + d):
                fewest = max(fewest, -(-int(must[:, column].sum()) // most) if most else 1)
        return fewest

    def _settle(self) -> None:
        """Go on from the complete solution with the fewest routes, with as many vehicles as there are."""
        restore(self.p, self.s, self.w)
        self.s.counts[MOST_ROUTES] = self.p.r
        self.s.floats[VALUE, [NOW, PENALTY]] = objective(self.s), float(self.s.counts[MUST_LEFT])
        self.s.floats[ABSENCES] = 0

    def _phase(self, phase: _Phase, *, shrink: bool) -> None:
        fewest = self._fewest()
        while (spent := self.watch.spent(self.budget, self.iterations)) < phase.end:
            steps = self._steps(phase)
            after = spent + steps * self._share()
            before = self.watch.seconds
            done = run(
                self.p, self.s, self.w, self._seed(), steps, phase.heat(spent), phase.heat(after), shrink, fewest
            )  # fmt: skip
            self.iterations += done
            self.rate = max(1.0, done / max(1e-6, self.watch.seconds - before))
            self._tell()
            if done < steps:
                return

    def _steps(self, phase: _Phase) -> int:
        """Return how many iterations to do before looking up again; by the clock only where the clock counts."""
        total = self.budget.iterations
        if total is None:
            return max(1, min(100_000, int(self.rate * CHUNK_SECONDS)))
        left = max(1, math.ceil(total * phase.end) - self.iterations)
        chunk = max(1, total // CHUNKS)
        if self.budget.seconds is not None:
            chunk = max(1, min(chunk, int(self.rate * CHUNK_SECONDS)))
        return min(left, chunk)

    def _share(self) -> float:
        """Return the share of the budget that one iteration of the next chunk will use."""
        shares = []
        if self.budget.iterations is not None:
            shares.append(1.0 / max(1, self.budget.iterations))
        if self.budget.seconds is not None:
            shares.append(1.0 / (self.rate * self.budget.seconds))
        return max(shares)

    def _seed(self) -> int:
        return int(self.seeds.integers(0, 2**31))

    def _tell(self) -> None:
        if self.on_progress is None:
            return
        complete = self.s.counts[BEST_LEFT] == 0
        self.on_progress(
            Progress(
                fraction=min(1.0, self.watch.spent(self.budget, self.iterations)),
                iteration=self.iterations,
                seconds=self.watch.seconds,
                objective=float(self.s.floats[VALUE, BEST]) if complete else None,
            )
        )
