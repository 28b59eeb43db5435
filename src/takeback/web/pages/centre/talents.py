"""GET /centre/talent: profiles of who agrees, the competency map; portfolios; credentials to take along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.share.centre import talent
from takeback.share.centre.records import Record, find
from takeback.share.centre.talent import CompetencyMap
from takeback.web.console.centre_words import choice_word, kind_word, trait_word
from takeback.web.console.views import (
    Action,
    Block,
    CentreSheetPage,
    Chip,
    FactRow,
    FactTable,
    Field,
    Flash,
    FormPart,
    LinkRow,
    Send,
    Shown,
    Tab,
    Tone,
)
from takeback.web.pages.answers import page
from takeback.web.pages.centre.listing import tabs_of
from takeback.web.pages.centre.rows import heads_of, rows_of, state_chip, title_of
from takeback.web.pages.centre.showing import Known, fact_rows
from takeback.web.pages.centre.types import LEVELS
from takeback.web.pages.centre.visit import Visit, seen_kinds, visit
from takeback.web.preferences import AnyRequest

_OWN = (
    Action(label=msg("My profile"), href="/centre/start/profile", method="get", primary=True),
    Action(label=msg("Put a plan"), href="/centre/start/training-plan", method="get"),
)
"""What people can do from their own portfolio."""


@get("/centre/talent", sync_to_thread=True, include_in_schema=False)
def index(request: AnyRequest, actor: Actor, q: str = "", area: str = "") -> Response[Any]:
    with visit(request, actor) as here:
        text = q.strip()[:100]
        found = talent.profiles(here.connection, here.me, text=text, area=area[:64])
        seen = talent.competency_map(here.connection)
        find = FormPart(
            action="/centre/talent", method="get",
            fields=(Field(name="q", label=msg("Field or name"), sort="line", value=text, most=100),),
            sends=(Send(label=msg("Search")),),
        )  # fmt: skip
        mine = (
            Action(label=msg("My profile"), href="/centre/start/profile", method="get", primary=True),
            Action(label=msg("My portfolio"), href=f"/centre/talent/{here.me.person_id}", method="get"),
        )
        view = CentreSheetPage(
            title=msg("Talent"),
            tabs=tabs_of(here, "/centre/talent", "team"),
            actions=mine if here.me.person_id else (),
            blocks=(
                Block(title=msg("Search"), form=find),
                Block(
                    title=msg("Profiles"),
                    note=msg("of those who agreed"),
                    links=tuple(_profile(here, one) for one in found),
                    nothing=msg("Nobody is found."),
                ),
                Block(
                    title=msg("Competency map"),
                    note=msg("people at each level; groups below five are hidden"),
                    table=_map(here, seen) if seen.areas else None,
                ),
            ),
            aside=_diversity(here),
        )
        return page(view, here.around.shell)


def _profile(visit: Visit, one: talent.Shown) -> LinkRow:
    first = visit.around.name(one.profile.field, one.profile.field_zh or one.profile.field)
    fields = ", ".join((first, *one.profile.fields))
    return LinkRow(href=f"/centre/talent/{one.person.id}", title=visit.person(one.person), detail=fields)


def _map(visit: Visit, seen: CompetencyMap) -> FactTable:
    def cell(people: int | None) -> tuple[Shown, ...]:
        if people is None:
            return (Shown(chip=Chip(label="< 5", says=msg("hidden, so that nobody is told"))),)
        tone: Tone = "good" if people >= 10 else "advice" if people else "plain"
        return (Shown(chip=Chip(label=str(people), tone=tone)),)

    heads = (msg("Area"), *LEVELS, msg("In all"))
    rows = tuple(
        ((Shown(text=visit.around.name(area.name, area.name_zh)),), *map(cell, levels), cell(total))
        for area, levels, total in zip(seen.areas, seen.people, seen.totals, strict=True)
    )
    return FactTable(heads=heads, rows=rows)


def _diversity(visit: Visit) -> tuple[Block, ...]:
    if not visit.me.may("person.edit") and not visit.me.may("report.read"):
        return ()
    told = talent.diversity(visit.connection)
    blocks = []
    for trait, table in told.tables.items():
        values = [value for sort, value in table if sort == "all" and value != "all"]
        rows = tuple(
            (
                (Shown(text=choice_word(value, trait)),),
                (Shown(number=table["all", value]) if table["all", value] is not None else Shown(text="< 5"),),
            )
            for value in values
        )
        heads = (msg("What was said"), msg("People"))
        if any(table["all", value] != 0 for value in values if value != "unsaid"):
            blocks.append(Block(title=trait_word(trait), table=FactTable(heads=heads, rows=rows)))
    nothing = msg("Nobody has said anything of this. Each says it in the portfolio, or leaves it out.")
    return tuple(blocks) or (Block(title=msg("Who they are"), nothing=nothing),)


def _titles(visit: Visit, records: Sequence[Record]) -> FactTable:
    """Return records of one's own whose pages one does not see, by title and state."""
    rows = tuple(
        ((Shown(text=title_of(visit, one)),), (Shown(chip=state_chip(one.state, one.kind)),)) for one in records
    )
    return FactTable(heads=(msg("Title"), msg("State")), rows=rows)


