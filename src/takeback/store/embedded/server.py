"""The embedded server as its users see it: made sure of, asked for, stopped, destroyed."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

import msgspec

from takeback.store import roles
from takeback.store.embedded import locks, postmaster, trouble
from takeback.store.embedded.account import account
from takeback.store.embedded.cluster import prepared
from takeback.store.embedded.home import kept_mark, opened, server_lock, start_lock
from takeback.store.embedded.layout import Layout, settled
from takeback.store.embedded.programs import programs as find_programs
from takeback.store.embedded.record import (
    Passwords,
    Record,
    read_passwords,
    read_record,
    write_passwords,
    write_record,
)
from takeback.store.urls import Urls, socket_url


def ensure(home: Path, *, programs: Path | None = None) -> Urls:
    """Return the addresses of the server in `home`; makes and starts it when needed.

    Safe for many processes at once. `programs` is a folder with PostgreSQL's programs to use instead of the
    wheel's. A server that is held (`hold`) stops when the last holder leaves; who needs it longer holds it.

    Raises
    ------
    Problem
        Of kind `store.…`, with a remedy and an exit code.
    """
    home = opened(home)
    if urls := _answering(home):
        return urls
    try:
        with locks.exclusive(start_lock(home)):
            return _answering(home) or _started(home, programs)
    except OSError as error:
        raise trouble.told(str(error), home) from error


def running(home: Path) -> Urls | None:
    """Return the addresses of the server in `home` if it runs and is set up; starts nothing."""
    home = home.expanduser().resolve()
    return _answering(home) if home.is_dir() else None


def made(home: Path) -> bool:
    """Return whether a server was ever set up in `home`."""
    record = read_record(home.expanduser().resolve())
    return record is not None and bool(record.roles)


def stop(home: Path) -> bool:
    """Stop the server in `home`, whoever uses it; returns whether it was there to be stopped."""
    home = home.expanduser().resolve()
    if read_record(home) is None:
        return False
    with locks.exclusive(start_lock(home)):
        return stop_locked(home)


def stop_locked(home: Path) -> bool:
    """Stop the server in `home`; the caller holds the start lock."""
    kept_mark(home).unlink(missing_ok=True)
    if locks.free(server_lock(home)):
        return False
    postmaster.stop(_remembered_layout(home))
    return True


def destroy(home: Path) -> None:
    """Stop the server in `home` and delete its data for good; other files of the home stay."""
    home = home.expanduser().resolve()
    if read_record(home) is None:
        return
    with locks.exclusive(start_lock(home)):
        stop_locked(home)
        layout = _remembered_layout(home)
        for folder in {layout.cluster, layout.sockets}:
            shutil.rmtree(folder, ignore_errors=True)
        for name in ("embedded.json", "passwords.json"):
            (home / name).unlink(missing_ok=True)


def _started(home: Path, programs: Path | None) -> Urls:
    layout = _layout(home, programs)
    prepared(layout)
    postmaster.bring_up(layout)
    return _with_roles(layout)


def _layout(home: Path, chosen: Path | None) -> Layout:
    user = account()
    return settled(home, user, find_programs(user, chosen))


def _remembered_layout(home: Path) -> Layout:
    """Return the layout with the programs that run the server, which may not be those of the settings."""
    record = read_record(home)
    there = record is not None and (Path(record.programs) / "pg_ctl").exists()
    return _layout(home, Path(record.programs) if record is not None and there else None)


def _answering(home: Path) -> Urls | None:
    """Return the addresses if a server with our roles answers. Costs a connection, some 5 ms."""
    record, passwords = read_record(home), read_passwords(home)
    if record is None or passwords is None or record.home != str(home) or record.roles != roles.digest():
        return None
    urls = _urls(record, passwords)
    return urls if postmaster.answers(urls.application) else None


def _with_roles(layout: Layout) -> Urls:
    """Give the server this version's roles and database, with the passwords that the home remembers."""
    passwords = read_passwords(layout.home)
    if passwords is None:
        passwords = Passwords(owner=secrets.token_urlsafe(32), application=secrets.token_urlsafe(32))
        write_passwords(layout.home, passwords)
    record = read_record(layout.home)
    assert record is not None  # noqa: S101 - `settled` wrote it
    urls = _urls(record, passwords)
    if record.roles != roles.digest() or not postmaster.answers(urls.application):
        roles.run(
            postmaster.administrator_url(layout.sockets),
            owner_password=passwords.owner,
            application_password=passwords.application,
        )
        write_record(layout.home, msgspec.structs.replace(record, roles=roles.digest()))
    return urls


def _urls(record: Record, passwords: Passwords) -> Urls:
    sockets = Path(record.sockets)
    return Urls(
        application=socket_url(roles.APPLICATION, passwords.application, sockets, roles.DATABASE),
        owner=socket_url(roles.OWNER, passwords.owner, sockets, roles.DATABASE),
    )
