"""What the page of a record of a certain kind shows beside what every record does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from takeback.core.currencies import CURRENCIES
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre import problems, projects
from takeback.share.centre.projects import Moment
from takeback.share.centre.records import Record
from takeback.web.console.centre_words import kind_word, state_word, unit_named
from takeback.web.console.views import (
    Action,
    Block,
    Chip,
    FactRow,
    FigureCard,
    Lane,
    LinkRow,
    Scale,
    Shown,
    Span,
)
from takeback.web.pages.centre.evidence import figures_of_room
from takeback.web.pages.centre.plan import LIGHTS
from takeback.web.pages.centre.rows import TONES
from takeback.web.pages.centre.showing import Known
from takeback.web.pages.centre.visit import Visit

WORDS = {
    "green": msg("on course"),
    "amber": msg("needs care"),
    "red": msg("off course"),
    "grey": msg("not running"),
}
"""How a project stands, in words."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What is shown beside: further buttons, cards above the facts, cards beside them.

    `instead`: fields that are shown by these alone.
    """

    actions: tuple[Action, ...] = ()
    blocks: tuple[Block, ...] = ()
    aside: tuple[Block, ...] = ()
    instead: tuple[str, ...] = ()


def panel_of(visit: Visit, record: Record) -> Panel:
    """Return what the page of a record shows beside what every record does."""
    make = PANELS.get(record.kind)
    return make(visit, record) if make else Panel()


def _call(visit: Visit, record: Record) -> Panel:
    """Return the way to apply, and the council's to the ranking."""
    found = []
    if record.state == "published" and visit.me.may("proposal.submit"):
        found.append(
            Action(label=msg("Apply"), href=f"/centre/proposals/new?call={record.id}", method="get", primary=True)
        )
    if record.state in {"reviewing", "decided", "closed"} and visit.me.may("decision.make"):
        href = f"/centre/calls/{record.id}/ranking"
        found.append(Action(label=msg("Ranking and decision"), href=href, method="get", primary=True))
    return Panel(actions=tuple(found))


def _resource(visit: Visit, record: Record) -> Panel:
    href = f"/centre/resources/{record.id}/calendar"
    return Panel(actions=(Action(label=msg("Calendar"), href=href, method="get", primary=True),))


def _fund(visit: Visit, record: Record) -> Panel:
    href = f"/centre/money/{record.id}"
    return Panel(actions=(Action(label=msg("Where each yuan is"), href=href, method="get", primary=True),))


def _problem(visit: Visit, record: Record) -> Panel:
    """Return who shares a problem, and which problems speak of the same."""
    seen = problems.problem_view(visit.connection, visit.me, record.id)
    known = Known.of_ids(visit, [*seen.sharing, *seen.interested, *(one.key for one in seen.similar)])
    rows = (
        FactRow(label=msg("Shared by"), values=tuple(s for one in seen.sharing if (s := known.shown(one)))),
        FactRow(label=msg("Interested"), values=tuple(s for one in seen.interested if (s := known.shown(one)))),
    )
    like = tuple(
        LinkRow(
            href=shown.href or "",
            title=shown.text or "",
            badge=Chip(label=Message("{n} %", {"n": round(100 * one.score)})),
        )
        for one in seen.similar
        if (shown := known.shown(one.key)) is not None
    )
    return Panel(
        aside=(
            Block(title=msg("Who has it"), facts=tuple(row for row in rows if row.values)),
            Block(title=msg("Problems like it"), links=like),
        )
    )


def _project(visit: Visit, record: Record) -> Panel:
    """Return how a project stands, its timeline and its money."""
    today = visit.around.now.astimezone(ZoneInfo(visit.around.shell.timezone)).date()
    standing = projects.standing(visit.connection, record.id, today)
    word = WORDS[standing.light]
    href = f"/centre/project/{record.id}"
    reasons = tuple(LinkRow(href=href, title=one.message, badge=_light(one.light)) for one in standing.reasons)
    shares = (
        (msg("Time gone"), standing.time),
        (msg("Money spent"), standing.spent_share),
        (msg("Work done"), standing.complete),
    )
    figures = tuple(_share(label, per_mille, href) for label, per_mille in shares if per_mille is not None)
    moments = projects.timeline(visit.connection, record.id)
    return Panel(
        blocks=(
            Block(title=msg("How it stands"), note=word, figures=figures, links=reasons),
            Block(title=msg("Timeline"), scale=_scale(moments, today) if moments else None),
        ),
        aside=_money(visit, record),
    )


