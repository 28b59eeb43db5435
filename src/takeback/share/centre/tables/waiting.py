"""Lists that were sent and wait to be entered: looked at, mapped, looked at again, then entered or dropped.

A file may name people. Its content goes as soon as it is entered or dropped, after a day at the latest.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.ids import uuid7
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.tables.entering import Examined, RowFault, enter, examine, fields_for
from takeback.share.centre.tables.remembering import remember, suggested
from takeback.share.centre.tables.sheets import LARGEST, Sheet, read_sheet

REFERENCES = "source"
"""The kind of a file of references; its `sheet` is the form that it has."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A list that was sent. `mapping`: header -> field as chosen, None before; `entered`: rows, once it is."""

    id: UUID
    kind: str
    file_name: str
    sheet: str | None
    mapping: dict[str, str] | None
    examined: Examined | None
    person_id: UUID | None
    added_at: datetime
    entered: int | None


def receive(
    connection: sa.Connection, actor: CentreActor, kind: str, file: str, content: bytes, *, sheet: str | None = None
) -> Waiting:
    """Keep a list until it is entered; lists of more than a day ago go.

    Raises
    ------
    Problem
        ``centre.forbidden`` (403), ``centre.no-list`` (409); for a table what `read_sheet` says; ``import.too-large``.
    """
    actor.require("source.edit" if kind == REFERENCES else "import.run")
    if kind != REFERENCES:
        fields_for(kind)
        sheet = read_sheet(file, content, sheet=sheet).name or None
    elif len(content) > LARGEST:
        raise Problem("import.too-large", msg("The file is larger than what can be imported at once."), status=413)
    connection.execute(_FORGET)
    new = uuid7()
    row = {
        "org": actor.org_id, "id": new, "kind": kind, "file": file[:200], "sheet": sheet, "content": content,
        "person": actor.person_id,
    }  # fmt: skip
    connection.execute(_KEEP, row)
    return waiting_list(connection, actor, new)


def waiting_list(connection: sa.Connection, actor: CentreActor, list_id: UUID, *, lock: bool = False) -> Waiting:
    """Return a list that waits, or was entered; references are seen by who sent them, lists by who may enter them.

    Raises
    ------
    Problem
        ``centre.no-such-list`` (404), ``centre.forbidden`` (403).
    """
    sql = f"select {_COLUMNS} from centre_list where id = :id" + (" for update" if lock else "")
    row = connection.execute(sa.text(sql), {"id": list_id}).one_or_none()
    if row is None:
        raise Problem(
            "centre.no-such-list",
            msg("There is no such list, or it waited for more than a day."),
            found=list_id,
            remedy=msg("Send the file again."),
            status=404,
        )
    if row.kind != REFERENCES or row.person_id is None or row.person_id != actor.person_id:
        actor.require("import.run")
    return _read(row)


def lists_waiting(connection: sa.Connection, actor: CentreActor) -> list[Waiting]:
    """Return the lists that wait to be entered, the latest first; ``centre.forbidden`` (403)."""
    actor.require("import.run")
    return [_read(row) for row in connection.execute(_WAIT)]


def content_of_list(connection: sa.Connection, one: Waiting) -> bytes:
    """Return the content of a list; ``centre.list-entered`` (409) when it was entered."""
    content = connection.execute(_CONTENT, {"id": one.id}).scalar_one()
    if content is None:
        raise Problem(
            "centre.list-entered", msg("This list was entered already."), where=one.file_name, found=one.entered,
            status=409,
        )  # fmt: skip
    return bytes(content)


def sheet_of(connection: sa.Connection, one: Waiting) -> Sheet:
    """Return header and rows of a list; ``centre.list-entered`` (409) when it was entered."""
    return read_sheet(one.file_name, content_of_list(connection, one), sheet=one.sheet)


