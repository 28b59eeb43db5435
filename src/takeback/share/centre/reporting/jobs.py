"""Reports of large centres, as jobs: `share.centre-report` with `sort`, `year`, `first`, `link`, `person`, `roles`."""

from __future__ import annotations

from collections.abc import Mapping
from time import sleep
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback import store
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.records import get
from takeback.share.centre.reporting.contents import Contents, Sort, gather
from takeback.share.centre.reporting.making import keep_report, write_report
from takeback.store.jobs import JobContext, enqueue, handles

KIND = "share.centre-report"
_STEPS = 1000  # of a progress bar
_PAUSES = (0.2, 0.5, 1.0, 2.0)  # seconds in which the log takes in what was recorded an instant ago


def ask_for_report(
    connection: sa.Connection,
    actor: CentreActor,
    sort: Sort,
    year: int,
    *,
    first: int | None = None,
    link: str = "",
    created_by: UUID | None = None,
) -> UUID:
    """Ask for a report as a job, in the caller's transaction; return the job's id, which the report will have, too.

    Raises
    ------
    Problem
        ``centre.forbidden`` (403).
    """
    actor.require("report.make")
    arguments = {
        "sort": sort, "year": year, "first": first, "link": link,
        "person": str(actor.person_id) if actor.person_id else None,
        "member": str(actor.member_id) if actor.member_id else None,
        "roles": sorted(actor.roles),
    }  # fmt: skip
    title = msg("Report of {year}", year=str(year))
    return enqueue(connection, actor.org_id, KIND, title, arguments, created_by=created_by)


@handles(KIND)
def work(context: JobContext) -> Mapping[str, Any]:
    """Make one report. Whoever asked for it was allowed to. Started again after a crash it finds what was kept."""
    said = context.arguments
    actor = CentreActor(
        org_id=context.org,
        person_id=UUID(said["person"]) if said["person"] else None,
        member_id=UUID(said["member"]) if said["member"] else None,
        roles=frozenset(said["roles"]),
    )
    with store.transaction(context.org) as connection:
        if _made(connection, context.id):
            return {"report": str(context.id)}
    contents = _gathered(actor, said)

    def told(share: float, what: Message) -> None:
        context.progress(min(_STEPS - 1, round(share * _STEPS)), _STEPS, what)

    files = [*write_report(contents, told)]
    with store.transaction(context.org) as connection:
        record = keep_report(connection, actor, contents, files, id=context.id)
    return {"report": str(record.id)}


def _gathered(actor: CentreActor, said: Mapping[str, Any]) -> Contents:
    """Return what the report says once the log has all of it; after a while without what the log has not."""
    for pause in (*_PAUSES, None):
        with store.transaction(actor.org_id) as connection:
            found = gather(connection, actor, said["sort"], said["year"], first=said["first"], link=said["link"])
        if found.proven or pause is None:
            break
        sleep(pause)
    return found


def _made(connection: sa.Connection, report_id: UUID) -> bool:
    try:
        get(connection, report_id, kind="report")
    except Problem as problem:
        if problem.status != 404:
            raise
        return False
    return True
