"""Plans a day of collection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from importlib.metadata import version

from takeback import __version__
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.collection.baseline import begun, nearest_neighbour
from takeback.plan.collection.bound import lower_bound
from takeback.plan.collection.explain import explain
from takeback.plan.collection.found import Routes
from takeback.plan.collection.portfolio import Portfolio
from takeback.plan.collection.problem import CollectionProblem
from takeback.plan.collection.reasons import why_unserved
from takeback.plan.collection.schedule import Limit, Scheduler, numbered
from takeback.plan.collection.solution import CollectionSolution, Plan, Route, prizes_lost
from takeback.plan.collection.wellformed import ill_formed
from takeback.plan.doors import Budget, OnProgress, Stopwatch

TOLD_TASKS = 20
SEARCH_SHARE = 0.985  # of the seconds; the rest is for the bound and the reasons
REASONS_SHARE = 1.05  # of the seconds, after which no more is said of why there is no plan
BASELINE_SHARE = 0.15  # of the seconds; what the plan to beat has not planned by then it leaves
BESIDE_SHARE = 0.4  # the same where processes search meanwhile


def solve(
    problem: CollectionProblem,
    *,
    budget: Budget,
    seed: int = 0,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
    start: Routes = (),
) -> CollectionSolution:
    """Return the best plan found for `problem`, never dearer than its nearest-neighbour plan.

    `start`: routes to set out from, as of a plan that is driven already. Where they are a whole plan that keeps the
    rules, the answer is never dearer than it; else the search puts in what is missing and leaves out what clashes.

    An iteration is one local search after a perturbation, or what takes about as long. Two searches go on side by
    side where `executor` has processes for them (`processes` provides some that are warmed up), else one after the
    other; with an iteration budget the answer is the same. Seconds are wall seconds from the call on.
    Raises `Problem` where the day cannot be served: which tasks, which limits, what would make them fit.
    """
    watch = Stopwatch()
    errors = explain(problem)
    if errors:
        raise ill_formed(errors)
    run = _Run(problem, budget, seed, executor, on_progress, watch)
    run.portfolio.set_out(start or begun(problem))
    run.search()
    best = run.best_plan()
    return CollectionSolution(
        plan=best,
        baseline=run.baseline,
        bound=min(best.objective, lower_bound(problem, best.objective)),
        iterations=run.portfolio.iterations,
        seed=seed,
        version=f"takeback {__version__}, pyvrp {version('pyvrp')}",
        seconds=watch.seconds,
    )


class _Run:
    """One call of `solve`."""

    def __init__(
        self,
        problem: CollectionProblem,
        budget: Budget,
        seed: int,
        executor: Executor | None,
        on_progress: OnProgress | None,
        watch: Stopwatch,
    ) -> None:
        self.problem, self.budget, self.seed, self.watch = problem, budget, seed, watch
        self.scheduler = Scheduler(problem)
        self.baseline: Plan
        self._baseline_known = False
        self.baseline_share = BASELINE_SHARE if executor is None else BESIDE_SHARE
        self.portfolio = self._portfolio(problem, executor, on_progress and self._with_baseline(on_progress))
        self.portfolio.gives_up = budget.seconds is not None

    def _portfolio(
        self, problem: CollectionProblem, executor: Executor | None, on_progress: OnProgress | None
    ) -> Portfolio:
        scheduler = Scheduler(problem)

        def price(routes: Routes) -> int | None:
            return _objective(problem, _routes(scheduler, routes))

        budget = self.budget
        if budget.seconds is not None:
            budget = replace(budget, seconds=SEARCH_SHARE * budget.seconds)
        return Portfolio(problem, scheduler, price, budget, self.seed, executor, on_progress, self.watch)

    def _with_baseline(self, on_progress: OnProgress) -> OnProgress:
        """Return a listener that is told the baseline, too, as soon as it is known."""
        return lambda progress: on_progress(
            replace(progress, baseline=self.baseline.objective if self._baseline_known else None)
        )

    def search(self) -> None:
        """Search; the baseline is worked out meanwhile."""
        if self.problem.tasks and any(vehicle.count for vehicle in self.problem.vehicle_types):
            self.portfolio.run(self._find_baseline)
        self._find_baseline()

    def _find_baseline(self) -> None:
        if not self._baseline_known:
            self.baseline = nearest_neighbour(self.problem, lambda: self._late(self.baseline_share))
            self._baseline_known = True

    def _late(self, share: float = 1.0) -> bool:
        """Return whether this share of the seconds is over."""
        return self.budget.seconds is not None and self.watch.seconds > share * self.budget.seconds

    def best_plan(self) -> Plan:
        """Return the best plan: of the search, the baseline, or a last search in which tasks may be left at a price.

        Raises `Problem` with the tasks that even that had to leave.
        """
        if self.portfolio.elite:
            plan = self._plan(self.portfolio.elite[0][1])
            if plan.objective <= self.baseline.objective or not self._complete(self.baseline):
                return plan
        if self._complete(self.baseline):
            return replace(self.baseline, unserved=why_unserved(self.scheduler, self.baseline.routes, self._late))
        return self._rescue()

    def _plan(self, sequences: Routes) -> Plan:
        routes = _routes(self.scheduler, sequences)
        assert routes is not None  # noqa: S101 -- it has had its price
        unserved = why_unserved(self.scheduler, routes, self._late)
        return Plan.of(routes, unserved, _lost(self.problem, routes) or 0)

    def _complete(self, plan: Plan) -> bool:
        """Return whether everything that must be served is."""
        return _lost(self.problem, plan.routes) is not None

    def _rescue(self) -> Plan:
        """Return a plan from a search, in the time that is left, in which leaving a task is allowed but very dear."""
        dear = _dearest_plan(self.problem)
        tasks = tuple(task if task.prize is not None else replace(task, prize=dear) for task in self.problem.tasks)
        relaxed = self._portfolio(replace(self.problem, tasks=tasks), None, None)
        relaxed.set_out(self.portfolio.given)
        relaxed.run()
        routes = _routes(self.scheduler, relaxed.elite[0][1]) if relaxed.elite else None
        if routes is None or _lost(self.problem, routes) is None:
            raise _no_plan(self.problem, self.scheduler, routes, lambda: self._late(REASONS_SHARE))
        assert relaxed.elite  # noqa: S101
        return self._plan(relaxed.elite[0][1])


def _routes(scheduler: Scheduler, sequences: Routes) -> list[Route] | None:
    """Return the routes with their times, None where one or all together break a rule."""
    routes = []
    for vehicle, number, visits in numbered(scheduler.problem, sequences):
        route = scheduler.route(vehicle, number, visits) if number <= vehicle.count else Limit.VEHICLE
        if isinstance(route, Limit):
            return None
        routes.append(route)
    return None if scheduler.limited and not scheduler.within_intake(routes) else routes


def _objective(problem: CollectionProblem, routes: Sequence[Route] | None) -> int | None:
    """Return what routes cost and lose; None where there are none or they leave what must be served."""
    lost = None if routes is None else _lost(problem, routes)
    return None if routes is None or lost is None else sum(route.cost for route in routes) + lost


def _lost(problem: CollectionProblem, routes: Sequence[Route]) -> int | None:
    """Return the prizes lost, of each group once; None where what must be served is not."""
    served = {stop.task for route in routes for stop in route.stops}
    groups = {task.group for task in problem.tasks if task.group and task.id in served}
    left = [task for task in problem.tasks if task.id not in served and task.group not in groups]
    return None if any(task.prize is None for task in left) else prizes_lost(left)


def _dearest_plan(problem: CollectionProblem) -> int:
    """Return more than any plan costs, minor units."""
    km = max(v.cost_per_km for v in problem.vehicle_types)
    hour = max(v.cost_per_hour + v.cost_per_overtime_hour for v in problem.vehicle_types)
    legs = 2 * len(problem.tasks)
    travel = legs * (km * int(problem.distance_m.max()) // 1_000 + hour * int(problem.duration_s.max()) // 3_600)
    fixed = sum(v.cost_fixed * v.count for v in problem.vehicle_types)
    return 1 + travel + fixed + sum(task.prize or 0 for task in problem.tasks)


def _no_plan(
    problem: CollectionProblem, scheduler: Scheduler, routes: Sequence[Route] | None, late: Callable[[], bool]
) -> Problem:
    """Return the explanation: which tasks found no place, and what would make them fit."""
    required = {task.id for task in problem.tasks if task.prize is None}
    left = [] if routes is None else [one for one in why_unserved(scheduler, routes, late) if one.task in required]
    left = [one for one in left if one.kind != "alternative"]
    return Problem(
        "collection.no-plan",
        msg("No plan was found that serves every task that must be served"),
        where=", ".join(one.task for one in left[:TOLD_TASKS]) or None,
        found=len(left) or len(required),
        expected=msg("0 tasks without a place"),
        remedy=msg("Add a vehicle or lengthen a shift, give tasks a prize so that they may wait, or search longer."),
        errors=[
            Problem("collection.task-left", one.reason, where=one.task, remedy=_REMEDY) for one in left[:TOLD_TASKS]
        ],
    )


_REMEDY = msg("It fits on a vehicle of its own: one more vehicle, or one longer shift, would take it.")
