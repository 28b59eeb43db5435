"""XML from outside: parsed without entities, DTDs, network or excess, faults told by line and column."""

from __future__ import annotations

import codecs
import re

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.prove.epcis.xml_tree import Element, etree

SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
_PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.S)
# A document type that only names the root element, as GS1's own examples have it, is harmless.
_HARMLESS = re.compile(rb"<!DOCTYPE\s+[^\s<>\[\"']+\s*>")
_BOMS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8-sig"}


def decode_xml(content: bytes) -> Element:
    """Return the root element. Raises `Problem` with line and column, also for DTDs and entities: none is expanded."""
    content, encoding = _in_utf8(content)
    require_no_dtd(content)
    parser = etree.XMLParser(encoding=encoding, remove_comments=True, remove_pis=True, **SAFE)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise fault(error) from None
    if root.getroottree().docinfo.internalDTD is not None and not _has_harmless_dtd(content):
        raise _dtd()  # in an encoding that the look at the beginning does not see through
    return root


def require_no_dtd(beginning: bytes) -> None:
    """Raise a `Problem` where a document begins with a document type that declares or fetches anything."""
    if _doctype_at(beginning) >= 0 and not _has_harmless_dtd(beginning):
        raise _dtd()


def fault(error: etree.XMLSyntaxError) -> Problem:
    """Return the problem that the parser's error is."""
    line, column = error.position
    return _problem("epcis.xml", msg("This is not XML that can be read"), line, column, found=_said(error))


def _said(error: etree.XMLSyntaxError) -> str:
    return re.sub(r", line \d+, column \d+.*", "", str(error.msg))


def _in_utf8(content: bytes) -> tuple[bytes, str | None]:
    for bom, encoding in _BOMS.items():
        if content.startswith(bom):
            return content.decode(encoding, "replace").encode(), "utf-8"
    return content, None


def _doctype_at(content: bytes) -> int:
    match = _PROLOG.match(content)
    at = match.end() if match else 0
    return at if content.startswith(b"<!DOCTYPE", at) else -1


def _has_harmless_dtd(content: bytes) -> bool:
    at = _doctype_at(content)
    return at >= 0 and _HARMLESS.match(content, at) is not None


def _dtd() -> Problem:
    return _problem(
        "epcis.xml-dtd",
        msg("XML with a document type or entities is not read"),
        remedy=msg("Take the <!DOCTYPE ...> out and write the text of each entity in its place."),
    )


def _problem(
    kind: str,
    title: Message,
    line: int = 0,
    column: int = 0,
    *,
    found: str | None = None,
    remedy: Message | None = None,
) -> Problem:
    where = f"line {line}, column {column}" if line else None
    return Problem(kind, title, where=where, found=found, remedy=remedy, status=400)
