"""A list is entered whole or not at all: first looked at, each fault with its row and column, then written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.identity.organisations import organisation
from takeback.share.centre import money, problems, projects, resources, results, targets, tasks
from takeback.share.centre import organisation as organising
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import kind_named
from takeback.share.centre.people import PersonFields, enter_person, people
from takeback.share.centre.tables.cells import Names, UnfitError, value_of
from takeback.share.centre.tables.fields import Field, fields_of, mapped
from takeback.share.centre.tables.sheets import Row, Sheet

PREVIEW = 20
MOST_FAULTS = 1000


class RowFault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing wrong with a row: the column by its header, what stands there, what should."""

    row: int
    column: str
    found: str
    expected: Message | str
    title: Message


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """A list that was looked at: nothing is written yet.

    `mapping`: header -> field; `ignored`: columns that become nothing; `preview`: the first rows as they will be.
    """

    kind: str
    rows: int
    good: int
    mapping: dict[str, str]
    ignored: tuple[str, ...]
    faults: tuple[RowFault, ...]
    fault_count: int
    preview: tuple[dict[str, Any], ...]


Write = Callable[[Any], object]
"""Enters one row's fields."""

Begin = Callable[[sa.Connection, CentreActor, "datetime | None"], Write]
"""Begins a list: what all rows are compared with is read once."""


def _people(connection: sa.Connection, actor: CentreActor, at: datetime | None) -> Write:
    taken = {person.email for person in people(connection) if person.email}

    def write(fields: PersonFields) -> object:
        email = (fields.email or "").strip().casefold()
        if email in taken:
            raise Problem(
                "centre.person-exists", msg("There is a person with this address."), where="email", status=409
            )
        entered = enter_person(connection, actor, fields, at=at)
        taken.update({email} - {""})
        return entered

    return write


def _results(connection: sa.Connection, actor: CentreActor, at: datetime | None) -> Write:
    known = results.Known.of(connection)
    return lambda facts: results.state_result(connection, actor, facts, known=known, at=at)


def _by(command: Callable[..., object]) -> Begin:
    """Return the beginning of a list whose rows a command enters, one by one."""
    return lambda connection, actor, at: lambda facts: command(connection, actor, facts, at=at)


LISTS: Mapping[str, tuple[type[msgspec.Struct], Begin]] = {
    "person": (PersonFields, _people),
    "member": (kind_named("member").facts, _by(organising.join)),
    "result": (results.Result, _results),
    "problem": (kind_named("problem").facts, _by(problems.state_problem)),
    "project": (kind_named("project").facts, _by(projects.start_project)),
    "resource": (resources.Resource, _by(resources.offer_resource)),
    "task": (kind_named("task").facts, _by(tasks.undertake)),
    "fund": (kind_named("fund").facts, _by(money.open_new_fund)),
    "indicator": (targets.Indicator, _by(targets.put_indicator)),
}
"""What existing lists become: the fields of a row, and the command that enters one with all its rules."""


def fields_for(kind: str) -> list[Field]:
    """Return the fields that the columns of a list of a kind may become; ``centre.no-list`` (409)."""
    return fields_of(_list(kind)[0])  # type: ignore[arg-type]  # PersonFields are as good as facts here


