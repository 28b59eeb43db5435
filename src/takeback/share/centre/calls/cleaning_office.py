"""Office files (ECMA-376) without what they say of their makers: properties, tracked changes, paths, embedded files."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from zipfile import ZipFile, ZipInfo

from takeback.share.centre.calls.cleaning_image import cleaned_picture

LARGEST = 40_000_000  # bytes of an unpacked file: each tag is looked at
MOST_PARTS = 5000
_DEEPEST = 2  # files within files
_PACKAGE = "http://schemas.openxmlformats.org"
_EMPTY = {
    "docprops/core.xml": f'<coreProperties xmlns="{_PACKAGE}/package/2006/metadata/core-properties"/>',
    "docprops/app.xml": f'<Properties xmlns="{_PACKAGE}/officeDocument/2006/extended-properties"/>',
    "docprops/custom.xml": f'<Properties xmlns="{_PACKAGE}/officeDocument/2006/custom-properties"/>',
}
"""Parts that tell of makers alone, wherever they lie -> the same part that says nothing."""
_ROOTS = {
    b"package/2006/metadata/core-properties": "docprops/core.xml",
    b"officeDocument/2006/extended-properties": "docprops/app.xml",
    b"officeDocument/2006/custom-properties": "docprops/custom.xml",
}
_OTHER = (".bin", ".tif", ".tiff", ".heic", ".webp", ".ole", ".doc", ".xls", ".ppt", ".msg", ".pdf")
"""Parts in which makers cannot be found."""
_NAME = rb"(?:[\w-]+:)?"
_VALUE = rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')"
_BY = re.compile(
    rb"(?<=\s)(" + _NAME + rb"(?:author|initials|displayName|userId|providerId|lastModifiedBy|userName))" + _VALUE
)
_WHEN = re.compile(rb"\s" + _NAME + rb"(?:date|dateUtc|dateTime)" + _VALUE)  # of tracked changes and comments
_SAID = re.compile(rb"\bdT" + _VALUE)  # of threaded comments, which must have one
_AUTHORS = re.compile(rb"(<" + _NAME + rb"author>)[^<]*(</)")
_COMMENTS = re.compile(rb"<!--.*?-->", re.DOTALL)
_PATHS = re.compile(rb"(<" + _NAME + rb"absPath\b[^>]*?\burl)" + _VALUE)  # the folder in which Excel saved the file
_TARGET = re.compile(rb"(\bTarget)\s*=\s*(\"[^\"]*\"|'[^']*')")
_FOLDER = re.compile(rb"[\"'](?:file:|[A-Za-z]:[\\/]|\\\\|/(?:Users|home)/)", re.IGNORECASE)
_ENCODING = re.compile(rb"^\s*<\?xml[^>]*?\bencoding\s*=\s*[\"'](?!(?:utf-8|us-ascii)[\"'])", re.IGNORECASE)
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
_TAGS = re.compile(rb"<[^>]*>")


def cleaned_office(content: bytes, depth: int = 0) -> bytes:
    """Return an office file whose parts say nothing of people, and whose archive says nothing of time.

    Raises
    ------
    ValueError
        Where it is too large, locked, or has parts in which makers cannot be found (old embedded objects, macros).
    """
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for one in _parts(old):
            new.writestr(ZipInfo(one.filename), _part(one.filename, old.read(one), depth), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def plain_parts(content: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield the parts of an office file, also of those within it: XML in UTF-8, what holds no words as empty.

    Parts that tell of makers alone are left out.
    """
    with ZipFile(io.BytesIO(content)) as old:
        for one in _parts(old):
            name, part = one.filename, old.read(one)
            if part.startswith(b"PK\x03\x04") and depth < _DEEPEST:
                yield from ((f"{name}/{inner}", said) for inner, said in plain_parts(part, depth + 1))
            elif not _is_xml(name.casefold(), part):
                yield name, b""
            elif not _property(name, part):
                yield name, _plain(part)


def _is_xml(name: str, part: bytes) -> bool:
    return name.endswith((".xml", ".rels", ".vml")) or part.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \r\n\t").startswith(b"<")


def _parts(archive: ZipFile) -> list[ZipInfo]:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > LARGEST:
        raise ValueError("too large when unpacked")
    if len({one.filename.casefold() for one in parts}) < len(parts):
        raise ValueError("a part twice")
    return parts


def _part(name: str, content: bytes, depth: int) -> bytes:
    low = name.casefold()
    if _is_xml(low, content):
        return _xml(low, content)
    if "thumbnail" in low:
        return b""
    if "printersettings" in low:
        return bytes(len(content))
    if content.startswith(b"PK\x03\x04"):
        if depth >= _DEEPEST:
            raise ValueError("files within files")
        return cleaned_office(content, depth + 1)
    if low.endswith(_OTHER):
        raise ValueError(f"a part that cannot be looked into: {name}")
    return cleaned_picture(content)


def _xml(name: str, content: bytes) -> bytes:
    if known := _property(name, content):
        return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{_EMPTY[known]}'.encode()
    text = _COMMENTS.sub(b"", _plain(content))
    if name.endswith(".rels"):
        return _TARGET.sub(_nowhere, text)
    return _AUTHORS.sub(rb"\1\2", _TAGS.sub(_tag, text))


def _tag(found: re.Match[bytes]) -> bytes:
    """Return a tag without whom and when it names; what stands between tags is the applicants' own text."""
    tag = found[0]
    if b"=" not in tag:
        return tag
    undated = _SAID.sub(b'dT="1980-01-01T00:00:00.00"', _WHEN.sub(b"", tag))
    return _PATHS.sub(rb'\1=""', _BY.sub(rb'\1=""', undated))


def _property(name: str, content: bytes) -> str | None:
    """Return which of the parts of properties this is, by its name or by what its root says."""
    low, head = (
        name.casefold(),
        _plain(content[:4000] if not content.startswith((b"\xff\xfe", b"\xfe\xff")) else content),
    )
    root = re.search(rb"<[A-Za-z][^>]*>", head)
    said = (part for mark, part in _ROOTS.items() if root and mark in root[0] and b"roperties" in root[0])
    return low if low in _EMPTY else next(said, None)


def _nowhere(found: re.Match[bytes]) -> bytes:
    """Return a relation that leads into somebody's folder (a template, a linked sheet) as one that leads nowhere."""
    return found[1] + (b'="file:///"' if _FOLDER.match(found[2]) else b"=" + found[2])


def _plain(content: bytes) -> bytes:
    """Return XML in UTF-8, written as UTF-16 or so already.

    `ValueError` for any other encoding, in which neither makers nor names would be found, and for own entities.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or content[:2] in (b"<\0", b"\0<"):
        order = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else f"utf-16-{'lb'[content[0] == 0]}e"
        content = _DECLARED.sub('<?xml version="1.0" encoding="UTF-8"?>', content.decode(order)).encode()
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _ENCODING.match(start) or (start and not start.startswith(b"<")):
        raise ValueError("an encoding that is not looked into")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ValueError("a document that declares entities")
    return content
