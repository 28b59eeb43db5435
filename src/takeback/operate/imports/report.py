"""What an import found: rows, errors, what was assumed, and the first rows as they will be written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

MOST_ERRORS = 1000
MOST_PREVIEW = 10
LONGEST_FOUND = 120

_Said = tuple[str, str, str]  # kind, msgid, parameters: few differ, they name fields and things


class RowError(msgspec.Struct, frozen=True, kw_only=True):
    """One thing wrong with one row: `column` by its header, `found` as it stands there."""

    row: int
    column: str
    kind: str
    title: Message
    found: str
    expected: Message | str | None = None
    remedy: Message | None = None


class ErrorKind(msgspec.Struct, frozen=True, kw_only=True):
    """How often an error was found; errors are of one kind here where the same sentence tells them."""

    kind: str
    title: Message
    count: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The result of reading a whole file.

    - `rows`: records read; `good`: those that can be entered; `groups`: orders, products, places that they make.
    - `corrected`: groups that are known already and will be corrected (master data).
    - `companions`: rows without an error of their own, whose order has one; they are not among the good.
    - `errors`: the first, by row; `error_count` and `by_kind` count all.
    - `notes`: what had to be assumed.
    """

    rows: int
    good: int
    groups: int
    corrected: int = 0
    companions: int = 0
    error_count: int = 0
    errors: tuple[RowError, ...] = ()
    by_kind: tuple[ErrorKind, ...] = ()
    notes: tuple[Message, ...] = ()
    preview_columns: tuple[str, ...] = ()
    preview: tuple[tuple[str, ...], ...] = ()

    @property
    def bad(self) -> int:
        """Rows that cannot be entered."""
        return self.rows - self.good


class Tally:
    """Collects errors: counts all by what they say, keeps the first. Errors may come in any order of rows."""

    def __init__(self) -> None:
        self.count = 0
        self._kinds: dict[_Said, tuple[Message, int]] = {}
        self._kept: list[RowError] = []

    def add(self, error: RowError, times: int = 1) -> None:
        """Count an error."""
        self.more(error.kind, error.title, times)
        self._kept.append(error)
        if len(self._kept) >= 2 * MOST_ERRORS:
            self._kept = self._first()

    def more(self, kind: str, title: Message, times: int) -> None:
        """Count errors that are not kept singly."""
        if times > 0:
            self.count += times
            said = (kind, title.msgid, repr(sorted(title.params.items())))
            self._kinds[said] = (title, self._kinds.get(said, (title, 0))[1] + times)

    def _first(self) -> list[RowError]:
        return sorted(self._kept, key=lambda error: error.row)[:MOST_ERRORS]

    @property
    def errors(self) -> tuple[RowError, ...]:
        """The first errors by row."""
        return tuple(self._first())

    @property
    def by_kind(self) -> tuple[ErrorKind, ...]:
        """All that was said of errors, the most frequent first."""
        kinds = sorted(self._kinds.items(), key=lambda each: -each[1][1])
        return tuple(ErrorKind(kind=kind, title=title, count=count) for (kind, *_), (title, count) in kinds)


def row_error(row: int, column: str, problem: Problem, found: str | None = None) -> RowError:
    """Return a problem of a value as the error of a row; `found`: the cell as it stands in the file."""
    text = str(problem.found or "") if found is None else found
    return RowError(
        row=row,
        column=column,
        kind=problem.kind,
        title=storable(problem.title),
        found=text if len(text) <= LONGEST_FOUND else text[: LONGEST_FOUND - 1] + "…",
        expected=storable(problem.expected) if isinstance(problem.expected, Message) else problem.expected,
        remedy=storable(problem.remedy) if problem.remedy else None,
    )


def storable(message: Message) -> Message:
    """Return a message whose values JSON can carry."""
    return Message(message.msgid, {name: _plain(value) for name, value in message.params.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return storable(value)
    return value if isinstance(value, str | int | float) else str(value)


def report_from(data: Mapping[str, Any]) -> Report:
    """Return a report that a database row keeps."""
    report = msgspec.convert(data, Report)
    return msgspec.structs.replace(
        report,
        errors=tuple(
            msgspec.structs.replace(
                error,
                title=_revived(error.title),
                expected=_revived(error.expected) if isinstance(error.expected, Message) else error.expected,
                remedy=_revived(error.remedy) if error.remedy else None,
            )
            for error in report.errors
        ),
        by_kind=tuple(msgspec.structs.replace(kind, title=_revived(kind.title)) for kind in report.by_kind),
        notes=tuple(map(_revived, report.notes)),
    )


def _revived(message: Message) -> Message:
    """Return a message whose values are messages again where they were before JSON."""
    return Message(message.msgid, {name: _value(value) for name, value in message.params.items()})


def _value(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"msgid", "params"}:
        return _revived(Message(value["msgid"], value["params"]))
    return value


def as_problem(report: Report, name: str, *, most: int = 20) -> Problem:
    """Return the problem of a file that has errors, with the first of them."""
    return Problem(
        "import.not-clean",
        msg("Nothing was written: {bad} of {rows} rows cannot be entered.", bad=report.bad, rows=report.rows),
        where=name,
        remedy=msg("Correct them, or enter only the good rows."),
        errors=[error_problem(error) for error in report.errors[:most]],
    )


def error_problem(error: RowError) -> Problem:
    """Return the error of a row as a problem."""
    return Problem(
        error.kind,
        error.title,
        where=f"row {error.row}, column {error.column}" if error.column else f"row {error.row}",
        found=error.found,
        expected=error.expected,
        remedy=error.remedy,
    )
