"""PyVRP's iterated local search, many short ones: from random plans first, then from what two good plans share.

One long search stays where it was led first (Dethloff's SCA3-0, Salhi and Nagy's CMT11X). Here a small family of plans
is kept; each new search begins with routes of one parent near a task drawn at random and those of the other that do
not clash with them (route inheritance: Liu, Tang, Yao 2021; Lei, Hao 2024). PyVRP puts back what is missing.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

import pyvrp
from pyvrp import search as moves

from takeback.plan.collection.found import Found, Sequence
from takeback.plan.collection.problem import CollectionProblem
from takeback.plan.collection.pyvrp.translate import Translation
from takeback.plan.doors import Budget, OnProgress, Progress, Stopwatch

NEIGHBOURS = 20  # half the time of PyVRP's 50 an iteration, and no worse for the same time (Dethloff's 40 files)
FAMILY, STARTS = 5, 2  # plans kept; of which so many, at least, begin anew
FRESH = 0.1  # chance of another search from a random plan
SHORTEST, PER_TASK = 4_000, 100  # iterations of a search from a random plan; from two parents it is CHILD of that
CHILD = 0.3
LARGEST_FAMILY, ENDLESS = 300, 2**40  # tasks above which one plan is improved all the time
LOOK_EVERY = 20  # iterations between two plans whose routes go into the pool
POOL = 20_000
KEPT_SHARE = 0.5  # a route of the second parent is taken if so much of it is still unserved


def search(
    problem: CollectionProblem,
    budget: Budget,
    seed: int,
    on_progress: OnProgress | None = None,
    start: Iterable[tuple[Sequence, ...]] = (),
    *,
    pooled: bool = True,
) -> Found:
    """Return the best routes found; an iteration is one local search after a perturbation.

    `start`: plans to begin the family with; `pooled`: the routes met are told as well. With an iteration budget the
    result depends on the arguments only.
    """
    return _Family(problem, budget, seed, on_progress, pooled).run(start)


class _Family:
    """The plans kept, and the search that makes new ones."""

    def __init__(
        self,
        problem: CollectionProblem,
        budget: Budget,
        seed: int,
        on_progress: OnProgress | None,
        pooled: bool,
    ) -> None:
        self.problem, self.budget, self.on_progress = problem, budget, on_progress
        self.watch, self.iterations, self.told = Stopwatch(), 0, 0.0
        self.pooled = pooled
        self.alone = len(problem.tasks) > LARGEST_FAMILY  # one plan instead of a family
        self.model = Translation(problem)
        self.draw = random.Random(seed)  # noqa: S311 -- no secret
        self.rng = pyvrp.RandomNumberGenerator(seed=seed)
        self.penalties = self.model.scale.manager(len(self.model.fences))
        self.local = local_search(self.model.data, self.rng, NEIGHBOURS)
        self.plans: list[tuple[int, pyvrp.Solution]] = []
        self.last: pyvrp.Solution | None = None
        self.pool: dict[Sequence, None] = {}

    def run(self, start: Iterable[tuple[Sequence, ...]]) -> Found:
        """Search until the budget is spent."""
        for sequences in start:
            self._begin(self.model.solution(sequences))
        while self.last is None or self.spent < 1:
            self._next()
        best = self.plans[0][1] if self.plans else self.last
        return Found(self.model.sequences(best), best.is_feasible(), self.iterations, tuple(self.pool))

    def _begin(self, plan: pyvrp.Solution) -> None:
        """Take in a plan that is given; one with gaps or clashes is mended first."""
        if not plan.is_feasible():
            plan = self.last = self._improve(plan, PER_TASK * len(self.problem.tasks), self.penalties.cost_evaluator())
        self._keep(plan)

    @property
    def spent(self) -> float:
        """Return the share of the budget that is used."""
        return self.watch.spent(self.budget, self.iterations)

    def _next(self) -> None:
        """Do one more search: from a random plan until the family is full, then from two of it."""
        full = max(SHORTEST, PER_TASK * len(self.problem.tasks))
        if self.alone and self.plans:
            self.last = self._improve(self.plans[0][1], ENDLESS, self.penalties.cost_evaluator())
        elif len(self.plans) < STARTS or self.draw.random() < FRESH:
            first = pyvrp.Solution.make_random(self.model.data, self.rng)
            self.last = self._improve(first, full, self.penalties.max_cost_evaluator())
        else:
            one, two = (self.draw.choice(self.plans)[1] for _ in range(2))
            child = self.model.solution(self._inherit(self.model.sequences(one), self.model.sequences(two)))
            self.last = self._improve(child, int(CHILD * full), self.penalties.cost_evaluator())
        self._keep(self.last)

    def _improve(self, first: pyvrp.Solution, most: int, evaluator: pyvrp.CostEvaluator) -> pyvrp.Solution:
        start = self.local(first, evaluator, exhaustive=True)
        if self.budget.iterations is not None:
            most = min(most, max(0, self.budget.iterations - self.iterations))
        params = pyvrp.IteratedLocalSearchParams(
            num_iters_no_improvement=max(1_000, 20 * len(self.problem.tasks)),
            history_length=min(300, max(10, most // 25)),
            callbacks=_Reports(self),
        )
        result = pyvrp.IteratedLocalSearch(self.model.data, self.penalties, self.local, start, params).run(
            _Stop(self, most), collect_stats=False
        )
        return result.best

    def _keep(self, solution: pyvrp.Solution) -> None:
        """Take a plan into the family if it keeps the rules, is new and good enough."""
        if not solution.is_feasible():
            return
        self.learn(solution)
        cost = self.penalties.cost_evaluator().cost(solution)
        if all(cost != known for known, _ in self.plans):
            self.plans.append((cost, solution))
            self.plans.sort(key=lambda plan: plan[0])
            del self.plans[FAMILY:]

    def learn(self, solution: pyvrp.Solution) -> None:
        """Put the routes of a plan that keeps the rules into the pool."""
        if self.pooled and len(self.pool) < POOL:
            self.pool.update(dict.fromkeys(self.model.sequences(solution)))

    def _inherit(self, one: tuple[Sequence, ...], two: tuple[Sequence, ...]) -> list[Sequence]:
        """Return routes of `one` near a task drawn at random, and those of `two` that hardly clash with them."""
        seed = self.problem.tasks[self.draw.randrange(len(self.problem.tasks))].location
        away = self.problem.distance_m[seed]
        places = [task.location for task in self.problem.tasks]
        near = sorted(one, key=lambda route: min(away[places[visit.task]] for visit in route[1]))
        many = self.draw.randint(max(1, len(near) // 4), max(1, 3 * len(near) // 4))
        routes = near[:many]
        served = {visit.task for _, visits in routes for visit in visits}
        for kind, visits in two:
            left = tuple(visit for visit in visits if visit.task not in served)
            if len(left) > KEPT_SHARE * len(visits):
                routes.append((kind, left))
        return self._within_fleet(routes)

    def _within_fleet(self, routes: list[Sequence]) -> list[Sequence]:
        """Return the routes for which there are vehicles."""
        free = [vehicle.count for vehicle in self.problem.vehicle_types]
        kept = []
        for kind, visits in routes:
            if free[kind]:
                free[kind] -= 1
                kept.append((kind, visits))
        return kept

    def tell(self, best: pyvrp.Solution | None) -> None:
        """Pass progress on, about a hundred times a search."""
        if self.on_progress is None or self.spent < self.told:
            return
        self.told = self.spent + 0.01
        known = [self.plans[0][1]] if self.plans else []
        known += [best] if best is not None and best.is_feasible() else []
        cost = min((self.penalties.cost_evaluator().cost(plan) for plan in known), default=None)
        self.on_progress(
            Progress(
                fraction=min(1.0, self.spent),
                iteration=self.iterations,
                seconds=self.watch.seconds,
                objective=None if cost is None else self.model.objective(cost),
            )
        )


class _Stop:
    """Ends one search of the family; counts its iterations."""

    def __init__(self, family: _Family, most: int) -> None:
        self.family, self.last = family, family.iterations + most

    def __call__(self, best_cost: int) -> bool:
        if self.family.iterations >= self.last or self.family.spent >= 1:
            return True
        self.family.iterations += 1
        return False


class _Reports(pyvrp.IteratedLocalSearchCallbacks):
    """Passes progress on, and now and then the routes of a plan that keeps the rules into the pool."""

    def __init__(self, family: _Family) -> None:
        self.family = family

    def on_iteration(
        self,
        current: pyvrp.Solution,
        candidate: pyvrp.Solution,
        best: pyvrp.Solution,
        cost_evaluator: pyvrp.CostEvaluator,
    ) -> None:
        if self.family.iterations % LOOK_EVERY:
            return
        self.family.tell(best)
        if current.is_feasible():
            self.family.learn(current)

    def on_best(self, best: pyvrp.Solution) -> None:
        if best.is_feasible():
            self.family.learn(best)


def local_search(data: pyvrp.ProblemData, rng: pyvrp.RandomNumberGenerator, neighbours: int) -> moves.LocalSearch:
    """Return PyVRP's local search with all its moves that fit, among so many neighbours of each place."""
    local = moves.LocalSearch(
        data,
        rng,
        moves.compute_neighbours(data, moves.NeighbourhoodParams(num_neighbours=neighbours)),
        moves.PerturbationManager(moves.PerturbationParams()),
    )
    for operator in moves.OPERATORS:
        if operator.supports(data):
            local.add_operator(operator(data))
    return local
