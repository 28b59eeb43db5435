"""A JSON document of any size read event by event, in memory that does not grow with it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder
from typing import Any, BinaryIO, Final

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.epcis.json_fault import explain
from takeback.prove.epcis.json_reading import unlike
from takeback.prove.epcis.json_text import decode_json

CHUNK: Final = 1 << 18  # bytes read at once
LARGEST: Final = 1 << 24  # characters of one event, and of one field around them
_INTO = frozenset({"epcisBody", "queryResults", "resultsBody"})
_SPACE = re.compile(r"[ \t\r\n]*")
_NEAR = 16  # characters: a fault nearer to the end of what was read may only be that end
_scan = JSONDecoder().raw_decode


class JsonStream:
    """Walks a document once. `head` gathers what stands around the events, as an object with an empty `eventList`."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self.text = ""
        self.at = 0
        self.ended = False
        self.number = 0
        self.head: dict[str, Any] = {}
        self.walk = self._document()

    def events(self) -> Iterator[dict[str, Any]]:
        """Yield the events as they came; the head is whole when all of them are read. Raises `Problem`."""
        return self.walk

    def _document(self) -> Iterator[dict[str, Any]]:
        if self._next() != "{":
            raise self._fault()
        yield from self._members(self.head)
        if self._next():
            raise self._fault()

    def _members(self, into: dict[str, Any]) -> Iterator[dict[str, Any]]:
        self.at += 1
        while self._next() != "}":
            name = self._value()
            if not isinstance(name, str) or self._next() != ":" or name in into:
                raise self._twice(name) if isinstance(name, str) and name in into else self._fault()
            self.at += 1
            start = self._next()
            if name in _INTO and start == "{":
                into[name] = {}
                yield from self._members(into[name])
            elif name == "eventList" and start == "[":
                into[name] = []
                yield from self._items()
            else:
                into[name] = self._value()
            self._comma("}")
        self.at += 1

    def _items(self) -> Iterator[dict[str, Any]]:
        self.at += 1
        while self._next() != "]":
            event = self._value()
            if not isinstance(event, dict):
                raise unlike(f"/epcisBody/eventList/{self.number}", event, "an event: an object")
            yield event
            self.number += 1
            self._comma("]")
        self.at += 1

    def _comma(self, closing: str) -> None:
        found = self._next()
        if found == ",":
            self.at += 1
            if self._next() == closing:
                raise self._fault()
        elif found != closing:
            raise self._fault()

    def _next(self) -> str:
        """Return the next character that is no space, "" at the end; reading goes on there."""
        while True:
            match = _SPACE.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.text) or not self._more(CHUNK):
                return self.text[self.at : self.at + 1]

    def _value(self) -> Any:
        """Return the value that begins here, read by the strict decoder."""
        wanted = CHUNK
        while True:
            try:
                _, end = _scan(self.text, self.at)
            except (JSONDecodeError, RecursionError) as error:
                if self._is_cut(error) and len(self.text) - self.at < LARGEST and self._more(wanted):
                    wanted *= 2
                    continue
                raise self._fault() from None
            length = end - self.at
            if end >= len(self.text) - 1 and self._more(wanted):
                continue  # a number may go on
            value = self._strict(self.text[self.at : self.at + length])
            self.at += length
            return value

    def _is_cut(self, error: Exception) -> bool:
        if isinstance(error, RecursionError):
            return False
        assert isinstance(error, JSONDecodeError)  # noqa: S101 -- the other kind was just told
        return error.msg.startswith("Unterminated") or error.pos >= len(self.text) - _NEAR

    def _strict(self, text: str) -> Any:
        try:
            return decode_json(text.encode())
        except Problem as problem:
            raise self._placed(problem) from None

    def _more(self, size: int) -> bool:
        if self.ended:
            return False
        content = self.file.read(size)
        self.ended = not content
        try:
            read = self.decoder.decode(content, final=self.ended)
        except UnicodeDecodeError as error:
            raise self._placed(explain(error.object[error.start :]) or self._unread()) from None
        self.text, self.at = self.text[self.at :] + read, 0
        return not self.ended

    def _fault(self) -> Problem:
        problem = explain(self.text[self.at : self.at + LARGEST].encode("utf-8", "replace"))
        return self._placed(problem or self._unread())

    def _twice(self, name: str) -> Problem:
        title = msg("An object has the field {name} twice", name=name)
        return Problem("epcis.json-duplicate", title, where=f"/{name}", status=400)

    def _unread(self) -> Problem:
        found = self.text[self.at : self.at + 20] or None
        title = msg("This is not JSON that can be read") if found else msg("This JSON ends too early")
        return Problem("epcis.json", title, found=found, status=400)

    def _placed(self, problem: Problem) -> Problem:
        """Return the problem with the event it stands in before the place inside it."""
        where = f"/epcisBody/eventList/{self.number}"
        return Problem(
            problem.kind,
            problem.title,
            where=f"{where}, {problem.where}" if problem.where else where,
            found=problem.found,
            expected=problem.expected,
            remedy=problem.remedy,
            status=problem.status,
        )
