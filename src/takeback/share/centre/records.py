"""The one way to record in a centre: a record is put, changed or moved on; each step is an entry of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback import prove
from takeback.core.ids import uuid7
from takeback.core.items import item_key
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.operate.ledger import record as append
from takeback.operate.projection import Fact, owns, projects
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import Facts, Kind, kind_named
from takeback.share.centre.references import require_named
from takeback.share.centre.saying import said_of
from takeback.share.centre.turns import take_turn
from takeback.store.bulk import driver

STEP = "centre record"
_ENTRY = "takeback:CentreRecord"
TITLE_ZH = "coalesce({}, '')".format(
    ", ".join(f"nullif(facts ->> '{name}_zh', '')" for name in ("title", "name", "topic", "purpose", "field"))
)
"""The Chinese title of a row of `centre_record` as `title_zh` returns it; of a record without one ''."""
HOLDS = "not exists (select from unnest(cast(:text as text[])) one where strpos(words, lower(one)) = 0)"
"""Whether a row of `centre_record` holds all words of a search, in any order; a Chinese word anywhere in a sentence."""
_COLUMNS = (
    "id, kind, version, state, title, parent_id, person_id, member_id, year, facts, created_at, changed_at, "
    "first_entry, entry_id"
)


class Heard(NamedTuple):
    """A step that was just recorded. `before`: the record as it stood, None where it is new; `at`: when it happened."""

    connection: sa.Connection
    actor: CentreActor
    record: Record
    before: Record | None
    at: datetime


Listener = Callable[[Heard], None]
_listeners: dict[tuple[str, str], list[Listener]] = {}


def when(kind: str, *states: str) -> Callable[[Listener], Listener]:
    """Call the function below, in the same transaction, whenever a record of a kind came to one of these states."""

    def register(listener: Listener) -> Listener:
        for state in states:
            _listeners.setdefault((kind, state), []).append(listener)
        return listener

    return register


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A record as it stands now. `facts`: as the struct of its kind; `entry_id`: the last step's entry."""

    id: UUID
    kind: str
    version: int
    state: str
    title: str
    parent_id: UUID | None
    person_id: UUID | None
    member_id: UUID | None
    year: int | None
    facts: Any
    created_at: datetime
    changed_at: datetime
    first_entry: int
    entry_id: int


def create(
    connection: sa.Connection,
    actor: CentreActor,
    name: str,
    facts: Facts,
    *,
    id: UUID | None = None,
    at: datetime | None = None,
    allowed: bool = False,
) -> Record:
    """Put a new record; `allowed` where the caller has looked at the permission itself.

    Raises
    ------
    Problem
        ``centre.forbidden`` (403).
    """
    what = kind_named(name)
    if not allowed:
        actor.require(what.create)
    return _step(connection, actor, what, id or uuid7(), 1, what.first, facts, at=at)


def create_many(
    connection: sa.Connection,
    actor: CentreActor,
    name: str,
    facts: Iterable[Facts],
    *,
    at: datetime | None = None,
    allowed: bool = False,
) -> list[UUID]:
    """Put many new records of a kind, each an entry of its own; return their ids in the order given.

    Raises
    ------
    Problem
        ``centre.forbidden`` (403).
    """
    what = kind_named(name)
    if not allowed:
        actor.require(what.create)
    moment = at or clock.now(connection, actor.org_id)
    new = [(uuid7(), one) for one in facts]
    require_named(connection, [one for _, one in new])
    append(connection, actor, [_entry(actor, what, id, 1, what.first, one, moment) for id, one in new])
    if (name, what.first) in _listeners:
        for id, _ in new:
            _hear(connection, actor, get(connection, id), None, moment)
    return [id for id, _ in new]


