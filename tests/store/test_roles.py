"""The database roles, on the newest PostgreSQL and on the oldest that we serve."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.pool import NullPool

from takeback.core.problem import Problem
from takeback.store import embedded, roles
from takeback.store.embedded.postmaster import administrator_url
from takeback.store.embedded.programs import wheel
from takeback.store.urls import conninfo, socket_url
from tests.store import servers
from tests.store.test_embedded_life import sockets

PASSWORDS = {"owner_password": "o-secret", "application_password": "a-secret"}


@pytest.fixture(scope="module", params=[18, 15], ids=lambda version: f"PostgreSQL {version}")
def server(request: pytest.FixtureRequest) -> Iterator[Path]:
    """The socket folder of a server without our roles."""
    programs = servers.DEBIAN_15 if request.param == 15 else None
    if programs is not None and not programs.exists():
        pytest.skip("PostgreSQL 15 is not installed")
    home = servers.new_home()
    with embedded.hold(home, programs=programs):
        _clear(sockets(home))
        yield sockets(home)
        embedded.destroy(home)
    shutil.rmtree(home.parent)


@pytest.fixture
def bare(server: Path) -> Iterator[Path]:
    """The same, as new after each test."""
    yield server
    _clear(server)


@pytest.fixture
def ready(bare: Path) -> Path:
    """The same, with our roles and the database."""
    roles.run(administrator_url(bare), **PASSWORDS)
    return bare


def _clear(server: Path) -> None:
    """Drop all roles and databases but the administrator's own."""
    with administrator(server) as connection:
        for (name,) in connection.execute("select datname from pg_database where datname not like 'template_'"):
            if name != "postgres":
                connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
        for (name,) in connection.execute("select rolname from pg_roles where oid >= 16384").fetchall():
            connection.execute(sql.SQL("drop owned by {0}").format(sql.Identifier(name)))
            connection.execute(sql.SQL("drop role {0}").format(sql.Identifier(name)))


def administrator(server: Path, database: str = "postgres") -> psycopg.Connection:
    return psycopg.connect(conninfo(administrator_url(server, database)), autocommit=True)


def signed_in(server: Path, user: str, password: str | None = None) -> psycopg.Connection:
    password = password or {"takeback_owner": "o-secret", "takeback_app": "a-secret"}.get(user, "x")
    return psycopg.connect(conninfo(socket_url(user, password, server, "takeback")), autocommit=True)


