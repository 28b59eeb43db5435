"""GET /queues/{tab}, POST /queues/{tab}/accept: what waits, worst loss first, and its proposals to accept."""

from __future__ import annotations

from math import isfinite
from typing import Any

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
from takeback.plan.disposition.reasons import HOLD
from takeback.web.console.views import (
    Action,
    Address,
    Fact,
    Filter,
    FilterOption,
    Instead,
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
from takeback.web.pages.items import grade_word, loss_of, state_of
from takeback.web.pages.proposals import Row, proposals
from takeback.web.pages.reasons import spoken
from takeback.web.preferences import AnyRequest

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
        proposed: dict[str, Row] = {}
        for kind in {item.vertical for item in found.items} if tab == "graded" else ():
            proposed |= proposals(connection, actor.org_id, around, kind)
        missing: tuple[Unpriced, ...] = ()
        if tab == "graded" and found.items:
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
        rows=tuple(_row(around, item, proposed.get(item.epc)) for item in found.items),
        paging=Paging(number=number, size=SIZE, total=found.total),
        filters=(_vertical_filter(vertical),),
        sort=sort,
        detail=_detail(around, selected, proposed.get(selected.epc), may_act) if selected else None,
        may_act=may_act,
        best_label=msg("Decided") if tab == "decided" else msg("Best next life"),
        value_label=msg("Expected value") if tab in {"graded", "decided"} else msg("Value"),
        instead=_instead(tab, counts, actor),
        unpriced=missing,
    )
    return page(view, around.shell)


def _instead(tab: str, counts: dict[str, int], actor: Actor) -> Instead:
    """Return what to do while a queue is empty: the fullest other one, else what fills the first."""
    fullest = max((code for code in TABS if code != tab), key=lambda code: counts.get(code, 0))
    if n := counts.get(fullest):
        label = msg("{queue}: {n}", queue=TABS[fullest], n=n)
        return Instead(detail=msg("Other things wait elsewhere:"), href=f"/queues/{fullest}", label=label)
    if actor.may("import.run"):
        detail = msg("Nothing waits anywhere. Orders come in by a file or by the API.")
        return Instead(detail=detail, href="/import", label=msg("Import a file"))
    return Instead(detail=msg("Nothing waits anywhere."), href="/", label=msg("The loop"))


def _vertical_filter(chosen: str) -> Filter:
    options = tuple(FilterOption(value=v, label=word("vertical", v)) for v in VERTICALS)
    return Filter(name="vertical", label=msg("Batteries or returns"), options=options, chosen=chosen or None)


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


def _best(item: ItemSummary, row: Row | None) -> tuple[str | None, Money | None, Money | None]:
    """Return the disposition, decided or proposed, its expected value and how far a proposal is ahead."""
    if item.stage == "decided":
        return item.disposition, Money(item.value_minor, shown_currency(item.currency)), None
    if row is None:
        return None, None, None
    proposal, place = row
    solution, currency = proposal.solution, proposal.problem.currency
    chosen = int(solution.choice[place])
    value, lead = Money(round(float(solution.value[place, chosen])), currency), float(solution.margin[place])
    if chosen == proposal.problem.hold_column:
        return HOLD, value, None
    return proposal.problem.options[chosen].name, value, Money(round(lead), currency) if isfinite(lead) else None


def _row(around: Frame, item: ItemSummary, proposed: Row | None) -> QueueRow:
    best, value, lead = _best(item, proposed)
    return QueueRow(
        key=item.key,
        reference=item.code,
        name=around.name(item.product, item.product_zh),
        loss_per_hour=loss_of(item),
        age=around.now - item.stage_since,
        state=state_of(item),
        grade=grade_word(item),
        sure=f"{100 * item.soh_low:.0f}–{100 * item.soh_high:.0f}" if item.soh_low and item.soh_high else None,
        best=word("disposition", best) if best else None,
        best_code=best,
        value=value or Money(item.value_minor, shown_currency(item.currency)),
        lead=lead,
    )


def _detail(around: Frame, item: ItemSummary, proposed: Row | None, may_act: bool) -> QueueDetail:
    best, _, _ = _best(item, proposed)
    actions: tuple[Action, ...] = (Action(label=msg("Open"), href=f"/items/{item.key}", key="O", method="get"),)
    if may_act and best and best != HOLD:
        accept = f"/queues/graded/accept?key={item.key}"
        actions = (Action(label=msg("Accept"), href=accept, primary=True, key="Enter"), *actions)
    return QueueDetail(
        key=item.key,
        reference=item.code,
        name=around.name(item.product, item.product_zh),
        facts=(*_known(around, item), *_proposed(item, proposed)),
        actions=actions,
    )


def _known(around: Frame, item: ItemSummary) -> tuple[Fact, ...]:
    return (
        Fact(label=msg("Order"), value=item.order_number),
        Fact(label=msg("Where"), value=around.name(item.site, item.site_zh)),
        Fact(label=msg("State"), value=state_of(item)),
        Fact(label=msg("Mass"), value=f"{item.mass_g / 1000:.2f} kg"),
    )


def _proposed(item: ItemSummary, proposed: Row | None) -> tuple[Fact, ...]:
    """Return what was decided or is proposed, as lines, and why; nothing before the item is graded."""
    from takeback.operate.decisions.accept import reasons  # noqa: PLC0415

    best, value, lead = _best(item, proposed)
    if best is None:
        return ()
    notes: list[Message] = reasons(*proposed) if proposed else []
    label = msg("Decided") if item.stage == "decided" else msg("Best next life")
    return (
        Fact(label=label, value=word("disposition", best)),
        Fact(label=msg("Expected value"), value=value),
        *((Fact(label=msg("Ahead by"), value=lead),) if lead is not None else ()),
        *(Fact(label=label, value=spoken(note)) for label, note in zip((msg("Why"), msg("Also")), notes, strict=False)),
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
