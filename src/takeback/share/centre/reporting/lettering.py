"""Type on paper: fonts that need no file, texts that mix Chinese and Latin, lines broken to a width (points)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

LATIN, BOLD, MONO, HAN = "Helvetica", "Helvetica-Bold", "Courier", "STSong-Light"
ROMAN, ROMAN_BOLD = "Times-Roman", "Times-Bold"
"""All are fonts that readers of PDF have or replace by their like; none is embedded."""

pdfmetrics.registerFont(UnicodeCIDFont(HAN))
_HAN = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_PIECES = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+|\s+")
_EITHER = "“”‘’…·"  # marks that Chinese writes as wide as its other signs
_NOT_FIRST = "，。；：！？、）》」』】”’,.;:!?)%"


@lru_cache(maxsize=50_000)
def runs(text: str, font: str) -> tuple[tuple[str, str], ...]:
    """Return the pieces of a text, each with the font that has its signs."""
    if text.isascii() and text.isprintable():
        return ((text, font),)
    pieces: list[tuple[str, str]] = []
    for sign in _printable(text):
        wanted = font if _in_latin(sign) and not (sign in _EITHER and font in (ROMAN, ROMAN_BOLD)) else HAN
        if pieces and (pieces[-1][1] == wanted or sign == " "):
            pieces[-1] = (pieces[-1][0] + sign, pieces[-1][1])
        else:
            pieces.append((sign, wanted))
    return tuple(pieces)


@cache
def _in_latin(sign: str) -> bool:
    try:
        sign.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _printable(text: str) -> Iterator[str]:
    """Yield signs that one of our fonts has: a letter with a rare accent without it, anything else as a box."""
    for sign in text:
        if sign in "\n\t\r":
            yield " "
        elif _in_latin(sign) or _HAN.match(sign):
            yield sign
        elif unicodedata.category(sign)[0] == "C":
            continue
        else:
            try:
                sign.encode("gbk")
                yield sign
            except UnicodeEncodeError:
                plain = unicodedata.normalize("NFKD", sign)[0]
                yield "-" if sign == "\u2212" else plain if _in_latin(plain) else "\u25a1"


def rich(text: str, font: str = LATIN) -> str:
    """Return a text as the markup of a paragraph, each piece in its font."""
    return "".join(f'<font name="{name}">{escape(piece)}</font>' for piece, name in runs(text, font))


@lru_cache(maxsize=50_000)
def width(text: str, font: str, size: float) -> float:
    """Return how wide a text is."""
    return float(sum(pdfmetrics.stringWidth(piece, name, size) for piece, name in runs(text, font)))


@lru_cache(maxsize=50_000)
def broken(text: str, font: str, size: float, space: float, most: int) -> tuple[str, ...]:
    """Return a text as lines no wider than `space`, at most `most` of them: what is left out is marked by dots."""
    lines, line = [], ""
    for piece in _pieces(text, font, size, space):
        longer = line + piece
        if width(longer.rstrip(), font, size) <= space or not line or piece in _NOT_FIRST:
            line = longer
        else:
            lines.append(line.strip())
            line = piece.lstrip()
    lines.append(line.strip())
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(lines[most - 1] + " " + lines[most], font, size, space)]
    return tuple(lines)


def _pieces(text: str, font: str, size: float, space: float) -> Iterator[str]:
    for piece in _PIECES.findall(text):
        if width(piece, font, size) <= space:
            yield piece
        else:
            yield from _slices(piece, font, size, space)


def _slices(word: str, font: str, size: float, space: float) -> Iterator[str]:
    """Yield a word that is wider than a line in parts that are not."""
    part = ""
    for sign in word:
        if part and width(part + sign, font, size) > space:
            yield part
            part = ""
        part += sign
    yield part


def _cut(text: str, font: str, size: float, space: float) -> str:
    while text and width(text + "…", font, size) > space:
        text = text[:-1]
    return text.rstrip() + "…"
