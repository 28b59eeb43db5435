"""Which layout a file has: told by what stands in it, never by its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.collection.formats.jd import read_jd
from takeback.plan.collection.formats.own import problem_from_json
from takeback.plan.collection.formats.reading import Reading
from takeback.plan.collection.formats.solomon import read_solomon
from takeback.plan.collection.formats.vrplib import read_vrplib
from takeback.plan.collection.problem import CollectionProblem

HEAD = 4_000  # characters in which the layout shows


def read(path: Path) -> CollectionProblem:
    """Return the problem of a file of any layout. Raises `Problem` naming file, place and what is right."""
    return read_set(path).problem


def read_set(path: Path) -> Reading:
    """Return what a file of any layout says, with the set's own measure of cost. Raises `Problem`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Problem(
            "collection.unreadable-file", msg("The file cannot be read."), where=str(path), found=error.strerror
        ) from error
    return read_data(data, str(path))


def read_data(data: bytes, name: str = "") -> Reading:
    """Return what the content of a file says; `name` stands in what is told of mistakes. Raises `Problem`."""
    try:
        return _reader(data)(_text(data))
    except Problem as problem:
        where = ": ".join(part for part in (name, problem.where) if part)
        problem.where = where or None
        raise


def _text(data: bytes) -> str:
    """Return the text of a file in UTF-8, or else in Latin 1, in which old instances have their authors' names."""
    if b"\0" in data:
        raise _unknown(msg("bytes that are no text"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _reader(data: bytes) -> Callable[[str], Reading]:
    head = _text(data[:HEAD]).upper()
    if head.lstrip().startswith("{"):
        return _own
    if "DISPATCHINGCOST" in head:
        return read_jd
    if "DIMENSION" in head:
        return read_vrplib
    if "CUST" in head and "VEHICLE" in head:
        return read_solomon
    raise _unknown(head.strip().split("\n", 1)[0] or msg("an empty file"))


def _own(text: str) -> Reading:
    return Reading(problem_from_json(text), "Takeback")


def _unknown(found: object) -> Problem:
    return Problem(
        "collection.unknown-format",
        msg("The layout of the file is not known"),
        found=found,
        expected=msg("Takeback's JSON, a file of VRPLIB, LKH, JD.com, Wang-Chen, Solomon, Henke, Kim or PVRPIF"),
    )
