"""Reviewing problems and solutions as JSON, read back without loss, and as tables (CSV) that a spreadsheet opens.

CSV of proposals: `proposal, wanted, outside, organisations, topics`; of reviewers: `reviewer, least, most,
organisation, member, senior, expertise`; of pairs: `proposal, reviewer, sort` with `conflict`, `never`, `fixed`, or
`apart` (then both columns name reviewers). Lists stand as `a; b`, weighted ones as `packs:3; law:1`; `member` and
`senior` as `yes`, `no`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import asdict, fields
from typing import TypeVar

import msgspec
import numpy as np

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.plan.reviewing.problem import Proposal, Reviewer, ReviewingProblem
from takeback.plan.reviewing.solution import Assignment, FloatArray, Prices, ReviewingSolution
from takeback.plan.reviewing.tables import Tables

PROBLEM_FORMAT = "takeback-reviewing-problem/1"
SOLUTION_FORMAT = "takeback-reviewing-solution/1"
PROPOSALS = ("proposal", "wanted", "outside", "organisations", "topics")
REVIEWERS = ("reviewer", "least", "most", "organisation", "member", "senior", "expertise")
PAIRS = ("proposal", "reviewer", "sort")
SORTS = {"conflict": "conflicts", "never": "never", "fixed": "fixed", "apart": "apart"}
T = TypeVar("T")


def problem_to_json(problem: ReviewingProblem) -> bytes:
    """Return the problem as a JSON document (UTF-8)."""
    return msgspec.json.encode({"format": PROBLEM_FORMAT, **asdict(problem)})


def problem_from_json(document: bytes | str) -> ReviewingProblem:
    """Return the problem of a JSON document. Raises `Problem` (`reviewing.unreadable`, `reviewing.bad-problem`)."""
    return _converted(_body(document, PROBLEM_FORMAT), ReviewingProblem)


def solution_to_json(solution: ReviewingSolution) -> bytes:
    """Return the solution as a JSON document (UTF-8)."""
    body = {field.name: getattr(solution, field.name) for field in fields(solution)}
    prices = {field.name: _plain(getattr(solution.prices, field.name)) for field in fields(Prices)}
    return msgspec.json.encode({"format": SOLUTION_FORMAT, **body, "prices": prices})


def solution_from_json(document: bytes | str) -> ReviewingSolution:
    """Return the solution of a JSON document. Raises `Problem` (`reviewing.unreadable`)."""
    file = _converted(_body(document, SOLUTION_FORMAT), _SolutionFile)
    said = {name: getattr(file.prices, name) for name in file.prices.__struct_fields__}
    arrays = {name: np.array(value) for name, value in said.items() if name not in ("organisation", "apart")}
    given = {name: getattr(file, name) for name in file.__struct_fields__}
    return ReviewingSolution(**{**given, "prices": Prices(**{**said, **arrays})})


def problem_to_csv(problem: ReviewingProblem) -> tuple[str, str, str]:
    """Return the tables of proposals, reviewers and pairs; the other rules are not in them."""
    proposals = [
        (one.id, one.wanted, one.outside, "; ".join(one.organisations), _weighted(one.topics))
        for one in problem.proposals
    ]
    reviewers = [
        (one.id, one.least, one.most, one.organisation, _yes(one.member), _yes(one.senior), _weighted(one.expertise))
        for one in problem.reviewers
    ]
    pairs = [(*pair, sort) for sort, field in SORTS.items() for pair in getattr(problem, field)]
    return _table(PROPOSALS, proposals), _table(REVIEWERS, reviewers), _table(PAIRS, pairs)


def problem_from_csv(proposals: str, reviewers: str, pairs: str = "", **rules: float | None) -> ReviewingProblem:
    """Return the problem of three tables; `rules`: the other fields of the problem (`seniors`, `fairness`, ...).

    Raises `Problem`: `reviewing.bad-header`, `reviewing.bad-row` with the row and column, `reviewing.bad-problem`.
    """
    sorts: dict[str, list[tuple[str, str]]] = {field: [] for field in SORTS.values()}
    for row in _rows(pairs, PAIRS) if pairs.strip() else ():
        sorts[SORTS[row.one_of("sort", SORTS)]].append((row.text("proposal"), row.text("reviewer")))
    return ReviewingProblem(
        proposals=tuple(
            Proposal(
                id=row.text("proposal"),
                topics=row.weighted("topics"),
                wanted=row.whole("wanted", 3),
                outside=row.whole("outside", 0),
                organisations=tuple(row.listed("organisations")),
            )
            for row in _rows(proposals, PROPOSALS)
        ),
        reviewers=tuple(
            Reviewer(
                id=row.text("reviewer"),
                expertise=row.weighted("expertise"),
                most=row.whole("most", 3),
                least=row.whole("least", 0),
                organisation=row.text("organisation"),
                member=row.yes("member"),
                senior=row.yes("senior"),
            )
            for row in _rows(reviewers, REVIEWERS)
        ),
        **{field: tuple(given) for field, given in sorts.items()},  # type: ignore[arg-type]
        **rules,  # type: ignore[arg-type]
    )


def solution_to_csv(problem: ReviewingProblem, solution: ReviewingSolution) -> str:
    """Return one row per review: proposal, reviewer, match (0 to 1), and whether the pair was fixed before."""
    tables = Tables(problem)
    rows = [
        (*pair, f"{tables.match[tables.at(pair)]:.4f}", _yes(bool(tables.fixed[tables.at(pair)])))
        for pair in solution.assignment.pairs
    ]
    return _table(("proposal", "reviewer", "match", "fixed"), rows)


class _Prices(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    proposal: list[float]
    load: list[float]
    fair: list[float]
    even: list[float]
    senior: list[float]
    outside: list[float]
    organisation: tuple[tuple[int, str, float], ...]
    apart: tuple[tuple[int, int, float], ...]


class _SolutionFile(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    assignment: Assignment
    baseline: Assignment
    bound: float
    priced_bound: float
    prices: _Prices
    iterations: int
    seed: int
    version: str
    seconds: float


class _Row:
    """A row of a table, with its number for whoever must find it."""

    def __init__(self, number: int, cells: dict[str, str | None]) -> None:
        self.number, self.cells = number, cells

    def text(self, column: str) -> str:
        return (self.cells.get(column) or "").strip()

    def whole(self, column: str, default: int) -> int:
        return self._read(column, int, msg("a whole number")) if self.text(column) else default

    def yes(self, column: str) -> bool:
        return self.one_of(column, ("yes", "no", "")) == "yes"

    def listed(self, column: str) -> list[str]:
        return [part.strip() for part in self.text(column).split(";") if part.strip()]

    def one_of(self, column: str, known: Iterable[str]) -> str:
        value = self.text(column).lower()
        if value not in known:
            raise self._bad(column, msg("one of {names}", names=", ".join(name for name in known if name)))
        return value

    def weighted(self, column: str) -> tuple[tuple[str, float], ...]:
        return self._read(column, lambda _: tuple(map(_weight, self.listed(column))), msg("a list as in a:3; b:1"))

    def _read(self, column: str, reader: Callable[[str], T], expected: Message) -> T:
        try:
            return reader(self.text(column))
        except ValueError as error:
            raise self._bad(column, expected) from error

    def _bad(self, column: str, expected: Message) -> Problem:
        where = f"row {self.number}, column {column}"
        title = msg("A cell of the table cannot be read.")
        return Problem("reviewing.bad-row", title, where=where, found=self.text(column), expected=expected)


def _weight(text: str) -> tuple[str, float]:
    """Read `packs:3`; without a number the weight is 1."""
    name, colon, number = text.rpartition(":")
    return (name.strip(), float(number)) if colon else (text, 1.0)


def _rows(text: str, columns: tuple[str, ...]) -> Iterable[_Row]:
    table = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    names = [name.strip().lower() for name in table.fieldnames or ()]
    if columns[0] not in names or {*names} - {*columns}:
        title = msg("The header of the table is not what it should be.")
        raise Problem("reviewing.bad-header", title, found=", ".join(names), expected=", ".join(columns))
    table.fieldnames = names
    for number, cells in enumerate(table, 2):
        yield _Row(number, {name: cells.get(name) for name in columns})


def _table(columns: tuple[str, ...], rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def _weighted(pairs: tuple[tuple[str, float], ...]) -> str:
    return "; ".join(f"{name}:{amount:g}" for name, amount in pairs)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _plain(value: FloatArray | tuple[object, ...]) -> object:
    return value.tolist() if isinstance(value, np.ndarray) else value


def _body(document: bytes | str, name: str) -> dict[str, object]:
    try:
        body = msgspec.json.decode(document, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise _unreadable(error) from error
    if body.pop("format", None) != name:
        raise Problem("reviewing.unreadable", msg("The document is of another format."), expected=name)
    return body


def _converted(body: dict[str, object], kind: type[T]) -> T:
    try:
        return msgspec.convert(body, kind)
    except (msgspec.ValidationError, TypeError) as error:
        raise _unreadable(error) from error


def _unreadable(error: Exception) -> Problem:
    return Problem("reviewing.unreadable", msg("The document cannot be read."), found=str(error))
