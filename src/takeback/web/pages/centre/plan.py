"""GET /centre/plan: the five-year grid: each indicator's value against its target, year by year, with the gap."""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from uuid import UUID

from litestar import Response, get

from takeback.core.message import Message, msg
from takeback.operate.identity import Actor
from takeback.share.centre import targets
from takeback.share.centre.records import Record, find
from takeback.share.centre.targets.standing import IndicatorStanding, Standing
from takeback.web.console.centre_words import unit_named
from takeback.web.console.views import (
    Block,
    CentreSheetPage,
    Chip,
    FactTable,
    LinkRow,
    Shown,
    Text,
    Tone,
)
from takeback.web.pages.answers import page
from takeback.web.pages.centre.listing import tabs_of
from takeback.web.pages.centre.rows import state_chip, title_of
from takeback.web.pages.centre.visit import Visit, visit
from takeback.web.preferences import AnyRequest

LIGHTS: dict[str, tuple[Message, Tone]] = {
    "green": (msg("met"), "good"),
    "amber": (msg("nearly"), "warn"),
    "red": (msg("missed"), "bad"),
    "grey": (msg("no target or no value yet"), "plain"),
}


@get("/centre/plan", sync_to_thread=True, include_in_schema=False)
def plan(request: AnyRequest, actor: Actor, period: UUID | None = None) -> Response[Any]:
    with visit(request, actor) as here:
        stages = sorted(find(here.connection, "period"), key=lambda one: one.facts.years.start)
        chosen = next((one for one in stages if one.id == period), None) or _running(here, stages)
        view = CentreSheetPage(
            title=msg("Plan and targets"),
            tabs=tabs_of(here, "/centre/plan", "period"),
            blocks=_blocks(here, chosen),
            aside=(
                Block(title=msg("Stages"), links=tuple(_stage(here, one) for one in stages)),
                *((_milestones(here, chosen),) if chosen else ()),
            ),
        )
        return page(view, here.around.shell)


def _running(visit: Visit, stages: list[Record]) -> Record | None:
    year = visit.today.year
    return next((one for one in stages if year in one.facts.years), stages[-1] if stages else None)


def _stage(visit: Visit, stage: Record) -> LinkRow:
    years = f"{stage.facts.years.start}–{stage.facts.years.stop - 1}"
    href = f"/centre/plan?period={stage.id}"
    return LinkRow(href=href, title=title_of(visit, stage), detail=years, badge=state_chip(stage.state))


def _blocks(visit: Visit, stage: Record | None) -> tuple[Block, ...]:
    if stage is None:
        return (Block(title=msg("Plan"), nothing=msg("No stage is planned yet.")),)
    standings = targets.standings(visit.connection, visit.me, stage.id, until=visit.today.year)
    years = list(stage.facts.years)
    heads: tuple[Text, ...] = (msg("Indicator"), *map(str, years), msg("Plan so far"), msg("Gap"))
    table = FactTable(heads=heads, rows=tuple(_row(visit, one, years) for one in standings))
    note = msg("value / target: green meets it, amber nearly, red does not; of years to come the target")
    return (Block(title=title_of(visit, stage), note=note, table=table if standings else None,
                  nothing=msg("No indicator is in force.")),)  # fmt: skip


def _row(visit: Visit, one: IndicatorStanding, years: list[int]) -> tuple[tuple[Shown, ...], ...]:
    facts = one.indicator.facts
    name = visit.around.name(one.indicator.title, getattr(facts, "name_zh", "") or getattr(facts, "title_zh", ""))
    label = Shown(text=name or one.indicator.title, href=f"/centre/indicator/{one.indicator.id}")
    today = visit.today.year
    plan = one.plan
    gap = plan.gap
    return (
        (label, *((Shown(text=unit),) if (unit := unit_named(facts.unit)) else ())),
        *((_of_year(one.years[year], due=year <= today),) if year in one.years else () for year in years),
        (_standing(plan),),
        (Shown(number=float(gap), digits=_digits(gap)),) if gap is not None else (),
    )


def told_standing(one: Standing) -> Message:
    """Return a value beside its target: `4 / 6`; what is not known is a dash."""
    return Message("{value} / {target}", {"value": _number(one.value), "target": _number(one.target)})


def _of_year(one: Standing, *, due: bool) -> Shown:
    """Return how a year stands; of one to come its target alone: nothing of it can be met or missed yet."""
    if due:
        return _standing(one)
    if one.target is None:
        return Shown(chip=Chip(label=msg("not due yet")))
    return Shown(chip=Chip(label=msg("not due yet: {target}", target=_number(one.target))))


def _standing(one: Standing) -> Shown:
    word, tone = LIGHTS[one.light]
    told = told_standing(one)
    says = one.why or Message("{word}{sure}", {"word": word, "sure": " ✓" if one.confirmed else ""})
    return Shown(chip=Chip(label=told, tone=tone, says=says))


def _number(value: Fraction | None) -> str:
    return "–" if value is None else f"{float(value):,.{_digits(value)}f}"


def _digits(value: Fraction) -> int:
    return 0 if value.denominator == 1 else 1


def _milestones(visit: Visit, stage: Record) -> Block:
    found = sorted(find(visit.connection, "milestone", parent=stage.id), key=lambda one: str(one.facts.due))
    links = tuple(
        LinkRow(
            href=f"/centre/milestone/{one.id}", title=title_of(visit, one), badge=state_chip(one.state),
            detail=Message("{day}", {"day": one.facts.due}),
        )
        for one in found
    )  # fmt: skip
    return Block(title=msg("Milestones"), links=links)


HANDLERS = [plan]