def move_many(
    connection: sa.Connection,
    actor: CentreActor,
    ids: Sequence[UUID],
    state: str,
    *,
    reason: str = "",
    at: datetime | None = None,
    allowed: bool = False,
) -> None:
    """Move many records on to `state`, all or none; what they say stays.

    Raises
    ------
    Problem
        As `move`; ``centre.no-record`` (404) also for a record that is named twice.
    """
    moment = at or clock.now(connection, actor.org_id)
    take_turn(connection)
    rows = connection.execute(_LOCKED, {"ids": list(ids)}).all()
    if len(rows) != len(ids):
        raise _no_record(sorted({*ids} - {row.id for row in rows}) or len(ids))
    old = {row.id: _read(row) for row in rows}
    for one in old.values():
        what = kind_named(one.kind)
        if not allowed:
            actor.require(what.move.get(state, what.edit))
        if state == one.state:
            raise _bad_move(one, what, state)
        _may_follow(one, what, state)
    append(connection, actor, [
        _entry(actor, kind_named(one.kind), one.id, one.version + 1, state, one.facts, moment, old=one, why=reason)
        for one in map(old.__getitem__, ids)
    ])  # fmt: skip
    for one in map(old.__getitem__, ids):
        if (one.kind, state) in _listeners:
            _hear(connection, actor, get(connection, one.id), one, moment)


def change(
    connection: sa.Connection,
    actor: CentreActor,
    record_id: UUID,
    facts: Facts,
    *,
    kind: str | None = None,
    version: int | None = None,
    at: datetime | None = None,
    allowed: bool = False,
) -> Record:
    """Change what a record says, one of `kind` if that is given; `version`: the one that the change was made from.

    Raises
    ------
    Problem
        ``centre.no-record`` (404), ``centre.forbidden`` (403), ``centre.changed-meanwhile`` (409),
        ``centre.fixed`` (409) in a state in which its facts stay as they are.
    """
    old = get(connection, record_id, kind=kind, lock=True)
    what = kind_named(old.kind)
    if not allowed:
        actor.require(what.edit)
    same_version(old, version)
    if old.state in what.fixed_in:
        raise Problem(
            "centre.fixed", msg("This can no longer be changed."), where=old.title, found=old.state, status=409
        )
    return _step(connection, actor, what, old.id, old.version + 1, old.state, facts, at=at, old=old)


def move(
    connection: sa.Connection,
    actor: CentreActor,
    record_id: UUID,
    state: str,
    *,
    facts: Facts | None = None,
    reason: str = "",
    kind: str | None = None,
    version: int | None = None,
    at: datetime | None = None,
    allowed: bool = False,
) -> Record:
    """Move a record on to `state`, with what it says then (as before, if nothing is given) and why.

    To the state in which it is already a record is moved with other facts alone: with the same ones nothing is written,
    and without any the move is refused.

    `kind`: of which it must be; whoever takes an id from outside says it, else another kind is moved past its rules.

    Raises
    ------
    Problem
        ``centre.no-record`` (404), ``centre.forbidden`` (403), ``centre.changed-meanwhile`` (409),
        ``centre.bad-move`` (409) for a state that cannot follow.
    """
    old = get(connection, record_id, kind=kind, lock=True)
    what = kind_named(old.kind)
    if not allowed:
        actor.require(what.move.get(state, what.edit))
    same_version(old, version)
    _may_follow(old, what, state)
    if state == old.state and facts in (None, old.facts):
        return _stays(old, what, facts)
    return _step(
        connection, actor, what, old.id, old.version + 1, state, facts or old.facts, at=at, old=old, why=reason
    )


def _stays(old: Record, what: Kind, facts: Facts | None) -> Record:
    """Return a record that is said anew as it stands: no step of it; a move alone that moves nothing is refused."""
    if facts is None:
        raise _bad_move(old, what, old.state)
    return old


def get(connection: sa.Connection, record_id: UUID, *, kind: str | None = None, lock: bool = False) -> Record:
    """Return a record; ``centre.no-record`` (404) when there is none, or it is of another kind. `lock`: to write it."""
    if lock:
        take_turn(connection)
    sql = f"select {_COLUMNS} from centre_record where id = :id" + (" for update" if lock else "")
    row = connection.execute(sa.text(sql), {"id": record_id}).one_or_none()
    if row is None or (kind and row.kind != kind):
        raise _no_record(record_id)
    return _read(row)


