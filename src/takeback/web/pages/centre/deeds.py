"""What can be done with a record beyond changing what it says: the commands of the rooms, as buttons and forms.

GET and POST /centre/{kind}/{id}/do/{deed}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import signature
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.response import Redirect

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.share.centre.files import LARGEST
from takeback.share.centre.kinds import kind_named
from takeback.share.centre.records import Record
from takeback.web.console.views import Action, CentreFormPage, FilterOption
from takeback.web.pages.answers import Form, page, see_other
from takeback.web.pages.centre.asking import Answer, Command, asked_fields, asked_of, carry_out
from takeback.web.pages.centre.forms import NOTE, Filled
from takeback.web.pages.centre.keeping import Upload
from takeback.web.pages.centre.reading import Sent, sent_from
from takeback.web.pages.centre.rows import title_of
from takeback.web.pages.centre.visit import Visit, found, visit
from takeback.web.pages.centre.wrongs import wrongs_above
from takeback.web.preferences import AnyRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A command about a record of a kind.

    - `of`: the parameter that takes the record's id; with a dot: the field of a parameter that is it;
    - `hidden`: parameters that are left as they are; `now`: those whose fields begin with what the record says now;
    - `skip`: fields of a whole record that the command fills itself; `seen`: the field that takes the version of the
      record as it was when the form was opened; `ours`: the one that is the visitor's organisation;
      `left`: those that stay empty;
    - `needs`: the permission that it is offered to; `states`: those in which it is offered, empty for all;
    - `offers`: name -> what is chosen from, or which names are asked for; `begins`: what the form says at first;
    - `when`: looks closer; `hurts`: it is asked about before; `goes`: where it leads, if not back to the record.
    """

    name: str
    kind: str
    label: Message
    do: Command
    of: str
    needs: str = "centre.read"
    states: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    now: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    seen: str = ""
    ours: str = ""
    left: tuple[str, ...] = ()
    hurts: bool = False
    primary: bool = False
    offers: Callable[[Visit, Record], Mapping[str, tuple[FilterOption, ...]]] | None = None
    begins: Callable[[Visit, Record], Mapping[str, Any]] | None = None
    when: Callable[[Visit, Record], bool] | None = None
    note: Message | str = ""

    @property
    def known(self) -> frozenset[str]:
        return frozenset({*self.hidden, *self.given("")})

    def given(self, record_id: Any) -> dict[str, Any]:
        """Return the parameter that the record's id is for."""
        return {} if "." in self.of else {self.of: record_id}

    def fixed(self, visit: Visit, record: Record) -> dict[str, Any]:
        """Return the fields that are the record, on whose page the form was opened, and the visitor's organisation."""
        given = {self.of: str(record.id)} if "." in self.of else {}
        return {**given, self.ours: str(visit.me.member_id)} if self.ours else given

    @property
    def versioned(self) -> bool:
        """Whether the command looks if somebody changed the record since the form was opened."""
        return "version" in signature(self.do).parameters

    def offered(self, visit: Visit, record: Record) -> bool:
        """Whether it is offered to the visitor for a record as it stands."""
        fits = not self.states or record.state in self.states
        return fits and visit.me.may(self.needs) and (self.when is None or self.when(visit, record))


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A command that makes something new, offered on the list of a kind and `also` on those of others.

    `shows`: the page that tells the outcome, where that is no record.
    `mine`: the field of the person whose it is: the visitor, unless `others` is permitted; `begins`: what the form
    says before it is filled in; `when`: looks closer at who is offered it.
    """

    name: str
    kind: str
    label: Message
    do: Command
    needs: str
    hidden: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    note: Message | str = ""
    shows: Callable[[Visit, Any], Any] | None = None
    mine: str = ""
    others: str = ""
    begins: Callable[[Visit], Mapping[str, Any]] | None = None
    when: Callable[[Visit], bool] | None = None

    def offered(self, visit: Visit) -> bool:
        """Whether it is offered to the visitor."""
        return visit.me.may(self.needs) and (self.when is None or self.when(visit))

    def fixed(self, visit: Visit) -> dict[str, Any]:
        """Return the field that is the visitor, whom nobody asks who that is."""
        return {self.mine: str(visit.me.person_id)} if self.mine and not visit.me.may(self.others) else {}


_deeds: dict[tuple[str, str], Deed] = {}
_starts: dict[str, Start] = {}


def declare(*deeds: Deed) -> None:
    """Offer commands on the pages of the records that they are about."""
    for deed in deeds:
        if (deed.kind, deed.name) in _deeds:
            raise ValueError(f"{deed.kind} {deed.name}: declared twice")
        _deeds[deed.kind, deed.name] = deed


def begin_with(*starts: Start) -> None:
    """Offer commands that make something new."""
    for start in starts:
        if start.name in _starts:
            raise ValueError(f"{start.name}: declared twice")
        _starts[start.name] = start


def starts() -> list[Start]:
    """Return all that make something new."""
    return [*_starts.values()]


def starts_for(visit: Visit, kind: str) -> tuple[Action, ...]:
    """Return the buttons of a kind's list."""
    return tuple(
        Action(label=start.label, href=f"/centre/start/{start.name}", method="get", primary=True)
        for start in _starts.values()
        if kind in (start.kind, *start.also) and start.offered(visit)
    )


