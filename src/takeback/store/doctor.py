"""What is wrong with a set-up, and how to mend it: one finding for each thing that Takeback needs."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.store import embedded, roles, versions
from takeback.store.embedded.account import account
from takeback.store.embedded.programs import OLDEST, programs
from takeback.store.settings import Settings
from takeback.store.urls import Urls

State = Literal["ok", "note", "warn", "bad"]
_PACKAGE = Path(__file__).parent.parent
_GIB = 2**30


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    - `what`: the thing.
    - `state`: `ok`; `note`, worth knowing; `warn`, works but not as it should; `bad`, does not work.
    - `found`: what was met there.
    - `remedy`: what to do, when there is something to do.
    """

    what: Message
    state: State
    found: Message | str
    remedy: Message | None = None


def examine(settings: Settings) -> list[Finding]:
    """Return the findings, in the order in which a set-up is made.

    Nothing is changed; an embedded server that does not run is started for the examination and stopped again,
    one that was never made is not made. Never raises for what is wrong: that is a finding too.
    """
    findings = [check(settings) for check in (_python, _memory, _home, _disk, _assets, _port, _clock, _browser)]
    return findings + _database(settings)


def _python(_: Settings) -> Finding:
    what, version = msg("Python"), ".".join(map(str, sys.version_info[:3]))
    if sys.maxsize < 2**32:
        return Finding(what, "bad", version, msg("Use a 64-bit Python: the solvers need it."))
    if sys.prefix == sys.base_prefix:
        return Finding(what, "warn", msg("{version}, without a virtual environment", version=version), _MAKE_RUN)
    return Finding(what, "ok", version)


def _memory(_: Settings) -> Finding:
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIB
    remedy = msg("Takeback wants 2 GiB; with less, large imports and plans may be ended by the system.")
    state: State = "ok" if gib >= 1.9 else "warn"
    return Finding(msg("Memory"), state, f"{gib:.1f} GiB", None if state == "ok" else remedy)


def _home(settings: Settings) -> Finding:
    what, home = msg("Home folder"), settings.home
    there = next(place for place in (home, *home.parents) if place.exists())
    if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK) and _takes_folders(there)):
        remedy = msg("Let TAKEBACK_HOME name a folder that the user you are may write to.")
        return Finding(what, "bad", msg("{home} cannot be written to", home=str(home)), remedy)
    return Finding(what, "ok", str(home) if there == home else msg("{home}, not made yet", home=str(home)))


def _takes_folders(folder: Path) -> bool:
    """Whether a folder can be made in another one: permissions alone do not say it of file systems such as /proc."""
    try:
        Path(tempfile.mkdtemp(prefix=".takeback-", dir=folder)).rmdir()
    except OSError:
        return False
    return True


def _disk(settings: Settings) -> Finding:
    there = next(place for place in (settings.home, *settings.home.parents) if place.exists())
    gib = shutil.disk_usage(there).free / _GIB
    state: State = "ok" if gib >= 5 else "warn" if gib >= 0.5 else "bad"
    remedy = msg("Free some space, or let TAKEBACK_HOME name a folder on another disk.")
    return Finding(msg("Free disk space"), state, f"{gib:.1f} GiB", None if state == "ok" else remedy)


def _assets(_: Settings) -> Finding:
    what, vendor = msg("Browser parts of the console"), _PACKAGE / "web/static/vendor"
    try:
        parts = json.loads((vendor / "manifest.json").read_bytes())["files"]
        changed = [part["file"] for part in parts if _sha256(vendor / part["file"]) != part["sha256"]]
    except (OSError, ValueError, KeyError, TypeError):
        return Finding(what, "bad", msg("they are missing"), _MAKE_RUN)
    if changed:
        found = msg("{names}: not as they were fetched", names=", ".join(sorted(changed)))
        return Finding(what, "bad", found, msg("Run `make clean` and `make run`."))
    return Finding(what, "ok", msg("{count} files", count=len(parts)))


def _port(settings: Settings) -> Finding:
    what, address = msg("Address of the console"), f"{settings.host}:{settings.port}"
    try:
        family, kind, _, _, where = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(where)
    except OSError as error:
        found = msg("{address}: {reason}", address=address, reason=error.strerror or str(error))
        remedy = msg("If it is not Takeback itself that serves there, set TAKEBACK_PORT or TAKEBACK_HOST.")
        return Finding(what, "warn", found, remedy)
    return Finding(what, "ok", msg("{address} is free", address=address))


def _clock(_: Settings) -> Finding:
    what = msg("Clock of this machine")
    now, built = time.time(), Path(__file__).stat().st_mtime
    found = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(now))
    if now < built - 86400:
        return Finding(what, "bad", msg("{time}, before Takeback was installed", time=found), _SET_CLOCK)
    return Finding(what, "ok", found)


