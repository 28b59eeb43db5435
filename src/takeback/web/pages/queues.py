"""GET /queues/{tab}, POST /queues/{tab}/accept: what waits, worst loss first, and its proposals to accept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa
from litestar import Response, get, post
from litestar.response import Redirect

from takeback import store
from takeback.core.currencies import shown_currency
from takeback.core.message import Message, msg
from takeback.core.money import Money
from takeback.operate import clock
from takeback.operate import items as items_of
from takeback.operate.identity import Actor
from takeback.operate.items import ItemSummary
from takeback.web.console.views import (
    Action,
    Address,
    Fact,
    Filter,
    FilterOption,
    Paging,
    QueueDetail,
    QueuePage,
    QueueRow,
    QueueTab,
    Unpriced,
)
from takeback.web.console.vocabulary import word
from takeback.web.frame import Frame, frame
from takeback.web.memo import memo
from takeback.web.pages.answers import Form, one, page, page_number, see_other, several
from takeback.web.pages.items import loss_of, state_of
from takeback.web.pages.reasons import spoken
from takeback.web.preferences import AnyRequest

if TYPE_CHECKING:
    from takeback.operate.decisions.propose import Proposal

SIZE = 25
MOST_UNPRICED = 5
TABS = {
    "ordered": msg("To collect"),
    "collected": msg("To receive"),
    "received": msg("To grade"),
    "graded": msg("To decide"),
    "decided": msg("To recover"),
}
VERTICALS = ("batteries", "returns")
_COUNTS = sa.text(
    """
    select stage, sum(items) as items from stage_total
    where (cast(:site as uuid) is null or site_id = :site) and (cast(:vertical as text) is null or vertical = :vertical)
    group by stage
    """
)
Row: TypeAlias = "tuple[Proposal, int]"


@get("/queues", sync_to_thread=False, include_in_schema=False)
def first() -> Redirect:
    return see_other("/queues/graded")


@get("/queues/{tab:str}", sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor, tab: str) -> Response[Any]:
    actor.require("spine.read")
    tab = tab if tab in TABS else "graded"
    asked = {name: value for name, value in request.query_params.items() if value}
    number = page_number(asked.get("page", ""))
    sort = asked.get("sort", "loss")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        vertical = asked.get("vertical", "") or around.scope.vertical
        filters = {"stage": tab, "site": around.scope.site, "vertical": vertical}
        found = items_of.find(
            connection, filters, sort=sort if sort in items_of.SORTS else "loss", page=number, size=SIZE
        )
        proposals: dict[str, Row] = {}
        missing: tuple[Unpriced, ...] = ()
        if tab == "graded" and found.items:
            key = ("proposals", around.now.date())
            proposals = memo(connection, actor.org_id, key, lambda: _proposals(connection, around))
            missing = memo(connection, actor.org_id, ("unpriced", around.now.date()), lambda: _unpriced(connection))
        counts = {row.stage: int(row.items) for row in connection.execute(_COUNTS, around.scope.where)}
    selected = next((item for item in found.items if item.key == asked.get("selected")), None)
    selected = selected or next(iter(found.items), None)
    may_act = tab == "graded" and actor.may("spine.decide")
    view = QueuePage(
        tabs=tuple(QueueTab(code=code, label=label, count=counts.get(code, 0)) for code, label in TABS.items()),
        tab=tab,
        address=Address(
            path=f"/queues/{tab}", params={n: asked[n] for n in ("vertical", "sort", "selected", "page") if n in asked}
        ),
        rows=tuple(_row(around, item, proposals.get(item.epc)) for item in found.items),
        paging=Paging(number=number, size=SIZE, total=found.total),
        filters=(_vertical_filter(vertical),),
        sort=sort,
        detail=_detail(around, selected, proposals.get(selected.epc), may_act) if selected else None,
        may_act=may_act,
        unpriced=missing,
    )
    return page(view, around.shell)


def _vertical_filter(chosen: str) -> Filter:
    options = tuple(FilterOption(value=v, label=word("vertical", v)) for v in VERTICALS)
    return Filter(name="vertical", label=msg("What"), options=options, chosen=chosen or None)


def _proposals(connection: sa.Connection, around: Frame) -> dict[str, Row]:
    from takeback.operate.decisions.propose import propose  # noqa: PLC0415 - the engine takes a second to load

    rows: dict[str, Row] = {}
    for vertical in VERTICALS:
        if (proposal := propose(connection, vertical, now=around.now)) is not None:
            rows |= {item.epc: (proposal, row) for row, item in enumerate(proposal.items)}
    return rows


def _unpriced(connection: sa.Connection) -> tuple[Unpriced, ...]:
    from takeback.operate.decisions.unpriced import unpriced  # noqa: PLC0415

    found = [missing for vertical in VERTICALS for missing in unpriced(connection, vertical)]
    return tuple(
        Unpriced(
            category=missing.category,
            conditions=", ".join(missing.conditions),
            items=missing.items,
            href=f"/items/{missing.key}",
        )
        for missing in found[:MOST_UNPRICED]
    )


def _best(row: Row | None) -> tuple[str | None, Money | None, Money | None]:
    """Return the proposed disposition, its expected value and its lead."""
    if row is None:
        return None, None, None
    proposal, place = row
    solution, currency = proposal.solution, proposal.problem.currency
    chosen = int(solution.choice[place])
    held = chosen == proposal.problem.hold_column
    lead = float(solution.margin[place])
    return (
        "hold" if held else proposal.problem.options[chosen].name,
        Money(round(float(solution.value[place, chosen])), currency),
        Money(round(lead), currency) if lead < float("inf") else None,
    )


def _row(around: Frame, item: ItemSummary, proposed: Row | None) -> QueueRow:
    best, value, lead = _best(proposed)
    return QueueRow(
        key=item.key,
        reference=item.code,
        name=around.name(item.product, item.product_zh),
        loss_per_hour=loss_of(item),
        age=around.now - item.stage_since,
        state=state_of(item),
        sure=f"{100 * item.soh_low:.0f}-{100 * item.soh_high:.0f}" if item.soh_low and item.soh_high else None,
        best=word("disposition", best) if best else None,
        best_code=best,
        value=value or Money(item.value_minor, shown_currency(item.currency)),
        lead=lead,
    )


def _detail(around: Frame, item: ItemSummary, proposed: Row | None, may_act: bool) -> QueueDetail:
    from takeback.operate.decisions.accept import reasons  # noqa: PLC0415

    best, value, lead = _best(proposed)
    facts: list[Fact] = [
        Fact(label=msg("Order"), value=item.order_number),
        Fact(label=msg("Where"), value=around.name(item.site, item.site_zh)),
        Fact(label=msg("State"), value=state_of(item)),
        Fact(label=msg("Mass"), value=f"{item.mass_g / 1000:.2f} kg"),
        Fact(label=msg("Best next life"), value=word("disposition", best) if best else None),
        Fact(label=msg("Expected value"), value=value),
        Fact(label=msg("Ahead by"), value=lead),
    ]
    notes: list[Message] = reasons(*proposed) if proposed else []
    facts += [
        Fact(label=msg("Why") if first else msg("Also"), value=spoken(note))
        for first, note in zip((True, False), notes, strict=False)
    ]
    actions: tuple[Action, ...] = (Action(label=msg("Open"), href=f"/items/{item.key}", key="O", method="get"),)
    if may_act and best and best != "hold":
        actions = (
            Action(label=msg("Accept"), href=f"/queues/graded/accept?key={item.key}", primary=True, key="Enter"),
            *actions,
        )
    return QueueDetail(
        key=item.key,
        reference=item.code,
        name=around.name(item.product, item.product_zh),
        facts=tuple(facts),
        actions=actions,
    )


@post("/queues/{tab:str}/accept", sync_to_thread=True, include_in_schema=False)
def accept_proposals(request: AnyRequest, actor: Actor, tab: str, data: Form) -> Redirect:
    actor.require("spine.decide")
    from takeback.operate.decisions.accept import accept  # noqa: PLC0415
    from takeback.operate.decisions.propose import propose  # noqa: PLC0415

    keys = {*several(data, "key"), *request.query_params.getall("key", [])}
    with store.transaction(actor.org_id) as connection:
        now = clock.now(connection, actor.org_id)
        for vertical in VERTICALS:
            proposal = propose(connection, vertical, now=now)
            if proposal is None:
                continue
            chosen = {item.epc for item in proposal.items if f"{item.key:016x}" in keys}
            if chosen:
                accept(connection, actor, proposal, only=chosen)
    return see_other(one(data, "next") or f"/queues/{tab}")


HANDLERS = [first, show, accept_proposals]
