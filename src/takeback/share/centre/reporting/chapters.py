"""The chapters of a report on paper, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from reportlab.graphics.shapes import Drawing
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, PageBreak, Paragraph, Spacer, Table

from takeback.core.currencies import CURRENCIES
from takeback.core.message import Message, msg
from takeback.share.centre.figures import Figure, records_behind
from takeback.share.centre.records import Record, title_zh
from takeback.share.centre.reporting.charts import bullet, by_year, side_by_side, trend
from takeback.share.centre.reporting.contents import Contents, Line
from takeback.share.centre.reporting.grid import ROOMY, TIGHT, Cell, Column, Grid, Text
from takeback.share.centre.reporting.languages import LISTS, NONE, UNITS, WORDS, Language, room_title
from takeback.share.centre.reporting.lettering import MONO, rich
from takeback.share.centre.reporting.look import ACCENT, INK, INSIDE, LIGHTS, LINE, MUTED, WARN, Look, look
from takeback.share.centre.results.facts import CODES

TILES, IN_A_ROW = 8, 4
FIRST = ("results", "projects", "money", "talent", "tasks", "problems", "resources")  # rooms that tiles come from first
MOST_BARS = 12
MOST_LINKED = 300  # titles of a list that are links; the data beside the report has the ids of all
MOST_SHOWN = 4  # years beside each other in a table of an annual report
MOST_NEEDED = 560  # points that a chapter may want to stand whole on the page before it
MOST_RANGES = 400  # of entries that are printed behind one figure; the data beside the report has all


class Heading(Paragraph):  # type: ignore[misc]  # reportlab has no types
    """A heading that stands in the table of contents; `plain`: its text, `level`: 0 for a chapter."""

    def __init__(self, plain: str, style: Any, level: int) -> None:
        super().__init__(rich(plain, style.fontName), style)
        self.plain, self.level = plain, level


@dataclass
class Chapters:
    """The chapters of one report in one language."""

    contents: Contents
    language: Language
    count: int = 0

    def __post_init__(self) -> None:
        self.look: Look = look(self.language)

    def story(self) -> Iterator[Flowable]:
        """Yield everything after the table of contents."""
        yield from self._glance()
        if self.contents.standings:
            yield from self._targets()
        for room, lines in self.contents.rooms.items():
            yield from self._room(room, lines)
        for kind, records in self.contents.lists.items():
            if records:
                yield from self._list(kind, records)
        yield from self._evidence()
        yield from self._ledger()

    def say(self, said: Message | str | None) -> str:
        """Return a message in the report's language."""
        return self.language.say(said)

    def _chapter(self, title: Message | str, needed: float | None = None) -> Iterator[Flowable]:
        """Begin a chapter: on a new page, unless `needed` points are left on this one."""
        self.count += 1
        yield PageBreak() if needed is None or needed > MOST_NEEDED else CondPageBreak(needed)
        yield Heading(f"{self.count}  {self.say(title)}", self.look.chapter, 0)

    def _text(self, said: Message, *, small: bool = False) -> Paragraph:
        style = self.look.small if small else self.look.text
        return Paragraph(rich(self.say(said), self.look.font), style)

    def _section(self, said: Message | str) -> Paragraph:
        return Paragraph(rich(self.say(said), self.look.bold), self.look.section)

    def _grid(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], above: float = ROOMY) -> Grid:
        said = [Column(self.say(one.title), one.share, one.align, one.lines) for one in columns]
        return Grid(said, rows, self.look.font, self.look.bold, above)

    def _value(self, value: float | None, unit: str) -> str:
        return self.language.value(value, unit)

    # -- at a glance ------------------------------------------------------------------------------------------------

    def _glance(self) -> Iterator[Flowable]:
        yield from self._chapter(msg("At a glance"))
        for why in self.contents.provisional:
            yield Paragraph(rich(self.say(why), self.look.bold), self.look.text.clone("warn", textColor=WARN))
        if self.contents.centre is not None:
            facts = self.contents.centre.facts
            if mission := self.language.named(facts.mission, facts.mission_zh):
                yield Paragraph(rich(mission, self.look.font), self.look.text)
        tiles = self._tiles()
        if tiles:
            yield Table(
                [tiles[n : n + IN_A_ROW] for n in range(0, len(tiles), IN_A_ROW)], INSIDE / IN_A_ROW, style=_TILES
            )
        chart = self._results_chart()
        if chart is not None:
            yield KeepTogether([self._section(msg("Results by year")), chart])
        yield Spacer(1, 8)
        yield self._text(
            msg(
                "Every figure in this report links to the page that shows its evidence. Every piece of evidence is an "
                "entry of the centre's ledger; the appendix says where each entry stands in the signed log."
            ),
            small=True,
        )

    def _tiles(self) -> list[list[Flowable]]:
        rooms = self.contents.rooms
        order = [*(room for room in FIRST if room in rooms), *(room for room in rooms if room not in FIRST)]
        told = [[line for line in rooms[room] if line.figure.value] for room in order]
        chosen = [line for place in range(TILES) for lines in told for line in lines[place : place + 1]][:TILES]
        return [self._tile(line) for line in chosen] + [[] for _ in range(-len(chosen) % IN_A_ROW)]

    def _tile(self, line: Line) -> list[Flowable]:
        figure, text = line.figure, self.look.text
        value = text.clone("value", fontName=self.look.bold, fontSize=17, leading=21, textColor=ACCENT, spaceAfter=0)
        shown = rich(self._value(figure.value, figure.unit), self.look.bold)
        return [
            Paragraph(f'<a href="{_safe(self.contents.page_of(figure))}">{shown}</a>', value),
            Paragraph(rich(self.say(figure.label), self.look.font), text.clone("label", fontSize=8.5, leading=11.5)),
            Paragraph(rich(self._change(line), self.look.font), self.look.small),
        ]

    def _change(self, line: Line) -> str:
        change = self.language.difference(line.figure.value, line.before, line.figure.unit)
        return self.say(msg("{change} against {year}", change=change, year=str(line.trend[-2][0]))) if change else ""

    def _results_chart(self) -> Drawing | None:
        lines = [line for line in self.contents.rooms.get("results", ()) if line.figure.code in CODES.values()]
        series = [(self.say(line.figure.label), [value for _, value in line.trend]) for line in lines]
        told = [(label, values) for label, values in series if any(values)]
        return by_year(self.contents.years, told, self.look.font) if told else None

    # -- the plan ---------------------------------------------------------------------------------------------------

    def _targets(self) -> Iterator[Flowable]:
        yield from self._chapter(msg("Against the plan"))
        yield self._text(
            msg("The bar is the value, the mark across it the target. Green: met; amber: nearly; red: not met.")
        )
        yield self._text(
            msg(
                "Plan so far: value / target of the years up to {year}; years to come do not count.",
                year=str(self.contents.year),
            )
        )
        columns = [
            Column(msg("Indicator"), 30, lines=3), Column("", 17), Column(msg("Value"), 12, "right"),
            Column(msg("Target"), 12, "right"), Column(msg("Plan so far"), 14, "right"),
            Column(msg("Source"), 15, lines=3),
        ]  # fmt: skip
        yield self._grid(columns, [self._standing(one) for one in self.contents.standings])

    def _standing(self, one: Any) -> list[Cell]:
        facts, standing, plan = one.indicator.facts, one.years[self.contents.year], one.plan
        value, target, done, planned = (
            None if v is None else float(v) for v in (standing.value, standing.target, plan.value, plan.target)
        )
        unit = self._unit(facts.unit)
        shown = [NONE if v is None else f"{self._value(v, '')} {unit}" for v in (value, target)]
        so_far = " / ".join(NONE if v is None else self._value(v, "") for v in (done, planned))
        return [
            Text(self.language.named(facts.name, facts.name_zh)),
            bullet(value, target, standing.light, wide=80),
            Text(shown[0], colour=LIGHTS[standing.light], bold=True),
            shown[1],
            Text(so_far, colour=LIGHTS[plan.light]),
            Text(self.language.named(facts.source, facts.source_zh), colour=MUTED),
        ]

    def _unit(self, unit: str) -> str:
        return "" if unit in UNITS else unit

    # -- a room -----------------------------------------------------------------------------------------------------

    def _room(self, room: str, lines: Sequence[Line]) -> Iterator[Flowable]:
        group = self._largest_group(lines)
        yield from self._chapter(room_title(room), needed=110 + 22 * len(lines) + 22 * len(group))
        if len(group) > 1:
            unit = group[0].figure.unit
            bars = [(self.say(line.figure.label), line.figure.value, line.before) for line in group]
            chart = side_by_side(bars, self.look.font, lambda value: self._value(value, unit))
            yield KeepTogether([chart, Spacer(1, 3), self._text(self._legend(), small=True), Spacer(1, 6)])
        yield self._grid(self._figure_columns(), [self._figure(line) for line in lines])
        for line in lines:
            if line.figure.note:
                label = self.say(line.figure.label)
                text = f"{label}{'：' if self.language.chinese else ': '}{self.say(line.figure.note)}"
                yield Paragraph(rich(text, self.look.font), self.look.small)

    def _largest_group(self, lines: Sequence[Line]) -> list[Line]:
        """Return the figures of the unit that most of them have, as far as they say something."""
        told = sorted((line for line in lines if line.figure.value), key=lambda line: line.figure.unit)
        groups = [[*group] for _, group in groupby(told, key=lambda line: line.figure.unit)]
        most = max(groups, key=len, default=[])
        return sorted(most, key=lambda line: -(line.figure.value or 0))[:MOST_BARS]

    def _legend(self) -> Message:
        years = self.contents.years
        if len(years) < 2:
            return msg("The bar is {year}.", year=str(years[-1]))
        return msg("The bar is {year}, the mark across it {before}.", year=str(years[-1]), before=str(years[-2]))

    def _figure_columns(self) -> list[Column]:
        years = self.contents.years
        shown = [str(year) for year in years[-self._shown_years() :]]
        return [
            Column(msg("Figure"), 34, lines=3),
            *(Column(year, 60 / len(shown), "right", 2) for year in shown),
            Column(msg("Trend"), 15),
            Column(msg("Evidence"), 15, "right"),
        ]

    def _shown_years(self) -> int:
        """Return how many years stand beside each other: all that an evaluation tells of, as far as they fit."""
        return max(MOST_SHOWN, min(len(self.contents.told), MOST_SHOWN + 2))

    def _figure(self, line: Line) -> list[Cell]:
        figure, link = line.figure, self.contents.page_of(line.figure)
        told = any(value for _, value in line.trend)
        earlier = line.by_year[-self._shown_years() : -1]
        values: list[Cell] = [self._year_of(one) for _, one in earlier]
        value = self._short(figure)
        unit = f" ({figure.unit})" if figure.unit in CURRENCIES else ""
        return [
            Text(self.say(figure.label) + unit, colour=None if told else MUTED),
            *values,
            Text(value, link=link, bold=True) if figure.value else Text(value, link=link, colour=MUTED),
            trend([value for _, value in line.trend]) if told else "",
            self._records(figure, link),
        ]

    def _year_of(self, one: Figure | None) -> Cell:
        if one is None:
            return Text(NONE, colour=MUTED)
        return Text(self._short(one), link=self.contents.page_of(one), colour=INK if one.value else MUTED)

    def _short(self, figure: Figure) -> str:
        """Return a value, money without its small change where many years stand beside each other."""
        many = self._shown_years() > MOST_SHOWN
        return self.language.short(figure.value, figure.unit) if many else self._value(figure.value, figure.unit)

    def _records(self, figure: Figure, link: str) -> Cell:
        count = records_behind(figure)
        if not count:
            return Text(NONE, colour=MUTED)
        return Text(self.say(msg("1 record") if count == 1 else msg("{count} records", count=f"{count:,}")), link=link)

    # -- lists ------------------------------------------------------------------------------------------------------

    def _list(self, kind: str, records: Sequence[Record]) -> Iterator[Flowable]:
        yield from self._chapter(LISTS[kind], needed=100 + 20 * len(records))
        columns = [Column(msg("Title"), 50)]
        cells: list[Callable[[Record], Cell]] = [self._title if len(records) <= MOST_LINKED else self._name]
        if any(hasattr(record.facts, "sort") for record in records):
            columns.append(Column(msg("Sort"), 16))
            cells.append(lambda record: self._word(getattr(record.facts, "sort", "")))
        if kind != "member" and any(record.member_id for record in records):
            members = {one.id: self._name(one) for one in self.contents.lists.get("member", ())}
            columns.append(Column(msg("Member"), 24))
            cells.append(lambda record: members.get(record.member_id or record.id, ""))
        if any(hasattr(record.facts, "budget") for record in records):
            columns.append(Column(msg("Budget"), 16, "right", 1))
            unit = self.contents.organisation.currency
            cells.append(lambda record: self._value(getattr(record.facts, "budget", None), unit))
        columns += [Column(msg("Year"), 9), Column(msg("State"), 14), Column(msg("Entry"), 11, "right")]
        cells += [self._year, lambda record: self._word(record.state), _entry]
        yield self._grid(columns, [[cell(record) for cell in cells] for record in records])

    def _title(self, record: Record) -> Cell:
        return Text(self._name(record), link=f"{self.contents.link}/centre/{record.kind}/{record.id}")

    def _name(self, record: Record) -> str:
        return self.language.named(record.title, title_zh(record))

    def _year(self, record: Record) -> Cell:
        return str(record.year or getattr(getattr(record.facts, "since", None), "year", None) or NONE)

    def _word(self, word: str) -> str:
        return self.say(WORDS.get(word, word.replace("_", " ").replace("-", " ")))

    # -- appendix ---------------------------------------------------------------------------------------------------

    def _evidence(self) -> Iterator[Flowable]:
        yield from self._chapter(msg("Appendix: what each figure rests on"))
        columns = [
            Column(msg("Figure"), 30, lines=2),
            Column(msg("Records"), 9, "right"),
            Column(msg("Entries of the ledger"), 61, lines=MOST_RANGES),
        ]
        rows = [self._behind(figure) for figure in self.contents.figures if figure.evidence]
        yield self._grid(columns, rows)

    def _behind(self, figure: Figure) -> list[Cell]:
        count = records_behind(figure)
        told = ranges([one.entry_id for one in figure.evidence if one.entry_id])
        text = ", ".join(told[:MOST_RANGES]) + (", …" if len(told) > MOST_RANGES else "")
        text = text or self.say(msg("not named: blind review"))
        code = figure.code if len(self.contents.told) == 1 else f"{figure.code} {figure.year}"
        return [Text(code, link=self.contents.page_of(figure)), f"{count:,}", text]

    def _ledger(self) -> Iterator[Flowable]:
        proofs = self.contents.proofs
        yield from self._chapter(msg("Appendix: where the entries stand in the log"))
        yield self._text(
            msg(
                "Each entry is a leaf of an append-only Merkle log (RFC 6962). Its leaf, the path to the root and the "
                "signed checkpoint below prove that it is there and was not changed; the data beside this report has "
                "the paths."
            )
        )
        yield from self._checkpoint(proofs.note)
        entries = [(str(e), str(proofs.leaves[e].index) if e in proofs.leaves else NONE) for e in self.contents.entries]
        pairs = 4
        columns = [
            column
            for _ in range(pairs)
            for column in (Column(msg("Entry"), 11, "right", 1), Column(msg("Leaf"), 14, "right", 1))
        ]
        deep = -(-len(entries) // pairs)
        rows: list[list[Cell]] = [
            [
                cell
                for k in range(pairs)
                for cell in (entries[k * deep + n] if k * deep + n < len(entries) else ("", ""))
            ]
            for n in range(deep)
        ]
        yield self._grid(columns, rows, TIGHT)

    def _checkpoint(self, note: str) -> Iterator[Flowable]:
        style = self.look.small.clone("mono", fontName=MONO, fontSize=7.5, leading=10.5, wordWrap="CJK")
        if not note:
            yield self._text(msg("The log has no checkpoint yet."))
        for line in note.splitlines():
            yield Paragraph(rich(line, MONO) or "&nbsp;", style)
        yield Spacer(1, 10)


def _entry(record: Record) -> Cell:
    return Text(str(record.entry_id), colour=MUTED)


def ranges(numbers: Sequence[int]) -> list[str]:
    """Return numbers as ranges: `12`, `15–18`."""
    found: list[list[int]] = []
    for number in sorted({*numbers}):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return [str(first) if first == last else f"{first}–{last}" for first, last in found]


def _safe(address: str) -> str:
    return address.replace("&", "&amp;").replace('"', "%22")


_TILES = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LINEABOVE", (0, 0), (-1, -1), 0.8, LINE),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 7),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
]
