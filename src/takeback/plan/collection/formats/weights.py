"""The lengths of a TSPLIB file: a matrix in one of its formats, or coordinates."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from takeback.core.message import msg
from takeback.plan.collection.formats.reading import Floats, Length, Table
from takeback.plan.collection.formats.rounding import EXACT_SCALE, Plane, Rounding, euclidean, matrices
from takeback.plan.collection.formats.sections import Sections
from takeback.plan.collection.problem import Matrix

PLANES = {
    "EXACT_2D": Rounding.NONE,
    "EUC_2D": Rounding.NEAREST,
    "CEIL_2D": Rounding.UP,
    "FLOOR_2D": Rounding.DOWN,
}
TRUNCATED = frozenset({"VRPTW", "CVRPTW", "PCVRPTW", "MTVRPTW", "MTVRPTWR"})  # as the DIMACS challenge cuts EUC_2D
REAL = frozenset({"MDVRPTW", "MDVRP", "SDVRPTW", "HFVRP", "HVRP"})  # of which EUC_2D is not rounded
TENTHOUSANDTHS = 100_000  # explicit legs of VRPSPD and loads as large as this are ten-thousandths (Dethloff's files)


class Weights(NamedTuple):
    """Lengths and times in units, how many units are one of the set's, and the set's own lengths."""

    distance: Matrix
    duration: Matrix
    scale: int
    length: Length


def weights(file: Sections, n: int, rounding: Rounding | None, *, timed: bool) -> Weights:
    """Return the lengths of a file with `n` nodes, rounded as it says or as `rounding` says. Raises `Problem`."""
    kind = file.header("EDGE_WEIGHT_TYPE").upper()
    if kind == "EXPLICIT":
        return _explicit(file, n, rounding, timed)
    if kind not in PLANES:
        expected = msg("EXPLICIT, EUC_2D, EXACT_2D, CEIL_2D or FLOOR_2D")
        raise file.refusal("EDGE_WEIGHT_TYPE", kind, expected)
    places = np.array(file.numbered("NODE_COORD_SECTION", n, 2), dtype=np.float64)
    how = rounding or _convention(kind, file.headers.get("TYPE", ""))
    distance, duration, scale = matrices(euclidean(places), how, timed=timed)
    return Weights(distance, duration, scale, Plane(places, how))


def _convention(kind: str, problem: str) -> Rounding:
    if kind == "EUC_2D" and problem.upper() in TRUNCATED:
        return Rounding.TRUNCATED
    return Rounding.NONE if kind == "EUC_2D" and problem.upper() in REAL else PLANES[kind]


def _explicit(file: Sections, n: int, rounding: Rounding | None, timed: bool) -> Weights:
    exact = _matrix(file, n)
    if (exact < 0).any():
        raise file.refusal("EDGE_WEIGHT_SECTION", float(exact.min()), msg("0 or more"))
    np.fill_diagonal(exact, 0.0)  # some files have something there; nobody drives it
    whole = not (exact % 1).any()
    if whole and rounding in {None, Rounding.NEAREST}:
        matrix = exact.astype(np.int64)
        tiny = "PICKUP_AND_DELIVERY_SECTION" in file.sections and file.real("CAPACITY", 0.0) >= TENTHOUSANDTHS
        tiny = tiny and exact.max(initial=0) >= TENTHOUSANDTHS
        return Weights(matrix, matrix, 1, Table(matrix, EXACT_SCALE if tiny else 1))
    how = rounding or Rounding.NONE
    distance, duration, scale = matrices(exact, how, timed=timed)
    return Weights(distance, duration, scale, Table(exact) if how is Rounding.NONE else Table(distance, scale))


def _matrix(file: Sections, n: int) -> Floats:
    form = file.headers.get("EDGE_WEIGHT_FORMAT", "FULL_MATRIX").upper()
    if form == "FULL_MATRIX":
        return np.array(file.flat("EDGE_WEIGHT_SECTION", n * n), dtype=np.float64).reshape(n, n)
    diagonal = 0 if "DIAG" in form else 1
    lower = {"LOWER_ROW", "LOWER_DIAG_ROW", "UPPER_COL", "UPPER_DIAG_COL"}
    upper = {"UPPER_ROW", "UPPER_DIAG_ROW", "LOWER_COL", "LOWER_DIAG_COL"}
    if form not in lower | upper:
        expected = msg("FULL_MATRIX, or LOWER or UPPER, with or without DIAG, ROW or COL")
        raise file.refusal("EDGE_WEIGHT_FORMAT", form, expected)
    count = n * (n - 1) // 2 + (0 if diagonal else n)
    values = np.array(file.flat("EDGE_WEIGHT_SECTION", count), dtype=np.float64)
    half = np.zeros((n, n))
    half[np.tril_indices(n, -diagonal) if form in lower else np.triu_indices(n, diagonal)] = values
    np.fill_diagonal(half, 0.0)
    return half + half.T
