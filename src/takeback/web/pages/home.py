"""GET / : the loop."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from litestar import Response, get
from litestar.response import Redirect

from takeback import store
from takeback.core.currencies import CURRENCIES
from takeback.core.message import Message, msg
from takeback.operate import accounts, jobs
from takeback.operate.forecasts import StoredForecast, latest_forecasts
from takeback.operate.identity import Actor, organisation
from takeback.operate.items import ItemSummary, find
from takeback.operate.loop import Loop, StageFigure, loop
from takeback.operate.outcomes import Outcomes, outcomes
from takeback.web.console.formats import shortened
from takeback.web.console.views import (
    FanPoint,
    Forecast,
    HistoryPoint,
    HomeFigures,
    HomePage,
    Need,
    Outlet,
    Realised,
    RealisedBin,
    Rival,
    Start,
)
from takeback.web.console.views import Loop as LoopView
from takeback.web.console.views import StageFigure as StageView
from takeback.web.console.vocabulary import word
from takeback.web.frame import Frame, frame
from takeback.web.memo import memo
from takeback.web.pages.answers import page, see_other
from takeback.web.pages.progress import progress_of
from takeback.web.preferences import AnyRequest
from takeback.web.shell import works_in_centre

DEMO = "demo.world"
NEEDS = 7
_KILOMETRES = sa.text(
    """
    select sum(distance_m) as ours, sum(baseline_m) as habit, sum(same_stops_m) as same_stops
    from plan where kind = 'collection' and day > :since
    """
)


@get("/", sync_to_thread=True, include_in_schema=False)
def home(request: AnyRequest, actor: Actor) -> Response[Any] | Redirect:
    if works_in_centre(request):
        return see_other("/centre")
    actor.require("spine.read")
    with store.transaction(actor.org_id) as connection:
        around = frame(connection, request, actor)
        minute = around.now.replace(second=0, microsecond=0)
        figures, realised, needs = memo(
            connection,
            actor.org_id,
            ("home", minute, around.scope, around.shell.locale),
            lambda: (
                loop(connection, around.now, around.scope, around.currency),
                outcomes(connection),
                _needs(connection, around),
            ),
        )
        demo = jobs.running(connection, DEMO)
        view = HomePage(
            figures=_figures(connection, around, figures),
            loop=_loop(around, figures, realised),
            needs=needs,
            needs_total=sum(s.items for s in figures.stages if s.stage != "recovered"),
            start=_start(connection, actor),
            forecast=_forecast(connection, around),
            realised=_realised(around, realised),
            rivals=_rivals(connection, around, figures),
            job=progress_of(demo, actor) if demo else None,
        )
    return page(view, around.shell)


def _figures(connection: sa.Connection, around: Frame, figures: Loop) -> HomeFigures:
    balances = accounts.balances(connection)
    moved = sum(b.inbound_g for b in balances)
    gap = sum(abs(b.gap_g) + abs((b.counted_g or 0) - b.stock_g) for b in balances)
    return HomeFigures(
        value_in_loop=around.money(figures.value_minor),
        loss_per_hour=around.money(figures.loss_minor_per_hour),
        against_rule=figures.against_rule,
        against_rule_error=figures.against_rule_error,
        mass_closed=1 - gap / moved if moved else None,
        mass_gap_kg=gap / 1000 if moved else None,
        with_evidence=figures.with_evidence,
        decisions=figures.decisions,
    )


def _loop(around: Frame, figures: Loop, realised: Outcomes) -> LoopView:
    return LoopView(
        stages=tuple(_stage(around, stage, around.scope.days) for stage in figures.stages),
        outlets=tuple(
            Outlet(disposition=o.disposition, items=o.items, value=around.money(o.realised_minor))
            for o in figures.outlets
        ),
        learnt=realised.decisions,
    )


def _stage(around: Frame, stage: StageFigure, days: int) -> StageView:
    return StageView(
        stage=stage.stage,
        items=stage.items if stage.stage != "recovered" else stage.passed,
        value=around.money(stage.value_minor),
        median_age=None if stage.median_age_s is None else timedelta(seconds=max(0.0, stage.median_age_s)),
        loss_per_hour=around.money(stage.loss_minor_per_day / 24 if stage.stage != "recovered" else 0),
        ages=stage.ages,
        per_day=stage.passed / days,
    )


def _start(connection: sa.Connection, actor: Actor) -> Start:
    """Return what an organisation without things can do here, by its kind and the person's permissions."""
    if organisation(connection, actor.org_id).kind != "enterprise":
        detail = msg(
            "This organisation moves no things of its own. It can verify the whole ledger, "
            "and check every proof that others hand to it."
        )
        return Start(detail=detail, href="/ledger", label=msg("To the ledger"))
    if actor.may("import.run"):
        detail = msg("Import return orders or battery collections, or send them by the API.")
        return Start(detail=detail, href="/import", label=msg("Import a file"))
    return Start(detail=msg("Things appear here as soon as somebody imports orders. Your role may read them."))


