"""The council's page of a call: /centre/calls/{id}/ranking: the order of the reviews, decisions, appeals."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.share.centre import calls
from takeback.share.centre.calls import CommitteeView, Standing
from takeback.share.centre.records import get as record_by_id
from takeback.web.console.centre_words import choice_word
from takeback.web.console.views import (
    Block,
    CentreSheetPage,
    FactRow,
    FactTable,
    FigureCard,
    LinkRow,
    RecordRow,
    Shown,
    Tab,
)
from takeback.web.pages.answers import Form, page, see_other
from takeback.web.pages.centre.asking import Command, carry_out
from takeback.web.pages.centre.deeds import command_page
from takeback.web.pages.centre.forms import Filled
from takeback.web.pages.centre.projecting import project_link
from takeback.web.pages.centre.reading import sent_from
from takeback.web.pages.centre.rows import state_chip
from takeback.web.pages.centre.showing import Known, fact_rows
from takeback.web.pages.centre.visit import Visit, visit
from takeback.web.preferences import AnyRequest

BASE = "/centre/calls/{call_id:uuid}"


@get(f"{BASE}/ranking", sync_to_thread=True, include_in_schema=False)
def ranking(request: AnyRequest, actor: Actor, call_id: UUID) -> Response[Any]:
    with visit(request, actor) as here:
        seen = calls.committee_view(here.connection, here.me, call_id)
        call = record_by_id(here.connection, call_id, kind="call")
        href = f"/centre/calls/{call_id}"
        appeals = tuple(_appeal(href, one, filed) for one in seen.proposals for filed in one.appeals)
        view = CentreSheetPage(
            title=msg("Ranking and decision"),
            state=state_chip(seen.state),
            above=(Tab(label=here.around.name(call.facts.title, call.facts.title_zh), href=f"/centre/call/{call_id}"),),
            blocks=(
                Block(title=msg("Money"), figures=_money(here, seen, href)),
                Block(
                    title=msg("Proposals by their reviews"),
                    note=msg("mean and spread in % of all points"),
                    heads=(
                        msg("Rank"),
                        msg("Mean"),
                        msg("Spread"),
                        msg("Asked for"),
                        msg("Missing reviews"),
                        *((msg("Because"),) if any(one.because for one in seen.ranking) else ()),
                    ),
                    rows=tuple(_row(here, seen, href, one) for one in seen.ranking),
                    nothing=msg("No proposal is eligible yet."),
                ),
                *((Block(title=msg("Not in the ranking"), links=tuple(rest)),) if (rest := _rest(href, seen)) else ()),
            ),
            aside=(Block(title=msg("Appeals"), links=appeals, nothing=msg("No appeal.")),),
        )
        return page(view, here.around.shell)


def _money(visit: Visit, seen: CommitteeView, href: str) -> tuple[FigureCard, ...]:
    asked = sum(one.budget_minor for one in seen.ranking)
    return (
        FigureCard(label=msg("Left to give"), value=Shown(money=visit.around.money(seen.left_minor)), href=href),
        FigureCard(label=msg("Asked for in all"), value=Shown(money=visit.around.money(asked)), href=href),
        FigureCard(label=msg("Open appeals"), value=Shown(number=seen.open_appeals), href=href),
    )


def _row(visit: Visit, seen: CommitteeView, href: str, one: Standing) -> RecordRow:
    judged = next(proposal for proposal in seen.proposals if proposal.id == one.proposal)
    return RecordRow(
        href=f"{href}/proposal/{one.proposal}",
        title=visit.around.name(judged.blind.title, judged.blind.title_zh or judged.blind.title),
        state=state_chip(judged.state),
        cells=(
            Shown(number=one.place) if one.place else Shown(),
            Shown(number=one.mean, digits=1) if one.mean is not None else Shown(),
            Shown(number=one.spread, digits=1) if one.spread is not None else Shown(),
            Shown(money=visit.around.money(one.budget_minor)),
            Shown(number=one.missing),
            *((Shown(text=one.because or None),) if any(other.because for other in seen.ranking) else ()),
        ),
    )


def _rest(href: str, seen: CommitteeView) -> list[LinkRow]:
    ranked = {one.proposal for one in seen.ranking}
    left = (one for one in seen.proposals if one.id not in ranked)
    return [
        LinkRow(href=f"{href}/proposal/{one.id}", title=one.blind.title, badge=state_chip(one.state)) for one in left
    ]


def _appeal(href: str, proposal: Any, filed: Any) -> LinkRow:
    return LinkRow(
        href=f"{href}/proposal/{proposal.id}",
        title=proposal.blind.title,
        detail=filed.grounds[:120],
        badge=state_chip(filed.state),
    )


@get(f"{BASE}/proposal/{{proposal_id:uuid}}", sync_to_thread=True, include_in_schema=False)
def proposal(request: AnyRequest, actor: Actor, call_id: UUID, proposal_id: UUID) -> Response[Any]:
    with visit(request, actor) as here:
        judged = _judged(here, call_id, proposal_id)
        known = Known.of(here, [judged.blind, judged.identity])
        href = f"/centre/calls/{call_id}"
        view = CentreSheetPage(
            title=here.around.name(judged.blind.title, judged.blind.title_zh or judged.blind.title),
            state=state_chip(judged.state),
            above=(Tab(label=msg("Ranking and decision"), href=f"{href}/ranking"),),
            blocks=(
                *_decision(here, judged),
                Block(
                    title=msg("For reviewers"),
                    facts=fact_rows(known, "proposal", judged.blind, skip=("files", "title")),
                ),
                *(_review(said) for said in judged.reviews),
            ),
            aside=(
                *_todo(here, judged, call_id),
                Block(
                    title=msg("Who applies"), facts=fact_rows(known, "proposal", judged.identity, skip=("unwanted",))
                ),
                Block(title=msg("Discussion"), facts=tuple(_word(said) for said in judged.discussion)),
            ),
        )
        return page(view, here.around.shell)


def _judged(visit: Visit, call_id: UUID, proposal_id: UUID) -> Any:
    seen = calls.committee_view(visit.connection, visit.me, call_id)
    for one in seen.proposals:
        if one.id == proposal_id:
            return one
    raise Problem("centre.no-record", msg("There is no such record in this centre."), found=proposal_id, status=404)


def _todo(visit: Visit, judged: Any, call_id: UUID) -> tuple[Block, ...]:
    href = f"/centre/calls/{call_id}"
    links: list[LinkRow] = [*project_link(visit, call_id, judged)]
    if judged.state == "eligible":
        links.append(LinkRow(href=f"{href}/proposal/{judged.id}/decide", title=msg("Decide")))
    links += [
        LinkRow(
            href=f"{href}/proposal/{judged.id}/appeal/{filed.id}",
            title=msg("Answer the appeal"),
            detail=filed.grounds[:120],
        )
        for filed in judged.appeals
        if filed.state == "filed"
    ]
    return (Block(title=msg("To do"), links=tuple(links)),) if links else ()


def _decision(visit: Visit, judged: Any) -> tuple[Block, ...]:
    if judged.decision is None:
        return ()
    made = judged.decision
    rows = (
        FactRow(label=msg("Decision"), values=(Shown(text=choice_word(made.outcome)),)),
        FactRow(label=msg("Given"), values=(Shown(money=visit.around.money(made.amount_minor)),)),
        FactRow(label=msg("Reasons"), values=(Shown(text=made.reasons),), long=True),
    )
    return (Block(title=msg("Decision"), facts=rows),)


def _review(said: Any) -> Block:
    heads = (msg("Criterion"), msg("Points"), msg("For the authors"), msg("For the committee"))
    lines = tuple(
        (
            (Shown(text=one.criterion),),
            (Shown(number=one.points),),
            (Shown(text=one.for_authors),),
            (Shown(text=one.for_committee),),
        )
        for one in said.words.scores
    )
    texts = ((msg("For the authors"), said.words.for_authors), (msg("For the committee"), said.words.for_committee))
    return Block(
        title=said.reviewer,
        facts=tuple(FactRow(label=label, values=(Shown(text=text),), long=True) for label, text in texts if text),
        table=FactTable(heads=heads, rows=lines),
    )


def _word(said: Any) -> FactRow:
    return FactRow(label=said.reviewer, values=(Shown(text=said.text),), long=True)


@get(f"{BASE}/proposal/{{proposal_id:uuid}}/decide", sync_to_thread=True, include_in_schema=False)
def ask_decision(request: AnyRequest, actor: Actor, call_id: UUID, proposal_id: UUID) -> Response[Any]:
    return _ask(
        request, actor, call_id, proposal_id, calls.decide, {"proposal_id": proposal_id}, msg("Decide"), "decide"
    )


@post(f"{BASE}/proposal/{{proposal_id:uuid}}/decide", sync_to_thread=True, include_in_schema=False)
def decide(request: AnyRequest, actor: Actor, call_id: UUID, proposal_id: UUID, data: Form) -> Response[Any] | Redirect:
    given = {"proposal_id": proposal_id}
    return _ask(request, actor, call_id, proposal_id, calls.decide, given, msg("Decide"), "decide", data)


@get(f"{BASE}/proposal/{{proposal_id:uuid}}/appeal/{{appeal_id:uuid}}", sync_to_thread=True, include_in_schema=False)
def ask_answer(request: AnyRequest, actor: Actor, call_id: UUID, proposal_id: UUID, appeal_id: UUID) -> Response[Any]:
    given, label = {"appeal_id": appeal_id}, msg("Answer the appeal")
    return _ask(request, actor, call_id, proposal_id, calls.decide_appeal, given, label, f"appeal/{appeal_id}")


@post(f"{BASE}/proposal/{{proposal_id:uuid}}/appeal/{{appeal_id:uuid}}", sync_to_thread=True, include_in_schema=False)
def answer(
    request: AnyRequest, actor: Actor, call_id: UUID, proposal_id: UUID, appeal_id: UUID, data: Form
) -> Response[Any] | Redirect:
    given, label = {"appeal_id": appeal_id}, msg("Answer the appeal")
    return _ask(request, actor, call_id, proposal_id, calls.decide_appeal, given, label, f"appeal/{appeal_id}", data)


def _ask(
    request: AnyRequest,
    actor: Actor,
    call_id: UUID,
    proposal_id: UUID,
    command: Command,
    given: dict[str, Any],
    label: Message,
    end: str,
    data: dict[str, Any] | None = None,
) -> Response[Any] | Redirect:
    """Show the form of a command about a proposal, or carry it out with what was sent."""
    href = f"/centre/calls/{call_id}"
    with visit(request, actor) as here:
        judged = _judged(here, call_id, proposal_id)
        sent = sent_from(here, data) if data is not None else None
        answer = carry_out(here, command, sent, given) if sent else None
        if answer and answer.done:
            return see_other(f"{href}/ranking")
        filled = Filled(here, "proposal", sent=sent)
        view = command_page(
            filled, command, frozenset(given),
            title=Message("{what}: {title}", {"what": label, "title": judged.blind.title}),
            send=label, action=f"{href}/proposal/{proposal_id}/{end}", back=f"{href}/proposal/{proposal_id}",
            answer=answer,
        )  # fmt: skip
        return page(view, here.around.shell, status=422 if answer else 200)


HANDLERS = [ranking, proposal, ask_decision, decide, ask_answer, answer]
