"""Which layout a file has: told by what stands in it, never by its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan.collection.formats.henke import read_henke
from takeback.plan.collection.formats.jd import read_jd
from takeback.plan.collection.formats.kim import read_kim
from takeback.plan.collection.formats.own import problem_from_json
from takeback.plan.collection.formats.pvrpif import read_pvrpif
from takeback.plan.collection.formats.reading import Reading
from takeback.plan.collection.formats.rounding import Rounding
from takeback.plan.collection.formats.solomon import read_solomon
from takeback.plan.collection.formats.vrplib import read_vrplib
from takeback.plan.collection.problem import CollectionProblem

HEAD = 4_000  # characters in which the layout shows
Reader = Callable[[str, Rounding | None], Reading]


def read(path: Path, rounding: Rounding | None = None) -> CollectionProblem:
    """Return the problem of a file of any layout. Raises `Problem` naming file, place and what is right."""
    return read_set(path, rounding).problem


def read_set(path: Path, rounding: Rounding | None = None) -> Reading:
    """Return what a file of any layout says, with the set's own measure of cost.

    `rounding` in place of the set's own convention, where lengths come from coordinates. Raises `Problem`.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Problem(
            "collection.unreadable-file", msg("The file cannot be read."), where=str(path), found=error.strerror
        ) from error
    return read_data(data, str(path), rounding)


def read_data(data: bytes, name: str = "", rounding: Rounding | None = None) -> Reading:
    """Return what the content of a file says; `name` stands in what is told of mistakes. Raises `Problem`."""
    try:
        text = text_of(data)
        return _reader(text)(text, rounding)
    except Problem as problem:
        problem.where = ": ".join(part for part in (name, problem.where) if part) or None
        raise


def text_of(data: bytes) -> str:
    """Return the text of a file in UTF-8, or else in Latin 1, in which old instances have their authors' names.

    Raises `Problem` for what is no text.
    """
    if b"\0" in data:
        raise _unknown(msg("bytes that are no text"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _reader(text: str) -> Reader:
    head = text[:HEAD].upper()
    if head.lstrip().startswith("{"):
        return _geojson if '"FEATURECOLLECTION"' in head else _own
    signs: tuple[tuple[tuple[str, ...], Reader], ...] = (
        (("DISPATCHINGCOST",), _jd),
        (("PRODUCT TYPES", "COMPARTMENTS"), read_henke),
        (("DIMENSION",), read_vrplib),
        (("STOP_ID", "STOP_TYPE"), _kim),
        (("CUST", "VEHICLE"), _solomon),
    )
    for words, reader in signs:
        if all(word in head for word in words):
            return reader
    raise _unknown(head.strip().split("\n", 1)[0] or msg("an empty file"))


def _own(text: str, _: Rounding | None) -> Reading:
    return Reading(problem_from_json(text), "Takeback")


def _geojson(text: str, _: Rounding | None) -> Reading:
    return read_pvrpif(text)


def _jd(text: str, _: Rounding | None) -> Reading:
    return read_jd(text)


def _kim(text: str, _: Rounding | None) -> Reading:
    return read_kim(text)


def _solomon(text: str, rounding: Rounding | None) -> Reading:
    return read_solomon(text, rounding or Rounding.NONE)


def _unknown(found: object) -> Problem:
    return Problem(
        "collection.unknown-format",
        msg("The layout of the file is not known"),
        found=found,
        expected=msg("Takeback's JSON, or a file of VRPLIB, LKH, JD.com, Wang-Chen, Solomon, Henke, Kim or PVRPIF"),
    )
