"""Where a JSON text goes wrong, for people: line, column, pointer, what stands there and what should.

Slow and careful; it runs when the fast decoder has refused, or may have dropped a key.
"""

from __future__ import annotations

import re
from json import loads

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

DEEPEST = 100  # objects and arrays inside each other
# GS1's own example AssociationEvent-h.jsonld names its event twice; the last name counts, as with every other reader.
TOLERATED = frozenset({"eventID"})
_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_SCALAR = re.compile(r"(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)(?![\w.+-])")
_PIECE = re.compile(r"[^\s,\]}]{1,20}|.", re.S)


def explain(content: bytes) -> Problem | None:
    """Return what is wrong with a JSON text, or None where nothing is found."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        return _problem(
            content[: error.start].decode(errors="replace"),
            [],
            msg("This JSON is not in UTF-8"),
            found=f"0x{content[error.start]:02x}",
            remedy=msg("Write the file as UTF-8 (RFC 8259, section 8.1)."),
        )
    try:
        _Scanner(text).document()
    except _FaultError as fault:
        return fault.problem
    return None


class _FaultError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.problem = problem


class _Scanner:
    """Walks a text by the grammar of RFC 8259, with the way to where it stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.way: list[str | int] = []

    def document(self) -> None:
        self.space()
        self.value()
        self.space()
        if self.at < len(self.text):
            raise self.fault(msg("the end of the text: one JSON value is all there may be"))

    def space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        if self.text.startswith(("//", "/*", "#"), self.at):
            raise self.told(
                "epcis.json-comment",
                msg("JSON has no comments"),
                msg("Delete the comment, or keep it as a field, such as rdfs:comment."),
            )

    def value(self) -> None:
        start = self.text[self.at : self.at + 1]
        if start in ("{", "["):
            if len(self.way) >= DEEPEST:
                title = msg("This JSON is nested deeper than {most} levels", most=DEEPEST)
                raise self.told("epcis.json-depth", title, msg("Nest less: no event needs more."))
            self.members() if start == "{" else self.items()
        elif not (self.take(_STRING) or self.take(_SCALAR)):
            raise self.fault(msg("a value: an object, an array, a text, a number, true, false or null"))

    def members(self) -> None:
        seen: set[str] = set()
        while self.next_of("}", first=not seen):
            start = self.at
            if not self.take(_STRING):
                raise self.fault(msg("the name of a field between quotation marks"))
            name = loads(self.text[start : self.at])
            self.way.append(name)
            if name in seen and name not in TOLERATED:
                self.at = start
                raise self.told(
                    "epcis.json-duplicate",
                    msg("An object has the field {name} twice", name=name),
                    msg("Keep one of the two, or make one field with an array."),
                )
            seen.add(name)
            self.space()
            self.expect(":")
            self.value()
            self.way.pop()

    def items(self) -> None:
        count = 0
        while self.next_of("]", first=not count):
            self.way.append(count)
            self.value()
            self.way.pop()
            count += 1

    def next_of(self, closing: str, *, first: bool) -> bool:
        """Go to the next member and tell whether there is one; over the bracket at the end."""
        if first:
            self.at += 1
        self.space()
        if self.text.startswith(closing, self.at):
            self.at += 1
            return False
        if not first:
            self.expect(",", f", {closing}")
            if self.text.startswith(closing, self.at):
                raise self.fault(msg("no comma before {closing}", closing=closing))
        return True

    def expect(self, character: str, expected: str = "") -> None:
        if not self.text.startswith(character, self.at):
            raise self.fault(msg("one of {expected}", expected=expected or character))
        self.at += 1
        self.space()

    def take(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return match is not None

    def fault(self, expected: Message) -> _FaultError:
        piece = _PIECE.match(self.text, self.at)
        if piece is None:
            title, found = msg("This JSON ends too early"), None
        else:
            title, found = msg("This is not JSON that can be read"), piece.group()
        return _FaultError(_problem(self.text[: self.at], self.way, title, found=found, expected=expected))

    def told(self, kind: str, title: Message, remedy: Message) -> _FaultError:
        return _FaultError(_problem(self.text[: self.at], self.way, title, kind=kind, remedy=remedy))


def _problem(
    before: str,
    way: list[str | int],
    title: Message,
    *,
    kind: str = "epcis.json",
    found: str | None = None,
    expected: Message | None = None,
    remedy: Message | None = None,
) -> Problem:
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in way)
    pointer = "".join(f"/{step}" for step in steps)
    where = f"line {line}, column {column}" + (f", {pointer}" if pointer else "")
    return Problem(kind, title, where=where, found=found, expected=expected, remedy=remedy, status=400)
