"""Reads the PDF at standard input with pypdf and writes its pages as lines of JSON: a program of its own.

A file may be made to cost hours or all memory. pypdf bounds what one stream may cost; the system bounds what the whole
file may: this process is ended there, and what it has written by then counts. It imports nothing of Takeback, so that
it starts at once.

Its one argument is how many seconds it may take. The first line is the number of pages; each further one is a page: its
words, and whether there are some that are shown and cannot be read.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader, apply_configuration
from pypdf.generic import ArrayObject, DictionaryObject

MEMORY = 1_500_000_000  # bytes
MOST_PAGES = 3_000
MOST_TEXT = 12_000_000  # characters of all pages
_SAYS_WHICH = re.compile(r"/(Uni\w+-UTF16|\w+-UCS2|GB(pc|K)?-EUC|GBK2K|ETen(ms)?-B5|90ms-RKSJ)-[HV]")
"""Encodings of composite fonts by which a sign's number says which sign it is; others number the shapes of one font."""
_UNKNOWN = re.compile("\ufffd|/[A-Za-z]{0,8}[0-9]+(?=/|$)")  # also how pypdf writes a shape by a name of the font's own


def main(seconds: int) -> None:
    """Read one file; `seconds`: of one processor, after which the system ends it."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with apply_configuration(page_tree_maximum_entries=MOST_PAGES):
        pages = PdfReader(BytesIO(sys.stdin.buffer.read()), strict=False).pages
        _write(len(pages))
        left = MOST_TEXT
        for page in pages:
            text, unread = _page(page)
            _write([text[:left], unread or len(text) > left])
            left = max(left - len(text), 0)


def _write(line: Any) -> None:
    print(json.dumps(line), flush=True)  # noqa: T201


def _page(page: PageObject) -> tuple[str, bool]:
    try:
        shown = _Shown()
        text = page.extract_text(visitor_text=shown.take)
        unread = shown.is_unknown or (not text.strip() and len(page.images) > 0)
        return _plain("\n".join([text, *_notes(page)])), unread
    except Exception:  # whatever is wrong with one page, the others are read
        return "", True


class _Shown:
    """How much of what a page shows is in letters that nothing says which they are."""

    def __init__(self) -> None:
        self._all = self._unknown = 0

    def take(self, text: str, _cm: Any, _tm: Any, font: DictionaryObject | None, _size: Any) -> None:
        signs = "".join(text.split())
        self._all += len(signs)
        self._unknown += sum(map(len, _UNKNOWN.findall(signs))) if _is_told(font) else len(signs)

    @property
    def is_unknown(self) -> bool:
        return self._unknown * 5 > self._all


def _is_told(font: DictionaryObject | None) -> bool:
    if font is None or font.get("/Subtype") != "/Type0" or "/ToUnicode" in font:
        return True
    encoding = font.get("/Encoding")
    return isinstance(encoding, str) and _SAYS_WHICH.fullmatch(encoding) is not None


def _notes(page: PageObject) -> Iterator[str]:
    """Yield the words of notes and fields on a page, and where its links lead."""
    found = page.get("/Annots")
    notes = found.get_object() if found is not None else None
    for one in notes if isinstance(notes, ArrayObject) else ():
        note = one.get_object()
        if isinstance(note, DictionaryObject):
            action = note.get("/A")
            said = [note.get("/Contents"), note.get("/V"), note.get("/TU")]
            said += [action["/URI"]] if isinstance(action, DictionaryObject) and "/URI" in action else []
            yield from (text for text in said if isinstance(text, str))


def _plain(text: str) -> str:
    """Return a text whose characters are whole: tables of fonts may hold halves of them."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


if __name__ == "__main__":
    main(int(sys.argv[1]))
