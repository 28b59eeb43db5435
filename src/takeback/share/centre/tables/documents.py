"""Word: the tables of a .docx file (ECMA-376), read with the standard library; bombs and entities are refused."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

PART = "word/document.xml"
LARGEST_PART = 40_000_000  # bytes of the document when it is unpacked
MOST_PARTS = 5000
MOST_CELLS = 500_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_THROUGH = {"sdt", "sdtContent", "ins", "smartTag", "customXml", "moveTo", "hyperlink"}  # around what we look for


def tables_in(name: str, content: bytes) -> list[list[list[str]]]:
    """Return the tables of a Word document as rows of texts; tables within a cell are left out.

    A cell that is merged over rows has its text in each of them; over columns, in the first.

    Raises
    ------
    Problem
        ``centre.bad-document``.
    """
    body = _parsed(name, _part(name, content))
    found = [[*_rows(table)] for table in _outer(body)]
    return [table for table in found if table]


def _part(name: str, content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if len(archive.infolist()) > MOST_PARTS:
                raise _bad(name, msg("an archive of too many parts"))
            known = archive.getinfo(PART)
            if known.flag_bits & 1:
                raise _bad(name, msg("a document with a password"))
            if known.file_size > LARGEST_PART:
                raise _bad(name, msg("a document that is too large when it is unpacked"))
            with archive.open(known) as file:
                text = file.read(LARGEST_PART + 1)
    except KeyError as error:
        raise _bad(name, msg("an archive without a document")) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _bad(name, msg("a damaged document")) from error
    if len(text) > LARGEST_PART:
        raise _bad(name, msg("a document that is too large when it is unpacked"))
    return text


class _NoEntities(TreeBuilder):
    """Builds a tree of a document that declares nothing: there is no entity to be unfolded or fetched."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse a document type; Word never writes one."""
        raise _Declares


class _Declares(Exception):  # noqa: N818 - it never leaves this file
    pass


def _parsed(name: str, text: bytes) -> Element:
    parser = XMLParser(target=_NoEntities())  # noqa: S314 - nothing that declares entities gets through
    try:
        parser.feed(text)
        root: Element = parser.close()
    except _Declares:
        raise _bad(name, msg("a document that declares entities")) from None
    except (ParseError, ValueError) as error:
        raise _bad(name, msg("a damaged document")) from error
    return root


def _local(element: Element) -> str:
    """Return the name of an element of WordprocessingML, empty for any other."""
    tag = element.tag if isinstance(element.tag, str) else ""
    return next((tag.removeprefix(space) for space in (_W, _STRICT) if tag.startswith(space)), "")


def _outer(body: Element) -> Iterator[Element]:
    """Yield the tables that are not within another one, in their order."""
    waiting = [body]
    while waiting:
        element = waiting.pop()
        if _local(element) == "tbl":
            yield element
        else:
            waiting.extend(reversed(element))


def _children(element: Element, name: str) -> Iterator[Element]:
    """Yield the children of a name, also those within marks of fields, insertions and controls."""
    waiting = [*reversed(element)]
    while waiting:
        child = waiting.pop()
        local = _local(child)
        if local == name:
            yield child
        elif local in _THROUGH:
            waiting.extend(reversed(child))


def _rows(table: Element) -> Iterator[list[str]]:
    above: Sequence[str] = ()
    cells = 0
    for row in _children(table, "tr"):
        texts: list[str] = []
        for cell in _children(row, "tc"):
            span, continued = _merged(cell)
            place = len(texts)
            text = above[place] if continued and place < len(above) else _text(cell)
            texts += [text, *[""] * (span - 1)]
            cells += span
            if cells > MOST_CELLS:
                raise _bad("", msg("a table of too many cells"))
        yield texts
        above = texts


def _merged(cell: Element) -> tuple[int, bool]:
    """Return over how many columns a cell goes, and whether it continues the one above."""
    span, continued = 1, False
    for properties in _children(cell, "tcPr"):
        for one in properties:
            value = next((v for k, v in one.attrib.items() if k.endswith("}val")), "")
            if _local(one) == "gridSpan" and value.isdigit() and len(value) < 4:
                span = max(1, int(value))
            if _local(one) == "vMerge":
                continued = value != "restart"
    return span, continued


def _text(cell: Element) -> str:
    return "\n".join("".join(_letters(paragraph)) for paragraph in _children(cell, "p")).strip()


def _letters(paragraph: Element) -> Iterator[str]:
    for run in _children(paragraph, "r"):
        for piece in run:
            local = _local(piece)
            if local == "t":
                yield piece.text or ""
            elif local in ("tab", "br", "cr"):
                yield "\t" if local == "tab" else "\n"
            elif local == "noBreakHyphen":
                yield "-"


def _bad(name: str, found: Message) -> Problem:
    return Problem(
        "centre.bad-document",
        msg("This Word document cannot be read."),
        where=name or None,
        found=found,
        expected=msg("a .docx file as Word writes it, with a table"),
        remedy=msg("Open it in Word, save it anew as .docx without a password, and try again."),
    )
