"""GET /centre/figures and /centre/figures/{code}?year=: a figure, its formula, each record behind it with its proof."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from takeback.core.currencies import CURRENCIES
from takeback.core.message import msg
from takeback.core.money import Money
from takeback.operate.identity import Actor
from takeback.share.centre.figures import Figure, figures_in, rooms
from takeback.share.centre.kinds import kind_named
from takeback.share.centre.records import find
from takeback.share.centre.reporting import figure_evidence
from takeback.share.centre.reporting.evidence import EvidenceLine
from takeback.web.console.centre_words import kind_word, room_word, state_word, unit_named
from takeback.web.console.views import (
    Action,
    Block,
    CentreSheetPage,
    FactRow,
    FactTable,
    FigureCard,
    Shown,
    Tab,
)
from takeback.web.memo import memo
from takeback.web.pages.answers import page
from takeback.web.pages.centre.rows import title_of
from takeback.web.pages.centre.showing import Known
from takeback.web.pages.centre.visit import BLIND, Visit, visit
from takeback.web.preferences import AnyRequest

SHOWN = 4  # years of a figure beside each other


def year_asked(visit: Visit, text: str) -> int:
    """Return the year that was asked for, this year where none was."""
    return int(text) if text.isdecimal() and len(text) == 4 else visit.today.year


def figure_value(figure: Figure) -> Shown:
    """Return a figure's value with its unit; money as money."""
    if figure.value is None:
        return Shown()
    if figure.unit in CURRENCIES:
        return Shown(money=Money(round(figure.value), figure.unit))
    whole = abs(figure.value - round(figure.value)) < 1e-9
    return Shown(number=float(figure.value), digits=0 if whole else 1, unit=unit_named(figure.unit))


def figure_card(figure: Figure) -> FigureCard:
    """Return a figure as a card that leads to its evidence."""
    href = f"/centre/figures/{figure.code}?year={figure.year}"
    return FigureCard(label=figure.label, value=figure_value(figure), href=href, note=figure.note or "")


def figures_of_room(visit: Visit, room: str, year: int) -> list[Figure]:
    """Return the figures of a part of the centre that the visitor may see, kept until the ledger grows."""
    found: list[Figure] = memo(
        visit.connection,
        visit.me.org_id,
        ("centre figures", room, year),
        lambda: figures_in(visit.connection, room, year),
    )
    money = visit.me.may("money.read")
    return [figure for figure in found if money or figure.unit not in CURRENCIES]


@get("/centre/figures", sync_to_thread=True, include_in_schema=False)
def index(request: AnyRequest, actor: Actor, year: str = "") -> Response[Any]:
    with visit(request, actor) as here:
        asked = year_asked(here, year)
        blocks = tuple(
            Block(title=room_word(room), figures=tuple(map(figure_card, figures_of_room(here, room, asked))))
            for room in rooms()
        )
        view = CentreSheetPage(
            title=msg("Figures of {year}", year=str(asked)),
            note=msg("Each leads to the records that it rests on, and to their proofs."),
            above=(Tab(label=msg("Overview"), href="/centre"),),
            actions=year_actions("/centre/figures", asked),
            blocks=tuple(block for block in blocks if not block.empty),
        )
        return page(view, here.around.shell)


def year_actions(path: str, year: int) -> tuple[Action, ...]:
    """Return the ways to the year before and the year after."""
    return tuple(
        Action(label=str(one), href=f"{path}?year={one}", method="get")
        for one in (year - 1, year + 1)
        if 1950 < one < 2200
    )


@get("/centre/figures/{code:str}", sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor, code: str, year: str = "") -> Response[Any]:
    with visit(request, actor) as here:
        asked = year_asked(here, year)
        found = figure_evidence(here.connection, here.me, code, asked)
        figure = found.figure
        view = CentreSheetPage(
            title=figure.label,
            note=figure.note or "",
            above=(Tab(label=msg("Figures of {year}", year=str(asked)), href=f"/centre/figures?year={asked}"),),
            actions=year_actions(f"/centre/figures/{code}", asked),
            blocks=(
                Block(title=msg("Year by year"), figures=_years(here, code, asked)),
                Block(title=msg("How it is made"), facts=_facts(here, figure, found.checkpoint)),
                Block(
                    title=msg("What it rests on"),
                    note=msg("1 record") if len(found.lines) == 1 else msg("{n} records", n=len(found.lines)),
                    table=_table(here, found.lines) if found.lines else None,
                    nothing=msg("It rests on no record: it is nothing, or hidden."),
                ),
            ),
        )
        return page(view, here.around.shell)


def _years(visit: Visit, code: str, asked: int) -> tuple[FigureCard, ...]:
    """Return the figure of the years around the one asked for, up to this one."""
    last = max(asked, min(asked + 2, visit.today.year))
    told = (
        one
        for year in range(last - SHOWN + 1, last + 1)
        for one in figures_of_room(visit, code.partition(".")[0], year)
    )
    return tuple(
        FigureCard(label=str(one.year), value=figure_value(one), href=f"/centre/figures/{code}?year={one.year}")
        for one in told
        if one.code == code
    )


def _facts(visit: Visit, figure: Figure, checkpoint: int) -> tuple[FactRow, ...]:
    rows = [
        FactRow(label=msg("Value of {year}", year=str(figure.year)), values=(figure_value(figure),)),
        FactRow(label=msg("Code"), values=(Shown(text=figure.code),)),
        FactRow(label=msg("Signed log at"), values=(Shown(number=checkpoint),)),
    ]
    for indicator in find(visit.connection, "indicator", text=figure.code):
        if figure.code in indicator.facts.formula:
            href = f"/centre/indicator/{indicator.id}"
            rows.append(FactRow(label=msg("Used by"), values=(Shown(text=title_of(visit, indicator), href=href),)))
            rows.append(FactRow(label=msg("Formula"), values=(Shown(text=indicator.facts.formula),)))
    return tuple(rows)


def _table(visit: Visit, lines: tuple[EvidenceLine, ...]) -> FactTable:
    known = Known.of_ids(visit, [line.evidence.record_id for line in lines if line.open])
    heads = (msg("Record"), msg("Kind"), msg("State"), msg("Entry"), msg("Leaf"), msg("Proof"))
    return FactTable(heads=heads, rows=tuple(_line(known, line) for line in lines))


def _line(known: Known, line: EvidenceLine) -> tuple[tuple[Shown, ...], ...]:
    if not line.open or not line.kind:
        return ((Shown(text=line.evidence.title if line.open else msg("not open to you")),), *((Shown(),),) * 5)
    named = known.shown(line.evidence.record_id)
    href = None if _blind(line.kind) else f"/centre/{line.kind}/{line.evidence.record_id}"
    proven = (
        Shown(text=msg("proof"), href=f"{href}/proof/{line.evidence.entry_id}")
        if href and line.leaf is not None
        else Shown()
    )
    return (
        (Shown(text=named.text if named else line.evidence.title, href=href),),
        (Shown(text=kind_word(line.kind)),),
        (Shown(text=state_word(line.state, line.kind)),),
        (Shown(text=str(line.evidence.entry_id)),),
        (Shown(text=str(line.leaf)) if line.leaf is not None else Shown(text=msg("waits")),),
        (proven,),
    )


def _blind(kind: str) -> bool:
    return kind_named(kind).read == BLIND


HANDLERS = [index, show]
