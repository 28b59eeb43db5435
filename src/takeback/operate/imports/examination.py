"""Reading a whole file: every row checked by itself, then against the other rows and against what exists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.core.money import Money
from takeback.core.problem import Problem
from takeback.core.quantity import Quantity
from takeback.operate.imports.cells import Cell, Record, Source
from takeback.operate.imports.comparing import compare
from takeback.operate.imports.directory import Directory, Found
from takeback.operate.imports.entering import EXISTING
from takeback.operate.imports.fields import Entered, Field, Setting, Subject, Values
from takeback.operate.imports.header import columns_of, guessed
from takeback.operate.imports.objects import Objects
from takeback.operate.imports.report import MOST_PREVIEW, Report, Tally, row_error, storable
from takeback.operate.imports.setting import Options, setting_of
from takeback.operate.imports.stage import Stage
from takeback.operate.imports.subjects import subject_named
from takeback.operate.imports.surveying import Survey, opened, shown_cell
from takeback.operate.imports.trouble import empty
from takeback.operate.imports.values import Column, read_value
from takeback.operate.ledger import Author

BATCH = 1000
ASSUMED = {"gb18030"}  # encodings that texts in others read as, too
MOST_REMEMBERED = 2000  # values of a column
Progress = Callable[[float, Message], None]
"""Takes the share done, 0 to 1, and what is being done."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that was read: the report, and the stage from which its good rows can be written."""

    subject: Subject
    setting: Setting
    report: Report
    stage: Stage


def staged(
    connection: sa.Connection,
    author: Author,
    path: Path,
    known: Survey,
    options: Options,
    *,
    progress: Progress,
    now: datetime | None = None,
    scratch: Path | None = None,
) -> Examined:
    """Read the file into a stage that lives as long as the connection's transaction.

    Raises
    ------
    Problem
        Of the file as a whole: `import.bad-header`, `import.bad-unit`, `import.no-site`, `import.broken-file`, ...
    """
    subject = subject_named(options.subject)
    columns = columns_of(known.columns, subject, options.mapping, name=known.name)
    directory = Directory(connection)
    setting = setting_of(connection, author, subject, columns, options, directory, now)
    examination = _Examination(subject, columns, setting, directory, Stage(connection))
    if known.encoding in ASSUMED:
        text = msg("The file does not say its encoding; {encoding} is assumed.", encoding=known.encoding_name)
        setting.notes["encoding"] = text
    if options.mapping is None:
        examination.note_guesses(known)
    with opened(known, path, scratch) as source:
        examination.read(source, progress)
        examination.note_unknown(source)
    if not examination.rows:
        raise empty(known.name)
    progress(0.98, msg("comparing the rows with each other"))
    return Examined(subject, setting, examination.report(), examination.stage)


