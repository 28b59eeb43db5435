"""What a file says of its makers beside its content is taken out before reviewers open it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from zipfile import BadZipFile, ZipFile, ZipInfo

from takeback.core.message import msg
from takeback.core.problem import Problem
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
_LARGEST = 100_000_000  # bytes of an unpacked office file
_ABOUT = re.compile(r"docProps/(core|app|custom)\.xml|word/people\.xml|xl/persons/.*|.*thumbnail\..*")
_BY = re.compile(rb'\b((?:\w+:)?(?:author|initials|userId|providerId|lastModifiedBy|userName|date))="[^"]*"')
_AUTHORS = re.compile(rb"(<author>)[^<]*(</author>)")
_TAGS = re.compile(rb"<[^>]+>")


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
    except (BadZipFile, ValueError):
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
    if media_type not in {WORD, EXCEL}:
        return ""
    with ZipFile(io.BytesIO(content)) as old:
        parts = [old.read(one) for one in _parts(old) if not _ABOUT.fullmatch(one.filename)]
    return " ".join(_TAGS.sub(b"", part).decode("utf-8", "replace") for part in parts if part.startswith(b"<?xml"))


def _cleaned_office(content: bytes) -> bytes:
    """Return an office file whose parts say nothing of people, and whose archive says nothing of time."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for one in _parts(old):
            new.writestr(ZipInfo(one.filename), _part(one.filename, old.read(one)), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _parts(archive: ZipFile) -> list[ZipInfo]:
    parts = archive.infolist()
    if sum(one.file_size for one in parts) > _LARGEST:
        raise ValueError("too large when unpacked")
    return parts


def _part(name: str, content: bytes) -> bytes:
    if _ABOUT.fullmatch(name):
        return re.sub(rb">[^<]+<", b"><", _BY.sub(rb'\1=""', content)) if content.startswith(b"<?xml") else b""
    if not name.endswith((".xml", ".rels")):
        return content
    return _AUTHORS.sub(rb"\1\2", _BY.sub(rb'\1=""', content))


def _same(content: bytes) -> bytes:
    return content


_CLEANERS: dict[str, Callable[[bytes], bytes]] = {
    "application/pdf": cleaned_pdf,
    "text/plain": _same,
    "text/markdown": _same,
    "text/csv": _same,
    WORD: _cleaned_office,
    EXCEL: _cleaned_office,
}
