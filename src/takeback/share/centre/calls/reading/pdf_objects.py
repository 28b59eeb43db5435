"""The objects of a PDF, each parsed when it is asked for (PDF 32000-1:2008, 7.2 to 7.5).

Cross references are not used: objects are looked for where they stand, the last one of a number counts, as after an
update. Every byte is looked at a few times at most, whatever the file is like.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

MOST_UNPACKED = 40_000_000  # bytes of all streams that are looked into
_DEEPEST = 40  # dictionaries and arrays within each other, references that lead to references
_HEAD = re.compile(rb"(?<![\d.])(\d{1,9})\s+\d{1,5}\s+obj\b|(?<!end)stream\r?\n")
_ROOT = re.compile(rb"/Root\s+(\d{1,9})\s+\d{1,5}\s+R")
TOKEN = re.compile(
    rb"%[^\r\n]*|(?P<dict><<)|(?P<end>>>|\])|(?P<list>\[)|(?P<hex><[0-9A-Fa-f\s]*>)|(?P<string>\()"
    rb"|(?P<ref>\d{1,9}\s+\d{1,5}\s+R\b)|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+))|/(?P<name>[^\s()<>\[\]{}/%]*)"
    rb"|(?P<word>[A-Za-z'\"*][A-Za-z0-9'\"*]*)"
)
_STRING_END = re.compile(rb"[()]|\\.", re.DOTALL)
_ESCAPE = re.compile(rb"\\(\r\n|[0-7]{1,3}|.)", re.DOTALL)
_PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}


class Name(str):
    """A name: `/Font` is `Name("Font")`."""

    __slots__ = ()


class Ref(NamedTuple):
    """A reference to an object by its number."""

    number: int


class Stream(NamedTuple):
    """A stream: its dictionary and its packed data."""

    about: dict[str, Any]
    data: bytes


class Objects:
    """The objects of a file. `get` follows references; what is broken is None."""

    def __init__(self, content: bytes) -> None:
        self._content, self._room = content, MOST_UNPACKED
        self._at = dict(_places(content))
        self._packed: dict[int, tuple[bytes, int]] = {}
        for number in [*self._at]:
            self._unpack(number)

    def get(self, value: Any, depth: int = 0) -> Any:
        """Return what a value stands for: itself, or the object that it refers to."""
        if not isinstance(value, Ref) or depth > _DEEPEST:
            return value if not isinstance(value, Ref) else None
        return self.get(self._object(value.number), depth + 1)

    def dictionary(self, value: Any) -> dict[str, Any]:
        """Return a dictionary, or that of a stream; empty where it is neither."""
        found = self.get(value)
        found = found.about if isinstance(found, Stream) else found
        return found if isinstance(found, dict) else {}

    def root(self) -> dict[str, Any]:
        """Return the catalogue."""
        found = _ROOT.findall(self._content)
        return self.dictionary(Ref(int(found[-1]))) if found else {}

    def every(self, type_: str) -> list[dict[str, Any]]:
        """Return all dictionaries of a type, for files whose catalogue leads nowhere."""
        found = (self.dictionary(Ref(number)) for number in sorted({*self._at, *self._packed}))
        return [one for one in found if one.get("Type") == type_]

    def data(self, stream: Stream) -> bytes:
        """Return a stream's data; raises ValueError for a way of packing that is not known here, or too much of it."""
        filters, data = self.get(stream.about.get("Filter")), stream.data
        for name in filters if isinstance(filters, list) else [filters] if filters else []:
            data = _unpacked(str(self.get(name)), data, self._room)
        self._room -= len(data)
        return data

    def _object(self, number: int) -> Any:
        if number in self._packed:
            return parsed(*self._packed[number])[0]
        if number not in self._at:
            return None
        value, end = parsed(self._content, self._at[number])
        begin = re.compile(rb"\s*stream\r?\n").match(self._content, end)
        if not begin or not isinstance(value, dict):
            return value
        close = self._content.find(b"endstream", begin.end())
        return Stream(value, self._content[begin.end() : close if close >= 0 else None])

    def _unpack(self, number: int) -> None:
        """Take in the objects that stand packed in a stream (7.5.7)."""
        head = self._content[self._at[number] : self._at[number] + 400]
        if b"ObjStm" not in head:
            return
        stream = self._object(number)
        if not isinstance(stream, Stream) or stream.about.get("Type") != "ObjStm":
            return
        first = self.get(stream.about.get("First"))
        data, first = self.data(stream), int(first) if isinstance(first, float) else 0
        numbers = [int(one) for one in re.findall(rb"\d{1,9}", data[:first])]
        for inner, offset in zip(numbers[::2], numbers[1::2], strict=False):
            if inner not in self._at:
                self._packed[inner] = (data, first + offset)


