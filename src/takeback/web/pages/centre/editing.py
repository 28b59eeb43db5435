"""GET and POST /centre/{kind}/new and /centre/{kind}/{id}/edit: the form of any kind; rows that it grows by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.response import Redirect

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.share.centre import writing
from takeback.share.centre.kinds import Kind
from takeback.share.centre.records import Record
from takeback.web.console.centre_words import kind_word
from takeback.web.console.views import CentreFormPage, RowPart
from takeback.web.pages.answers import Form, one, page, see_other
from takeback.web.pages.centre.forms import NOTE, Filled, blank_row, fields_of, parent_given
from takeback.web.pages.centre.reading import Sent, facts_from, sent_from, told
from takeback.web.pages.centre.rows import title_of
from takeback.web.pages.centre.types import Slot, item_struct, slots
from takeback.web.pages.centre.visit import Visit, found, readable, visit
from takeback.web.pages.centre.writing import may_change, may_create
from takeback.web.pages.centre.wrongs import only_mendable, wrongs_above
from takeback.web.preferences import AnyRequest

KEPT: dict[str, tuple[str, ...]] = {
    "problem": ("common_id",),
    "charter": ("edition", "earlier", "signatures"),
    "agreement": ("edition", "earlier", "signatures"),
    "body": ("seats",),
    "period": ("closed_years",),
    "milestone": ("evidence",),
    "consultation": ("summary", "summary_zh", "treatments"),
    "call": ("announced",),
    "evaluation": ("assessment", "conclusion", "reasons"),
}
"""Kind -> fields that its own commands fill: no form asks for them, and a change keeps what they say."""


@get("/centre/{kind:str}/new", sync_to_thread=True, include_in_schema=False)
def new(request: AnyRequest, actor: Actor, kind: str, parent: str = "") -> Response[Any]:
    with visit(request, actor) as here:
        what = _creatable(here, kind)
        given = {**_own(here, what), **parent_given(what.facts, what.parent, parent)}
        return page(_new_page(here, what, Filled(here, kind, said=given, skip=KEPT.get(kind, ()))), here.around.shell)


def _own(visit: Visit, what: Kind) -> dict[str, Any]:
    """Return the fields for a member or a person that a new record begins with: the visitor's own."""
    mine = {"member": visit.me.member_id, "person": visit.me.person_id}
    single = (slot for slot in slots(what.facts) if slot.required and not slot.many and slot.of in mine)
    return {slot.name: str(mine[slot.of]) for slot in single if mine[slot.of]}


@post("/centre/{kind:str}/new", sync_to_thread=True, include_in_schema=False)
def make(request: AnyRequest, actor: Actor, kind: str, data: Form) -> Response[Any] | Redirect:
    with visit(request, actor) as here:
        what = _creatable(here, kind)
        sent = sent_from(here, data)
        facts = facts_from(sent, what.facts)
        problem = None
        if facts is not None:
            try:
                with here.connection.begin_nested():
                    made = writing.create(here.connection, here.me, what, facts)
                return see_other(f"/centre/{kind}/{made.id}?done=made")
            except Problem as refused:
                problem = _refused(sent, refused, what)
        return page(
            _new_page(here, what, Filled(here, kind, sent=sent, skip=KEPT.get(kind, ())), problem),
            here.around.shell,
            status=422,
        )


@get("/centre/{kind:str}/{record_id:uuid}/edit", sync_to_thread=True, include_in_schema=False)
def edit(request: AnyRequest, actor: Actor, kind: str, record_id: UUID) -> Response[Any]:
    with visit(request, actor) as here:
        what, record = _changeable(here, kind, record_id)
        filled = Filled(here, kind, said=msgspec.to_builtins(record.facts), skip=KEPT.get(kind, ()))
        return page(_edit_page(here, what, record, filled), here.around.shell)


@post("/centre/{kind:str}/{record_id:uuid}/edit", sync_to_thread=True, include_in_schema=False)
def change(request: AnyRequest, actor: Actor, kind: str, record_id: UUID, data: Form) -> Response[Any] | Redirect:
    with visit(request, actor) as here:
        what, record = _changeable(here, kind, record_id)
        sent, said = sent_from(here, data), msgspec.to_builtins(record.facts)
        sent.fixed = {name: said[name] for name in KEPT.get(kind, ())}
        facts = facts_from(sent, what.facts)
        problem = None
        if facts is not None:
            version = one(data, "_version")
            known = int(version) if version.isdecimal() and len(version) < 10 else record.version
            try:
                with here.connection.begin_nested():
                    writing.change(here.connection, here.me, record, facts, version=known)
                return see_other(f"/centre/{kind}/{record_id}?done=changed")
            except Problem as refused:
                problem = _refused(sent, refused, what)
        filled = Filled(here, kind, sent=sent, skip=KEPT.get(kind, ()))
        return page(_edit_page(here, what, record, filled, problem), here.around.shell, status=422)


