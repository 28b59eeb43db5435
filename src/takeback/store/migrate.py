"""Alembic migrations, one branch a room, run as the owner of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.store.connections import unreachable
from takeback.store.versions import folders

_LOCK = 7_386_213  # any constant: the advisory lock of migrations


def upgrade(owner_url: str) -> None:
    """Bring all branches to their heads.

    Raises
    ------
    Problem
        ``store.migrating`` when another process migrates at this moment; ``store.unreachable``.
    """
    with _exclusive(owner_url) as connection:
        configuration = _configuration()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "heads")


@contextmanager
def _exclusive(owner_url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(owner_url, poolclass=NullPool)
    try:
        connection = engine.connect()
    except OperationalError as error:
        raise unreachable(error) from error
    with connection:
        if not connection.scalar(sa.text("select pg_try_advisory_lock(:key)"), {"key": _LOCK}):
            raise Problem(
                "store.migrating",
                msg("Another process is migrating this database."),
                remedy=msg("Wait until it is done and try again."),
                status=503,
                exit_code=75,
            )
        try:
            connection.commit()
            yield connection
            connection.commit()
        finally:
            connection.rollback()
            connection.execute(sa.text("select pg_advisory_unlock(:key)"), {"key": _LOCK})


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    configuration.set_main_option("path_separator", "newline")
    configuration.set_main_option("version_locations", "\n".join(str(folder) for folder in folders()))
    return configuration
