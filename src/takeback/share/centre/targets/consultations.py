"""Consultations: a draft rule, indicator or plan, questions, the members' answers, and what became of each answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import Code, Facts, Line, LineZh, Text, kind
from takeback.share.centre.naming import RecordId, naming
from takeback.share.centre.records import Record, change, create, find, get, move

Moment = Annotated[datetime, Meta(tz=True)]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A question of a consultation."""

    code: Code
    text: Text
    text_zh: Text = ""


class Treatment(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an answer, and why."""

    answer_id: Annotated[UUID, naming("answer")]
    treatment: Literal["accepted", "partly", "rejected", "noted"]
    reason: Text


@kind(
    "consultation",
    title="title",
    states={"draft": ("open",), "open": ("closed",), "closed": ("published",), "published": ()},
    create="consult",
    fixed_in=("open", "closed", "published"),
)
class Consultation(Facts, frozen=True, kw_only=True):
    """A draft that members are asked about. `subject_id`: the record that it is about, if there is one."""

    about: Literal["rule", "indicator", "plan"]
    title: Line
    title_zh: Line
    draft: Text
    opens: Moment
    closes: Moment
    questions: tuple[Question, ...]
    draft_zh: Text = ""
    subject_id: RecordId | None = None
    summary: Text = ""
    summary_zh: Text = ""
    treatments: tuple[Treatment, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a consultation without questions, one that closes before it opens, and moments without a zone."""
        codes = {one.code for one in self.questions}
        zones = None not in (self.opens.tzinfo, self.closes.tzinfo)
        if not codes or len(codes) < len(self.questions) or not zones or self.opens >= self.closes:
            raise Problem(
                "centre.bad-consultation",
                msg("A consultation has questions, each with a code of its own, and closes after it opens."),
                where=self.title,
                found=f"{len(self.questions)}, {self.opens} - {self.closes}",
            )


@kind(
    "answer",
    title="title",
    states={"given": ()},
    create="consult.answer",
    read="consult",
    parent="consultation_id",
)
class Answer(Facts, frozen=True, kw_only=True):
    """What a person of a member answers; until publication whoever consults and the person alone see it."""

    consultation_id: Annotated[UUID, naming("consultation")]
    title: Line
    title_zh: LineZh = ""
    answers: tuple[tuple[Code, Text], ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as published: by which member, never by which person; `treatment`: what became of it."""

    id: UUID
    member_id: UUID | None
    answers: Mapping[str, str]
    treatment: Treatment | None


def draft_consultation(
    connection: sa.Connection, actor: CentreActor, facts: Consultation, *, at: datetime | None = None
) -> Record:
    """Draft a consultation; ``centre.bad-consultation``, ``centre.no-record`` (404) for what it is about."""
    if facts.subject_id is not None:
        get(connection, facts.subject_id)
    blank = msgspec.structs.replace(facts, summary="", summary_zh="", treatments=())
    return create(connection, actor, "consultation", blank, at=at)


def change_consultation(
    connection: sa.Connection,
    actor: CentreActor,
    consultation_id: UUID,
    facts: Consultation,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Record:
    """Change a consultation before it opens; ``centre.fixed`` (409) afterwards."""
    blank = msgspec.structs.replace(facts, summary="", summary_zh="", treatments=())
    return change(connection, actor, consultation_id, blank, kind="consultation", version=version, at=at)


def open_consultation(
    connection: sa.Connection, actor: CentreActor, consultation_id: UUID, *, at: datetime | None = None
) -> Record:
    """Ask for answers: from `opens` to `closes` members can give them."""
    return move(connection, actor, consultation_id, "open", kind="consultation", at=at)


def answer(
    connection: sa.Connection,
    actor: CentreActor,
    consultation_id: UUID,
    answers: Mapping[str, str],
    *,
    at: datetime | None = None,
) -> Record:
    """Answer a consultation, or answer anew while it is open.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-person`` (403), ``centre.not-open``, ``centre.too-late`` (409),
        ``centre.no-question`` for an answer to a question that was not asked, ``centre.no-answer`` for none.
    """
    actor.require("consult.answer")
    person, moment = actor.person(), at or clock.now(connection, actor.org_id)
    consultation = get(connection, consultation_id, kind="consultation", lock=True)
    _takes_answers(consultation, moment)
    _asked(consultation.facts, answers)
    said = tuple((code, text) for code, text in answers.items() if text.strip())
    about: Consultation = consultation.facts
    facts = Answer(consultation_id=consultation_id, title=about.title, title_zh=about.title_zh, answers=said)
    if old := find(connection, "answer", parent=consultation_id, person=person):
        return change(connection, actor, old[0].id, facts, at=moment)
    return create(connection, actor, "answer", facts, at=moment)


def my_answer(connection: sa.Connection, actor: CentreActor, consultation_id: UUID) -> Record | None:
    """Return what the person who acts has answered."""
    found = find(connection, "answer", parent=consultation_id, person=actor.person())
    return found[0] if found else None


def answers_to(connection: sa.Connection, actor: CentreActor, consultation_id: UUID) -> list[Answered]:
    """Return the answers: to whoever consults, and to everybody once the summary is published."""
    consultation = get(connection, consultation_id, kind="consultation")
    actor.require("centre.read" if consultation.state == "published" else "consult")
    treated = {one.answer_id: one for one in consultation.facts.treatments}
    found = find(connection, "answer", parent=consultation_id, state="given")
    return [Answered(one.id, one.member_id, dict(one.facts.answers), treated.get(one.id)) for one in reversed(found)]


def close_consultation(
    connection: sa.Connection, actor: CentreActor, consultation_id: UUID, *, at: datetime | None = None
) -> Record:
    """Take no further answers; ``centre.not-over`` (409) before the day that was told."""
    old = get(connection, consultation_id, kind="consultation", lock=True)
    moment = at or clock.now(connection, actor.org_id)
    if moment < old.facts.closes:
        raise Problem(
            "centre.not-over",
            msg("Members can answer until the day that was told."),
            where=old.title,
            found=moment,
            expected=str(old.facts.closes),
            status=409,
        )
    return move(connection, actor, consultation_id, "closed", at=moment)


def publish(
    connection: sa.Connection,
    actor: CentreActor,
    consultation_id: UUID,
    summary: str,
    treatments: Sequence[Treatment],
    *,
    summary_zh: str = "",
    at: datetime | None = None,
) -> Record:
    """Publish a summary and what became of each answer; ``centre.untreated`` when one is left out."""
    old = get(connection, consultation_id, kind="consultation", lock=True)
    given = {one.id for one in find(connection, "answer", parent=consultation_id, state="given")}
    treated = [one.answer_id for one in treatments]
    if sorted(treated) != sorted(given) or not all(one.reason.strip() for one in treatments) or not summary.strip():
        raise Problem(
            "centre.untreated",
            msg("A summary says of each answer, once, what became of it and why."),
            where=old.title,
            found=len({*treated} & given),
            expected=str(len(given)),
        )
    facts = msgspec.structs.replace(old.facts, summary=summary, summary_zh=summary_zh, treatments=tuple(treatments))
    return move(connection, actor, consultation_id, "published", facts=facts, at=at)


def _takes_answers(consultation: Record, moment: datetime) -> None:
    opens, closes = consultation.facts.opens, consultation.facts.closes
    if consultation.state == "draft" or moment < opens:
        raise Problem(
            "centre.not-open",
            msg("This consultation is not open yet."),
            where=consultation.title,
            found=consultation.state,
            expected=str(opens),
            status=409,
        )
    if consultation.state != "open" or moment >= closes:
        raise Problem(
            "centre.too-late",
            msg("This consultation is over."),
            where=consultation.title,
            found=moment,
            expected=str(closes),
            status=409,
        )


def _asked(facts: Consultation, answers: Mapping[str, str]) -> None:
    known = [one.code for one in facts.questions]
    if unknown := sorted({*answers} - {*known}):
        raise Problem(
            "centre.no-question", msg("This was not asked."), where="answers", found=unknown[0],
            expected=", ".join(known),
        )  # fmt: skip
    if not any(text.strip() for text in answers.values()):
        raise Problem("centre.no-answer", msg("There is no answer in this."), where="answers")
