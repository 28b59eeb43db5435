"""GET /centre/{kind}/{id}: one record: what it says, its files, what belongs to it, its history; and its moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from litestar import Response, get, post
from litestar.response import Redirect

from takeback import prove
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.prove.log import prove_entry
from takeback.share.centre import writing
from takeback.share.centre.files import files_of
from takeback.share.centre.kinds import Kind
from takeback.share.centre.reasons import GRAVE
from takeback.share.centre.records import Record, find, record_key
from takeback.web.console.centre_words import kind_word, move_word, state_word
from takeback.web.console.views import Action, Branch, CentreRecordPage, FactRow, Flash, KeptFile, Shown, Step, Tab
from takeback.web.pages.answers import Form, one, page, see_other
from takeback.web.pages.centre.deeds import actions_for
from takeback.web.pages.centre.panels import panel_of
from takeback.web.pages.centre.rows import heads_of, rows_of, state_chip, title_of
from takeback.web.pages.centre.showing import Known, fact_rows
from takeback.web.pages.centre.types import references
from takeback.web.pages.centre.visit import GONE, Visit, found, seen_kinds, visit
from takeback.web.pages.centre.writing import may_attach, may_change, may_create, moves_of
from takeback.web.places import PLACES
from takeback.web.preferences import AnyRequest

MADE = frozenset({"report", "credential"})
"""Kinds whose files are made with them: nobody adds another."""
CITED = frozenset({"result", "source", "thesis"})
"""Kinds of works that are cited by the title under which they were published."""
LISTS: dict[str, tuple[Message, str]] = {"report": (msg("Reports"), "/centre/reports")}
"""Kind -> the page on which its records stand, where that is not the list of the kind."""
SHOWN = 6  # records of one kind that belong to another, on its page
_ORDER = {kind: n for n, kind in enumerate(kind for place in PLACES for kind in place.kinds)}
"""Kind -> its place on a page of those that belong to another: as the side bar has them."""
_BELOW = sa.text("select kind, count(*) as n from centre_record where parent_id = :id group by kind")
_FLASHES = {"made": msg("Recorded."), "changed": msg("Changed."), "moved": msg("Moved on."), "done": msg("Done.")}


@get("/centre/{kind:str}/{record_id:uuid}", sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor, kind: str, record_id: UUID, done: str = "") -> Response[Any]:
    flashes = (Flash(text=_FLASHES[done]),) if done in _FLASHES else ()
    with visit(request, actor, *flashes) as here:
        what, record = found(here, kind, record_id)
        return page(record_page(here, what, record), here.around.shell)


@post("/centre/{kind:str}/{record_id:uuid}/move", sync_to_thread=True, include_in_schema=False)
def move(request: AnyRequest, actor: Actor, kind: str, record_id: UUID, data: Form) -> Redirect:
    with visit(request, actor) as here:
        what, record = found(here, kind, record_id)
        asked, reason = request.query_params, one(data, "reason").strip()[:4000]
        state, version = asked.get("state", ""), asked.get("version", "")
        known = int(version) if version.isdecimal() and len(version) < 10 else None
        writing.move(here.connection, here.me, record, state, facts=None, reason=reason, version=known)
    return see_other(f"/centre/{what.name}/{record_id}?done=moved")


@get("/centre/{kind:str}/{record_id:uuid}/proof/{entry:int}", sync_to_thread=True, include_in_schema=False)
def proof(request: AnyRequest, actor: Actor, kind: str, record_id: UUID, entry: int) -> Response[bytes]:
    """Return the proof of an entry about a record, for whoever may see the record."""
    with visit(request, actor) as here:
        found(here, kind, record_id)
        told = prove.trace(here.connection, actor.org_id, record_key(record_id))
        if entry not in {step.id for step in told}:
            raise Problem("ledger.no-such-entry", msg("The ledger has no such entry."), found=entry, status=404)
        return proof_file(here.connection, actor.org_id, entry)


def proof_file(connection: sa.Connection, org: UUID, entry: int) -> Response[bytes]:
    """Return the proof of an entry as a file to keep."""
    proven = prove_entry(connection, org, entry)
    headers = {"content-disposition": f'attachment; filename="proof-{entry}.json"'}
    return Response(
        msgspec.json.format(msgspec.json.encode(proven), indent=1), media_type="application/json", headers=headers
    )


def record_page(visit: Visit, what: Kind, record: Record) -> CentreRecordPage:
    """Return the page of a record of any kind."""
    known = Known.of(visit, [record.facts])
    change = may_change(visit.me, what, record)
    panel = panel_of(visit, record)
    href = f"/centre/{what.name}/{record.id}"
    title = title_of(visit, record)
    return CentreRecordPage(
        title=title,
        kind=LISTS[what.name][0] if what.name in LISTS else kind_word(what.name, many=True),
        list_href=LISTS[what.name][1] if what.name in LISTS else f"/centre/{what.name}",
        state=state_chip(record.state, what.name),
        facts=(
            *_original(visit, what, record, title),
            *fact_rows(known, what.name, record.facts, skip=(what.title, f"{what.title}_zh", *panel.instead)),
        ),
        above=_above(known, record),
        moves=tuple(_move(what, record, state, title) for state in moves_of(visit.me, what, record)),
        actions=(*panel.actions, *actions_for(visit, record), *((_change(href),) if change else ())),
        branches=_branches(visit, what, record),
        files=tuple(_file(href, one) for one in files_of(visit.connection, record.id)),
        upload=f"{href}/files" if what.name not in MADE and may_attach(visit.me, what, record) else None,
        steps=history_of(visit, what, record),
        version=record.version,
        blocks=panel.blocks,
        aside=panel.aside,
    )


def _original(visit: Visit, what: Kind, record: Record, title: str) -> tuple[FactRow, ...]:
    """Return what is cited: the title that a work was published under, where the page is headed by another."""
    published = what.name in CITED and record.title != title
    return (FactRow(label=msg("Original title"), values=(Shown(text=record.title),)),) if published else ()


def _change(href: str) -> Action:
    return Action(label=msg("Change"), href=f"{href}/edit", method="get", key="E")


def _above(known: Known, record: Record) -> tuple[Tab, ...]:
    above = known.shown(record.parent_id) if record.parent_id in known.records else None
    return (Tab(label=above.text or "", href=above.href or ""),) if above else ()


def _move(what: Kind, record: Record, state: str, title: str) -> Action:
    hurts = state in GRAVE
    return Action(
        label=move_word(state, what.name),
        href=f"/centre/{what.name}/{record.id}/move?state={state}&version={record.version}",
        primary=not hurts and state == next(iter(what.states[record.state])),
        confirm=msg("{title}: {state}?", title=title, state=state_word(state, what.name)) if hurts else None,
        asks=msg("For what reason") if hurts else None,
    )


def _branches(visit: Visit, what: Kind, record: Record) -> tuple[Branch, ...]:
    counted = {row.kind: row.n for row in visit.connection.execute(_BELOW, {"id": record.id})}
    below = [one for one in seen_kinds(visit) if counted.get(one.name) or _belongs(one, what)]
    below.sort(key=lambda one: _ORDER.get(one.name, len(_ORDER)))
    made = (_branch(visit, one, record, counted.get(one.name, 0)) for one in below)
    return tuple(branch for branch in made if branch.total or branch.add)


def _belongs(below: Kind, what: Kind) -> bool:
    """Whether records of a kind belong to those of another, by what their field says."""
    return below.parent is not None and any(
        slot.name == below.parent and what.name in of.split(",") for slot, of in references(below.facts)
    )


def _branch(visit: Visit, what: Kind, above: Record, total: int) -> Branch:
    shown = find(visit.connection, what.name, parent=above.id, limit=SHOWN) if total else []
    same = what.parent or ""
    new = Action(label=msg("Add"), href=f"/centre/{what.name}/new?parent={above.id}", method="get")
    return Branch(
        title=kind_word(what.name, many=True),
        heads=heads_of(what, same),
        rows=rows_of(visit, what, shown, same),
        total=total,
        more=f"/centre/{what.name}?parent={above.id}" if total > len(shown) else None,
        add=new if may_create(visit.me, what) else None,
    )


def _file(href: str, kept: Any) -> KeptFile:
    return KeptFile(
        name=kept.name, size=kept.size, href=f"{href}/files/{kept.id}", sha256=kept.sha256, at=kept.added_at
    )


def history_of(visit: Visit, what: Kind, record: Record) -> tuple[Step, ...]:
    """Return the steps of a record from the ledger, the newest first, each with the way to its proof."""
    told = prove.trace(visit.connection, visit.me.org_id, record_key(record.id))
    called = visit.called(persons_among(one.actor for one in told))
    steps, before = [], ""
    for entry in told:
        said = entry.body.get("takeback:facts", {})
        state = str(said.get("state", ""))
        steps.append(_step(visit, what, record, entry, said, before, called))
        before = state or before
    return tuple(reversed(steps))


def persons_among(actors: Iterable[str]) -> set[UUID]:
    """Return the ids of those who acted as people of the centre."""
    return {UUID(actor.removeprefix("person:")) for actor in actors if actor.startswith("person:")}


def _step(
    visit: Visit,
    what: Kind,
    record: Record,
    entry: prove.Traced,
    said: Any,
    before: str,
    called: dict[UUID, Message | str],
) -> Step:
    state = str(said.get("state", ""))
    title = msg("Made") if not before else msg("Was changed") if state == before else state_word(state, what.name)
    return Step(
        title=title,
        at=entry.event_time,
        by=acted(entry.actor, called),
        entry=entry.id,
        why=str(said.get("why", "")),
        leaf=entry.leaf_index,
        proof=f"/centre/{what.name}/{record.id}/proof/{entry.id}" if entry.leaf_index is not None else None,
    )


def acted(actor: str, called: Mapping[UUID, Message | str]) -> Message | str:
    """Return who acted; `called`: what the centre's people are called on this page."""
    who = actor.removeprefix("person:")
    return called.get(UUID(who), GONE) if who != actor else _nobody(who)


def _nobody(label: str) -> Message:
    """Return who acted without being one of the centre's people."""
    told = {"key": msg("a program with an API key"), "user": msg("an owner of the organisation")}
    return told.get(label.partition(":")[0], msg("the system"))


HANDLERS = [show, move, proof]
