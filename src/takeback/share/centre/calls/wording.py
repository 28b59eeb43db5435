"""Whether a text names those who must stay unknown: people and organisations, in either language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.share.centre import people, records
from takeback.share.centre.calls.proposal import Blind, Identity

_LATIN = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9'-]*")
_SHORTEST = 4  # letters; shorter parts of names are words of the language as often as names


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """A place of a text that says who stands behind it."""

    where: str
    name: str


def names_of(connection: sa.Connection, identity: Identity) -> list[str]:
    """Return what the people and organisations of a proposal are called."""
    return [*_of_people(connection, identity.people), *_of_members(connection, identity.members)]


def names_of_expert(connection: sa.Connection, person_id: UUID) -> list[str]:
    """Return what an expert and the expert's organisation are called."""
    member = people.person_by_id(connection, person_id).member_id
    return [*_of_people(connection, [person_id]), *_of_members(connection, [member] if member else [])]


def named_in(texts: Mapping[str, str], names: Iterable[str]) -> list[Named]:
    """Return each name, and each longer part of one, that a text holds. Case does not matter.

    A name in Latin letters counts as whole words, a Chinese one wherever it stands.
    """
    patterns = {part: _pattern(part) for name in names for part in _parts(name)}
    return [
        Named(where=where, name=part)
        for where, text in texts.items()
        for part, pattern in patterns.items()
        if pattern.search(text)
    ]


def texts_of(blind: Blind) -> dict[str, str]:
    """Return the texts that reviewers read, by field."""
    return {
        "title": blind.title,
        "title_zh": blind.title_zh,
        "summary": blind.summary,
        "approach": blind.approach,
        "expected": blind.expected,
        "keywords": " / ".join(blind.keywords),
        "costs": " / ".join(cost.what for cost in blind.costs),
    }


def _parts(name: str) -> list[str]:
    words = [] if "@" in name else _LATIN.findall(name)
    return [part for part in {name.strip(), *(word for word in words if _is_telling(word))} if part]


def _is_telling(word: str) -> bool:
    return len(word) >= _SHORTEST and word.casefold() not in _COMMON


def _pattern(part: str) -> re.Pattern[str]:
    latin = r"\b" if _LATIN.match(part) else ""
    return re.compile(latin + r"\s+".join(map(re.escape, part.split())) + latin, re.IGNORECASE)


def _of_people(connection: sa.Connection, ids: Iterable[UUID]) -> list[str]:
    found = people.names(connection, ids).values()
    return [name for one in found for name in (one.name, one.name_zh, one.email or "") if name]


def _of_members(connection: sa.Connection, ids: Iterable[UUID]) -> list[str]:
    facts = [records.get(connection, one, kind="member").facts for one in ids]
    return [name for one in facts for name in (one.name, one.name_zh)]


_COMMON = frozenset(
    """
    university college institute academy school faculty department centre center laboratory research science sciences
    technology technologies technical engineering energy power battery batteries pack packs logistics recycling
    materials material circular company group limited commission bureau education municipal national state city china
    chinese industry industrial systems commerce shop return returns reverse supply chain green
    """.split()  # noqa: SIM905
)
"""Words of organisations' names that say nothing of which one it is."""
