"""Every kind of record as Excel, CSV or JSON, with what whoever asks may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import Message, Translate, msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.taking_part import closed_calls
from takeback.share.centre.kinds import Kind, kind_named, kinds
from takeback.share.centre.people import Person, names, people
from takeback.share.centre.records import Record, find
from takeback.share.centre.seeing import visible
from takeback.share.centre.tables.writing import Cell, Ending, Table, written

_KEYS = ("id", "kind", "state", "title", "year", "person", "member", "created", "changed", "entry")
_HEADER: Mapping[str, Message] = {
    "id": msg("Record"), "kind": msg("Kind"), "state": msg("State"), "title": msg("Title"), "year": msg("Year"),
    "person": msg("Person"), "member": msg("Member"), "created": msg("Created"), "changed": msg("Changed"),
    "entry": msg("Entry"),
}  # fmt: skip


def kinds_for(actor: CentreActor) -> list[str]:
    """Return the kinds of records that `actor` may take out, by name."""
    return [one.name for one in kinds() if actor.may(one.read)]


def export(
    connection: sa.Connection,
    actor: CentreActor,
    kind: str,
    ending: Ending,
    *,
    state: str | Sequence[str] | None = None,
    year: int | None = None,
    text: str = "",
    gettext: Translate | None = None,
) -> bytes:
    """Return the records of a kind as a file, narrowed by what is given. Persons are named to those who may see it.

    Raises
    ------
    Problem
        ``centre.no-kind`` (404), ``centre.forbidden`` (403).
    """
    what = _kind(kind)
    actor.require(what.read)
    closed = closed_calls(connection, actor, what.read)
    found = find(connection, kind, state=state, year=year, text=text, closed=closed)
    return written([records_table(connection, actor, what, found)], ending, gettext)


def export_people(
    connection: sa.Connection, actor: CentreActor, ending: Ending, *, gettext: Translate | None = None
) -> bytes:
    """Return the people of the centre as a file; ``centre.forbidden`` (403) for who may not edit people."""
    actor.require("person.edit")
    members = _titles(connection)
    fields = ("id", "name", "name_zh", "email", "member", "roles", "consents")
    header = (
        msg("Person"), msg("Name"), msg("Name, Chinese"), msg("E-mail"), msg("Member"), msg("Roles"), msg("Consents"),
    )  # fmt: skip
    rows = [
        (
            str(one.id), one.name, one.name_zh, one.email, members.get(one.member_id, "") if one.member_id else "",
            "; ".join(one.roles), "; ".join(one.consents),
        )
        for one in people(connection)
    ]  # fmt: skip
    return written([Table(msg("People"), fields, header, rows)], ending, gettext)


def records_table(connection: sa.Connection, actor: CentreActor, kind: Kind, records: Sequence[Record]) -> Table:
    """Return records of a kind as a table: what all records have, then the fields of the kind."""
    own = [field.name for field in msgspec.structs.fields(kind.facts) if field.name not in _KEYS]
    said = [msgspec.to_builtins(record.facts) for record in records]
    people_of = _Shown(actor, names(connection, _ids_in(records, said)))
    titles = _titles(connection)
    rows = [
        (*_common(record, people_of, titles), *(people_of.cell(facts.get(name)) for name in own))
        for record, facts in zip(records, said, strict=True)
    ]
    header: list[Message | str] = [*(_HEADER[key] for key in _KEYS), *own]
    return Table(kind.name, (*_KEYS, *own), header, rows)


def _common(record: Record, people_of: _Shown, titles: Mapping[UUID, str]) -> tuple[Cell, ...]:
    member = titles.get(record.member_id, "") if record.member_id else ""
    return (
        str(record.id), record.kind, record.state, record.title, record.year, people_of.named(record.person_id), member,
        record.created_at, record.changed_at, record.entry_id,
    )  # fmt: skip


class _Shown:
    """Persons as `actor` may see them: by name where they agreed to it or the actor keeps the list of people."""

    def __init__(self, actor: CentreActor, known: Mapping[UUID, Person]) -> None:
        self._names = {str(one.id): _name(actor, one) for one in known.values()}

    def named(self, person: UUID | None) -> str:
        """Return the name of a person, empty for one who is not to be named."""
        return self._names.get(str(person), "") if person else ""

    def cell(self, value: Any) -> Cell:
        """Return a value of a field as a cell: lists joined, what is deeper as JSON, persons by their names."""
        if isinstance(value, list | tuple) and all(isinstance(one, str | int | float) for one in value):
            return "; ".join(str(self._plain(one)) for one in value)
        if isinstance(value, list | tuple | dict):
            return msgspec.json.encode(self._deep(value)).decode()
        plain = self._plain(value)
        return plain if isinstance(plain, str | int | float | date | None) else str(plain)

    def _plain(self, value: Any) -> Any:
        return self._names.get(value, value) if isinstance(value, str) else value

    def _deep(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [self._deep(one) for one in value]
        if isinstance(value, dict):
            return {key: self._deep(one) for key, one in value.items()}
        return self._plain(value)


def _name(actor: CentreActor, person: Person) -> str:
    return person.name if person.withdrawn_at is None and visible(person, actor) else ""


def _ids_in(records: Iterable[Record], said: Iterable[Any]) -> set[UUID]:
    """Return everything that may be a person's id: those of the records, and what looks like an id in their facts."""
    found = {record.person_id for record in records if record.person_id}
    waiting = [*said]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list | tuple):
            waiting += value
        elif isinstance(value, str) and len(value) == 36:
            try:
                found.add(UUID(value))
            except ValueError:
                continue
    return found


def _titles(connection: sa.Connection) -> dict[UUID, str]:
    return {member.id: member.title for member in find(connection, "member")}


def _kind(name: str) -> Kind:
    try:
        return kind_named(name)
    except KeyError:
        raise Problem("centre.no-kind", msg("There is no such kind of record."), found=name, status=404) from None
