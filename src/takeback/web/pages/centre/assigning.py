"""Who reviews what, by hand: /centre/calls/{id}/reviewers, for those who run the call and are on neither side of it.

A reviewer with a conflict is refused with the rule; a review that is not final can be taken back, with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.share.centre import calls
from takeback.share.centre.calls.assigning import reviewers_of
from takeback.share.centre.calls.conflict import RULES
from takeback.share.centre.calls.conflicts import Found
from takeback.share.centre.calls.taking_part import proposals_of, reviews_in
from takeback.share.centre.people import Person
from takeback.share.centre.records import Record
from takeback.share.centre.records import get as record_by_id
from takeback.web.console.centre_words import state_word
from takeback.web.console.views import (
    Action,
    Block,
    CentreSheetPage,
    FactTable,
    Field,
    FilterOption,
    FormPart,
    Send,
    Shown,
    Tab,
    Wrong,
)
from takeback.web.pages.answers import Form, one, page, see_other
from takeback.web.pages.centre.rows import state_chip
from takeback.web.pages.centre.visit import Visit, visit
from takeback.web.pages.centre.wrongs import only_mendable, wrong_of
from takeback.web.preferences import AnyRequest

URL = "/centre/calls/{call_id:uuid}/reviewers"


@get(URL, sync_to_thread=True, include_in_schema=False)
def index(request: AnyRequest, actor: Actor, call_id: UUID) -> Response[Any]:
    with visit(request, actor) as here:
        return page(_page(here, call_id), here.around.shell)


def _page(
    visit: Visit, call_id: UUID, wrong: tuple[Wrong, ...] = (), chosen: Mapping[str, str] = {}
) -> CentreSheetPage:
    found = calls.conflicts(visit.connection, visit.me, call_id)  # looks at who asks
    call = record_by_id(visit.connection, call_id, kind="call")
    eligible = proposals_of(visit.connection, call_id, "eligible")
    reviews, experts = reviews_in(visit.connection, call_id), reviewers_of(visit.connection)
    known = {expert.id: expert for expert in experts}
    by_hand = call.state == "reviewing" and eligible
    return CentreSheetPage(
        title=msg("Reviewers"),
        state=state_chip(call.state),
        above=(Tab(label=visit.around.name(call.facts.title, call.facts.title_zh), href=f"/centre/call/{call_id}"),),
        blocks=tuple(_proposal(visit, call, one, reviews.get(one.id, ()), known) for one in eligible)
        or (Block(title=msg("Proposals"), nothing=msg("No proposal is eligible yet.")),),
        aside=(
            *((_by_hand(visit, call_id, eligible, experts, wrong, chosen),) if by_hand else ()),
            _conflicts(visit, found, eligible, known),
        ),
    )


def _conflicts(visit: Visit, found: Sequence[Found], eligible: Sequence[Record], known: Mapping[UUID, Person]) -> Block:
    titles = {one.id: one.title for one in eligible}
    rows = tuple(
        (
            (Shown(text=titles[one.proposal]),),
            (Shown(text=_name(visit, known, one.expert)),),
            (Shown(text=RULES[one.rule]),),
        )
        for one in found
        if one.proposal in titles and one.expert in known
    )
    return Block(
        title=msg("Conflicts"),
        table=FactTable(heads=(msg("Proposal"), msg("Expert"), msg("Rule")), rows=rows) if rows else None,
        nothing=msg("No expert has a conflict."),
    )


def _by_hand(
    visit: Visit,
    call_id: UUID,
    proposals: Sequence[Record],
    experts: Sequence[Person],
    wrong: tuple[Wrong, ...],
    chosen: Mapping[str, str],
) -> Block:
    what = tuple(FilterOption(value=str(one.id), label=one.title) for one in proposals)
    who = tuple(FilterOption(value=str(one.id), label=visit.person(one)) for one in experts)
    form = FormPart(
        action=f"/centre/calls/{call_id}/reviewers",
        fields=(_choice("proposal", msg("Proposal"), what, chosen), _choice("expert", msg("Expert"), who, chosen)),
        sends=(Send(label=msg("Assign"), primary=True),),
        wrong=wrong,
    )
    return Block(title=msg("Assign one reviewer"), form=form)


def _choice(name: str, label: Message, options: tuple[FilterOption, ...], chosen: Mapping[str, str]) -> Field:
    values = (chosen[name],) if chosen.get(name) else ()
    return Field(name=name, label=label, sort="choice", options=options, values=values, required=True)


def _proposal(
    visit: Visit, call: Record, proposal: Record, reviews: Sequence[Record], known: Mapping[UUID, Person]
) -> Block:
    rows = tuple(
        ((Shown(text=_name(visit, known, one.facts.expert)),), (Shown(text=state_word(one.state)),)) for one in reviews
    )
    missing = max(0, call.facts.reviews_each - len(reviews))
    release = tuple(
        _release(call.id, one, _name(visit, known, one.facts.expert))
        for one in reviews
        if one.state != "final" and call.state == "reviewing"
    )
    return Block(
        title=proposal.title,
        text=msg("{n} reviews are missing.", n=missing) if missing else "",
        table=FactTable(heads=(msg("Reviewer"), msg("State")), rows=rows) if rows else None,
        actions=release,
        nothing=msg("Nobody reviews it yet."),
    )


def _release(call_id: UUID, review: Record, name: Message | str) -> Action:
    return Action(
        label=msg("Release {name}", name=name),
        href=f"/centre/calls/{call_id}/reviewers/{review.id}/release",
        confirm=msg("Take this review back?"),
        asks=msg("For what reason"),
    )


def _name(visit: Visit, known: Mapping[UUID, Person], person: UUID) -> Message | str:
    return visit.person(known[person]) if person in known else msg("a former expert")


@post(URL, sync_to_thread=True, include_in_schema=False)
def assign(request: AnyRequest, actor: Actor, call_id: UUID, data: Form) -> Response[Any] | Redirect:
    with visit(request, actor) as here:
        here.me.require("proposal.run")
        try:
            pair = (UUID(one(data, "proposal")), UUID(one(data, "expert")))
        except ValueError:
            missing = Wrong(title=msg("This is missing."), expected=msg("a proposal and an expert"))
            return page(_page(here, call_id, (missing,)), here.around.shell, status=422)
        try:
            with here.connection.begin_nested():
                calls.assign_reviewers(here.connection, here.me, call_id, [pair])
            return see_other(f"/centre/calls/{call_id}/reviewers")
        except Problem as problem:
            only_mendable(problem)
            chosen = {name: one(data, name) for name in ("proposal", "expert")}
            return page(_page(here, call_id, (wrong_of(problem),), chosen), here.around.shell, status=422)


@post(f"{URL}/{{record_id:uuid}}/release", sync_to_thread=True, include_in_schema=False)
def release(request: AnyRequest, actor: Actor, call_id: UUID, record_id: UUID, data: Form) -> Redirect:
    with visit(request, actor) as here:
        here.me.require("proposal.run")
        if not one(data, "reason").strip():
            raise Problem("centre.no-reason", msg("Say why."), where="reason", expected=msg("a few words"))
        calls.release_reviewer(here.connection, here.me, record_id, one(data, "reason")[:4000])
    return see_other(f"/centre/calls/{call_id}/reviewers")


HANDLERS = [index, assign, release]
