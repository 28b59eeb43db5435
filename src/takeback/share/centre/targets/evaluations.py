"""Mid-term and final evaluation: weighted criteria, self-assessment, experts' scores, the authority's conclusion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Annotated, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import Code, Facts, Line, Text, kind
from takeback.share.centre.naming import RecordId, naming
from takeback.share.centre.reasons import require_reason
from takeback.share.centre.records import Record, change, create, find, get, move
from takeback.share.centre.targets.evidence import pinned
from takeback.share.centre.targets.judges import interests_of, require_disinterested
from takeback.share.centre.targets.periods import in_plan

Points = Annotated[int, Meta(ge=0, le=100)]
Conclusion = Literal["excellent", "passed", "conditional", "failed"]


class Criterion(msgspec.Struct, frozen=True, kw_only=True):
    """What is judged, with its weight in per cent; `indicators`: the codes that say something about it."""

    code: Code
    name: Line
    name_zh: Line
    weight_pct: Annotated[int, Meta(ge=1, le=100)]
    indicators: tuple[str, ...] = ()


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """Points of a criterion, 0 to 100, and why; `evidence`: records with their entries."""

    criterion: Code
    points: Points
    why: Text
    evidence: tuple[tuple[RecordId, int], ...] = ()


@kind(
    "evaluation",
    title="title",
    states={"prepared": ("assessed",), "assessed": ("scored", "prepared"), "scored": ("concluded",), "concluded": ()},
    create="target.edit",
    move={
        "assessed": "report.make",
        "prepared": "report.make",
        "scored": "priority.edit",
        "concluded": "priority.edit",
    },
    fixed_in=("assessed", "scored", "concluded"),
    parent="period_id",
    year="year",
)
class Evaluation(Facts, frozen=True, kw_only=True):
    """An evaluation of the centre: the centre assesses itself, experts score, the authority concludes."""

    period_id: Annotated[UUID, naming("period")]
    sort: Literal["mid-term", "final"]
    year: int
    title: Line
    title_zh: Line
    criteria: tuple[Criterion, ...]
    assessment: tuple[Judgement, ...] = ()
    conclusion: Conclusion | None = None
    reasons: Text = ""

    def __post_init__(self) -> None:
        """Refuse criteria whose weights are not 100 per cent together, or that are named twice."""
        codes, weight = [one.code for one in self.criteria], sum(one.weight_pct for one in self.criteria)
        if weight != 100 or len({*codes}) < len(codes):
            raise Problem(
                "centre.bad-criteria",
                msg("The weights of the criteria, each named once, are 100 per cent together."),
                where="criteria",
                found=f"{weight} %, {', '.join(codes)}",
            )


@kind(
    "evaluation-score",
    title="title",
    states={"given": ("abstained",), "abstained": ()},
    create="review.write",
    read="target.edit",
    parent="evaluation_id",
)
class EvaluationScore(Facts, frozen=True, kw_only=True):
    """What one expert gives; others than the centre's managers and the authority see only the sums.

    `interest`: why an expert abstains, or was found to have to; such points do not count.
    """

    evaluation_id: Annotated[UUID, naming("evaluation")]
    title: Line
    scores: tuple[Judgement, ...] = ()
    comment: Text = ""
    interest: Text = ""


@dataclass(frozen=True, slots=True)
class Score:
    """The experts' points: the weighted mean, that of each criterion, and the lowest and highest expert."""

    experts: int
    mean: Fraction
    lowest: Fraction
    highest: Fraction
    criteria: Mapping[str, Fraction]


def prepare_evaluation(
    connection: sa.Connection, actor: CentreActor, facts: Evaluation, *, at: datetime | None = None
) -> Record:
    """Prepare an evaluation of a year of a stage; ``centre.bad-criteria``, ``centre.bad-year``."""
    in_plan(get(connection, facts.period_id, kind="period"), facts.year)
    blank = msgspec.structs.replace(facts, assessment=(), conclusion=None, reasons="")
    return create(connection, actor, "evaluation", blank, at=at)


