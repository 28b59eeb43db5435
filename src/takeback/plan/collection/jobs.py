"""What one process is asked to do: one engine, one problem or part of one, for a while."""

from __future__ import annotations

from dataclasses import dataclass, replace

from takeback.plan.collection.features import PYVRP, RUIN, features
from takeback.plan.collection.found import Found, Sequence
from takeback.plan.collection.problem import CollectionProblem
from takeback.plan.collection.ruin.model import clocked
from takeback.plan.doors import Budget, OnProgress

ENGINES = ("pyvrp", "walk", "ruin", "lns")
RUIN_STEPS = 100  # iterations of the annealed search that take as long as one of PyVRP's, with clocks
CANNOT = {"pyvrp": PYVRP, "walk": PYVRP, "ruin": RUIN}


@dataclass(frozen=True, slots=True)
class Job:
    """A search by `engine` from plans known (`starts`, best first), between two temperatures (mean legs) if it anneals;
    `onward`: a piece of a longer search, that goes on from where it starts; `pooled`: routes met are told as well.

    An iteration is one of PyVRP's local searches, or what takes about as long.
    """

    engine: str
    problem: CollectionProblem
    budget: Budget
    seed: int
    starts: tuple[tuple[Sequence, ...], ...] = ()
    hot: float = 3.0
    cold: float = 0.01
    onward: bool = False
    pooled: bool = True


def can(engine: str, problem: CollectionProblem) -> bool:
    """Return whether an engine can say all that `problem` asks for."""
    return engine not in CANNOT or features(problem) <= CANNOT[engine]


def work(job: Job, on_progress: OnProgress | None = None) -> Found:
    """Return what the job's engine finds. Engines are imported by the first search that needs them."""
    found = _SEARCHES[job.engine](job, on_progress)
    return found if job.pooled else replace(found, pool=())  # thousands of routes take long from process to process


def _pyvrp(job: Job, on_progress: OnProgress | None) -> Found:
    from takeback.plan.collection.pyvrp.search import search  # noqa: PLC0415 -- PyVRP takes 0.4 s to import

    return search(job.problem, job.budget, job.seed, on_progress, job.starts, pooled=job.pooled)


def _walk(job: Job, on_progress: OnProgress | None) -> Found:
    from takeback.plan.collection.pyvrp.walk import walk  # noqa: PLC0415 -- PyVRP takes 0.4 s to import

    start = job.starts[0] if job.starts else ()
    return walk(
        job.problem, job.budget, job.seed, on_progress, start,
        hot=job.hot, cold=job.cold, onward=job.onward, pooled=job.pooled,
    )  # fmt: skip


def _ruin(job: Job, on_progress: OnProgress | None) -> Found:
    from takeback.plan.collection.ruin.search import search  # noqa: PLC0415 -- compiled code

    each = RUIN_STEPS if clocked(job.problem) else 1  # without clocks it polishes, too
    budget = job.budget
    if budget.iterations is not None:
        budget = replace(budget, iterations=each * budget.iterations)
    start = job.starts[0] if job.starts else None
    found = search(
        job.problem, budget, job.seed, on_progress, start,
        hot=job.hot, cold=job.cold, onward=job.onward, pooled=job.pooled,
    )  # fmt: skip
    return replace(found, iterations=found.iterations // each)


def _lns(job: Job, on_progress: OnProgress | None) -> Found:
    from takeback.plan.collection.lns import search  # noqa: PLC0415 -- compiled code

    return search(job.problem, job.budget, job.seed, on_progress, job.starts[0] if job.starts else None)


_SEARCHES = {"pyvrp": _pyvrp, "walk": _walk, "ruin": _ruin, "lns": _lns}
