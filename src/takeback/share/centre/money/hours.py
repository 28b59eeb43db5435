"""People's time: the same hour of a person is claimed once in the centre, whatever the project."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.money.book import hold, post


def lane_of(*parts: object) -> int:
    """Return the lane of a thing, below 2^52: two of a million things share one with a chance of 1 in 9,000.

    Things that share a lane cannot be taken at once; they are never both given.
    """
    return int.from_bytes(sha256("/".join(map(str, parts)).encode()).digest()[:8], "big") >> 12


def check_zoned(*moments: datetime) -> None:
    """Go on only with moments that say their time zone; raises ``centre.bad-time``."""
    for moment in moments:
        if moment.tzinfo is None:
            raise Problem(
                "centre.bad-time",
                msg("This time says no time zone."),
                found=moment.isoformat(),
                expected="2026-05-04T09:00:00+08:00",
            )


def in_utc(begins: datetime, ends: datetime) -> tuple[datetime, datetime]:
    """Return two moments in UTC; ``centre.bad-time`` for one without a zone.

    Two moments of one zone are subtracted by its clocks, which stand still or run twice when summer begins and ends.
    """
    check_zoned(begins, ends)
    return begins.astimezone(UTC), ends.astimezone(UTC)


def seconds(moment: datetime) -> int:
    """Return whole seconds since 1970."""
    return int(moment.timestamp())


Hours = tuple[str, str, int, int, int]
"""A claim as an entry says it: person, project, lane, first second, second behind the last."""


def hours_of(person: UUID, project: UUID, begins: datetime, ends: datetime) -> Hours:
    """Return a claim of a person's time; ``centre.bad-time`` when it ends before it begins or is above 16 hours."""
    check_zoned(begins, ends)
    begin, end = seconds(begins), seconds(ends)
    if not 0 < end - begin <= 16 * 3600:
        raise Problem(
            "centre.bad-time",
            msg("These are no hours that a person can work at a stretch."),
            found=f"{begins.isoformat()} - {ends.isoformat()}",
            expected=msg("more than 0 and at most 16 hours"),
        )
    return str(person), str(project), lane_of(person), begin, end


def check_hours(connection: sa.Connection, hours: Hours) -> None:
    """Go on only when nobody claimed these hours; raises ``centre.hours-twice`` (409)."""
    where = {"person": UUID(hours[0]), "begin": hours[3], "end": hours[4]}
    taken = connection.execute(_TAKEN, where).one_or_none()
    if taken:
        raise Problem(
            "centre.hours-twice",
            msg("These hours of this person are claimed already."),
            where=str(taken.project_id),
            found=f"{_shown(taken.begin_s)} - {_shown(taken.end_s)}",
            expected=msg("every hour of a person claimed once, in one project"),
            remedy=msg("Look at the other claim; if it is wrong, reverse it first."),
            status=409,
        )


def claim_hours(
    connection: sa.Connection, actor: CentreActor, record_id: UUID, hours: Hours, *, at: datetime | None = None
) -> int:
    """Claim a person's hours for a record without moving money; raises ``centre.hours-twice`` (409)."""
    hold(connection, actor.org_id)
    check_hours(connection, hours)
    return post(connection, actor, "hours", record_id, [], more={"hours": hours}, at=at)


def _shown(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat()


_TAKEN = sa.text("""
    select project_id, begin_s, end_s from centre_hours
    where person_id = :person and begin_s < :end and end_s > :begin order by begin_s limit 1
""")
