"""What the page of a record of a certain kind shows beside what every record does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from takeback.core.currencies import CURRENCIES
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre import problems, projects
from takeback.share.centre.files import files_of
from takeback.share.centre.people import Person
from takeback.share.centre.projects import Moment
from takeback.share.centre.records import Record, get
from takeback.share.centre.reporting import Report, Snapshot
from takeback.web.console.centre_words import choice_word, kind_word, room_word, state_word, unit_named
from takeback.web.console.views import (
    Action,
    Block,
    Chip,
    FactRow,
    FigureCard,
    Lane,
    LinkRow,
    Purse,
    Scale,
    Shown,
    Slice,
    Span,
    Tone,
)
from takeback.web.pages.centre.evidence import figures_of_room
from takeback.web.pages.centre.membership import counted, seen_people
from takeback.web.pages.centre.rows import TONES, day_of
from takeback.web.pages.centre.showing import Known
from takeback.web.pages.centre.visit import Visit

T = TypeVar("T")
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
    """Return how far a call is, the way to apply, and the council's to the ranking."""
    found = []
    if record.state == "published" and visit.me.may("proposal.submit"):
        found.append(
            Action(label=msg("Apply"), href=f"/centre/proposals/new?call={record.id}", method="get", primary=True)
        )
    if record.state in {"reviewing", "decided", "closed"} and visit.me.may("decision.make"):
        href = f"/centre/calls/{record.id}/ranking"
        found.append(Action(label=msg("Ranking and decision"), href=href, method="get", primary=True))
    if record.state == "reviewing" and visit.me.may("proposal.run"):
        found.append(Action(label=msg("Reviewers"), href=f"/centre/calls/{record.id}/reviewers", method="get"))
    return Panel(actions=tuple(found), blocks=(_phases(visit, record),))


def _phases(visit: Visit, record: Record) -> Block:
    """Return when proposals are taken and when reviews are written, with today between them."""
    facts, today = record.facts, visit.today
    opens, closes, due = (day_of(visit, one) for one in (facts.opens, facts.closes, facts.review_closes))
    days = max(1, (due - opens).days)

    def at(day: date) -> float:
        return round(100 * (day - opens).days / days, 2)

    def lane(label: Message, begins: date, ends: date) -> Lane:
        says = msg("{what}: {begins} to {ends}", what=label, begins=begins, ends=ends)
        tone: Tone = "plain" if ends < today else "good" if begins <= today else "advice"
        return Lane(label=label, spans=(Span(label=label, says=says, begin=at(begins), width=at(ends) - at(begins),
                                             tone=tone),))  # fmt: skip

    lanes = (lane(msg("Proposals"), opens, closes), lane(msg("Reviews"), closes, due))
    ticks = tuple((at(day), Message("{day}", {"day": day})) for day in (opens, closes, due))
    scale = Scale(ticks=ticks, lanes=lanes, now=at(today) if opens <= today <= due else None)
    return Block(title=msg("How far it is"), note=_next_of(record.state, today, opens, closes, due), scale=scale)


def _next_of(state: str, today: date, opens: date, closes: date, due: date) -> Message | str:
    """Return what happens next in a call, and in how many days."""
    if state == "published" and today < opens:
        return msg("opens in {n} d", n=(opens - today).days)
    if state == "published" and today <= closes:
        return msg("closes in {n} d", n=(closes - today).days)
    if state == "reviewing" and today <= due:
        return msg("reviews are due in {n} d", n=(due - today).days)
    return state_word(state)


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
    today = visit.today
    standing = projects.standing(visit.connection, record.id, today)
    word, chinese = WORDS[standing.light], visit.around.shell.locale == "zh_Hans"
    href = f"/centre/project/{record.id}"
    reasons = tuple(
        FactRow(label=WORDS[one.light], values=(Shown(text=one.message_zh if chinese else one.message),))
        for one in standing.reasons
    )
    shares = (
        (msg("Time gone"), standing.time),
        (msg("Money spent"), standing.spent_share),
        (msg("Work done"), standing.complete),
    )
    figures = tuple(_share(label, per_mille, href) for label, per_mille in shares if per_mille is not None)
    moments = projects.timeline(visit.connection, record.id)
    return Panel(
        blocks=(
            Block(title=msg("How it stands"), note=word, figures=figures, facts=reasons),
            Block(title=msg("Timeline"), scale=_scale(visit, moments, today) if moments else None),
        ),
        aside=(*_origin(visit, record), *_money(visit, record)),
    )


