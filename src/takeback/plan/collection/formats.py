"""Files of collection problems and solutions: the VRPSPD files of the literature, and Takeback's own JSON."""

from __future__ import annotations

from typing import Literal, TypeVar

import msgspec
import numpy as np

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.collection.problem import (
    CollectionProblem,
    Depot,
    Location,
    Matrix,
    Task,
    VehicleType,
    Window,
)
from takeback.plan.collection.solution import CollectionSolution

EXACT_SCALE = 10_000  # units of a matrix entry in one unit of the coordinates of an EXACT_2D file
_MATRIX_TYPES = ("EXPLICIT", "EXACT_2D")


def read_vrpspd(text: str) -> CollectionProblem:
    """Return the problem of a VRPSPD file in the TSPLIB dialect of LKH-3 (Helsgaun 2017).

    Read are EXPLICIT full matrices (taken as they are) and EXACT_2D coordinates (Euclidean x `EXACT_SCALE`,
    rounded to integers; service times and the route limit DISTANCE, which includes service, likewise).
    The fleet is free (a vehicle a task), a kilometre costs 1 000 minor units: the objective is the distance in
    matrix units. Raises `Problem` naming section and line.
    """
    file = _Sections(text)
    n, capacity = file.integer("DIMENSION"), file.integer("CAPACITY")
    kind = file.header("EDGE_WEIGHT_TYPE")
    if kind not in _MATRIX_TYPES:
        raise file.problem("EDGE_WEIGHT_TYPE", kind, " or ".join(_MATRIX_TYPES))
    scale = 1 if kind == "EXPLICIT" else EXACT_SCALE
    matrix = _explicit(file, n) if kind == "EXPLICIT" else _euclidean(file, n)
    rows = file.table("PICKUP_AND_DELIVERY_SECTION", n, 7)
    depot = int(file.table("DEPOT_SECTION", 1, 1)[0][0]) - 1
    limit = float(file.headers.get("DISTANCE", "0"))
    tasks = tuple(
        Task(str(k + 1), k, delivery=(int(row[6]),), pickup=(int(row[5]),), service_s=round(row[4] * scale))
        for k, row in enumerate(rows)
        if k != depot
    )
    vehicle = VehicleType(
        id="vehicle",
        count=len(tasks),
        capacity=(capacity,),
        shift=Window(0, 2**40),
        max_duration_s=round(limit * scale) if limit else None,
        cost_per_km=1_000,
    )
    return CollectionProblem(
        locations=tuple(Location(str(k + 1)) for k in range(n)),
        distance_m=matrix,
        duration_s=matrix,
        tasks=tasks,
        depots=(Depot("depot", depot),),
        vehicle_types=(vehicle,),
        load_dimensions=("units",),
        name=file.headers.get("NAME", ""),
    )


def write_vrplib_solution(solution: CollectionSolution) -> str:
    """Return the plan as CVRPLIB writes solutions: `Route #1: 4 7 2`, then `Cost 123`."""
    routes = [
        f"Route #{number}: {' '.join(stop.task for stop in route.stops)}"
        for number, route in enumerate(solution.plan.routes, 1)
    ]
    return "\n".join([*routes, f"Cost {solution.objective}", ""])


def problem_to_json(problem: CollectionProblem) -> bytes:
    """Return `problem` as JSON; `problem_from_json` reads it back to the same problem."""
    fields = {name: getattr(problem, name) for name in _ProblemFile.__struct_fields__ if name != "format"}
    fields["distance_m"] = problem.distance_m.tolist()
    fields["duration_s"] = problem.duration_s.tolist()
    return msgspec.json.encode(_ProblemFile(**fields))


def problem_from_json(data: bytes | str) -> CollectionProblem:
    """Return the problem of a JSON file. Raises `Problem` naming the path (`$.tasks[3].prize`)."""
    file = _decoded(data, _ProblemFile)
    fields = {name: getattr(file, name) for name in file.__struct_fields__ if name != "format"}
    return CollectionProblem(**fields)


def solution_to_json(solution: CollectionSolution) -> bytes:
    """Return `solution` as JSON; `solution_from_json` reads it back."""
    return msgspec.json.encode(_SolutionFile(solution=solution))


def solution_from_json(data: bytes | str) -> CollectionSolution:
    """Return the solution of a JSON file. Raises `Problem` naming the path."""
    return _decoded(data, _SolutionFile).solution


