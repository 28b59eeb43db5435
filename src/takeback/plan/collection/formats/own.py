"""Takeback's own files: problems and solutions as JSON that is read back without loss."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from typing import Literal, TypeVar

import msgspec
import numpy as np

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.collection.problem import (
    CollectionProblem,
    Depot,
    Location,
    Profile,
    Relation,
    Site,
    Slice,
    Started,
    Task,
    VehicleType,
    Zone,
)
from takeback.plan.collection.solution import CollectionSolution

ProblemFormat = Literal["takeback collection problem 2", "takeback collection problem 1"]
SolutionFormat = Literal["takeback collection solution 2", "takeback collection solution 1"]
Rows = list[list[float | None]]


def problem_to_json(problem: CollectionProblem) -> bytes:
    """Return `problem` as JSON; `problem_from_json` reads it back to the same problem. Defaults are left out."""
    return msgspec.json.encode({"format": "takeback collection problem 2"} | _plain_fields(problem))


def problem_from_json(data: bytes | str) -> CollectionProblem:
    """Return the problem of a JSON file, of this version or the one before.

    Raises `Problem` naming the path (`$.tasks[3].prize`).
    """
    file = _decoded(data, _ProblemFile)
    given = {name: getattr(file, name) for name in file.__struct_fields__ if name != "format"}
    given["profiles"] = tuple(
        Profile(one.id, one.distance_m, one.duration_s, one.slices)  # type: ignore[arg-type]  # checked by the problem
        for one in file.profiles
    )
    return CollectionProblem(**given)


def solution_to_json(solution: CollectionSolution) -> bytes:
    """Return `solution` as JSON; `solution_from_json` reads it back."""
    return msgspec.json.encode(_SolutionFile(solution=solution))


def solution_from_json(data: bytes | str) -> CollectionSolution:
    """Return the solution of a JSON file. Raises `Problem` naming the path."""
    return _decoded(data, _SolutionFile).solution


class _Profile(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    id: str
    distance_m: Rows
    duration_s: Rows
    slices: tuple[Slice, ...] = ()


class _ProblemFile(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    format: ProblemFormat
    name: str = ""
    currency: str = ""
    load_dimensions: tuple[str, ...] = ()
    locations: tuple[Location, ...]
    depots: tuple[Depot, ...]
    vehicle_types: tuple[VehicleType, ...]
    tasks: tuple[Task, ...]
    distance_m: Rows
    duration_s: Rows
    slices: tuple[Slice, ...] = ()
    profiles: tuple[_Profile, ...] = ()
    sites: tuple[Site, ...] = ()
    zones: tuple[Zone, ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    relations: tuple[Relation, ...] = ()
    started: tuple[Started, ...] = ()


class _SolutionFile(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    format: SolutionFormat = "takeback collection solution 2"
    solution: CollectionSolution


_File = TypeVar("_File", bound=msgspec.Struct)


def _decoded(data: bytes | str, kind: type[_File]) -> _File:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Problem(
            "collection.bad-json",
            msg("The file is not a collection file as Takeback writes it"),
            found=str(error),
            remedy=msg("Compare it with a file written by Takeback itself."),
        ) from error


def _plain_fields(thing: object) -> dict[str, object]:
    """Return the fields of a dataclass that differ from their defaults."""
    given = {field.name: (getattr(thing, field.name), field.default) for field in fields(thing)}  # type: ignore[arg-type]
    return {name: _plain(value) for name, (value, default) in given.items() if default is MISSING or value != default}


def _plain(value: object) -> object:
    if isinstance(value, np.ndarray):  # row by row: a whole matrix of Python's numbers takes gigabytes
        return msgspec.Raw(b"[" + b",".join(msgspec.json.encode(row.tolist()) for row in value) + b"]")
    if is_dataclass(value):
        return _plain_fields(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
