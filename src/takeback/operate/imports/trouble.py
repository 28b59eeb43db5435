"""Problems of whole files; those of single values are made where the values are read."""

from __future__ import annotations

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

UNREADABLE, NO_SPACE = 66, 74  # exit codes, as in sysexits.h: EX_NOINPUT, EX_IOERR


def too_large(size: int | None, limit: int) -> Problem:
    """Return the problem of a file above the limit; `size` in bytes where it is known."""
    return Problem(
        "import.too-large",
        msg("The file is larger than what can be imported at once."),
        found=None if size is None else in_megabytes(size),
        expected=msg("at most {limit}", limit=in_megabytes(limit)),
        remedy=msg("Split it into several files. Whoever runs this server can raise TAKEBACK_UPLOAD_LIMIT."),
        status=413,
    )


def in_megabytes(size: int) -> str:
    """Return a size for people, in megabytes of 10^6 bytes."""
    return f"{size / 1e6:,.1f} MB".replace(",", "\N{NARROW NO-BREAK SPACE}")


def empty(name: str) -> Problem:
    """Return the problem of a file without any record."""
    return Problem(
        "import.empty",
        msg("There is nothing in the file to import."),
        where=name,
        expected=msg("a header and at least one row below it, or at least one object"),
    )


def broken(name: str, reason: Message | str, expected: Message | str, remedy: Message | None = None) -> Problem:
    """Return the problem of a file that is not of the format that it seems to be."""
    return Problem(
        "import.broken-file",
        msg("The file cannot be read to its end."),
        where=name,
        found=reason,
        expected=expected,
        remedy=remedy,
    )


def bad_format(name: str, found: Message | str, remedy: Message) -> Problem:
    """Return the problem of a file of a format that is not read."""
    return Problem(
        "import.bad-format",
        msg("Files of this format are not read."),
        where=name,
        found=found,
        expected=msg("CSV, Excel (.xlsx) or JSON"),
        remedy=remedy,
    )


def disk_full(where: str) -> Problem:
    """Return the problem of a disk without space: 507, Insufficient Storage (RFC 4918, 11.5)."""
    return Problem(
        "import.disk-full",
        msg("There is no space left on the disk; nothing of the file was kept."),
        where=where,
        remedy=msg("Make space there, then try again."),
        status=507,
        exit_code=NO_SPACE,
    )


def unreadable(name: str, reason: str | None) -> Problem:
    """Return the problem of a file that the operating system does not give."""
    return Problem(
        "import.unreadable", msg("The file cannot be opened."), where=name, found=reason, exit_code=UNREADABLE
    )