def _origin(visit: Visit, record: Record) -> tuple[Block, ...]:
    """Return the way to a project's proposal, for who runs proposals and is on no side of the call."""
    if not visit.me.may("proposal.run"):
        return ()
    came = _if_allowed(lambda: projects.origin_of(visit.connection, visit.me, record.id))
    if came is None:
        return ()
    href = f"/centre/calls/{came.call}/proposal/{came.proposal}"
    return (Block(title=msg("Where it comes from"), links=(LinkRow(href=href, title=msg("The proposal")),)),)


def _share(label: Message, per_mille: int, href: str) -> FigureCard:
    return FigureCard(label=label, value=Shown(number=per_mille / 10, unit="%"), href=href, reached=per_mille / 1000)


def _scale(visit: Visit, moments: list[Moment], today: date) -> Scale:
    first, last = min(one.begins for one in moments), max(one.ends for one in moments)
    days = max(1, (last - first).days)

    def at(day: date) -> float:
        return round(100 * (day - first).days / days, 2)

    months = [first + timedelta(days=days * n // 4) for n in range(5)]
    known = Known.of_ids(visit, [one.record_id for one in moments])
    lanes = tuple(_lane(known, one, at) for one in moments)
    now = at(today) if first <= today <= last else None
    return Scale(ticks=tuple((at(day), f"{day:%Y-%m}") for day in months), lanes=lanes, now=now)


def _lane(known: Known, one: Moment, at: Callable[[date], float]) -> Lane:
    named = known.shown(one.record_id)
    title = named.text if named and named.text else one.title
    says = Message("{kind}: {title}, {begins} – {ends}, {state}", {
        "kind": kind_word(one.kind), "title": title, "begins": one.begins, "ends": one.ends,
        "state": state_word(one.state, one.kind),
    })  # fmt: skip
    tone = TONES.get(one.state, "plain")
    span = Span(label=title, says=says, begin=at(one.begins), width=at(one.ends) - at(one.begins), tone=tone)  # type: ignore[arg-type]
    return Lane(label=title, spans=(span,), href=f"/centre/{one.kind}/{one.record_id}")


def _if_allowed(ask: Callable[[], T]) -> T | None:
    """Return what is asked for, None where the visitor may not have it."""
    try:
        return ask()
    except Problem as problem:
        if problem.status != 403:
            raise
        return None


def _money(visit: Visit, record: Record) -> tuple[Block, ...]:
    told = _if_allowed(lambda: projects.project_money(visit.connection, visit.me, record.id))
    if told is None:
        return ()
    if not told.committed:
        return (Block(title=msg("Money"), nothing=msg("Nothing is committed yet.")),)
    parts: tuple[tuple[Message, int, Tone], ...] = (
        (msg("Spent"), told.spent, "good"), (msg("In kind"), told.in_kind, "recycling"),
        (msg("Not spent"), told.left, "plain"),
    )  # fmt: skip
    slices = tuple(
        Slice(label=label, money=visit.around.money(minor), share=minor / told.committed, tone=tone)
        for label, minor, tone in parts
        if minor
    )
    committed = visit.around.money(told.committed)
    purse = Purse(received=committed, slices=slices, href="/centre/money")
    known = Known.of_ids(visit, [one.fund_id for one in told.funds])
    funds = tuple(
        LinkRow(href=f"/centre/money/{one.fund_id}", title=known.records[one.fund_id][1],
                detail=msg("{spent} of {all} spent", spent=visit.around.money(one.spent),
                           all=visit.around.money(one.budget)))
        for one in told.funds
        if visit.me.may("money.read")
    )  # fmt: skip
    return (Block(title=msg("Money"), note=msg("{money} committed", money=committed), purse=purse, links=funds),)


def _credential(visit: Visit, record: Record) -> Panel:
    href = f"/centre/talent/credentials/{record.id}"
    download = Action(label=msg("Download it, signed"), href=href, method="get", primary=True)
    return Panel(actions=(download,), instead=("status_list", "index", "document"))


def _report(visit: Visit, record: Record) -> Panel:
    """Return the files of a report in one click, and its figures part by part, each with the way to its evidence."""
    facts, parts = record.facts, dict[str, list[Snapshot]]()
    for one in facts.figures:
        if one.value is not None:
            parts.setdefault(one.code.partition(".")[0], []).append(one)
    told = {room: [one for one in figures if one.value] for room, figures in parts.items()}
    empty = [room_word(room) for room, figures in told.items() if not figures]
    blocks = tuple(_part(visit, room, figures, facts) for room, figures in told.items() if figures)
    blocks += (Block(title=msg("Nothing in this year"), text=listed(empty)),) if empty else ()
    plain = ("first_year",) if facts.first_year == facts.year else ()
    sure = () if facts.provisional else ("provisional",)
    check = Action(label=msg("Check it"), href=f"/centre/reports/{record.id}/check", method="get")
    return Panel(actions=(*_files(visit, record), check), blocks=blocks, instead=("figures", "files", *plain, *sure))


def _part(visit: Visit, room: str, told: list[Snapshot], report: Report) -> Block:
    """Return the figures of a part of the centre that are not zero; those of several years say of which they are."""
    labels = {figure.code: figure.label for figure in figures_of_room(visit, room, report.year)}
    dated = report.first_year < report.year
    return Block(title=room_word(room), figures=tuple(_snapshot(visit, one, labels, dated=dated) for one in told))


def _files(visit: Visit, record: Record) -> tuple[Action, ...]:
    """Return the ways to the report as a paper, that of the page's language first, and as a table."""
    kept = files_of(visit.connection, record.id)
    mine, other = ("zh", "en") if visit.around.shell.locale == "zh_Hans" else ("en", "zh")
    wanted = (
        (f"-{mine}.pdf", msg("Read the report"), True),
        (f"-{other}.pdf", msg("In Chinese") if other == "zh" else msg("In English"), False),
        (f"-{mine}.xlsx", msg("As a table"), False),
    )
    return tuple(
        Action(label=label, href=f"/centre/report/{record.id}/files/{one.id}", method="get", primary=first)
        for ending, label, first in wanted
        for one in kept
        if one.name.endswith(ending)
    )


def _snapshot(visit: Visit, one: Snapshot, labels: Mapping[str, Message], *, dated: bool) -> FigureCard:
    """Return a figure as a report told it, with the way to its evidence."""
    value, label = one.value or 0, labels.get(one.code, one.code)
    if one.unit in CURRENCIES:
        shown = Shown(money=visit.around.money(round(value)))
    else:
        shown = Shown(number=float(value), unit=unit_named(one.unit))
    href = f"/centre/figures/{one.code}?year={one.year}"
    return FigureCard(label=label, value=shown, href=href, note=str(one.year) if dated else "")


def _member(visit: Visit, record: Record) -> Panel:
    """Return what a member does in the centre, and its people."""
    seen = seen_people(visit, record)
    cards = counted(visit, record, seen)
    links = tuple(LinkRow(href=f"/centre/people/{one.id}", title=visit.person(one), detail=_roles(one)) for one in seen)
    return Panel(
        blocks=(Block(title=msg("What it does here"), figures=cards),) if cards else (),
        aside=(Block(title=msg("People"), note=_counted(links), links=links,
                     nothing=msg("Nobody who agreed to be seen.")),),
    )  # fmt: skip


def _counted(seen: Sequence[LinkRow]) -> Message | str:
    """Return how many there are: of those alone whom the visitor may see."""
    return msg("{n} in all", n=len(seen)) if seen else ""


def _roles(person: Person) -> Message | str:
    return listed([choice_word(role) for role in person.roles])


def listed(words: Sequence[Message | str]) -> Message | str:
    """Return words one after the other."""
    places = ", ".join(f"{{w{n}}}" for n in range(len(words)))
    return Message(places, {f"w{n}": word for n, word in enumerate(words)}) if places else ""


def _answer(visit: Visit, record: Record) -> Panel:
    """Return what was answered to a consultation, each answer under its question, in the order of the questions."""
    asked = get(visit.connection, record.facts.consultation_id, kind="consultation").facts.questions
    called, said = visit.around.name, dict(record.facts.answers)
    rows = tuple(
        FactRow(label=called(one.text, one.text_zh or one.text), values=(Shown(text=said[one.code]),), long=True)
        for one in asked
        if one.code in said
    )
    return Panel(blocks=(Block(title=msg("Answers"), facts=rows),), instead=("answers",))


PANELS: dict[str, Callable[[Visit, Record], Panel]] = {
    "answer": _answer,
    "member": _member,
    "call": _call,
    "resource": _resource,
    "fund": _fund,
    "problem": _problem,
    "project": _project,
    "credential": _credential,
    "report": _report,
}