def examine(
    connection: sa.Connection,
    actor: CentreActor,
    kind: str,
    sheet: Sheet,
    *,
    mapping: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Examined:
    """Look at a list: every row is entered as it would be, and all of it taken back.

    Raises
    ------
    Problem
        ``centre.forbidden`` (403), ``centre.no-list`` (409), ``centre.bad-mapping``.
    """
    actor.require("import.run")
    fields = fields_for(kind)
    chosen = mapped(sheet.columns, fields, mapping)
    trial = connection.begin_nested()
    try:
        faults, values, good = _entered(connection, actor, kind, sheet, fields, chosen, at)
    finally:
        trial.rollback()
    return Examined(
        kind=kind,
        rows=len(sheet.rows),
        good=good,
        mapping=chosen,
        ignored=tuple(column for column in sheet.columns if column not in chosen),
        faults=tuple(faults[:MOST_FAULTS]),
        fault_count=len(faults),
        preview=tuple(values[:PREVIEW]),
    )


def enter(
    connection: sa.Connection,
    actor: CentreActor,
    kind: str,
    sheet: Sheet,
    *,
    mapping: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> int:
    """Enter a list; return the number of its rows. With any fault nothing is written.

    Raises
    ------
    Problem
        ``centre.list-not-clean`` with `errors`, one a fault; ``centre.forbidden`` (403), ``centre.no-list`` (409),
        ``centre.bad-mapping``.
    """
    actor.require("import.run")
    fields = fields_for(kind)
    chosen = mapped(sheet.columns, fields, mapping)
    trial = connection.begin_nested()
    faults, _, good = _entered(connection, actor, kind, sheet, fields, chosen, at)
    if faults or not good:
        trial.rollback()
        raise _not_clean(sheet, faults, len(sheet.rows))
    trial.commit()
    return good


def _entered(
    connection: sa.Connection,
    actor: CentreActor,
    kind: str,
    sheet: Sheet,
    fields: Sequence[Field],
    mapping: Mapping[str, str],
    at: datetime | None,
) -> tuple[list[RowFault], list[dict[str, Any]], int]:
    """Enter the rows; return what is wrong, the rows' values and how many were good."""
    names = Names(connection, organisation(connection, actor.org_id).currency)
    facts, begin = _list(kind)
    write = begin(connection, actor, at)
    by_name = {field.name: field for field in fields}
    column_of = {name: column for column, name in mapping.items()}
    faults: list[RowFault] = []
    values: list[dict[str, Any]] = []
    good = 0
    for row in sheet.rows:
        told, said = _row(row, sheet.columns, mapping, by_name, names)
        if not told:
            step = connection.begin_nested()
            try:
                write(msgspec.convert(said, facts, strict=False))
                step.commit()
                good += 1
            except (Problem, msgspec.ValidationError) as error:
                step.rollback()
                told = [_fault(row, sheet.columns, column_of, error)]
        faults += told
        values.append(said)
    return faults, values, good


def _row(
    row: Row, columns: Sequence[str], mapping: Mapping[str, str], fields: Mapping[str, Field], names: Names
) -> tuple[list[RowFault], dict[str, Any]]:
    title = msg("This does not fit.")
    if row.problem is not None:
        expected = row.problem.expected or row.problem.title
        return [
            RowFault(row=row.number, column="", found=str(row.problem.found or ""), expected=expected, title=title)
        ], {}
    faults, said = [], {}
    for column, cell in zip(columns, row.cells, strict=True):
        if column not in mapping:
            continue
        field = fields[mapping[column]]
        try:
            if cell:
                said[field.name] = value_of(cell, field, names)
            elif field.required:
                raise UnfitError(msg("a value"))
        except UnfitError as unfit:
            fault = RowFault(row=row.number, column=column, found=cell[:120], expected=unfit.expected, title=title)
            faults.append(fault)
    return faults, said


def _fault(row: Row, columns: Sequence[str], column_of: Mapping[str, str], error: Exception) -> RowFault:
    """Return what a command says of a row, with the column that it speaks of where that is known."""
    if isinstance(error, Problem):
        where, title = error.where or "", error.title
        expected: Message | str = error.expected or error.remedy or error.title
        told = "" if error.found is None else str(error.found)
    else:
        text, _, path = str(error).partition(" - at `$.")
        where, title, expected, told = path.rstrip("`"), msg("This does not fit."), text, ""
    name = next((part for part in where.replace("[", "/").split("/") if part in column_of), "")
    column = column_of.get(name, "")
    with suppress(ValueError):
        told = row.cells[columns.index(column)] or told
    return RowFault(row=row.number, column=column, found=told[:120], expected=expected, title=title)


def _not_clean(sheet: Sheet, faults: Sequence[RowFault], rows: int) -> Problem:
    bad = len({fault.row for fault in faults})
    return Problem(
        "centre.list-not-clean",
        msg("Nothing was written: {bad} of {rows} rows cannot be entered.", bad=bad, rows=rows),
        where=sheet.file,
        remedy=msg("Correct these rows, then enter the list anew."),
        errors=[
            Problem(
                "centre.bad-row",
                fault.title,
                where=f"row {fault.row}, column {fault.column}" if fault.column else f"row {fault.row}",
                found=fault.found,
                expected=fault.expected,
            )
            for fault in faults[:MOST_FAULTS]
        ],
    )


def _list(kind: str) -> tuple[type[msgspec.Struct], Begin]:
    if kind not in LISTS:
        raise Problem(
            "centre.no-list",
            msg("Records of this kind cannot be entered as a list."),
            found=kind,
            expected=", ".join(LISTS),
            status=409,
        )
    return LISTS[kind]
