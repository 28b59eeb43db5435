"""A project's life as data: what is due, what happened, in the order of days."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.share.centre.projects.kinds import Project
from takeback.share.centre.records import Record, get


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """Something of a project: a bar from `begins` to `ends`, or a point where both are the same day.

    `kind` and `state` are those of the record; `entry_id`: the last entry of the ledger about it.
    """

    begins: date
    ends: date
    kind: str
    title: str
    state: str
    record_id: UUID
    entry_id: int


def timeline(connection: sa.Connection, project_id: UUID) -> list[Moment]:
    """Return a project's moments by day; raises ``centre.no-record`` (404)."""
    project = get(connection, project_id, kind="project")
    rows = connection.execute(_PARTS, {"project": project_id})
    return sorted([_whole(project), *(Moment(**row._asdict()) for row in rows)], key=lambda one: (one.begins, one.ends))


def _whole(record: Record) -> Moment:
    project: Project = record.facts
    return Moment(
        begins=project.begins,
        ends=project.ends,
        kind="project",
        title=record.title,
        state=record.state,
        record_id=record.id,
        entry_id=record.entry_id,
    )


_PARTS = sa.text("""
    select coalesce(cast(coalesce(facts ->> 'begins', facts ->> 'due', facts ->> 'until', facts ->> 'agreed',
                                  facts ->> 'signed', facts ->> 'since') as date), changed_at::date) as begins,
           coalesce(cast(coalesce(facts ->> 'ends', facts ->> 'due', facts ->> 'until', facts ->> 'agreed',
                                  facts ->> 'signed', facts ->> 'since') as date), changed_at::date) as ends,
           kind, title, state, id as record_id, entry_id
    from centre_record where parent_id = :project
      and kind in ('work-package', 'deliverable', 'project-milestone', 'progress', 'acceptance', 'ip', 'transfer',
                   'adoption')
""")
