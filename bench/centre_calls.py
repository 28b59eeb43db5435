"""A call of the bench's centre from its text to decisions, and the search for leaks in all that both sides see."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from bench.centre_world import FIELDS, YEAR, World
from takeback import store
from takeback.share.centre import calls
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls import Blind, BudgetRule, Call, Cost, Criterion, Identity, Proposal, Score, Words

OPENS = datetime(YEAR, 1, 10, tzinfo=UTC)
CLOSES = datetime(YEAR, 2, 10, 9, tzinfo=UTC)
WRITING = datetime(YEAR, 1, 21, 3, 14, 15, tzinfo=UTC)
READING = datetime(YEAR, 2, 20, 7, 41, 29, tzinfo=UTC)
REVIEWS = datetime(YEAR, 3, 10, 15, 59, tzinfo=UTC)
TELLING = datetime(YEAR, 3, 20, 8, tzinfo=UTC)
CODES = ("need", "method", "use")
REVIEWS_EACH = 3


@dataclass
class Cycle:
    """What became of a call; `gap`: of the assignment of reviewers."""

    call: UUID
    authors: list[CentreActor]
    experts: list[CentreActor]
    proposals: list[UUID] = field(default_factory=list)
    reviews: int = 0
    gap: float = 0.0


def run(world: World, number: int, proposals: int, experts: int, seed: int) -> Cycle:
    """Take a call through: text, proposals, conflicts, assignment, blind reviews, discussion, decisions told."""
    chance = random.Random(seed)
    first = number * proposals
    authors = _apart(world.actors["delegate"], first, proposals)
    cycle = Cycle(_published(world, number, proposals, experts), authors, world.actors["expert"][:experts])
    for place, author in enumerate(authors):
        cycle.proposals.append(_submitted(world, cycle.call, author, place, chance))
    with store.transaction(world.org) as connection:
        for expert, author in zip(cycle.experts[::3], authors, strict=False):  # conflicts that the rules do not know
            calls.declare_conflict(connection, expert, cycle.call, member=author.member_id)
        calls.close_call(connection, world.manager, cycle.call, at=CLOSES)
        calls.check_eligibility(connection, world.manager, cycle.call, at=CLOSES)
        expertise = {one.person(): {chance.choice(FIELDS): 5.0, chance.choice(FIELDS): 3.0} for one in cycle.experts}
        made = calls.assign_by_engine(connection, world.manager, cycle.call, expertise=expertise, at=CLOSES)
        cycle.gap = made.facts.gap
        cycle.experts = [one for one in cycle.experts if _reviews(connection, one, cycle.call)]
    _reviewed(world, cycle, chance)
    _decided(world, cycle)
    return cycle


def _apart(people: list[CentreActor], first: int, count: int) -> list[CentreActor]:
    """Return people of different members, so that what one may know of himself tells nothing of another."""
    of = {one.member_id: one for one in people[first:]}
    if len(of) < count:
        raise RuntimeError(f"{count} applicants of different members are needed, there are {len(of)}")
    return [*of.values()][:count]


def _published(world: World, number: int, proposals: int, experts: int) -> UUID:
    facts = Call(
        code=f"CALL-{number}", title=f"Common problems {number}", title_zh="共性问题", text="Solve.",
        text_zh="请解决。",
        year=YEAR, period=f"{YEAR}-{YEAR + 1}", opens=OPENS, closes=CLOSES, review_closes=REVIEWS,
        criteria=tuple(Criterion(code=code, title=code, title_zh=code, weight=3) for code in CODES),
        budget=BudgetRule(total_minor=proposals * 100_000_00, most_minor=500_000_00), reviews_each=REVIEWS_EACH,
        most_reviews=-(-proposals * REVIEWS_EACH // experts) + 2,
    )  # fmt: skip
    with store.transaction(world.org) as connection:
        call = calls.draft_call(connection, world.manager, facts, at=OPENS).id
        calls.publish_call(connection, world.manager, call, at=OPENS)
    return call


def _submitted(world: World, call: UUID, author: CentreActor, place: int, chance: random.Random) -> UUID:
    at = WRITING + timedelta(minutes=chance.randrange(10_000), seconds=chance.randrange(60))
    blind = Blind(
        title=f"Proposal on {FIELDS[place % len(FIELDS)]}", summary="What it is for.",
        keywords=tuple(chance.sample(FIELDS, 2)), costs=(Cost(what="People", minor=300_000_00 + place),),
    )  # fmt: skip
    assert author.member_id
    facts = Proposal(call=call, blind=blind, identity=Identity(lead=author.person(), member=author.member_id))
    with store.transaction(world.org) as connection:
        own = calls.draft_proposal(connection, author, facts, at=at).id
        calls.submit_proposal(connection, author, own, at=at)
    return own


def _reviewed(world: World, cycle: Cycle, chance: random.Random) -> None:
    with store.transaction(world.org) as connection:
        given = [*_given(connection, cycle)]
    chance.shuffle(given)
    for expert, name in given:
        scores = tuple(Score(criterion=code, points=chance.randrange(11), for_authors="So.") for code in CODES)
        at = READING + timedelta(minutes=chance.randrange(10_000), seconds=chance.randrange(60))
        with store.transaction(world.org) as connection:
            words = Words(scores=scores, for_authors="Fine.", for_committee="Between us.")
            calls.save_review(connection, expert, cycle.call, name, words, final=True, at=at)
    for expert, name in given[::3]:
        with store.transaction(world.org) as connection:
            calls.discuss(connection, expert, cycle.call, name, "I wonder about the costs.")
    cycle.reviews = len(given)


def _reviews(connection: sa.Connection, expert: CentreActor, call: UUID) -> bool:
    return any(one.call == call for one in calls.calls_to_review(connection, expert))


def _given(connection: sa.Connection, cycle: Cycle) -> Iterator[tuple[CentreActor, str]]:
    for expert in cycle.experts:
        view = calls.reviewer_view(connection, expert, cycle.call)
        yield from ((expert, proposal.name) for proposal in view.proposals)


def _decided(world: World, cycle: Cycle) -> None:
    with store.transaction(world.org) as connection:
        best = len(cycle.proposals) // 4
        for place, proposal in enumerate(cycle.proposals):
            outcome: Literal["funded", "declined"] = "funded" if place < best else "declined"
            amount = 100_000_00 if place < best else 0
            calls.decide(
                connection, world.manager, proposal, outcome, "By rank.", amount_minor=amount, at=TELLING
            )  # fmt: skip
        calls.announce_decisions(connection, world.manager, cycle.call, at=TELLING)
