"""The proposals of a call in the order of their reviews: weighted mean, spread, and why equals stand as they do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from statistics import pstdev
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.share.centre import records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.call import Call
from takeback.share.centre.calls.review import Words
from takeback.share.centre.calls.taking_part import proposals_of, require_impartial, reviews_in

_JUDGED = ("eligible", "funded", "declined")


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal's place. `mean`, `totals`: % of the highest score; `spread`: their standard deviation in points of %.

    `place`: 0 while reviews are missing; equals share a place. `because`: what parted it from the one before that has
    the same mean.
    """

    proposal: UUID
    title: str
    place: int
    mean: float | None
    spread: float | None
    totals: tuple[float, ...]
    by_criterion: dict[str, float]
    budget_minor: int
    missing: int
    because: Message | None = None


class _Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal with exact scores."""

    proposal: UUID
    title: str
    totals: tuple[Fraction, ...]
    means: dict[str, Fraction]
    budget_minor: int
    missing: int

    @property
    def mean(self) -> Fraction:
        return sum(self.totals, Fraction()) / len(self.totals) if self.totals else Fraction()

    @property
    def width(self) -> Fraction:
        return max(self.totals) - min(self.totals) if self.totals else Fraction()


def ranking(connection: sa.Connection, actor: CentreActor, call_id: UUID) -> list[Standing]:
    """Return the eligible proposals of a call, the best first; those that lack reviews stand last.

    Equal means are parted by agreement (the smaller range of totals), then by the weightiest criterion, then by the
    smaller budget; what is equal in all shares a place.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.not-impartial``.
    """
    actor.require("decision.make")
    require_impartial(connection, actor, call_id)
    call: Call = records.get(connection, call_id, kind="call").facts
    return rank(call, proposals_of(connection, call_id, *_JUDGED), reviews_in(connection, call_id))


def rank(
    call: Call, proposals: Iterable[records.Record], reviews: Mapping[UUID, list[records.Record]]
) -> list[Standing]:
    """Return proposals of a call in their order; `reviews`: those of each proposal."""
    judged = [_judge(call, one, reviews.get(one.id, [])) for one in proposals if one.state in _JUDGED]
    whole = sorted((one for one in judged if not one.missing), key=lambda one: (_key(call, one), one.proposal))
    places = _places(call, whole)
    ranked = [_standing(one, place, why) for one, (place, why) in zip(whole, places, strict=True)]
    waiting = sorted((one for one in judged if one.missing), key=lambda one: one.title)
    return [*ranked, *(_standing(one, 0, None) for one in waiting)]


def total(call: Call, words: Words) -> Fraction:
    """Return the weighted mean of a review's scores, each as a share of the highest, in %."""
    weights = {criterion.code: criterion for criterion in call.criteria}
    points = sum(
        (Fraction(weights[one.criterion].weight * one.points, weights[one.criterion].highest) for one in words.scores),
        Fraction(),
    )
    return 100 * points / sum(criterion.weight for criterion in call.criteria)


def _judge(call: Call, proposal: records.Record, reviews: list[records.Record]) -> _Judged:
    final = [review.facts.words for review in reviews if review.state == "final"]
    points = {criterion.code: [_points(words, criterion.code) for words in final] for criterion in call.criteria}
    return _Judged(
        proposal=proposal.id,
        title=proposal.title,
        totals=tuple(total(call, words) for words in final),
        means={code: Fraction(sum(values), len(values)) for code, values in points.items() if values},
        budget_minor=proposal.facts.blind.budget_minor,
        missing=len(reviews) - len(final) if final else max(1, len(reviews)),
    )


def _points(words: Words, code: str) -> int:
    return next(score.points for score in words.scores if score.criterion == code)


def _weightiest(call: Call) -> str:
    return max(call.criteria, key=lambda criterion: criterion.weight).code


def _key(call: Call, one: _Judged) -> tuple[Fraction, Fraction, Fraction, int]:
    return -one.mean, one.width, -one.means[_weightiest(call)], one.budget_minor


def _places(call: Call, ordered: list[_Judged]) -> list[tuple[int, Message | None]]:
    places: list[tuple[int, Message | None]] = [(1, None)] if ordered else []
    for count, (before, one) in enumerate(pairwise(ordered), start=2):
        same = _key(call, before) == _key(call, one)
        places.append((places[-1][0] if same else count, _why(call, before, one)))
    return places


def _why(call: Call, before: _Judged, one: _Judged) -> Message | None:
    first, second = _key(call, before), _key(call, one)
    if first[0] != second[0]:
        return None
    reasons = (
        msg("Same mean; the reviewers of the one before agree more."),
        msg("Same mean and agreement; the one before scores higher in {criterion}.", criterion=_weightiest(call)),
        msg("Same mean, agreement and weightiest criterion; the one before asks for less."),
    )
    parted = (why for why, left, right in zip(reasons, first[1:], second[1:], strict=True) if left != right)
    return next(parted, msg("Equal in all that counts: both share the place."))


def _standing(one: _Judged, place: int, why: Message | None) -> Standing:
    totals = tuple(sorted((round(float(value), 2) for value in one.totals), reverse=True))
    return Standing(
        proposal=one.proposal,
        title=one.title,
        place=place,
        mean=round(float(one.mean), 2) if totals else None,
        spread=round(pstdev(map(float, one.totals)), 2) if totals else None,
        totals=totals,
        by_criterion={code: round(float(value), 2) for code, value in one.means.items()},
        budget_minor=one.budget_minor,
        missing=one.missing,
        because=why,
    )
