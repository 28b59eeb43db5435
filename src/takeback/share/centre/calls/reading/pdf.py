"""The words of a PDF, page by page: what its pages show, its forms and notes, and where its links lead.

A page that shows pictures and no word, or words in a font that says not which they are, is told as unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from takeback.core.message import msg
from takeback.share.centre.calls.reading.passage import Passage, Read
from takeback.share.centre.calls.reading.pdf_fonts import UNKNOWN, Decoder, decoder
from takeback.share.centre.calls.reading.pdf_objects import TOKEN, Objects, Ref, Stream, value_of

MOST_PAGES = 3_000
MOST_SHOWN = 12_000_000  # bytes of what all pages draw: about ten seconds of one core
_DEEPEST = 8  # forms within forms
MAYBE = "\u200b"
"""Between what is shown at two places of a line: a space, or nothing where letters were only moved closer together."""
_GAP = -160.0  # thousandths of a letter's height: a move to the right that is a space, not a kern
_PICTURE = re.compile(rb"\bID[ \r\n].*?[\r\n ]EI\b", re.DOTALL)


def read_pdf(content: bytes) -> Read:
    """Return the words of each page; raises ValueError where the file cannot be read at all."""
    objects = Objects(content)
    passages, unread, left = [], [], [MOST_SHOWN]
    for number, (page, resources) in enumerate(_pages(objects), start=1):
        place, reader = msg("page {number}", number=number), _Page(objects, left)
        reader.read(page.get("Contents"), resources)
        text = reader.text + "\n" + "\n".join(_notes(objects, page))
        passages.append(Passage(text=text, place=place))
        if reader.unread:
            unread.append(place)
    if not passages:
        raise ValueError("no pages")
    return Read(passages=tuple(passages), unread=tuple(unread))


def _pages(objects: Objects) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield the pages with the resources that they use or inherit (7.7.3)."""
    stack, seen = [(objects.root().get("Pages"), dict[str, Any]())], set[int]()
    found = 0
    while stack and found < MOST_PAGES:
        node, inherited = stack.pop()
        if isinstance(node, Ref) and node.number in seen:
            continue
        seen |= {node.number} if isinstance(node, Ref) else set()
        about = objects.dictionary(node)
        resources = objects.dictionary(about.get("Resources")) or inherited
        kids = objects.get(about.get("Kids"))
        if isinstance(kids, list):
            stack += [(kid, resources) for kid in reversed(kids)]
        elif about:
            found += 1
            yield about, resources
    if not found:
        yield from ((one, objects.dictionary(one.get("Resources"))) for one in objects.every("Page")[:MOST_PAGES])


class _Page:
    """The words of one page, in the order in which it shows them."""

    def __init__(self, objects: Objects, left: list[int]) -> None:
        self._objects, self._left = objects, left
        self._fonts: dict[int, Decoder | None] = {}
        self._decoder: Decoder | None = None
        self._line: float | None = None
        self._said: list[str] = []
        self._pictures = self._broken = False

    @property
    def text(self) -> str:
        """All words; moves of the pen are spaces and new lines."""
        return "".join(self._said)

    @property
    def unread(self) -> bool:
        """Whether there is something on the page whose words are not known."""
        signs = "".join(self.text.replace(MAYBE, "").split())
        return self._broken or signs.count(UNKNOWN) * 5 > len(signs) or (self._pictures and not signs)

    def read(self, contents: Any, resources: dict[str, Any], depth: int = 0) -> None:
        """Read what is drawn by some streams."""
        found = self._objects.get(contents)
        parts = [self._objects.get(one) for one in found] if isinstance(found, list) else [found]
        try:
            data = b"\n".join(self._objects.data(one) for one in parts if isinstance(one, Stream))
            self._left[0] -= len(data)
            if self._left[0] < 0:
                raise ValueError("too much is drawn")
            self._draw(data, resources, depth)
        except (ValueError, RecursionError, OverflowError):
            self._broken = True

    def _draw(self, data: bytes, resources: dict[str, Any], depth: int) -> None:
        if b"ID" in data and (plain := _PICTURE.sub(b" ", data)) != data:
            self._pictures, data = True, plain
        given: list[Any] = []
        place = 0
        while found := TOKEN.search(data, place):
            if found.lastgroup == "word":
                self._do(found[0], given, resources, depth)
                given, place = [], found.end()
            elif found.lastgroup in {None, "end"}:
                place = found.end()
            else:
                value, place = value_of(found, data)
                given.append(value)

    def _do(self, word: bytes, given: list[Any], resources: dict[str, Any], depth: int) -> None:
        if word in _SHOWING:
            self._said += [] if word in {b"Tj", b"TJ"} else ["\n"]
            self._show(given[-1] if given else b"")
        elif word in _MOVING:
            self._move(word, given)
        elif word == b"Tf" and given and isinstance(given[0], str):
            self._decoder = self._font(resources, given[0])
        elif word == b"Do" and given and isinstance(given[0], str) and depth < _DEEPEST:
            self._use(resources, given[0], depth)

    def _show(self, shown: Any) -> None:
        for one in shown if isinstance(shown, list) else [shown]:
            if isinstance(one, bytes):
                self._said.append(self._decoder(one) if self._decoder else one.decode("cp1252", "replace"))
            elif isinstance(one, float) and one < _GAP:
                self._said.append(" ")

    def _move(self, word: bytes, given: list[Any]) -> None:
        down = given[-1] if given and isinstance(given[-1], float) else 0.0
        same = down == self._line if word == b"Tm" else word in {b"Td", b"TD"} and down == 0
        self._line = down if word == b"Tm" else self._line
        self._said.append(MAYBE if same else "\n")

    def _font(self, resources: dict[str, Any], name: str) -> Decoder | None:
        fonts = self._objects.dictionary(resources.get("Font"))
        said = fonts.get(name)
        key = said.number if isinstance(said, Ref) else -1
        if key < 0 or key not in self._fonts:
            font = self._objects.dictionary(said)
            self._fonts[key] = decoder(self._objects, font) if font else None
        return self._fonts[key]

    def _use(self, resources: dict[str, Any], name: str, depth: int) -> None:
        used = self._objects.get(self._objects.dictionary(resources.get("XObject")).get(name))
        if not isinstance(used, Stream):
            return
        if used.about.get("Subtype") == "Form":
            own = self._objects.dictionary(used.about.get("Resources"))
            self._said.append("\n")
            self.read(used, own or resources, depth + 1)
        else:
            self._pictures = True


_SHOWING = {b"Tj", b"TJ", b"'", b'"'}
_MOVING = {b"Td", b"TD", b"Tm", b"T*", b"BT"}


def _notes(objects: Objects, page: dict[str, Any]) -> Iterator[str]:
    """Yield the words of notes and fields on a page, and where its links lead."""
    found = objects.get(page.get("Annots"))
    for one in found if isinstance(found, list) else ():
        note = objects.dictionary(one)
        action = objects.dictionary(note.get("A"))
        for said in (note.get("Contents"), note.get("V"), note.get("TU"), action.get("URI")):
            text = objects.get(said)
            if isinstance(text, bytes):
                yield text.decode("utf-16" if text[:2] in (b"\xfe\xff", b"\xff\xfe") else "cp1252", "replace")
