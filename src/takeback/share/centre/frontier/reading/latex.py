"""The letters that BibTeX files write in TeX's way, as they are printed."""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å", "l": "ł", "L": "Ł",
    "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "textendash": "–", "textemdash": "—", "dots": "…",
    "ldots": "…", "textregistered": "®", "texttrademark": "™", "copyright": "©", "textbackslash": "\\",
    "textasciitilde": "\ue000", "textasciicircum": "^", "textquotesingle": "'",
}  # fmt: skip
_LETTER_ACCENT = re.compile(r"\\([uvHcdkrb])(?:\s*\{\s*(\\[ij]|[^\W\d_])\s*\}|\s+(\\[ij]|[^\W\d_]))")
_MARK_ACCENT = re.compile(r"\\([`'^~=.\"])\s*(?:\{\s*(\\[ij]|[^\W\d_])\s*\}|(\\[ij](?![A-Za-z])|[^\W\d_]))")
_NAMED = re.compile(r"\\([A-Za-z]+)(?:\{\}|\s+|(?![A-Za-z]))")
_STYLED = re.compile(r"\\(?:emph|text\w\w|mathrm|mathit|url|mbox|enquote)\s*(?=\{)")
_ESCAPED = re.compile(r"\\([&%$#_{} ])")
_KEPT = {"{": "\ue001", "}": "\ue002", "~": "\ue000"}


def plain(text: str) -> str:
    """Return what a text of a BibTeX file says: accents on their letters, commands and braces left out."""
    text = _STYLED.sub("", text)
    text = _LETTER_ACCENT.sub(_accented, text)
    text = _MARK_ACCENT.sub(_accented, text)
    text = _ESCAPED.sub(lambda found: _KEPT.get(found[1], found[1]), text)
    text = _NAMED.sub(lambda found: _LETTERS.get(found[1], found[0]), text)
    text = text.replace("---", "—").replace("--", "–").replace("~", " ").replace("{", "").replace("}", "")
    text = text.replace("\ue000", "~").replace("\ue001", "{").replace("\ue002", "}")
    return unicodedata.normalize("NFC", text)


def _accented(found: re.Match[str]) -> str:
    letter = (found[2] or found[3]).removeprefix("\\")
    return unicodedata.normalize("NFC", letter + _ACCENTS[found[1]])
