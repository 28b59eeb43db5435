"""Assigns reviewers to proposals."""

from __future__ import annotations

from concurrent.futures import Executor

import numpy as np

from takeback import __version__
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.doors import Budget, OnProgress, Progress, Stopwatch
from takeback.plan.reviewing.baseline import greedy
from takeback.plan.reviewing.explain import explain
from takeback.plan.reviewing.problem import ReviewingProblem
from takeback.plan.reviewing.relaxation import SHORT, Relaxation, relaxation
from takeback.plan.reviewing.shortage import shortage
from takeback.plan.reviewing.solution import Assignment, Prices, ReviewingSolution
from takeback.plan.reviewing.tables import BoolArray, Tables
from takeback.plan.reviewing.whole import Search
from takeback.plan.reviewing.worth import assignment
from takeback.plan.threads import one_thread

NODES = 100  # of the search for each iteration
SHARE = 0.9  # of the seconds, after which nothing new is begun


def solve(
    problem: ReviewingProblem,
    *,
    budget: Budget,
    seed: int = 0,
    executor: Executor | None = None,
    on_progress: OnProgress | None = None,
) -> ReviewingSolution:
    """Return the best assignment found, never worth less than the greedy one, with a bound on all assignments.

    The linear relaxation over all pairs comes first, by column generation; its prices prove the bound and say which
    pairs can be in a better assignment; among these a search over integers ends with the optimum or with the budget. An
    iteration is a round of pricing, or 100 nodes of the search; `executor` is not needed.

    Raises `Problem`: `reviewing.infeasible` with every reason why no assignment keeps the rules, and what would make it
    fit; `reviewing.no-time` where the budget ended before there was one.
    """
    watch, tables = Stopwatch(), Tables(problem)
    if errors := explain(tables):
        raise infeasible(errors)
    if not problem.proposals:
        return _empty(tables, seed, watch)
    with one_thread():
        return _Run(tables, budget, seed, on_progress, watch).solution()


class _Run:
    """One call of `solve`."""

    def __init__(
        self, tables: Tables, budget: Budget, seed: int, on_progress: OnProgress | None, watch: Stopwatch
    ) -> None:
        self.tables, self.budget, self.seed, self.on_progress, self.watch = tables, budget, seed, on_progress, watch
        self.greedy = greedy(tables)
        self.baseline = assignment(tables, self.greedy)
        self.iterations = 0

    def solution(self) -> ReviewingSolution:
        relaxed = self.relaxed()
        search = self.search(relaxed)
        if search.best is None:
            raise infeasible(shortage(self.tables, relaxed, self.left())) if search.impossible else _no_time()
        best = assignment(self.tables, search.best)
        self.tell(search.bound, best.objective)
        return ReviewingSolution(
            assignment=best,
            baseline=self.baseline,
            bound=max(best.objective, search.bound),
            priced_bound=relaxed.bound,
            prices=relaxed.prices,
            iterations=relaxed.rounds,
            seed=self.seed,
            version=f"takeback {__version__}",
            seconds=self.watch.seconds,
        )

    def relaxed(self) -> Relaxation:
        """Return the relaxation; raises `Problem` where it shows that no assignment exists."""
        rounds = self.budget.iterations
        found = relaxation(self.tables, self.greedy.copy(), rounds=rounds, left=self.left, on_round=self.on_round)
        if found.settled and found.short > SHORT:
            raise infeasible(shortage(self.tables, found, self.left()))
        return found

    def search(self, relaxed: Relaxation) -> Search:
        """Return the search when it has ended."""
        nodes = None if self.budget.iterations is None else NODES * max(1, self.budget.iterations)
        known = self.greedy if self.keeps_rules() else None
        search = Search(self.tables, relaxed, self.left, nodes, self.seed, known, relaxed.bound)
        for step in (search.dive, search.climb, search.search):
            if not search.proven and not self.late():
                step()
                self.tell(search.bound, search.objective)
        return search

    def keeps_rules(self) -> bool:
        """Return whether the greedy assignment is a plan: nothing missing, nobody below the least."""
        short = self.greedy.sum(axis=0) < self.tables.least
        return not self.baseline.missing and not bool(short.any()) and self.needs_met()

    def needs_met(self) -> bool:
        """Return whether the greedy assignment has the seniors and the people from outside."""
        seniors = (self.greedy & self.tables.senior).sum(axis=1) >= self.tables.problem.seniors
        outside = (self.greedy & self.tables.outside).sum(axis=1) >= self.tables.outside_wanted
        return bool(seniors.all() and outside.all())

    def left(self) -> float | None:
        """Return the seconds left; None = any."""
        return None if self.budget.seconds is None else SHARE * self.budget.seconds - self.watch.seconds

    def late(self) -> bool:
        left = self.left()
        return left is not None and left <= 0

    def on_round(self, rounds: int, bound: float) -> None:
        self.iterations = rounds
        self.tell(bound, None)

    def tell(self, bound: float, objective: float | None) -> None:
        if self.on_progress is not None:
            known = objective if objective is not None and np.isfinite(objective) else None
            share = min(1.0, self.watch.spent(self.budget, self.iterations))
            self.on_progress(
                Progress(share, self.iterations, self.watch.seconds, known, bound, self.baseline.objective)
            )


def infeasible(errors: list[Problem]) -> Problem:
    """Return the problem that tells all reasons why no assignment keeps the rules."""
    return Problem(
        "reviewing.infeasible",
        msg("No assignment of reviewers keeps these rules"),
        where=errors[0].where if len(errors) == 1 else None,
        found=len(errors),
        expected=msg("0 contradictions"),
        errors=errors,
    )


def _no_time() -> Problem:
    return Problem(
        "reviewing.no-time",
        msg("The search ended before it found an assignment that keeps all rules"),
        remedy=msg("Search longer, or relax a rule."),
    )


def _empty(tables: Tables, seed: int, watch: Stopwatch) -> ReviewingSolution:
    none: BoolArray = np.zeros(tables.match.shape, dtype=np.bool_)
    nothing: Assignment = assignment(tables, none)
    zero, people = np.zeros(0), np.zeros(len(tables.most))
    return ReviewingSolution(
        assignment=nothing, baseline=nothing, bound=0.0, priced_bound=0.0,
        prices=Prices(zero, people, zero, people, zero, zero), iterations=0, seed=seed,
        version=f"takeback {__version__}", seconds=watch.seconds,
    )  # fmt: skip
