"""What a report says of talent. Figures of people count those who agreed to that, and are hidden below five."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.share.centre.days import made_by
from takeback.share.centre.figures import Evidence, Figure, figures_of, proof
from takeback.share.centre.records import Record, find, get
from takeback.share.centre.talent.exchanges import days
from takeback.share.centre.talent.mentoring import complete_pairs
from takeback.share.centre.talent.statistics import outcomes
from takeback.share.centre.talent.traits import counted

_OUTCOMES = {
    "trained": msg("People who passed a course or lab"),
    "graduated": msg("People who defended a thesis from a company's problem"),
    "exchanged": msg("People who were on an exchange"),
    "mentored": msg("Students with an academic and an enterprise mentor"),
    "credentialled": msg("People who were given a credential"),
}
HIDDEN = msg("Not shown: fewer than 5 people, or it would give such a number away.")


# Each of these follows from one about people, and is hidden with it.
_WORKS: tuple[tuple[str, Message, str, str], ...] = (
    ("hours", msg("Hours of training attended and passed"), "h", "trained"),
    ("theses", msg("Theses from companies' problems defended"), "count", "graduated"),
    ("exchanges", msg("Exchanges between members"), "count", "exchanged"),
    ("exchange-days", msg("Days of exchange"), "d", "exchanged"),
)


@figures_of("talent")
def figures(connection: sa.Connection, year: int) -> list[Figure]:
    """Return the figures of a year: people by outcome, what they did, courses and teams."""
    people = outcomes(connection, year).people
    done = _done(connection, year)
    rests_on, amounts = _evidence(connection, done), _amounts(done)
    courses = find(connection, "course", state="done", year=year)
    teams = made_by(connection, find(connection, "team", state="active"), year)
    return [
        *(
            _figure(code, label, "people", people[code, "all"], people[code, "all"], year, rests_on[code])
            for code, label in _OUTCOMES.items()
        ),
        *(
            _figure(code, label, unit, amounts[code], people[of, "all"], year, rests_on[of])
            for code, label, unit, of in _WORKS
        ),
        _figure("courses", msg("Courses and labs held"), "count", len(courses), 0, year, proof(courses)),
        _figure("teams", msg("Innovation teams"), "count", len(teams), 0, year, proof(teams)),
    ]


def _figure(
    code: str,
    label: Message,
    unit: str,
    value: int | None,
    people: int | None,
    year: int,
    evidence: tuple[Evidence, ...],
) -> Figure:
    if people is None:
        return Figure(f"talent.{code}", label, unit, None, year, note=HIDDEN)
    return Figure(f"talent.{code}", label, unit, value, year, evidence)


def _done(connection: sa.Connection, year: int) -> dict[str, list[Record]]:
    """Return what was done in a year, of people who let themselves be counted, by the outcome that it stands for."""
    agreed = counted(connection).keys()
    kinds = {
        "trained": ("enrolment", "passed"),
        "graduated": ("thesis", "defended"),
        "exchanged": ("exchange", "done"),
        "credentialled": ("credential", "issued"),
    }
    found = {outcome: find(connection, kind, state=state, year=year) for outcome, (kind, state) in kinds.items()}
    found["mentored"] = [pair for pair in complete_pairs(connection) if pair.facts.year <= year]
    return {outcome: [one for one in records if one.person_id in agreed] for outcome, records in found.items()}


def _evidence(connection: sa.Connection, done: Mapping[str, list[Record]]) -> dict[str, tuple[Evidence, ...]]:
    courses = dict.fromkeys(one.facts.course for one in done["trained"])  # enrolments name people, courses do not
    taught = proof(get(connection, course, kind="course") for course in courses)
    return {outcome: proof(records) for outcome, records in done.items()} | {"trained": taught}


def _amounts(done: Mapping[str, list[Record]]) -> dict[str, int]:
    return {
        "hours": sum(one.facts.hours for one in done["trained"]),
        "theses": len(done["graduated"]),
        "exchanges": len(done["exchanged"]),
        "exchange-days": sum(days(one.facts) for one in done["exchanged"]),
    }
