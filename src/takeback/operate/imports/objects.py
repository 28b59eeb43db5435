"""JSON: an array of objects, or one object after another (JSON Lines); read piece by piece."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.imports.cells import MOST_COLUMNS, Cell, Record, Refused
from takeback.operate.imports.trouble import broken

CHUNK = 2**18
LARGEST_OBJECT = 2**20  # characters
_BLANK = " \t\r\n"
# Numbers stay as they are written: 12.50 kg has two decimals, and a long serial number all its digits.
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)

Flat = dict[str, Any]


class Objects:
    """An open JSON file. Its columns are given: an object may leave members out, and others are left out.

    Objects within objects give members with dotted names; a list of objects gives one record for each of its
    members, with what stands around it: `{"order": "R1", "items": [{"serial": "a"}, {"serial": "b"}]}` are two records
    of the columns `order` and `items.serial`.
    """

    def __init__(self, path: Path, name: str, encoding: str, columns: tuple[str, ...]) -> None:
        self._name = name
        self._size = max(1, path.stat().st_size)
        self._raw = path.open("rb")
        self._text = io.TextIOWrapper(self._raw, encoding=encoding, newline="")
        self.columns = columns
        self.unknown: dict[str, int] = {}  # members that are in no column, with the first row that has them
        self._known = frozenset(columns)

    def records(self) -> Iterator[Record]:
        """Yield the objects, from row 1."""
        for row, value in enumerate(self._values(), start=1):
            if not isinstance(value, dict):
                yield Record(row, (), problem=_no_object(value))
                continue
            for inside, flat in flattened(value):
                if not self._known.issuperset(flat) and len(self.unknown) < MOST_COLUMNS:
                    self.unknown |= {column: row for column in flat if column not in self._known | self.unknown.keys()}
                yield Record(row, [_cell(flat.get(column)) for column in self.columns], inside)

    def found_columns(self, most_characters: int) -> tuple[str, ...]:
        """Return the names of all members in the file's first part, in the order in which they come."""
        names: dict[str, None] = {}
        for value in self._values():
            if isinstance(value, dict):
                for _, flat in flattened(value):
                    names.update(dict.fromkeys(flat))
            if self._raw.tell() > most_characters:
                break
        return tuple(names)

    def share(self) -> float:
        """Return how much of the file is read, 0 to 1."""
        return min(1.0, self._raw.tell() / self._size)

    def close(self) -> None:
        """Close the file."""
        self._raw.close()

    def _values(self) -> Iterator[Any]:
        buffer = self._text.read(CHUNK).removeprefix("\ufeff").lstrip(_BLANK)
        array = buffer.startswith("[")
        at, row = int(array), 0
        while True:
            at, buffer = self._next(buffer, at)
            if at == len(buffer) or (array and buffer[at] == "]"):
                if array and at == len(buffer):
                    raise self._broken(row, msg("a ] at the end of the array"))
                return
            if array and row:
                if buffer[at] != ",":
                    raise self._broken(row, msg("a comma between two objects, or a ] at the end"))
                at, buffer = self._next(buffer, at + 1)
            row += 1
            value, at, buffer = self._decoded(buffer, at, row)
            yield value

    def _next(self, buffer: str, at: int) -> tuple[int, str]:
        """Return the place of the next character that is not blank, and the text it stands in."""
        while True:
            while at < len(buffer) and buffer[at] in _BLANK:
                at += 1
            if at < len(buffer) or not (more := self._text.read(CHUNK)):
                return at, buffer
            at, buffer = 0, more

    def _decoded(self, buffer: str, at: int, row: int) -> tuple[Any, int, str]:
        if at > CHUNK:
            at, buffer = 0, buffer[at:]
        while True:
            try:
                value, end = _DECODER.raw_decode(buffer, at)
                if end < len(buffer) or isinstance(value, dict | list):  # a bare number may go on in the next piece
                    return value, end, buffer
                error: str = "the end of the file"
            except (json.JSONDecodeError, RecursionError) as failure:
                error = str(failure)
            more = self._text.read(CHUNK)
            if not more or len(buffer) - at > LARGEST_OBJECT:
                raise self._broken(row, msg("an object of JSON with at most 1 MB"), error)
            at, buffer = 0, buffer[at:] + more

    def _broken(self, row: int, expected: Any, found: str = "") -> Problem:
        return broken(f"{self._name}, object {row}", found or "…", expected, msg("Only whole JSON (RFC 8259) is read."))


def flattened(value: Flat) -> Iterator[tuple[int | None, Flat]]:
    """Yield the flat records of an object, each with its place in the object's list, if it has one."""
    around: Flat = {}
    lists: list[tuple[str, list[Flat]]] = []
    _flatten("", value, around, lists)
    if not lists:
        yield None, around
        return
    for name, members in lists:
        for inside, member in enumerate(members, start=1):
            flat: Flat = dict(around)
            _flatten(f"{name}.", member, flat, [])
            yield inside, flat


def _flatten(prefix: str, value: Flat, flat: Flat, lists: list[tuple[str, list[Flat]]]) -> None:
    for key, member in value.items():
        name = prefix + _whole(key)
        if isinstance(member, dict):
            _flatten(f"{name}.", member, flat, lists)
        elif isinstance(member, list) and member and all(isinstance(one, dict) for one in member):
            lists.append((name, member))
        else:
            flat[name] = member


def _cell(value: Any) -> Cell:
    match value:
        case None:
            return ""
        case str():
            whole = _whole(value)
            return value if whole == value else Refused(whole, _no_character())
        case bool():
            return "true" if value else "false"
        case _:
            return Refused(_whole(json.dumps(value, ensure_ascii=False)), _no_list())


def _whole(text: str) -> str:
    """Return a text with halves of surrogate pairs spelled out: JSON can write them, but they are no characters."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _no_character() -> Problem:
    return Problem(
        "import.control-character",
        msg("The text holds a character that cannot be shown or stored."),
        expected=msg("letters, digits, signs and spaces"),
    )


def _no_list() -> Problem:
    return Problem(
        "import.no-value",
        msg("This is not one value."),
        expected=msg("a text, a number, true, false or null"),
    )


def _no_object(value: Any) -> Problem:
    return Problem(
        "import.no-object",
        msg("This is not an object."),
        found=_whole(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)),
        expected=msg("an object such as {example}", example='{"order": "R-1"}'),
    )