def look_at(
    connection: sa.Connection,
    actor: CentreActor,
    list_id: UUID,
    *,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
) -> Examined | None:
    """Look at a list as `mapping` says, or at another sheet of it; nothing is written to the centre.

    With another sheet nothing is looked at yet: its columns have to be mapped first.

    Raises
    ------
    Problem
        As `waiting_list`, `sheet_of` and `examine`.
    """
    one = waiting_list(connection, actor, list_id, lock=True)
    if sheet is not None and sheet != one.sheet:
        name = read_sheet(one.file_name, content_of_list(connection, one), sheet=sheet).name
        connection.execute(_LOOKED, {"id": list_id, "sheet": name, "mapping": None, "examined": None})
        return None
    rows = sheet_of(connection, one)
    chosen = suggested(connection, one.kind, rows.columns) if mapping is None else mapping
    found = examine(connection, actor, one.kind, rows, mapping=chosen)
    kept = {"mapping": _json(found.mapping), "examined": _json(found)}
    connection.execute(_LOOKED, {"id": list_id, "sheet": one.sheet, **kept})
    return found


def enter_waiting(connection: sa.Connection, actor: CentreActor, list_id: UUID, *, at: datetime | None = None) -> int:
    """Enter a list that was looked at, and remember what its columns meant; return the number of its rows.

    Raises
    ------
    Problem
        As `waiting_list`, `sheet_of` and `enter`.
    """
    one = waiting_list(connection, actor, list_id, lock=True)
    rows = sheet_of(connection, one)
    chosen = suggested(connection, one.kind, rows.columns) if one.mapping is None else one.mapping
    entered = enter(connection, actor, one.kind, rows, mapping=chosen, at=at)
    remember(connection, actor.org_id, one.kind, rows.columns, chosen)
    end(connection, list_id, entered)
    return entered


def end(connection: sa.Connection, list_id: UUID, entered: int) -> None:
    """Say of a list that it was entered; what it said goes."""
    connection.execute(_ENTERED, {"id": list_id, "entered": entered})


def read_as(connection: sa.Connection, list_id: UUID, form: str) -> None:
    """Take a file of references as one of another form."""
    connection.execute(_LOOKED, {"id": list_id, "sheet": form, "mapping": None, "examined": None})


def drop(connection: sa.Connection, actor: CentreActor, list_id: UUID) -> None:
    """Forget a list that was sent."""
    waiting_list(connection, actor, list_id, lock=True)
    connection.execute(sa.text("delete from centre_list where id = :id"), {"id": list_id})


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _read(row: sa.Row[Any]) -> Waiting:
    found = msgspec.convert(row.examined, Examined) if row.examined else None
    if found:
        found = msgspec.structs.replace(found, faults=tuple(map(_again, found.faults)))
    return Waiting(**{**row._asdict(), "examined": found})


def _again(fault: RowFault) -> RowFault:
    said = {name: _sentence(getattr(fault, name)) for name in ("expected", "title")}
    return msgspec.structs.replace(fault, **said)


def _sentence(value: Any) -> Any:
    """Return a message whose places hold messages again, not their parts."""
    if isinstance(value, dict) and value.keys() == {"msgid", "params"}:
        value = Message(**value)
    if not isinstance(value, Message):
        return value
    return Message(value.msgid, {name: _sentence(one) for name, one in value.params.items()})


_COLUMNS = "id, kind, file_name, sheet, mapping, examined, person_id, added_at, entered"
_FORGET = sa.text("delete from centre_list where added_at < now() - interval '1 day'")
_KEEP = sa.text("""
    insert into centre_list (org_id, id, kind, file_name, sheet, content, person_id)
    values (:org, :id, :kind, :file, :sheet, :content, :person)
""")
_WAIT = sa.text(f"""
    select {_COLUMNS} from centre_list where entered is null and kind <> '{REFERENCES}' order by added_at desc, id desc
""")
_CONTENT = sa.text("select content from centre_list where id = :id")
_LOOKED = sa.text("""
    update centre_list set sheet = :sheet, mapping = cast(:mapping as jsonb), examined = cast(:examined as jsonb)
    where id = :id
""")
_ENTERED = sa.text("update centre_list set entered = :entered, content = null, examined = null where id = :id")