def deeds() -> list[Deed]:
    """Return all that are declared."""
    return [*_deeds.values()]


def actions_for(visit: Visit, record: Record) -> tuple[Action, ...]:
    """Return the buttons of a record."""
    return tuple(
        _action(deed, record, title_of(visit, record))
        for deed in _deeds.values()
        if deed.kind == record.kind and deed.offered(visit, record)
    )


def _action(deed: Deed, record: Record, title: str) -> Action:
    href = f"/centre/{record.kind}/{record.id}/do/{deed.name}"
    names = asked_of(deed.do, deed.known).names
    if names and names != ("reason",):
        return Action(label=deed.label, href=href, method="get", primary=deed.primary)
    asks = msg("For what reason") if names else None
    sure = msg("{title}: {deed}?", title=title, deed=deed.label) if names or deed.hurts else None
    return Action(label=deed.label, href=href, primary=deed.primary, confirm=sure, asks=asks)


@get("/centre/{kind:str}/{record_id:uuid}/do/{name:str}", sync_to_thread=True, include_in_schema=False)
def ask(request: AnyRequest, actor: Actor, kind: str, record_id: UUID, name: str) -> Response[Any]:
    with visit(request, actor) as here:
        deed, record = _deed(here, kind, record_id, name)
        facts = msgspec.to_builtins(record.facts)
        said: dict[str, Any] = dict.fromkeys(_whole(deed, record), facts) | {one: facts[one] for one in deed.now}
        filled = Filled(here, kind, said=said, skip=_skipped(here, deed, record), project=_project(record))
        return page(_form(here, deed, record, filled), here.around.shell)


def _project(record: Record) -> UUID | None:
    """Return the project from whose page a form is opened."""
    return record.id if record.kind == "project" else None


def _whole(deed: Deed, record: Record) -> list[str]:
    """Return the parameters that take all that a record says: the form begins with what it says now."""
    asked = asked_of(deed.do, deed.known)
    return [one.name for one in msgspec.structs.fields(asked.struct) if one.type is type(record.facts)]


def _skipped(visit: Visit, deed: Deed, record: Record) -> list[str]:
    """Return the fields that the form leaves out, as it names them."""
    left = [f"{whole}.{one}" for whole in _whole(deed, record) for one in deed.skip]
    return [*left, *deed.left, *deed.fixed(visit, record), *((deed.seen,) if deed.seen else ())]


@post("/centre/{kind:str}/{record_id:uuid}/do/{name:str}", sync_to_thread=True, include_in_schema=False)
def do(
    request: AnyRequest, actor: Actor, kind: str, record_id: UUID, name: str, data: Form
) -> Response[Any] | Redirect:
    return _done(request, actor, kind, record_id, name, data)


@post(
    "/centre/{kind:str}/{record_id:uuid}/do/{name:str}/file",
    sync_to_thread=True,
    include_in_schema=False,
    request_max_body_size=LARGEST + 100_000,
)
def do_with_file(
    request: AnyRequest, actor: Actor, kind: str, record_id: UUID, name: str, data: Upload
) -> Response[Any] | Redirect:
    return _done(request, actor, kind, record_id, name, data)


def _done(
    request: AnyRequest, actor: Actor, kind: str, record_id: UUID, name: str, data: dict[str, Any]
) -> Response[Any] | Redirect:
    with visit(request, actor) as here:
        deed, record = _deed(here, kind, record_id, name)
        sent = sent_from(here, data)
        sent.fixed = deed.fixed(here, record)
        answer = carry_out(here, deed.do, sent, {**deed.given(record.id), **_version(deed, sent)}, deed.hidden)
        if answer.done:
            return see_other(f"/centre/{kind}/{record_id}?done=done")
        filled = Filled(here, kind, sent=sent, skip=_skipped(here, deed, record), project=_project(record))
        view = _form(here, deed, record, filled, answer)
        return page(view, here.around.shell, status=422)


def _form(visit: Visit, deed: Deed, record: Record, filled: Filled, answer: Answer | None = None) -> CentreFormPage:
    href = f"/centre/{record.kind}/{record.id}"
    filled.offers = deed.offers(visit, record) if deed.offers else {}
    if deed.begins and filled.sent is None:
        filled.said = {**filled.said, **deed.begins(visit, record)}
    view = command_page(
        filled, deed.do, deed.known,
        title=msg("{deed}: {title}", deed=deed.label, title=title_of(visit, record)),
        send=deed.label, action=f"{href}/do/{deed.name}", back=href, note=deed.note or NOTE, answer=answer,
    )  # fmt: skip
    name = "_version" if deed.versioned else deed.seen
    begun = filled.sent.text(name) if filled.sent else ""
    return msgspec.structs.replace(view, hidden=((name, begun or str(record.version)),)) if name else view


