"""Organisations: the tenants."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Collection
from functools import cache
from typing import Any, Literal, get_args
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.currencies import CURRENCIES
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.identity.actor import Actor
from takeback.operate.identity.users import checked_name

Kind = Literal["enterprise", "university", "institute", "authority", "centre"]
LONGEST_NAME = 200
KINDS: tuple[Kind, ...] = get_args(Kind)


class OrganisationFields(msgspec.Struct, frozen=True, kw_only=True):
    """What an organisation says of itself.

    `country`: ISO 3166-1 alpha-2; `company_prefix`: the GS1 company prefix (4 to 12 digits) that its serial
    numbers begin with; `time_zone`: an IANA name; `currency`: ISO 4217.
    """

    slug: str
    kind: Kind
    name: str
    name_zh: str
    country: str = "CN"
    company_prefix: str | None = None
    time_zone: str = "Asia/Shanghai"
    currency: str = "CNY"


class Organisation(OrganisationFields, frozen=True, kw_only=True):
    """An organisation that signs in."""

    id: UUID


def create_organisation(
    connection: sa.Connection, org_id: UUID, fields: OrganisationFields, *, owner_id: UUID
) -> Organisation:
    """Create an organisation with its first owner, in `store.transaction(org_id)` with a new `org_id`.

    The tenant is set before the organisation exists, so that a caller can append to its ledger in the same
    transaction.

    Raises
    ------
    Problem
        `identity.bad-organisation` with one of `errors` a field; `identity.organisation-exists` (409).
    """
    organisation = _checked(org_id, fields)
    if connection.execute(_INSERT, msgspec.structs.asdict(organisation)).first() is None:
        raise _taken(organisation)
    connection.execute(_FIRST_OWNER, {"org_id": org_id, "user_id": owner_id})
    return organisation


def edit_organisation(connection: sa.Connection, actor: Actor, fields: OrganisationFields) -> Organisation:
    """Change what the actor's organisation says of itself; slug and kind stay as they are.

    Raises
    ------
    Problem
        `identity.forbidden`, `identity.bad-organisation`, `identity.organisation-exists` (409) for a company
        prefix that another organisation has.
    """
    actor.require("organisation.edit")
    wanted = _checked(actor.org_id, fields)
    try:
        with connection.begin_nested():
            connection.execute(_UPDATE, msgspec.structs.asdict(wanted))
    except sa.exc.IntegrityError as error:
        raise _taken(wanted) from error
    return organisation(connection, actor.org_id)


def organisation(connection: sa.Connection, org_id: UUID) -> Organisation:
    """Return the organisation; `identity.no-organisation` (404) when there is none."""
    row = connection.execute(_BY_ID, {"id": org_id}).one_or_none()
    if row is None:
        raise _unknown(org_id)
    return msgspec.convert(row._asdict(), Organisation)


def organisation_by_slug(connection: sa.Connection, slug: str) -> Organisation:
    """Return the organisation; `identity.no-organisation` (404) when there is none."""
    row = connection.execute(_BY_SLUG, {"slug": slug}).one_or_none()
    if row is None:
        raise _unknown(slug)
    return msgspec.convert(row._asdict(), Organisation)


def organisations(connection: sa.Connection) -> list[Organisation]:
    """Return all organisations of this installation, by short name."""
    return [msgspec.convert(row._asdict(), Organisation) for row in connection.execute(_ALL)]


def _checked(org_id: UUID, fields: OrganisationFields) -> Organisation:
    given: dict[str, Any] = {name: getattr(fields, name) for name in OrganisationFields.__struct_fields__}
    problems = [problem for name, value in given.items() if (problem := _wrong(name, value)) is not None]
    if problems:
        raise Problem("identity.bad-organisation", msg("The organisation is not described well."), errors=problems)
    names = {name: checked_name(given[name], where=name) for name in ("name", "name_zh")}
    return Organisation(id=org_id, **{**given, **names})


_PATTERNS: dict[str, tuple[re.Pattern[str], Message]] = {
    "slug": (
        re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"),
        msg("1 to 63 small letters, digits and hyphens, a letter or digit at both ends"),
    ),
    "country": (
        re.compile(r"[A-Z]{2}"),
        msg("two capital letters of ISO 3166-1, as {example}", example="CN"),
    ),
    "company_prefix": (re.compile(r"[0-9]{4,12}"), msg("4 to 12 digits")),
}


def _wrong(name: str, value: str | None) -> Problem | None:
    if value is None:
        return None
    expected: Message | str | None = None
    if name in _PATTERNS and not _PATTERNS[name][0].fullmatch(value):
        expected = _PATTERNS[name][1]
    elif name == "time_zone" and value not in _time_zones():
        expected = msg("a name of the IANA time zones, as {example}", example="Asia/Shanghai")
    elif name == "currency" and value not in CURRENCIES:
        expected = msg("three capital letters of ISO 4217, as {example}", example="CNY")
    elif name == "kind" and value not in KINDS:
        expected = ", ".join(KINDS)
    elif name in {"name", "name_zh"} and not 0 < len(value.strip()) <= LONGEST_NAME:
        expected = msg("1 to {longest} characters", longest=LONGEST_NAME)
    if expected is None:
        return None
    return Problem(
        "identity.bad-field", msg("This value is not understood."), where=name, found=value, expected=expected
    )


@cache
def _time_zones() -> Collection[str]:
    return zoneinfo.available_timezones()


def _unknown(found: object) -> Problem:
    return Problem("identity.no-organisation", msg("There is no such organisation."), found=found, status=404)


def _taken(organisation: Organisation) -> Problem:
    return Problem(
        "identity.organisation-exists",
        msg("Another organisation has this slug or this company prefix."),
        found=", ".join(filter(None, (organisation.slug, organisation.company_prefix))),
        status=409,
    )


_COLUMNS = "id, slug, kind, name, name_zh, country, company_prefix, time_zone, currency"
_INSERT = sa.text(f"""
insert into organisation ({_COLUMNS})
values (:id, :slug, :kind, :name, :name_zh, :country, :company_prefix, :time_zone, :currency)
on conflict do nothing returning id
""")
_FIRST_OWNER = sa.text("insert into membership (org_id, user_id, role) values (:org_id, :user_id, 'owner')")
_UPDATE = sa.text("""
update organisation set name = :name, name_zh = :name_zh, country = :country,
    company_prefix = :company_prefix, time_zone = :time_zone, currency = :currency
where id = :id
""")
_BY_ID = sa.text(f"select {_COLUMNS} from organisation where id = :id")
_BY_SLUG = sa.text(f"select {_COLUMNS} from organisation where slug = :slug")
_ALL = sa.text(f"select {_COLUMNS} from organisation order by slug")
