"""What a file says of its makers beside its content is taken out before reviewers open it."""

from __future__ import annotations

import zlib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable
from lzma import LZMAError
from zipfile import BadZipFile

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre.calls.cleaning_office import cleaned_office
from takeback.share.centre.calls.cleaning_pdf import UncleanError, cleaned_pdf

_OFFICE = "application/vnd.openxmlformats-officedocument."
WORD, EXCEL = f"{_OFFICE}wordprocessingml.document", f"{_OFFICE}spreadsheetml.sheet"
SUFFIXES = {
    "application/pdf": "pdf",
    "text/plain": "txt",
    "text/markdown": "md",
    "text/csv": "csv",
    WORD: "docx",
    EXCEL: "xlsx",
}
"""Media type of what reviewers may be shown -> how such a file's name ends."""
_WIDE = (BOM_UTF16_LE, BOM_UTF16_BE)
DAMAGED = (BadZipFile, ValueError, zlib.error, LZMAError, EOFError, OSError, NotImplementedError, RuntimeError)
"""What readers of files raise where a file is not what it should be."""


def cleaned(content: bytes, media_type: str) -> bytes:
    """Return a file without authors, dates and tools.

    Raises
    ------
    Problem
        ``centre.bad-blind-file``: a sort of file, or a way of writing it, in which that cannot be found.
    """
    clean, expected = _CLEANERS.get(media_type), ", ".join(sorted({*SUFFIXES.values()}))
    try:
        if clean is not None:
            return clean(content)
    except UncleanError as unclean:
        raise _unclean(media_type, unclean.expected) from unclean
    except DAMAGED:
        pass
    raise _unclean(media_type, expected)


def _unclean(media_type: str, expected: Message | str) -> Problem:
    return Problem(
        "centre.bad-blind-file",
        msg("From this file it cannot be taken out who made it."),
        where="file",
        found=media_type,
        expected=expected,
        remedy=msg("Save it as PDF without a password, or as plain text."),
    )


def _text(content: bytes) -> bytes:
    """Return a text as it is; what is a file of another sort under a text's name may say who made it."""
    if content.startswith((b"%PDF-", b"PK\x03\x04")) or (b"\0" in content and not content.startswith(_WIDE)):
        raise ValueError("no text")
    return content


_CLEANERS: dict[str, Callable[[bytes], bytes]] = {
    "application/pdf": cleaned_pdf,
    "text/plain": _text,
    "text/markdown": _text,
    "text/csv": _text,
    WORD: cleaned_office,
    EXCEL: cleaned_office,
}
