"""The words of an office file with their places: paragraphs of a document, cells of a sheet, other parts by name."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from takeback.core.message import Message, msg
from takeback.share.centre.calls.cleaning_office import plain_parts
from takeback.share.centre.calls.reading.passage import MOST, Passage, Read, bounded

_TAGS = re.compile(rb"<[^>]*>")
_LINKS = re.compile(rb"\bTarget\s*=\s*[\"']((?:https?|mailto):[^\"']*)")
_ALT = re.compile(rb"\b(?:descr|title|tooltip|alt)\s*=\s*\"([^\"]{1,2000})\"")
_PARAGRAPH_END = re.compile(rb"</(?:\w+:)?p>")
_BREAK = re.compile(rb"<(?:\w+:)?(?:br|tab|cr)\b[^>]*>")
_SHARED = re.compile(rb"<(?:\w+:)?si\b.*?</(?:\w+:)?si>", re.DOTALL)
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*)(?<!/)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_AT = re.compile(rb"\br=\"([A-Z]+\d+)\"")
_SHEET_PART = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*\bname=\"([^\"]*)\"")
_STRINGS = "xl/sharedstrings.xml"
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf")


def read_office(content: bytes) -> Read:
    """Return the words of a Word or Excel file, and where its links lead."""
    parts = {name.casefold(): text for name, text in plain_parts(content)}
    every = (one for name, part in parts.items() for one in _passages(name, part, parts))
    passages = bounded(one for one in every if one.text.strip())
    pictures = any(name.endswith(_PICTURES) for name in parts)
    return Read(passages=passages, unread=(msg("pictures"),) if pictures and not passages else ())


def _passages(name: str, part: bytes, parts: Mapping[str, bytes]) -> Iterator[Passage]:
    said, cells = PurePosixPath(name).name, _cells(name, part, parts)
    if name.endswith(".rels"):
        yield Passage(text=_text(b" ".join(_LINKS.findall(part))), place=msg("a link"))
    elif name == _STRINGS:
        shown = _shown_in(parts)
        for number, found in enumerate(_SHARED.finditer(part)):
            yield Passage(text=_text(_TAGS.sub(b"", found[0])), place=shown.get(number))
    elif _SHEET_PART.fullmatch(name):
        told = (one for one in cells if b't="s"' not in one[1])
        yield from (Passage(text=_words(content), place=place) for place, _, content in told)
        yield Passage(text=_words(_CELL.sub(b"\n", part)), place=msg("part {name}", name=said))
    elif part:
        for number, one in enumerate(_PARAGRAPH_END.split(part, MOST), start=1):
            place = msg("paragraph {number}", number=number)
            yield Passage(text=_words(one), place=place if said == "document.xml" else msg("part {name}", name=said))


def _words(part: bytes) -> str:
    told = b" ".join(_ALT.findall(part))
    return _text(_TAGS.sub(b"", _BREAK.sub(b" ", part)) + b"\n" + told)


def _text(part: bytes) -> str:
    return html.unescape(part.decode("utf-8", "replace"))


def _cells(name: str, part: bytes, parts: Mapping[str, bytes]) -> Iterator[tuple[Message, bytes, bytes]]:
    """Yield place, attributes and content of a sheet's cells."""
    names = [_text(one) for one in _SHEET.findall(parts.get("xl/workbook.xml", b""))]
    number = int((_SHEET_PART.fullmatch(name) or ["", "1"])[1])
    sheet = names[number - 1] if number <= len(names) else str(number)
    for one in _CELL.finditer(part):
        about, content = one.groups()
        at = _AT.search(about)
        yield msg("cell {sheet}!{cell}", sheet=sheet, cell=at[1].decode() if at else "?"), about, content


def _shown_in(parts: Mapping[str, bytes]) -> dict[int, Message]:
    """Return the number of a shared text -> the first cell that shows it."""
    found: dict[int, Message] = {}
    for name, part in parts.items():
        for place, about, content in _cells(name, part, parts) if _SHEET_PART.fullmatch(name) else ():
            shared = _TAGS.sub(b"", content).strip()
            if b't="s"' in about and shared.isdigit() and int(shared) < MOST:
                found.setdefault(int(shared), place)
    return found
