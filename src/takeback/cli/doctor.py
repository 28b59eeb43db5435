"""`takeback doctor`: looks at everything that a running installation needs, and says how to mend it."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import msgspec

from takeback.cli.answer import Answer, table
from takeback.cli.session import behind, held
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.store.settings import Settings

ROOM_MB = 2_000  # of free disk: the demo world takes about 1 GB with its log


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What one check found: `state` is `ok`, `note` (works, but look at it) or `wrong`."""

    check: str
    state: str
    found: str
    remedy: str = ""


Check = Callable[[], Finding]


def doctor() -> Answer:
    """Look at Python, settings, disk, database, browser parts and port; say what is wrong and how to mend it.

    The exit code is 0 when nothing is wrong, 1 otherwise.
    """
    findings = [_safely(check) for check in CHECKS]
    rows = [{"check": f.check, "state": f.state, "found": f.found} for f in findings]
    remedies = [f"{f.check}: {f.remedy}" for f in findings if f.remedy]
    wrong = any(f.state == "wrong" for f in findings)
    return Answer({"healthy": not wrong, "findings": findings}, [table(rows), *remedies], exit_code=int(wrong))


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    return Finding(check="python", state="ok", found=f"{found} at {sys.prefix}")


def _settings() -> Finding:
    settings = Settings.from_environment()
    kind = f"embedded server in {settings.home}" if settings.embedded else "PostgreSQL server of your own"
    names = sorted(name for name in os.environ if name.startswith("TAKEBACK_"))
    return Finding(check="settings", state="ok", found=f"{kind}; set: {', '.join(names) or 'nothing'}")


def _disk() -> Finding:
    home = Settings.from_environment().home
    existing = next(folder for folder in (home, *home.parents) if folder.is_dir())
    free = shutil.disk_usage(existing).free // 10**6
    if free >= ROOM_MB:
        return Finding(check="disk", state="ok", found=f"{free:,} MB free at {existing}")
    return Finding(
        check="disk",
        state="note",
        found=f"{free:,} MB free at {existing}",
        remedy=str(msg("Free some space, or let TAKEBACK_HOME name a folder on another disk.")),
    )


def _database() -> Finding:
    from takeback import store
    from takeback.store import migrate, roles
    from takeback.store.embedded.record import read_record

    settings = Settings.from_environment()
    if settings.embedded and read_record(settings.home) is None:
        return _programs_only(settings)
    with held() as (_, urls):
        if missing := migrate.pending(urls.owner or urls.application):
            raise behind(missing)
        store.open_database(urls.application, urls.owner)
        try:
            with store.admin() as connection:
                roles.check_application_role(connection)
                version = connection.exec_driver_sql("show server_version").scalar_one()
        finally:
            store.close()
    return Finding(check="database", state="ok", found=f"PostgreSQL {version}, up to date")


def _programs_only(settings: Settings) -> Finding:
    from takeback.store.embedded.account import account
    from takeback.store.embedded.programs import programs

    found = programs(account(), settings.postgres_bin)
    return Finding(
        check="database", state="ok", found=f"PostgreSQL {found.major}; none made yet, `takeback serve` makes it"
    )


def _browser_parts() -> Finding:
    folder = Path(str(files("takeback.web"))) / "static" / "vendor"
    if (folder / "manifest.json").is_file():
        return Finding(check="browser parts", state="ok", found=str(folder))
    return Finding(
        check="browser parts",
        state="wrong",
        found=f"no manifest in {folder}",
        remedy=str(msg("Run `make setup` in the checkout: it fetches them.")),
    )


def _port() -> Finding:
    settings = Settings.from_environment()
    with socket.socket() as probe:
        probe.settimeout(2)
        taken = probe.connect_ex((settings.host, settings.port)) == 0
    where = f"{settings.host}:{settings.port}"
    if not taken:
        return Finding(check="port", state="ok", found=f"{where} is free")
    return Finding(
        check="port",
        state="note",
        found=f"{where} answers already",
        remedy=str(msg("If that is not Takeback, let TAKEBACK_PORT name another port.")),
    )


CHECKS: tuple[Check, ...] = (_python, _settings, _disk, _database, _browser_parts, _port)


def _safely(check: Check) -> Finding:
    try:
        return check()
    except Problem as problem:
        return Finding(
            check=check.__name__.strip("_").replace("_", " "),
            state="wrong",
            found=" ".join(str(part) for part in (problem.title, problem.where, problem.found) if part is not None),
            remedy=str(problem.remedy or _unknown),
        )


_unknown: Message = msg("Read docs/how-to, or ask with the output of `takeback doctor --json`.")
