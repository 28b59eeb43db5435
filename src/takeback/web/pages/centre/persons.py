"""GET /centre/people: the people of the centre, as much of each as he or she agreed to; entering, consents, leaving."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.response import Redirect

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.operate.identity.inviting import VALID_FOR, Invitation
from takeback.share.centre import people as persons
from takeback.share.centre.organisation import invite_person, open_invitations, take_back
from takeback.share.centre.people import CONSENTS, Person, PersonFields, person_by_id
from takeback.share.centre.role_history import RoleChange, role_history
from takeback.share.centre.roles import ROLES
from takeback.share.centre.seeing import visible
from takeback.share.centre.turns import take_turn
from takeback.web.console.centre_words import choice_word
from takeback.web.console.views import (
    Action,
    Address,
    CentreFormPage,
    CentreListPage,
    CentreRecordPage,
    Chip,
    FactRow,
    Field,
    Filter,
    FilterOption,
    Flash,
    Paging,
    RecordRow,
    Shown,
    Step,
    Wrong,
)
from takeback.web.pages.answers import Form, one, page, page_number, see_other, several
from takeback.web.pages.centre.forms import NOTE
from takeback.web.pages.centre.listing import tabs_of
from takeback.web.pages.centre.lists import list_action
from takeback.web.pages.centre.picking import picks
from takeback.web.pages.centre.record import acted, persons_among, proof_file
from takeback.web.pages.centre.visit import Visit, visit
from takeback.web.preferences import AnyRequest

SIZE = 25
PEOPLE = "/centre/people"
CONSENT_WORDS: dict[str, Message] = {
    "profile": msg("Members see my profile"),
    "portfolio": msg("My results are shown under my name"),
    "statistics": msg("I am counted in figures, in groups of five or more"),
}
_FLASHES = {
    "entered": msg("Recorded."),
    "consents": msg("Your consents are recorded."),
    "uninvited": msg("The invitation is worthless now."),
}


@get(PEOPLE, sync_to_thread=True, include_in_schema=False)
def index(request: AnyRequest, actor: Actor, role: str = "", q: str = "") -> Response[Any]:
    role = role if role in ROLES else ""
    number = page_number(request.query_params.get("page", ""))
    with visit(request, actor) as here:
        found = persons.people(here.connection, role=role or None, text=q.strip()[:100])
        seen = [person for person in found if visible(person, here.me)]
        part = seen[SIZE * (number - 1) : SIZE * number]
        members = _members(here, part)
        roles = tuple(FilterOption(value=name, label=choice_word(name)) for name in ROLES)
        may = here.me.may("person.edit")
        new = Action(label=msg("Enter a person"), href=f"{PEOPLE}/new", method="get", primary=True, key="N")
        view = CentreListPage(
            title=msg("People"),
            note=msg("Who agreed to be seen."),
            tabs=tabs_of(here, PEOPLE, "member"),
            heads=(msg("Member"), msg("Roles")),
            rows=tuple(_row(here, person, members) for person in part),
            paging=Paging(number=number, size=SIZE, total=len(seen)),
            address=Address(path=PEOPLE, params={n: v for n, v in (("role", role), ("q", q[:100])) if v}),
            filters=(Filter(name="role", label=msg("Role"), options=roles, chosen=role or None),),
            query=q[:100],
            actions=(*((new,) if may else ()), *list_action(here, "person")),
        )
        return page(view, here.around.shell)


def _members(visit: Visit, found: list[Person]) -> dict[str, Shown]:
    ids = {str(one.member_id) for one in found if one.member_id}
    known = picks(visit, "member", chosen=ids) if ids else ()
    return {pick.value: Shown(text=pick.label, href=f"/centre/member/{pick.value}") for pick in known}


def _row(visit: Visit, person: Person, members: dict[str, Shown]) -> RecordRow:
    account = Chip(label=msg("signs in"), tone="good") if person.user_id else Chip(label=msg("entered"))
    roles = _listed(person.roles)
    return RecordRow(
        href=f"{PEOPLE}/{person.id}",
        title=str(visit.person(person)),
        state=account,
        cells=(members.get(str(person.member_id), Shown()), Shown(text=roles) if person.roles else Shown()),
    )


def _numbered(codes: Sequence[str]) -> dict[str, object]:
    return {f"r{n}": choice_word(code) for n, code in enumerate(codes)}


@get(f"{PEOPLE}/{{person_id:uuid}}", sync_to_thread=True, include_in_schema=False)
def show(request: AnyRequest, actor: Actor, person_id: UUID, done: str = "") -> Response[Any]:
    flashes = (Flash(text=_FLASHES[done]),) if done in _FLASHES else ()
    with visit(request, actor, *flashes) as here:
        return page(_person_page(here, _seen(here, person_id)), here.around.shell)


@get(f"{PEOPLE}/{{person_id:uuid}}/proof/{{entry:int}}", sync_to_thread=True, include_in_schema=False)
def proof(request: AnyRequest, actor: Actor, person_id: UUID, entry: int) -> Response[bytes]:
    """Return the proof of a change of somebody's roles, for whoever may see the history."""
    with visit(request, actor) as here:
        _seen(here, person_id)
        if entry not in {one.entry_id for one in role_history(here.connection, here.me, person_id)}:
            raise Problem("ledger.no-such-entry", msg("The ledger has no such entry."), found=entry, status=404)
        return proof_file(here.connection, actor.org_id, entry)


