"""Money comes into a fund, goes back to who gave it, or on to another fund."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.money.book import Balance, Line, balances, hold, post, total
from takeback.share.centre.money.currency import shown
from takeback.share.centre.money.kinds import Fund
from takeback.share.centre.money.rules import broken, check_amount, check_held, check_limit, open_fund
from takeback.share.centre.money.violations import Violation, fund_violations, matching_violations
from takeback.share.centre.records import Record, create, find, get, move


def open_new_fund(connection: sa.Connection, actor: CentreActor, fund: Fund, *, at: datetime | None = None) -> Record:
    """Open a fund, empty; raises ``centre.fund-code`` (409) when another has its code."""
    hold(connection, actor.org_id)
    if any(one.facts.code == fund.code for one in find(connection, "fund")):
        raise broken(fund, "code", msg("Another fund has this code."), fund.code, msg("a code of its own"))
    return create(connection, actor, "fund", fund, at=at)


def amend_fund(
    connection: sa.Connection, actor: CentreActor, fund_id: UUID, fund: Fund, *, version: int | None = None,
    at: datetime | None = None,
) -> Record:  # fmt: skip
    """Change a fund's rules; raises ``centre.fund-amended`` (409) when what was done already would break them."""
    actor.require("money.edit")
    hold(connection, actor.org_id)
    with connection.begin_nested():
        changed = move(connection, actor, fund_id, "open", kind="fund", facts=fund, version=version, at=at)
        _still_right(fund, [*fund_violations(connection, changed), *matching_violations(connection)])
    return changed


def _still_right(fund: Fund, found: Sequence[Violation]) -> None:
    if found:
        slug = "centre.fund-amended"
        raise Problem(
            slug,
            msg("What was done with this fund would break its new rules."),
            where=fund.code,
            status=409,
            errors=[Problem(slug, one.what, where=one.where, found=one.found, expected=one.expected) for one in found],
        )


def close_fund(connection: sa.Connection, actor: CentreActor, fund_id: UUID, *, at: datetime | None = None) -> Record:
    """Close a fund of which nothing is left to be used; raises ``centre.fund-left`` (409)."""
    actor.require("money.edit")
    hold(connection, actor.org_id)
    fund = get(connection, fund_id, kind="fund").facts
    left = total(balances(connection, fund=fund_id), "available", "committed")
    if left:
        raise broken(
            fund, "left", msg("There is money left in this fund."), shown(connection, left),
            msg("nothing available and committed"),
            msg("Release what is committed, then give back or pass on what is left."),
        )  # fmt: skip
    return move(connection, actor, fund_id, "closed", at=at)


def grant(
    connection: sa.Connection, actor: CentreActor, fund_id: UUID, amount: int, *, note: str = "",
    at: datetime | None = None,
) -> int:  # fmt: skip
    """Take in `amount` (minor units) from a fund's source; return the entry.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.bad-amount``, ``centre.fund-open``, ``centre.fund-limit``.
    """
    fund, held = _begin(connection, actor, fund_id, amount)
    check_limit(connection, fund, held, amount)
    lines = [Line(f"source:{fund.channel}", fund_id, None, -amount), Line("available", fund_id, None, amount)]
    return post(connection, actor, "grant", fund_id, lines, more={"note": note}, at=at)


def give_back(
    connection: sa.Connection, actor: CentreActor, fund_id: UUID, amount: int, *, note: str = "",
    at: datetime | None = None,
) -> int:  # fmt: skip
    """Give what is available back to the source; return the entry. Raises ``centre.fund-available``."""
    fund, held = _begin(connection, actor, fund_id, amount)
    check_held(connection, fund, total(held, "available"), amount, "available")
    lines = [Line("available", fund_id, None, -amount), Line("returned", fund_id, None, amount)]
    return post(connection, actor, "return", fund_id, lines, more={"note": note}, at=at)


def transfer(
    connection: sa.Connection, actor: CentreActor, giver_id: UUID, taker_id: UUID, amount: int, *, note: str = "",
    at: datetime | None = None,
) -> int:  # fmt: skip
    """Pass what is available on to another fund, where the giver's rules allow that; return the entry.

    Raises
    ------
    Problem
        ``centre.fund-transfer`` (not allowed, to itself, or between money and things in kind),
        ``centre.fund-available``, ``centre.fund-limit`` (of the taker).
    """
    giver, held = _begin(connection, actor, giver_id, amount)
    taker = open_fund(connection, taker_id)
    if taker.code not in giver.transfer_to or giver_id == taker_id or giver.in_kind != taker.in_kind:
        raise broken(
            giver, "transfer", msg("Money of this fund may not pass to that one."), taker.code,
            msg("one of {kinds}", kinds=", ".join(giver.transfer_to) or "-"),
        )  # fmt: skip
    check_held(connection, giver, total(held, "available"), amount, "available")
    check_limit(connection, taker, balances(connection, fund=taker_id), amount)
    lines = [
        Line("available", giver_id, None, -amount), Line("passed", giver_id, None, amount),
        Line("source:transfer", taker_id, None, -amount), Line("available", taker_id, None, amount),
    ]  # fmt: skip
    return post(connection, actor, "transfer", giver_id, lines, more={"note": note}, at=at)


def _begin(connection: sa.Connection, actor: CentreActor, fund_id: UUID, amount: int) -> tuple[Fund, list[Balance]]:
    actor.require("money.edit")
    check_amount(amount)
    hold(connection, actor.org_id)
    return open_fund(connection, fund_id), balances(connection, fund=fund_id)
