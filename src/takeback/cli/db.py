"""`takeback db`: the database's life, its version and its roles."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import sqlalchemy as sa
from cyclopts import App

from takeback import store
from takeback.cli.answer import Answer, table
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.store import embedded, migrate, roles, versions
from takeback.store.settings import Settings
from takeback.store.urls import Urls

app = App(name="db", help="Start, stop and migrate the database; make its roles.")


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """The state of the database: `size_mb` in 10^6 bytes, `pending` counts missing migrations."""

    kind: str
    running: bool
    home: Path | None = None
    version: str | None = None
    size_mb: float | None = None
    pending: int | None = None


@app.command
def start() -> Answer:
    """Start the embedded server; it runs until `takeback db stop`."""
    home = _embedded_home()
    with embedded.hold(home, programs=Settings.from_environment().postgres_bin, keep=True):
        pass
    return Answer({"running": True, "home": home}, [f"The database in {home} runs."])


@app.command
def stop() -> Answer:
    """Stop the embedded server, whoever uses it."""
    home = _embedded_home()
    stopped = embedded.stop(home)
    sentence = f"The database in {home} is stopped." if stopped else f"No database was running in {home}."
    return Answer({"stopped": stopped, "home": home}, [sentence])


@app.command
def status() -> Answer:
    """Say which database is used, whether it runs, how large it is and whether its version fits; starts nothing."""
    settings = Settings.from_environment()
    urls = embedded.running(settings.home) if settings.embedded else settings.urls()
    found = Status(
        kind="embedded" if settings.embedded else "own server",
        running=False,
        home=settings.home if settings.embedded else None,
    )
    if urls is not None:
        found = _asked(found, urls)
    return Answer(found, [table([msgspec.to_builtins(found, enc_hook=str)])])


@app.command(name="migrate")
def migrate_() -> Answer:
    """Bring the database to the version of this program."""
    with Settings.from_environment().held() as urls:
        if not urls.owner:
            raise _no_owner()
        before = versions.pending(urls.owner)
        migrate.upgrade(urls.owner)
    done = f"{len(before)} migrations were applied." if before else "Nothing was to be done."
    return Answer({"applied": before}, [done])


@app.command(name="roles")
def roles_(*, run: str | None = None) -> Answer:
    """Print the SQL that makes Takeback's roles and its database on a PostgreSQL server, or run it there.

    The roles get the passwords in TAKEBACK_OWNER_PASSWORD and TAKEBACK_APPLICATION_PASSWORD; one that is not
    set is left as it is.

    Parameters
    ----------
    run:
        Run the SQL on this server instead of printing it: the address of a superuser, for example
        `postgresql://postgres@host/postgres`.
    """
    # Passwords come by the environment: every user of a machine can read the arguments of a process.
    owner = os.environ.get("TAKEBACK_OWNER_PASSWORD")
    application = os.environ.get("TAKEBACK_APPLICATION_PASSWORD")
    if run is None:
        text = roles.sql_text(owner_password=owner, application_password=application)
        return Answer({"sql": text}, [text])
    roles.run(run, owner_password=owner, application_password=application)
    return Answer({"made": True}, [f"The roles and the database {roles.DATABASE} are made."])


def _embedded_home() -> Path:
    settings = Settings.from_environment()
    if settings.embedded:
        return settings.home
    raise Problem(
        "db.own-server",
        msg("This installation uses a PostgreSQL server of your own."),
        where="TAKEBACK_DATABASE_URL",
        remedy=msg("Start and stop it where it runs; `takeback db` does that for the embedded server only."),
        exit_code=78,
    )


def _asked(known: Status, urls: Urls) -> Status:
    database = store.Database(urls.application, urls.owner)
    try:
        with database.transaction({}) as connection:
            version, size = connection.execute(_ABOUT).one()
    except Problem:
        return known
    finally:
        database.close()
    pending = len(versions.pending(urls.owner)) if urls.owner else None
    return msgspec.structs.replace(known, running=True, version=version, size_mb=float(size), pending=pending)


_ABOUT = sa.text("select current_setting('server_version'), pg_database_size(current_database()) / 1e6")


def _no_owner() -> Problem:
    return Problem(
        "db.no-owner",
        msg("Migrations need the role that owns the tables."),
        where="TAKEBACK_OWNER_DATABASE_URL",
        remedy=msg("Set it to the address with takeback_owner; `takeback db roles` makes that role."),
        exit_code=78,
    )
