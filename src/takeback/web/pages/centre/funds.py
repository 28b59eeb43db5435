"""GET /centre/money: all funds and where each yuan is; /centre/money/{fund}: one fund with the trace of its money."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get

from takeback.core.message import msg
from takeback.operate.identity import Actor
from takeback.share.centre import money
from takeback.share.centre.money.statement import FundStatement, Part
from takeback.share.centre.money.trace import Traced
from takeback.web.console.centre_words import choice_word
from takeback.web.console.views import Action, Block, CentreSheetPage, FactTable, FigureCard, Shown, Tab
from takeback.web.pages.answers import page
from takeback.web.pages.centre.listing import tabs_of
from takeback.web.pages.centre.visit import Visit, visit
from takeback.web.preferences import AnyRequest

MOST = 200  # lines of a trace that are shown
_COLUMNS = (
    (msg("Received"), "received"), (msg("Available"), "available"), (msg("Committed"), "committed"),
    (msg("Spent"), "spent"), (msg("In kind"), "in_kind"), (msg("Given back"), "returned"), (msg("Passed on"), "passed"),
)  # fmt: skip


@get("/centre/money", sync_to_thread=True, include_in_schema=False)
def index(request: AnyRequest, actor: Actor) -> Response[Any]:
    with visit(request, actor) as here:
        found = money.fund_statements(here.connection, here.me)
        new = Action(label=msg("Open a fund"), href="/centre/fund/new", method="get", primary=True, key="N")
        heads = (msg("Fund"), msg("Channel"), *(label for label, _ in _COLUMNS))
        table = FactTable(heads=heads, rows=tuple(_fund(here, one) for one in found))
        view = CentreSheetPage(
            title=msg("Money"),
            tabs=tabs_of(here, "/centre/money", "fund"),
            actions=(new,) if here.me.may("money.edit") else (),
            blocks=(
                Block(title=msg("All funds"), figures=_sums(here, found)),
                Block(
                    title=msg("Fund by fund"),
                    note=msg("received = available + committed + spent + in kind + given back + passed on"),
                    table=table if found else None,
                    nothing=msg("No fund yet."),
                ),
            ),
        )
        return page(view, here.around.shell)


def _sums(visit: Visit, found: list[FundStatement]) -> tuple[FigureCard, ...]:
    return tuple(
        FigureCard(
            label=label,
            value=Shown(money=visit.around.money(sum(getattr(one, name) for one in found))),
            href="/centre/money",
        )
        for label, name in _COLUMNS
    )


def _fund(visit: Visit, one: FundStatement) -> tuple[tuple[Shown, ...], ...]:
    name = visit.around.name(one.title, one.title_zh or one.title)
    return (
        (Shown(text=name, href=f"/centre/money/{one.fund_id}"),),
        (Shown(text=choice_word(one.channel)),),
        *((Shown(money=visit.around.money(getattr(one, column))),) for _, column in _COLUMNS),
    )


@get("/centre/money/{fund_id:uuid}", sync_to_thread=True, include_in_schema=False)
def fund(request: AnyRequest, actor: Actor, fund_id: UUID) -> Response[Any]:
    with visit(request, actor) as here:
        one = money.fund_statement(here.connection, here.me, fund_id)
        trace = money.trace_of(here.connection, here.me, fund_id)
        record = Action(label=msg("Rules and history"), href=f"/centre/fund/{fund_id}", method="get")
        complete = (
            msg("every yuan is somewhere") if trace.complete else msg("the parts do not sum to what was received")
        )
        view = CentreSheetPage(
            title=here.around.name(one.title, one.title_zh or one.title),
            above=(Tab(label=msg("Money"), href="/centre/money"),),
            actions=(record,),
            blocks=(
                Block(title=msg("Statement"), figures=_sums(here, [one])),
                Block(title=msg("By project"), table=_parts(here, one.projects), nothing=msg("Nothing is committed.")),
                Block(
                    title=msg("Where each yuan is"),
                    note=complete,
                    table=_trace(here, trace.parts[:MOST]) if trace.parts else None,
                    nothing=msg("The fund has received nothing yet."),
                ),
            ),
        )
        return page(view, here.around.shell)


def _parts(visit: Visit, parts: list[Part]) -> FactTable | None:
    def line(one: Part) -> tuple[tuple[Shown, ...], ...]:
        amounts = (one.budget, one.spent, one.in_kind, one.left)
        title = Shown(text=one.project, href=f"/centre/project/{one.project_id}")
        return ((title,), *((Shown(money=visit.around.money(amount)),) for amount in amounts))

    heads = (msg("Project"), msg("Committed"), msg("Spent"), msg("In kind"), msg("Not spent"))
    return FactTable(heads=heads, rows=tuple(line(one) for one in parts)) if parts else None


def _trace(visit: Visit, parts: list[Traced]) -> FactTable:
    def line(one: Traced) -> tuple[tuple[Shown, ...], ...]:
        became = Shown(
            text=choice_word(one.became), href=f"/centre/spending/{one.record_id}" if one.record_id else None
        )
        return (
            (Shown(money=visit.around.money(one.amount)),),
            (became,),
            (Shown(text=choice_word(one.cost_kind)),) if one.cost_kind else (),
            (Shown(text=one.project, href=f"/centre/project/{one.project_id}"),) if one.project_id else (),
            (Shown(text=one.result),) if one.result_id else (),
        )

    heads = (msg("Amount"), msg("Became"), msg("Kind of cost"), msg("Project"), msg("Result"))
    return FactTable(heads=heads, rows=tuple(line(one) for one in parts))


HANDLERS = [index, fund]
