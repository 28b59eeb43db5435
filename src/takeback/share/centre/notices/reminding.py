"""What is due: reviews a week and a day before, deliverables, milestones and tasks two weeks before and when late."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from takeback.operate import clock
from takeback.operate.identity.organisations import organisation
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.notices.telling import tell
from takeback.share.centre.records import Record, find

REVIEWS = (timedelta(days=1), timedelta(days=7))
"""How long before the end of the reviewing an expert is reminded, the shorter time first."""
SOON = timedelta(days=14)
"""How long before a day people are reminded of it."""


def remind(connection: sa.Connection, actor: CentreActor, *, at: datetime | None = None) -> int:
    """Remind people of what is due, each once for a day; return how many notices that are."""
    now = at or clock.now(connection, actor.org_id)
    before = _count(connection)
    for call in find(connection, "call", state="reviewing"):
        _reviews(connection, actor, call, now)
    today = now.astimezone(ZoneInfo(organisation(connection, actor.org_id).time_zone)).date()
    _days(connection, actor.org_id, today, now)
    return _count(connection) - before


def _reviews(connection: sa.Connection, actor: CentreActor, call: Record, now: datetime) -> None:
    left = call.facts.review_closes - now
    near = next((one for one in REVIEWS if timedelta() < left <= one), None)
    if near is None:
        return
    found = find(connection, "review", state=("assigned", "draft"), text=str(call.id))
    experts = {one.facts.expert for one in found if one.facts.call == call.id}
    day = call.facts.day(call.facts.review_closes)
    tell(connection, actor, experts, "review.due", f"/centre/reviews/{call.id}", title=call.facts.title,
         title_zh=call.facts.title_zh, day=day, once=f"{day}:{near.days}", at=now)  # fmt: skip


def _days(connection: sa.Connection, org: UUID, today: date, now: datetime) -> None:
    given = {"org": org, "today": today.isoformat(), "soon": (today + SOON).isoformat(), "at": now}
    for kind, code, states, whom in _DUE:
        connection.execute(
            sa.text(_REMIND.format(whom=whom)), {**given, "kind": kind, "code": code, "states": [*states]}
        )


def _count(connection: sa.Connection) -> int:
    return int(connection.execute(sa.text("select count(*) from centre_notice")).scalar_one())


_LEADER = """
    join centre_record w on w.id = cast(r.facts ->> 'project' as uuid) and w.kind = 'project'
        and w.state in ('running', 'conditional')
    join centre_person p on p.id = w.person_id
"""
_OWNER = "join centre_person p on p.id = r.person_id"
_RUNNING = "join centre_person p on p.roles && array['manager', 'director']"
_DUE = (
    ("deliverable", "deliverable.due", ("due", "returned"), _LEADER),
    ("project-milestone", "milestone.due", ("open",), _LEADER),
    ("milestone", "milestone.due", ("planned", "missed"), _RUNNING),
    ("task", "task.due", ("undertaken",), _OWNER),
)
"""Kind, code of the notice, states in which it is due, how the people are found who answer for it."""
_REMIND = """
    insert into centre_notice (org_id, id, person_id, code, about, once, said, at)
    select :org, gen_random_uuid(), n.id, :code, '/centre/' || r.kind || '/' || r.id,
        (r.facts ->> 'due') || case when r.facts ->> 'due' < :today then ' late' else '' end,
        jsonb_build_object('title', r.title, 'title_zh', coalesce(r.facts ->> 'title_zh', ''),
            'day', r.facts ->> 'due'), :at
    from centre_record r {whom}
    join centre_person_name n on n.id = p.id and p.withdrawn_at is null
    where r.kind = :kind and r.state = any(:states) and r.facts ->> 'due' <= :soon
    on conflict do nothing
"""
