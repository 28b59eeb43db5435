"""GET /centre: from a problem to its use, what waits for me, targets, money, deadlines, results."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from takeback.core.message import Message, msg
from takeback.core.money import Money
from takeback.operate.identity import Actor
from takeback.share.centre import frontier, money, results, targets
from takeback.share.centre.figures import rooms
from takeback.share.centre.people import people
from takeback.share.centre.records import Record, count, find
from takeback.share.centre.results.dashboard import DashboardLine
from takeback.share.centre.results.facts import CODES
from takeback.share.centre.targets.standing import IndicatorStanding
from takeback.web.console.views import (
    Action,
    Block,
    Bullet,
    CentreOverviewPage,
    FactTable,
    FigureCard,
    Purse,
    Shown,
    Text,
)
from takeback.web.memo import memo
from takeback.web.pages.answers import page, see_other
from takeback.web.pages.centre.chain import chain_of
from takeback.web.pages.centre.deadlines import deadlines
from takeback.web.pages.centre.evidence import figures_of_room
from takeback.web.pages.centre.funds import purse_of
from takeback.web.pages.centre.plan import LIGHTS, told_standing
from takeback.web.pages.centre.rows import title_of
from takeback.web.pages.centre.visit import Visit, visit
from takeback.web.pages.centre.waiting import SHOWN, news_for, waits_for
from takeback.web.preferences import AnyRequest

DUE = 6  # deadlines that are shown
_COUNTED = frozenset(CODES.values())


@get("/centre", sync_to_thread=True, include_in_schema=False)
def overview(request: AnyRequest, actor: Actor) -> Response[Any]:
    with visit(request, actor) as here:
        year = here.today.year
        purse = _purse(here)
        told = _dashboard(here, year)
        standing = _standing(here)
        waits = list(waits_for(here))
        view = CentreOverviewPage(
            title=msg("Overview"),
            note=_stage(here),
            strip=_strip(here, year, told, standing, purse),
            chain=chain_of(here),
            waits=Block(
                title=msg("Waits for me"), links=tuple(waits[:SHOWN]), nothing=msg("Nothing waits for you."),
            ),
            news=news_for(here),
            targets=tuple(_bullet(here, one) for one in standing),
            purse=purse,
            deadlines=Block(
                title=msg("Deadlines"), note=msg("the next two months"), links=tuple(deadlines(here))[:DUE],
                nothing=msg("Nothing is due soon."),
            ),
            results=_results(year, told),
        )  # fmt: skip
        return page(view, here.around.shell)


def running_stage(visit: Visit) -> Record | None:
    """Return the stage of the plan that this year is in."""
    year = visit.today.year
    return next((one for one in find(visit.connection, "period") if year in one.facts.years), None)


def _stage(visit: Visit) -> Message | str:
    """Return the stage that runs, with its years."""
    stage = running_stage(visit)
    if stage is None:
        return ""
    first, last = stage.facts.years.start, stage.facts.years.stop - 1
    return msg("{stage}, {first}–{last}", stage=title_of(visit, stage), first=str(first), last=str(last))


def _dashboard(visit: Visit, year: int) -> tuple[DashboardLine, ...]:
    return memo(
        visit.connection, visit.me.org_id, ("centre results", year, visit.me.roles),
        lambda: results.dashboard(visit.connection, visit.me, year),
    ).lines  # fmt: skip


def _standing(visit: Visit) -> list[IndicatorStanding]:
    """Return how the indicators stand in the stage that runs."""
    stage = running_stage(visit)
    if stage is None:
        return []
    return memo(
        visit.connection, visit.me.org_id, ("centre standings", stage.id, visit.today.year, visit.me.roles),
        lambda: targets.standings(visit.connection, visit.me, stage.id, until=visit.today.year),
    )  # fmt: skip


def _strip(
    visit: Visit, year: int, told: tuple[DashboardLine, ...], standing: list[IndicatorStanding], purse: Purse | None
) -> tuple[FigureCard, ...]:
    """Return five figures, each with a neighbour that gives it meaning."""
    accepted = [line for line in told if line.code in _COUNTED]
    now, before = (sum(int(getattr(line, name) or 0) for line in accepted) for name in ("value", "before"))
    running, ended = (count(visit.connection, "project", state=state) for state in ("running", "accepted"))
    years = [one.years[year] for one in standing if year in one.years and one.years[year].target is not None]
    met = sum(one.light == "green" for one in years)
    proven, all_ = _proven(visit, year)
    return (
        FigureCard(label=msg("Results of {year}", year=str(year)), value=Shown(number=now),
                   href=f"/centre/result?year={year}", note=msg("{n} the year before", n=before)),
        FigureCard(label=msg("Projects under way"), value=Shown(number=running), href="/centre/project?state=running",
                   note=msg("{n} accepted so far", n=ended)),
        _money_or_members(visit, purse),
        FigureCard(label=msg("Targets met"), value=Shown(number=met), href="/centre/plan",
                   note=msg("of {n} in {year}", n=len(years), year=str(year))),
        FigureCard(label=msg("Figures with evidence"), href=f"/centre/figures?year={year}",
                   value=Shown(number=100 * proven / all_, unit="%") if all_ else Shown(),
                   note=msg("of {n} in {year}", n=all_, year=str(year))),
    )  # fmt: skip


def _money_or_members(visit: Visit, purse: Purse | None) -> FigureCard:
    if purse is not None:
        note = msg("of {money} received", money=purse.received)
        return FigureCard(
            label=msg("Funds spent"), value=Shown(money=_rounded(purse.slices[0].money)), href=purse.href, note=note
        )
    members = count(visit.connection, "member", state="active")
    note = msg("with {n} people", n=len(people(visit.connection)))
    return FigureCard(label=msg("Members"), value=Shown(number=members), href="/centre/member", note=note)


def _rounded(sum_: Money) -> Money:
    """Return a sum without its cents: a strip of figures is to be read at a glance."""
    whole = 10**sum_.decimals
    return Money(round(sum_.minor / whole) * whole, sum_.currency)


def _proven(visit: Visit, year: int) -> tuple[int, int]:
    """Return how many figures other than zero rest on records, and how many there are."""
    told = [figure for room in rooms() for figure in figures_of_room(visit, room, year) if figure.value]
    return sum(bool(figure.evidence) for figure in told), len(told)


def _bullet(visit: Visit, one: IndicatorStanding) -> Bullet:
    """Return an indicator's value over the plan so far beside its target."""
    facts, plan = one.indicator.facts, one.plan
    value, target = float(plan.value or 0), float(plan.target or 0)
    scale = 1.15 * max(value, target, 1e-9)
    word, tone = LIGHTS[plan.light]
    return Bullet(
        label=visit.around.name(facts.name, facts.name_zh or facts.name), href=f"/centre/indicator/{one.indicator.id}",
        value=told_standing(plan), share=max(0.0, value) / scale,
        tick=target / scale if plan.target is not None else None, tone=tone, says=word,
    )  # fmt: skip


