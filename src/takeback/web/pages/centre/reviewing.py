"""My reviews: /centre/reviews. All that is shown comes from the reviewers' view of calls; nothing tells who applies."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.share.centre import calls
from takeback.share.centre.calls import ReviewerView, Score, Words
from takeback.web.api.centre_files import downloaded
from takeback.web.console.views import (
    Action,
    Block,
    CentreSheetPage,
    Chip,
    FactRow,
    FactTable,
    Field,
    FormPart,
    LinkRow,
    RecordRow,
    Send,
    Shown,
    Tab,
    Wrong,
)
from takeback.web.pages.answers import Form, one, page, see_other
from takeback.web.pages.centre.authoring import wrong_of
from takeback.web.pages.centre.rows import state_chip
from takeback.web.pages.centre.visit import Visit, visit
from takeback.web.preferences import AnyRequest

MINE = "/centre/reviews"


@get(MINE, sync_to_thread=True, include_in_schema=False)
def index(request: AnyRequest, actor: Actor) -> Response[Any]:
    with visit(request, actor) as here:
        rows = tuple(_call(here, call) for call in calls.calls_to_review(here.connection, here.me))
        block = Block(
            title=msg("Calls in which I review"),
            heads=(msg("Due"), msg("Handed in"), msg("Reviews in all")),
            rows=rows,
            nothing=msg("You have no review to write."),
        )
        return page(CentreSheetPage(title=msg("My reviews"), blocks=(block,)), here.around.shell)


def _state(call: calls.CallToReview) -> Chip:
    """Return whether there is anything left to write."""
    if not call.open:
        return Chip(label=msg("over"))
    return (
        Chip(label=msg("all handed in"), tone="good")
        if call.final >= call.reviews
        else Chip(label=msg("to write"), tone="warn")
    )


def _call(visit: Visit, call: calls.CallToReview) -> RecordRow:
    state = _state(call)
    cells = (Shown(day=date.fromisoformat(call.due)), Shown(number=call.final), Shown(number=call.reviews))
    return RecordRow(
        href=f"{MINE}/{call.call}", title=visit.around.name(call.title, call.title_zh), state=state, cells=cells
    )


@get(f"{MINE}/{{call_id:uuid}}", sync_to_thread=True, include_in_schema=False)
def call(request: AnyRequest, actor: Actor, call_id: UUID) -> Response[Any]:
    with visit(request, actor) as here:
        seen = calls.reviewer_view(here.connection, here.me, call_id)
        rows = tuple(
            RecordRow(
                href=f"{MINE}/{call_id}/{one.name}",
                title=here.around.name(one.title, one.title_zh or one.title),
                state=state_chip(one.state),
                cells=(Shown(text=one.me), Shown(money=here.around.money(one.budget_minor)), Shown(number=one.months)),
            )
            for one in seen.proposals
        )
        view = CentreSheetPage(
            title=here.around.name(seen.call.title, seen.call.title_zh),
            note=msg("reviews are due on {day}", day=date.fromisoformat(seen.call.due)),
            above=(Tab(label=msg("My reviews"), href=MINE),),
            blocks=(
                Block(
                    title=msg("Proposals to review"),
                    heads=(msg("I am"), msg("Asked for"), msg("Months")),
                    rows=rows,
                ),
            ),
            aside=(_criteria(here, seen),),
        )
        return page(view, here.around.shell)


def _criteria(visit: Visit, seen: ReviewerView) -> Block:
    lines = tuple(
        ((Shown(text=visit.around.name(c.title, c.title_zh)),), (Shown(number=c.weight),), (Shown(number=c.highest),))
        for c in seen.criteria
    )
    heads = (msg("Criterion"), msg("Weight"), msg("Highest"))
    text = visit.around.name(seen.text, seen.text_zh)
    return Block(title=msg("What is asked"), text=text, table=FactTable(heads=heads, rows=lines))


@get(f"{MINE}/{{call_id:uuid}}/{{name:str}}", sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor, call_id: UUID, name: str) -> Response[Any]:
    with visit(request, actor) as here:
        return page(_page(here, call_id, name), here.around.shell)


@post(f"{MINE}/{{call_id:uuid}}/{{name:str}}", sync_to_thread=True, include_in_schema=False)
def save(request: AnyRequest, actor: Actor, call_id: UUID, name: str, data: Form) -> Response[Any] | Redirect:
    with visit(request, actor) as here:
        seen = calls.reviewer_view(here.connection, here.me, call_id)
        words, wrong = _words(seen, data)
        final, anyway = one(data, "send") == "final", bool(one(data, "despite_names"))
        if not wrong:
            try:
                with here.connection.begin_nested():
                    calls.save_review(here.connection, here.me, call_id, name, words, final=final, despite_names=anyway)
                return see_other(f"{MINE}/{call_id}" if final else f"{MINE}/{call_id}/{name}")
            except Problem as problem:
                if problem.status in {401, 403, 404}:
                    raise
                wrong = {_place(seen, problem): wrong_of(problem)}
        return page(_page(here, call_id, name, words=words, wrong=wrong), here.around.shell, status=422)


def _place(seen: ReviewerView, problem: Problem) -> str:
    codes = {criterion.code for criterion in seen.criteria}
    return f"points.{problem.where}" if problem.where in codes else ""


def _words(seen: ReviewerView, data: Form) -> tuple[Words, dict[str, Wrong]]:
    """Return the words that a form says, and what is wrong with its points."""
    scores, wrong = [], {}
    for criterion in seen.criteria:
        text = one(data, f"points.{criterion.code}").strip()
        if not text:
            continue
        if not text.isdecimal() or int(text[:4]) > criterion.highest:
            expected = msg("0 to {highest}", highest=criterion.highest)
            wrong[f"points.{criterion.code}"] = Wrong(
                title=msg("This is not understood."), found=text[:40], expected=expected
            )
            continue
        authors, committee = (
            one(data, f"{side}.{criterion.code}").strip()[:20_000] for side in ("authors", "committee")
        )
        scores.append(Score(criterion=criterion.code, points=int(text), for_authors=authors, for_committee=committee))
    authors, committee = (one(data, side).strip()[:20_000] for side in ("for_authors", "for_committee"))
    return Words(scores=tuple(scores), for_authors=authors, for_committee=committee), wrong


def _page(
    visit: Visit, call_id: UUID, name: str, *, words: Words | None = None, wrong: dict[str, Wrong] | None = None
) -> CentreSheetPage:
    seen = calls.reviewer_view(visit.connection, visit.me, call_id)
    proposal = next((one for one in seen.proposals if one.name == name), None)
    if proposal is None:
        raise Problem("centre.no-record", msg("There is no such record in this centre."), found=name, status=404)
    href = f"{MINE}/{call_id}/{name}"
    writes = seen.call.open and proposal.state != "final"
    declares = Action(
        label=msg("I have an interest"),
        href=f"{href}/interest",
        confirm=msg("Declare an interest? The review goes back, and somebody else writes it."),
        asks=msg("Which"),
    )
    own = Block(title=msg("My review"), note=msg("you are {name}", name=proposal.me), facts=_said(seen, proposal.words))
    form = _form(seen, href, words or proposal.words, wrong or {})
    return CentreSheetPage(
        title=visit.around.name(proposal.title, proposal.title_zh or proposal.title),
        state=state_chip(proposal.state),
        above=(
            Tab(label=msg("My reviews"), href=MINE),
            Tab(label=visit.around.name(seen.call.title, seen.call.title_zh), href=f"{MINE}/{call_id}"),
        ),
        actions=(declares,) if writes else (),
        blocks=(
            Block(title=msg("Proposal"), facts=_proposal(visit, proposal)),
            Block(title=msg("My review"), note=msg("you are {name}", name=proposal.me), form=form) if writes else own,
            *(_peer(seen, peer) for peer in proposal.peers),
        ),
        aside=(_files(href, proposal), *_discussion(seen, proposal, href), _criteria(visit, seen)),
    )


def _proposal(visit: Visit, proposal: Any) -> tuple[FactRow, ...]:
    def line(label: Message, *values: Shown, long: bool = False) -> FactRow:
        return FactRow(label=label, values=values, long=long)

    costs = FactTable(
        heads=(msg("What for"), msg("Amount")),
        rows=tuple(((Shown(text=c.what),), (Shown(money=visit.around.money(c.minor)),)) for c in proposal.costs),
    )
    told = (
        (msg("Summary"), visit.around.name(proposal.summary, proposal.summary_zh or proposal.summary)),
        (msg("Approach"), proposal.approach),
        (msg("What is expected"), proposal.expected),
    )
    return (
        line(msg("Months"), Shown(number=proposal.months)),
        line(msg("Asked for"), Shown(money=visit.around.money(proposal.budget_minor))),
        *((line(msg("Keywords"), *(Shown(text=word) for word in proposal.keywords)),) if proposal.keywords else ()),
        *(line(label, Shown(text=text), long=True) for label, text in told if text),
        *((FactRow(label=msg("Costs"), table=costs),) if proposal.costs else ()),
    )


def _said(seen: ReviewerView, words: Words) -> tuple[FactRow, ...]:
    highest = {criterion.code: criterion.highest for criterion in seen.criteria}
    lines = tuple(
        (
            (Shown(text=one.criterion),),
            (Shown(text=f"{one.points} / {highest.get(one.criterion, '?')}"),),
            (Shown(text=one.for_authors),),
            (Shown(text=one.for_committee),),
        )
        for one in words.scores
    )
    heads = (msg("Criterion"), msg("Points"), msg("For the authors"), msg("For the committee"))
    texts = ((msg("For the authors"), words.for_authors), (msg("For the committee"), words.for_committee))
    return (
        FactRow(label=msg("Scores"), table=FactTable(heads=heads, rows=lines)),
        *(FactRow(label=label, values=(Shown(text=text),), long=True) for label, text in texts if text),
    )


def _form(seen: ReviewerView, href: str, words: Words, wrong: dict[str, Wrong]) -> FormPart:
    scores = {score.criterion: score for score in words.scores}
    fields: list[Field] = []
    for criterion in seen.criteria:
        fields.append(_criterion(criterion, scores.get(criterion.code), wrong))
    for name, label in (("for_authors", msg("For the authors")), ("for_committee", msg("For the committee"))):
        fields.append(Field(name=name, label=label, sort="text", value=getattr(words, name), most=20_000))
    if any("name" in str(one.title) or "who you are" in str(one.title) for one in wrong.values()):
        fields.append(Field(name="despite_names", label=msg("What looks like a name is none"), sort="tick"))
    sends = (Send(label=msg("Hand in"), value="final", primary=True), Send(label=msg("Keep as draft"), value="draft"))
    return FormPart(action=href, fields=tuple(fields), sends=sends, wrong=tuple(w for n, w in wrong.items() if not n))


def _criterion(criterion: Any, score: Score | None, wrong: dict[str, Wrong]) -> Field:
    code = criterion.code
    parts = (
        Field(
            name=f"points.{code}", label=msg("Points"), sort="number", value=str(score.points) if score else "",
            unit=msg("of {highest}", highest=criterion.highest), wrong=wrong.get(f"points.{code}"),
        ),
        Field(
            name=f"authors.{code}", label=msg("For the authors"), sort="text", value=score.for_authors if score else "",
        ),
        Field(
            name=f"committee.{code}", label=msg("For the committee"), sort="text",
            value=score.for_committee if score else "",
        ),
    )  # fmt: skip
    return Field(name=f"c.{code}", label=criterion.title, sort="group", fields=parts)


def _peer(seen: ReviewerView, peer: Any) -> Block:
    return Block(title=peer.reviewer, facts=_said(seen, peer.words))


def _files(href: str, proposal: Any) -> Block:
    links = tuple(LinkRow(href=f"{href}/files/{one.name}", title=one.label) for one in proposal.files)
    return Block(title=msg("Files"), links=links, nothing=msg("No file yet."))


def _discussion(seen: ReviewerView, proposal: Any, href: str) -> tuple[Block, ...]:
    if not proposal.discussing:
        return ()
    said = tuple(
        FactRow(
            label=msg("I ({name})", name=one.reviewer) if one.mine else one.reviewer,
            values=(Shown(text=one.text),),
            long=True,
        )
        for one in proposal.discussion
    )
    text = Field(name="text", label=msg("To the other reviewers"), sort="text", required=True, most=20_000)
    form = FormPart(action=f"{href}/discuss", fields=(text,), sends=(Send(label=msg("Say it")),))
    return (Block(title=msg("Discussion"), facts=said, form=form if seen.call.open else None),)


@post(f"{MINE}/{{call_id:uuid}}/{{name:str}}/discuss", sync_to_thread=True, include_in_schema=False)
def discuss(request: AnyRequest, actor: Actor, call_id: UUID, name: str, data: Form) -> Redirect:
    with visit(request, actor) as here:
        calls.discuss(here.connection, here.me, call_id, name, one(data, "text")[:20_000])
    return see_other(f"{MINE}/{call_id}/{name}")


@post(f"{MINE}/{{call_id:uuid}}/{{name:str}}/interest", sync_to_thread=True, include_in_schema=False)
def interest(request: AnyRequest, actor: Actor, call_id: UUID, name: str, data: Form) -> Redirect:
    with visit(request, actor) as here:
        calls.declare_conflict(here.connection, here.me, call_id, proposal=name, note=one(data, "reason")[:4000])
    return see_other(MINE)


@get(f"{MINE}/{{call_id:uuid}}/{{name:str}}/files/{{file:str}}", sync_to_thread=True, include_in_schema=False)
def read(request: AnyRequest, actor: Actor, call_id: UUID, name: str, file: str) -> Response[bytes]:
    with visit(request, actor) as here:
        label, media_type, content = calls.reviewer_file(here.connection, here.me, call_id, name, file)
        return downloaded(content, label, media_type)


HANDLERS = [index, call, show, save, discuss, interest, read]
