"""The page of a proposal under review: what it says and who reviews it under which name, my review, the discussion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre import calls
from takeback.share.centre.calls import Criterion, ReviewerView, Score, Words
from takeback.web.console.views import (
    Action,
    Block,
    CentreSheetPage,
    FactRow,
    FactTable,
    Field,
    FormPart,
    LinkRow,
    Send,
    Shown,
    Tab,
    Wrong,
)
from takeback.web.pages.centre.rows import state_chip
from takeback.web.pages.centre.visit import Visit

MINE = "/centre/reviews"
_REVIEWER = "Reviewer "


def reviewer_word(name: str) -> Message | str:
    """Return what a reviewer is called on this page: `name` is all that the two sides know, "Reviewer 2"."""
    number = name.removeprefix(_REVIEWER)
    return msg("Reviewer {number}", number=int(number)) if name != number and number.isdecimal() else name


def criterion_titles(visit: Visit, criteria: Iterable[Criterion]) -> dict[str, str]:
    """Return what the criteria of a call are called on this page, by code."""
    return {one.code: visit.around.name(one.title, one.title_zh) for one in criteria}


def review_sheet(
    visit: Visit,
    call_id: UUID,
    name: str,
    *,
    words: Words | None = None,
    wrong: Mapping[str, Wrong] = {},
    named: bool = False,
) -> CentreSheetPage:
    """Return the page of a proposal under review.

    `words`: what was sent and not kept, `wrong`: why, by field; `named`: they hold what looks like a name.
    """
    seen = calls.reviewer_view(visit.connection, visit.me, call_id)
    proposal = next((one for one in seen.proposals if one.name == name), None)
    if proposal is None:
        raise Problem("centre.no-record", msg("There is no such record in this centre."), found=name, status=404)
    href = f"{MINE}/{call_id}/{name}"
    writes = seen.call.open and proposal.state != "final"
    me = msg("you are {name}", name=reviewer_word(proposal.me))
    own = (
        Block(title=msg("My review"), note=me, form=_form(visit, seen, href, words or proposal.words, wrong, named))
        if writes
        else Block(title=msg("My review"), note=me, facts=_said(visit, seen, proposal.words))
    )
    return CentreSheetPage(
        title=visit.around.name(proposal.title, proposal.title_zh or proposal.title),
        state=state_chip(proposal.state),
        above=(
            Tab(label=msg("My reviews"), href=MINE),
            Tab(label=visit.around.name(seen.call.title, seen.call.title_zh), href=f"{MINE}/{call_id}"),
        ),
        actions=(_interest(href),) if writes else (),
        blocks=(
            Block(title=msg("Proposal"), facts=_proposal(visit, proposal)),
            own,
            *(_peer(visit, seen, peer) for peer in proposal.peers),
        ),
        aside=(_files(href, proposal), *_discussion(seen, proposal, href), criteria(visit, seen)),
    )


def _interest(href: str) -> Action:
    return Action(
        label=msg("I have an interest"),
        href=f"{href}/interest",
        confirm=msg("Declare an interest? The review goes back, and somebody else writes it."),
        asks=msg("Which"),
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


def _said(visit: Visit, seen: ReviewerView, words: Words) -> tuple[FactRow, ...]:
    highest = {criterion.code: criterion.highest for criterion in seen.criteria}
    called = criterion_titles(visit, seen.criteria)
    lines = tuple(
        (
            (Shown(text=called.get(one.criterion, one.criterion)),),
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


def _form(
    visit: Visit, seen: ReviewerView, href: str, words: Words, wrong: Mapping[str, Wrong], named: bool
) -> FormPart:
    scores = {score.criterion: score for score in words.scores}
    called = criterion_titles(visit, seen.criteria)
    fields = [_criterion(one, called[one.code], scores.get(one.code), wrong) for one in seen.criteria]
    for name, label in (("for_authors", msg("For the authors")), ("for_committee", msg("For the committee"))):
        fields.append(Field(name=name, label=label, sort="text", value=getattr(words, name), most=20_000))
    if named:
        fields.append(Field(name="despite_names", label=msg("What looks like a name is none"), sort="tick"))
    sends = (Send(label=msg("Hand in"), value="final", primary=True), Send(label=msg("Keep as draft"), value="draft"))
    return FormPart(action=href, fields=tuple(fields), sends=sends, wrong=tuple(w for n, w in wrong.items() if not n))


def _criterion(criterion: Any, title: str, score: Score | None, wrong: Mapping[str, Wrong]) -> Field:
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
    return Field(name=f"c.{code}", label=title, sort="group", fields=parts)


def _peer(visit: Visit, seen: ReviewerView, peer: Any) -> Block:
    return Block(title=reviewer_word(peer.reviewer), facts=_said(visit, seen, peer.words))


def _files(href: str, proposal: Any) -> Block:
    links = tuple(LinkRow(href=f"{href}/files/{one.name}", title=one.label) for one in proposal.files)
    return Block(title=msg("Files"), links=links, nothing=msg("No file yet."))


def _discussion(seen: ReviewerView, proposal: Any, href: str) -> tuple[Block, ...]:
    if not proposal.discussing:
        return ()
    said = tuple(
        FactRow(
            label=msg("I ({name})", name=reviewer_word(one.reviewer)) if one.mine else reviewer_word(one.reviewer),
            values=(Shown(text=one.text),),
            long=True,
        )
        for one in proposal.discussion
    )
    text = Field(name="text", label=msg("To the other reviewers"), sort="text", required=True, most=20_000)
    form = FormPart(action=f"{href}/discuss", fields=(text,), sends=(Send(label=msg("Say it")),))
    return (Block(title=msg("Discussion"), facts=said, form=form if seen.call.open else None),)


def criteria(visit: Visit, seen: ReviewerView) -> Block:
    """Return what the call asks for, and by which criteria it is judged."""
    lines = tuple(
        ((Shown(text=visit.around.name(c.title, c.title_zh)),), (Shown(number=c.weight),), (Shown(number=c.highest),))
        for c in seen.criteria
    )
    heads = (msg("Criterion"), msg("Weight"), msg("Highest"))
    text = visit.around.name(seen.text, seen.text_zh)
    return Block(title=msg("What is asked"), text=text, table=FactTable(heads=heads, rows=lines))