@contextmanager
def engine_as(server: Path, user: str, password: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(socket_url(user, password, server, "takeback"), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def test_each_role_has_its_powers_and_no_more(ready: Path) -> None:
    """None of the roles is superuser or passes row-level security; only two may sign in; the owner owns."""
    with administrator(ready, "takeback") as connection:
        powers = connection.execute(
            "select rolname, rolcanlogin, rolinherit, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb"
            " or rolreplication from pg_roles where rolname like 'takeback%' order by 1"
        ).fetchall()
        owners = connection.execute(
            "select pg_get_userbyid(datdba), nspowner::regrole::text from pg_database, pg_namespace"
            " where datname = current_database() and nspname = 'public'"
        ).fetchone()
    assert powers == [
        ("takeback_app", True, False, False),
        ("takeback_owner", True, True, False),
        ("takeback_sequencer", False, False, False),
    ]
    assert owners == ("takeback_owner", "takeback_owner")


def test_running_the_script_again_changes_nothing(ready: Path) -> None:
    """A second run keeps data and passwords; a given password replaces the old one."""
    with signed_in(ready, "takeback_owner") as connection:
        connection.execute("create table kept ()")
    roles.run(administrator_url(ready))
    roles.run(administrator_url(ready), application_password="new")
    with signed_in(ready, "takeback_owner") as connection:
        assert connection.execute("select to_regclass('kept')::text").fetchone() == ("kept",)
    signed_in(ready, "takeback_app", "new").close()
    with pytest.raises(psycopg.OperationalError, match="password"):
        signed_in(ready, "takeback_app", "a-secret")


def test_an_administrator_without_superuser_can_run_it(bare: Path) -> None:
    """As on a hosted server: CREATEROLE and CREATEDB are enough, twice."""
    with administrator(bare) as connection:
        connection.execute("create role hosted login createrole createdb password 'x'")
    url = socket_url("hosted", "x", bare, "postgres")
    roles.run(url, **PASSWORDS)
    roles.run(url, **PASSWORDS)
    with engine_as(bare, "takeback_app", "a-secret") as connection:
        roles.check_application_role(connection)
    with signed_in(bare, "takeback_owner") as connection:
        connection.execute("create table made ()")


def test_the_printed_script_runs_in_psql(bare: Path) -> None:
    """What `takeback db roles` prints is complete, and carries no password that can be read."""
    script = roles.sql_text(**PASSWORDS)
    assert "o-secret" not in script
    assert "a-secret" not in script
    psql = [str(wheel() / "psql"), "--no-psqlrc", "--set", "ON_ERROR_STOP=1", conninfo(administrator_url(bare))]
    for _ in range(2):
        done = subprocess.run(psql, input=script, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    with engine_as(bare, "takeback_app", "a-secret") as connection:
        roles.check_application_role(connection)


def test_the_application_takes_on_the_sequencer_for_one_transaction(ready: Path) -> None:
    """The sequencer's rights are the application's only after SET LOCAL ROLE, and only until the commit."""
    with signed_in(ready, "takeback_owner") as owner:
        owner.execute("create table leaf (number int)")
        owner.execute("grant select, insert on leaf to takeback_sequencer")
    with signed_in(ready, "takeback_app") as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select from leaf")
        with connection.transaction():
            connection.execute("set local role takeback_sequencer")
            connection.execute("insert into leaf values (1)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select from leaf")


@pytest.mark.parametrize(
    "statement",
    [
        "create table public.own ()",
        "create schema own",
        "set role takeback_owner",
        "create role friend",
        "alter role takeback_app bypassrls",
        "create database own",
        "copy (select 1) to program 'true'",
        "select pg_read_file('/etc/passwd')",
    ],
)
def test_what_the_application_may_not_do(ready: Path, statement: str) -> None:
    """The application role makes nothing lasting and becomes nobody stronger."""
    with (
        signed_in(ready, "takeback_app") as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement.encode())


def test_the_application_may_make_temporary_tables(ready: Path) -> None:
    """Bulk loading copies into a temporary table."""
    with signed_in(ready, "takeback_app") as connection:
        connection.execute("create temporary table loading (number int)")


def test_strangers_may_not_even_connect(ready: Path) -> None:
    """The database is closed to the other roles of the server."""
    with administrator(ready) as connection:
        connection.execute("create role stranger login password 'x'")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        signed_in(ready, "stranger")


def test_the_application_role_passes_its_check(ready: Path) -> None:
    """The role as we make it is accepted, also beside the owner's tables."""
    with signed_in(ready, "takeback_owner") as owner:
        owner.execute("create table theirs ()")
    with engine_as(ready, "takeback_app", "a-secret") as connection:
        roles.check_application_role(connection)


TOO_STRONG = {
    "a superuser": ("alter role takeback_app superuser", "superuser"),
    "passes row-level security": ("alter role takeback_app bypassrls", "BYPASSRLS"),
    "makes roles": ("alter role takeback_app createrole", "CREATEROLE"),
    "owns a table": ("create table own (); alter table own owner to takeback_app", "owner of own"),
    "owns the database": ("alter database takeback owner to takeback_app", "owner of the database"),
    "may become the owner": ("grant takeback_owner to takeback_app", "owner of the database"),
    "may become a superuser": ("create role boss superuser; grant boss to takeback_app", "superuser"),
    "may become one that passes": (
        "create role loader bypassrls; create role middle; grant loader to middle; grant middle to takeback_app",
        "BYPASSRLS",
    ),
}


@pytest.mark.parametrize(("statements", "power"), TOO_STRONG.values(), ids=TOO_STRONG.keys())
def test_an_application_role_that_is_too_strong_is_refused(ready: Path, statements: str, power: str) -> None:
    """Whatever lets the role pass row-level security, now or by SET ROLE, is found and named."""
    with administrator(ready, "takeback") as connection:
        connection.execute(statements.encode())
    with engine_as(ready, "takeback_app", "a-secret") as connection, pytest.raises(Problem) as caught:
        roles.check_application_role(connection)
    assert caught.value.kind == "store.role-too-strong"
    assert caught.value.found == power
    assert caught.value.remedy is not None


def test_the_owner_and_the_administrator_are_refused_as_application(ready: Path) -> None:
    """The other two addresses, taken for the application's by mistake, are refused."""
    engine = sa.create_engine(administrator_url(ready, "takeback"), poolclass=NullPool)
    with engine.connect() as connection, pytest.raises(Problem, match="more power"):
        roles.check_application_role(connection)
    with engine_as(ready, "takeback_owner", "o-secret") as connection, pytest.raises(Problem, match="more power"):
        roles.check_application_role(connection)


def test_a_role_without_rights_is_told_what_is_missing(bare: Path) -> None:
    """Who may not make roles gets PostgreSQL's reason and our remedy."""
    with administrator(bare) as connection:
        connection.execute("create role weak login password 'x'")
    with pytest.raises(Problem) as caught:
        roles.run(socket_url("weak", "x", bare, "postgres"), **PASSWORDS)
    assert (caught.value.kind, caught.value.exit_code) == ("store.roles-refused", 77)
    assert "permission denied" in str(caught.value.found)


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    """An address without a server is told as such."""
    with pytest.raises(Problem) as caught:
        roles.run(administrator_url(tmp_path))
    assert (caught.value.kind, caught.value.exit_code) == ("store.unreachable", 69)


@pytest.mark.parametrize("password", ["", "pässword", "line\nbreak"])
def test_a_password_that_could_be_read_in_two_ways_is_refused(password: str) -> None:
    """Passwords are printable ASCII: other characters are normalised differently by different clients."""
    with pytest.raises(Problem, match="ASCII"):
        roles.sql_text(owner_password=password)


@pytest.mark.parametrize("name", ["", "Takeback", "a-b", "a;drop", "x" * 64, "1a"])
def test_a_database_name_that_needs_quotes_is_refused(name: str) -> None:
    """The name stands in the script as it is."""
    with pytest.raises(Problem, match="small letters"):
        roles.sql_text(database=name)
