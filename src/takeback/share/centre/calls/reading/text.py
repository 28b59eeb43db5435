"""Plain text in the encodings that people's editors write here: UTF-8, UTF-16 with its mark, GB 18030."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from takeback.core.message import msg
from takeback.share.centre.calls.reading.passage import MOST, Passage, Read


def read_text(content: bytes) -> Read:
    """Return the lines of a text, each with its number; what comes after very many is one passage."""
    text = decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    lines = enumerate(text.split("\n", MOST), start=1)
    return Read(passages=tuple(_line(number, line) for number, line in lines if line.strip()))


def _line(number: int, text: str) -> Passage:
    return Passage(text=text, place=msg("line {number}", number=number) if number <= MOST else None)


def decoded(content: bytes) -> str:
    """Return a text, whatever it was written in."""
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    for name in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(name)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")
