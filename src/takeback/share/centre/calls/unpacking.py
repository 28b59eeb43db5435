"""All that stands in a file, also where it is packed: text, and names, notes, moments and texts of its parts.

Office files are ZIP archives (ECMA-376); PDF packs objects, and writes strings in octal numbers or UTF-16 (PDF
32000-1:2008, 7.3.4, 7.4.4, 7.9.2). Files come from people: whatever one was made to cost, `_ROOM` bytes are unpacked.
What pages show in fonts of their own is not read here.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import IO
from zipfile import ZipFile, ZipInfo

from takeback.share.centre.calls.cleaning import DAMAGED
from takeback.share.centre.calls.cleaning_pdf import streams

_ROOM = 40_000_000
_DEEPEST = 3  # archives in archives
_OCTAL = re.compile(rb"\\([0-3][0-7]{2})")
_PICTURE = re.compile(rb"/Subtype\s*/Image\b")
_WIDE = re.compile(rb"\((?:\xfe\xff|\\376\\377)((?:\\.|[^\\()])*)\)|<\s*[Ff][Ee][Ff][Ff]([0-9A-Fa-f\s]*)>", re.DOTALL)
"""Strings of a PDF in UTF-16: literal, or in hexadecimal digits."""


def unpacked(content: bytes) -> str:
    """Return all text that is found in a file."""
    return "\n".join(_texts(content, _DEEPEST, [_ROOM]))


def _texts(content: bytes, deep: int, room: list[int]) -> Iterator[str]:
    """Yield what a file says; `room`: bytes that may still be unpacked of the whole, made smaller by each part."""
    yield _decoded(content)
    try:
        if content.startswith(b"PK") and deep:
            yield from _of_archive(content, deep - 1, room)
        elif content.startswith(b"\x1f\x8b") and deep:
            with gzip.open(BytesIO(content)) as file:
                yield from _texts(_taken(file, room), deep - 1, room)
        elif content.startswith(b"%PDF-"):
            yield from _of_pdf(content, room)
    except DAMAGED:
        return


def _of_archive(content: bytes, deep: int, room: list[int]) -> Iterator[str]:
    with ZipFile(BytesIO(content)) as archive:
        yield _decoded(archive.comment)
        for part in archive.infolist():
            yield f"{part.filename} {_decoded(part.comment)} {_moment(part)}"
            yield from _texts(_part(archive, part, room), deep, room)


def _part(archive: ZipFile, part: ZipInfo, room: list[int]) -> bytes:
    try:
        with archive.open(part) as file:
            return _taken(file, room)
    except DAMAGED:  # the others are read
        return b""


def _taken(file: IO[bytes] | gzip.GzipFile, room: list[int]) -> bytes:
    found = file.read(room[0])
    room[0] -= len(found)
    return found


def _moment(part: ZipInfo) -> str:
    year, month, day, hour, minute, second = part.date_time
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"


def _of_pdf(content: bytes, room: list[int]) -> Iterator[str]:
    yield from _strings(content)
    for about, start, end in streams(content):
        if b"/FlateDecode" in about and not _PICTURE.search(about):
            yield from _strings(_inflated(content[start:end], room))


def _inflated(data: bytes, room: list[int]) -> bytes:
    try:
        found = zlib.decompressobj().decompress(data, room[0]) if room[0] else b""  # 0 would be without a bound
    except zlib.error:
        return b""
    room[0] -= len(found)
    return found


def _strings(content: bytes) -> Iterator[str]:
    """Yield a PDF's objects with their strings as they read: UTF-8, or PDF's own encoding, near to Latin-1."""
    plain = _unescaped(content)
    try:
        yield plain.decode()
    except UnicodeDecodeError:
        yield plain.decode("latin-1")
    for literal, digits in _WIDE.findall(content):
        packed = b"".join(digits.split())
        wide = _unescaped(literal) if literal else bytes.fromhex(packed[: len(packed) // 2 * 2].decode())
        yield wide.decode("utf-16-be", "replace")


def _unescaped(text: bytes) -> bytes:
    return _OCTAL.sub(lambda found: bytes([int(found[1], 8)]), text)


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "replace")
