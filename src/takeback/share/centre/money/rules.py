"""What the rules of a fund refuse. Each refusal names the fund and the rule, what was found and what would do."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre.money.book import USED, Balance, balances, total
from takeback.share.centre.money.currency import shown
from takeback.share.centre.money.kinds import Fund
from takeback.share.centre.records import Record, find, get


def broken(fund: Fund, rule: str, title: Message, found: object, expected: Message, remedy: Message | None = None) -> (
    Problem
):  # fmt: skip
    """Return the refusal by a rule of a fund; slug ``centre.fund-<rule>``, where: the fund's code and the rule."""
    return Problem(
        f"centre.fund-{rule}",
        title,
        where=f"{fund.code}, {rule}",
        found=found,
        expected=expected,
        remedy=remedy,
        status=409,
    )


def open_fund(connection: sa.Connection, fund_id: UUID) -> Fund:
    """Return a fund's facts; ``centre.no-record`` (404), ``centre.fund-open`` (409) when it is closed."""
    record = get(connection, fund_id, kind="fund")
    fund: Fund = record.facts
    if record.state != "open":
        raise broken(fund, "open", msg("This fund is closed."), record.state, msg("an open fund"))
    return fund


def check_amount(amount: int) -> None:
    """Go on only with an amount above zero; raises ``centre.bad-amount``."""
    if not 0 < amount <= 10**15:
        raise Problem(
            "centre.bad-amount", msg("This is no amount of money to be moved."), found=amount,
            expected=msg("a whole number of minor units above 0"),
        )  # fmt: skip


def check_limit(connection: sa.Connection, fund: Fund, held: Sequence[Balance], amount: int) -> None:
    """A fund takes in no more than its limit."""
    received = -total(held, "source:")
    if fund.limit is not None and received + amount > fund.limit:
        raise broken(
            fund, "limit", msg("The fund would hold more than its budget."), shown(connection, received + amount),
            msg("at most {amount}", amount=shown(connection, fund.limit)),
        )  # fmt: skip


def check_held(connection: sa.Connection, fund: Fund, held: int, amount: int, account: str) -> None:
    """Nothing is taken out of an account that is not in it."""
    if amount > held:
        title = {
            "available": msg("The fund has not that much available."),
            "committed": msg("The project has not that much committed from this fund."),
        }[account]
        raise broken(
            fund, account, title, shown(connection, amount), msg("at most {amount}", amount=shown(connection, held))
        )


def check_project(connection: sa.Connection, fund: Fund, project: UUID, held: Sequence[Balance], amount: int) -> None:
    """A fund gives to the projects that it is for, and to each no more than it may get."""
    if fund.projects and project not in fund.projects:
        raise broken(
            fund, "projects", msg("This fund is earmarked for other projects."), project,
            msg("one of {count} projects", count=len(fund.projects)),
        )  # fmt: skip
    most = total(held, *USED, project=project) + amount
    if fund.per_project is not None and most > fund.per_project:
        raise broken(
            fund, "per-project", msg("The project would get more than one project may get from this fund."),
            shown(connection, most), msg("at most {amount}", amount=shown(connection, fund.per_project)),
        )  # fmt: skip


def check_year(fund: Fund, year: int) -> None:
    """A fund is used in its years."""
    if year < (fund.year_from or year) or year > (fund.year_to or year):
        raise broken(
            fund, "years", msg("This fund is not for costs of this year."), year,
            msg("{first} to {last}", first=fund.year_from or "…", last=fund.year_to or "…"),
        )  # fmt: skip


def check_cost_kind(
    connection: sa.Connection, fund: Fund, cost_kind: str, held: Sequence[Balance], amount: int
) -> None:
    """A fund pays the kinds of cost that it is for, and of each no more than its cap."""
    if fund.cost_kinds and cost_kind not in fund.cost_kinds:
        raise broken(
            fund, "cost-kinds", msg("This fund does not cover costs of this kind."), cost_kind,
            msg("one of {kinds}", kinds=", ".join(fund.cost_kinds)),
        )  # fmt: skip
    received = -total(held, "source:")
    spent = total(held, f"spent:{cost_kind}", f"in-kind:{cost_kind}") + amount
    for cap in fund.caps:
        if cap.cost_kind == cost_kind and spent * 1000 > received * cap.per_mille:
            raise broken(
                fund, "caps", msg("Costs of this kind would be above their share of the fund."),
                shown(connection, spent),
                msg("at most {amount}", amount=shown(connection, received * cap.per_mille // 1000)),
            )  # fmt: skip


def check_matching(connection: sa.Connection, project: UUID, fund_id: UUID, change: int) -> None:
    """A project brings the own share that its matched funds ask for, also after `change` of what it has of a fund.

    One yuan of own share counts once: what all matched funds ask for is added up.
    """
    used = _used(balances(connection, project=project), {fund_id: change})
    funds: dict[UUID, Fund] = {one.id: one.facts for one in _funds(connection, used)}
    own = sum(amount for fund, amount in used.items() if funds[fund].own)
    asked = sum(amount * funds[fund].matching for fund, amount in used.items())
    if asked > own * 1000 and (funds[fund_id].matching or funds[fund_id].own):
        fund = funds[fund_id]
        raise broken(
            fund, "matching", msg("The project's own share would be missing."), shown(connection, own),
            msg("an own share of {amount} committed to the project", amount=shown(connection, -(-asked // 1000))),
            msg("Commit the own share first."),
        )  # fmt: skip


def matching_gap(funds: Sequence[Record], held: Sequence[Balance]) -> int:
    """Return the own share that the project of these balances lacks, in minor units; 0 or less: it has enough."""
    facts: dict[UUID, Fund] = {one.id: one.facts for one in funds}
    used = _used(held, {})
    asked = sum(amount * facts[fund].matching for fund, amount in used.items())
    return -(-asked // 1000) - sum(amount for fund, amount in used.items() if facts[fund].own)


def _used(held: Sequence[Balance], change: dict[UUID, int]) -> dict[UUID, int]:
    used = dict(change)
    for one in held:
        if total([one], *USED):
            used[one.fund] = used.get(one.fund, 0) + one.amount
    return used


def _funds(connection: sa.Connection, wanted: dict[UUID, int]) -> list[Record]:
    return [one for one in find(connection, "fund") if one.id in wanted]
