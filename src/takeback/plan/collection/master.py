"""The master problem: which of the routes met so far make the best plan together (set covering, in HiGHS).

Every task that must be served is covered at least once, others are covered or cost their prize; no more vehicles of a
type than there are; at most the intake of a depot or site. A task that is covered twice leaves the route where that
saves most. The linear relaxation comes first; only routes whose reduced cost is below the gap can improve the plan,
and the cheapest of these go into the integer programme, which starts from the plan known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

from takeback.plan.collection.found import Sequence
from takeback.plan.collection.pool import Pool, nodes
from takeback.plan.collection.problem import CollectionProblem

MOST_WHOLE = 3_000  # columns of the integer programme
MOST_NODES = 200
Floats = npt.NDArray[np.float64]


def recombine(
    pool: Pool, plan: Iterable[Sequence], *, seconds: float | None, objective: int
) -> tuple[Sequence, ...] | None:
    """Return the routes of a plan better than `plan`, whose objective is given; None where none was found.

    `seconds`: time for it; None = a limit of nodes instead, which does not depend on the machine.
    """
    pool.add(plan)
    routes = list(pool.routes.values())
    known = {(kind, frozenset(v.task for v in visits)) for kind, visits in plan}
    start = [k for k, key in enumerate(pool.routes) if key in known]
    programme = _Programme.of(pool.problem, routes)
    relaxed = programme.relax(seconds and seconds / 2)
    if relaxed is None:
        return None
    bound, reduced = relaxed
    gap = objective - bound
    if gap < 1:
        return None
    useful = np.flatnonzero(reduced < gap)
    chosen = useful[np.argsort(reduced[useful], kind="stable")][:MOST_WHOLE]
    chosen = np.union1d(chosen, np.array(start, dtype=np.intp))
    taken = programme.choose(chosen, np.array(start), seconds and seconds / 2)
    if taken is None or programme.value(taken) >= objective:
        return None
    return tuple(_once(pool.problem, [routes[k][1] for k in taken]))


@dataclass(frozen=True, slots=True)
class _Programme:
    """min cost @ x + lost @ y: `rows` (row, column, weight) of the routes x; `low`, `high` of the rows.

    The first rows are the tasks to cover (a group is one); y has a column for each of them whose `lost` is finite.
    """

    cost: Floats
    columns: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Floats]
    lost: Floats
    low: Floats
    high: Floats

    @classmethod
    def of(cls, problem: CollectionProblem, routes: list[tuple[int, Sequence]]) -> _Programme:
        """Return the programme of these routes with their costs."""
        cover = _cover_rows(problem)
        lost = np.full(len(set(cover.values())), np.inf)
        for k, task in enumerate(problem.tasks):
            if task.prize is not None:
                lost[cover[k]] = task.prize
        limits, place = _limits(problem, len(lost))
        entries: list[tuple[int, int, float]] = []
        for column, (_, sequence) in enumerate(routes):
            weights = {cover[v.task]: 1.0 for v in sequence[1] if v.task >= 0}
            weights[place["vehicle", sequence[0]]] = 1.0
            for row, amount in _unloaded(problem, sequence, place):
                weights[row] = weights.get(row, 0.0) + amount
            entries += [(row, column, weight) for row, weight in weights.items()]
        table = np.array(entries).reshape(-1, 3)
        low = np.concatenate([np.ones(len(lost)), np.full(len(limits), -np.inf)])
        return cls(
            cost=np.array([cost for cost, _ in routes], dtype=np.float64),
            columns=(table[:, 0].astype(np.intp), table[:, 1].astype(np.intp), table[:, 2]),
            lost=lost,
            low=low,
            high=np.concatenate([np.full(len(lost), np.inf), np.array(limits, dtype=np.float64)]),
        )

    def relax(self, seconds: float | None) -> tuple[float, Floats] | None:
        """Return the value of the linear relaxation and the reduced cost of each route."""
        solver = self._solver(np.arange(len(self.cost)), whole=False, seconds=seconds)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        reduced = np.array(solver.getSolution().col_dual)[: len(self.cost)]
        return float(solver.getInfo().objective_function_value), reduced

    def choose(
        self, columns: npt.NDArray[np.intp], start: npt.NDArray[np.intp], seconds: float | None
    ) -> npt.NDArray[np.intp] | None:
        """Return the best routes out of `columns`; `start` are those of a plan known."""
        solver = self._solver(columns, whole=True, seconds=seconds)
        index = np.searchsorted(columns, start).astype(np.int32)
        solver.setSolution(len(index), index, np.ones(len(index)))
        solver.run()
        if solver.getInfo().primal_solution_status != 2:  # kSolutionStatusFeasible
            return None
        values = np.array(solver.getSolution().col_value)[: len(columns)]
        return columns[values > 0.5]

    def value(self, taken: npt.NDArray[np.intp]) -> float:
        """Return what a plan of these routes costs."""
        rows, columns, _ = self.columns
        covered = np.zeros(len(self.low), dtype=bool)
        covered[rows[np.isin(columns, taken)]] = True
        left = self.lost[~covered[: len(self.lost)]]
        return float(self.cost[taken].sum() + left.sum())

    def _solver(self, columns: npt.NDArray[np.intp], *, whole: bool, seconds: float | None) -> highspy.Highs:
        optional = np.flatnonzero(np.isfinite(self.lost))
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(columns) + len(optional), len(self.low)
        model.col_cost_ = np.concatenate([self.cost[columns], self.lost[optional]])
        model.col_lower_ = np.zeros(model.num_col_)
        model.col_upper_ = np.full(model.num_col_, 1.0 if whole else np.inf)
        model.row_lower_, model.row_upper_ = self.low, self.high
        start, index, value = self._matrix(columns, optional)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = start, index, value
        if whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * model.num_col_
        return _highs(model, seconds)

    def _matrix(
        self, columns: npt.NDArray[np.intp], optional: npt.NDArray[np.intp]
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], Floats]:
        """Return the matrix of the chosen columns and those of tasks left, column-wise."""
        rows, owner, weights = self.columns
        place = np.full(len(self.cost), -1)
        place[columns] = np.arange(len(columns))
        kept = place[owner] >= 0
        column = np.concatenate([place[owner[kept]], len(columns) + np.arange(len(optional))])
        index = np.concatenate([rows[kept], optional])
        value = np.concatenate([weights[kept], np.ones(len(optional))])
        order = np.argsort(column, kind="stable")
        counts = np.bincount(column, minlength=len(columns) + len(optional))
        start = np.concatenate([[0], np.cumsum(counts)])
        return start.astype(np.int32), index[order].astype(np.int32), value[order]


def _highs(model: highspy.HighsLp, seconds: float | None) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, setting in (("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_rel_gap", 0.0)):
        solver.setOptionValue(name, setting)
    if seconds is None:
        solver.setOptionValue("mip_max_nodes", MOST_NODES)
    else:
        solver.setOptionValue("time_limit", seconds)
    solver.passModel(model)
    return solver


def _cover_rows(problem: CollectionProblem) -> dict[int, int]:
    """Return the row of each task; the tasks of a group share one."""
    rows: dict[object, int] = {}
    return {k: rows.setdefault(task.group or k, len(rows)) for k, task in enumerate(problem.tasks)}


def _limits(problem: CollectionProblem, first: int) -> tuple[list[int], dict[tuple[str, int], int]]:
    """Return the limits shared by routes, and the row of each: vehicles of a type, intake of a depot or site.

    The intake of several load dimensions stands in rows that follow each other.
    """
    limits: list[int] = []
    place: dict[tuple[str, int], int] = {}
    for k, vehicle in enumerate(problem.vehicle_types):
        place["vehicle", k] = first + len(limits)
        limits.append(vehicle.count)
    intakes = [("depot", k, depot.intake) for k, depot in enumerate(problem.depots)]
    intakes += [("site", k, site.intake) for k, site in enumerate(problem.sites)]
    for name, k, intake in intakes:
        if intake:
            place[name, k] = first + len(limits)
            limits += intake
    return limits, place


def _unloaded(
    problem: CollectionProblem, sequence: Sequence, place: Mapping[tuple[str, int], int]
) -> Iterable[tuple[int, float]]:
    """Yield (row, amount) of what a route unloads where intake is limited."""
    aboard = np.zeros(len(problem.load_dimensions))
    for visit in sequence[1]:
        if visit.task >= 0:
            aboard += problem.task_load(problem.tasks[visit.task])[1]
            continue
        if ("site", -1 - visit.task) in place:
            yield from enumerate(aboard.tolist(), place["site", -1 - visit.task])
        aboard[:] = 0
    last = problem.vehicle_types[sequence[0]].last_depot
    if ("depot", last) in place:
        yield from enumerate(aboard.tolist(), place["depot", last])


def _once(problem: CollectionProblem, routes: list[Sequence]) -> Iterable[Sequence]:
    """Return the routes with each task, and one task of each group, on the route where leaving it saves least."""
    cover = _cover_rows(problem)
    holders: dict[int, list[tuple[int, int]]] = {}
    for r, (_, visits) in enumerate(routes):
        for v in visits:
            if v.task >= 0:
                holders.setdefault(cover[v.task], []).append((r, v.task))
    gone: set[tuple[int, int]] = set()
    for many in holders.values():
        if len(many) > 1:
            saved = [(_saved(problem, routes[r], task), r, task) for r, task in many]
            gone |= {(r, task) for _, r, task in sorted(saved)[1:]}
    for r, (kind, visits) in enumerate(routes):
        left = tuple(v for v in visits if (r, v.task) not in gone)
        if any(v.task >= 0 for v in left):
            yield kind, left


def _saved(problem: CollectionProblem, route: Sequence, task: int) -> int:
    """Return the metres saved by leaving a task out of a route."""
    vehicle = problem.vehicle_types[route[0]]
    metres = problem.profile(vehicle).distance_m
    without = tuple(visit for visit in route[1] if visit.task != task)
    lengths = []
    for visits in (route[1], without):
        places = nodes(problem, vehicle, visits)
        lengths.append(int(metres[places[:-1], places[1:]].sum()))
    return lengths[0] - lengths[1]
