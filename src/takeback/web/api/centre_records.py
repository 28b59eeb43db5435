"""Records of a centre, of every kind: found, looked at, put, changed, moved on, and what they said over time.

Whoever may not see a kind gets none of it here. Proposals and reviews are for those who run calls; authors and
reviewers see theirs through the routes of calls; who runs calls gets none here of a call with an own part in it.
"""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from litestar import Response, get, post, put
from litestar.params import Parameter, QueryParameter

from takeback.operate.identity import Actor
from takeback.share.centre import calls, records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.history import Step, history
from takeback.share.centre.records import Record
from takeback.share.centre.writing import change, create, move
from takeback.web.api.centre_asking import URL, once_within, within
from takeback.web.api.centre_kinds import TAGS, facts_of, readable
from takeback.web.api.idempotency import Once

LARGEST_PAGE = 500
PageNumber = Annotated[int, Parameter(ge=1, le=1_000_000)]
PageSize = Annotated[int, Parameter(ge=1, le=LARGEST_PAGE)]
InState = Annotated[list[str] | None, QueryParameter(name="state", description="One state or several.")]
Mine = Annotated[bool, Parameter(description="Only those in which you or your member organisation take part.")]
LIST = f"{URL}/records/{{kind:str}}"
ONE = f"{LIST}/{{record_id:uuid}}"


class RecordPage(msgspec.Struct, frozen=True, kw_only=True):
    """Records, the latest changed first; `total`: of all pages."""

    records: list[Record]
    page: int
    size: int
    total: int


class NewRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What a new record says, by the schema of its kind."""

    facts: dict[str, Any]


class RecordChange(msgspec.Struct, frozen=True, kw_only=True):
    """What a record says from now on; `version`: the one that the change was made from."""

    facts: dict[str, Any]
    version: int | None = None


class RecordMove(msgspec.Struct, frozen=True, kw_only=True):
    """The state to move to, why, and what the record says then (as before, if nothing is given)."""

    state: str
    reason: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    facts: dict[str, Any] | None = None
    version: int | None = None


@get(LIST, sync_to_thread=True, tags=TAGS, summary="Records of a kind, narrowed and paged")
def find(
    actor: Actor,
    kind: str,
    in_state: InState = None,
    parent: UUID | None = None,
    person: UUID | None = None,
    member: UUID | None = None,
    year: int | None = None,
    text: str = "",
    mine: Mine = False,
    page: PageNumber = 1,
    size: PageSize = 50,
) -> RecordPage:
    def found(connection: sa.Connection, who: CentreActor) -> RecordPage:
        where: dict[str, Any] = {"state": in_state, "parent": parent, "person": person, "member": member, "year": year}
        what = readable(who, kind)
        where |= {
            "text": text,
            "of": who.own if mine else None,
            "closed": calls.closed_calls(connection, who, what.read),
        }
        rows = records.find(connection, what.name, **where, limit=size, offset=size * (page - 1))
        return RecordPage(records=rows, page=page, size=size, total=records.count(connection, what.name, **where))

    return within(actor, found)


@post(LIST, sync_to_thread=True, tags=TAGS, summary="Put a new record")
def put_new(actor: Actor, once: Once, kind: str, data: NewRecord) -> Response[Record]:
    def effect(connection: sa.Connection, who: CentreActor) -> Record:
        what = readable(who, kind)
        return create(connection, who, what, facts_of(what, data.facts))

    return once_within(actor, once, effect)


@get(ONE, sync_to_thread=True, tags=TAGS, summary="One record as it stands now")
def one(actor: Actor, kind: str, record_id: UUID) -> Record:
    return within(actor, lambda connection, who: record_of(connection, who, kind, record_id))


@put(ONE, sync_to_thread=True, tags=TAGS, summary="Change what a record says")
def change_one(actor: Actor, once: Once, kind: str, record_id: UUID, data: RecordChange) -> Response[Record]:
    def effect(connection: sa.Connection, who: CentreActor) -> Record:
        old = record_of(connection, who, kind, record_id, lock=True)
        what = readable(who, kind)
        return change(connection, who, old, facts_of(what, data.facts), version=data.version)

    return once_within(actor, once, effect, status=200)


@post(f"{ONE}/moves", sync_to_thread=True, status_code=200, tags=TAGS, summary="Move a record on to another state")
def move_one(actor: Actor, once: Once, kind: str, record_id: UUID, data: RecordMove) -> Response[Record]:
    def effect(connection: sa.Connection, who: CentreActor) -> Record:
        old = record_of(connection, who, kind, record_id, lock=True)
        facts = None if data.facts is None else facts_of(readable(who, kind), data.facts)
        return move(connection, who, old, data.state, facts=facts, reason=data.reason, version=data.version)

    return once_within(actor, once, effect, status=200)


@get(f"{ONE}/history", sync_to_thread=True, tags=TAGS, summary="Every step of a record, with its entry of the ledger")
def read_history(actor: Actor, kind: str, record_id: UUID) -> list[Step]:
    def steps(connection: sa.Connection, who: CentreActor) -> list[Step]:
        return history(connection, who.org_id, record_of(connection, who, kind, record_id))

    return within(actor, steps)


def record_of(connection: sa.Connection, who: CentreActor, kind: str, record_id: UUID, *, lock: bool = False) -> Record:
    """Return a record of a kind that `who` may see.

    Raises
    ------
    Problem
        ``centre.no-record`` (404), ``centre.forbidden`` (403), ``centre.not-impartial`` (403) for what tells of the
        other side of a call in which `who` applies or reviews.
    """
    what = readable(who, kind)
    record = records.get(connection, record_id, kind=what.name, lock=lock)
    closed = calls.closed_calls(connection, who, what.read)
    if closed and (call := calls.call_of(connection, record)) in closed:
        calls.require_impartial(connection, who, call)
    return record


HANDLERS = [find, put_new, one, change_one, move_one, read_history]
