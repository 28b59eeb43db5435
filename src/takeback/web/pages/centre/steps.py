"""Commands as a form can ask for them.

Those that take a state are one command for each step: a button says what happens, not which state follows. Those that
take pairs of a record and its entry take the records, which people choose.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from takeback.share.centre import organisation, projects, targets
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import Code, Text
from takeback.share.centre.naming import RecordId
from takeback.share.centre.organisation.papers import Agreement, Charter
from takeback.share.centre.records import Record
from takeback.share.centre.targets.evidence import pinned


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """Points of a criterion of an evaluation, and why; `evidence`: the records that show it."""

    criterion: Code
    points: Annotated[int, Meta(ge=0, le=100)]
    why: Text
    evidence: tuple[RecordId, ...] = ()


def begin_package(connection: sa.Connection, actor: CentreActor, package_id: UUID) -> Record:
    """Say that the work of a package begins, or goes on."""
    return projects.move_work_package(connection, actor, package_id, "running")


def finish_package(connection: sa.Connection, actor: CentreActor, package_id: UUID) -> Record:
    """Say that the work of a package is done."""
    return projects.move_work_package(connection, actor, package_id, "done")


def occur_risk(connection: sa.Connection, actor: CentreActor, risk_id: UUID, reason: str = "") -> Record:
    """Say that what might go wrong did."""
    return projects.move_risk(connection, actor, risk_id, "occurred", reason)


def close_risk(connection: sa.Connection, actor: CentreActor, risk_id: UUID, reason: str = "") -> Record:
    """Say that a risk is none any more."""
    return projects.move_risk(connection, actor, risk_id, "closed", reason)


def open_risk(connection: sa.Connection, actor: CentreActor, risk_id: UUID, reason: str = "") -> Record:
    """Say that a risk which was closed is one again."""
    return projects.move_risk(connection, actor, risk_id, "open", reason)


def correct_minutes(
    connection: sa.Connection, actor: CentreActor, meeting_id: UUID, minutes: Text, minutes_zh: Text = "", *,
    version: int | None = None,
) -> Record:  # fmt: skip
    """Correct the minutes in both languages: a text that was emptied in the form is empty."""
    return organisation.correct_minutes(connection, actor, meeting_id, minutes, minutes_zh, version=version)


def amend_charter(
    connection: sa.Connection, actor: CentreActor, paper_id: UUID, paper: Charter, *, reason: Text
) -> Record:
    """Put another text in the place of a charter's."""
    return organisation.amend(connection, actor, paper_id, paper, reason=reason)


def amend_agreement(
    connection: sa.Connection, actor: CentreActor, paper_id: UUID, paper: Agreement, *, reason: Text
) -> Record:
    """Put another text in the place of an agreement's."""
    return organisation.amend(connection, actor, paper_id, paper, reason=reason)


def assess(
    connection: sa.Connection, actor: CentreActor, evaluation_id: UUID, assessment: tuple[Judged, ...]
) -> Record:
    """Record what the centre says of itself, criterion by criterion."""
    said = {one.criterion: (one.points, one.why, one.evidence) for one in assessment}
    return targets.assess(connection, actor, evaluation_id, said)


def score(
    connection: sa.Connection, actor: CentreActor, evaluation_id: UUID, scores: tuple[Judged, ...], *,
    comment: Text = "",
) -> Record:  # fmt: skip
    """Give an expert's points to each criterion."""
    given = [
        targets.Judgement(
            criterion=one.criterion, points=one.points, why=one.why,
            evidence=pinned(connection, one.evidence) if one.evidence else (),
        )
        for one in scores
    ]  # fmt: skip
    return targets.score(connection, actor, evaluation_id, given, comment=comment)