def change_evaluation(
    connection: sa.Connection,
    actor: CentreActor,
    evaluation_id: UUID,
    facts: Evaluation,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Record:
    """Change an evaluation before the centre has assessed itself; ``centre.fixed`` (409) afterwards."""
    in_plan(get(connection, facts.period_id, kind="period"), facts.year)
    blank = msgspec.structs.replace(facts, assessment=(), conclusion=None, reasons="")
    return change(connection, actor, evaluation_id, blank, version=version, at=at)


def assess(
    connection: sa.Connection,
    actor: CentreActor,
    evaluation_id: UUID,
    points: Mapping[str, tuple[int, str, Sequence[UUID]]],
    *,
    at: datetime | None = None,
) -> Record:
    """Record the centre's own assessment: criterion -> points, why, and the records that show it."""
    old = get(connection, evaluation_id, kind="evaluation", lock=True)
    said = tuple(
        Judgement(criterion=code, points=_points(code, given), why=why, evidence=pinned(connection, shown))
        for code, (given, why, shown) in points.items()
    )
    _complete(old.facts, said)
    facts = msgspec.structs.replace(old.facts, assessment=said)
    return move(connection, actor, evaluation_id, "assessed", facts=facts, at=at)


def reopen_assessment(
    connection: sa.Connection, actor: CentreActor, evaluation_id: UUID, reason: str, *, at: datetime | None = None
) -> Record:
    """Take the centre's own assessment back, to change it, while no expert has judged by it.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-reason``, ``centre.scores-given`` (409), ``centre.bad-move`` (409).
    """
    actor.require("report.make")
    old = get(connection, evaluation_id, kind="evaluation", lock=True)
    if given := len(_given(connection, evaluation_id)):
        raise Problem(
            "centre.scores-given", msg("Experts have given their points on this assessment."), where=old.title,
            found=given, status=409,
        )  # fmt: skip
    return move(connection, actor, evaluation_id, "prepared", reason=require_reason(reason), at=at)


def score(
    connection: sa.Connection,
    actor: CentreActor,
    evaluation_id: UUID,
    scores: Sequence[Judgement],
    *,
    comment: str = "",
    at: datetime | None = None,
) -> Record:
    """Give an expert's points to every criterion, or give them anew until the scores are closed.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-person`` (403), ``centre.not-open`` (409) before the centre has assessed
        itself and after the scores were closed, ``centre.incomplete`` when a criterion has no points,
        ``centre.reviewer-conflict`` (409) for an expert with an interest, with the rule.
    """
    actor.require("review.write")
    expert = actor.person()
    evaluation = get(connection, evaluation_id, kind="evaluation", lock=True)
    if evaluation.state != "assessed":
        raise Problem(
            "centre.not-open",
            msg("This evaluation takes no scores now."),
            where=evaluation.title,
            found=evaluation.state,
            expected="assessed",
            status=409,
        )
    require_disinterested(connection, evaluation, expert)
    _complete(evaluation.facts, scores)
    facts = EvaluationScore(evaluation_id=evaluation_id, title=evaluation.title, scores=tuple(scores), comment=comment)
    if old := find(connection, "evaluation-score", parent=evaluation_id, person=expert):
        return change(connection, actor, old[0].id, facts, at=at)
    return create(connection, actor, "evaluation-score", facts, at=at)


def declare_interest(
    connection: sa.Connection, actor: CentreActor, evaluation_id: UUID, note: str, *, at: datetime | None = None
) -> None:
    """Abstain, as an expert, from judging the centre: points that were given do not count, and none are taken.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-person`` (403), ``centre.no-reason`` without a note, ``centre.not-open``
        (409) once the scores are closed.
    """
    actor.require("review.write")
    expert = actor.person()
    evaluation = get(connection, evaluation_id, kind="evaluation", lock=True)
    if not note.strip():
        raise Problem("centre.no-reason", msg("Say why."), where="note", expected=msg("a few words"))
    if evaluation.state not in ("prepared", "assessed"):
        raise Problem(
            "centre.not-open", msg("This evaluation takes no scores now."), where=evaluation.title,
            found=evaluation.state, status=409,
        )  # fmt: skip
    given = find(connection, "evaluation-score", parent=evaluation_id, person=expert)
    if any(one.state == "abstained" for one in given):
        return
    blank = EvaluationScore(evaluation_id=evaluation_id, title=evaluation.title)
    one = given[0] if given else create(connection, actor, "evaluation-score", blank, at=at, allowed=True)
    _abstain(connection, actor, one, note, at)


def close_scores(
    connection: sa.Connection, actor: CentreActor, evaluation_id: UUID, *, at: datetime | None = None
) -> Record:
    """Take no further scores; ``centre.incomplete`` when no expert has given any that count.

    The rules are looked at again: points of an expert who has an interest by now are set aside, with the rule.
    """
    evaluation = get(connection, evaluation_id, kind="evaluation", lock=True)
    actor.require("priority.edit")
    for one in _given(connection, evaluation_id):
        rules = interests_of(connection, evaluation, one.person_id) if one.person_id else []
        if rules:
            _abstain(connection, actor, one, rules[0], at)
    if not _given(connection, evaluation_id):
        raise Problem("centre.incomplete", msg("No expert has given points."), where="scores", found=0, status=409)
    return move(connection, actor, evaluation_id, "scored", at=at)


def conclude(
    connection: sa.Connection,
    actor: CentreActor,
    evaluation_id: UUID,
    conclusion: Conclusion,
    reasons: str,
    *,
    at: datetime | None = None,
) -> Record:
    """Conclude an evaluation; ``centre.no-reasons`` without any."""
    if not reasons.strip():
        raise Problem("centre.no-reasons", msg("A conclusion needs reasons."), where="reasons")
    old = get(connection, evaluation_id, kind="evaluation", lock=True)
    facts = msgspec.structs.replace(old.facts, conclusion=conclusion, reasons=reasons)
    return move(connection, actor, evaluation_id, "concluded", facts=facts, reason=reasons, at=at)


def score_of(connection: sa.Connection, actor: CentreActor, evaluation_id: UUID) -> Score | None:
    """Return the experts' points; None before the scores are closed, so that no expert follows another's."""
    actor.require("centre.read")
    return points_of(connection, get(connection, evaluation_id, kind="evaluation"))


def points_of(connection: sa.Connection, evaluation: Record) -> Score | None:
    """Return the experts' points of an evaluation whose scores are closed, else None."""
    if evaluation.state not in ("scored", "concluded"):
        return None
    weights = {one.code: one.weight_pct for one in evaluation.facts.criteria}
    given = [{one.criterion: one.points for one in record.facts.scores} for record in _given(connection, evaluation.id)]
    each = [Fraction(sum(points[code] * weight for code, weight in weights.items()), 100) for points in given]
    of_criterion = {code: Fraction(sum(points[code] for points in given), len(given)) for code in weights}
    return Score(len(given), sum(each, Fraction(0)) / len(each), min(each), max(each), of_criterion)


def _given(connection: sa.Connection, evaluation_id: UUID) -> list[Record]:
    """Return the experts' points that count."""
    return find(connection, "evaluation-score", parent=evaluation_id, state="given")


def _abstain(connection: sa.Connection, actor: CentreActor, given: Record, interest: str, at: datetime | None) -> None:
    facts = msgspec.structs.replace(given.facts, interest=interest)
    move(connection, actor, given.id, "abstained", kind="evaluation-score", facts=facts, at=at, allowed=True)


def _points(code: str, points: int) -> int:
    if not 0 <= points <= 100:
        raise Problem("centre.bad-points", msg("Points are 0 to 100."), where=code, found=points)
    return points


def _complete(facts: Evaluation, said: Iterable[Judgement]) -> None:
    given, asked = [one.criterion for one in said], [one.code for one in facts.criteria]
    if sorted(given) != sorted(asked):
        raise Problem(
            "centre.incomplete",
            msg("Each criterion is judged once."),
            where="criteria",
            found=", ".join(given),
            expected=", ".join(asked),
        )
    for one in said:
        _points(one.criterion, one.points)
