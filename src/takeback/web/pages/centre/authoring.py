"""My proposals: /centre/proposals. All that is shown comes from the authors' view of calls; nothing of reviewers."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.response import Redirect

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.share.centre import calls
from takeback.share.centre.calls import OwnProposal, Proposal
from takeback.share.centre.files import LARGEST, content_of
from takeback.share.centre.records import find
from takeback.share.centre.records import get as record_by_id
from takeback.web.api.centre_files import downloaded
from takeback.web.console.centre_words import choice_word
from takeback.web.console.views import (
    Action,
    Block,
    CentreFormPage,
    CentreSheetPage,
    Chip,
    FactRow,
    FactTable,
    Field,
    FilterOption,
    FormPart,
    LinkRow,
    RecordRow,
    Send,
    Shown,
    Tab,
    Wrong,
    wrong_fields,
)
from takeback.web.pages.answers import Form, one, page, see_other
from takeback.web.pages.centre.forms import NOTE, Filled, fields_of
from takeback.web.pages.centre.keeping import Upload, sent_file
from takeback.web.pages.centre.reading import Sent, facts_from, sent_from, told
from takeback.web.pages.centre.rows import state_chip
from takeback.web.pages.centre.showing import Known, fact_rows
from takeback.web.pages.centre.visit import Visit, visit
from takeback.web.preferences import AnyRequest

MINE = "/centre/proposals"
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
    closes = msg("closes {day}", day=call.facts.day(call.facts.closes))
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
                if refused.status in {401, 403, 404}:
                    raise
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
    fields = fields_of(filled, Proposal)
    sent: Sent | None = filled.sent
    placed = {field.name for field in wrong_fields(fields)}
    rest = [wrong for name, wrong in sent.wrong.items() if name not in placed] if sent else []
    whole = [wrong_of(told) for told in (problem, *problem.errors)] if problem else []
    return CentreFormPage(
        title=msg("Proposal: {call}", call=title),
        note=msg("Reviewers read what stands under “For reviewers” and nothing else: write no names there.")
        if not old
        else NOTE,
        send=msg("Keep as draft") if old is None or old.state == "draft" else msg("Replace what was handed in"),
        action=f"{MINE}/{old.id}/edit" if old else f"{MINE}/new?call={call_id}",
        back=f"{MINE}/{old.id}" if old else MINE,
        fields=(*fields, *((_names_tick(),) if named else ())),
        wrong=(*whole, *rest),
        remedy=problem.remedy or "" if problem else "",
    )


def wrong_of(problem: Problem) -> Wrong:
    """Return a problem as it stands above a form."""
    found = "" if problem.found is None else str(problem.found)[:120]
    return Wrong(title=problem.title, found=found, expected=problem.expected or "")


@get(f"{MINE}/{{proposal_id:uuid}}", sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor, proposal_id: UUID) -> Response[Any]:
    with visit(request, actor) as here:
        mine = calls.author_view(here.connection, here.me, proposal_id)
        return page(_page(here, mine), here.around.shell)


def _page(
    visit: Visit, mine: OwnProposal, wrong: tuple[Wrong, ...] = (), wrong_file: tuple[Wrong, ...] = ()
) -> CentreSheetPage:
    known = Known.of(visit, [mine.blind, mine.identity])
    change = Action(label=msg("Change"), href=f"{MINE}/{mine.id}/edit", method="get", key="E")
    may_change = mine.leading and mine.open and mine.state in {"draft", "submitted"}
    blind = fact_rows(known, "proposal", mine.blind, skip=("files", "title"))
    return CentreSheetPage(
        title=visit.around.name(mine.blind.title, mine.blind.title_zh or mine.blind.title),
        state=state_chip(mine.state),
        above=(
            Tab(label=msg("My proposals"), href=MINE),
            Tab(label=visit.around.name(mine.call_title, mine.call_title_zh), href=f"/centre/call/{mine.call}"),
        ),
        actions=(*((change,) if may_change else ()), *_moves(mine)),
        blocks=(
            *_decided(visit, mine),
            *((Block(title=msg("Not eligible"), table=_reasons(mine)),) if mine.reasons else ()),
            Block(title=msg("For reviewers"), facts=blind),
            Block(title=msg("Who applies"), facts=_identity(known, mine)),
        ),
        aside=(*_steps(visit, mine, wrong), _files(mine, wrong_file)),
    )


def _identity(known: Known, mine: OwnProposal) -> tuple[FactRow, ...]:
    return fact_rows(known, "proposal", mine.identity, skip=("unwanted",))


def _moves(mine: OwnProposal) -> tuple[Action, ...]:
    if not mine.leading or mine.state not in {"draft", "submitted", "eligible"}:
        return ()
    sure = msg("Withdraw this proposal?")
    return (
        Action(label=msg("Withdraw"), href=f"{MINE}/{mine.id}/withdraw", confirm=sure, asks=msg("For what reason")),
    )


def _decided(visit: Visit, mine: OwnProposal) -> tuple[Block, ...]:
    if mine.decision is None:
        return ()
    told = mine.decision
    rows = (
        FactRow(label=msg("Decision"), values=(Shown(text=choice_word(told.outcome)),)),
        FactRow(label=msg("Given"), values=(Shown(money=visit.around.money(told.amount_minor)),)),
        FactRow(label=msg("Told on"), values=(Shown(text=told.day),)),
        FactRow(label=msg("Reasons"), values=(Shown(text=told.reasons),), long=True),
    )
    reviews = tuple(_review(review) for review in mine.reviews)
    return (Block(title=msg("Decision"), facts=rows), *reviews)


def _review(review: Any) -> Block:
    heads = (msg("Criterion"), msg("Points"), msg("Comment"))
    lines = tuple(
        ((Shown(text=one.criterion),), (Shown(number=one.points),), (Shown(text=one.comment),)) for one in review.scores
    )
    return Block(title=review.reviewer, text=review.comment, table=FactTable(heads=heads, rows=lines))


def _reasons(mine: OwnProposal) -> FactTable:
    lines = tuple(((Shown(text=r.says),), (Shown(text=r.found),), (Shown(text=r.expected),)) for r in mine.reasons)
    return FactTable(heads=(msg("Rule"), msg("Found"), msg("Expected")), rows=lines)


def _steps(visit: Visit, mine: OwnProposal, wrong: tuple[Wrong, ...]) -> tuple[Block, ...]:
    """Return what the lead can do next: hand in, or appeal."""
    found: list[Block] = []
    if mine.leading and mine.state == "draft" and mine.open:
        found.append(_submit(visit, mine, wrong))
    if mine.appeals:
        rows = (
            FactRow(label=choice_word(one.state), values=(Shown(text=one.answer or one.grounds),), long=True)
            for one in mine.appeals
        )
        found.append(Block(title=msg("Appeal"), facts=tuple(rows)))
    elif mine.leading and mine.appeal_until:
        grounds = Field(name="grounds", label=msg("Grounds"), sort="text", required=True, most=20_000)
        form = FormPart(
            action=f"{MINE}/{mine.id}/appeal", fields=(grounds,), sends=(Send(label=msg("Appeal")),), wrong=wrong
        )
        found.append(Block(title=msg("Appeal"), note=msg("until {day}", day=mine.appeal_until), form=form))
    return tuple(found)


def _submit(visit: Visit, mine: OwnProposal, wrong: tuple[Wrong, ...]) -> Block:
    warned = calls.before_submitting(visit.connection, visit.me, mine.id)
    lines = [
        FactRow(
            label=msg("Rule"), values=(Shown(text=Message("{found} ({rule})", {"found": f.found, "rule": f.expected})),)
        )
        for f in warned.findings
    ]
    lines += [_name_row(one) for one in warned.names]
    lines += [_unread_row(one) for one in warned.unread]
    form = FormPart(
        action=f"{MINE}/{mine.id}/submit",
        fields=(_names_tick(),) if warned.names else (),
        sends=(Send(label=msg("Hand in"), primary=True),),
        wrong=wrong,
    )
    note = msg("closes {day}, {time}", day=date.fromisoformat(mine.closes[:10]), time=mine.closes[11:16])
    return Block(title=msg("Hand in"), note=note, facts=tuple(lines), form=form)


def _names_tick() -> Field:
    return Field(name="despite_names", label=msg("What looks like a name is none"), sort="tick")


def _name_row(named: Any) -> FactRow:
    place = msg("{file}, {place}", file=named.where, place=named.place) if named.place else named.where
    said = Message("{found} ({place})", {"found": named.name, "place": place})
    around = (Shown(text=f"“…{named.excerpt}…”"),) if named.excerpt not in {"", named.name} else ()
    return FactRow(label=msg("A name in the text"), values=(Shown(text=said), *around))


def _unread_row(unread: Any) -> FactRow:
    values = (Shown(text=unread.file), *(Shown(text=place) for place in unread.places[:10]))
    return FactRow(label=msg("Cannot be searched for names"), values=values)


def _files(mine: OwnProposal, wrong: tuple[Wrong, ...]) -> Block:
    links = tuple(
        LinkRow(
            href=f"{MINE}/{mine.id}/files/{one.id}",
            title=one.name,
            badge=Chip(label=msg("for reviewers"), tone="good") if one.shown else Chip(label=msg("for us alone")),
        )
        for one in mine.files
    )
    shown = Field(name="blind", label=msg("Reviewers may open it"), sort="tick", values=("1",))
    file = Field(name="file", label=msg("File"), sort="file", required=True)
    form = FormPart(
        action=f"{MINE}/{mine.id}/files",
        fields=(file, shown, *_instead(mine), *((_names_tick(),) if len(wrong) > 1 else ())),
        sends=(Send(label=msg("Keep this file")),),
        wrong=wrong,
        files=True,
    )
    may = mine.leading and mine.open and mine.state in {"draft", "submitted"}
    hide = tuple(
        Action(
            label=msg("Hide {file}", file=one.name),
            href=f"{MINE}/{mine.id}/files/{one.id}/hide",
            confirm=msg("Hide {file} from reviewers?", file=one.name),
        )
        for one in mine.files
        if one.shown and may
    )
    return Block(title=msg("Files"), links=links, form=form if may else None, actions=hide, nothing=msg("No file yet."))


def _instead(mine: OwnProposal) -> tuple[Field, ...]:
    """Return the question which file a new one replaces, where reviewers may open one."""
    shown = tuple(FilterOption(value=str(one.id), label=one.name) for one in mine.files if one.shown)
    label = msg("Instead of, which reviewers then open no more")
    return (Field(name="instead", label=label, sort="choice", options=shown),) if shown else ()


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
            if problem.status in {401, 403, 404}:
                raise
            mine = calls.author_view(here.connection, here.me, proposal_id)
            wrong = tuple(wrong_of(told) for told in (problem, *problem.errors))
            parts = {"wrong_file": wrong} if of_file else {"wrong": wrong}
            return page(_page(here, mine, **parts), here.around.shell, status=422)


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
            calls.hide_file(here.connection, here.me, proposal_id, _file_of(here, proposal_id, instead))

    return _step(request, actor, proposal_id, keep, of_file=True)


def _file_of(visit: Visit, proposal_id: UUID, said: str) -> UUID:
    """Return the file of a proposal of one's own that a form names; ``centre.no-file`` (404)."""
    for kept in calls.author_view(visit.connection, visit.me, proposal_id).files:
        if str(kept.id) == said:
            return kept.id
    raise Problem("centre.no-file", msg("There is no such file, or it was erased."), found=said[:80], status=404)


@post(f"{MINE}/{{proposal_id:uuid}}/files/{{file_id:uuid}}/hide", sync_to_thread=True, include_in_schema=False)
def hide(request: AnyRequest, actor: Actor, proposal_id: UUID, file_id: UUID) -> Response[Any] | Redirect:
    def take_out(here: Visit) -> None:
        calls.hide_file(here.connection, here.me, proposal_id, _file_of(here, proposal_id, str(file_id)))

    return _step(request, actor, proposal_id, take_out)


@get(f"{MINE}/{{proposal_id:uuid}}/files/{{file_id:uuid}}", sync_to_thread=True, include_in_schema=False)
def read(request: AnyRequest, actor: Actor, proposal_id: UUID, file_id: UUID) -> Response[bytes]:
    with visit(request, actor) as here:
        mine = calls.author_view(here.connection, here.me, proposal_id)
        kept = next((one for one in mine.files if one.id == file_id), None)
        if kept is None:
            raise Problem("centre.no-file", msg("There is no such file, or it was erased."), found=file_id, status=404)
        return downloaded(content_of(here.connection, file_id), kept.name, "application/octet-stream")


HANDLERS = [index, new, draft, edit, change, show, submit, withdraw, appeal, attach, hide, read]
