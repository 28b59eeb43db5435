"""GET /centre/money: all funds and where each yuan is; /centre/money/{fund}: one fund with the trace of its money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get

from takeback.core.message import Message, msg
from takeback.operate.identity import Actor
from takeback.share.centre import money
from takeback.share.centre.money.statement import FundStatement, Part
from takeback.share.centre.money.trace import Traced
from takeback.web.console.centre_words import choice_word
from takeback.web.console.views import Action, Block, CentreSheetPage, FactTable, Purse, Shown, Slice, Tab, Text, Tone
from takeback.web.pages.answers import page
from takeback.web.pages.centre.listing import tabs_of
from takeback.web.pages.centre.showing import Known
from takeback.web.pages.centre.visit import Visit, visit
from takeback.web.preferences import AnyRequest

MOST = 200  # lines of a trace that are shown
_PARTS: tuple[tuple[str, Message, Tone], ...] = (
    ("spent", msg("Spent"), "good"),
    ("in_kind", msg("In kind"), "recycling"),
    ("committed", msg("Committed"), "advice"),
    ("given", msg("Given back or passed on"), "warn"),
    ("available", msg("Available"), "plain"),
)
_COLUMNS = (
    (msg("Received"), "received"), (msg("Available"), "available"), (msg("Committed"), "committed"),
    (msg("Spent"), "spent"), (msg("In kind"), "in_kind"), (msg("Given back"), "returned"), (msg("Passed on"), "passed"),
)  # fmt: skip


@get("/centre/money", sync_to_thread=True, include_in_schema=False)
def index(request: AnyRequest, actor: Actor) -> Response[Any]:
    with visit(request, actor) as here:
        found = money.fund_statements(here.connection, here.me)
        new = Action(label=msg("Open a fund"), href="/centre/fund/new", method="get", primary=True, key="N")
        columns, purse = _columns(found), purse_of(here, found)
        heads = (msg("Fund"), msg("Channel"), *(label for label, _ in columns))
        table = FactTable(heads=heads, rows=tuple(_fund(here, one, columns) for one in found))
        view = CentreSheetPage(
            title=msg("Money"),
            tabs=tabs_of(here, "/centre/money", "fund"),
            actions=(new,) if here.me.may("money.edit") else (),
            blocks=(
                Block(
                    title=msg("All funds"),
                    note=_received(here, purse),
                    purse=purse,
                    nothing=msg("No fund has received anything yet."),
                ),
                Block(
                    title=msg("Fund by fund"),
                    note=msg("what was received is spent, committed, passed on, or still there"),
                    table=table if found else None,
                    nothing=msg("No fund yet."),
                ),
            ),
        )
        return page(view, here.around.shell)


def purse_of(visit: Visit, found: Sequence[FundStatement]) -> Purse | None:
    """Return where the money of funds is; None where nothing was received."""
    received = sum(one.received for one in found)
    if received <= 0:
        return None
    parts = {name: sum(getattr(one, name) for one in found) for name in ("spent", "in_kind", "committed", "available")}
    parts["given"] = sum(one.returned + one.passed for one in found)
    slices = tuple(
        Slice(label=label, money=visit.around.money(parts[name]), share=parts[name] / received, tone=tone)
        for name, label, tone in _PARTS
        if parts[name] or name == "spent"
    )
    return Purse(received=visit.around.money(received), slices=slices, href="/centre/money")


def _columns(found: Sequence[FundStatement]) -> tuple[tuple[Message, str], ...]:
    """Return the columns in which any fund has an amount, and those that always count."""
    return tuple(
        (label, name)
        for label, name in _COLUMNS
        if name in {"received", "available", "committed", "spent"} or any(getattr(one, name) for one in found)
    )


def _received(visit: Visit, purse: Purse | None) -> Message | str:
    return msg("{money} received", money=purse.received) if purse else ""


def _fund(visit: Visit, one: FundStatement, columns: tuple[tuple[Message, str], ...]) -> tuple[tuple[Shown, ...], ...]:
    name = visit.around.name(one.title, one.title_zh or one.title)
    return (
        (Shown(text=name, href=f"/centre/money/{one.fund_id}"),),
        (Shown(text=choice_word(one.channel)),),
        *((Shown(money=visit.around.money(getattr(one, column))),) for _, column in columns),
    )


@get("/centre/money/{fund_id:uuid}", sync_to_thread=True, include_in_schema=False)
def fund(request: AnyRequest, actor: Actor, fund_id: UUID) -> Response[Any]:
    with visit(request, actor) as here:
        one = money.fund_statement(here.connection, here.me, fund_id)
        trace = money.trace_of(here.connection, here.me, fund_id)
        purse = purse_of(here, [one])
        record = Action(label=msg("Rules and history"), href=f"/centre/fund/{fund_id}", method="get")
        complete = (
            msg("every yuan is somewhere") if trace.complete else msg("the parts do not sum to what was received")
        )
        view = CentreSheetPage(
            title=here.around.name(one.title, one.title_zh or one.title),
            above=(Tab(label=msg("Money"), href="/centre/money"),),
            actions=(record,),
            blocks=(
                Block(
                    title=msg("Statement"),
                    note=_received(here, purse),
                    purse=purse,
                    nothing=msg("The fund has received nothing yet."),
                ),
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
    """Return what each project has of a fund, and what it was spent on."""
    if not parts:
        return None
    known = Known.of_ids(visit, [one.project_id for one in parts])
    kinds = sorted({kind for one in parts for kind in one.by_cost_kind})

    def amount(minor: int) -> tuple[Shown, ...]:
        return (Shown(money=visit.around.money(minor)),) if minor else ()

    def line(one: Part) -> tuple[tuple[Shown, ...], ...]:
        title = known.shown(one.project_id) or Shown(text=one.project)
        spent = (amount(one.by_cost_kind.get(kind, 0)) for kind in kinds)
        return ((title,), amount(one.budget), *spent, amount(one.left))

    heads: tuple[Text, ...] = (
        msg("Project"),
        msg("Committed"),
        *(choice_word(kind) for kind in kinds),
        msg("Not spent"),
    )
    return FactTable(heads=heads, rows=tuple(line(one) for one in parts))


def _trace(visit: Visit, parts: list[Traced]) -> FactTable:
    named = (one for part in parts for one in (part.project_id, part.result_id) if one)
    known = Known.of_ids(visit, [*named])

    def shown(one: UUID | None, title: str) -> tuple[Shown, ...]:
        return (known.shown(one) or Shown(text=title),) if one else ()

    def line(one: Traced) -> tuple[tuple[Shown, ...], ...]:
        href = f"/centre/spending/{one.record_id}" if one.record_id else None
        return (
            (Shown(text=choice_word(one.became), href=href),),
            (Shown(text=choice_word(one.cost_kind)),) if one.cost_kind else (),
            (Shown(money=visit.around.money(one.amount)),),
            shown(one.project_id, one.project),
            shown(one.result_id, one.result),
        )

    heads = (msg("Became"), msg("Kind of cost"), msg("Amount"), msg("Project"), msg("Result"))
    return FactTable(heads=heads, rows=tuple(line(one) for one in parts))


HANDLERS = [index, fund]
