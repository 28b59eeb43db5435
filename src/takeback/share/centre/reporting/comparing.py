"""Candidate centres side by side for an application: the same figures of several centres."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from takeback import store
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.operate.identity.memberships import actor_of
from takeback.operate.identity.organisations import Organisation, organisation
from takeback.share.centre.acting import CentreActor, acting, system
from takeback.share.centre.figures import Figure, all_figures
from takeback.share.centre.reporting.contents import why_open
from takeback.share.centre.reporting.languages import Language, room_title
from takeback.share.centre.tables.writing import Ending, Table, written

MOST = 20  # centres side by side
Who = Callable[[sa.Connection, UUID], CentreActor]


@dataclass(frozen=True, slots=True)
class Compared:
    """The figures of one code: one for each centre, in their order; None where a centre does not have it."""

    room: str
    code: str
    label: Message
    unit: str
    figures: tuple[Figure | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The centres that the reader may see, and their figures of a year."""

    year: int
    centres: tuple[Organisation, ...]
    rows: tuple[Compared, ...]
    provisional: tuple[bool, ...]
    made_at: datetime


def compare(user_id: UUID, centres: Sequence[UUID], year: int) -> Comparison:
    """Return the figures of several centres; each is read in a transaction of its own, with the user's rights there.

    Raises
    ------
    Problem
        ``centre.forbidden`` (403) where the user may not read reports of one of them; those of `actor_of`;
        ``centre.none`` (404) for an organisation that is no centre; ``centre.bad-comparison`` unless 2 to 20 different
        centres are given.
    """
    _several(centres)
    actors = {centre: actor_of(user_id, centre) for centre in centres}
    return _compared(centres, year, lambda connection, centre: acting(connection, actors[centre]))


def compare_here(centres: Sequence[UUID], year: int) -> Comparison:
    """Return the figures of several centres for who may use the server's own machine: the system reads them.

    Raises
    ------
    Problem
        ``centre.none`` (404), ``centre.bad-comparison``.
    """
    _several(centres)
    return _compared(centres, year, lambda _, centre: system(centre))


def _several(centres: Sequence[UUID]) -> None:
    if not 2 <= len({*centres}) <= MOST or len({*centres}) != len(centres):
        raise Problem(
            "centre.bad-comparison",
            msg("These centres cannot be compared."),
            found=len(centres),
            expected=msg("2 to {count} different centres", count=MOST),
        )


def _compared(centres: Sequence[UUID], year: int, who: Who) -> Comparison:
    read = [_of(centre, year, who) for centre in centres]
    found = tuple({figure.code: figure for figure in one.figures} for one in read)
    first = {figure.code: figure for one in read for figure in one.figures}
    rows = tuple(
        Compared(code.partition(".")[0], code, one.label, one.unit, tuple(each.get(code) for each in found))
        for code, one in first.items()
    )
    centred = tuple(one.centre for one in read)
    return Comparison(year, centred, rows, tuple(one.provisional for one in read), max(one.now for one in read))


@dataclass(frozen=True, slots=True)
class _Read:
    centre: Organisation
    figures: list[Figure]
    provisional: bool
    now: datetime


def _of(centre: UUID, year: int, who: Who) -> _Read:
    with store.transaction(centre) as connection:
        found, now = organisation(connection, centre), clock.now(connection, centre)
        if found.kind != "centre":
            raise Problem("centre.none", msg("This organisation is no centre."), found=found.slug, status=404)
        who(connection, centre).require("report.read")
        provisional = any(why_open(connection, [year], now, found))
        return _Read(found, all_figures(connection, year), provisional, now)


def comparison_pdf(comparison: Comparison, language: Language) -> bytes:
    """Return a comparison as PDF: a chapter for each part of a centre's life, a bar for each centre, a table."""
    from takeback.share.centre.reporting.beside import to_pdf  # noqa: PLC0415 - ReportLab takes a moment to load

    return to_pdf(comparison, language)


def comparison_file(comparison: Comparison, ending: Ending, language: Language) -> bytes:
    """Return a comparison as a file; a figure that a centre does not have stays empty."""
    names = [
        msg("{centre} (provisional)", centre=name) if open_ else name
        for name, open_ in zip(
            (language.named(one.name, one.name_zh) for one in comparison.centres), comparison.provisional, strict=True
        )
    ]
    rows = [
        (
            language.say(room_title(row.room)), row.code, language.say(row.label), row.unit,
            *(figure.value if figure else None for figure in row.figures),
        )
        for row in comparison.rows
    ]  # fmt: skip
    fields = ("room", "code", "figure", "unit", *(one.slug for one in comparison.centres))
    header: tuple[Message | str, ...] = (msg("Part"), msg("Code"), msg("Figure"), msg("Unit"), *names)
    return written([Table(f"{comparison.year}", fields, header, rows)], ending, language.gettext)