def _light(light: str) -> Chip:
    return Chip(label=WORDS[light], tone=LIGHTS[light][1])


def _share(label: Message, per_mille: int, href: str) -> FigureCard:
    return FigureCard(label=label, value=Shown(number=per_mille / 10, unit="%"), href=href, reached=per_mille / 1000)


def _scale(moments: list[Moment], today: date) -> Scale:
    first, last = min(one.begins for one in moments), max(one.ends for one in moments)
    days = max(1, (last - first).days)

    def at(day: date) -> float:
        return round(100 * (day - first).days / days, 2)

    months = [first + timedelta(days=days * n // 4) for n in range(5)]
    lanes = tuple(_lane(one, at) for one in moments)
    now = at(today) if first <= today <= last else None
    return Scale(ticks=tuple((at(day), day.isoformat()[:7]) for day in months), lanes=lanes, now=now)


def _lane(one: Moment, at: Callable[[date], float]) -> Lane:
    says = Message("{kind}: {title}, {begins} – {ends}, {state}", {
        "kind": kind_word(one.kind), "title": one.title, "begins": one.begins.isoformat(), "ends": one.ends.isoformat(),
        "state": state_word(one.state),
    })  # fmt: skip
    tone = TONES.get(one.state, "plain")
    span = Span(label=one.title, says=says, begin=at(one.begins), width=at(one.ends) - at(one.begins), tone=tone)  # type: ignore[arg-type]
    return Lane(label=one.title, spans=(span,), href=f"/centre/{one.kind}/{one.record_id}")


def _money(visit: Visit, record: Record) -> tuple[Block, ...]:
    try:
        told = projects.project_money(visit.connection, visit.me, record.id)
    except Problem as problem:
        if problem.status != 403:
            raise
        return ()

    def line(label: Message, minor: int) -> FactRow:
        return FactRow(label=label, values=(Shown(money=visit.around.money(minor)),))

    rows = (
        line(msg("Budget"), told.budget), line(msg("Committed"), told.committed), line(msg("Spent"), told.spent),
        line(msg("In kind"), told.in_kind), line(msg("Not spent"), told.left),
    )  # fmt: skip
    funds = tuple(
        LinkRow(href=f"/centre/money/{one.fund_id}", title=one.fund) for one in told.funds if visit.me.may("money.read")
    )
    return (Block(title=msg("Money"), facts=rows, links=funds),)


def _credential(visit: Visit, record: Record) -> Panel:
    href = f"/centre/talent/credentials/{record.id}"
    return Panel(actions=(Action(label=msg("Download it, signed"), href=href, method="get", primary=True),))


def _report(visit: Visit, record: Record) -> Panel:
    """Return the figures of a report, each with the way to its evidence."""
    cards = tuple(_snapshot(visit, one, record.facts.year) for one in record.facts.figures if one.value is not None)
    block = Block(title=msg("Figures of {year}", year=str(record.facts.year)), figures=cards)
    return Panel(blocks=(block,), instead=("figures", "files"))


def _snapshot(visit: Visit, one: Any, year: int) -> FigureCard:
    value = visit.around.money(one.value) if one.unit in CURRENCIES else None
    shown = Shown(money=value) if value else Shown(number=float(one.value), unit=unit_named(one.unit))
    known = {figure.code: figure.label for figure in figures_of_room(visit, one.code.partition(".")[0], year)}
    return FigureCard(label=known.get(one.code, one.code), value=shown, href=f"/centre/figures/{one.code}?year={year}")


PANELS: dict[str, Callable[[Visit, Record], Panel]] = {
    "call": _call,
    "resource": _resource,
    "fund": _fund,
    "problem": _problem,
    "project": _project,
    "credential": _credential,
    "report": _report,
}
