"""What a home remembers of its server: where it lies, and which roles it has."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import mkstemp
from typing import TypeVar

import msgspec

from takeback.core.message import msg
from takeback.core.problem import Problem

_T = TypeVar("_T")


class Record(msgspec.Struct, frozen=True):
    """The file `embedded.json` in a home.

    - `home`: the home's path when this was written; another one means that the folder was moved or copied.
    - `cluster`: the folder with data, sockets and log; relative when it lies in the home.
    - `sockets`: the folder of the Unix socket.
    - `programs`: the folder of the PostgreSQL programs that run it.
    - `roles`: the version of the roles and the database that it was given; empty before that.
    """

    home: str
    cluster: str
    sockets: str
    programs: str
    roles: str = ""


class Passwords(msgspec.Struct, frozen=True):
    """The file `passwords.json` in a home, mode 0600."""

    owner: str
    application: str


def read_record(home: Path) -> Record | None:
    """Return what is remembered, None in a new home."""
    return _read(home / "embedded.json", Record)


def read_passwords(home: Path) -> Passwords | None:
    """Return the passwords of the two roles, None in a new home."""
    return _read(home / "passwords.json", Passwords)


def write_record(home: Path, record: Record) -> None:
    """Remember, whole or not at all."""
    _write(home / "embedded.json", record)


def write_passwords(home: Path, passwords: Passwords) -> None:
    """Remember the passwords in a file that only we can read."""
    _write(home / "passwords.json", passwords)


def _read(path: Path, kind: type[_T]) -> _T | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (msgspec.MsgspecError, OSError) as error:
        raise Problem(
            "store.broken-record",
            msg("A file of the home folder cannot be read."),
            where=str(path),
            found=error.strerror if isinstance(error, OSError) else str(error),
            remedy=msg(
                "If the home belongs to another user, run as that user; if the file is damaged, delete it: "
                "it is made anew and the data stays."
            ),
            status=503,
            exit_code=77,
        ) from error


def _write(path: Path, content: msgspec.Struct) -> None:
    file, new = mkstemp(dir=path.parent, prefix=f".{path.name}.")  # of mode 0600
    try:
        with open(file, "wb") as writable:  # noqa: PTH123 - a descriptor, no path
            writable.write(msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")
            writable.flush()
            os.fsync(file)
        Path(new).replace(path)
    except OSError:
        Path(new).unlink()
        raise
