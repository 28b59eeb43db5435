"""The three database roles: how they are made, and the check that the application's is weak enough."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from functools import cache
from importlib.resources import files

import psycopg
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.store.connections import unreachable
from takeback.store.urls import conninfo

OWNER, APPLICATION, SEQUENCER = "takeback_owner", "takeback_app", "takeback_sequencer"
DATABASE = "takeback"
_UNREACHABLE = msg("The database server cannot be reached.")
_REFUSED = msg("The server refused to make the roles.")
_ITERATIONS = 4096  # PostgreSQL's own default; the passwords are long and random


def sql_text(
    *, owner_password: str | None = None, application_password: str | None = None, database: str = DATABASE
) -> str:
    r"""Return the script for psql that makes the roles and the database; running it again changes nothing.

    Passwords appear as SCRAM-SHA-256 verifiers; one that is not given stays: set it with psql's `\password`.

    Raises
    ------
    Problem
        `store.bad-password` for a password that is empty or not ASCII, `store.bad-name` for a database's name
        that would need quotes.
    """
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", database):
        title = msg("A database's name has small letters, digits and _ only.")
        raise Problem("store.bad-name", title, found=database)
    passwords = {OWNER: owner_password, APPLICATION: application_password}
    lines = [
        f"alter role {role} password '{verifier(password)}';" if password is not None else f"-- \\password {role}"
        for role, password in passwords.items()
    ]
    return _template().replace("{database}", database) + "\n" + "\n".join(lines) + "\n"


def run(
    administrator_url: str,
    *,
    owner_password: str | None = None,
    application_password: str | None = None,
    database: str = DATABASE,
) -> None:
    """Run `sql_text` on a server, as the role of `administrator_url` (superuser, or CREATEROLE and CREATEDB).

    Raises
    ------
    Problem
        `store.unreachable`, or `store.roles-refused` with PostgreSQL's reason.
    """
    script = sql_text(owner_password=owner_password, application_password=application_password, database=database)
    everywhere, inside = script.split(f"\\connect {database}\n")
    *setup, make_database, rights = re.split(r"(?m)^(?=select format)|\\gexec\n", everywhere)
    url = conninfo(administrator_url)
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            connection.execute("".join(setup).encode())
            for (statement,) in connection.execute(make_database.encode()).fetchall():
                connection.execute(statement.encode())
            connection.execute(rights.encode())
        with psycopg.connect(url, dbname=database, autocommit=True, connect_timeout=10) as connection:
            connection.execute(inside.encode())
    except psycopg.OperationalError as error:
        raise _refused("store.unreachable", _UNREACHABLE, error, 69) from error
    except psycopg.Error as error:
        raise _refused("store.roles-refused", _REFUSED, error, 77) from error


def check_application_role(connection: sa.Connection) -> None:
    """Refuse a login that row-level security does not bind: superuser, BYPASSRLS, or owner of tables.

    What the role could become by SET ROLE counts as well.

    Raises
    ------
    Problem
        `store.role-too-strong`, with the role and what it has.
    """
    for role, power in connection.execute(_POWERS).all():
        raise Problem(
            "store.role-too-strong",
            msg("The application's database role has more power than it may have."),
            where=role,
            found=power,
            expected=msg("a role that is no superuser, has no BYPASSRLS or CREATEROLE and owns no table"),
            remedy=msg("Run `takeback db roles` and let TAKEBACK_DATABASE_URL name takeback_app."),
            status=503,
            exit_code=78,
        )


def check_application_url(url: str) -> None:
    """Refuse the login of an address as `check_application_role` does.

    Raises
    ------
    Problem
        `store.role-too-strong`, `store.unreachable`.
    """
    engine = sa.create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 10})
    try:
        with engine.connect() as connection:
            check_application_role(connection)
    except sa.exc.OperationalError as error:
        raise unreachable(error) from error


def verifier(password: str) -> str:
    """Return what PostgreSQL stores of a password (RFC 5803, SCRAM-SHA-256)."""
    if not password.isascii() or not password.isprintable() or not password:
        raise Problem("store.bad-password", msg("A role's password has printable ASCII characters only."))
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    salt64, stored64, server64 = (base64.b64encode(part).decode() for part in (salt, stored, server))
    return f"SCRAM-SHA-256${_ITERATIONS}:{salt64}${stored64}:{server64}"


def schema_sql(database: str = DATABASE) -> str:
    """Return the part of the script that runs inside the new database, without the passwords."""
    return _template().replace("{database}", database).split(f"\\connect {database}\n")[1]


def digest() -> str:
    """Return a short name of this version of the roles; an embedded server remembers the one it was given."""
    return hashlib.sha256(_template().encode()).hexdigest()[:16]


@cache
def _template() -> str:
    return files("takeback.store").joinpath("roles.sql").read_text(encoding="utf-8")


def _refused(kind: str, title: Message, error: psycopg.Error, exit_code: int) -> Problem:
    reason = str(error).strip().splitlines()[0]
    remedy = msg("Use the address of a superuser, or of a role with CREATEROLE and CREATEDB.")
    return Problem(kind, title, found=reason, remedy=remedy, status=503, exit_code=exit_code)


# A superuser counts as a member of every role, so it is asked for itself alone.
_POWERS = sa.text("""
with login as (select oid, rolsuper from pg_roles where rolname = session_user),
reach as (
    select r.* from pg_roles r, login
    where r.oid = login.oid or (not login.rolsuper and pg_has_role(login.oid, r.oid, 'member'))
)
select rolname, power from (
    select oid, rolname, 'superuser' as power, 1 as rank from reach where rolsuper
    union all
    select oid, rolname, 'BYPASSRLS', 2 from reach where rolbypassrls
    union all
    select oid, rolname, 'CREATEROLE', 3 from reach where rolcreaterole
    union all
    select r.oid, r.rolname, 'owner of ' || c.oid::regclass, 4 from reach r
    join pg_class c on c.relowner = r.oid and c.relkind in ('r', 'p') and c.relpersistence <> 't'
    join pg_namespace n on n.oid = c.relnamespace
        and n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%'
    union all
    select r.oid, r.rolname, 'owner of the database', 5 from reach r
    join pg_database d on d.datdba = r.oid and d.datname = current_database()
) found
order by rank limit 1
""")
