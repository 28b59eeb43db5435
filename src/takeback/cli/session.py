"""The database of a command: held while it runs, at the version that this program needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from takeback import store
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.store import roles, versions
from takeback.store.settings import Settings


@contextmanager
def database(*, upgrade: bool = False) -> Iterator[Settings]:
    """Open this process's database for a block; `upgrade` brings it to this version first.

    Where the owner's address is not known (a server of one's own), its version is not looked at.

    Raises
    ------
    Problem
        `store.behind` when migrations are missing and `upgrade` is not asked for, `store.role-too-strong` when
        row-level security would not bind us; others of `store.…`.
    """
    settings = Settings.from_environment()
    with settings.held() as urls:
        missing = versions.pending(urls.owner) if urls.owner else []
        if missing and not upgrade:
            raise _behind(missing)
        if missing:
            from takeback.store import migrate  # Alembic takes a third of a second to load: only where it has work

            migrate.upgrade(urls.owner)
        store.open_database(urls.application, urls.owner, pool_size=settings.pool_size)
        try:
            with store.admin() as connection:
                roles.check_application_role(connection)
            yield settings
        finally:
            store.close()


def _behind(missing: list[str]) -> Problem:
    return Problem(
        "store.behind",
        msg("The database is of an older version than this program."),
        found=msg("{count} migrations are missing, the first is {first}", count=len(missing), first=missing[0]),
        remedy=msg("Run `takeback db migrate`."),
        status=503,
        exit_code=78,
    )
