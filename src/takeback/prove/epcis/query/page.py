"""One page of the answer to a query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.epcis.query import sorting, tokens
from takeback.prove.epcis.query.candidates import Found, Search
from takeback.prove.epcis.query.fieldname import FieldName
from takeback.prove.epcis.query.master import NOTHING, MasterData
from takeback.prove.epcis.query.parse import LARGEST_PAGE
from takeback.prove.epcis.query.query import Query
from takeback.prove.epcis.query.tokens import Token
from takeback.prove.epcis.query.trouble import TOO_COMPLEX, too_large

PER_PAGE = 30
SCANNED = 200_000  # entries that one page may look at
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_COLUMNS = {"eventTime": "event_time", "recordTime": "record_time"}


@dataclass(frozen=True, slots=True)
class Page:
    """Events in the query's order; ``next`` is the token of the page behind, None on the last one."""

    events: tuple[Found, ...]
    next: str | None = None
    expires: datetime | None = None


def page(
    connection: sa.Connection,
    org: UUID,
    query: Query,
    *,
    per_page: int | None = None,
    token: str | None = None,
    master: MasterData = NOTHING,
    scanned: int = SCANNED,
    now: datetime | None = None,
) -> Page:
    """Return a page of an organisation's events; ``per_page`` and ``token`` are the query's own unless given.

    Order is by event time (newest first) unless the query says otherwise; equal ones by their entry. Entries are
    never changed, so whoever follows the tokens gets each event that was there at the first page once, whatever is
    captured meanwhile.

    Raises
    ------
    Problem
        ``epcis.query-parameter`` (400) for a token that is not of this query or too old,
        ``epcis.query-too-large`` (413) where more than maxEventCount match,
        ``epcis.query-too-complex`` (413) where more than ``scanned`` entries had to be looked at.
    """
    moment = now or datetime.now(UTC)
    size = min(per_page or query.per_page or PER_PAGE, LARGEST_PAGE)
    digest = query.digest(str(org))
    text = token or query.token
    search = Search(connection, org, query, master, scanned)
    if isinstance(query.order.by, FieldName):
        before = _read(text, digest, moment, sorting.FORM)
        return _paged(query, before, size, sorting.found(search, query.order, before), moment)
    before = _read(text, digest, moment, _FORM)
    return _paged(query, before, size, _by_time(search, before, size), moment)


_FORM = ((int,), (int,))


def _read(text: str | None, digest: bytes, now: datetime, form: tokens.Form) -> Token:
    return tokens.read(text, digest, now, form=form) if text else Token(digest, 0, ())


def _by_time(search: Search, before: Token, size: int) -> Iterator[tuple[tuple[tokens.Step, ...], Found]]:
    order = search.query.order
    after = (_moment(int(before.place[0] or 0)), int(before.place[1] or 0)) if before.place else None
    column = _COLUMNS[str(order.by)]
    for found in search.found(column, order.ascending, after, size + 1):
        yield ((getattr(found, column) - _EPOCH) // _MICROSECOND, found.id), found


def _moment(microseconds: int) -> datetime:
    try:
        return _EPOCH + microseconds * _MICROSECOND
    except OverflowError:
        raise tokens.refused(microseconds, msg("a token as it stood in the last answer")) from None


def _paged(
    query: Query,
    before: Token,
    size: int,
    answers: Iterator[tuple[tuple[tokens.Step, ...], Found]],
    now: datetime,
) -> Page:
    room = size if query.limit is None else min(size, query.limit - before.seen)
    given = list(islice(answers, max(room, 0)))
    seen = before.seen + len(given)
    more = (query.limit is None or seen < query.limit) and len(given) == room and _another(answers)
    if query.most is not None:
        _check_most(query.most, seen + more, answers, first=before.seen == 0)
    events = tuple(found for _, found in given)
    if not more:
        return Page(events)
    return Page(events, Token(before.digest, seen, given[-1][0]).write(now), tokens.expires(now))


def _another(answers: Iterator[object]) -> bool:
    """Whether one more answers; where it would take too long to find it, the page behind says so."""
    try:
        return next(answers, None) is not None
    except Problem as problem:
        if problem.kind != TOO_COMPLEX:
            raise
        return True


def _check_most(most: int, seen: int, rest: Iterator[object], *, first: bool) -> None:
    """Refuse a result above maxEventCount: on the first page by counting on, later by what was given."""
    if first:
        seen += sum(1 for _ in islice(rest, max(most + 1 - seen, 0)))
    if seen > most:
        raise too_large(most)