def _purse(visit: Visit) -> Purse | None:
    """Return where the money that was received is; None for who may not read money, or where there is none."""
    if not visit.me.may("money.read"):
        return None
    return purse_of(visit, money.fund_statements(visit.connection, visit.me))


def _results(year: int, told: tuple[DashboardLine, ...]) -> Block:
    """Return the results of the years beside each other, those of this year with the target where one is set."""
    years = [one for one, _ in told[0].trend] if told else []
    first = next((n for n, one in enumerate(years) if any(line.trend[n][1] for line in told)), len(years) - 1)
    kept = [line for line in told if line.code in _COUNTED and (line.target or any(n for _, n in line.trend))]
    heads: tuple[Text, ...] = (msg("Sort"), *map(str, years[first:]), msg("Target of {year}", year=str(year)))
    table = FactTable(heads=heads, rows=tuple(_result(line, first) for line in kept))
    more = Action(label=msg("All figures"), href=f"/centre/figures?year={year}", method="get")
    nothing = msg("No result is accepted yet.")
    return Block(
        title=msg("Results by year"), table=table if kept else None, actions=(more,), nothing=nothing,
    )  # fmt: skip


def _result(line: DashboardLine, first: int) -> tuple[tuple[Shown, ...], ...]:
    cells = tuple(
        (Shown(number=float(value), href=f"/centre/figures/{line.code}?year={year}") if value else Shown(number=value),)
        for year, value in line.trend[first:]
    )
    return ((Shown(text=line.label),), *cells, (Shown(number=line.target),) if line.target is not None else ())


@post("/centre/overview/read", sync_to_thread=True, include_in_schema=False)
def read(request: AnyRequest, actor: Actor) -> Redirect:
    with visit(request, actor) as here:
        news = frontier.my_news(here.connection, here.me, unread=True)
        frontier.read_news(here.connection, here.me, [one.id for one in news])
    return see_other("/centre")


HANDLERS = [overview, read]
