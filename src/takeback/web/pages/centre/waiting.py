"""What waits for the visitor: reviews, drafts, signatures, queues, answers; and what is new for him or her."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from takeback.core.message import Message, msg
from takeback.share.centre import calls, frontier, organisation, targets
from takeback.share.centre.records import count, find
from takeback.web.console.views import Action, Block, Chip, LinkRow
from takeback.web.pages.centre.rows import title_of
from takeback.web.pages.centre.visit import Visit

SHOWN = 8  # lines of a card


def waits_for(visit: Visit) -> Iterator[LinkRow]:
    """Yield what only this person can bring on, the most pressing first."""
    me, connection = visit.me, visit.connection
    if me.may("review.write") and me.person_id:
        for call in calls.calls_to_review(connection, me):
            if call.open and call.final < call.reviews:
                left, due = call.reviews - call.final, date.fromisoformat(call.due)
                several = msg("{n} reviews, due on {day}", n=left, day=due)
                detail = several if left > 1 else msg("One review, due on {day}", day=due)
                title = visit.around.name(call.title, call.title_zh)
                yield LinkRow(
                    href=f"/centre/reviews/{call.call}", title=title, detail=detail, badge=_late(msg("review"))
                )
    if me.may("proposal.submit") and me.person_id:
        for mine in calls.own_proposals(connection, me):
            if mine.state == "draft" and mine.open:
                detail = msg("closes {day}", day=date.fromisoformat(mine.closes[:10]))
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
        detail = msg("due {day}", day=owed.due) if owed.due else ""
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
        ("decision.make", "project", "refused", msg("Refused projects: to work on, or to stop")),
        ("centre.edit", "progress", "submitted", msg("Progress reports to read")),
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


def news_for(visit: Visit) -> Block:
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
