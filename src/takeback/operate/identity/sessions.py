"""Signing in and out: sessions in PostgreSQL, of whose tokens only hashes are kept."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import sqlalchemy as sa

from takeback import store
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity import rate
from takeback.operate.identity.actor import Actor
from takeback.operate.identity.memberships import Membership, as_actor, memberships_of
from takeback.operate.identity.passwords import NOBODY, hash_password, outdated, verify_password
from takeback.operate.identity.tokens import hashed, new_token
from takeback.operate.identity.users import User, normalised_email

_log = logging.getLogger("takeback.identity")
IDLE = timedelta(hours=8)
"""A shift: who comes back the next morning signs in again."""
ABSOLUTE = timedelta(days=7)
_BETWEEN_TOUCHES = timedelta(minutes=1)


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One browser in which a person is signed in; `seen_at` is right to a minute."""

    id: UUID
    organisation_id: UUID | None
    address: str | None
    agent: str | None
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """A person with a session; `actor` is None for somebody who belongs to no organisation yet."""

    session: Session
    user: User
    memberships: tuple[Membership, ...]
    actor: Actor | None


def sign_in(
    email: str,
    password: str,
    *,
    address: str | None = None,
    agent: str | None = None,
    replacing: str | None = None,
) -> str:
    """Check a password and open a session; return its token. The session of the token `replacing` ends.

    An unknown e-mail takes as long as a wrong password, and is told in the same words.

    Raises
    ------
    Problem
        `identity.bad-credentials` (401), `identity.too-many-requests` (429).
    """
    name = _name(email)
    _limit(name, address)
    with store.admin() as connection:
        found = connection.execute(_SECRET, {"email": name}).one_or_none()
    right = verify_password(found.password_hash if found else NOBODY, password)
    if found is None or not right or not found.active:
        _log.info("sign-in refused from %s", address)
        raise Problem(
            "identity.bad-credentials",
            msg("The e-mail or the password is not right."),
            status=401,
            exit_code=77,
        )
    with store.admin() as connection:
        rate.forget(connection, rate.SIGN_IN_BY_BOTH, _both(name, address))
        if outdated(found.password_hash):
            connection.execute(_REHASH, {"id": found.id, "hash": hash_password(password)})
    _log.info("sign-in of %s from %s", found.id, address)
    return open_session(found.id, address=address, agent=agent, replacing=replacing)


def open_session(
    user_id: UUID, *, address: str | None = None, agent: str | None = None, replacing: str | None = None
) -> str:
    """Open a session for a person who has shown who it is; return the token. It is always a new one."""
    token, now = new_token(), datetime.now(UTC)
    organisations = memberships_of(user_id)
    row = {
        "id": uuid4(),
        "token_hash": hashed(token),
        "user_id": user_id,
        "organisation_id": organisations[0].org_id if organisations else None,
        "address": address,
        "agent": agent[:200] if agent else None,
        "now": now,
        "expires_at": now + ABSOLUTE,
    }
    with store.admin() as connection:
        if replacing is not None:
            connection.execute(_END, {"hash": hashed(replacing)})
        connection.execute(_PURGE, {"user": user_id, "now": now, "idle": now - IDLE})
        connection.execute(_INSERT, row)
    return token


def signed_in(token: str) -> SignedIn | None:
    """Return who presents a session's token; None when it is unknown, ended, idle or too old."""
    now = datetime.now(UTC)
    with store.admin() as connection:
        row = connection.execute(_PRESENTED, {"hash": hashed(token), "now": now, "idle": now - IDLE}).one_or_none()
        if row is not None and now - row.seen_at > _BETWEEN_TOUCHES:
            connection.execute(_TOUCH, {"id": row.id, "now": now})
    if row is None:
        return None
    user = User(id=row.user_id, email=row.email, display_name=row.display_name, locale=row.locale)
    organisations = tuple(memberships_of(user.id))
    chosen = [m for m in organisations if m.org_id == row.organisation_id] or list(organisations[:1])
    session = msgspec.convert(row._asdict(), Session)
    actor = as_actor(chosen[0], user.id, locale=user.locale) if chosen else None
    return SignedIn(session=session, user=user, memberships=organisations, actor=actor)


