"""GET /centre/{kind}: records of any kind."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from litestar import Response, get

from takeback.core.message import Message, msg
from takeback.operate.identity import Actor, organisation
from takeback.share.centre.kinds import Kind
from takeback.share.centre.problems import is_public
from takeback.share.centre.records import count, find
from takeback.web.console.centre_notes import kind_note
from takeback.web.console.centre_words import kind_word, state_word
from takeback.web.console.views import Action, Address, CentreListPage, Filter, FilterOption, Paging, Tab
from takeback.web.pages.answers import page, page_number
from takeback.web.pages.centre.citing import citation_action
from takeback.web.pages.centre.deeds import starts_for
from takeback.web.pages.centre.doubled import doubles_action
from takeback.web.pages.centre.lists import list_action
from takeback.web.pages.centre.references import reference_action
from takeback.web.pages.centre.rows import heads_of, rows_of
from takeback.web.pages.centre.visit import Visit, readable, seen_kinds, visit
from takeback.web.pages.centre.writing import may_create
from takeback.web.places import place_of
from takeback.web.preferences import AnyRequest

SIZE = 25
MINE = "mine"
_KEPT = ("state", "year", "q", "parent", "page")
EXTRA_TABS: dict[str, tuple[tuple[Message, str], ...]] = {"/centre/member": ((msg("People"), "/centre/people"),)}
"""Place -> pages of it that show no kind of record."""
_STATES = sa.text("select state, count(*) as n from centre_record where kind = :kind group by state")
_YEARS = sa.text("""
    select year, count(*) as n from centre_record where kind = :kind and year is not null
    group by year order by year desc
""")


@get("/centre/{kind:str}", sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor, kind: str) -> Response[Any]:
    with visit(request, actor) as here:
        return page(list_page(here, readable(here, kind), dict(request.query_params)), here.around.shell)


def list_page(visit: Visit, what: Kind, asked: dict[str, Any]) -> CentreListPage:
    """Return the list of a kind as `asked`: state, year, q (text), mine, parent, page."""
    state, year, query = (str(asked.get(name, ""))[:100] for name in ("state", "year", "q"))
    narrowed: dict[str, Any] = {
        "state": state if state in what.states else None,
        "year": int(year) if year.isdecimal() and len(year) == 4 else None,
        "text": query.strip(),
        "parent": _id(str(asked.get("parent", ""))),
        "of": visit.me.own if asked.get(MINE) == "1" else None,
    }
    number = page_number(str(asked.get("page", "")))
    found = find(visit.connection, what.name, **narrowed, limit=SIZE, offset=SIZE * (number - 1))
    kept = {name: str(asked[name])[:100] for name in (*_KEPT, MINE) if asked.get(name)}
    actions = _actions(visit, what, kept.get("parent"))
    return CentreListPage(
        title=kind_word(what.name, many=True),
        note=kind_note(what.name),
        tabs=tabs_of(visit, f"/centre/{what.name}", what.name),
        heads=heads_of(what),
        rows=rows_of(visit, what, found),
        paging=Paging(number=number, size=SIZE, total=count(visit.connection, what.name, **narrowed)),
        address=Address(path=f"/centre/{what.name}", params=kept),
        filters=_filters(visit, what, narrowed),
        query=query,
        actions=actions,
        nothing=msg("The first one begins with the button above.")
        if actions
        else msg("Others enter what stands here."),
    )


def tabs_of(visit: Visit, here: str, kind: str) -> tuple[Tab, ...]:
    """Return the pages beside the one at `here`, those of the place on which a kind stands."""
    place = place_of(kind)
    if place is None:
        return ()
    known = {one.name for one in seen_kinds(visit)}
    shown = [name for name in place.kinds if name in known]
    own = [] if place.path.removeprefix("/centre/") in place.kinds else [(place.label, place.path)]
    lists = [(kind_word(name, many=True), f"/centre/{name}") for name in shown]
    pages = [*own, *lists, *EXTRA_TABS.get(place.path, ())]
    return tuple(Tab(label=label, href=href, here=href == here) for label, href in pages) if len(pages) > 1 else ()


def _actions(visit: Visit, what: Kind, parent: str | None) -> tuple[Action, ...]:
    own = (
        *starts_for(visit, what.name),
        *list_action(visit, what.name),
        *reference_action(visit, what.name),
        *citation_action(what.name),
        *doubles_action(visit, what.name),
        *_public(visit, what.name),
    )
    if not may_create(visit.me, what):
        return own
    href = f"/centre/{what.name}/new" + (f"?parent={parent}" if parent else "")
    new = Action(label=msg("New: {kind}", kind=kind_word(what.name)), href=href, primary=True, method="get", key="N")
    return (new, *(msgspec.structs.replace(one, primary=False) for one in own))


def _public(visit: Visit, kind: str) -> tuple[Action, ...]:
    """Return the way from the problem board to the one that anybody sees, where the centre opened it."""
    if kind != "problem" or not is_public(visit.connection):
        return ()
    slug = organisation(visit.connection, visit.me.org_id).slug
    return (Action(label=msg("As the public sees it"), href=f"/boards/{slug}", method="get"),)


def _filters(visit: Visit, what: Kind, narrowed: dict[str, Any]) -> tuple[Filter, ...]:
    kind = {"kind": what.name}
    counted = {row.state: row.n for row in visit.connection.execute(_STATES, kind)}
    states = [
        FilterOption(value=s, label=state_word(s, what.name), count=counted[s]) for s in what.states if counted.get(s)
    ]
    years = [
        FilterOption(value=str(r.year), label=str(r.year), count=r.n) for r in visit.connection.execute(_YEARS, kind)
    ]
    year = str(narrowed["year"]) if narrowed["year"] else None
    return (
        *(
            (Filter(name="state", label=msg("State"), options=tuple(states), chosen=narrowed["state"]),)
            if states
            else ()
        ),
        *((Filter(name="year", label=msg("Year"), options=tuple(years), chosen=year),) if years else ()),
        *_mine(visit, what, narrowed["of"] is not None),
    )


def _mine(visit: Visit, what: Kind, chosen: bool) -> tuple[Filter, ...]:
    """Return the filter of what the visitor or the visitor's member takes part in, with how many there are."""
    if not visit.me.own:
        return ()
    ours = FilterOption(value="1", label=msg("Ours"), count=count(visit.connection, what.name, of=visit.me.own))
    if not ours.count and not chosen:
        return ()
    return (Filter(name=MINE, label=msg("Who takes part"), options=(ours,), chosen="1" if chosen else None),)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


HANDLERS = [show]
