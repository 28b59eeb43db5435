"""A small call that is in review when a visitor comes: experts find reviews to write, the council what to decide."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import numpy as np
import sqlalchemy as sa

from takeback.demo.centre.calling import SEARCH, drawn_words, hand_one_in
from takeback.demo.centre.content import lately, practice
from takeback.demo.centre.crew import Crew
from takeback.share.centre import calls
from takeback.share.centre.calls import BudgetRule, Call, Criterion, Score, Words

OPENED, CLOSED, ASSIGNED, DUE = 45, 12, 9, 20  # days ago; DUE: days from today
WAITING = "jiang"  # the expert whose account is offered: one review is begun, the others are not


def review_now(connection: sa.Connection, crew: Crew, seed: int) -> UUID:
    """Publish the call, take proposals in, assign reviewers; all but one expert have written."""
    call, manager, dates = _published(connection, crew), crew.actor("shen"), crew.dates
    for number, text in enumerate(lately().seeds):
        hand_one_in(connection, crew, call, None, text, dates.ago(20 - number, 10 + number))
    calls.close_call(connection, manager, call, at=dates.ago(CLOSED - 1))
    calls.check_eligibility(connection, manager, call, at=dates.ago(CLOSED - 1, 11))
    known = {crew.people[nick]: dict.fromkeys(crew.text(nick).expertise, 5.0) for nick in crew.with_role("expert")}
    calls.assign_by_engine(connection, manager, call, expertise=known, budget=SEARCH, at=dates.ago(ASSIGNED))
    for number, nick in enumerate(crew.with_role("expert")):
        _write(connection, crew, call, nick, np.random.default_rng([seed, 23, number]))
    return call


def _published(connection: sa.Connection, crew: Crew) -> UUID:
    text, manager, dates = lately().seed, crew.actor("shen"), crew.dates
    facts = Call(
        code=text.code, title=text.title, title_zh=text.title_zh, text=text.text, text_zh=text.text_zh,
        year=dates.today.year, period="construction", opens=dates.ago(OPENED), closes=dates.ago(CLOSED, 17),
        review_closes=dates.ago(0) + timedelta(days=DUE), runs=9, reviews_each=2, most_reviews=3,
        budget=BudgetRule(total_minor=text.total, most_minor=text.most, least_minor=text.least),
        criteria=tuple(
            Criterion(code=one.code, title=one.title, title_zh=one.title_zh, weight=one.weight)
            for one in practice().call.criteria
        ),
    )  # fmt: skip
    drafted = calls.draft_call(connection, manager, facts, at=dates.ago(OPENED + 4))
    calls.publish_call(connection, manager, drafted.id, at=dates.ago(OPENED + 2))
    return drafted.id


def _write(connection: sa.Connection, crew: Crew, call: UUID, nick: str, draw: np.random.Generator) -> None:
    expert = crew.actor(nick)
    if not any(one.call == call for one in calls.calls_to_review(connection, expert)):
        return
    merit = {one.title: one.merit for one in lately().seeds}
    proposals = calls.reviewer_view(connection, expert, call).proposals
    for number, seen in enumerate(sorted(proposals, key=lambda one: one.title)):
        final = nick != WAITING
        if final or number == 0:
            words = drawn_words(merit[seen.title], draw) if final else _begun(merit[seen.title])
            at = crew.dates.ago(6, 9 + number)
            calls.save_review(connection, expert, call, seen.name, words, final=final, despite_names=True, at=at)


def _begun(merit: float) -> Words:
    """Return a review of which the first criterion is written."""
    first = practice().call.criteria[0].code
    said = "The problem is real; say how many packs a week it concerns. 问题确实存在；请说明每周涉及多少电池包。"
    return Words(scores=(Score(criterion=first, points=round(merit), for_authors=said),))