class _ProblemFile(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    format: Literal["takeback collection problem 1"] = "takeback collection problem 1"
    name: str = ""
    currency: str = ""
    load_dimensions: tuple[str, ...] = ()
    locations: tuple[Location, ...]
    depots: tuple[Depot, ...]
    vehicle_types: tuple[VehicleType, ...]
    tasks: tuple[Task, ...]
    distance_m: list[list[float | None]]
    duration_s: list[list[float | None]]


class _SolutionFile(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    format: Literal["takeback collection solution 1"] = "takeback collection solution 1"
    solution: CollectionSolution


_File = TypeVar("_File", bound=msgspec.Struct)


def _decoded(data: bytes | str, kind: type[_File]) -> _File:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Problem(
            "collection.bad-json",
            msg("The file is not a collection file as Takeback writes it"),
            found=str(error),
            remedy=msg("Compare it with a file written by Takeback itself."),
        ) from error


class _Sections:
    """A TSPLIB file cut into headers (`KEY : value`) and sections (`NAME_SECTION` and the rows below)."""

    def __init__(self, text: str) -> None:
        self.headers: dict[str, str] = {}
        self.sections: dict[str, list[tuple[int, list[str]]]] = {}
        rows: list[tuple[int, list[str]]] | None = None
        for number, line in enumerate(text.splitlines(), 1):
            words = line.split()
            if not words or words == ["EOF"]:
                continue
            if words[0].endswith("_SECTION"):
                rows = self.sections.setdefault(words[0].rstrip(":"), [])
            elif rows is None:
                key, _, value = line.partition(":")
                self.headers[key.strip()] = value.strip()
            else:
                rows.append((number, words))

    def header(self, key: str) -> str:
        if key not in self.headers:
            raise self.problem(key, None, "a header line")
        return self.headers[key]

    def integer(self, key: str) -> int:
        value = self.header(key)
        if not value.isdigit():
            raise self.problem(key, value, "a whole number")
        return int(value)

    def table(self, section: str, rows: int, columns: int) -> list[list[float]]:
        """Return the first `rows` rows of a section as numbers, `columns` in each."""
        given = self.sections.get(section, [])
        if len(given) < rows:
            raise self.problem(section, f"{len(given)} rows", f"{rows} rows")
        table = []
        for number, words in given[:rows]:
            values = self._numbers(section, number, words)
            if len(values) != columns:
                raise self.problem(f"{section}, line {number}", f"{len(values)} numbers", f"{columns} numbers")
            table.append(values)
        return table

    def flat(self, section: str, count: int) -> list[float]:
        """Return all numbers of a section, whatever its line breaks."""
        values: list[float] = []
        for number, words in self.sections.get(section, []):
            values += self._numbers(section, number, words)
        if len(values) != count:
            raise self.problem(section, f"{len(values)} numbers", f"{count} numbers")
        return values

    def _numbers(self, section: str, number: int, words: list[str]) -> list[float]:
        try:
            return [float(word) for word in words]
        except ValueError:
            raise self.problem(f"{section}, line {number}", " ".join(words), "numbers") from None

    @staticmethod
    def problem(where: str, found: object, expected: str) -> Problem:
        return Problem(
            "collection.bad-vrpspd",
            msg("The file is not a VRPSPD file that can be read"),
            where=where,
            found=found,
            expected=expected,
        )


def _explicit(file: _Sections, n: int) -> Matrix:
    if file.header("EDGE_WEIGHT_FORMAT") != "FULL_MATRIX":
        raise file.problem("EDGE_WEIGHT_FORMAT", file.header("EDGE_WEIGHT_FORMAT"), "FULL_MATRIX")
    values = np.array(file.flat("EDGE_WEIGHT_SECTION", n * n), dtype=np.float64)
    if (values % 1).any():
        raise file.problem("EDGE_WEIGHT_SECTION", float(values[values % 1 != 0][0]), "whole numbers")
    return values.reshape(n, n).astype(np.int64)


def _euclidean(file: _Sections, n: int) -> Matrix:
    places = np.array(file.table("NODE_COORD_SECTION", n, 3), dtype=np.float64)[:, 1:]
    exact = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    return np.asarray(np.rint(exact * EXACT_SCALE), dtype=np.int64)