def choose_organisation(who: SignedIn, org_id: UUID) -> None:
    """Work for another of one's organisations from now on; `identity.no-organisation` (404) for others."""
    if org_id not in {membership.org_id for membership in who.memberships}:
        raise Problem("identity.no-organisation", msg("There is no such organisation."), found=org_id, status=404)
    with store.admin() as connection:
        connection.execute(_CHOOSE, {"id": who.session.id, "org": org_id})


def sessions_of(user_id: UUID) -> list[Session]:
    """Return the open sessions of a person, newest first."""
    now = datetime.now(UTC)
    with store.admin() as connection:
        rows = connection.execute(_LIST, {"user": user_id, "now": now, "idle": now - IDLE})
        return [msgspec.convert(row._asdict(), Session) for row in rows]


def sign_out(user_id: UUID, session_id: UUID) -> None:
    """End one session of a person; `identity.no-session` (404) when it is not the person's."""
    with store.admin() as connection:
        if connection.execute(_END_ONE, {"user": user_id, "id": session_id}).first() is None:
            raise Problem("identity.no-session", msg("There is no such session."), found=session_id, status=404)


def sign_out_everywhere(user_id: UUID) -> int:
    """End all sessions of a person; return how many there were."""
    with store.admin() as connection:
        return connection.execute(_END_ALL, {"user": user_id}).rowcount


def purge(connection: sa.Connection) -> None:
    """Forget sessions that have ended by themselves and rate counters that are full again."""
    now = datetime.now(UTC)
    connection.execute(_PURGE_SESSIONS, {"now": now, "idle": now - IDLE})
    connection.execute(_PURGE_COUNTERS, {"now": now})


def _name(email: str) -> str:
    try:
        return normalised_email(email)
    except Problem:
        return ""  # nobody's: the answer to a slip in the e-mail is that of a wrong password


def _limit(name: str, address: str | None) -> None:
    with store.admin() as connection:
        rate.take(connection, rate.SIGN_IN_BY_BOTH, _both(name, address))
        rate.take(connection, rate.SIGN_IN_BY_EMAIL, name)
        rate.take(connection, rate.SIGN_IN_BY_ADDRESS, address or "")


def _both(name: str, address: str | None) -> str:
    return f"{name} {address or ''}"


_FIELDS = "s.id, s.organisation_id, s.address, s.agent, s.created_at, s.seen_at, s.expires_at"
_OPEN = "s.expires_at > :now and s.seen_at > :idle"
_SECRET = sa.text("select id, password_hash, active from user_account where email = :email")
_REHASH = sa.text("update user_account set password_hash = :hash where id = :id")
_INSERT = sa.text("""
insert into session
    (id, token_hash, user_id, organisation_id, address, agent, created_at, seen_at, expires_at)
values (:id, :token_hash, :user_id, :organisation_id, :address, :agent, :now, :now, :expires_at)
""")
_PRESENTED = sa.text(f"""
select {_FIELDS}, s.user_id, u.email, u.display_name, u.locale
from session s join user_account u on u.id = s.user_id
where s.token_hash = :hash and {_OPEN} and u.active
""")
_TOUCH = sa.text("update session set seen_at = :now where id = :id")
_CHOOSE = sa.text("update session set organisation_id = :org where id = :id")
_LIST = sa.text(f"select {_FIELDS} from session s where s.user_id = :user and {_OPEN} order by s.created_at desc, s.id")
_END = sa.text("delete from session where token_hash = :hash")
_END_ONE = sa.text("delete from session where user_id = :user and id = :id returning id")
_END_ALL = sa.text("delete from session where user_id = :user")
_PURGE = sa.text("delete from session where user_id = :user and (expires_at <= :now or seen_at <= :idle)")
_PURGE_SESSIONS = sa.text("delete from session where expires_at <= :now or seen_at <= :idle")
_PURGE_COUNTERS = sa.text("delete from rate_counter where full_at <= :now")
