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

from takeback.share.centre.acting import CentreActor
from takeback.share.centre.records import Record, find
from takeback.share.centre.results.facts import STATUS, Result

ALIKE = 0.92  # how alike two titles of the same sort and nearly the same year must be, 0 to 1
END = 8  # letters and digits at the beginning or the end of two titles that are compared
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


class Known:
    """The results that are there, found by what two that are the same share: one look at a time, however many."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._near: dict[str, list[Record]] = {}
        for record in records:
            self.add(record)

    @classmethod
    def of(cls, connection: sa.Connection) -> Known:
        """Return those of a centre that stand."""
        return cls(find(connection, "result", state=_LIVING))

    def add(self, record: Record) -> None:
        """Know one more."""
        for key in _keys(record.facts):
            self._near.setdefault(key, []).append(record)

    def doubles(self, facts: Result, *, beside: UUID | None = None) -> list[Double]:
        """Return those that may be the same as `facts`, the sure ones first; `beside`: the record itself."""
        near = {other.id: other for key in _keys(facts) for other in self._near.get(key, ())}
        found = _same(facts, (other for other in near.values() if other.id != beside))
        return sorted(found, key=lambda double: not double.sure)


def doubles(connection: sa.Connection, facts: Result, *, beside: UUID | None = None) -> list[Double]:
    """Return the centre's results that may be the same as `facts`, the sure ones first; `beside`: the record itself."""
    return Known.of(connection).doubles(facts, beside=beside)


def doubles_among(records: Iterable[Record]) -> list[tuple[Record, Double]]:
    """Return pairs of results that may be the same, each pair once: the later one, and the earlier as its double."""
    known = Known(())
    pairs: list[tuple[Record, Double]] = []
    for record in sorted(records, key=lambda one: one.first_entry):
        pairs += [(record, double) for double in known.doubles(record.facts)]
        known.add(record)
    return pairs


@dataclass(frozen=True, slots=True)
class Pair:
    """Two results that may be the same one: the later record, the earlier, and why; `sure`: beyond doubt."""

    later: Record
    earlier: Record
    why: Why
    sure: bool


def same_results(connection: sa.Connection, actor: CentreActor) -> list[Pair]:
    """Return the results that may be stated twice, the sure ones first, for who accepts results.

    Raises
    ------
    Problem
        ``centre.forbidden`` (403).
    """
    actor.require("result.accept")
    found = doubles_among(find(connection, "result", state=_LIVING))
    pairs = (Pair(later, double.record, double.why, double.sure) for later, double in found)
    return sorted(pairs, key=lambda pair: not pair.sure)


def _keys(facts: Result) -> Iterator[str]:
    """Yield what two results that are the same share one of: a DOI, a number, or sort, year and an end of the title."""
    if facts.doi:
        yield f"doi {plain_doi(facts.doi)}"
    if facts.number and facts.sort in STATUS:
        yield f"number {facts.sort} {plain(facts.number)}"
    title = plain(facts.title)
    for year in (facts.year - 1, facts.year, facts.year + 1):
        yield f"begins {facts.sort} {year} {title[:END]}"
        yield f"ends {facts.sort} {year} {title[-END:]}"


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
