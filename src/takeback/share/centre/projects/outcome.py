"""What came of a project and what becomes of it: whose it is, who was given it, who uses it and what that changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.identity.organisations import organisation_by_slug
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import Minor
from takeback.share.centre.money.currency import shown
from takeback.share.centre.money.spending import check_result
from takeback.share.centre.projects.kinds import Project
from takeback.share.centre.projects.outcome_kinds import IP, Adoption, Effect, Jobs, Readiness, Transfer
from takeback.share.centre.projects.proofs import check_proof
from takeback.share.centre.projects.team import of_team, of_team_or_user
from takeback.share.centre.records import Record, create, get, move


def agree_ip(connection: sa.Connection, actor: CentreActor, facts: IP, *, at: datetime | None = None) -> Record:
    """Record whose something is; raises ``centre.not-in-team``, ``centre.bad-shares``: owners that take no part."""
    project: Project = of_team(connection, actor, facts.project).facts
    strangers = {one.member for one in facts.shares} - {project.member, *project.partners}
    if strangers:
        raise Problem(
            "centre.bad-shares", msg("An owner takes no part in the project."), where="shares",
            found=", ".join(sorted(get(connection, one, kind="member").title for one in strangers)),
        )  # fmt: skip
    check_result(connection, facts.result)
    return create(connection, actor, "ip", facts, at=at, allowed=True)


def register_ip(
    connection: sa.Connection, actor: CentreActor, ip_id: UUID, registration: str, *, at: datetime | None = None
) -> Record:
    """Record under which number something is registered: a patent, a copyright of software."""
    old = get(connection, ip_id, kind="ip")
    of_team(connection, actor, old.facts.project)
    if not registration.strip():
        raise Problem("centre.no-evidence", msg("A registration has a number."), where=old.title)
    values = {name: getattr(old.facts, name) for name in IP.__struct_fields__}
    facts = IP(**{**values, "registration": registration.strip()})
    return move(connection, actor, ip_id, "registered", facts=facts, at=at, allowed=True)


def record_transfer(
    connection: sa.Connection, actor: CentreActor, facts: Transfer, *, at: datetime | None = None
) -> Record:
    """Record that technology goes to somebody.

    Raises
    ------
    Problem
        ``centre.not-in-team``; ``centre.bad-transfer``: to nobody, more received than agreed, or a readiness that fell.
    """
    of_team(connection, actor, facts.project)
    _someone(connection, facts.taker, facts.taker_name, "centre.bad-transfer")
    if facts.ip is not None:
        get(connection, facts.ip, kind="ip")
    _check_transfer(connection, facts)
    return create(connection, actor, "transfer", facts, at=at, allowed=True)


def update_transfer(
    connection: sa.Connection,
    actor: CentreActor,
    transfer_id: UUID,
    received: Minor,
    readiness_after: Readiness | None = None,
    jobs: Jobs | None = None,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Record:
    """Say what was received of a transfer so far (minor units), and its readiness and jobs now; it is effective then.

    What is None stays; `version`: the one that the change was made from.

    Raises
    ------
    Problem
        As `record_transfer`; ``centre.changed-meanwhile`` (409), ``centre.bad-move`` (409) for one that has ended.
    """
    of_team(connection, actor, get(connection, transfer_id, kind="transfer").facts.project)
    old = get(connection, transfer_id, kind="transfer")  # once more: nobody else writes from here on
    now = {"received": received, "readiness_after": readiness_after, "jobs": jobs}
    said = {name: value for name, value in now.items() if value is not None}
    facts: Transfer = msgspec.structs.replace(old.facts, **said)
    _check_transfer(connection, facts)
    return move(connection, actor, transfer_id, "effective", facts=facts, version=version, at=at, allowed=True)


def end_transfer(
    connection: sa.Connection, actor: CentreActor, transfer_id: UUID, reason: str = "", *, at: datetime | None = None
) -> Record:
    """Say that a transfer has ended."""
    of_team(connection, actor, get(connection, transfer_id, kind="transfer").facts.project)
    return move(connection, actor, transfer_id, "ended", reason=reason, at=at, allowed=True)


def record_adoption(
    connection: sa.Connection, actor: CentreActor, facts: Adoption, *, at: datetime | None = None
) -> Record:
    """Record who uses what came of a project, and what that changed: its team does, or the delegate of the user.

    Raises
    ------
    Problem
        ``centre.not-in-team``; ``centre.bad-adoption``: by nobody, or an effect before the use began;
        ``centre.no-proof``: a figure without an entry of the ledger though the user works on Takeback;
        ``centre.bad-proof``: an entry that the log does not confirm.
    """
    of_team_or_user(connection, actor, facts.project, facts.user)
    check_result(connection, facts.result)
    _check_adoption(connection, facts)
    return create(connection, actor, "adoption", facts, at=at, allowed=True)


def add_effect(
    connection: sa.Connection, actor: CentreActor, adoption_id: UUID, effect: Effect, *, at: datetime | None = None
) -> Record:
    """Record what an adoption changed in one more year; raises as `record_adoption`."""
    _own_adoption(connection, actor, adoption_id)
    old = get(connection, adoption_id, kind="adoption")
    values = {name: getattr(old.facts, name) for name in Adoption.__struct_fields__}
    facts = Adoption(**{**values, "effects": (*old.facts.effects, effect)})
    _check_adoption(connection, facts)
    return move(connection, actor, adoption_id, "using", facts=facts, at=at, allowed=True)


def link_adoption(
    connection: sa.Connection, actor: CentreActor, adoption_id: UUID, result: UUID, *, at: datetime | None = None
) -> Record:
    """Say which result or deliverable somebody uses, where that was not known when the use began.

    Raises
    ------
    Problem
        ``centre.not-in-team`` (403), ``centre.no-record`` (404), ``centre.no-result``, ``centre.bad-move`` (409)
        for a use that has ended.
    """
    _own_adoption(connection, actor, adoption_id)
    check_result(connection, result)
    old = get(connection, adoption_id, kind="adoption")
    linked = msgspec.structs.replace(old.facts, result=result)
    return move(connection, actor, adoption_id, "using", facts=linked, at=at, allowed=True)


def end_adoption(
    connection: sa.Connection, actor: CentreActor, adoption_id: UUID, reason: str = "", *, at: datetime | None = None
) -> Record:
    """Say that somebody does not use a result any more."""
    _own_adoption(connection, actor, adoption_id)
    return move(connection, actor, adoption_id, "ended", reason=reason, at=at, allowed=True)


def _own_adoption(connection: sa.Connection, actor: CentreActor, adoption_id: UUID) -> None:
    """Go on for those who may record it; whoever reads the adoption afterwards reads what nobody else changes."""
    facts: Adoption = get(connection, adoption_id, kind="adoption").facts
    of_team_or_user(connection, actor, facts.project, facts.user)


def _check_transfer(connection: sa.Connection, facts: Transfer) -> None:
    if facts.received > facts.value:
        raise Problem(
            "centre.bad-transfer",
            msg("More was received than was agreed."),
            where="received",
            found=shown(connection, facts.received),
            expected=msg("at most {amount}", amount=shown(connection, facts.value)),
        )
    if facts.readiness_before and facts.readiness_after and facts.readiness_after < facts.readiness_before:
        raise Problem("centre.bad-transfer", msg("The readiness would have fallen."), where="readiness_after")


def _check_adoption(connection: sa.Connection, facts: Adoption) -> None:
    _someone(connection, facts.user, facts.user_name, "centre.bad-adoption")
    seen: set[tuple[int, str]] = set()
    home = _home(connection, facts.user)
    for effect in facts.effects:
        if effect.year < facts.since.year or (effect.year, effect.measure) in seen:
            raise Problem(
                "centre.bad-adoption", msg("An effect lies before the use began, or is told twice for a year."),
                where=f"effects, {effect.measure}", found=effect.year,
            )  # fmt: skip
        seen.add((effect.year, effect.measure))
        _check_effect(connection, effect, home)


def _check_effect(connection: sa.Connection, effect: Effect, home: UUID | None) -> None:
    where = f"effects, {effect.measure}, {effect.year}"
    if home is not None and not any(one.organisation == home for one in effect.proofs):
        raise Problem(
            "centre.no-proof", msg("The user works on Takeback: this figure needs an entry of its ledger."),
            where=where, found=len(effect.proofs), expected=msg("at least one entry of the user's ledger"),
        )  # fmt: skip
    for proof in effect.proofs:
        check_proof(connection, proof, where)


def _home(connection: sa.Connection, member: UUID | None) -> UUID | None:
    """Return the organisation here that a member works with, if it does."""
    slug = get(connection, member, kind="member").facts.slug if member else None
    return organisation_by_slug(connection, slug).id if slug else None


def _someone(connection: sa.Connection, member: UUID | None, name: str, slug: str) -> None:
    if member is not None:
        get(connection, member, kind="member")
    elif not name.strip():
        raise Problem(slug, msg("Nobody is named who uses it."), expected=msg("a member, or a name"))
