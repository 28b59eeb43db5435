"""People who sign in."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID, uuid4

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity.passwords import check_password, hash_password, verify_password

Locale = Literal["en", "zh_Hans"]
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]{1,189}")


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person: e-mail (small letters), the name shown, the language of the screen."""

    id: UUID
    email: str
    display_name: str
    locale: Locale


def normalised_email(text: str) -> str:
    """Return an e-mail address as it is stored and compared; `identity.bad-email` when it is none."""
    email = text.strip().lower()
    if not _EMAIL.fullmatch(email) or not email.isprintable():
        raise Problem(
            "identity.bad-email",
            msg("This is not an e-mail address."),
            where="email",
            found=text,
            expected="name@example.org",
        )
    return email


def create_user(
    connection: sa.Connection, *, email: str, display_name: str, password: str, locale: Locale = "en"
) -> User:
    """Register a person, on any transaction.

    Raises
    ------
    Problem
        `identity.bad-email`, `identity.bad-name`, `identity.weak-password`, `identity.email-taken` (409).
    """
    user = User(id=uuid4(), email=normalised_email(email), display_name=checked_name(display_name), locale=locale)
    check_password(password, email=user.email)
    row = {**msgspec.structs.asdict(user), "password_hash": hash_password(password)}
    if connection.execute(_INSERT, row).first() is None:
        raise Problem(
            "identity.email-taken",
            msg("Somebody is registered with this e-mail already."),
            where="email",
            found=user.email,
            status=409,
        )
    return user


def find_user(connection: sa.Connection, email: str) -> User | None:
    """Return the person with this e-mail, or None; `identity.bad-email` when it is none."""
    row = connection.execute(_BY_EMAIL, {"email": normalised_email(email)}).one_or_none()
    return None if row is None else msgspec.convert(row._asdict(), User)


def change_password(connection: sa.Connection, user_id: UUID, *, current: str, new: str) -> None:
    """Change one's password, which ends all of one's sessions: open a new one.

    Raises
    ------
    Problem
        `identity.wrong-password` (403), `identity.weak-password`.
    """
    row = connection.execute(_SECRET, {"id": user_id}).one()
    if not verify_password(row.password_hash, current):
        raise Problem("identity.wrong-password", msg("The current password is not right."), where="current", status=403)
    set_password(connection, user_id, new)


def set_password(connection: sa.Connection, user_id: UUID, new: str) -> None:
    """Give a person a new password without asking for the old one, and end all of the person's sessions."""
    row = connection.execute(_SECRET, {"id": user_id}).one_or_none()
    if row is None:
        raise Problem("identity.no-user", msg("There is no such person."), found=user_id, status=404)
    check_password(new, email=row.email)
    changed = {"id": user_id, "password_hash": hash_password(new), "now": datetime.now(UTC)}
    connection.execute(_SET_PASSWORD, changed)
    connection.execute(_END_SESSIONS, {"id": user_id})


def set_locale(connection: sa.Connection, user_id: UUID, locale: Locale) -> None:
    """Choose the language of a person's screens."""
    connection.execute(_SET_LOCALE, {"id": user_id, "locale": locale})


def set_active(connection: sa.Connection, user_id: UUID, *, active: bool) -> None:
    """Shut a person out, with all sessions ended, or let the person in again."""
    connection.execute(_SET_ACTIVE, {"id": user_id, "active": active})
    if not active:
        connection.execute(_END_SESSIONS, {"id": user_id})


def checked_name(text: str, *, where: str = "display_name", longest: int = 200) -> str:
    """Return a name without blanks around it; `identity.bad-name` when nothing, or too much, is left."""
    name = text.strip()
    if not 0 < len(name) <= longest or not name.isprintable():
        raise Problem(
            "identity.bad-name",
            msg("A name is missing, too long, or has characters that cannot be seen."),
            where=where,
            found=text,
            expected=msg("1 to {longest} characters", longest=longest),
        )
    return name


_INSERT = sa.text("""
insert into user_account (id, email, display_name, locale, password_hash)
values (:id, :email, :display_name, :locale, :password_hash)
on conflict (email) do nothing returning id
""")
_BY_EMAIL = sa.text("select id, email, display_name, locale from user_account where email = :email")
_SECRET = sa.text("select email, password_hash from user_account where id = :id")
_SET_PASSWORD = sa.text(
    "update user_account set password_hash = :password_hash, password_changed_at = :now where id = :id"
)
_SET_LOCALE = sa.text("update user_account set locale = :locale where id = :id")
_SET_ACTIVE = sa.text("update user_account set active = :active where id = :id")
_END_SESSIONS = sa.text("delete from session where user_id = :id")
