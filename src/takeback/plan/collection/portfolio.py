"""The portfolio: several searches side by side, in rounds between which their routes are recombined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, wait
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from takeback.plan.collection.decompose import LARGEST_WHOLE, Cut, Part, part_count, route_cuts, task_parts
from takeback.plan.collection.found import Found, Routes
from takeback.plan.collection.jobs import Job, can, work
from takeback.plan.collection.limits import never
from takeback.plan.collection.pool import Pool
from takeback.plan.collection.problem import CollectionProblem
from takeback.plan.collection.ruin.model import clocked
from takeback.plan.collection.savings import by_savings
from takeback.plan.collection.schedule import Scheduler
from takeback.plan.doors import Budget, OnProgress, Progress, Stopwatch

Price = Callable[[Routes], int | None]
"""The objective of routes in minor units; None where they break a rule or leave what must be served."""

SIDE_BY_SIDE = 2  # searches of a round, whether or not there are processes for them
ROUNDS = (0.4, 0.3, 0.2, 0.1)  # shares of the budget
ANNEALED = (0.5, 0.3, 0.2)  # the same where each search is a walk or polishes
SHORTEST_ROUND, PER_TASK = 500, 10  # iterations of one search below which a budget is not cut, and for each task
POOL_SHARE = 0.02  # of the seconds, for working out what the routes of a round cost
MASTER_SHARE = 0.03  # of the budget, for one recombination
COOLED = 0.4  # share of an annealing that is behind a search that goes on from a good plan
FEW = 150  # tasks up to which, without clocks, families of plans find better ones than annealing
LOOK_S = 0.25  # seconds between two reports while processes search
ELITE = 6
GIVE_UP = 0.6  # share of the budget after which a search that has found no plan may end


class Turn(NamedTuple):
    """How an engine searches parts: at most so many rounds in all, a shortest search of a part (s), temperatures."""

    engine: str
    rounds: int
    shortest_s: float
    hot: float
    cold: float

    def heat(self, share: float) -> float:
        """Return the temperature (mean legs) after a share of the rounds."""
        return float(self.hot * (self.cold / self.hot) ** share)


WALK = Turn("walk", 150, 0.2, 0.35, 0.005)
POLISHED = Turn("ruin", 150, 0.2, 1.0, 0.01)  # without clocks: with a local search
TIMED = Turn("ruin", 30, 0.4, 3.0, 0.01)
FAMILY = Turn("pyvrp", 1, 0.4, 1.0, 1.0)  # has no temperature
REPAIR = Turn("lns", 1, 0.4, 1.0, 1.0)  # has its own


def nothing() -> None:
    """Do nothing."""


@dataclass(slots=True)
class Portfolio:
    """One run. `elite`: the plans known with their objectives, best first.

    `gives_up`: without any plan the search ends early, so that time is left for another one.
    """

    problem: CollectionProblem
    scheduler: Scheduler
    price: Price
    budget: Budget
    seed: int
    executor: Executor | None
    on_progress: OnProgress | None
    watch: Stopwatch
    elite: list[tuple[int, Routes]] = field(default_factory=list)
    iterations: int = 0
    fraction: float = 0.0
    given: Routes = ()
    gives_up: bool = False

    def set_out(self, routes: Routes) -> None:
        """Begin the search with these routes, whether or not they are a whole plan."""
        self.given = _without_clashes(self.problem, routes)
        if self.given:
            self._take(self.given)

    def run(self, meanwhile: Callable[[], object] = nothing) -> None:
        """Search until the budget is spent; `meanwhile` is done here while processes search for the first time."""
        if not _may_be_cut(self.problem):
            self._together(meanwhile)
            return
        if not self.elite:
            self._first()
        if self.elite:
            self._apart(meanwhile)
        else:
            self._together(meanwhile)

    def _together(self, meanwhile: Callable[[], object]) -> None:
        """Search the whole problem in each process; recombine after each round."""
        pool, turns = Pool(self.problem, self.scheduler), _side_by_side(self.problem)
        rounds = self._rounds(ANNEALED if turns[0] is WALK else ROUNDS)
        seeds = self._seeds(SIDE_BY_SIDE * len(rounds))
        anew = not self.elite and not self.given
        if anew and turns[0] is WALK:  # a walk sets out from a plan
            self._take(by_savings(self.problem))
        for k, end in enumerate(rounds):
            starts = tuple(routes for _, routes in self.elite) or ((self.given,) if self.given else ())
            cooled = COOLED if starts and not (anew and k == 0) else 0.0
            side = SIDE_BY_SIDE if len(rounds) > 1 else 1
            budget = self._round(end, side, spare=MASTER_SHARE if side > 1 else 0.0)
            jobs = [
                Job(turn.engine, self.problem, budget, seed, starts, turn.heat(cooled), turn.cold)
                for turn, seed in zip(turns[:side], seeds[SIDE_BY_SIDE * k :], strict=False)
            ]
            results = self._work(jobs, end, meanwhile if k == 0 else nothing)
            for found in results:
                self._take(found.routes)
                self._go_on(found.routes)
            late = self._late(end + POOL_SHARE)
            for found in results:
                pool.add(found.pool, late)
            if len(rounds) > 1 and not late():
                self._recombine(pool)
            self._tell(end)
            if self.gives_up and end > GIVE_UP and not self.elite:
                return

    def _apart(self, meanwhile: Callable[[], object]) -> None:
        """Search parts of the problem, each in one process, cut along other lines in each round."""
        turns = _turns(self.problem)
        rounds = self._rounds_apart(turns[0])
        seeds, count = self._seeds(len(rounds)), len(rounds)
        now = self.elite[0][1]
        for k, end in enumerate(rounds):
            turn = turns[k // 2 % len(turns)]  # two rounds each: in sectors, and along lines
            cuts = route_cuts(self.problem, now, SIDE_BY_SIDE, seeds[k], sectors=k % 2 == 0)
            job = Job(
                turn.engine, self.problem, self._round(end, len(cuts)), seeds[k],
                hot=turn.heat(k / count), cold=turn.heat((k + 1) / count), onward=k + 1 < count, pooled=False,
            )  # fmt: skip
            parts: list[Part] = []
            now = _joined(parts, self._work(_in_parts(job, cuts, parts), end, meanwhile if k == 0 else nothing))
            self._take(now)
            self._tell(end)

    def _first(self) -> None:
        """Make a first plan and tell it: by savings, or part by part where these do not keep the rules."""
        if not _timed(self.problem):
            self._take(by_savings(self.problem))
        if not self.elite:
            self._first_by_parts()
        self._tell(0.0)

    def _first_by_parts(self) -> None:
        parts = task_parts(self.problem, SIDE_BY_SIDE, self.seed)
        engine = _side_by_side(self.problem)[0].engine
        jobs = [Job(engine, part.problem, Budget(iterations=0), self.seed, pooled=False) for part in parts]
        self._take(_joined(parts, self._work(jobs, 0.0, nothing)))

    def _rounds(self, shares: tuple[float, ...]) -> list[float]:
        """Return the share of the budget that is used at the end of each round; short budgets have one round."""
        if self.budget.iterations is not None and self.budget.iterations < self._enough() * len(shares):
            return [1.0]
        return [float(end) for end in np.cumsum(shares) / sum(shares)]

    def _rounds_apart(self, turn: Turn) -> list[float]:
        """Return the ends of as many equal rounds as the budget has room for."""
        count = turn.rounds
        if self.budget.seconds is not None:
            side = 1 if self.executor is None else SIDE_BY_SIDE
            a_round = turn.shortest_s * part_count(self.problem, SIDE_BY_SIDE) / side
            count = min(count, int(self.budget.seconds / a_round))
        if self.budget.iterations is not None:
            count = min(count, self.budget.iterations // self._enough())
        return [(k + 1) / max(1, count) for k in range(max(1, count))]

    def _enough(self) -> int:
        """Return the iterations below which a round is not worth its while."""
        return max(SHORTEST_ROUND, PER_TASK * len(self.problem.tasks))

    def _round(self, end: float, jobs: int, *, spare: float = 0.0) -> Budget:
        """Return the budget of each of so many jobs in the round that ends at a share of all.

        `spare`: the share of the seconds that is left for what comes after the jobs of a round.
        """
        seconds = iterations = None
        if self.budget.seconds is not None:
            left = max(0.01, (end - spare) * self.budget.seconds - self.watch.seconds)
            side = 1 if self.executor is None else SIDE_BY_SIDE
            seconds = left * min(1.0, side / jobs)
        if self.budget.iterations is not None:
            iterations = int((end - self.fraction) * self.budget.iterations) // max(1, jobs)
        return Budget(seconds=seconds, iterations=iterations)

    def _seeds(self, count: int) -> list[int]:
        return [int(state) for state in np.random.SeedSequence(self.seed).generate_state(count)]

    def _work(self, jobs: Iterable[Job], end: float, meanwhile: Callable[[], object]) -> list[Found]:
        """Return what each job found."""
        if self.executor is None:
            meanwhile()
            jobs = list(jobs)
            begin, width = self.fraction, (end - self.fraction) / len(jobs)
            found = [work(job, self._listener(begin + k * width, width)) for k, job in enumerate(jobs)]
        else:
            futures = []
            try:
                for job in jobs:
                    futures.append(self.executor.submit(work, job))
                meanwhile()
                while wait(futures, timeout=LOOK_S).not_done:
                    self._tell(self.fraction)
                found = [future.result() for future in futures]
            except BaseException:
                for future in futures:
                    future.cancel()
                raise
        self.iterations += sum(one.iterations for one in found)
        return found

    def _listener(self, begin: float, width: float) -> OnProgress | None:
        """Return a listener that tells the progress of one job as part of all, never with less than the best."""
        if self.on_progress is None:
            return None

        def tell(progress: Progress) -> None:
            known = [value for value in (progress.objective, self.best) if value is not None]
            self._report(
                begin + width * progress.fraction, min(known, default=None), self.iterations + progress.iteration
            )

        return tell

    @property
    def best(self) -> int | None:
        """Return the best objective so far, minor units."""
        return self.elite[0][0] if self.elite else None

    def _take(self, routes: Routes) -> None:
        """Take a plan among the elite if it keeps the rules and is new."""
        value = self.price(routes)
        if value is not None and all(value != known for known, _ in self.elite):
            self.elite.append((value, routes))
            self.elite.sort(key=lambda plan: plan[0])
            del self.elite[ELITE:]

    def _late(self, share: float) -> Callable[[], bool]:
        """Return whether this share of the seconds is over, whenever it is asked."""
        seconds = self.budget.seconds
        return never if seconds is None else lambda: self.watch.seconds > share * seconds

    def _go_on(self, routes: Routes) -> None:
        """Let the next searches begin with routes that are not a whole plan, where none is known."""
        if not self.elite and _served(routes) > _served(self.given):
            self.given = _without_clashes(self.problem, routes)

    def _recombine(self, pool: Pool) -> None:
        """Look for a better plan among the routes of all."""
        from takeback.plan.collection.master import recombine  # noqa: PLC0415 -- HiGHS takes a while to import

        if not self.elite or self.problem.started:  # a started vehicle's route is its own: no other may drive it
            return
        value, routes = self.elite[0]
        seconds = None if self.budget.seconds is None else MASTER_SHARE * self.budget.seconds
        better = recombine(pool, routes, seconds=seconds, objective=value)
        if better is not None:
            self._take(better)

    def _tell(self, fraction: float) -> None:
        """Tell what is used of the budget and the best objective."""
        self.fraction = max(fraction, self.fraction)
        spent = self.fraction
        if self.budget.seconds is not None:
            spent = max(spent, min(1.0, self.watch.seconds / self.budget.seconds))
        self._report(spent, self.best, self.iterations)

    def _report(self, fraction: float, objective: float | None, iterations: int) -> None:
        if self.on_progress is not None:
            self.on_progress(Progress(min(1.0, fraction), iterations, self.watch.seconds, objective))


def _side_by_side(problem: CollectionProblem) -> tuple[Turn, Turn]:
    """Return what searches the whole of a problem in each place."""
    if not can("ruin", problem):
        return (FAMILY, REPAIR) if can("pyvrp", problem) else (REPAIR, REPAIR)
    if _timed(problem):
        return (TIMED, TIMED)
    return (WALK, POLISHED) if len(problem.tasks) > FEW and not clocked(problem) else (FAMILY, FAMILY)


def _turns(problem: CollectionProblem) -> tuple[Turn, ...]:
    """Return what searches parts, in turn."""
    if _timed(problem) and can("ruin", problem):
        return (TIMED,)
    return (WALK, POLISHED) if can("ruin", problem) and not clocked(problem) else (WALK,)


def _in_parts(job: Job, cuts: Iterable[Cut], parts: list[Part]) -> Iterator[Job]:
    """Yield the job of each part, and put the part among `parts`: searches begin while the next part is cut out."""
    for k, cut in enumerate(cuts):
        parts.append(cut.part(job.problem))
        yield replace(job, problem=parts[k].problem, seed=job.seed + k, starts=(parts[k].start,))


def _may_be_cut(problem: CollectionProblem) -> bool:
    """Return whether a problem is large, and its parts have nothing in common but the fleet."""
    grouped = any(task.group for task in problem.tasks)
    return len(problem.tasks) > LARGEST_WHOLE and can("pyvrp", problem) and not grouped


def _timed(problem: CollectionProblem) -> bool:
    return any(task.windows for task in problem.tasks)


def _served(routes: Routes) -> int:
    return sum(visit.task >= 0 for _, visits in routes for visit in visits)


def _without_clashes(problem: CollectionProblem, routes: Routes) -> Routes:
    """Return routes for which there are vehicles, with each task once."""
    free = [vehicle.count for vehicle in problem.vehicle_types]
    seen: set[int] = set()
    kept = []
    for kind, visits in routes:
        once = {visit.task: visit for visit in visits if visit.task >= 0 and visit.task not in seen}
        if not once or not free[kind]:
            continue
        free[kind] -= 1
        seen |= once.keys()
        kept.append((kind, tuple(visit for visit in visits if visit.task < 0 or once.get(visit.task) is visit)))
    return tuple(kept)


def _joined(parts: Iterable[Part], found: Iterable[Found]) -> Routes:
    """Return the routes of all parts in the indices of the whole."""
    return tuple(route for part, one in zip(parts, found, strict=True) for route in part.whole(one.routes))
