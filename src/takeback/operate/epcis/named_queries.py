"""Named queries: kept under a name of the organisation, asked and subscribed to by it (EPCIS 2.0, 8.2.5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity import Actor
from takeback.prove.epcis.query import Query, parse_json

LONGEST_NAME = 200
RESERVED = frozenset({"SimpleEventQuery", "SimpleMasterDataQuery"})
_INSERT = sa.text(
    """
    insert into epcis_query (org_id, name, query, created_at, created_by)
    values (:org, :name, cast(:query as json), :now, :by) on conflict do nothing returning name
    """
)
_ONE = sa.text("select name, query from epcis_query where org_id = :org and name = :name")
_PAGE = sa.text("select name, query from epcis_query where org_id = :org and name > :after order by name limit :count")
_DELETE = sa.text("delete from epcis_query where org_id = :org and name = :name returning name")


class NamedQuery(msgspec.Struct, frozen=True):
    """A query of the organisation: ``query`` is the JSON object as it was given."""

    name: str
    query: dict[str, Any]

    def parsed(self) -> Query:
        """Return what it asks for."""
        return parse_json(self.query)


def define(connection: sa.Connection, actor: Actor, body: object) -> NamedQuery:
    """Keep the query of `{"name": ..., "query": {...}}` and return it.

    Raises
    ------
    Problem
        ``epcis.query-validation``, ``epcis.query-parameter`` (400); ``epcis.query-exists`` (409).
    """
    actor.require("epcis.subscribe")
    named = _read(body)
    query = msgspec.json.encode(named.query).decode()
    row = {"org": actor.org_id, "name": named.name, "query": query, "now": datetime.now(UTC), "by": actor.label}
    if named.name in RESERVED or connection.execute(_INSERT, row).first() is None:
        raise Problem(
            "epcis.query-exists",
            msg("There is a query of this name already."),
            where="/name",
            found=named.name,
            remedy=msg("Take another name, or delete the other query first; its subscriptions end with it."),
            status=409,
        )
    return named


def named_query(connection: sa.Connection, actor: Actor, name: str) -> NamedQuery:
    """Return a named query. Raises ``epcis.no-query`` (404)."""
    row = connection.execute(_ONE, {"org": actor.org_id, "name": name}).one_or_none()
    if row is None:
        raise _unknown(name)
    return NamedQuery(row.name, row.query)


def named_queries(connection: sa.Connection, actor: Actor, *, after: str, count: int) -> list[NamedQuery]:
    """Return named queries in the order of the alphabet, behind the name ``after``."""
    rows = connection.execute(_PAGE, {"org": actor.org_id, "after": after, "count": count})
    return [NamedQuery(row.name, row.query) for row in rows]


def forget(connection: sa.Connection, actor: Actor, name: str) -> None:
    """Delete a named query with its subscriptions and their deliveries. Raises ``epcis.no-query`` (404)."""
    actor.require("epcis.subscribe")
    if connection.execute(_DELETE, {"org": actor.org_id, "name": name}).first() is None:
        raise _unknown(name)


def _read(body: object) -> NamedQuery:
    if not isinstance(body, Mapping) or not isinstance(body.get("query"), dict):
        raise _malformed("query", body, msg("an object {example}", example='{"name": "…", "query": {…}}'))
    name = body.get("name")
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise _malformed("/name", name, msg("a name of 1 to {count} visible characters", count=LONGEST_NAME))
    if further := sorted(set(body) - {"name", "query", "@context"}):
        raise _malformed("/", further, msg("the fields name and query"))
    query = dict(body["query"])
    if "@context" in body:
        query.setdefault("@context", body["@context"])
    paging = sorted({"perPage", "nextPageToken"} & set(query))
    if paging:
        raise _malformed("/query", paging, msg("no paging: it is given with each request for the query's events"))
    parse_json(query)
    return NamedQuery(name, query)


def _malformed(where: str, found: object, expected: Any) -> Problem:
    title = msg("The query does not have the form that EPCIS 2.0 gives it.")
    return Problem("epcis.query-validation", title, where=where, found=found, expected=expected, status=400)


def _unknown(name: str) -> Problem:
    return Problem("epcis.no-query", msg("There is no query of this name."), found=name, status=404)
