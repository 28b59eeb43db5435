"""Costs that a member of the team claims: with a receipt, decided by who runs the money, then spent as any other cost.

claimed -> approved (a spending is booked), refused with the reason, or withdrawn by whoever claimed it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.files import attach, content_of, files_of
from takeback.share.centre.kinds import Amount, Facts, Line, Text, kind
from takeback.share.centre.money import CostKind, Spending, spend
from takeback.share.centre.money.book import hold
from takeback.share.centre.money.spending import plain
from takeback.share.centre.naming import PersonId, ProjectId, naming
from takeback.share.centre.projects.team import running
from takeback.share.centre.records import Record, create, find, get, move
from takeback.share.centre.turns import take_turn

Receipt = tuple[str, str, bytes]
"""A file that shows the cost: its name, media type and content."""


@kind(
    "claim",
    title="purpose",
    states={"claimed": ("approved", "refused", "withdrawn"), "approved": (), "refused": (), "withdrawn": ()},
    create="project.work",
    edit="money.edit",
    read="money.read",
    fixed_in=("claimed", "approved", "refused", "withdrawn"),
    parent="project",
    person="person",
    year="year",
)
class Claim(Facts, frozen=True, kw_only=True):
    """A cost (minor units) that somebody had for a project. `spending`: what was booked when it was approved."""

    project: ProjectId
    person: PersonId
    cost_kind: CostKind
    amount: Amount
    purpose: Line
    on: date
    supplier: Annotated[str, Meta(min_length=1, max_length=200)]
    invoice: Annotated[str, Meta(min_length=1, max_length=100)]
    spending: Annotated[UUID, naming("spending")] | None = None
    answer: Text = ""

    @property
    def year(self) -> int:
        """The year of the cost."""
        return self.on.year


def claim_cost(
    connection: sa.Connection,
    actor: CentreActor,
    project_id: UUID,
    receipt: Receipt,
    *,
    cost_kind: CostKind,
    amount: Amount,
    purpose: Line,
    on: date,
    supplier: Annotated[str, Meta(min_length=1, max_length=200)],
    invoice: Annotated[str, Meta(min_length=1, max_length=100)],
    at: datetime | None = None,
) -> Record:
    """Claim a cost of a project that one works on, with its receipt.

    Raises
    ------
    Problem
        ``centre.not-in-team`` (403), ``centre.project-over`` (409), ``centre.cost-ahead``, ``centre.bad-file``,
        ``centre.claimed-twice`` (409) for an invoice that was claimed or spent.
    """
    actor.require("project.work")
    running(connection, actor, project_id)
    claim = Claim(
        project=project_id, person=actor.person(), cost_kind=cost_kind, amount=amount, purpose=purpose, on=on,
        supplier=supplier, invoice=invoice,
    )  # fmt: skip
    now = at or clock.now(connection, actor.org_id)
    if on > (now + timedelta(days=1)).date():
        raise Problem(
            "centre.cost-ahead", msg("This cost lies in the future."), where="on", found=on,
            expected=msg("not after {day}", day=now.date()),
        )  # fmt: skip
    take_turn(connection)  # of two claims of one invoice sent at once, one is refused
    _once(connection, claim)
    made = create(connection, actor, "claim", claim, at=at, allowed=True)
    attach(connection, actor, made.id, *receipt, at=at)
    return made


def approve_claim(
    connection: sa.Connection,
    actor: CentreActor,
    claim_id: UUID,
    fund: UUID,
    *,
    result: UUID | None = None,
    at: datetime | None = None,
) -> Record:
    """Approve a claim: it is spent from `fund` with the receipt, under all rules of the fund; return the spending.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.own-claim`` (403), ``centre.bad-move`` (409), and as `money.spend`.
    """
    actor.require("money.edit")
    hold(connection, actor.org_id)
    claim = _open(connection, actor, claim_id)
    facts: Claim = claim.facts
    papers = [(one.name, one.media_type, content_of(connection, one.id)) for one in files_of(connection, claim_id)]
    spending = Spending(
        fund=fund, project=facts.project, cost_kind=facts.cost_kind, amount=facts.amount, purpose=facts.purpose,
        on=facts.on, supplier=facts.supplier, invoice=facts.invoice, result=result,
    )  # fmt: skip
    made = spend(connection, actor, spending, papers=papers, at=at)
    booked = msgspec.structs.replace(facts, spending=made.id)
    move(connection, actor, claim_id, "approved", facts=booked, at=at, allowed=True)
    return made


def refuse_claim(
    connection: sa.Connection, actor: CentreActor, claim_id: UUID, reason: str, *, at: datetime | None = None
) -> Record:
    """Refuse a claim; raises ``centre.no-reason`` without a reason, and as `approve_claim`."""
    actor.require("money.edit")
    claim = _open(connection, actor, claim_id)
    if not reason.strip():
        raise Problem("centre.no-reason", msg("Say why."), where="reason", expected=msg("a few words"))
    told = msgspec.structs.replace(claim.facts, answer=reason)
    return move(connection, actor, claim_id, "refused", facts=told, reason=reason, at=at, allowed=True)


def withdraw_claim(
    connection: sa.Connection, actor: CentreActor, claim_id: UUID, *, at: datetime | None = None
) -> Record:
    """Take a claim of one's own back before it is decided; ``centre.no-record`` (404) for another person's."""
    claim = get(connection, claim_id, kind="claim", lock=True)
    if claim.facts.person != actor.person():
        raise Problem("centre.no-record", msg("There is no such record in this centre."), found=claim_id, status=404)
    return move(connection, actor, claim_id, "withdrawn", at=at, allowed=True)


def my_claims(connection: sa.Connection, actor: CentreActor) -> list[Record]:
    """Return the claims of the person who acts, the latest changed first."""
    actor.require("project.work")
    return find(connection, "claim", person=actor.person())


def _open(connection: sa.Connection, actor: CentreActor, claim_id: UUID) -> Record:
    """Return a claim that somebody else than its person decides: two people look at each cost."""
    claim = get(connection, claim_id, kind="claim", lock=True)
    if claim.state != "claimed":
        raise Problem(
            "centre.bad-move", msg("This claim is decided already."), where=claim.title, found=claim.state,
            expected="claimed", status=409,
        )  # fmt: skip
    if claim.facts.person == actor.person_id:
        raise Problem(
            "centre.own-claim",
            msg("Nobody decides on a cost of their own."),
            where=claim.title,
            remedy=msg("Ask somebody else who runs the centre."),
            status=403,
        )
    return claim


def _once(connection: sa.Connection, claim: Claim) -> None:
    """Refuse an invoice that was claimed or spent already; raises ``centre.claimed-twice`` (409)."""
    known: Sequence[Record] = [
        *find(connection, "claim", state=("claimed", "approved")), *find(connection, "spending", state="booked"),
    ]  # fmt: skip
    mine = _number(claim)
    double = next((one for one in known if one.facts.invoice and _number(one.facts) == mine), None)
    if double is not None:
        raise Problem(
            "centre.claimed-twice",
            msg("This invoice was claimed or spent already."),
            where="invoice",
            found=f"{claim.supplier}, {claim.invoice}",
            expected=msg("every invoice of a supplier once in the centre"),
            status=409,
        )


def _number(one: Claim | Spending) -> tuple[str, str]:
    return plain(one.supplier), plain(one.invoice, marks="")