def _places(content: bytes) -> Iterator[tuple[int, int]]:
    place = 0
    while found := _HEAD.search(content, place):
        place = found.end()
        if found[1]:
            yield int(found[1]), place
        else:
            end = content.find(b"endstream", place)
            place = end if end >= 0 else len(content)


def parsed(content: bytes, place: int, depth: int = 0) -> tuple[Any, int]:
    """Return the value that stands at a place, and where it ends; None where there is none."""
    while found := TOKEN.search(content, place):
        if found.lastgroup is not None:
            return value_of(found, content, depth)
        place = found.end()
    return None, len(content)


def value_of(found: re.Match[bytes], content: bytes, depth: int = 0) -> tuple[Any, int]:
    """Return the value that begins with a token, and where it ends; a word is returned as bytes in a tuple."""
    sort, text, end = found.lastgroup, found[0], found.end()
    if sort == "string":
        return _string(content, end)
    if sort == "hex":
        return _hex(text), end
    if sort in {"dict", "list"}:
        if depth > _DEEPEST:
            raise ValueError("too many dictionaries within each other")
        return _group(sort == "dict", content, end, depth)
    return _single(sort, text), end


def _single(sort: str | None, text: bytes) -> Any:
    if sort == "ref":
        return Ref(int(text.split()[0]))
    if sort == "number":
        return float(text)
    if sort == "name":
        plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda one: bytes([int(one[1], 16)]), text[1:])
        return Name(plain.decode("latin-1"))
    return None


def _group(is_dict: bool, content: bytes, place: int, depth: int) -> tuple[Any, int]:
    items: list[Any] = []
    while found := TOKEN.search(content, place):
        place = found.end()
        if found.lastgroup == "end":
            break
        if found.lastgroup is not None:
            item, place = value_of(found, content, depth + 1)
            items.append(item)
    if not is_dict:
        return items, place
    pairs = zip(items[::2], items[1::2], strict=False)
    return {name: value for name, value in pairs if isinstance(name, str)}, place


def _string(content: bytes, start: int) -> tuple[bytes, int]:
    depth, place = 1, start
    while found := _STRING_END.search(content, place):
        place = found.end()
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if not depth:
            break
    return _ESCAPE.sub(_escaped, content[start : place - 1]), place


def _escaped(found: re.Match[bytes]) -> bytes:
    said = found[1]
    return bytes([int(said, 8) & 255]) if said[:1].isdigit() and said < b"8" else _PLAIN.get(said, said)


def _hex(text: bytes) -> bytes:
    digits = re.sub(rb"[^0-9A-Fa-f]", b"", text)
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())


def _unpacked(name: str, data: bytes, room: int) -> bytes:
    try:
        if name in {"FlateDecode", "Fl"}:
            found = zlib.decompressobj().decompress(data.lstrip(b"\r\n"), max(room, 0) + 1)
        elif name in {"ASCII85Decode", "A85"}:
            found = base64.a85decode(data.partition(b"~>")[0].strip().removeprefix(b"<~"), ignorechars=b" \t\n\r\v\0")
        elif name in {"ASCIIHexDecode", "AHx"}:
            found = _hex(data.partition(b">")[0])
        else:
            raise ValueError(f"packed in a way that is not known here: {name}")
    except (zlib.error, binascii.Error) as error:
        raise ValueError("a stream that cannot be unpacked") from error
    if len(found) > room:
        raise ValueError("too large when unpacked")
    return found
