"""My proposals: /centre/proposals: the list, the form, what the lead can do, files (the page of one: `proposal_sheet`).

All that is shown comes from the authors' view of calls; nothing of reviewers.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.response import Redirect

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.share.centre import calls
from takeback.share.centre.calls import OwnProposal, Proposal
from takeback.share.centre.files import LARGEST, content_of, one_of
from takeback.share.centre.records import Record, find
from takeback.share.centre.records import get as record_by_id
from takeback.web.api.centre_files import downloaded
from takeback.web.console.views import (
    Block,
    CentreFormPage,
    CentreSheetPage,
    Chip,
    FilterOption,
    LinkRow,
    RecordRow,
    Shown,
)
from takeback.web.pages.answers import Form, one, page, see_other
from takeback.web.pages.centre.forms import NOTE, Filled, fields_of
from takeback.web.pages.centre.keeping import Upload, sent_file
from takeback.web.pages.centre.proposal_sheet import MINE, names_tick, proposal_sheet
from takeback.web.pages.centre.reading import facts_from, sent_from, told
from takeback.web.pages.centre.rows import state_chip, title_of
from takeback.web.pages.centre.visit import Visit, visit
from takeback.web.pages.centre.wrongs import only_mendable, wrongs_above, wrongs_of
from takeback.web.preferences import AnyRequest

LEFT_OUT = ("call", "findings", "identity.lead", "identity.member", "identity.unwanted", "blind.files")
"""Fields that the page knows, or that would show who is an expert."""


@get(MINE, sync_to_thread=True, include_in_schema=False)
def index(request: AnyRequest, actor: Actor) -> Response[Any]:
    with visit(request, actor) as here:
        here.me.require("proposal.submit")
        mine = calls.own_proposals(here.connection, here.me)
        open_calls = find(here.connection, "call", state="published")
        view = CentreSheetPage(
            title=msg("My proposals"),
            blocks=(
                Block(
                    title=msg("Proposals that I lead or work on"),
                    heads=(msg("Call"), msg("Asked for")),
                    rows=tuple(_row(here, proposal) for proposal in mine),
                    nothing=msg("You have no proposal yet."),
                ),
            ),
            aside=(
                Block(
                    title=msg("Open calls"),
                    links=tuple(_open_call(here, call) for call in open_calls),
                    nothing=msg("No call is open now."),
                ),
            ),
        )
        return page(view, here.around.shell)


def _row(visit: Visit, mine: OwnProposal) -> RecordRow:
    call = visit.around.name(mine.call_title, mine.call_title_zh)
    asked = Shown(money=visit.around.money(mine.blind.budget_minor))
    title = visit.around.name(mine.blind.title, mine.blind.title_zh or mine.blind.title)
    return RecordRow(
        href=f"{MINE}/{mine.id}", title=title, state=state_chip(mine.state), cells=(Shown(text=call), asked)
    )


def _open_call(visit: Visit, call: Any) -> LinkRow:
    title = visit.around.name(call.facts.title, call.facts.title_zh)
    closes = msg("closes {day}", day=date.fromisoformat(call.facts.day(call.facts.closes)))
    return LinkRow(
        href=f"{MINE}/new?call={call.id}", title=title, detail=closes, badge=Chip(label=msg("apply"), tone="good")
    )


@get(f"{MINE}/new", sync_to_thread=True, include_in_schema=False)
def new(request: AnyRequest, actor: Actor, call: UUID) -> Response[Any]:
    with visit(request, actor) as here:
        here.me.require("proposal.submit")
        filled = Filled(here, "proposal", skip=LEFT_OUT)
        return page(_form(here, filled, call, None), here.around.shell)


@post(f"{MINE}/new", sync_to_thread=True, include_in_schema=False)
def draft(request: AnyRequest, actor: Actor, call: UUID, data: Form) -> Response[Any] | Redirect:
    return _save(request, actor, call, None, data)


@get(f"{MINE}/{{proposal_id:uuid}}/edit", sync_to_thread=True, include_in_schema=False)
def edit(request: AnyRequest, actor: Actor, proposal_id: UUID) -> Response[Any]:
    with visit(request, actor) as here:
        mine = calls.author_view(here.connection, here.me, proposal_id)
        said = {"problem": mine.problem, "blind": mine.blind, "identity": mine.identity}
        filled = Filled(here, "proposal", said=msgspec.to_builtins(said), skip=LEFT_OUT)
        return page(_form(here, filled, mine.call, mine), here.around.shell)


@post(f"{MINE}/{{proposal_id:uuid}}/edit", sync_to_thread=True, include_in_schema=False)
def change(request: AnyRequest, actor: Actor, proposal_id: UUID, data: Form) -> Response[Any] | Redirect:
    return _save(request, actor, None, proposal_id, data)


def _save(
    request: AnyRequest, actor: Actor, call: UUID | None, proposal_id: UUID | None, data: Form
) -> Response[Any] | Redirect:
    with visit(request, actor) as here:
        old = calls.author_view(here.connection, here.me, proposal_id) if proposal_id else None
        sent = sent_from(here, data)
        call_id = old.call if old else call
        sent.fixed = _fixed(here, call_id, old)
        facts, problem, named = facts_from(sent, Proposal), None, False
        if facts is not None:
            try:
                with here.connection.begin_nested():
                    kept = _write(here, proposal_id, facts, despite_names=bool(one(data, "despite_names")))
                return see_other(f"{MINE}/{kept}")
            except Problem as refused:
                only_mendable(refused)
                problem = None if told(sent, refused, Proposal) else refused
                named = refused.kind == "centre.names-in-text"
        filled = Filled(here, "proposal", sent=sent, skip=LEFT_OUT)
        return page(_form(here, filled, call_id, old, problem, named=named), here.around.shell, status=422)


def _fixed(visit: Visit, call: UUID | None, old: OwnProposal | None) -> dict[str, Any]:
    me = visit.me
    lead, member = (old.identity.lead, old.identity.member) if old else (me.person(), me.member_id)
    return {
        "call": str(call),
        "findings": [],
        "identity.lead": str(lead),
        "identity.member": str(member),
        "identity.unwanted": [str(one) for one in old.identity.unwanted] if old else [],
        "blind.files": [str(one) for one in old.blind.files] if old else [],
    }


def _write(visit: Visit, proposal_id: UUID | None, facts: Proposal, *, despite_names: bool) -> UUID:
    if proposal_id is None:
        return calls.draft_proposal(visit.connection, visit.me, facts).id
    return calls.change_proposal(visit.connection, visit.me, proposal_id, facts, despite_names=despite_names).id


def _form(
    visit: Visit,
    filled: Filled,
    call_id: UUID | None,
    old: OwnProposal | None,
    problem: Problem | None = None,
    *,
    named: bool = False,
) -> CentreFormPage:
    call = record_by_id(visit.connection, call_id, kind="call") if call_id else None
    title = visit.around.name(call.facts.title, call.facts.title_zh) if call else ""
    if call is not None:
        filled.offers = {"problem": _open_problems(visit, call, old)}
    fields = fields_of(filled, Proposal)
    return CentreFormPage(
        title=msg("Proposal: {call}", call=title),
        note=msg("Reviewers read what stands under “For reviewers” and nothing else: write no names there.")
        if not old
        else NOTE,
        send=msg("Keep as draft") if old is None or old.state == "draft" else msg("Replace what was handed in"),
        action=f"{MINE}/{old.id}/edit" if old else f"{MINE}/new?call={call_id}",
        back=f"{MINE}/{old.id}" if old else MINE,
        fields=(*fields, *((names_tick(),) if named else ())),
        wrong=wrongs_above(fields, filled.sent.wrong if filled.sent else {}, problem),
        remedy=problem.remedy or "" if problem else "",
    )


def _open_problems(visit: Visit, call: Record, old: OwnProposal | None) -> tuple[FilterOption, ...]:
    """Return the problems of a call that wait for a solution, and the one that the proposal answers already."""
    chosen = old.problem if old else None
    named = (record_by_id(visit.connection, one, kind="common-problem") for one in call.facts.problems)
    return tuple(
        FilterOption(value=str(one.id), label=title_of(visit, one))
        for one in named
        if one.state == "called" or one.id == chosen
    )


@get(f"{MINE}/{{proposal_id:uuid}}", sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor, proposal_id: UUID) -> Response[Any]:
    with visit(request, actor) as here:
        mine = calls.author_view(here.connection, here.me, proposal_id)
        return page(proposal_sheet(here, mine), here.around.shell)


@post(f"{MINE}/{{proposal_id:uuid}}/submit", sync_to_thread=True, include_in_schema=False)
def submit(request: AnyRequest, actor: Actor, proposal_id: UUID, data: Form) -> Response[Any] | Redirect:
    def hand_in(here: Visit) -> None:
        calls.submit_proposal(here.connection, here.me, proposal_id, despite_names=bool(one(data, "despite_names")))

    return _step(request, actor, proposal_id, hand_in)


@post(f"{MINE}/{{proposal_id:uuid}}/withdraw", sync_to_thread=True, include_in_schema=False)
def withdraw(request: AnyRequest, actor: Actor, proposal_id: UUID, data: Form) -> Response[Any] | Redirect:
    def take_back(here: Visit) -> None:
        calls.withdraw_proposal(here.connection, here.me, proposal_id, one(data, "reason")[:4000])

    return _step(request, actor, proposal_id, take_back)


@post(f"{MINE}/{{proposal_id:uuid}}/appeal", sync_to_thread=True, include_in_schema=False)
def appeal(request: AnyRequest, actor: Actor, proposal_id: UUID, data: Form) -> Response[Any] | Redirect:
    def file_it(here: Visit) -> None:
        calls.appeal(here.connection, here.me, proposal_id, one(data, "grounds"))

    return _step(request, actor, proposal_id, file_it)


def _step(
    request: AnyRequest, actor: Actor, proposal_id: UUID, do: Any, *, of_file: bool = False
) -> Response[Any] | Redirect:
    with visit(request, actor) as here:
        try:
            with here.connection.begin_nested():
                do(here)
            return see_other(f"{MINE}/{proposal_id}")
        except Problem as problem:
            only_mendable(problem)
            mine = calls.author_view(here.connection, here.me, proposal_id)
            parts = {"wrong_file" if of_file else "wrong": wrongs_of(problem)}
            return page(proposal_sheet(here, mine, **parts), here.around.shell, status=422)


@post(
    f"{MINE}/{{proposal_id:uuid}}/files",
    sync_to_thread=True,
    include_in_schema=False,
    request_max_body_size=LARGEST + 100_000,
)
def attach(request: AnyRequest, actor: Actor, proposal_id: UUID, data: Upload) -> Response[Any] | Redirect:
    name, media_type, content = sent_file(data)
    blind, anyway = bool(one(data, "blind")), bool(one(data, "despite_names"))

    def keep(here: Visit) -> None:
        calls.attach_to_proposal(
            here.connection, here.me, proposal_id, name, media_type, content, blind=blind, despite_names=anyway
        )
        if instead := one(data, "instead"):
            _hide_file(here, proposal_id, instead)

    return _step(request, actor, proposal_id, keep, of_file=True)


def _hide_file(visit: Visit, proposal_id: UUID, file_id: UUID | str) -> None:
    mine = calls.author_view(visit.connection, visit.me, proposal_id)
    calls.hide_file(visit.connection, visit.me, proposal_id, one_of(mine.files, file_id).id)


@post(f"{MINE}/{{proposal_id:uuid}}/files/{{file_id:uuid}}/hide", sync_to_thread=True, include_in_schema=False)
def hide(request: AnyRequest, actor: Actor, proposal_id: UUID, file_id: UUID) -> Response[Any] | Redirect:
    return _step(request, actor, proposal_id, lambda here: _hide_file(here, proposal_id, file_id))


@get(f"{MINE}/{{proposal_id:uuid}}/files/{{file_id:uuid}}", sync_to_thread=True, include_in_schema=False)
def read(request: AnyRequest, actor: Actor, proposal_id: UUID, file_id: UUID) -> Response[bytes]:
    with visit(request, actor) as here:
        mine = calls.author_view(here.connection, here.me, proposal_id)
        name = one_of(mine.files, file_id).name
        return downloaded(content_of(here.connection, file_id), name, "application/octet-stream")


HANDLERS = [index, new, draft, edit, change, show, submit, withdraw, appeal, attach, hide, read]
