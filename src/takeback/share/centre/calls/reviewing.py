"""An expert writes a review and hands it in; when all reviews of a proposal are in, its reviewers discuss it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre import people, records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.blind import Names
from takeback.share.centre.calls.call import Call
from takeback.share.centre.calls.calling import call_in, moment
from takeback.share.centre.calls.conflicts import Interests
from takeback.share.centre.calls.review import Discussion, Review, Words
from takeback.share.centre.calls.taking_part import reviews_by, reviews_of
from takeback.share.centre.calls.wording import named_in, names_of_expert
from takeback.share.centre.records import Record


def save_review(
    connection: sa.Connection,
    actor: CentreActor,
    call_id: UUID,
    proposal: str,
    words: Words,
    *,
    final: bool = False,
    despite_names: bool = False,
    at: datetime | None = None,
) -> None:
    """Write one's review of a proposal (by its neutral name), as a draft or for good.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-record`` (404) where it is not one's own, ``centre.late-review`` (409),
        ``centre.bad-review``, ``centre.fixed`` (409) once it is final, ``centre.reviewer-conflict`` (409),
        ``centre.names-in-text`` (409) where the words say who wrote them, unless `despite_names`.
    """
    call = _call(connection, actor, call_id)
    review = review_named(connection, actor, call_id, proposal)
    _in_time(connection, actor, call, review, at)
    check_words(call.facts, words, whole=final)
    _impartial(connection, review)
    if not despite_names:
        refuse_names(connection, actor, _texts(words))
    facts = _with(review.facts, words)
    records.move(connection, actor, review.id, "final" if final else "draft", facts=facts, at=at, allowed=True)


def discuss(
    connection: sa.Connection,
    actor: CentreActor,
    call_id: UUID,
    proposal: str,
    text: str,
    *,
    despite_names: bool = False,
    at: datetime | None = None,
) -> None:
    """Say something to the other reviewers of a proposal, once all its reviews are in and until it is decided.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-record`` (404), ``centre.reviews-missing`` (409), ``centre.names-in-text``.
    """
    _call(connection, actor, call_id)
    review: Review = review_named(connection, actor, call_id, proposal).facts
    if not all_in(connection, review.proposal):
        raise Problem(
            "centre.reviews-missing", msg("The discussion begins when all reviews of a proposal are in."), status=409
        )
    if not despite_names:
        refuse_names(connection, actor, {"text": text})
    said = Discussion(
        call=call_id, proposal=review.proposal, expert=review.expert, number=review.number, text=text.strip()
    )
    records.create(connection, actor, "discussion", said, at=at, allowed=True)


def review_named(connection: sa.Connection, actor: CentreActor, call_id: UUID, proposal: str) -> Record:
    """Return one's own review of the proposal that a neutral name stands for; ``centre.no-record`` (404)."""
    expert = actor.person()
    mine = {review.facts.proposal: review for review in reviews_by(connection, call_id, expert)}
    return mine[Names(connection, call_id, expert).find(proposal, mine)]


def all_in(connection: sa.Connection, proposal_id: UUID) -> bool:
    """Whether a proposal has reviews, and all of them are final."""
    states = [review.state for review in reviews_of(connection, proposal_id)]
    return bool(states) and {*states} == {"final"}


def check_words(call: Call, words: Words, *, whole: bool) -> None:
    """Go on only with scores of the call's criteria, each once and in its range; `whole`: of all of them."""
    highest = {criterion.code: criterion.highest for criterion in call.criteria}
    counts = Counter(score.criterion for score in words.scores)
    if unknown := [code for code, count in counts.items() if code not in highest or count > 1]:
        raise _bad("criterion", _listed(unknown), msg("each of the call's criteria once"))
    for score in words.scores:
        if score.points > highest[score.criterion]:
            raise _bad(score.criterion, score.points, msg("0 to {highest}", highest=highest[score.criterion]))
    if whole and (missing := [code for code in highest if code not in counts]):
        raise _bad("scores", _listed(missing), msg("a score for each criterion"))


def refuse_names(connection: sa.Connection, actor: CentreActor, texts: Mapping[str, str]) -> None:
    """Go on only where texts do not say who wrote them; ``centre.names-in-text`` (409)."""
    if named := named_in(texts, names_of_expert(connection, actor.person())):
        raise Problem(
            "centre.names-in-text",
            msg("Others could read in the text who you are."),
            where=_listed(one.where for one in named),
            found=_listed(one.name for one in named),
            remedy=msg("Write without these names, or hand it in as it is if they are no names there."),
            status=409,
        )


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(sorted({*texts}))


def _call(connection: sa.Connection, actor: CentreActor, call_id: UUID) -> Record:
    actor.require("review.write")
    return call_in(connection, call_id, "reviewing")


def _in_time(connection: sa.Connection, actor: CentreActor, call: Record, review: Record, at: datetime | None) -> None:
    due = call.facts.review_closes
    if review.state == "final":
        raise Problem("centre.fixed", msg("This can no longer be changed."), found=review.state, status=409)
    if moment(connection, actor, at) > due:
        raise Problem(
            "centre.late-review",
            msg("The time for reviews is over."),
            where=call.title,
            expected=msg("until {moment}", moment=due),
            remedy=msg("Ask the centre's manager for more time."),
            status=409,
        )


def _impartial(connection: sa.Connection, review: Record) -> None:
    """Look at the rules again: who became a partner since the assignment does not review, and is not told why.

    What the expert wrote is left to the manager (`conflicts`): else one could enter a team with somebody whom one
    supposes behind a proposal, and read in the refusal whether it is so.
    """
    interests = Interests(connection, review.facts.call, but_by=review.facts.expert)
    expert = people.person_by_id(connection, review.facts.expert)
    for proposal in interests.proposals:
        if proposal.id == review.facts.proposal and interests.between(proposal, expert):
            raise Problem(
                "centre.reviewer-conflict",
                msg("You may not judge this proposal any more."),
                remedy=msg("Ask the centre's manager: the rule would tell you who applies."),
                status=409,
            )


def _texts(words: Words) -> dict[str, str]:
    said = {f"{one.criterion}": f"{one.for_authors} / {one.for_committee}" for one in words.scores}
    return {**said, "for_authors": words.for_authors, "for_committee": words.for_committee}


def _with(review: Review, words: Words) -> Review:
    return Review(call=review.call, proposal=review.proposal, expert=review.expert, number=review.number, words=words)


def _bad(where: str, found: object, expected: Message) -> Problem:
    return Problem("centre.bad-review", msg("A review cannot be like this."), where=where, found=found,
                   expected=expected)  # fmt: skip