def _for_oneself(visit: Visit, person_id: UUID) -> dict[str, Sequence[Record]]:
    """Return what a person plans and who mentors, which nobody but the person finds on this page."""
    if person_id != visit.me.person_id:
        return {}
    return {kind: find(visit.connection, kind, person=person_id) for kind in ("training-plan", "mentoring")}


@get("/centre/talent/{person_id:uuid}", sync_to_thread=True, include_in_schema=False)
def portfolio(request: AnyRequest, actor: Actor, person_id: UUID, done: str = "") -> Response[Any]:
    flashes = (Flash(text=msg("Recorded.")),) if done == "made" else ()
    with visit(request, actor, *flashes) as here:
        shown = talent.portfolio(here.connection, here.me, person_id)
        person = shown.person
        view = CentreSheetPage(
            title=here.around.name(person.name, person.name_zh or person.name) if person.name else "",
            note=msg("Portfolio"),
            above=(Tab(label=msg("Talent"), href="/centre/talent"),),
            actions=_OWN if person_id == here.me.person_id else (),
            blocks=(*_said(here, person_id), *_records(here, shown))
            or (Block(title=msg("Portfolio"), nothing=msg("Nothing is recorded here yet.")),),
            aside=(_credentials(here, shown),),
        )
        return page(view, here.around.shell)


def _said(visit: Visit, person_id: UUID) -> tuple[Block, ...]:
    """Return what a person says of himself or herself: one's own, and that of whoever agrees."""
    try:
        profile = talent.profile_of(visit.connection, visit.me, person_id).profile
    except Problem:
        return ()
    rows = fact_rows(Known.of(visit, [profile]), "profile", profile, skip=("person",))
    return (Block(title=kind_word("profile"), facts=rows),)


def _records(visit: Visit, shown: talent.Portfolio) -> tuple[Block, ...]:
    """Return what a person takes part in by kind: as lists, and by title and state where the visitor sees no page."""
    lists: dict[str, Sequence[Record]] = {
        "project": shown.projects, "result": shown.results, "thesis": shown.theses, "enrolment": shown.courses,
        "exchange": shown.exchanges,
    }  # fmt: skip
    known = {one.name: one for one in seen_kinds(visit)}
    listed = tuple(
        Block(title=kind_word(kind, many=True), heads=heads_of(known[kind]), rows=rows_of(visit, known[kind], records))
        for kind, records in lists.items()
        if records and kind in known
    )
    rest = {kind: records for kind, records in lists.items() if kind not in known}
    rest |= _for_oneself(visit, shown.person.id)
    titles = (
        Block(title=kind_word(kind, many=True), table=_titles(visit, records))
        for kind, records in rest.items()
        if records
    )
    return (*listed, *titles)


def _credentials(visit: Visit, shown: talent.Portfolio) -> Block:
    """Return a person's credentials: to take along for the holder and for who issues them, to others by title."""
    title, nothing = kind_word("credential", many=True), msg("None yet.")
    issued = {one.id: msg("issued {day}", day=one.facts.issued) for one in shown.credentials}
    if shown.person.id == visit.me.person_id or visit.me.may("credential.issue"):
        links = tuple(
            LinkRow(href=f"/centre/talent/credentials/{one.id}", title=title_of(visit, one), detail=issued[one.id])
            for one in shown.credentials
        )
        return Block(title=title, links=links, nothing=nothing)
    told = tuple(FactRow(label=title_of(visit, one), values=(Shown(text=issued[one.id]),)) for one in shown.credentials)
    return Block(title=title, facts=told, nothing=nothing)


@get("/centre/talent/credentials/{credential_id:uuid}", sync_to_thread=True, include_in_schema=False)
def credential(request: AnyRequest, actor: Actor, credential_id: UUID) -> Response[bytes]:
    """Hand over the signed document: to the holder, and to whoever issues credentials."""
    with visit(request, actor) as here:
        handed = talent.hand_over(here.connection, here.me, credential_id)
    headers = {"content-disposition": f'attachment; filename="credential-{credential_id}.json"'}
    return Response(handed.document.encode(), media_type="application/json", headers=headers)


HANDLERS = [index, portfolio, credential]