def find(
    connection: sa.Connection,
    kind: str,
    *,
    state: str | Sequence[str] | None = None,
    parent: UUID | None = None,
    person: UUID | None = None,
    member: UUID | None = None,
    year: int | None = None,
    text: str = "",
    of: Sequence[UUID] | None = None,
    closed: Sequence[UUID] = (),
    limit: int | None = None,
    offset: int = 0,
) -> list[Record]:
    """Return records of a kind, the latest changed first, narrowed by what is given; none of the calls `closed`.

    `of`: a person and a member organisation, of which one takes part: the record is theirs, or names them.
    """
    where, given = _narrowed(kind, state, parent, person, member, year, text, of, closed)
    page = " limit :limit offset :offset" if limit is not None else ""
    sql = f"select {_COLUMNS} from centre_record where {where} order by changed_at desc, id desc{page}"
    rows = connection.execute(sa.text(sql), {**given, "limit": limit, "offset": offset})
    return [_read(row) for row in rows]


def count(
    connection: sa.Connection,
    kind: str,
    *,
    state: str | Sequence[str] | None = None,
    parent: UUID | None = None,
    person: UUID | None = None,
    member: UUID | None = None,
    year: int | None = None,
    text: str = "",
    of: Sequence[UUID] | None = None,
    closed: Sequence[UUID] = (),
) -> int:
    """Return how many records `find` would return without a limit."""
    where, given = _narrowed(kind, state, parent, person, member, year, text, of, closed)
    return int(connection.execute(sa.text(f"select count(*) from centre_record where {where}"), given).scalar_one())


_OF = """(cast(person_id as text) = any(:of) or cast(member_id as text) = any(:of)
    or exists(select from unnest(cast(:of as text[])) one where strpos(words, one) > 0))"""
_CALL = """facts ->> 'call', (
    select p.facts ->> 'call' from centre_record p
    where p.kind = 'proposal' and cast(p.id as text) = centre_record.facts ->> 'proposal'
)"""
"""The call of a record, or of the proposal that it says it comes from."""


def _narrowed(
    kind: str,
    state: str | Sequence[str] | None,
    parent: UUID | None,
    person: UUID | None,
    member: UUID | None,
    year: int | None,
    text: str,
    of: Sequence[UUID] | None,
    closed: Sequence[UUID],
) -> tuple[str, dict[str, Any]]:
    states = [state] if isinstance(state, str) else state
    asked: Mapping[str, tuple[str, Any]] = {
        "states": ("state = any(:states)", list(states) if states is not None else None),
        "parent": ("parent_id = :parent", parent),
        "person": ("person_id = :person", person),
        "member": ("member_id = :member", member),
        "year": ("year = :year", year),
        "text": (HOLDS, text.split() or None),
        "of": (_OF, None if of is None else [*map(str, of)]),
        "closed": (f"coalesce({_CALL}, '') <> all(:closed)", [*map(str, closed)] or None),
    }
    given = {name: value for name, (_, value) in asked.items() if value is not None}
    return " and ".join(["kind = :kind", *(asked[name][0] for name in given)]), {"kind": kind, **given}


def title_zh(record: Record) -> str:
    """Return what a record is called in Chinese; "" where it has no such title."""
    return str(getattr(record.facts, f"{kind_named(record.kind).title}_zh", ""))


def record_key(record_id: UUID) -> int:
    """Return the key under which the ledger finds all entries about a record (`prove.trace`)."""
    return item_key(f"urn:uuid:{record_id}")


def _no_record(found: object) -> Problem:
    return Problem("centre.no-record", msg("There is no such record in this centre."), found=found, status=404)


def _may_follow(old: Record, what: Kind, state: str) -> None:
    if state not in what.states[old.state]:
        raise _bad_move(old, what, state)


def _bad_move(old: Record, what: Kind, state: str) -> Problem:
    return Problem(
        "centre.bad-move",
        msg("This cannot follow."),
        where=old.title,
        found=f"{old.state} -> {state}",
        expected=", ".join(one for one in what.states[old.state] if one != old.state) or old.state,
        status=409,
    )


