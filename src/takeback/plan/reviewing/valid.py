"""What every reviewing problem must satisfy before an engine looks at it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

if TYPE_CHECKING:
    from takeback.plan.reviewing.problem import Pair, Proposal, Reviewer, ReviewingProblem

KIND = "reviewing.bad-problem"
MOST_TOLD = 50
T = TypeVar("T")


def refuse_mistakes(problem: ReviewingProblem) -> None:
    """Raise `Problem` (`reviewing.bad-problem`) that lists what is wrong with `problem`."""
    mistakes = [*_twice(problem), *_numbers(problem), *_pairs(problem)]
    for proposal in problem.proposals:
        mistakes += _proposal(proposal)
    for reviewer in problem.reviewers:
        mistakes += _reviewer(reviewer, problem.top_level)
    if len(mistakes) == 1:
        raise mistakes[0]
    if mistakes:
        title = msg("The reviewing problem has {count} mistakes.", count=len(mistakes))
        raise Problem(KIND, title, errors=mistakes[:MOST_TOLD])


def _twice(problem: ReviewingProblem) -> Iterator[Problem]:
    for name, things in (("proposals", problem.proposals), ("reviewers", problem.reviewers)):
        ids = [thing.id for thing in things]
        for id in _repeated(ids):
            yield _wrong(name, msg("This id stands twice."), id)
        if "" in ids:
            yield _wrong(name, msg("An id is empty."))


def _numbers(problem: ReviewingProblem) -> Iterator[Problem]:
    for name in ("fairness", "balance", "least_match", "seniors"):
        if not _amount(getattr(problem, name)):
            yield _wrong(name, msg("This must be a number of 0 or more."), getattr(problem, name))
    if not (_amount(problem.top_level) and problem.top_level > 0):
        yield _wrong("top_level", msg("The highest level must be above 0."), problem.top_level)
    if problem.most_of_organisation is not None and problem.most_of_organisation < 1:
        yield _wrong("most_of_organisation", msg("At least one reviewer of an organisation."), 0)


def _pairs(problem: ReviewingProblem) -> Iterator[Problem]:
    proposals, reviewers = {one.id for one in problem.proposals}, {one.id for one in problem.reviewers}
    for name in ("conflicts", "never", "fixed"):
        pairs: tuple[Pair, ...] = getattr(problem, name)
        for k, (proposal, reviewer) in enumerate(pairs):
            if proposal not in proposals:
                yield _wrong(f"{name}[{k}]", msg("There is no such proposal."), proposal)
            if reviewer not in reviewers:
                yield _wrong(f"{name}[{k}]", msg("There is no such reviewer."), reviewer)
    for pair in _repeated(problem.fixed):
        yield _wrong("fixed", msg("This pair stands twice."), list(pair))
    for k, pair in enumerate(problem.apart):
        if pair[0] == pair[1] or not {*pair} <= reviewers:
            yield _wrong(f"apart[{k}]", msg("Two different reviewers are needed."), list(pair))


def _proposal(one: Proposal) -> Iterator[Problem]:
    where = f"proposal {one.id}"
    if not one.topics or any(not (_amount(weight) and weight > 0) for _, weight in one.topics):
        yield _wrong(where, msg("A proposal needs topics, each with a weight above 0."), list(one.topics))
    for topic in _repeated(topic for topic, _ in one.topics):
        yield _wrong(where, msg("A topic stands twice."), topic)
    if one.wanted < 1:
        yield _wrong(where, msg("A proposal wants at least one review."), one.wanted)
    if not 0 <= one.outside <= one.wanted:
        expected = msg("0 to {count}", count=one.wanted)
        yield _wrong(where, msg("No more reviewers from outside than reviewers."), one.outside, expected)


def _reviewer(one: Reviewer, top: float) -> Iterator[Problem]:
    where = f"reviewer {one.id}"
    for topic, level in one.expertise:
        if not (_amount(level) and level <= top):
            yield _wrong(where, msg("A level is not on the scale."), [topic, level], msg("0 to {top}", top=top))
    for topic in _repeated(topic for topic, _ in one.expertise):
        yield _wrong(where, msg("A topic stands twice."), topic)
    if not 0 <= one.least <= one.most:
        found = [one.least, one.most]
        yield _wrong(where, msg("A reviewer takes at least 0, and no less than that at most."), found)


def _amount(value: float) -> bool:
    return math.isfinite(value) and value >= 0


def _repeated(values: Iterable[T]) -> list[T]:
    return [value for value, count in Counter(values).items() if count > 1]


def _wrong(where: str, title: Message, found: object = None, expected: Message | None = None) -> Problem:
    return Problem(KIND, title, where=where, found=found, expected=expected)
