"""Addresses of a PostgreSQL database, as SQLAlchemy and as libpq write them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from takeback.core.message import msg
from takeback.core.problem import Problem

_OURS = "postgresql+psycopg://"
_ACCEPTED = (_OURS, "postgresql://", "postgres://")


@dataclass(frozen=True, slots=True)
class Urls:
    """The two addresses of one database; they carry passwords, so that `repr` does not show them.

    - `application`: the role that the web server, the workers and the command line use.
    - `owner`: the role of the migrations; empty when the environment names only the application's.
    """

    application: str = field(repr=False)
    owner: str = field(repr=False)


def normalised(url: str, *, where: str) -> str:
    """Return `url` as SQLAlchemy's psycopg 3 dialect wants it.

    Raises
    ------
    Problem
        `settings.bad-url` when it is no PostgreSQL address; its text never shows the password.
    """
    for scheme in _ACCEPTED:
        if url.startswith(scheme):
            return _OURS + url.removeprefix(scheme)
    raise Problem(
        "settings.bad-url",
        msg("This is not the address of a PostgreSQL database."),
        where=where,
        found=url.split("://", 1)[0] + "://…" if "://" in url else "…",
        expected="postgresql://user:password@host:5432/database",
        exit_code=78,
    )


def conninfo(url: str) -> str:
    """Return the address as libpq and psycopg themselves understand it."""
    return "postgresql://" + url.removeprefix(_OURS) if url.startswith(_OURS) else url


def socket_url(user: str, password: str | None, sockets: Path, database: str, *, port: int = 5432) -> str:
    """Return the address of a server that listens on a Unix socket in the folder `sockets`."""
    # libpq does not read "+" as a blank, SQLAlchemy does: quote() writes %20, which both understand.
    login = quote(user, safe="") + (":" + quote(password, safe="") if password else "")
    return f"{_OURS}{login}@/{quote(database, safe='')}?host={quote(str(sockets), safe='')}&port={port}"
