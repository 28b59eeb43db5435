"""From the bytes that a page shows to text, by what its fonts say (PDF 32000-1:2008, 9.6, 9.7, 9.10)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from takeback.share.centre.calls.reading.pdf_objects import Objects, Stream, parsed

Decoder = Callable[[bytes], str]
"""Shown bytes -> text; U+FFFD for what is not known."""
UNKNOWN = "\ufffd"
_CODECS = (
    (re.compile(r"Uni\w+-(?:UCS2|UTF16)"), "utf-16-be"),
    (re.compile(r"Uni\w+-UTF8"), "utf-8"),
    (re.compile(r"Uni\w+-UTF32"), "utf-32-be"),
    (re.compile(r"GB|GBK|GBpc"), "gb18030"),
    (re.compile(r"B5|ETen|HK"), "big5hkscs"),
    (re.compile(r"9\dms|83pv|90pv|Add|Ext|RKSJ"), "cp932"),
    (re.compile(r"KSC"), "cp949"),
)
"""Encodings that a composite font may name (9.7.5.2) -> Python's."""
_SIMPLE = {"WinAnsiEncoding": "cp1252", "MacRomanEncoding": "mac_roman"}
_LIGATURES = {11: "ff", 12: "fi", 13: "fl", 14: "ffi", 15: "ffl"}  # of TeX's fonts without an encoding
_ACCENTS = {
    "acute": "\u0301", "grave": "\u0300", "circumflex": "\u0302", "dieresis": "\u0308", "tilde": "\u0303",
    "cedilla": "\u0327", "ring": "\u030a", "caron": "\u030c", "macron": "\u0304", "breve": "\u0306", "ogonek": "\u0328",
}  # fmt: skip
_GLYPHS = {
    "space": " ", "hyphen": "-", "period": ".", "comma": ",", "at": "@", "underscore": "_", "colon": ":", "slash": "/",
    "quoteright": "'", "quotesingle": "'", "parenleft": "(", "parenright": ")", "bracketleft": "[", "bracketright": "]",
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "germandbls": "ß", "oslash": "ø", "Oslash": "Ø", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ",
    "lslash": "ł", "Lslash": "Ł", "dotlessi": "ı", "fi": "fi", "fl": "fl", "ff": "ff", "ffi": "ffi", "ffl": "ffl",
    "f_i": "fi", "f_f": "ff", "f_l": "fl", "endash": "-", "emdash": "-", "nbspace": " ",
}  # fmt: skip
_MOST_CODES = 70_000


def decoder(objects: Objects, font: Mapping[str, Any]) -> Decoder:
    """Return how a font's bytes are read."""
    told = objects.get(font.get("ToUnicode"))
    composite = font.get("Subtype") == "Type0"
    if isinstance(told, Stream) and (codes := _codes(objects.data(told))):
        return _by_table(codes, 2 if composite else 1)
    encoding = objects.get(font.get("Encoding"))
    if composite:
        said = encoding if isinstance(encoding, str) else ""
        codec = next((name for pattern, name in _CODECS if pattern.match(said)), None)
        return _by_codec(codec) if codec else lambda shown: UNKNOWN * (len(shown) // 2)
    return _by_table(_simple(objects, encoding), 1)


def _by_codec(codec: str) -> Decoder:
    return lambda shown: shown.decode(codec, "replace")


def _by_table(codes: Mapping[int, str], length: int) -> Decoder:
    def decode(shown: bytes) -> str:
        pieces = (shown[place : place + length] for place in range(0, len(shown), length))
        return "".join(codes.get(int.from_bytes(one, "big"), UNKNOWN) for one in pieces)

    return decode


def _simple(objects: Objects, encoding: Any) -> dict[int, str]:
    """Return code -> text of a font with one byte a sign: an encoding, and where it differs."""
    about = encoding if isinstance(encoding, dict) else {"BaseEncoding": encoding}
    base = str(objects.get(about.get("BaseEncoding")))
    codes = {one: bytes([one]).decode(_SIMPLE.get(base, "cp1252"), "replace") for one in range(32, 256)}
    if base not in _SIMPLE:
        codes |= _LIGATURES
    code = 0
    for one in objects.get(about.get("Differences")) or ():
        if isinstance(one, float):
            code = int(one)
        elif isinstance(one, str):
            codes[code] = glyph(one)
            code += 1
    return codes


def glyph(name: str) -> str:
    """Return what a glyph's name stands for, as the Adobe Glyph List says for those that names are written with."""
    plain = name.partition(".")[0]
    if plain in _GLYPHS or len(plain) == 1:
        return _GLYPHS.get(plain, plain)
    if said := re.fullmatch(r"u(?:ni)?([0-9A-F]{4,6})", plain):
        return chr(int(said[1], 16)) if int(said[1], 16) <= 0x10FFFF else UNKNOWN
    if plain[1:] in _ACCENTS:
        return unicodedata.normalize("NFC", plain[0] + _ACCENTS[plain[1:]])
    return UNKNOWN


def _codes(cmap: bytes) -> dict[int, str]:
    """Return code -> text of a ToUnicode table (9.10.3)."""
    codes: dict[int, str] = {}
    for part in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        said = [one for one in parsed(b"[" + part + b"]", 0)[0] if isinstance(one, bytes)]
        codes |= {int.from_bytes(code, "big"): _utf16(text) for code, text in zip(said[::2], said[1::2], strict=False)}
    for part in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        said = parsed(b"[" + part + b"]", 0)[0]
        for first, last, to in zip(said[::3], said[1::3], said[2::3], strict=False):
            if isinstance(first, bytes) and isinstance(last, bytes) and len(codes) < _MOST_CODES:
                _range(codes, int.from_bytes(first, "big"), int.from_bytes(last, "big"), to)
    return codes


def _range(codes: dict[int, str], first: int, last: int, to: Any) -> None:
    count = min(last - first + 1, 65_536)
    if isinstance(to, bytes):
        text = _utf16(to)
        for place in range(count if text else 0):
            point = ord(text[-1]) + place
            codes[first + place] = text[:-1] + (chr(point) if point <= 0x10FFFF else UNKNOWN)
    elif isinstance(to, list):
        codes |= {first + place: _utf16(one) for place, one in enumerate(to[:count]) if isinstance(one, bytes)}


def _utf16(text: bytes) -> str:
    return text.decode("utf-16-be", "replace") if len(text) > 1 else text.decode("latin-1")
