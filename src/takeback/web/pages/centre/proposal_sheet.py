"""The page of a proposal of one's own: what it says, what was decided, what can be done next, its files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from takeback.core.message import Message, msg
from takeback.share.centre import calls
from takeback.share.centre.calls import OwnProposal
from takeback.share.centre.calls.author_view import OwnFile
from takeback.share.centre.records import get
from takeback.web.console.centre_words import choice_word
from takeback.web.console.views import (
    Action,
    Block,
    CentreSheetPage,
    Chip,
    FactRow,
    FactTable,
    Field,
    FilterOption,
    FormPart,
    LinkRow,
    Send,
    Shown,
    Tab,
    Wrong,
)
from takeback.web.pages.centre.review_sheet import criterion_titles, reviewer_word
from takeback.web.pages.centre.rows import state_chip
from takeback.web.pages.centre.showing import Known, fact_rows
from takeback.web.pages.centre.visit import Visit

MINE = "/centre/proposals"


def proposal_sheet(
    visit: Visit, mine: OwnProposal, wrong: tuple[Wrong, ...] = (), wrong_file: tuple[Wrong, ...] = ()
) -> CentreSheetPage:
    """Return the page of a proposal; `wrong`: what the last step was refused for, `wrong_file`: the last file."""
    known = Known.of(visit, [mine.blind, mine.identity])
    change = Action(label=msg("Change"), href=f"{MINE}/{mine.id}/edit", method="get", key="E")
    blind = fact_rows(known, "proposal", mine.blind, skip=("files", "title", "title_zh"))
    return CentreSheetPage(
        title=visit.around.name(mine.blind.title, mine.blind.title_zh or mine.blind.title),
        state=state_chip(mine.state),
        above=(
            Tab(label=msg("My proposals"), href=MINE),
            Tab(label=visit.around.name(mine.call_title, mine.call_title_zh), href=f"/centre/call/{mine.call}"),
        ),
        actions=(*((change,) if _may_change(mine) else ()), *_moves(mine)),
        blocks=(
            *_decided(visit, mine),
            *((Block(title=msg("Not eligible"), table=_reasons(mine)),) if mine.reasons else ()),
            Block(title=msg("For reviewers"), facts=blind),
            Block(title=msg("Who applies"), facts=fact_rows(known, "proposal", mine.identity, skip=("unwanted",))),
        ),
        aside=(*_steps(visit, mine, wrong), _files(mine, wrong_file)),
    )


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
        FactRow(label=msg("Told on"), values=(Shown(day=date.fromisoformat(told.day)),)),
        FactRow(label=msg("Reasons"), values=(Shown(text=told.reasons),), long=True),
    )
    called = criterion_titles(visit, get(visit.connection, mine.call, kind="call").facts.criteria)
    reviews = tuple(_review(review, called) for review in mine.reviews)
    return (Block(title=msg("Decision"), facts=rows), *reviews)


def _review(review: Any, called: Mapping[str, str]) -> Block:
    heads = (msg("Criterion"), msg("Points"), msg("Comment"))
    lines = tuple(
        (
            (Shown(text=called.get(one.criterion, one.criterion)),),
            (Shown(number=one.points),),
            (Shown(text=one.comment),),
        )
        for one in review.scores
    )
    return Block(title=reviewer_word(review.reviewer), text=review.comment, table=FactTable(heads=heads, rows=lines))


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
        until = date.fromisoformat(mine.appeal_until)
        grounds = Field(name="grounds", label=msg("Grounds"), sort="text", required=True, most=20_000)
        form = FormPart(
            action=f"{MINE}/{mine.id}/appeal", fields=(grounds,), sends=(Send(label=msg("Appeal")),), wrong=wrong
        )
        found.append(Block(title=msg("Appeal"), note=msg("until {day}", day=until), form=form))
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
        fields=(names_tick(),) if warned.names else (),
        sends=(Send(label=msg("Hand in"), primary=True),),
        wrong=wrong,
    )
    note = msg("closes {day}, {time}", day=date.fromisoformat(mine.closes[:10]), time=mine.closes[11:16])
    return Block(title=msg("Hand in"), note=note, facts=tuple(lines), form=form)


def names_tick() -> Field:
    """Return the tick by which an author stands by what was taken for a name."""
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
    may = _may_change(mine)
    return Block(
        title=msg("Files"),
        links=links,
        form=_file_form(mine, wrong) if may else None,
        actions=tuple(_hide(mine, one) for one in mine.files if one.shown and may),
        nothing=msg("No file yet."),
    )


def _may_change(mine: OwnProposal) -> bool:
    return mine.leading and mine.open and mine.state in {"draft", "submitted"}


def _file_form(mine: OwnProposal, wrong: tuple[Wrong, ...]) -> FormPart:
    shown = Field(name="blind", label=msg("Reviewers may open it"), sort="tick", values=("1",))
    file = Field(name="file", label=msg("File"), sort="file", required=True)
    return FormPart(
        action=f"{MINE}/{mine.id}/files",
        fields=(file, shown, *_instead(mine), *((names_tick(),) if len(wrong) > 1 else ())),
        sends=(Send(label=msg("Keep this file")),),
        wrong=wrong,
        files=True,
    )


def _hide(mine: OwnProposal, file: OwnFile) -> Action:
    return Action(
        label=msg("Hide {file}", file=file.name),
        href=f"{MINE}/{mine.id}/files/{file.id}/hide",
        confirm=msg("Hide {file} from reviewers?", file=file.name),
    )


def _instead(mine: OwnProposal) -> tuple[Field, ...]:
    """Return the question which file a new one replaces, where reviewers may open one."""
    shown = tuple(FilterOption(value=str(one.id), label=one.name) for one in mine.files if one.shown)
    label = msg("Instead of, which reviewers then open no more")
    return (Field(name="instead", label=label, sort="choice", options=shown),) if shown else ()
