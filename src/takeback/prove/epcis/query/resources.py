"""The values that an organisation's events name: event types, EPCs, business steps, places, dispositions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from takeback.core.items import item_key
from takeback.core.problem import Problem
from takeback.prove.epcis.prepare import EVENT_TYPES, FIELDS
from takeback.prove.epcis.query import tokens
from takeback.prove.epcis.query.conditions.items import EVERYWHERE, ThingIs
from takeback.prove.epcis.query.page import PER_PAGE
from takeback.prove.epcis.query.parse import LARGEST_PAGE, parse
from takeback.prove.epcis.query.pattern import read_pattern
from takeback.prove.epcis.query.query import Query
from takeback.prove.epcis.query.tokens import Token
from takeback.prove.epcis.query.words import uri, word

Collection = Literal["eventTypes", "epcs", "bizSteps", "bizLocations", "readPoints", "dispositions"]
_FORM = ((str,),)
_FIELDS = {
    "eventTypes": FIELDS["type"],
    "bizSteps": FIELDS["bizStep"],
    "dispositions": FIELDS["disposition"],
    "readPoints": FIELDS["readPoint"],
    "bizLocations": FIELDS["bizLocation"],
}
_PARAMETERS = {
    "eventTypes": "eventType",
    "bizSteps": "EQ_bizStep",
    "dispositions": "EQ_disposition",
    "readPoints": "EQ_readPoint",
    "bizLocations": "EQ_bizLocation",
}
_TERMS = sa.text(
    """
    select uri from term where org_id = :org and field = :field and uri > :after collate "C"
    order by uri limit :count
    """
)
_EPCS = sa.text("select uri from identifier where org_id = :org and uri > :after order by uri limit :count")
_TERM = sa.text("select exists (select from term where org_id = :org and field = :field and key = :key)")
_EPC = sa.text("select exists (select from identifier where org_id = :org and uri >= :first and uri < :last)")
_EPC_KEY = sa.text("select exists (select from identifier where org_id = :org and key = :key)")


@dataclass(frozen=True, slots=True)
class Members:
    """Values of a collection in the order of the alphabet: CBV words bare, others as canonical URIs."""

    members: tuple[str, ...]
    next: str | None = None
    expires: datetime | None = None


def members(
    connection: sa.Connection,
    org: UUID,
    collection: Collection,
    *,
    per_page: int | None = None,
    token: str | None = None,
    now: datetime | None = None,
) -> Members:
    """Return a page of a collection. Raises ``Problem`` for a token that is not of this collection or too old.

    The five event types of EPCIS 2.0 belong to it whether there are such events or not.
    """
    moment = now or datetime.now(UTC)
    size = min(per_page or PER_PAGE, LARGEST_PAGE)
    digest = sha256(f"{org} {collection}".encode()).digest()[:8]
    read = tokens.read(token, digest, moment, form=_FORM) if token else Token(digest, 0, ("",))
    found = _page(connection, org, collection, str(read.place[0]), size + 1)
    if len(found) <= size:
        return Members(tuple(found))
    given = tuple(found[:size])
    after = Token(digest, read.seen + size, (given[-1],))
    return Members(given, after.write(moment), tokens.expires(moment))


def exists(connection: sa.Connection, org: UUID, collection: Collection, value: str) -> bool:
    """Whether a value, in any spelling, is a member of the collection; False for what cannot be one."""
    if collection == "eventTypes" and value in EVENT_TYPES:
        return True
    try:
        if collection == "epcs":
            return _epc_exists(connection, org, value)
        key = item_key(_spelled(collection, value))
    except (Problem, UnicodeEncodeError):
        return False
    return bool(connection.scalar(_TERM, {"org": org, "field": _FIELDS[collection], "key": key}))


def events_of(collection: Collection, value: str) -> Query:
    """Return the query of `/{collection}/{value}/events`: join it to the other parameters by `Query.also`.

    Raises ``Problem`` (``epcis.query-parameter``) for what cannot be a member of the collection.
    """
    if collection == "epcs":
        return Query((ThingIs.of(EVERYWHERE, [value], where="epc"),), given=(("epc", (value,)),))
    return parse([(_PARAMETERS[collection], value)])


def _page(connection: sa.Connection, org: UUID, collection: Collection, after: str, count: int) -> Sequence[str]:
    values = {"org": org, "after": after, "count": count}
    if collection == "epcs":
        return connection.scalars(_EPCS, values).all()
    found = connection.scalars(_TERMS, {**values, "field": _FIELDS[collection]}).all()
    if collection == "eventTypes":
        return sorted({*found, *(name for name in EVENT_TYPES if name > after)})[:count]
    return found


def _epc_exists(connection: sa.Connection, org: UUID, value: str) -> bool:
    pattern = read_pattern(value, where="epc")
    if pattern.form is None:
        return bool(connection.scalar(_EPC_KEY, {"org": org, "key": item_key(pattern.uri)}))
    spans = ({"org": org, "first": first, "last": last} for first, last in pattern.ranges)
    return any(connection.scalar(_EPC, span) for span in spans)


def _spelled(collection: Collection, value: str) -> str:
    match collection:
        case "bizSteps":
            return word(collection, value, "bizStep", {})
        case "dispositions":
            return word(collection, value, "disposition", {})
        case "readPoints" | "bizLocations":
            return uri(collection, value, {})
        case _:
            return value
