"""One PostgreSQL server for all tests of a process, and fresh databases on it.

    from tests.store import servers

    with servers.database() as urls: ...         # empty, with the roles and no tables
    with servers.migrated() as urls: ...         # migrations at their heads
    with servers.opened() as database: ...       # the same, and `store.transaction` works on it

The server starts at the first use (about two seconds) and ends with the process; its commits are not
durable. Under pytest-xdist each worker has its own.
"""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import psycopg
import sqlalchemy as sa
from alembic import command
from psycopg import sql
from sqlalchemy.engine import make_url

from takeback import store
from takeback.core.problem import Problem
from takeback.store import embedded, migrate, roles
from takeback.store.embedded import locks
from takeback.store.embedded.postmaster import administrator_url
from takeback.store.urls import Urls, conninfo

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
_PREFIX = "takeback-tests-"
_numbers = itertools.count()


def new_home() -> Path:
    """Return a new folder that the server's account can go through; pytest's own are closed to it."""
    parent = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_place()))
    parent.chmod(0o711)
    locks.take(parent / "in-use")  # goes with this process, however it ends
    return parent / "home"


def _place() -> str:
    """Return memory where it is roomy, else the temporary folder: many servers are made, none must survive."""
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 4 * 2**30
    return str(memory) if roomy else tempfile.gettempdir()


@cache
def urls() -> Urls:
    """Return the addresses of this process's server; work in a database of your own, not in this one."""
    _clear_abandoned()
    home = new_home()
    held = ExitStack()
    addresses = held.enter_context(embedded.hold(home))
    atexit.register(_end, held, home, os.getpid())
    with _administrator(addresses) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"alter system set {setting} = off")
        connection.execute("select pg_reload_conf()")
    return addresses


def administrator(database: str = "postgres") -> str:
    """Return the superuser's address."""
    host = make_url(urls().application).query["host"]
    assert isinstance(host, str)
    return administrator_url(Path(host), database)


@contextmanager
def database(template: str = "template0") -> Iterator[Urls]:
    """Yield the addresses of a new database that takeback_owner owns; it is dropped at the end."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    _create(name, template)
    try:
        yield _addresses(name)
    finally:
        with _administrator() as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@contextmanager
def migrated() -> Iterator[Urls]:
    """Yield the addresses of a new database with all tables; a copy of one that was migrated once."""
    with database(_migrated_template()) as addresses:
        yield addresses


@contextmanager
def opened() -> Iterator[store.Database]:
    """Yield a new database with all tables, on which `store.transaction` and `store.admin` work."""
    with migrated() as addresses:
        opened_database = store.open_database(addresses.application, addresses.owner)
        try:
            yield opened_database
        finally:
            store.close()


@cache
def _migrated_template() -> str:
    name = f"migrated_{os.getpid()}"
    _create(name, "template0")
    migrate.upgrade(_addresses(name).owner)
    return name


def _create(name: str, template: str) -> None:
    # Copying files is ten times faster than logging them where nothing is written through to a disk.
    identifier, role = sql.Identifier(name), sql.Identifier(roles.OWNER)
    with _administrator() as connection:
        connection.execute(
            sql.SQL("create database {} owner {} template {} strategy file_copy").format(
                identifier, role, sql.Identifier(template)
            )
        )
        connection.execute(sql.SQL("revoke all on database {} from public").format(identifier))
        connection.execute(
            sql.SQL("grant connect, temporary on database {} to {}").format(
                identifier, sql.Identifier(roles.APPLICATION)
            )
        )
    if template == "template0":
        with psycopg.connect(conninfo(administrator(name)), autocommit=True) as connection:
            connection.execute(roles.schema_sql().encode())


def _addresses(name: str) -> Urls:
    def renamed(url: str) -> str:
        return url.replace(f"/{roles.DATABASE}?", f"/{name}?")

    return Urls(application=renamed(urls().application), owner=renamed(urls().owner))


def _administrator(addresses: Urls | None = None) -> psycopg.Connection:
    host = make_url((addresses or urls()).application).query["host"]
    assert isinstance(host, str)
    return psycopg.connect(conninfo(administrator_url(Path(host))), autocommit=True)


def _end(held: ExitStack, home: Path, pid: int) -> None:
    if os.getpid() == pid:  # not in a forked child
        held.close()
        embedded.destroy(home)
        shutil.rmtree(home.parent, ignore_errors=True)


def _clear_abandoned() -> None:
    """Remove the homes of test runs that were killed."""
    for parent in Path(_place()).glob(f"{_PREFIX}*"):
        try:
            if (parent / "in-use").exists() and locks.free(parent / "in-use"):
                embedded.destroy(parent / "home")
                shutil.rmtree(parent, ignore_errors=True)
        except (OSError, Problem):  # another user's, or cleared by another run at this moment
            continue


def upgrade_to(owner_url: str, *revisions: str) -> None:
    """Migrate a database to these revisions, one after the other, and no further."""
    engine = sa.create_engine(owner_url)
    with engine.connect() as connection:
        configuration = migrate._configuration()
        configuration.attributes["connection"] = connection
        for revision in revisions:
            command.upgrade(configuration, revision)
        connection.commit()
    engine.dispose()
