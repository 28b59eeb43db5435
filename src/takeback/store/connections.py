"""Connections as the application role; the tenant is set inside each transaction."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.store import arrays  # noqa: F401 - SQLAlchemy copies what psycopg can write when an engine is made

_SET = sa.text("select set_config(:name, :value, true)")


class Database:
    """One PostgreSQL database: a pool of application connections, and the address of its owner for migrations."""

    def __init__(self, application_url: str, owner_url: str, *, pool_size: int = 20) -> None:
        """Open no connection yet; ``pool_size`` must not be below the web server's thread limit."""
        self.application_url = application_url
        self.owner_url = owner_url
        self.engine = sa.create_engine(
            application_url,
            pool_size=pool_size,
            max_overflow=4,
            pool_pre_ping=True,
            pool_timeout=20,
            connect_args={"application_name": "takeback", "connect_timeout": 10},
        )

    @contextmanager
    def transaction(self, settings: dict[str, str]) -> Iterator[sa.Connection]:
        """Yield a connection in a transaction in which ``settings`` hold; commit at the end, roll back on error.

        Raises
        ------
        Problem
            ``store.unreachable`` when no connection can be had.
        """
        try:
            connection = self.engine.connect()
        except (OperationalError, PoolTimeout) as error:
            raise unreachable(error) from error
        with connection, connection.begin():
            for name, value in settings.items():
                connection.execute(_SET, {"name": name, "value": value})
            yield connection

    def close(self) -> None:
        """Give all pooled connections back to the server."""
        self.engine.dispose()

    def forget(self) -> None:
        """Let go of all pooled connections without a word to the server: they are those of another process."""
        self.engine.dispose(close=False)


def unreachable(error: Exception) -> Problem:
    """Return the problem of a database that gives no connection."""
    reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    return Problem(
        "store.unreachable",
        msg("The database cannot be reached."),
        found=reason,
        expected=msg("a PostgreSQL server of version 15 or newer that accepts the application role"),
        remedy=msg("Run `takeback doctor`; it says what is wrong and how to mend it."),
        status=503,
        exit_code=69,
    )


def name_of(connection: sa.Connection) -> str:
    """Return the name of the database that a connection is to: what a process remembers, it remembers of one."""
    return connection.engine.url.database or ""


_lock = threading.Lock()
_database: Database | None = None


def _forked() -> None:
    """In a copy of this process: the connections stay with the process that opened them."""
    global _database, _lock  # noqa: PLW0603
    _lock = threading.Lock()
    if _database is not None:
        _database.forget()
        _database = None


os.register_at_fork(after_in_child=_forked)


def open_database(application_url: str, owner_url: str, *, pool_size: int = 20) -> Database:
    """Make this process work on the given database and return it; a former one is closed."""
    global _database  # noqa: PLW0603 - one process works on one database
    with _lock:
        if _database is not None:
            _database.close()
        _database = Database(application_url, owner_url, pool_size=pool_size)
        return _database


def database() -> Database:
    """Return this process's database; the first call opens the one that the environment names."""
    if _database is None:
        from takeback.store.settings import Settings  # noqa: PLC0415 - not needed when a test opened one

        settings = Settings.from_environment()
        urls = settings.urls()
        return open_database(urls.application, urls.owner, pool_size=settings.pool_size)
    return _database


def close() -> None:
    """Close this process's database, if one is open."""
    global _database  # noqa: PLW0603
    with _lock:
        if _database is not None:
            _database.close()
        _database = None


@contextmanager
def transaction(org: UUID) -> Iterator[sa.Connection]:
    """Yield a connection whose row-level security admits the organisation ``org`` only."""
    with database().transaction({"takeback.org": str(org)}) as connection:
        yield connection


@contextmanager
def presenting(credential: str, value: str) -> Iterator[sa.Connection]:
    """Yield a connection without tenant that may see the rows of one presented credential.

    ``credential`` is ``user``, ``key``, ``invitation``, ``job`` or ``route``; the policies of the tables name them.
    """
    with database().transaction({f"takeback.{credential}": value}) as connection:
        yield connection


@contextmanager
def admin() -> Iterator[sa.Connection]:
    """Yield a connection without tenant: it sees the identity tables and no tenant's rows."""
    with database().transaction({}) as connection:
        yield connection
