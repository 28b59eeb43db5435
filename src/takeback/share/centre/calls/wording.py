"""Whether a text names those who must stay unknown: people and organisations, in either language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import Message
from takeback.share.centre import people, records
from takeback.share.centre.calls.proposal import Blind, Identity
from takeback.share.centre.calls.reading import Read
from takeback.share.centre.calls.spelling import excerpt, folded, in_one_piece, joined, spellings, squeezed

_LATIN = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9'-]*")
_LEGAL_FORM = re.compile(r"(?<=..)(?:股份|集团|有限责任|有限|总)*公司$")
_SHORTEST = 4  # letters; shorter parts of names are words of the language as often as names


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """A place of a text that says who stands behind it.

    `where`: the field or file; `place`: the page, line, paragraph or cell of a file; `excerpt`: the words around it.
    """

    where: str
    name: str
    place: Message | None = None
    excerpt: str = ""

    @property
    def at(self) -> str:
        """The field, or the file and the place in it."""
        return f"{self.where}, {self.place}" if self.place else self.where


def names_of(connection: sa.Connection, identity: Identity) -> list[str]:
    """Return what the people and organisations of a proposal are called."""
    return [*_of_people(connection, identity.people), *_of_members(connection, identity.members)]


def names_of_expert(connection: sa.Connection, person_id: UUID) -> list[str]:
    """Return what an expert and the expert's organisation are called."""
    member = people.person_by_id(connection, person_id).member_id
    return [*_of_people(connection, [person_id]), *_of_members(connection, [member] if member else [])]


def named_in(texts: Mapping[str, str], names: Iterable[str]) -> list[Named]:
    """Return each name, and each longer part of one, that a text holds, in whatever spelling (`spelling`).

    A name in Latin letters counts as whole words, a Chinese one wherever it stands.
    """
    parts = _all_parts(names)
    return [
        Named(where=where, name=part, excerpt=around)
        for where, text in texts.items()
        for part, around in _found(text, parts)
    ]


def named_in_file(file: str, read: Read, names: Iterable[str]) -> list[Named]:
    """Return each name that the words of a file hold, with the first place where it stands."""
    parts, first = _all_parts(names), dict[str, Named]()
    texts = [one.text for one in read.passages]
    inside = _held("\n|\n".join(texts), parts)  # passages are many, and most files hold no name
    for one in read.passages:
        if not (left := [part for part in inside if part not in first]):
            break
        for part, around in _found(one.text, left):
            first[part] = Named(where=file, name=part, place=one.place, excerpt=around)
    over = "".join(texts)  # a name over the end of a line, a page, a cell
    for part, around in _found(over, [part for part in parts if part not in first]):
        first[part] = Named(where=file, name=part, excerpt=around)
    return [*first.values()]


def _held(text: str, parts: Iterable[str]) -> list[str]:
    return [part for part, _ in _spelt(text, parts)]


def _all_parts(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(part for name in names for part in _parts(name)))


def _found(text: str, parts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the parts that a text holds, each with the words around it."""
    for part, held in _spelt(text, parts):
        yield part, excerpt(held, part)


def _spelt(text: str, parts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the parts that a text holds, each with the text as it was read then."""
    read = [(one, folded(one)) for one in dict.fromkeys(joined(text))]
    tight = squeezed(read[0][1])
    for part in parts:
        pattern = spellings(part)
        held = next((one for one, plain in read if pattern is not None and pattern.search(plain)), None)
        if held is not None or any(one in tight for one in in_one_piece(part)):
            yield part, held or text


def texts_of(blind: Blind) -> dict[str, str]:
    """Return the texts that reviewers read, by field."""
    return {
        "title": blind.title,
        "title_zh": blind.title_zh,
        "summary": blind.summary,
        "summary_zh": blind.summary_zh,
        "approach": blind.approach,
        "expected": blind.expected,
        "keywords": " / ".join(blind.keywords),
        "costs": " / ".join(cost.what for cost in blind.costs),
    }


def _parts(name: str) -> list[str]:
    words = [] if "@" in name else _LATIN.findall(name)
    short = _LEGAL_FORM.sub("", name.strip())
    return [part for part in {name.strip(), short, *(word for word in words if _is_telling(word))} if part]


def _is_telling(word: str) -> bool:
    return len(word) >= _SHORTEST and word.casefold() not in _COMMON


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