def _version(deed: Deed, sent: Sent) -> dict[str, int]:
    """Return the version of the record that a form was opened with."""
    begun = sent.text("_version")
    return {"version": int(begun)} if deed.versioned and begun.isdecimal() and len(begun) < 10 else {}


def command_page(
    filled: Filled,
    command: Command,
    hidden: frozenset[str],
    *,
    title: Message,
    send: Message,
    action: str,
    back: str,
    note: Message | str = NOTE,
    answer: Answer | None = None,
) -> CentreFormPage:
    """Return the form of a command; `answer`: what it said to the form that was sent before."""
    fields = asked_fields(filled, command, hidden)
    files = bool(asked_of(command, hidden).files)
    return CentreFormPage(
        title=title,
        send=send,
        action=f"{action}/file" if files else action,
        back=back,
        fields=fields,
        note=note,
        wrong=wrongs_above(fields, answer.wrong, answer.problem) if answer else (),
        remedy=answer.problem.remedy or "" if answer and answer.problem else "",
        files=files,
    )


def _deed(visit: Visit, kind: str, record_id: UUID, name: str) -> tuple[Deed, Record]:
    _, record = found(visit, kind, record_id)
    deed = _deeds.get((kind, name))
    if deed is None:
        raise Problem("centre.no-deed", msg("There is nothing of this name to be done."), found=name, status=404)
    visit.me.require(deed.needs)
    return deed, record


@get("/centre/start/{name:str}", sync_to_thread=True, include_in_schema=False)
def ask_start(request: AnyRequest, actor: Actor, name: str) -> Response[Any]:
    with visit(request, actor) as here:
        start = _start(here, name)
        said = {**(start.begins(here) if start.begins else {}), **_asked_in(request, start)}
        filled = Filled(here, start.kind, said=said, skip=start.fixed(here))
        return page(_start_form(start, filled), here.around.shell)


@post("/centre/start/{name:str}", sync_to_thread=True, include_in_schema=False)
def do_start(request: AnyRequest, actor: Actor, name: str, data: Form) -> Response[Any] | Redirect:
    return _started(request, actor, name, data)


@post(
    "/centre/start/{name:str}/file",
    sync_to_thread=True,
    include_in_schema=False,
    request_max_body_size=LARGEST + 100_000,
)
def do_start_with_file(request: AnyRequest, actor: Actor, name: str, data: Upload) -> Response[Any] | Redirect:
    return _started(request, actor, name, data)


def _asked_in(request: AnyRequest, start: Start) -> dict[str, Any]:
    """Return what the address says of a form's first fields: `?originals=...` twice gives two."""
    asked = request.query_params
    return {
        name: asked.getall(name)[:50] for name in asked if name in asked_of(start.do, frozenset(start.hidden)).names
    }


def _started(request: AnyRequest, actor: Actor, name: str, data: dict[str, Any]) -> Response[Any] | Redirect:
    with visit(request, actor) as here:
        start = _start(here, name)
        sent = sent_from(here, data)
        sent.fixed = start.fixed(here)
        answer = carry_out(here, start.do, sent, {}, start.hidden)
        if not answer.done:
            view = _start_form(start, Filled(here, start.kind, sent=sent, skip=start.fixed(here)), answer)
            return page(view, here.around.shell, status=422)
        if start.shows is not None:
            return page(start.shows(here, answer.result), here.around.shell)
        return see_other(f"{_seen_at(here, start, answer.result.id)}?done=made")


def _start(visit: Visit, name: str) -> Start:
    start = _starts.get(name)
    if start is None:
        raise Problem("centre.no-deed", msg("There is nothing of this name to be done."), found=name, status=404)
    visit.me.require(start.needs)
    return start


def _seen_at(visit: Visit, start: Start, record_id: UUID | None = None) -> str:
    """Return where the visitor sees what was made, or the list of such: at the kind's own pages, else in the portfolio.

    What people may say of themselves is of kinds whose pages are for those who look after everybody's.
    """
    if not visit.me.may(kind_named(start.kind).read):
        return f"/centre/talent/{visit.me.person_id}"
    return f"/centre/{start.kind}/{record_id}" if record_id else f"/centre/{start.kind}"


def _start_form(start: Start, filled: Filled, answer: Answer | None = None) -> CentreFormPage:
    back = _seen_at(filled.visit, start)
    return command_page(
        filled, start.do, frozenset(start.hidden), title=start.label, send=msg("Record it"),
        action=f"/centre/start/{start.name}", back=back, note=start.note or NOTE, answer=answer,
    )  # fmt: skip


HANDLERS = [ask, do, do_with_file, ask_start, do_start, do_start_with_file]