def _seen(visit: Visit, person_id: UUID) -> Person:
    person = person_by_id(visit.connection, person_id)
    if person.withdrawn_at is not None or not visible(person, visit.me):
        raise Problem("centre.no-person", msg("There is no such person in this centre."), found=person_id, status=404)
    return person


def _person_page(visit: Visit, person: Person) -> CentreRecordPage:
    own, edits = person.id == visit.me.person_id, visit.me.may("person.edit")
    member = _members(visit, [person]).get(str(person.member_id))
    words = [(msg("Member"), (member,) if member else ()), (msg("Roles"), tuple(map(_word, person.roles)))]
    if own or edits:
        words += [
            (msg("E-mail"), (Shown(text=person.email),) if person.email else ()),
            (msg("Agreed to"), tuple(Shown(text=CONSENT_WORDS[one]) for one in person.consents)),
        ]
    steps = _steps(visit, person) if own or edits else ()
    return CentreRecordPage(
        title=str(visit.person(person)),
        kind=msg("People"),
        list_href=PEOPLE,
        state=Chip(label=msg("signs in"), tone="good") if person.user_id else Chip(label=msg("entered")),
        facts=tuple(FactRow(label=label, values=values) for label, values in words if values),
        actions=(*_actions(person, own=own, edits=edits), *(_invited(visit, person) if edits else ())),
        steps=steps,
        version=len(steps),
    )


def _steps(visit: Visit, person: Person) -> tuple[Step, ...]:
    """Return which roles a person was given and when they were taken, the latest change first."""
    told = role_history(visit.connection, visit.me, person.id)
    called = visit.called(persons_among(one.actor for one in told))
    return tuple(
        Step(
            title=_change_of(one), at=one.at, by=acted(one.actor, called), entry=one.entry_id, leaf=one.leaf_index,
            proof=f"{PEOPLE}/{person.id}/proof/{one.entry_id}" if one.leaf_index is not None else None,
        )
        for one in reversed(told)
    )  # fmt: skip


def _change_of(one: RoleChange) -> Message:
    given, taken = _listed(one.given), _listed(one.taken)
    if one.given and one.taken:
        return msg("Roles given: {given}; taken: {taken}", given=given, taken=taken)
    if one.taken:
        return msg("Roles taken: {taken}", taken=taken)
    return msg("Roles given: {given}", given=given) if one.given else msg("Entered without a role")


def _listed(roles: Sequence[str]) -> Message:
    return Message(", ".join(f"{{r{n}}}" for n in range(len(roles))), _numbered(roles))


def _invited(visit: Visit, person: Person) -> tuple[Action, ...]:
    """Return the button that takes an invitation back, where one is open."""
    if person.user_id is not None or not any(one.email == person.email for one in _open(visit)):
        return ()
    sure = msg("Take the invitation back? Its link then leads nowhere.")
    href = f"{PEOPLE}/{person.id}/invite/back"
    return (Action(label=msg("Take the invitation back"), href=href, confirm=sure),)