def same_version(old: Record, version: int | None) -> None:
    """Go on only where a record is of `version`, if one is given; ``centre.changed-meanwhile`` (409)."""
    if version is not None and version != old.version:
        raise Problem(
            "centre.changed-meanwhile",
            msg("Somebody changed this meanwhile."),
            where=old.title,
            found=old.version,
            expected=str(version),
            remedy=msg("Look at it again, then repeat your change."),
            status=409,
        )


def _step(
    connection: sa.Connection,
    actor: CentreActor,
    what: Kind,
    record_id: UUID,
    version: int,
    state: str,
    facts: Facts,
    *,
    at: datetime | None,
    old: Record | None = None,
    why: str = "",
) -> Record:
    if old is None or facts is not old.facts:
        require_named(connection, [facts], old.facts if old else None)
    moment = at or clock.now(connection, actor.org_id)
    append(connection, actor, [_entry(actor, what, record_id, version, state, facts, moment, old=old, why=why)])
    record = get(connection, record_id)
    _hear(connection, actor, record, old, moment)
    return record


def _hear(connection: sa.Connection, actor: CentreActor, record: Record, before: Record | None, at: datetime) -> None:
    for listener in _listeners.get((record.kind, record.state), ()):
        listener(Heard(connection, actor, record, before, at))


def _entry(
    actor: CentreActor,
    what: Kind,
    record_id: UUID,
    version: int,
    state: str,
    facts: Facts,
    moment: datetime,
    *,
    old: Record | None = None,
    why: str = "",
) -> prove.Entry:
    """Return the entry of a step of a record.

    ``TypeError`` for facts of another kind, ``centre.bad-facts`` for such as could never be read again.
    """
    if not isinstance(facts, what.facts):
        raise TypeError(f"{what.name} cannot say {type(facts).__name__}")
    person = what.named(what.person, facts) or (old.person_id if old else actor.person_id)
    member = what.named(what.member, facts) or (old.member_id if old else actor.member_id)
    said = {
        "id": str(record_id),
        "kind": what.name,
        "version": version,
        "state": state,
        "title": getattr(facts, what.title),
        "parent": _text(what.named(what.parent, facts)),
        "person": _text(person),
        "member": _text(member),
        "year": getattr(facts, what.year) if what.year else None,
        "facts": said_of(what, facts),
        "why": why,
    }
    body = {"type": _ENTRY, "takeback:step": STEP, "takeback:facts": said}
    return prove.Entry(_ENTRY, body, moment, (record_key(record_id),))


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _read(row: sa.Row[Any]) -> Record:
    what = kind_named(row.kind)
    return Record(**{**row._asdict(), "facts": msgspec.convert(row.facts, what.facts, strict=False)})


owns("centre_record")
_LOCKED = sa.text(f"select {_COLUMNS} from centre_record where id = any(:ids) for update")
_WRITE = """
    insert into centre_record (org_id, id, kind, version, state, title, parent_id, person_id, member_id, year, facts,
        created_at, changed_at, first_entry, entry_id)
    values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    on conflict (org_id, id) do update set version = excluded.version, state = excluded.state, title = excluded.title,
        parent_id = excluded.parent_id, person_id = excluded.person_id, member_id = excluded.member_id,
        year = excluded.year, facts = excluded.facts, changed_at = excluded.changed_at, entry_id = excluded.entry_id
"""


@projects(STEP)
def _project(connection: sa.Connection, org: UUID, facts: Sequence[Fact]) -> None:
    run = driver(connection).execute
    for fact in facts:
        said = fact.body["takeback:facts"]
        run(
            _WRITE,
            (
                org, said["id"], said["kind"], said["version"], said["state"], said["title"], said["parent"],
                said["person"], said["member"], said["year"], msgspec.json.encode(said["facts"]).decode(),
                fact.event_time, fact.event_time, fact.id, fact.id,
            ),
        )  # fmt: skip
