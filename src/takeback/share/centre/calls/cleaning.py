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
_PACKAGE = "http://schemas.openxmlformats.org"
_EMPTY = {
    "docProps/core.xml": f'<coreProperties xmlns="{_PACKAGE}/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": f'<Properties xmlns="{_PACKAGE}/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": f'<Properties xmlns="{_PACKAGE}/officeDocument/2006/custom-properties"/>',
}
"""Parts of an office file that tell of its makers alone -> the same part that says nothing."""
_BY = re.compile(rb'\b((?:\w+:)?(?:author|initials|displayName|userId|providerId|lastModifiedBy|userName))="[^"]*"')
_WHEN = re.compile(rb'\s(?:\w+:)?date="[^"]*"')  # of tracked changes and comments
_SAID = re.compile(rb'\bdT="[^"]*"')  # of threaded comments, which must have one
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
        shown = [one for one in _parts(old) if one.filename.endswith(".xml") and one.filename not in _EMPTY]
        return " ".join(_TAGS.sub(b"", old.read(one)).decode("utf-8", "replace") for one in shown)


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
    if name in _EMPTY:
        return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{_EMPTY[name]}'.encode()
    if "thumbnail" in name:
        return b""
    if not name.endswith((".xml", ".rels")):
        return content
    undated = _SAID.sub(b'dT="1980-01-01T00:00:00.00"', _WHEN.sub(b"", content))
    return _AUTHORS.sub(rb"\1\2", _BY.sub(rb'\1=""', undated))


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
