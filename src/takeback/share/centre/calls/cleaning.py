"""What a file says of its makers beside its content is taken out before reviewers open it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from zipfile import BadZipFile

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.calls.cleaning_office import cleaned_office, words_of_office
from takeback.share.centre.calls.cleaning_pdf import cleaned_pdf

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
_DAMAGED = (BadZipFile, ValueError, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


def cleaned(content: bytes, media_type: str) -> bytes:
    """Return a file without authors, dates and tools.

    Raises
    ------
    Problem
        ``centre.bad-blind-file``: a sort of file, or a way of writing it, in which that cannot be found.
    """
    clean = _CLEANERS.get(media_type)
    try:
        if clean is not None:
            return clean(content)
    except _DAMAGED:
        pass
    raise Problem(
        "centre.bad-blind-file",
        msg("From this file it cannot be taken out who made it."),
        where="file",
        found=media_type,
        expected=", ".join(sorted({*SUFFIXES.values()})),
        remedy=msg("Save it as PDF without a password, or as plain text."),
    )


def text_in(content: bytes, media_type: str) -> str:
    """Return the words of a file where they can be read without drawing it: of text and office files, not of PDF."""
    if media_type.startswith("text/"):
        return content.decode("utf-8", "replace")
    return words_of_office(content) if media_type in {WORD, EXCEL} else ""


def _same(content: bytes) -> bytes:
    return content


_CLEANERS: dict[str, Callable[[bytes], bytes]] = {
    "application/pdf": cleaned_pdf,
    "text/plain": _same,
    "text/markdown": _same,
    "text/csv": _same,
    WORD: cleaned_office,
    EXCEL: cleaned_office,
}
