"""Reviewers are found by the engine: expertise by words, loads, conflicts, with a bound on what is possible at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.plan import reviewing
from takeback.plan.doors import Budget
from takeback.share.centre import records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.assigning import Pair, assign_reviewers, loads, reviewers_of
from takeback.share.centre.calls.blind import Names
from takeback.share.centre.calls.call import Call
from takeback.share.centre.calls.calling import call_in
from takeback.share.centre.calls.conflicts import Interests
from takeback.share.centre.calls.proposal import Blind
from takeback.share.centre.calls.taking_part import require_impartial
from takeback.share.centre.people import Person
from takeback.share.centre.records import Record
from takeback.share.centre.talent.profiles import Profile

TOP = 5.0  # of a level
SEARCH = Budget(seconds=10.0, iterations=200)
_WORD = re.compile(r"[\w-]{3,}")
Expertise = Mapping[UUID, Mapping[str, float]]
"""Expert -> words and phrases of what the expert knows -> how well, from 0 to `TOP`."""


class Proposed(msgspec.Struct, frozen=True, kw_only=True):
    """An assignment to look at. `mean`, `worst`: match, 0 to 1; `baseline`: the objective of the greedy one."""

    pairs: tuple[Pair, ...]
    objective: float
    bound: float
    gap: float
    baseline: float
    mean: float
    worst: float


def propose_reviewers(
    connection: sa.Connection,
    actor: CentreActor,
    call_id: UUID,
    *,
    expertise: Expertise | None = None,
    budget: Budget = SEARCH,
) -> Proposed:
    """Return the best reviewers for the eligible proposals of a call; what was assigned before stays.

    `expertise`: what experts know; if none is given, what their profiles say.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.not-impartial``; ``reviewing.infeasible`` with what would make it fit.
    """
    actor.require("proposal.run")
    require_impartial(connection, actor, call_id)
    call = call_in(connection, call_id, "reviewing")
    problem = reviewing_problem(connection, call, expertise)
    solution = reviewing.solve(problem, budget=budget)
    if wrong := reviewing.check(problem, solution):
        raise Problem("centre.bad-assignment", msg("The assignment breaks a rule."), found=str(wrong[0]), status=500)
    names = _ids(connection, call)
    standing = {(str(proposal), str(expert)) for proposal, expert in loads(connection, call.id)}
    new = [(names[one], UUID(expert)) for one, expert in solution.assignment.pairs
           if (str(names[one]), expert) not in standing]  # fmt: skip
    return Proposed(
        pairs=tuple(new),
        objective=solution.objective,
        bound=solution.bound,
        gap=solution.gap,
        baseline=solution.baseline.objective,
        mean=solution.assignment.mean,
        worst=solution.assignment.worst,
    )


def assign_by_engine(
    connection: sa.Connection,
    actor: CentreActor,
    call_id: UUID,
    *,
    expertise: Expertise | None = None,
    budget: Budget = SEARCH,
    at: datetime | None = None,
) -> Record:
    """Find reviewers and give them their proposals; return how it was done, with objective, bound and gap."""
    found = propose_reviewers(connection, actor, call_id, expertise=expertise, budget=budget)
    return assign_reviewers(
        connection, actor, call_id, found.pairs, method="takeback.plan.reviewing", objective=found.objective,
        bound=found.bound, gap=found.gap, at=at,
    )  # fmt: skip


def reviewing_problem(
    connection: sa.Connection, call: Record, expertise: Expertise | None = None
) -> reviewing.ReviewingProblem:
    """Return the engine's problem. Proposals stand under neutral names: no order of it follows their submission."""
    rules: Call = call.facts
    interests, experts = Interests(connection, call.id), reviewers_of(connection)
    known = expertise if expertise is not None else words_of(connection, experts)
    names = Names(connection, call.id, call.id)
    eligible = sorted((one for one in interests.proposals if one.state == "eligible"), key=lambda one: names.of(one.id))
    topics = {one.id: topics_of(one.facts.blind) for one in eligible}
    asked = {topic for one in topics.values() for topic in one}
    fixed = [(names.of(one), str(expert)) for one, expert in loads(connection, call.id) if one in topics]
    barred = {(names.of(one), str(expert)) for one, expert in _barred(connection, interests, eligible, experts)}
    return reviewing.ReviewingProblem(
        proposals=tuple(
            reviewing.Proposal(names.of(one.id), tuple((topic, 1.0) for topic in topics[one.id]), rules.reviews_each)
            for one in eligible
        ),
        reviewers=tuple(
            reviewing.Reviewer(str(one.id), levels(known.get(one.id, {}), asked), rules.most_reviews) for one in experts
        ),
        conflicts=tuple(sorted(barred - {*fixed})),
        fixed=tuple(fixed),
        top_level=TOP,
    )


def topics_of(blind: Blind) -> tuple[str, ...]:
    """Return what a proposal is about: its keywords, or the longer words of its title."""
    words = blind.keywords or tuple(_WORD.findall(blind.title)) or (blind.title,)
    return tuple(dict.fromkeys(word.casefold() for word in words))


def levels(known: Mapping[str, float], topics: set[str]) -> tuple[tuple[str, float], ...]:
    """Return how well topics are known by words: as a phrase, or else as the mean over a topic's single words."""
    phrases = {phrase.casefold(): level for phrase, level in known.items()}
    words: dict[str, float] = {}
    for phrase, level in phrases.items():
        words |= {word: max(level, words.get(word, 0.0)) for word in _WORD.findall(phrase)}
    found = ((topic, phrases.get(topic, _mean(topic, words))) for topic in sorted(topics))
    return tuple((topic, round(level, 3)) for topic, level in found if level)


def words_of(connection: sa.Connection, experts: list[Person]) -> Expertise:
    """Return what the experts' profiles say: fields at the top level, competencies as they are held."""
    areas = {one.facts.code: (one.facts.name, one.facts.name_zh) for one in records.find(connection, "competency")}
    told = {one.person_id: one.facts for one in records.find(connection, "profile")}
    return {one.id: _profile(told[one.id], areas) for one in experts if one.id in told}


def _profile(profile: Profile, areas: Mapping[str, tuple[str, ...]]) -> dict[str, float]:
    held = {name: float(one.level) for one in profile.levels for name in areas.get(one.area, ())}
    return held | dict.fromkeys((profile.field, *profile.fields), TOP)


def _mean(topic: str, words: Mapping[str, float]) -> float:
    asked = _WORD.findall(topic)
    return sum(words.get(word, 0.0) for word in asked) / len(asked) if asked else 0.0


def _barred(
    connection: sa.Connection, interests: Interests, eligible: list[Record], experts: list[Person]
) -> Iterator[Pair]:
    """Return who must not meet: by a conflict, or because the review went back before."""
    for proposal in eligible:
        yield from ((proposal.id, expert.id) for expert in experts if interests.between(proposal, expert))
        for review in records.find(connection, "review", parent=proposal.id, state="released"):
            yield proposal.id, review.facts.expert


def _ids(connection: sa.Connection, call: Record) -> dict[str, UUID]:
    names = Names(connection, call.id, call.id)
    return {names.of(one.id): one.id for one in Interests(connection, call.id).proposals}
