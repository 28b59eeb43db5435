"""GS1 Digital Link URIs on any host: path and query, numbers or short names, not compressed."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from takeback.core.identifiers.keys import AI_LENGTH, KEYS, QUALIFIERS, SHORT_NAMES
from takeback.core.message import Message, msg
from takeback.core.problem import Problem

_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
# A lot or a variant in the query is against the standard too, but common and not the finest identity.
_TOLERATED = frozenset({"10", "22"})

Pair = tuple[str, str]


def read(text: str) -> tuple[list[Pair], list[Pair]]:
    """Return (application identifier, value) of the path, key first, and of the query. Raises `Problem`."""
    try:
        parts = urlsplit(text)
    except ValueError:
        raise _unreadable(text, msg("a well-formed web address")) from None
    if _BAD_ESCAPE.search(parts.path) or _BAD_ESCAPE.search(parts.query):
        raise _unreadable(text, msg("two hexadecimal digits after each %"))
    pairs = _path(parts.path, text)
    _require_order(pairs, text)
    return pairs, _query(parts.query, frozenset(KEYS[pairs[0][0]].qualifiers) - _TOLERATED, text)


def _path(path: str, text: str) -> list[Pair]:
    """Walk back from the end, pair by pair, to the key: what stands before it is the resolver's own path."""
    segments = path.removesuffix("/").split("/")
    pairs: list[Pair] = []
    while len(segments) >= 2:
        value, name = segments.pop(), segments.pop()
        ai = SHORT_NAMES.get(name, name)
        if ai not in KEYS and ai not in QUALIFIERS:
            break
        pairs.insert(0, (ai, unquote(value)))
        if ai in KEYS:
            return pairs
    raise _unreadable(text, msg("a GS1 key in the path, such as /01/09506000134352 (compressed links are not read)"))


def _require_order(pairs: list[Pair], text: str) -> None:
    allowed = KEYS[pairs[0][0]].qualifiers
    found = [ai for ai, _ in pairs[1:]]
    if found != [ai for ai in allowed if ai in found]:
        raise _unreadable(
            text,
            msg(
                "after /{ai}/ only these, in this order: {allowed}",
                ai=pairs[0][0],
                allowed=", ".join(allowed) or "-",
            ),
        )


def _query(query: str, path_only: frozenset[str], text: str) -> list[Pair]:
    pairs = []
    for field in re.split("[&;]", query):
        name, _, value = field.partition("=")
        ai = SHORT_NAMES.get(name, name)
        if not value or AI_LENGTH.get(ai[:2]) != len(ai) or not ai.isdigit():
            continue  # the resolver's own parameters, such as linkType
        if ai in path_only:
            raise _unreadable(text, msg("{ai} in the path, because it is part of the identity", ai=ai))
        pairs.append((ai, unquote(value.replace("+", " "))))
    return pairs


def _unreadable(text: str, expected: Message) -> Problem:
    return Problem(
        "identifier.bad-digital-link",
        msg("This address is not a GS1 Digital Link that can be read"),
        found=text,
        expected=expected,
    )
