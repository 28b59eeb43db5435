"""GET /centre: figures of the year against their targets, what waits for me, news, deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.response import Redirect

from takeback.core.message import Message, msg
from takeback.operate.identity import Actor
from takeback.share.centre import calls, frontier, organisation, results, targets, tasks
from takeback.share.centre.figures import rooms
from takeback.share.centre.records import count, find
from takeback.share.centre.results.dashboard import DashboardLine
from takeback.web.console.centre_words import kind_word
from takeback.web.console.views import (
    Action,
    Block,
    CentreSheetPage,
    Chip,
    FigureCard,
    LinkRow,
    Shown,
)
from takeback.web.memo import memo
from takeback.web.pages.answers import page, see_other
from takeback.web.pages.centre.evidence import figure_card, figures_of_room
from takeback.web.pages.centre.rows import title_of
from takeback.web.pages.centre.visit import Visit, visit
from takeback.web.preferences import AnyRequest

SHOWN = 8  # lines of a card
SOON = timedelta(days=60)
FEW = {"problems": 3, "projects": 4, "money": 4, "organisation": 4}
"""Room -> how many of its figures stand here; the others are one click away."""


@get("/centre", sync_to_thread=True, include_in_schema=False)
def overview(request: AnyRequest, actor: Actor) -> Response[Any]:
    with visit(request, actor) as here:
        year = here.around.now.year
        more = Action(label=msg("All figures"), href=f"/centre/figures?year={year}", method="get")
        waits = list(_waits(here))
        view = CentreSheetPage(
            title=msg("Overview"),
            note=_stage(here),
            blocks=(
                Block(title=msg("Results of {year}", year=str(year)), figures=_results(here, year), actions=(more,)),
                Block(title=msg("The centre in {year}", year=str(year)), figures=_figures(here, year)),
                Block(
                    title=msg("Deadlines"), links=tuple(_deadlines(here))[:SHOWN], nothing=msg("Nothing is due soon.")
                ),
            ),
            aside=(
                Block(
                    title=msg("Waits for me"),
                    links=tuple(waits[:SHOWN]),
                    nothing=msg("Nothing waits for you."),
                ),
                _news(here),
            ),
        )
        return page(view, here.around.shell)


def _stage(visit: Visit) -> Message | str:
    year = visit.around.now.year
    stage = next((one for one in find(visit.connection, "period") if year in one.facts.years), None)
    return title_of(visit, stage) if stage else ""


def _results(visit: Visit, year: int) -> tuple[FigureCard, ...]:
    told = memo(
        visit.connection, visit.me.org_id, ("centre results", year, visit.me.roles),
        lambda: results.dashboard(visit.connection, visit.me, year),
    )  # fmt: skip
    return tuple(_line(line, year) for line in told.lines)


def _line(line: DashboardLine, year: int) -> FigureCard:
    value = Shown(number=float(line.value)) if line.value is not None else Shown()
    return FigureCard(
        label=line.label, value=value, href=f"/centre/figures/{line.code}?year={year}",
        target=Shown(number=line.target) if line.target is not None else None, reached=line.reached,
        note=msg("{n} the year before", n=line.before) if line.before is not None and line.target is None else "",
    )  # fmt: skip


def _figures(visit: Visit, year: int) -> tuple[FigureCard, ...]:
    found = [figure for room in rooms() if room in FEW for figure in figures_of_room(visit, room, year)[: FEW[room]]]
    return tuple(figure_card(figure) for figure in found)


def _today(visit: Visit) -> date:
    return visit.around.now.astimezone(ZoneInfo(visit.around.shell.timezone)).date()


def _waits(visit: Visit) -> Iterator[LinkRow]:
    """Yield what only this person can bring on, the most pressing first."""
    me, connection = visit.me, visit.connection
    if me.may("review.write") and me.person_id:
        for call in calls.calls_to_review(connection, me):
            if call.open and call.final < call.reviews:
                detail = msg("{n} reviews, due on {day}", n=call.reviews - call.final, day=call.due)
                title = visit.around.name(call.title, call.title_zh)
                yield LinkRow(
                    href=f"/centre/reviews/{call.call}", title=title, detail=detail, badge=_late(msg("review"))
                )
    if me.may("proposal.submit") and me.person_id:
        for mine in calls.own_proposals(connection, me):
            if mine.state == "draft" and mine.open:
                detail = msg("closes {day}", day=mine.closes[:10])
                yield LinkRow(
                    href=f"/centre/proposals/{mine.id}",
                    title=mine.blind.title,
                    detail=detail,
                    badge=_late(msg("draft")),
                )
    yield from _signatures(visit)
    yield from _counted(visit)
    for member, record in _open_consultations(visit):
        if member:
            yield LinkRow(
                href=f"/centre/consultation/{record.id}", title=title_of(visit, record), badge=_late(msg("answer"))
            )


def _signatures(visit: Visit) -> Iterator[LinkRow]:
    if not {"delegate", "authority"} & visit.me.roles:
        return
    for kind in ("charter", "agreement"):
        for paper in find(visit.connection, kind, state="signing"):
            if visit.me.member_id in organisation.unsigned(paper.facts):
                yield LinkRow(href=f"/centre/{kind}/{paper.id}", title=title_of(visit, paper), badge=_late(msg("sign")))
    for paper, owed in organisation.owed(visit.connection, member=visit.me.member_id)[:3]:
        detail = msg("due {day}", day=owed.due.isoformat()) if owed.due else ""
        yield LinkRow(
            href=f"/centre/{paper.kind}/{paper.id}",
            title=title_of(visit, paper),
            detail=detail,
            badge=Chip(label=msg("owed"), tone="warn"),
        )


def _counted(visit: Visit) -> Iterator[LinkRow]:
    """Yield the queues of those who accept, decide and judge."""
    queues = (
        ("result.accept", "result", "stated", msg("Results to accept")),
        ("decision.make", "project-change", "proposed", msg("Changes to decide")),
        ("project.accept", "deliverable", "delivered", msg("Deliverables to judge")),
        ("project.accept", "acceptance", "open", msg("Acceptances that are open")),
        ("problem.merge", "problem", "stated", msg("Problems that may be merged")),
        ("priority.edit", "target", "proposed", msg("Targets to agree")),
        ("priority.edit", "value", "stated", msg("Values to confirm")),
        ("training.edit", "training-plan", "draft", msg("Training plans to agree")),
    )
    for permission, kind, state, title in queues:
        if visit.me.may(permission) and (n := count(visit.connection, kind, state=state)):
            yield LinkRow(
                href=f"/centre/{kind}?state={state}",
                title=title,
                badge=Chip(label=Message("{n}", {"n": n}), tone="warn"),
            )
    for call in find(visit.connection, "call", state="reviewing") if visit.me.may("decision.make") else ():
        yield LinkRow(href=f"/centre/calls/{call.id}/ranking", title=title_of(visit, call), badge=_late(msg("decide")))


def _open_consultations(visit: Visit) -> Iterator[tuple[bool, Any]]:
    for record in find(visit.connection, "consultation", state="open"):
        answered = targets.my_answer(visit.connection, visit.me, record.id) if visit.me.person_id else record
        yield answered is None, record


def _late(label: Message) -> Chip:
    return Chip(label=label, tone="warn")


def _deadlines(visit: Visit) -> Iterator[LinkRow]:
    """Yield what is overdue or due within two months, the first due first."""
    today, connection = _today(visit), visit.connection
    found: list[tuple[date, LinkRow]] = []
    for kind, records in (
        ("milestone", targets.overdue_milestones(connection, today=today)),
        ("milestone", find(connection, "milestone", state="planned")),
        ("task", tasks.overdue(connection, today=today)),
        ("task", find(connection, "task", state="undertaken")),
        ("deliverable", find(connection, "deliverable", state=("due", "returned"))),
        ("project-milestone", find(connection, "project-milestone", state="open")),
    ):
        found += [(record.facts.due, _due(visit, kind, record, today)) for record in records]
    for call in find(connection, "call", state="published"):
        closes: datetime = call.facts.closes
        row = LinkRow(
            href=f"/centre/call/{call.id}",
            title=title_of(visit, call),
            detail=kind_word("call"),
            badge=_when(closes.date(), today),
        )
        found.append((closes.date(), row))
    seen: set[str] = set()
    for due, row in sorted(found, key=lambda one: one[0]):
        if due <= today + SOON and row.href not in seen:
            seen.add(row.href)
            yield row


def _due(visit: Visit, kind: str, record: Any, today: date) -> LinkRow:
    badge = _when(record.facts.due, today)
    return LinkRow(
        href=f"/centre/{kind}/{record.id}", title=title_of(visit, record), detail=kind_word(kind), badge=badge
    )


def _when(due: date, today: date) -> Chip:
    tone = "bad" if due < today else "warn" if due <= today + timedelta(days=14) else "plain"
    return Chip(label=due.isoformat(), tone=tone)  # type: ignore[arg-type]


def _news(visit: Visit) -> Block:
    if visit.me.person_id is None:
        return Block(title=msg("News"))
    news = frontier.my_news(visit.connection, visit.me, unread=True)[:SHOWN]
    links = tuple(_new(visit, one.facts) for one in news)
    read = (Action(label=msg("All read"), href="/centre/overview/read"),) if news else ()
    return Block(title=msg("News"), links=links, actions=read, nothing=msg("No news about what you follow."))


def _new(visit: Visit, news: Any) -> LinkRow:
    kind = "source" if news.sort == "rule" else "best-known"
    title = visit.around.name(news.title, news.title_zh or news.title)
    return LinkRow(href=f"/centre/{kind}/{news.about_id}", title=title, detail=news.detail)


@post("/centre/overview/read", sync_to_thread=True, include_in_schema=False)
def read(request: AnyRequest, actor: Actor) -> Redirect:
    with visit(request, actor) as here:
        news = frontier.my_news(here.connection, here.me, unread=True)
        frontier.read_news(here.connection, here.me, [one.id for one in news])
    return see_other("/centre")


HANDLERS = [overview, read]
