"""The job that makes a plan: `collection.plan`. What it was asked for stands in `planning_run`."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from takeback import store
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.operate.collection.options import PlanningOptions
from takeback.operate.collection.plan_day import day_to_plan, solved, store_plan
from takeback.operate.collection.planning import (
    KIND,
    CurvePoint,
    Planning,
    note_baseline,
    note_curve,
    note_end,
    note_start,
    planning,
)
from takeback.operate.collection.revising import work_on_rest
from takeback.operate.identity.organisations import organisation
from takeback.plan.collection.found import Routes
from takeback.plan.collection.problem import CollectionProblem
from takeback.plan.collection.solution import CollectionSolution
from takeback.plan.doors import Budget, OnProgress, Progress
from takeback.store.jobs import JobContext, handles

_STEPS = 1000  # of a progress bar
_BETWEEN_NOTES_S = 0.5
WORTH_S, LARGE = 30.0, 50  # seconds of search, tasks: below them one process does as well


@dataclass(frozen=True, slots=True)
class Planner:
    """Whoever asked for a plan: was allowed to, and the ledger bears that name."""

    org_id: UUID
    label: str

    def require(self, permission: str) -> None:
        """Return: it was asked when the job was."""


@handles(KIND)
def work(context: JobContext) -> Mapping[str, Any]:
    """Make one plan. Started again after a crash it searches anew, or finds that the plan was recorded already."""
    planner = Planner(context.org, context.arguments["label"])
    with store.transaction(context.org) as connection:
        asked = planning(connection, context.id)
    if asked.plan_id is None:
        made = (
            _plan(context, planner, asked) if asked.revises is None else work_on_rest(context, planner, asked, search)
        )
        asked = msgspec.structs.replace(asked, plan_id=made)
    text = msg("The plan of {day} is made", day=asked.day.isoformat())
    summary = {"msgid": text.msgid, "params": dict(text.params)}
    return {"plan": str(asked.plan_id), "summary": summary}


def _plan(context: JobContext, planner: Planner, asked: Planning) -> UUID:
    options = msgspec.convert(asked.options, PlanningOptions)
    with store.transaction(context.org) as connection:
        zone = organisation(connection, context.org).time_zone
        found = day_to_plan(connection, asked.site_id, asked.day, zone, options)
    if found is None:
        raise Problem("collection.no-orders", msg("There is nothing to be fetched on this day."), status=409)
    solution = search(context, asked, found.problem)
    with store.transaction(context.org) as connection:
        now = clock.now(connection, context.org)
        store_plan(connection, planner, found, solution, plan_id=context.id, now=now, note=options.note)
        plan = solution.plan
        note_end(connection, context.id, context.id, cost=plan.objective, bound=solution.bound, metres=plan.distance_m)
    return context.id


def search(context: JobContext, asked: Planning, problem: CollectionProblem, start: Routes = ()) -> CollectionSolution:
    """Search as long as was asked, from routes that are driven already if any, and tell people how far it is.

    Raises
    ------
    Cancelled
        When somebody has asked the job to stop.
    """
    options = msgspec.convert(asked.options, PlanningOptions)
    with store.transaction(context.org) as connection:
        note_start(connection, context.id, tasks=len(problem.tasks))
    told = _Told(context)
    budget = Budget(iterations=options.iterations) if options.iterations else Budget(seconds=asked.seconds)
    with _side_by_side(budget, problem) as executor:
        solution = solved(
            problem, budget=budget, seed=options.seed, executor=executor, on_progress=told.progress, start=start
        )
    told.close(solution)
    return solution


@contextmanager
def _side_by_side(budget: Budget, problem: CollectionProblem) -> Iterator[Executor | None]:
    """Provide processes for a search that is worth their start: a large day, and seconds enough."""
    if budget.seconds is None or budget.seconds < WORTH_S or len(problem.tasks) < LARGE or (os.cpu_count() or 1) < 2:
        yield None
        return
    from takeback.plan.collection.processes import processes  # noqa: PLC0415 - it imports what compiles

    with processes(2) as executor:
        yield executor


@dataclass
class _Told:
    """What a search says, kept for those who watch it."""

    context: JobContext
    curve: list[CurvePoint] = field(default_factory=list)
    _noted: float = 0.0
    _baseline: int | None = None

    @property
    def progress(self) -> OnProgress:
        return self._progress

    def _progress(self, said: Progress) -> None:
        percent = min(99, int(100 * said.fraction))
        self.curve.append(CurvePoint(seconds=said.seconds, percent=percent, cost=said.objective, bound=said.bound))
        if said.baseline is not None:
            self._baseline = round(said.baseline)
        # The last step is left to the job's own end: `Cancelled` must not follow the plan's commit.
        self.context.progress(min(_STEPS - 1, round(said.fraction * _STEPS)), _STEPS)
        if time.monotonic() - self._noted >= _BETWEEN_NOTES_S:
            self._noted = time.monotonic()
            self._note()

    def close(self, solution: CollectionSolution) -> None:
        last = self.curve[-1].seconds if self.curve else 0.0
        self.curve.append(CurvePoint(seconds=last, percent=100, cost=solution.objective, bound=solution.bound))
        baseline = solution.baseline
        with store.transaction(self.context.org) as connection:
            note_curve(connection, self.context.id, self.curve, solution.plan.distance_m)
            note_baseline(connection, self.context.id, cost=baseline.objective, metres=baseline.distance_m)

    def _note(self) -> None:
        with store.transaction(self.context.org) as connection:
            note_curve(connection, self.context.id, self.curve)
            if self._baseline is not None:
                note_baseline(connection, self.context.id, cost=self._baseline)
