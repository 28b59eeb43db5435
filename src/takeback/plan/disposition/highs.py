"""HiGHS on arrays, typed: the only place of this engine that knows the solver."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from takeback.plan.disposition.problem import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class LinearProgram:
    """maximise cost @ x, row_low <= A x <= row_high, 0 <= x <= upper; A column-wise (start, index,
    weight)."""

    cost: FloatArray
    start: IntArray
    index: IntArray
    weight: FloatArray
    row_low: FloatArray
    row_high: FloatArray
    upper: FloatArray


@dataclass(frozen=True, slots=True)
class LinearAnswer:
    """Primal values of the columns and dual prices of the rows (of the maximisation)."""

    x: FloatArray
    row_dual: FloatArray


def solve_lp(lp: LinearProgram) -> LinearAnswer:
    """Return a vertex solution. Raises `RuntimeError` where HiGHS finds none: the caller's programme is
    wrong."""
    solver = _solver(lp, whole=0)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"linear programme ended as {solver.getModelStatus()}")
    solution = solver.getSolution()
    return LinearAnswer(np.array(solution.col_value), np.array(solution.row_dual))


def solve_mip(lp: LinearProgram, *, whole: int) -> FloatArray | None:
    """Return the values with the first `whole` columns integral; None where there is no such answer."""
    solver = _solver(lp, whole=whole)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_max_nodes", 200)
    solver.run()
    if solver.getInfo().primal_solution_status != 2:  # kSolutionStatusFeasible
        return None
    return np.array(solver.getSolution().col_value)


def _solver(lp: LinearProgram, *, whole: int) -> highspy.Highs:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(lp.cost), len(lp.row_low)
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = lp.cost
    model.col_lower_, model.col_upper_ = np.zeros(len(lp.cost)), lp.upper
    model.row_lower_, model.row_upper_ = lp.row_low, lp.row_high
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = lp.start, lp.index
    model.a_matrix_.value_ = lp.weight
    if whole:
        integer, real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        model.integrality_ = [integer] * whole + [real] * (len(lp.cost) - whole)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, setting in (("output_flag", False), ("threads", 1), ("solver", "simplex"), ("random_seed", 0)):
        solver.setOptionValue(name, setting)
    solver.passModel(model)
    return solver
