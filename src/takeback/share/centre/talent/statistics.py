"""Diversity and outcomes of a centre's people, in groups of five and more, none of which gives a smaller one away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from takeback.share.centre.talent.mentoring import complete_pairs
from takeback.share.centre.talent.protecting import Line, protected
from takeback.share.centre.talent.traits import TRAITS, counted

SORTS = ("enterprise", "university", "institute", "authority", "none")
UNSAID = "unsaid"
Table = Mapping[tuple[str, str], int | None]
"""(sort of the member, value) -> people; `all` stands for a sum. None: hidden."""


@dataclass(frozen=True, slots=True)
class Diversity:
    """How many people say what of themselves: a table for each trait, in which the sums over sorts are the same."""

    tables: Mapping[str, Table]
    people: int | None


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of people in a year: (outcome, sort) -> people, each person once an outcome; `all`: the sum."""

    year: int
    people: Mapping[tuple[str, str], int | None]


def diversity(connection: sa.Connection) -> Diversity:
    """Return the tables over all people who agreed to be counted and have a role; they are hidden in together."""
    people = list(counted(connection, with_role=True).values())
    counts: Counter[tuple[str, str, str]] = Counter()
    for one in people:
        counts["", "all", "all"] += 1
        counts["", one["sort"], "all"] += 1
        for trait in TRAITS:
            value = one.get(trait, UNSAID)
            counts[trait, one["sort"], value] += 1
            counts[trait, "all", value] += 1
    keys = {(trait, sort, value) for trait in TRAITS for sort in (*SORTS, "all") for value in _values(trait)}
    keys |= {("", sort, "all") for sort in (*SORTS, "all")}
    shown = protected({key: counts[key] for key in keys}, _sums())
    tables = {
        trait: {
            (sort, value): shown[trait if value != "all" else "", sort, value]
            for sort in (*SORTS, "all") for value in (*_values(trait), "all")
        }
        for trait in TRAITS
    }  # fmt: skip
    return Diversity(tables, shown["", "all", "all"])


def outcomes(connection: sa.Connection, year: int) -> Outcomes:
    """Return how many people passed a course, defended a thesis, were on an exchange or had both mentors in a year."""
    sorts = {person: one["sort"] for person, one in counted(connection).items()}
    reached = {
        "trained": _persons(connection, "enrolment", "passed", year),
        "graduated": _persons(connection, "thesis", "defended", year),
        "exchanged": _persons(connection, "exchange", "done", year),
        "mentored": {record.facts.student for record in complete_pairs(connection) if record.facts.year <= year},
        "credentialled": _persons(connection, "credential", "issued", year),
    }
    counts: dict[tuple[str, str], int] = {}
    for outcome, persons in reached.items():
        by = Counter(sorts[one] for one in persons if one in sorts)
        counts |= {(outcome, sort): by[sort] for sort in SORTS} | {(outcome, "all"): by.total()}
    lines = [Line((outcome, "all"), tuple((outcome, sort) for sort in SORTS)) for outcome in reached]
    shown = protected(counts, lines)
    return Outcomes(year, {key: shown[key] for key in counts})


def _persons(connection: sa.Connection, kind: str, state: str, year: int) -> Collection[UUID]:
    rows = connection.execute(_WHO, {"kind": kind, "state": state, "year": year})
    return {row.person_id for row in rows}


def _values(trait: str) -> tuple[str, ...]:
    return (*TRAITS[trait], UNSAID)


def _sums() -> list[Line[tuple[str, str, str]]]:
    lines = [Line(("", "all", "all"), tuple(("", sort, "all") for sort in SORTS))]
    for trait in TRAITS:
        values = _values(trait)
        lines += [Line(("", sort, "all"), tuple((trait, sort, value) for value in values)) for sort in (*SORTS, "all")]
        lines += [Line((trait, "all", value), tuple((trait, sort, value) for sort in SORTS)) for value in values]
    return lines


_WHO = sa.text("""
    select distinct person_id from centre_record
    where kind = :kind and state = :state and year = :year and person_id is not null
""")
