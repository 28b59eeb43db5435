"""Candidate centres side by side on paper: for each part of a centre's life a table, and bars for what they share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, PageBreak, Paragraph

from takeback.core.currencies import CURRENCIES
from takeback.core.message import msg
from takeback.operate.identity.organisations import Organisation
from takeback.share.centre.reporting.chapters import Heading
from takeback.share.centre.reporting.charts import side_by_side
from takeback.share.centre.reporting.comparing import Compared, Comparison
from takeback.share.centre.reporting.grid import Cell, Column, Grid
from takeback.share.centre.reporting.languages import NONE, ROOMS, Language, room_title
from takeback.share.centre.reporting.lettering import rich
from takeback.share.centre.reporting.look import look
from takeback.share.centre.reporting.pdf import Cover, bound

ACROSS = 5  # centres in one table
BARS = 3  # figures of a chapter that are drawn as bars


def to_pdf(comparison: Comparison, language: Language) -> bytes:
    """Return a comparison as PDF."""
    title = language.say(msg("Candidate centres side by side, {year}", year=str(comparison.year)))
    names = tuple(_name(one, language) for one in comparison.centres)
    cover = Cover(
        title=title,
        author=language.say(msg("Comparison for an application round")),
        below=names[:12],
        facts=(
            (msg("Made on"), language.day(comparison.made_at, comparison.centres[0].time_zone)),
            (msg("Centres"), f"{len(names):,}"),
            (msg("Figures"), f"{len(comparison.rows):,}"),
        ),
        provisional=any(comparison.provisional),
        closing=msg(
            "Each figure is the centre's own; the centre's report has its evidence. * The period is still open."
        ),
    )
    return bound(cover, language, _chapters(comparison, language))


def _chapters(comparison: Comparison, language: Language) -> Iterator[Flowable]:
    styles = look(language)
    by_room = groupby(sorted(comparison.rows, key=_place), key=lambda row: row.room)
    for number, (room, rows) in enumerate(((room, [*rows]) for room, rows in by_room), 1):
        yield PageBreak() if number == 1 else CondPageBreak(320)
        yield Heading(f"{number}  {language.say(room_title(room))}", styles.chapter, 0)
        for at in range(0, len(comparison.centres), ACROSS):
            yield _table(comparison, rows, slice(at, at + ACROSS), language)
        for row in [row for row in rows if _told(row) > 1][:BARS]:
            section = Paragraph(rich(language.say(row.label), styles.bold), styles.section)
            bars = [
                (_name(centre, language), figure.value if figure else None, None)
                for centre, figure in zip(comparison.centres, row.figures, strict=True)
            ]
            shown = partial(language.value, unit=row.unit)
            yield KeepTogether([section, side_by_side(bars, styles.font, shown)])


def _place(row: Compared) -> tuple[int, str]:
    order = [*ROOMS]
    return (order.index(row.room) if row.room in order else len(order), row.room)


def _told(row: Compared) -> int:
    return sum(1 for figure in row.figures if figure and figure.value)


def _table(comparison: Comparison, rows: Sequence[Compared], part: slice, language: Language) -> Grid:
    styles = look(language)
    centres = comparison.centres[part]
    flags = [" *" if open_ else "" for open_ in comparison.provisional[part]]
    columns = [Column(language.say(msg("Figure")), 34, lines=3)]
    columns += [Column(_name(one, language) + flag, 15, "right", 2) for one, flag in zip(centres, flags, strict=True)]
    cells: list[list[Cell]] = []
    for row in rows:
        unit = f" ({row.unit})" if row.unit in CURRENCIES else ""
        values = [language.value(one.value, one.unit) if one else NONE for one in row.figures[part]]
        cells.append([language.say(row.label) + unit, *values])
    return Grid(columns, cells, styles.font, styles.bold)


def _name(centre: Organisation, language: Language) -> str:
    return language.named(centre.name, centre.name_zh)
