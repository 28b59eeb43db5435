"""The same result, stated twice: by its DOI, its number, or its title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from takeback.share.centre.records import Record, find
from takeback.share.centre.results.facts import STATUS, Result

ALIKE = 0.92  # how alike two titles of the same sort and nearly the same year must be, 0 to 1
Why = Literal["doi", "number", "title"]
_LIVING = ("stated", "returned", "accepted")


@dataclass(frozen=True, slots=True)
class Double:
    """A record that may be the same result, and why; `sure` for a DOI or a number, not for a title."""

    record: Record
    why: Why

    @property
    def sure(self) -> bool:
        """Whether it is the same beyond doubt."""
        return self.why != "title"


def doubles(connection: sa.Connection, facts: Result, *, beside: UUID | None = None) -> list[Double]:
    """Return the centre's results that may be the same as `facts`, the sure ones first; `beside`: the record itself."""
    others = (record for record in find(connection, "result", state=_LIVING) if record.id != beside)
    return sorted(_same(facts, others), key=lambda double: not double.sure)


def doubles_among(records: Iterable[Record]) -> list[tuple[Record, Double]]:
    """Return pairs of results that may be the same, each pair once: the later one, and the earlier as its double."""
    seen: dict[str, list[Record]] = {}
    pairs: list[tuple[Record, Double]] = []
    for record in sorted(records, key=lambda one: one.created_at):
        near = {other.id: other for key in _keys(record.facts) for other in seen.get(key, ())}
        pairs += [(record, double) for double in _same(record.facts, near.values())]
        for key in _keys(record.facts):
            seen.setdefault(key, []).append(record)
    return pairs


def _keys(facts: Result) -> Iterator[str]:
    """Yield what two results that are the same share one of: a DOI, a number, or sort, year and the title's start."""
    yield f"doi {plain_doi(facts.doi)}" if facts.doi else f"none {id(facts)}"
    if facts.number and facts.sort in STATUS:
        yield f"number {facts.sort} {plain(facts.number)}"
    for year in (facts.year - 1, facts.year, facts.year + 1):
        yield f"title {facts.sort} {year} {plain(facts.title)[:8]}"


def _same(facts: Result, others: Iterable[Record]) -> Iterator[Double]:
    doi, title = plain_doi(facts.doi), plain(facts.title)
    number = plain(facts.number) if facts.sort in STATUS else ""
    for record in others:
        said: Result = record.facts
        if doi and doi == plain_doi(said.doi):
            yield Double(record, "doi")
        elif said.sort != facts.sort:
            continue
        elif number and said.number:
            if number == plain(said.number):
                yield Double(record, "number")
        elif abs(said.year - facts.year) <= 1 and _alike(title, plain(said.title)) and not (doi and said.doi):
            yield Double(record, "title")


def _alike(one: str, other: str) -> bool:
    if one == other:
        return bool(one)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def plain_doi(text: str) -> str:
    """Return a DOI as it compares: without case and without the address before it."""
    return text.casefold().removeprefix("https://doi.org/").strip()


def plain(text: str) -> str:
    """Return letters and digits alone, without case, width or accents, as titles and numbers compare."""
    broad = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[\W_]+", "", "".join(sign for sign in broad if not unicodedata.combining(sign)))