def _open(visit: Visit) -> list[Invitation]:
    return [one for one in open_invitations(visit.connection, visit.me) if one.expires_at > datetime.now(UTC)]


def _word(code: str) -> Shown:
    return Shown(text=choice_word(code))


def _actions(person: Person, *, own: bool, edits: bool) -> list[Action]:
    href = f"{PEOPLE}/{person.id}"
    found = []
    if edits:
        found.append(Action(label=msg("Change"), href=f"{href}/edit", method="get", key="E"))
    if edits and person.email and person.user_id is None:
        found.append(Action(label=msg("Make an invitation link"), href=f"{href}/invite", primary=True))
    if own:
        found.append(Action(label=msg("My consents"), href=f"{PEOPLE}/consents", method="get"))
        found.append(Action(label=msg("How I am counted"), href=f"{PEOPLE}/traits", method="get"))
    if own or edits:
        sure = msg(
            "Withdraw {name}? The name is erased for good; what was done stays, by nobody's name.", name=person.name
        )
        found.append(Action(label=msg("Withdraw"), href=f"{href}/withdraw", confirm=sure))
    return found


@get(f"{PEOPLE}/new", sync_to_thread=True, include_in_schema=False)
def new(request: AnyRequest, actor: Actor) -> Response[Any]:
    with visit(request, actor) as here:
        here.me.require("person.edit")
        return page(_form(here, None, {}, {}), here.around.shell)


@post(f"{PEOPLE}/new", sync_to_thread=True, include_in_schema=False)
def enter(request: AnyRequest, actor: Actor, data: Form) -> Response[Any] | Redirect:
    return _save(request, actor, None, data)


@get(f"{PEOPLE}/{{person_id:uuid}}/edit", sync_to_thread=True, include_in_schema=False)
def edit(request: AnyRequest, actor: Actor, person_id: UUID) -> Response[Any]:
    with visit(request, actor) as here:
        here.me.require("person.edit")
        person = _seen(here, person_id)
        return page(_form(here, person, msgspec.to_builtins(person), {}), here.around.shell)


@post(f"{PEOPLE}/{{person_id:uuid}}/edit", sync_to_thread=True, include_in_schema=False)
def change(request: AnyRequest, actor: Actor, person_id: UUID, data: Form) -> Response[Any] | Redirect:
    return _save(request, actor, person_id, data)


def _save(request: AnyRequest, actor: Actor, person_id: UUID | None, data: Form) -> Response[Any] | Redirect:
    said = {
        "name": one(data, "name").strip(),
        "name_zh": one(data, "name_zh").strip(),
        "email": one(data, "email").strip() or None,
        "member_id": one(data, "member_id") or None,
        "roles": several(data, "roles"),
    }
    with visit(request, actor) as here:
        here.me.require("person.edit")
        take_turn(here.connection)  # consents that the person takes back meanwhile stay taken back
        person = _seen(here, person_id) if person_id else None
        try:
            with here.connection.begin_nested():
                fields = msgspec.convert(said, PersonFields)
                kept = persons.enter_person(here.connection, here.me, fields, id=person_id)
            return see_other(f"{PEOPLE}/{kept.id}?done=entered")
        except Problem as problem:
            wrong = {problem.where or "email": _wrong(problem)}
        except msgspec.ValidationError as error:
            wrong = {"member_id": Wrong(title=msg("This is not understood."), expected=str(error).split(" - ")[0])}
        return page(_form(here, person, said, wrong), here.around.shell, status=422)


def _wrong(problem: Problem) -> Wrong:
    found = "" if problem.found is None else str(problem.found)[:80]
    return Wrong(title=problem.title, found=found, expected=problem.expected or "")


