"""HiGHS on arrays, typed: the only place of this engine that knows the solver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from takeback.plan.reviewing.tables import BoolArray, FloatArray, IntArray

Basis = tuple[list[Any], list[Any]]  # of highspy.HighsBasisStatus: columns, rows
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Arrays:
    """maximise cost @ x, row_low <= A x <= row_high, low <= x <= high; A in coordinates; `whole`: integral x."""

    cost: FloatArray
    low: FloatArray
    high: FloatArray
    row: IntArray
    column: IntArray
    weight: FloatArray
    row_low: FloatArray
    row_high: FloatArray
    whole: BoolArray


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A vertex of the linear programme with the prices of its rows, and the basis to go on from.

    `optimal` False: time ended on the way; then the prices are good for a bound, the vertex is none of the programme.
    """

    x: FloatArray
    price: FloatArray
    basis: Basis
    optimal: bool = True


@dataclass(frozen=True, slots=True)
class Whole:
    """What a search over integers found: `x` (None = nothing) and what no integer answer exceeds."""

    x: FloatArray | None
    bound: float
    impossible: bool


def relax(arrays: Arrays, *, seconds: float | None, basis: Basis | None = None) -> Relaxed | None:
    """Return the optimum of the linear programme, from `basis` on; None where there is none, or none is known."""
    solver = _solver(arrays, seconds, whole=False)
    if basis is not None:
        solver.setBasis(_extended(basis, arrays))
    solver.run()
    optimal = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    found, ended = solver.getSolution(), solver.getBasis()
    late = solver.getModelStatus() == highspy.HighsModelStatus.kTimeLimit and found.dual_valid
    if not (optimal or late):
        return None
    status = (list(ended.col_status), list(ended.row_status))
    return Relaxed(np.array(found.col_value), np.array(found.row_dual), status, optimal)


def choose(arrays: Arrays, *, seconds: float | None, nodes: int | None, seed: int, start: FloatArray | None) -> Whole:
    """Return the best integer answer found; `start`: one that is known. `nodes` limits what seconds do not."""
    solver = _solver(arrays, seconds, whole=True)
    solver.setOptionValue("random_seed", seed % 2**31)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", TOLERANCE)
    if nodes is not None:
        solver.setOptionValue("mip_max_nodes", nodes)
    if start is not None:
        solver.setSolution(len(start), np.arange(len(start), dtype=np.int32), start)
    solver.run()
    info, status = solver.getInfo(), solver.getModelStatus()
    found = info.primal_solution_status == 2  # kSolutionStatusFeasible
    optimal = status == highspy.HighsModelStatus.kOptimal
    return Whole(
        x=np.array(solver.getSolution().col_value) if found else None,
        bound=float(info.objective_function_value) if optimal else float(info.mip_dual_bound),
        impossible=status == highspy.HighsModelStatus.kInfeasible,
    )


def _extended(basis: Basis, arrays: Arrays) -> highspy.HighsBasis:
    """Return the basis with columns that are new at their lower bound, rows that are new in the basis."""
    columns, rows = basis
    status = highspy.HighsBasisStatus
    full = highspy.HighsBasis()
    full.col_status = columns + [status.kLower] * (len(arrays.cost) - len(columns))
    full.row_status = rows + [status.kBasic] * (len(arrays.row_low) - len(rows))
    full.valid = True
    return full


def _solver(arrays: Arrays, seconds: float | None, *, whole: bool) -> highspy.Highs:
    count = len(arrays.cost)
    order = np.argsort(arrays.column, kind="stable")
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, len(arrays.row_low)
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_, model.col_lower_, model.col_upper_ = arrays.cost, arrays.low, arrays.high
    model.row_lower_, model.row_upper_ = arrays.row_low, arrays.row_high
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    counts = np.bincount(arrays.column, minlength=count)
    model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    model.a_matrix_.index_ = arrays.row[order].astype(np.int32)
    model.a_matrix_.value_ = arrays.weight[order]
    if whole:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[one] for one in arrays.whole.astype(int).tolist()]
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, setting in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
        solver.setOptionValue(name, setting)
    if seconds is not None:
        solver.setOptionValue("time_limit", max(0.01, seconds))
    solver.passModel(model)
    return solver