def _needs(connection: sa.Connection, around: Frame) -> tuple[Need, ...]:
    """Return what waits for a person, of each stage the most pressing, what loses most first."""
    filters = {"stage": "graded", "site": around.scope.site, "vertical": around.scope.vertical}
    worst = find(connection, filters, sort="loss", size=4).items
    oldest = find(connection, {**filters, "stage": "received"}, sort="age", size=2).items
    room = NEEDS - len(worst) - len(oldest)
    stuck = find(connection, {**filters, "stage": "decided"}, sort="loss", size=room).items
    waiting = sorted((*worst, *oldest, *stuck), key=lambda item: -item.value_minor * item.decay_per_day)
    return tuple(_need(around, item) for item in waiting)


def _need(around: Frame, item: ItemSummary) -> Need:
    loses = around.money(item.value_minor * item.decay_per_day / 24)
    return Need(
        href=f"/items/{item.key}",
        title=around.name(item.product, item.product_zh),
        detail=_waits(item),
        badge=msg("{money}/h", money=loses) if loses.minor > 0 else None,
    )


def _waits(item: ItemSummary) -> Message:
    """Return what an item waits for."""
    code = shortened(item.code)
    if item.stage == "graded":
        return msg("{code}, grade {grade}, to decide", code=code, grade=item.grade or "?")
    if item.stage == "received":
        return msg("{code}, received, to grade", code=code)
    return msg("{code}, to do: {disposition}", code=code, disposition=word("disposition", item.disposition or ""))


def _realised(around: Frame, realised: Outcomes) -> Realised | None:
    if not realised.decisions:
        return None
    minor = 10 ** CURRENCIES.get(around.currency, 0)
    return Realised(
        bins=tuple(
            RealisedBin(
                predicted=b.predicted / minor,
                realised=b.realised / minor,
                low=b.low / minor,
                high=b.high / minor,
                decisions=b.decisions,
            )
            for b in realised.bins
        ),
        currency=around.currency,
        decisions=realised.decisions,
        coverage=realised.coverage,
    )


def _rivals(connection: sa.Connection, around: Frame, figures: Loop) -> tuple[Rival, ...]:
    since: date = (around.now - timedelta(days=around.scope.days)).date()
    km = connection.execute(_KILOMETRES, {"since": since}).one()
    against = (
        (msg("habit: each order on its first day"), km.habit),
        (msg("same stops, nearest first"), km.same_stops),
    )
    return tuple(_kilometres(name, float(km.ours), float(metres)) for name, metres in against if metres)


def _kilometres(baseline: Message, ours: float, metres: float) -> Rival:
    return Rival(
        label=msg("Kilometres driven"),
        baseline_label=baseline,
        ours=ours / 1000,
        baseline=metres / 1000,
        gain=1 - ours / metres,
        unit="km",
    )


def _forecast(connection: sa.Connection, around: Frame) -> Forecast | None:
    stored = latest_forecasts(connection)
    chosen = stored.get(around.scope.vertical or ("batteries" if "batteries" in stored else "returns"))
    return None if chosen is None else forecast_view(chosen)


def forecast_view(stored: StoredForecast) -> Forecast:
    titles = {"batteries": msg("Coming back, packs a week"), "returns": msg("Coming back, parcels a week")}
    return Forecast(
        title=titles[stored.vertical],
        history=tuple(HistoryPoint(start=point.start, value=point.value) for point in stored.history),
        ahead=tuple(
            FanPoint(start=p.start, q10=p.q10, q25=p.q25, q50=p.q50, q75=p.q75, q90=p.q90, naive=p.naive)
            for p in stored.ahead
        ),
        skill=stored.skill,
    )


HANDLERS = [home]
