"""API keys: `tb_<id>.<secret>`, of which the secret is kept as a hash."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import sqlalchemy as sa

from takeback import store
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity.actor import Actor
from takeback.operate.identity.granting import LEDGER, require_unbarred
from takeback.operate.identity.permissions import PERMISSIONS, expanded
from takeback.operate.identity.tokens import hashed, new_token
from takeback.operate.identity.users import checked_name

LONGEST_LIFE = timedelta(days=366)
_BETWEEN_USES = timedelta(minutes=1)
_TEXT = re.compile(r"tb_([0-9a-f]{32})\.([A-Za-z0-9_-]{43})")


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key without its secret. `prefix` is how it begins; `used_at` is right to a minute."""

    id: UUID
    prefix: str
    name: str
    permissions: tuple[str, ...]
    created_by: UUID
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    used_at: datetime | None = None


def create_key(
    connection: sa.Connection,
    actor: Actor,
    *,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key of the actor's organisation; return it and its text, which is shown once and not kept.

    `scopes` are words of `SCOPES` or single permissions; without `expires_at` the key lives 90 days. In a centre the
    word `read` does not stand for the ledger.

    Raises
    ------
    Problem
        `identity.forbidden`, `identity.no-person`, `identity.bad-scope`, `identity.bad-expiry`, and what speaks against
        reading the ledger (`granting`).
    """
    actor.require("key.edit")
    require_unbarred(connection, actor.org_id, actor.person())
    now, secret = datetime.now(UTC), new_token()
    identifier = uuid4()
    key = ApiKey(
        id=identifier,
        prefix=_prefix(identifier),
        name=checked_name(name, where="name"),
        permissions=tuple(sorted(_granted(connection, actor, scopes))),
        created_by=actor.person(),
        created_at=now,
        expires_at=_expiry(expires_at, now),
    )
    row = {**msgspec.structs.asdict(key), "permissions": list(key.permissions)}
    connection.execute(_INSERT, {**row, "org_id": actor.org_id, "secret_hash": hashed(secret)})
    return key, f"{_prefix(identifier)}.{secret}"


def keys(connection: sa.Connection, actor: Actor) -> list[ApiKey]:
    """Return the organisation's keys, newest first."""
    actor.require("key.read")
    rows = connection.execute(_LIST, {"org": actor.org_id})
    return [msgspec.convert({**row._asdict(), "prefix": _prefix(row.id)}, ApiKey) for row in rows]


def revoke_key(connection: sa.Connection, actor: Actor, key_id: UUID) -> None:
    """Make a key worthless from now on; `identity.no-key` (404) when it is none or revoked."""
    actor.require("key.edit")
    row = {"org": actor.org_id, "id": key_id, "now": datetime.now(UTC)}
    if connection.execute(_REVOKE, row).first() is None:
        raise Problem("identity.no-key", msg("There is no such key."), found=key_id, status=404)


def revoke_keys_of(connection: sa.Connection, org_id: UUID, user_id: UUID) -> int:
    """Make all keys worthless that a person made for an organisation; return how many they were."""
    row = {"org": org_id, "user": user_id, "now": datetime.now(UTC)}
    return len(connection.execute(_REVOKE_ALL, row).all())


def actor_of_key(text: str) -> Actor | None:
    """Return the actor that presents the key `text`; None when it is unknown, wrong, revoked or expired."""
    match = _TEXT.fullmatch(text)
    if match is None:
        return None
    key_id, now = UUID(match[1]), datetime.now(UTC)
    with store.presenting("key", str(key_id)) as connection:
        row = connection.execute(_PRESENTED, {"id": key_id, "now": now}).one_or_none()
    if row is None or not hmac.compare_digest(row.secret_hash, hashed(match[2])):
        return None
    if row.used_at is None or now - row.used_at > _BETWEEN_USES:
        with store.transaction(row.org_id) as connection:
            connection.execute(_USED, {"org": row.org_id, "id": key_id, "now": now})
    held = frozenset(row.permissions) & frozenset(PERMISSIONS)
    return Actor(org_id=row.org_id, permissions=held, key_id=key_id)


def _granted(connection: sa.Connection, actor: Actor, scopes: Iterable[str]) -> frozenset[str]:
    said = frozenset(scopes)
    wanted = expanded(said)
    if not said & {"prove", LEDGER} and connection.execute(_KIND, {"org": actor.org_id}).scalar() == "centre":
        wanted -= {LEDGER}  # it holds both sides of every blind review: read by a key that was made for that alone
    if not wanted:
        raise Problem("identity.bad-scope", msg("An API key needs at least one permission."), where="scopes")
    for permission in sorted(wanted):
        actor.require(permission)
    return wanted


def _expiry(wanted: datetime | None, now: datetime) -> datetime:
    expires_at = now + timedelta(days=90) if wanted is None else wanted
    if expires_at.tzinfo is None or not now < expires_at <= now + LONGEST_LIFE:
        raise Problem(
            "identity.bad-expiry",
            msg("A key cannot expire at this time."),
            where="expires_at",
            found=expires_at.isoformat(),
            expected=msg("a time with its zone, within the next {days} days", days=LONGEST_LIFE.days),
        )
    return expires_at


def _prefix(key_id: UUID) -> str:
    return f"tb_{key_id.hex}"


_KIND = sa.text("select kind from organisation where id = :org")
_INSERT = sa.text("""
insert into api_key (org_id, id, name, secret_hash, permissions, created_by, created_at, expires_at)
values (:org_id, :id, :name, :secret_hash, :permissions, :created_by, :created_at, :expires_at)
""")
_LIST = sa.text("""
select id, name, permissions, created_by, created_at, expires_at, revoked_at, used_at
from api_key where org_id = :org order by created_at desc, id
""")
_REVOKE = sa.text("""
update api_key set revoked_at = :now
where org_id = :org and id = :id and revoked_at is null returning id
""")
_REVOKE_ALL = sa.text("""
update api_key set revoked_at = :now
where org_id = :org and created_by = :user and revoked_at is null and expires_at > :now returning id
""")
_PRESENTED = sa.text("""
select org_id, secret_hash, permissions, used_at
from api_key where id = :id and revoked_at is null and expires_at > :now
""")
_USED = sa.text("update api_key set used_at = :now where org_id = :org and id = :id")
