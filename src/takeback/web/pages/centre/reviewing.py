"""My reviews: /centre/reviews: the calls, their proposals, what a reviewer sends (the page of one: `review_sheet`).

All that is shown comes from the reviewers' view of calls; nothing tells who applies.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.share.centre import calls
from takeback.share.centre.calls import ReviewerView, Score, Words
from takeback.web.api.centre_files import downloaded
from takeback.web.console.views import (
    Block,
    CentreSheetPage,
    Chip,
    RecordRow,
    Shown,
    Tab,
    Wrong,
)
from takeback.web.pages.answers import Form, one, page, see_other
from takeback.web.pages.centre.review_sheet import MINE, criteria, review_sheet, reviewer_word
from takeback.web.pages.centre.rows import state_chip
from takeback.web.pages.centre.visit import Visit, visit
from takeback.web.pages.centre.wrongs import only_mendable, wrong_of
from takeback.web.preferences import AnyRequest


@get(MINE, sync_to_thread=True, include_in_schema=False)
def index(request: AnyRequest, actor: Actor) -> Response[Any]:
    with visit(request, actor) as here:
        rows = tuple(_call(here, call) for call in calls.calls_to_review(here.connection, here.me))
        block = Block(
            title=msg("Calls in which I review"),
            heads=(msg("Due on"), msg("Handed in"), msg("Reviews in all")),
            rows=rows,
            nothing=msg("You have no review to write."),
        )
        return page(CentreSheetPage(title=msg("My reviews"), blocks=(block,)), here.around.shell)


def _state(call: calls.CallToReview) -> Chip:
    """Return whether there is anything left to write."""
    if not call.open:
        return Chip(label=msg("over"))
    if call.final >= call.reviews:
        return Chip(label=msg("all handed in"), tone="good")
    return Chip(label=msg("to write"), tone="warn")


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
                cells=(
                    Shown(text=reviewer_word(one.me)),
                    Shown(money=here.around.money(one.budget_minor)),
                    Shown(number=one.months),
                ),
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
            aside=(criteria(here, seen),),
        )
        return page(view, here.around.shell)


@get(f"{MINE}/{{call_id:uuid}}/{{name:str}}", sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor, call_id: UUID, name: str) -> Response[Any]:
    with visit(request, actor) as here:
        return page(review_sheet(here, call_id, name), here.around.shell)


@post(f"{MINE}/{{call_id:uuid}}/{{name:str}}", sync_to_thread=True, include_in_schema=False)
def save(request: AnyRequest, actor: Actor, call_id: UUID, name: str, data: Form) -> Response[Any] | Redirect:
    with visit(request, actor) as here:
        seen = calls.reviewer_view(here.connection, here.me, call_id)
        words, wrong = _words(seen, data)
        final, anyway, named = one(data, "send") == "final", bool(one(data, "despite_names")), False
        if not wrong:
            try:
                with here.connection.begin_nested():
                    calls.save_review(here.connection, here.me, call_id, name, words, final=final, despite_names=anyway)
                return see_other(f"{MINE}/{call_id}" if final else f"{MINE}/{call_id}/{name}")
            except Problem as problem:
                only_mendable(problem)
                wrong = {_place(seen, problem): wrong_of(problem)}
                named = problem.kind == "centre.names-in-text"
        view = review_sheet(here, call_id, name, words=words, wrong=wrong, named=named)
        return page(view, here.around.shell, status=422)


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