@get("/centre/{kind:str}/rows", sync_to_thread=True, include_in_schema=False)
def row(request: AnyRequest, actor: Actor, kind: str, name: str = "") -> Response[Any]:
    with visit(request, actor) as here:
        what = readable(here, kind)
        slot = slot_at(what.facts, name)
        if slot is None or slot.sort != "rows":
            raise Problem("centre.no-field", msg("There is no such field."), found=name[:100], status=404)
        number = min(999, _last_row(name, request.query_params.keys()) + 1)
        return page(RowPart(field=blank_row(Filled(here, kind), slot, name, number)), here.around.shell)


def _last_row(name: str, sent: Iterable[str]) -> int:
    """Return the highest number of a row of a field among the names that were sent."""
    rests = (key.removeprefix(f"{name}.").partition(".")[0] for key in sent if key.startswith(f"{name}."))
    return max((int(rest) for rest in rests if rest.isdecimal() and len(rest) <= 3), default=-1)


def slot_at(struct: type[msgspec.Struct], path: str) -> Slot | None:
    """Return the field that a name of a form leads to: `costs`, `budget.lines`, `blind.costs.3.what`."""
    found: Slot | None = None
    for part in path.split("."):
        if part.isdecimal():
            continue
        inside = struct if found is None else item_struct(found) if found.sort in {"group", "rows"} else None
        found = next((slot for slot in slots(inside) if slot.name == part), None) if inside else None
        if found is None:
            return None
    return found


def _refused(sent: Sent, problem: Problem, what: Kind) -> Problem | None:
    """Return a problem that stands above the form; one of a field stands there. What is not for a form goes on."""
    only_mendable(problem)
    return None if told(sent, problem, what.facts) else problem


def _creatable(visit: Visit, kind: str) -> Kind:
    what = readable(visit, kind)
    visit.me.require(what.create)
    if not may_create(visit.me, what):
        raise Problem(
            "centre.not-made-here", msg("Records of this kind are not made by a form."), found=kind, status=404
        )
    return what


def _changeable(visit: Visit, kind: str, record_id: UUID) -> tuple[Kind, Record]:
    what, record = found(visit, kind, record_id)
    if not may_change(visit.me, what, record):
        visit.me.require(what.edit)
        raise Problem(
            "centre.fixed", msg("This can no longer be changed."), where=record.title, found=record.state, status=409
        )
    return what, record


def _new_page(visit: Visit, what: Kind, filled: Filled, problem: Problem | None = None) -> CentreFormPage:
    return form_page(
        filled,
        what,
        title=msg("New: {kind}", kind=kind_word(what.name)),
        send=msg("Record it"),
        action=f"/centre/{what.name}/new",
        back=f"/centre/{what.name}",
        problem=problem,
    )


def _edit_page(
    visit: Visit, what: Kind, record: Record, filled: Filled, problem: Problem | None = None
) -> CentreFormPage:
    href = f"/centre/{what.name}/{record.id}"
    view = form_page(
        filled,
        what,
        title=msg("Change: {title}", title=title_of(visit, record)),
        send=msg("Save"),
        action=f"{href}/edit",
        back=href,
        problem=problem,
    )
    kept = filled.sent.text("_version") if filled.sent else ""
    return msgspec.structs.replace(view, hidden=(("_version", kept or str(record.version)),))


def form_page(
    filled: Filled,
    what: Kind,
    *,
    title: Message,
    send: Message,
    action: str,
    back: str,
    problem: Problem | None = None,
) -> CentreFormPage:
    """Return the form of a kind; `problem`: what is wrong with the whole, told above it."""
    fields = fields_of(filled, what.facts)
    return CentreFormPage(
        title=title,
        send=send,
        action=action,
        back=back,
        fields=fields,
        note=NOTE,
        wrong=wrongs_above(fields, filled.sent.wrong if filled.sent else {}, problem),
        remedy=problem.remedy or "" if problem else "",
    )


HANDLERS = [new, make, edit, change, row]
