"""A PDF without its makers: information dictionary, XMP and identifiers are blanked, no byte moves.

PDF 32000-1:2008, 7.5 (file structure), 14.3 (metadata), 14.4 (identifiers). Cross references count bytes, so that each
blank is as long as what it replaces. Compressed streams are packed anew into the room that they had.
"""

from __future__ import annotations

import re
import zlib

_STREAM = re.compile(rb"<<((?:(?!\bendobj\b|\bstream\b).)*)>>\s*stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_STRING = rb"(?:\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\)|<[0-9A-Fa-f\s]*>)"
_SAID = re.compile(
    rb"/(?:Author|Creator|Producer|Title|Subject|Keywords|Company|CreationDate|ModDate|LastModified|SourceModified|T|M)"
    rb"\s*" + _STRING,
    re.DOTALL,
)
_ID = re.compile(rb"/ID\s*\[\s*" + _STRING + rb"\s*" + _STRING + rb"\s*\]", re.DOTALL)
_INFO = re.compile(rb"/Info\s+\d+\s+\d+\s+R")


def cleaned_pdf(content: bytes) -> bytes:
    """Return a PDF that says nothing of who made it, when and with what; raises `ValueError` where it is locked."""
    if not content.startswith(b"%PDF-") or b"/Encrypt" in content or b"/EmbeddedFile" in content:
        raise ValueError("no PDF, a locked one, or one with files inside")
    out, place = [], 0
    for found in _STREAM.finditer(content):
        out += [_blank(content[place : found.start(2)]), _stream(found[1], found[2])]
        place = found.end(2)
    return b"".join([*out, _blank(content[place:])])


def _stream(about: bytes, data: bytes) -> bytes:
    """Return a stream's data: nothing of metadata, objects without what they say of makers, all else as it is."""
    if re.search(rb"/Type\s*/Metadata\b", about):
        return _packed(b" " * 10, len(data)) if b"/FlateDecode" in about else b" " * len(data)
    if not re.search(rb"/Type\s*/ObjStm\b", about):
        return data
    if b"/DecodeParms" in about or b"/FlateDecode" not in about:
        raise ValueError("objects in a way of packing that is not known here")
    objects = _unpacked(data)
    if b"/EmbeddedFile" in objects:
        raise ValueError("files inside")
    return _packed(_blank(objects), len(data))


def _blank(text: bytes) -> bytes:
    for pattern in (_SAID, _ID, _INFO):
        text = pattern.sub(lambda found: b" " * len(found[0]), text)
    return text


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, 50_000_000)
    except zlib.error as error:
        raise ValueError("a stream that cannot be unpacked") from error


def _packed(data: bytes, length: int) -> bytes:
    packed = zlib.compress(data, 9)
    if len(packed) > length:
        raise ValueError("no room for what stays")
    return packed + b"\0" * (length - len(packed))
