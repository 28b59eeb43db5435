"""Texts and names in one spelling, so that a name is found however it is written.

Case, width, accents, ligatures, signs that are not seen, spaces and line breaks within words do not matter; nor does
the order of a name's words, or whether all but one of them are cut to their first letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import permutations

_UNSEEN = re.compile(r"[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
_SPACES = re.compile(r"[\s\-‐-―·・_]+")
_CUT = re.compile(r"[-‐]\s*\n\s*")
_BETWEEN = r"[\s.,'’·・_\-‐-―]{0,3}"  # what may stand between the words of a name
_WORD = re.compile(r"[a-z0-9]+")
_AT = re.compile(r"[(\[{<]at[)\]}>]")
_DOT = re.compile(r"[(\[{<]dot[)\]}>]")
_MOST_ORDERED = 3  # words of a name that is looked for in every order
_LONG = 7  # letters of a name that is found also where spaces stand anywhere, or none at all
_WINDOW = 5_000  # characters of a long text that are looked at together for the place of a name
_AROUND = 30  # characters before and after, by which the place is found again


def folded(text: str) -> str:
    """Return a text without what does not matter to a reader's eye. Each sign is folded by itself."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKD", text)).casefold().translate(_LETTERS)


def joined(text: str) -> tuple[str, str]:
    """Return a text in the two ways in which its lines may be read: words that are cut at their ends joined, or not."""
    return _CUT.sub("", text), text


def squeezed(text: str) -> str:
    """Return a folded text without spaces and hyphens."""
    return _DOT.sub(".", _AT.sub("@", _SPACES.sub("", text)))


@cache
def spellings(name: str) -> re.Pattern[str] | None:
    """Return what finds a name in a folded text: whole words in the usual orders, also cut to initials."""
    words = [] if "@" in name else _WORD.findall(folded(name))
    if not words or not _is_latin(name):
        return None
    return re.compile("|".join(rf"(?<![^\W_]){one}(?![^\W_])" for one in dict.fromkeys(_written(words))))


@cache
def in_one_piece(name: str) -> tuple[str, ...]:
    """Return what finds a name in a squeezed text: longer names, addresses, and all that has no spaces anyway."""
    plain = squeezed(folded(name))
    if "@" in name or not _is_latin(name):
        return (plain,) if len(plain) > 1 else ()
    words = _WORD.findall(folded(name))
    orders = {"".join(words), "".join(reversed(words))} if len(words) <= _MOST_ORDERED else {"".join(words)}
    return tuple(one for one in sorted(orders) if len(one) >= _LONG)


def excerpt(text: str, name: str) -> str:
    """Return the words around a name in a text as it was written; empty where it does not hold it in one stretch."""
    steps = range(0, len(text), _WINDOW)
    windows = (text[max(at - _WINDOW, 0) : at + _WINDOW] for at in steps)
    return next((around for one in windows if (around := _excerpt(one, name))), "")


def _excerpt(text: str, name: str) -> str:
    pattern = spellings(name)
    plain = folded(text)
    if not (pattern and pattern.search(plain)) and not any(one in squeezed(plain) for one in in_one_piece(name)):
        return ""
    at, places = _folded_with_places(text)
    found = pattern.search(at) if pattern else None
    if found is None:
        pairs = [(sign, place) for sign, place in zip(at, places, strict=True) if not _SPACES.fullmatch(sign)]
        plain = "".join(sign for sign, _ in pairs)
        start, length = next(((plain.find(one), len(one)) for one in in_one_piece(name) if one in plain), (-1, 0))
        return _around(text, pairs[start][1], pairs[start + length - 1][1]) if start >= 0 else ""
    return _around(text, places[found.start()], places[found.end() - 1])


def _around(text: str, first: int, last: int) -> str:
    return " ".join(text[max(first - _AROUND, 0) : last + 1 + _AROUND].split())


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    pairs = [(sign, place) for place, one in enumerate(text) for sign in folded(one)]
    return "".join(sign for sign, _ in pairs), [place for _, place in pairs]


def _is_latin(name: str) -> bool:
    return _WORD.match(folded(name).strip()) is not None


def _written(words: list[str]) -> Iterator[str]:
    orders: Iterable[tuple[str, ...]] = [tuple(words)]
    if 1 < len(words) <= _MOST_ORDERED:
        orders = permutations(words)
    yield from (_BETWEEN.join(order) for order in orders)
    if 1 < len(words) <= _MOST_ORDERED:
        for whole in (words[0], words[-1]):
            rest = [one[0] for one in words]
            rest.pop(0 if whole is words[0] else -1)
            first = r"\s?".join(rf"{one}\.-?" for one in rest)
            if len(whole) > 1:
                yield from (rf"{first}\s{{0,2}}{whole}", rf"{whole},?\s{{0,2}}{first}")
