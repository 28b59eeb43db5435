"""Who is on a side of an open call reads no ledger of the centre, and the other way round.

The ledger holds both sides of a call. A role or an API key by which it is read is refused to whoever applies or
reviews until the call is closed; whoever has one is refused as reviewer, applicant or team (`seeing_all`).
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.identity.granting import guards_reading
from takeback.share.centre.turns import take_turn

OPEN = ("published", "reviewing", "decided")
"""States of a call in which its sides stay unknown to each other: until the time to appeal is over."""


class OnASide(msgspec.Struct, frozen=True, kw_only=True):
    """A person's side (`kind`: review or proposal) in an open call."""

    call: UUID
    code: str
    kind: str
    until: Message


def seeing_all(connection: sa.Connection) -> frozenset[UUID]:
    """Return the persons whose account runs the centre's organisation, reads its ledger, or made a key that does.

    An account is a person's by link, or by the e-mail by which it will find the person at the first visit.
    """
    return frozenset(connection.execute(_SEEING).scalars())


def refuse_seeing(connection: sa.Connection, person_id: UUID) -> None:
    """Go on only where no call is open, or a person does not see both sides; ``centre.on-a-side`` (409).

    Whether the person is on a side does not matter: who asks may be on the other one, and must not learn it.
    """
    call = connection.execute(_ANY_OPEN, {"open": list(OPEN)}).scalar()
    if call is not None and person_id in seeing_all(connection):
        raise Problem(
            "centre.on-a-side",
            msg("While a call is open, an account that reads the centre's ledger becomes nobody else's."),
            where=call,
            expected=msg("until the call is closed"),
            remedy=msg("Enter another e-mail, or wait until the call is closed."),
            status=409,
        )


@guards_reading
def refuse_account(connection: sa.Connection, org: UUID, user_id: UUID) -> None:
    """Go on only where an account is of nobody who applies or reviews in an open call; ``centre.on-a-side`` (409)."""
    people = connection.execute(_OF_ACCOUNT, {"user": user_id}).scalars().all()
    if people:
        take_turn(connection)  # nobody is assigned meanwhile
        _refuse(connection, list(people))


def open_sides(connection: sa.Connection, person_ids: list[UUID]) -> list[OnASide]:
    """Return the open calls in which persons are on a side; once on one means until the call is closed."""
    rows = connection.execute(_SIDES, {"people": [str(one) for one in person_ids], "open": list(OPEN)})
    return [_side(row) for row in rows]


def _side(row: sa.Row[tuple[object, ...]]) -> OnASide:
    until = msg("until the call is closed")
    if row.announced is not None:
        last = (row.announced + timedelta(days=row.appeal_days)).astimezone(ZoneInfo(row.zone)).date()
        until = msg("until the call is closed, after {day}", day=last.isoformat())
    elif row.due is not None:
        last = row.due.astimezone(ZoneInfo(row.zone)).date()
        until = msg("until the call is closed; reviews are due on {day}", day=last.isoformat())
    return OnASide(call=row.call, code=row.code, kind=row.kind, until=until)


def _refuse(connection: sa.Connection, person_ids: list[UUID]) -> None:
    for side in open_sides(connection, person_ids):
        raise Problem(
            "centre.on-a-side",
            msg("Who applies or reviews in an open call does not read the centre's ledger."),
            where=side.code,
            found=_SAID[side.kind],
            expected=side.until,
            remedy=msg("Give this role or key to somebody else, or wait until the call is closed."),
            status=409,
        )


_SAID = {"review": msg("This person reviews in the call."), "proposal": msg("This person applies in the call.")}
_ANY_OPEN = sa.text("""
    select facts ->> 'code' from centre_record where kind = 'call' and state = any(:open) order by first_entry limit 1
""")
_MINE = "(n.user_id = u.id or (n.user_id is null and n.email = u.email))"
_HERE = "cast(nullif(current_setting('takeback.org', true), '') as uuid)"
_SEEING = sa.text(f"""
    select n.id from centre_person_name n join user_account u on {_MINE}
    where exists (select from membership m where m.org_id = {_HERE} and m.user_id = u.id and m.role <> 'participant')
       or exists (select from api_key k where k.org_id = {_HERE} and k.created_by = u.id
                  and k.revoked_at is null and k.expires_at > now())
""")
_OF_ACCOUNT = sa.text(f"select n.id from centre_person_name n join user_account u on {_MINE} where u.id = :user")
_SIDES = sa.text("""
    with side as (
        select distinct on (call) cast(facts ->> 'call' as uuid) as call, kind from centre_record
        where (kind = 'review' and person_id = any(cast(:people as uuid[])))
           or (kind = 'proposal' and (facts #>> '{identity,lead}' = any(cast(:people as text[]))
                                      or facts #> '{identity,team}' ?| cast(:people as text[])))
        order by call, first_entry
    )
    select s.call, s.kind, c.facts ->> 'code' as code, coalesce(c.facts ->> 'zone', 'Asia/Shanghai') as zone,
        cast(c.facts ->> 'review_closes' as timestamptz) as due,
        cast(c.facts ->> 'announced' as timestamptz) as announced,
        coalesce(cast(c.facts ->> 'appeal_days' as int), 10) as appeal_days
    from side s join centre_record c on c.id = s.call and c.kind = 'call'
    where c.state = any(:open) order by due
""")
