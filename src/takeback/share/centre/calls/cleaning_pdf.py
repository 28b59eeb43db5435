"""A PDF without its makers: information dictionary, XMP and identifiers are blanked, no byte moves.

PDF 32000-1:2008, 7.5 (file structure), 14.3 (metadata), 14.4 (identifiers). Cross references count bytes, so that each
blank is as long as what it replaces. Compressed streams are packed anew into the room that they had. Every byte is
looked at a few times at most, whatever the file is like.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from takeback.core.message import Message, msg
from takeback.share.centre.calls.cleaning_image import JPEG, blanked_jpeg

LARGEST = 200_000_000  # bytes of all objects in packed streams
_LONGEST = 65_536  # bytes of a stream's dictionary
_BEGIN = re.compile(rb"(?<!end)stream\r?\n")
_STRING = rb"(?:\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\)|<[0-9A-Fa-f\s]*>)"
_TOLD = rb"Author|Creator|Producer|Title|Subject|Keywords|Company|CreationDate|ModDate|LastModified|SourceModified|T|M"
_SAID = re.compile(rb"/(?:" + _TOLD + rb")\s*" + _STRING, re.DOTALL)
_ID = re.compile(rb"/ID\s*\[\s*" + _STRING + rb"\s*" + _STRING + rb"\s*\]", re.DOTALL)
_INFO = re.compile(rb"/Info\s+\d+\s+\d+\s+R")
_ESCAPED = re.compile(rb"/[A-Za-z#][A-Za-z0-9#]{0,60}")
_NAMES = frozenset({*_TOLD.split(b"|"), b"ID", b"Info", b"Metadata", b"ObjStm", b"EmbeddedFile", b"Encrypt", b"Type"})


class UncleanError(ValueError):
    """A PDF in which makers cannot be found. `expected`: what it should be."""

    def __init__(self, expected: Message) -> None:
        super().__init__(expected)
        self.expected = expected


def cleaned_pdf(content: bytes) -> bytes:
    """Return a PDF that says nothing of who made it, when and with what; raises `ValueError` where it is locked."""
    if not content.startswith(b"%PDF-"):
        raise UncleanError(msg("a PDF file"))
    if b"/Encrypt" in content:
        raise UncleanError(msg("a PDF without a password"))
    if b"/EmbeddedFile" in content:
        raise UncleanError(msg("a PDF without files inside"))
    out, place, room = [], 0, [LARGEST]
    for about, start, end in streams(content):
        out += [_blank(content[place:start]), _stream(about, content[start:end], room)]
        place = end
    return b"".join([*out, _blank(content[place:])])


def streams(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield each stream's dictionary, and where its data begins and ends."""
    place = 0
    while found := _BEGIN.search(content, place):
        before = content[max(place, found.start() - _LONGEST) : found.start()]
        about = before[before.rfind(b"obj") + 3 :] if b"obj" in before else before
        end = content.find(b"endstream", found.end())
        if end < 0:
            raise ValueError("a stream without an end")
        line = re.search(rb"\r?\n?$", content[max(found.end(), end - 2) : end])
        yield about, found.end(), end - (len(line[0]) if line else 0)
        place = end + len(b"endstream")


def _stream(about: bytes, data: bytes, room: list[int]) -> bytes:
    """Return a stream's data: nothing of metadata, objects and pictures without what they say of makers."""
    if re.search(rb"/Type\s*/Metadata\b", about):
        return _packed(b" " * 10, len(data)) if b"/FlateDecode" in about else b" " * len(data)
    if data.startswith(JPEG):
        return blanked_jpeg(data)
    if not re.search(rb"/Type\s*/ObjStm\b", about):
        return data
    if b"/DecodeParms" in about or b"/FlateDecode" not in about:
        raise ValueError("objects in a way of packing that is not known here")
    objects = _unpacked(data, room)
    if b"/EmbeddedFile" in objects:
        raise UncleanError(msg("a PDF without files inside"))
    return _packed(_blank(objects), len(data))


def _blank(text: bytes) -> bytes:
    for name in _ESCAPED.findall(text) if b"#" in text else ():
        if b"#" in name and _unescaped(name[1:]) in _NAMES:
            raise ValueError("names that are hidden from being looked for")
    for pattern in (_SAID, _ID, _INFO):
        text = pattern.sub(lambda found: b" " * len(found[0]), text)
    return text


def _unescaped(name: bytes) -> bytes:
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), name)


def _unpacked(data: bytes, room: list[int]) -> bytes:
    """Return what a stream holds; `room`: bytes that all of them may hold together, made smaller by each."""
    reader = zlib.decompressobj()
    try:
        found = reader.decompress(data, room[0] + 1)
    except zlib.error as error:
        raise ValueError("a stream that cannot be unpacked") from error
    room[0] -= len(found)
    if room[0] < 0:
        raise ValueError("too large when unpacked")
    return found


def _packed(data: bytes, length: int) -> bytes:
    packed = zlib.compress(data, 9)
    if len(packed) > length:
        raise ValueError("no room for what stays")
    return packed + b"\0" * (length - len(packed))
