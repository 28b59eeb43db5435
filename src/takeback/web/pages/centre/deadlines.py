"""What is due in the centre: milestones, tasks, deliverables, calls; what is overdue stands first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from takeback.core.message import msg
from takeback.share.centre import targets, tasks
from takeback.share.centre.records import Record, find
from takeback.web.console.centre_words import kind_word
from takeback.web.console.views import Chip, LinkRow
from takeback.web.pages.centre.rows import day_of, title_of
from takeback.web.pages.centre.visit import Visit

SOON = timedelta(days=60)
CARE = 14  # days before its end from which a deadline is amber


def deadlines(visit: Visit) -> Iterator[LinkRow]:
    """Yield what is overdue or due within two months, the first due first."""
    today, connection = visit.today, visit.connection
    found: list[tuple[date, Record]] = []
    for records in (
        targets.overdue_milestones(connection, today=today),
        find(connection, "milestone", state="planned"),
        tasks.overdue(connection, today=today),
        find(connection, "task", state="undertaken"),
        find(connection, "deliverable", state=("due", "returned")),
        find(connection, "project-milestone", state="open"),
    ):
        found += [(record.facts.due, record) for record in records]
    found += [(day_of(visit, call.facts.closes), call) for call in find(connection, "call", state="published")]
    seen: set[UUID] = set()
    for due, record in sorted(found, key=lambda one: one[0]):
        if due <= today + SOON and record.id not in seen:
            seen.add(record.id)
            yield _due(visit, record, due, today)


def _due(visit: Visit, record: Record, due: date, today: date) -> LinkRow:
    detail = msg("{kind}, {day}", kind=kind_word(record.kind), day=due)
    href = f"/centre/{record.kind}/{record.id}"
    return LinkRow(href=href, title=title_of(visit, record), detail=detail, badge=_when((due - today).days))


def _when(days: int) -> Chip:
    """Return how far off a deadline is; red once it is over, amber in its last two weeks."""
    if days < 0:
        return Chip(label=msg("{n} d late", n=-days), tone="bad")
    if days == 0:
        return Chip(label=msg("today"), tone="warn")
    return Chip(label=msg("in {n} d", n=days), tone="warn" if days <= CARE else "plain")