def _form(visit: Visit, person: Person | None, said: dict[str, Any], wrong: dict[str, Wrong]) -> CentreFormPage:
    def line(name: str, label: Message, **more: Any) -> Field:
        return Field(name=name, label=label, sort="line", value=said.get(name) or "", wrong=wrong.get(name), **more)

    member = (str(said["member_id"]),) if said.get("member_id") else ()
    roles = tuple(FilterOption(value=role, label=choice_word(role)) for role in ROLES)
    fields = (
        line("name", msg("Name"), required=True, most=200),
        line("name_zh", msg("Name"), chinese=True, most=200),
        line("email", msg("E-mail"), most=200, hint=msg("An account with it becomes this person's.")),
        Field(
            name="member_id", label=msg("Member"), sort="pick", of="member", values=member, address="/centre/pick",
            picks=picks(visit, "member", chosen=member), wrong=wrong.get("member_id"),
        ),
        Field(
            name="roles", label=msg("Roles"), sort="ticks", options=roles, values=tuple(said.get("roles") or ()),
            wrong=wrong.get("roles"),
        ),
    )  # fmt: skip
    placed = {field.name for field in fields}
    return CentreFormPage(
        title=msg("Enter a person") if person is None else msg("Change: {title}", title=person.name),
        send=msg("Save"),
        action=f"{PEOPLE}/new" if person is None else f"{PEOPLE}/{person.id}/edit",
        back=PEOPLE if person is None else f"{PEOPLE}/{person.id}",
        fields=fields,
        note=NOTE,
        wrong=tuple(found for name, found in wrong.items() if name not in placed),
    )


@post(f"{PEOPLE}/{{person_id:uuid}}/invite", sync_to_thread=True, include_in_schema=False)
def invite(request: AnyRequest, actor: Actor, person_id: UUID) -> Response[Any]:
    with visit(request, actor) as here:
        made, token = invite_person(here.connection, here.me, person_id)
        told = msg(
            "Give this link to {email}. It works once, within {days} days: {link}",
            email=made.email, days=VALID_FOR.days, link=f"{request.base_url}invitation/{token}",
        )  # fmt: skip
        shell = msgspec.structs.replace(here.around.shell, flashes=(Flash(text=told),))
        return page(_person_page(here, _seen(here, person_id)), shell)


@post(f"{PEOPLE}/{{person_id:uuid}}/invite/back", sync_to_thread=True, include_in_schema=False)
def uninvite(request: AnyRequest, actor: Actor, person_id: UUID) -> Redirect:
    """Make all open invitations of a person worthless."""
    with visit(request, actor) as here:
        here.me.require("person.edit")
        person = _seen(here, person_id)
        for one in open_invitations(here.connection, here.me):
            if one.email == person.email:
                take_back(here.connection, here.me, one.id)
    return see_other(f"{PEOPLE}/{person_id}?done=uninvited")


@post(f"{PEOPLE}/{{person_id:uuid}}/withdraw", sync_to_thread=True, include_in_schema=False)
def withdraw(request: AnyRequest, actor: Actor, person_id: UUID) -> Redirect:
    with visit(request, actor) as here:
        _seen(here, person_id)
        persons.withdraw_person(here.connection, here.me, person_id)
    return see_other(PEOPLE)


@get(f"{PEOPLE}/consents", sync_to_thread=True, include_in_schema=False)
def consents(request: AnyRequest, actor: Actor) -> Response[Any]:
    with visit(request, actor) as here:
        me = person_by_id(here.connection, here.me.person())
        ticks = tuple(FilterOption(value=name, label=CONSENT_WORDS[name]) for name in CONSENTS)
        view = CentreFormPage(
            title=msg("My consents"),
            note=msg("You may change your mind at any time. What you did stays in the ledger, by an id alone."),
            send=msg("Save"),
            action=f"{PEOPLE}/consents",
            back=f"{PEOPLE}/{me.id}",
            fields=(
                Field(name="consents", label=msg("I agree"), sort="ticks", options=ticks, values=tuple(me.consents)),
            ),
        )
        return page(view, here.around.shell)


@post(f"{PEOPLE}/consents", sync_to_thread=True, include_in_schema=False)
def consent(request: AnyRequest, actor: Actor, data: Form) -> Redirect:
    with visit(request, actor) as here:
        me = persons.set_consents(here.connection, here.me, several(data, "consents"))
    return see_other(f"{PEOPLE}/{me.id}?done=consents")


HANDLERS = [index, show, proof, new, enter, edit, change, invite, uninvite, withdraw, consents, consent]
