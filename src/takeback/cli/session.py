"""The database of a command: held while it runs, at the version that this program needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from takeback import store
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.store import embedded, migrate
from takeback.store.settings import Settings
from takeback.store.urls import Urls


@contextmanager
def held() -> Iterator[tuple[Settings, Urls]]:
    """Yield the settings and the database's addresses.

    An embedded server that was started for this block alone is stopped at its end; one that ran before
    goes on.

    Raises
    ------
    Problem
        Of kind `settings.…` or `store.…`.
    """
    settings = Settings.from_environment()
    if not settings.embedded:
        yield settings, settings.urls()
        return
    keep = embedded.running(settings.home) is not None
    with embedded.hold(settings.home, programs=settings.postgres_bin, keep=keep) as urls:
        yield settings, urls


@contextmanager
def database(*, upgrade: bool = False) -> Iterator[Settings]:
    """Open this process's database; `upgrade` brings it to this version first where the owner is known.

    Raises
    ------
    Problem
        `store.behind` when migrations are missing and may not or cannot be run here.
    """
    with held() as (settings, urls):
        if upgrade and urls.owner:
            migrate.upgrade(urls.owner)
        elif missing := migrate.pending(urls.owner or urls.application):
            raise behind(missing)
        store.open_database(urls.application, urls.owner, pool_size=settings.pool_size)
        try:
            yield settings
        finally:
            store.close()


def behind(missing: list[str]) -> Problem:
    """Return the problem of a database that lacks migrations."""
    return Problem(
        "store.behind",
        msg("The database is of an older version than this program."),
        found=msg("{count} migrations are missing, the first is {first}", count=len(missing), first=missing[-1]),
        remedy=msg("Run `takeback db migrate`."),
        status=503,
        exit_code=78,
    )
