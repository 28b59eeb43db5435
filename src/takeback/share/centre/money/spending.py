"""Money goes to projects: committed, spent with what shows it, set free again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.core.ids import uuid7
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.files import attach
from takeback.share.centre.money.book import Line, balances, hold, post, total
from takeback.share.centre.money.currency import shown
from takeback.share.centre.money.hours import check_hours, hours_of
from takeback.share.centre.money.kinds import Commitment, Fund, Spending
from takeback.share.centre.money.rules import (
    broken,
    check_amount,
    check_cost_kind,
    check_held,
    check_matching,
    check_project,
    check_year,
    open_fund,
)
from takeback.share.centre.people import person_by_id
from takeback.share.centre.records import Record, create, get, move

OVER = ("accepted", "refused", "stopped")
"""States of a project to which nothing is committed any more."""
Paper = tuple[str, str, bytes]
"""A file that shows a cost: its name, media type and content."""


def commit(
    connection: sa.Connection, actor: CentreActor, commitment: Commitment, *, at: datetime | None = None
) -> Record:
    """Commit an amount of a fund to a project.

    Raises
    ------
    Problem
        ``centre.forbidden``; ``centre.project-over``; ``centre.fund-`` and the rule: ``open``, ``available``,
        ``projects``, ``per-project``, ``years``, ``matching``.
    """
    actor.require("money.edit")
    hold(connection, actor.org_id)
    fund, held = open_fund(connection, commitment.fund), balances(connection, fund=commitment.fund)
    _going_on(connection, commitment.project)
    check_year(fund, commitment.year)
    check_held(connection, fund, total(held, "available"), commitment.amount, "available")
    check_project(connection, fund, commitment.project, held, commitment.amount)
    if fund.matching:
        check_matching(connection, commitment.project, commitment.fund, commitment.amount)
    made = create(connection, actor, "commitment", commitment, at=at)
    lines = [
        Line("available", commitment.fund, None, -commitment.amount),
        Line("committed", commitment.fund, commitment.project, commitment.amount),
    ]
    post(connection, actor, "commit", made.id, lines, at=at)
    return made


def release(
    connection: sa.Connection, actor: CentreActor, fund_id: UUID, project: UUID, amount: int, *, note: str = "",
    at: datetime | None = None,
) -> int:  # fmt: skip
    """Set free what a project does not need, to be committed anew; return the entry.

    Raises
    ------
    Problem
        ``centre.fund-committed``; ``centre.fund-matching`` where other funds ask for this own share.
    """
    actor.require("money.edit")
    check_amount(amount)
    hold(connection, actor.org_id)
    fund, held = open_fund(connection, fund_id), balances(connection, fund=fund_id)
    check_held(connection, fund, total(held, "committed", project=project), amount, "committed")
    if fund.own:
        check_matching(connection, project, fund_id, -amount)
    lines = [Line("committed", fund_id, project, -amount), Line("available", fund_id, None, amount)]
    return post(connection, actor, "release", fund_id, lines, more={"note": note}, at=at)


def spend(
    connection: sa.Connection,
    actor: CentreActor,
    spending: Spending,
    *,
    papers: Sequence[Paper] = (),
    at: datetime | None = None,
    allowed: bool = False,
) -> Record:
    """Spend what is committed to a project; `allowed` where the caller has looked at the permission itself.

    Raises
    ------
    Problem
        ``centre.forbidden``; ``centre.cost-ahead``; ``centre.no-evidence``; ``centre.invoice-twice`` (409);
        ``centre.hours-twice`` (409); ``centre.fund-`` and the rule: ``open``, ``committed``, ``years``,
        ``cost-kinds``, ``caps``, ``paper``.
    """
    if not allowed:
        actor.require("money.edit")
    hold(connection, actor.org_id)
    fund, held = open_fund(connection, spending.fund), balances(connection, fund=spending.fund)
    check_year(fund, spending.year)
    _not_ahead(spending, at or clock.now(connection, actor.org_id))
    check_cost_kind(connection, fund, spending.cost_kind, held, spending.amount)
    check_held(connection, fund, total(held, "committed", project=spending.project), spending.amount, "committed")
    more = _evidence(connection, fund, spending, len(papers))
    check_result(connection, spending.result)
    made = create(connection, actor, "spending", spending, id=uuid7(), at=at, allowed=True)
    post(connection, actor, "spend", made.id, _spent(fund, spending, 1), more=more, at=at)
    for name, media_type, content in papers:
        attach(connection, actor, made.id, name, media_type, content, at=at)
    return made


def reverse(
    connection: sa.Connection, actor: CentreActor, spending_id: UUID, reason: str, *, at: datetime | None = None
) -> Record:
    """Take a spending back (a mistake, a refund): its amount is committed again, its invoice and hours are free."""
    actor.require("money.edit")
    hold(connection, actor.org_id)
    spending: Spending = get(connection, spending_id, kind="spending").facts
    fund = open_fund(connection, spending.fund)
    moved = move(connection, actor, spending_id, "reversed", reason=reason, at=at)
    post(connection, actor, "reverse", spending_id, _spent(fund, spending, -1), more={"note": reason}, at=at)
    return moved


def link_result(
    connection: sa.Connection, actor: CentreActor, spending_id: UUID, result: UUID, *, at: datetime | None = None,
    allowed: bool = False,
) -> Record:  # fmt: skip
    """Say which result or deliverable a spending led to; raises ``centre.no-result`` when it is no such record."""
    if not allowed:
        actor.require("money.edit")
    hold(connection, actor.org_id)
    check_result(connection, result)
    old = get(connection, spending_id, kind="spending")
    values = {name: getattr(old.facts, name) for name in Spending.__struct_fields__}
    linked = Spending(**{**values, "result": result})
    return move(connection, actor, spending_id, "booked", facts=linked, at=at, allowed=True)


def _going_on(connection: sa.Connection, project: UUID) -> None:
    record = get(connection, project, kind="project")
    if record.state in OVER:
        raise Problem(
            "centre.project-over", msg("This project is over: nothing is committed to it any more."),
            where=record.title, found=record.state, status=409,
        )  # fmt: skip


def _not_ahead(spending: Spending, now: datetime) -> None:
    if spending.on > (now + timedelta(days=1)).date():
        raise Problem(
            "centre.cost-ahead",
            msg("This cost lies in the future."),
            where=spending.purpose,
            found=spending.on,
            expected=msg("not after {day}", day=now.date()),
        )


def _spent(fund: Fund, spending: Spending, sign: int) -> list[Line]:
    account = f"{'in-kind' if fund.in_kind else 'spent'}:{spending.cost_kind}"
    return [
        Line("committed", spending.fund, spending.project, -sign * spending.amount),
        Line(account, spending.fund, spending.project, sign * spending.amount),
    ]


def _evidence(connection: sa.Connection, fund: Fund, spending: Spending, papers: int) -> dict[str, Any]:
    """Return what the entry says of an invoice or of hours; refuse what nothing shows, or what was shown before."""
    if fund.paper_above is not None and spending.amount > fund.paper_above and not papers:
        raise broken(
            fund, "paper", msg("This amount needs a file that shows it."), shown(connection, spending.amount),
            msg("a file for more than {amount}", amount=shown(connection, fund.paper_above)),
        )  # fmt: skip
    if spending.supplier and spending.invoice:
        return {"invoice": _new_invoice(connection, spending)}
    if spending.person and spending.begins and spending.ends:
        person_by_id(connection, spending.person)
        hours = hours_of(spending.person, spending.project, spending.begins, spending.ends)
        check_hours(connection, hours)
        return {"hours": hours}
    if spending.use:
        get(connection, spending.use, kind="use")
        return {"invoice": ("use", str(spending.use))}
    raise Problem(
        "centre.no-evidence",
        msg("Nothing shows this cost."),
        where=spending.purpose,
        expected=msg("a supplier with an invoice number, a person with hours, or the use of a resource"),
    )


def _new_invoice(connection: sa.Connection, spending: Spending) -> tuple[str, str]:
    supplier, number = plain(spending.supplier), plain(spending.invoice, marks="")
    first = connection.execute(_INVOICE, {"supplier": supplier, "number": number}).one_or_none()
    if first:
        raise Problem(
            "centre.invoice-twice",
            msg("This invoice was spent already."),
            where=first.title,
            found=f"{spending.supplier}, {spending.invoice}",
            expected=msg("every invoice of a supplier once in the centre"),
            status=409,
        )
    return supplier, number


def plain(text: str, *, marks: str = ".,，。、·") -> str:
    """Return a name or number as it is compared: one width, one case, without spaces and these marks."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(rf"[\s{re.escape(marks)}]+", "", folded) or folded


def check_result(connection: sa.Connection, result: UUID | None) -> None:
    """Go on only with a result or deliverable of the centre, or none; raises ``centre.no-result``."""
    if result is not None and get(connection, result).kind not in ("result", "deliverable"):
        raise Problem(
            "centre.no-result", msg("This record is no result."), found=result, expected="result, deliverable"
        )


_INVOICE = sa.text("""
    select r.title from centre_invoice i join centre_record r on r.id = i.record_id
    where i.supplier = :supplier and i.number = :number
""")