def _browser(_: Settings) -> Finding:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("TAKEBACK_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    what = msg("Chromium, for the browser tests only")
    if found is None:
        return Finding(what, "note", msg("none"), msg("Install it, or set TAKEBACK_CHROMIUM, to run these tests."))
    return Finding(what, "ok", found)


def _database(settings: Settings) -> list[Finding]:
    findings = [_programs(settings)] if settings.embedded else []
    try:
        if settings.embedded and not embedded.made(settings.home):
            return [*findings, Finding(msg("Database"), "note", msg("not made yet, the first start makes it"))]
        with _reached(settings) as (urls, connection):
            findings += [check(connection) for check in (_version, _role, _sequencer, _encoding, _time)]
            findings.append(_connections(settings, connection))
            findings.append(_migrations(urls))
    except Problem as problem:
        findings.append(_bad(msg("Database"), problem))
    return findings


@contextmanager
def _reached(settings: Settings) -> Iterator[tuple[Urls, sa.Connection]]:
    """Yield the database's addresses and a connection of the application role, each statement by itself."""
    with ExitStack() as until_done:
        urls = embedded.running(settings.home) if settings.embedded else settings.urls()
        if urls is None:
            urls = until_done.enter_context(settings.held())
        yield urls, until_done.enter_context(_connected(urls.application))


@contextmanager
def _connected(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        connection = engine.connect()
    except (sa.exc.DBAPIError, sa.exc.ArgumentError) as error:
        raise _unreachable(error) from error
    with connection:
        yield connection


def _programs(settings: Settings) -> Finding:
    what = msg("PostgreSQL's programs")
    try:
        user = account()
        found = programs(user, settings.postgres_bin)
    except Problem as problem:
        return _bad(what, problem)
    return Finding(what, "ok", msg("version {version}, run as the user {user}", version=found.major, user=user.name))


def _version(connection: sa.Connection) -> Finding:
    number = int(connection.scalar(sa.text("show server_version_num")) or 0)
    remedy = msg("Use PostgreSQL {oldest} or newer.", oldest=OLDEST)
    state: State = "ok" if number >= OLDEST * 10_000 else "bad"
    return Finding(
        msg("Database server"),
        state,
        f"PostgreSQL {number // 10_000}.{number % 10_000}",
        None if state == "ok" else remedy,
    )


def _role(connection: sa.Connection) -> Finding:
    try:
        roles.check_application_role(connection)
    except Problem as problem:
        return _bad(msg("Application role"), problem)
    return Finding(msg("Application role"), "ok", str(connection.scalar(sa.text("select session_user"))))


def _sequencer(connection: sa.Connection) -> Finding:
    what = msg("Sequencer role")
    member = sa.text("select pg_has_role(session_user, oid, 'member') from pg_roles where rolname = :sequencer")
    if not connection.scalar(member, {"sequencer": roles.SEQUENCER}):
        return Finding(what, "bad", msg("the application may not take it on"), _RUN_ROLES)
    return Finding(what, "ok", roles.SEQUENCER)


def _encoding(connection: sa.Connection) -> Finding:
    found = str(connection.scalar(sa.text("show server_encoding")))
    remedy = msg("Make a new database with the encoding UTF8 and restore a dump into it.")
    state: State = "ok" if found == "UTF8" else "bad"
    return Finding(msg("Encoding of the database"), state, found, None if state == "ok" else remedy)


def _time(connection: sa.Connection) -> Finding:
    there = float(connection.scalar(sa.text("select extract(epoch from clock_timestamp())")) or 0)
    apart_s = abs(time.time() - there)
    state: State = "ok" if apart_s < 2 else "warn"
    found = msg("{seconds} s apart", seconds=f"{apart_s:.1f}")
    return Finding(msg("Clocks here and at the database"), state, found, None if state == "ok" else _SET_CLOCK)


def _connections(settings: Settings, connection: sa.Connection) -> Finding:
    most = int(connection.scalar(sa.text("show max_connections")) or 0)
    needed = 2 * settings.pool_size + 8  # a server, a worker and a few commands beside them
    found = msg("{most}; a server and a worker want {needed}", most=most, needed=needed)
    remedy = msg("Raise max_connections on the server, or lower TAKEBACK_POOL_SIZE and TAKEBACK_THREADS.")
    state: State = "ok" if most >= needed else "warn"
    return Finding(msg("Connections of the database"), state, found, None if state == "ok" else remedy)


def _migrations(urls: Urls) -> Finding:
    what = msg("Tables of the database")
    if not urls.owner:
        remedy = msg("Set TAKEBACK_OWNER_DATABASE_URL to have them looked at, and to migrate.")
        return Finding(what, "note", msg("not looked at, the owner's address is not set"), remedy)
    try:
        missing = versions.pending(urls.owner)
    except Problem as problem:
        return _bad(what, problem)
    if missing:
        found = msg("{count} migrations have not been run", count=len(missing))
        return Finding(what, "warn", found, msg("Run `takeback db migrate`; `takeback serve` does it too."))
    return Finding(what, "ok", msg("up to date"))


def _bad(what: Message, problem: Problem) -> Finding:
    found = (
        problem.title
        if problem.found is None
        else msg("{title} ({found})", title=problem.title, found=str(problem.found))
    )
    return Finding(what, "bad", found, problem.remedy)


def _unreachable(error: Exception) -> Problem:
    reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    remedy = msg("Start the server, and correct TAKEBACK_DATABASE_URL if its address is another.")
    return Problem("store.unreachable", msg("The database cannot be reached."), found=reason, remedy=remedy)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


_MAKE_RUN = msg("Run `make run`; it sets up all that is needed.")
_RUN_ROLES = msg("Run `takeback db roles --run URL` with the address of an administrator.")
_SET_CLOCK = msg("Set the clock, best by a time service: entries of the ledger carry its time.")