class _Examination:
    """One file being read."""

    def __init__(
        self, subject: Subject, columns: list[Column], setting: Setting, directory: Directory, stage: Stage
    ) -> None:
        self.subject, self.columns, self.setting = subject, columns, setting
        self.directory, self.stage = directory, stage
        self.tally = Tally()
        self.rows = 0
        self.preview: list[tuple[str, ...]] = []
        self._by_field = {column.field.name: column for column in columns}
        self._read_before: dict[int, dict[str, Any]] = {column.index: {} for column in columns}
        self._references = [column for column in columns if column.field.of is not None]

    def note_guesses(self, known: Survey) -> None:
        """Say which columns are taken for a field that they only nearly name."""
        for column, guess in guessed(known.columns, self.subject).items():
            if not guess.sure:
                text = msg("The column {column} is taken for {field}.", column=column, field=guess.field)
                self.setting.notes[f"guess {column}"] = text

    def note_unknown(self, source: Source) -> None:
        """Say which members of objects came too late to become columns."""
        for column, row in source.unknown.items() if isinstance(source, Objects) else ():
            text = msg("{column} comes first in object {row} and is left out.", column=column, row=row)
            self.setting.notes[f"unknown {column}"] = text

    def read(self, source: Source, progress: Progress) -> None:
        """Read all records, a thousand at a time."""
        records = source.records()
        while batch := list(islice(records, BATCH)):
            self._read(batch)
            progress(0.97 * source.share(), msg("{count} rows read", count=self.rows))

    def _read(self, batch: list[Record]) -> None:
        read = [(record, *self._values(record)) for record in batch]
        self._look_up([values for _, values, _ in read])
        good: list[tuple[int, int, Entered]] = []
        bad: list[tuple[int, str | None]] = []
        for record, values, sound in read:
            self.rows += 1
            entered = self._entered(record, values, sound)
            if entered is None:
                bad.append((self.rows, self._group_of(values)))
            else:
                good.append((self.rows, record.row, entered))
        self.stage.add(good)
        self.stage.refuse(bad)

    def _values(self, record: Record) -> tuple[Values, bool]:
        """Return the values that can be read, and whether all can."""
        if record.problem is not None:
            self.tally.add(row_error(record.row, "", record.problem))
            return {}, False
        values: Values = {}
        for column in self.columns:
            cell = record.cells[column.index]
            try:
                values[column.field.name] = self._value(cell, column)
            except Problem as problem:
                self._tell(record, column, problem)
            if column.grid is not None:
                values["grid"] = column.grid
        return values, values.keys() >= self._by_field.keys()

    def _value(self, cell: Cell, column: Column) -> Any:
        """Read a cell; the same few masses, dates and codes come again and again, and are read once."""
        if column.field.kind == "item" or not isinstance(cell, str):
            return read_value(cell, column, self.setting)
        known = self._read_before[column.index]
        if cell not in known:
            if len(known) >= MOST_REMEMBERED:
                known.clear()
            known[cell] = read_value(cell, column, self.setting)
        return known[cell]

    def _look_up(self, batch: list[Values]) -> None:
        wanted = [(column.field.name, column.field.of) for column in self._references]
        if self.subject.table is not None:
            wanted.append(("code", self.subject.table))
        for name, of in wanted:
            if of is not None:
                self.directory.learn(of, [code for values in batch if (code := values.get(name)) is not None])

    def _entered(self, record: Record, values: Values, sound: bool) -> Entered | None:
        found = dict(values)
        for column in self._references:
            name, of = column.field.name, column.field.of
            if of is not None and values.get(name) is not None:
                try:
                    found[name] = self.directory.find(of, values[name])
                except Problem as problem:
                    sound = False
                    self._tell(record, column, problem)
        if not sound:
            return None
        if self.subject.table is not None:
            same = self.directory.get(self.subject.table, found["code"])
            # A GTIN or GLN may be written like a code; what it finds is not this very code's.
            found[EXISTING] = same if same is not None and same.code == found["code"] else None
        try:
            entered = self.subject.enter(found, self.setting)
        except Problem as problem:
            self._tell(record, self._by_field.get(problem.where or ""), problem)
            return None
        if len(self.preview) < MOST_PREVIEW:
            fields = [column.field for column in self.columns]
            self.preview.append(tuple(_shown(field, found[field.name], self.setting) for field in fields))
        return entered

    def _tell(self, record: Record, column: Column | None, problem: Problem) -> None:
        if column is None:
            self.tally.add(row_error(record.row, problem.where or "", problem))
            return
        header = column.header
        if record.inside is not None and "." in header:
            header = header.replace(".", f"[{record.inside}].", 1)
        self.tally.add(row_error(record.row, header, problem, shown_cell(record.cells[column.index])))

    def _group_of(self, values: Values) -> str | None:
        group = values.get("order" if self.subject.order_kind else "code")
        return group if isinstance(group, str) else None

    def _header(self, field: str) -> str:
        name = "serial" if field == "code" and self.subject.order_kind else field
        return self._by_field[name].header if name in self._by_field else name

    def report(self) -> Report:
        """Compare the rows with each other and with what exists, and return what was found."""
        compare(self.stage, self.subject, self.tally, self._header)
        left_out, companions = self.stage.settle()
        groups, known = self.stage.counts()
        if companions:
            self.setting.notes["companions"] = msg(
                "{count} rows without errors are left out, because another row of their order has one.",
                count=companions,
            )
        return Report(
            rows=self.rows,
            good=self.rows - left_out,
            groups=groups,
            corrected=known,
            companions=companions,
            error_count=self.tally.count,
            errors=self.tally.errors,
            by_kind=self.tally.by_kind,
            notes=tuple(map(storable, self.setting.notes.values())),
            preview_columns=tuple(column.field.name for column in self.columns),
            preview=tuple(self.preview),
        )


def _shown(field: Field, value: Any, setting: Setting) -> str:
    """Return a value as the preview shows it."""
    if value is None:
        return ""
    if isinstance(value, Found):
        return value.code
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if field.kind == "money":
        return str(Money(value, setting.currency))
    if field.kind == "quantity" and field.kept is not None and field.unit is not None:
        return str(Quantity(value, field.kept).to(field.unit))
    return str(value)
