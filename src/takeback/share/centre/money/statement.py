"""What a fund or a project has: budget, committed, spent, left; as data, in minor units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.share.centre.acting import CentreActor
from takeback.share.centre.money.book import Balance, balances, total
from takeback.share.centre.records import Record, find, get


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What one project has of one fund.

    `budget`: all that was ever committed to it and not released; `left`: of that not spent; `by_cost_kind`: what was
    spent (also in kind) by kind of cost.
    """

    fund_id: UUID
    fund: str
    project_id: UUID
    project: str
    budget: int
    spent: int
    in_kind: int
    left: int
    by_cost_kind: dict[str, int]


class FundStatement(msgspec.Struct, frozen=True, kw_only=True):
    """A fund: received = available + committed + spent + in kind + returned + passed."""

    fund_id: UUID
    code: str
    title: str
    title_zh: str
    source: str
    channel: str
    state: str
    budget: int | None
    received: int
    available: int
    committed: int
    spent: int
    in_kind: int
    returned: int
    passed: int
    projects: list[Part]


class ProjectStatement(msgspec.Struct, frozen=True, kw_only=True):
    """A project: `budget` is what it was approved with; `committed` what it got, spent or not; `left` what is not."""

    project_id: UUID
    project: str
    budget: int
    committed: int
    spent: int
    in_kind: int
    left: int
    by_cost_kind: dict[str, int]
    funds: list[Part]


def fund_statements(connection: sa.Connection, actor: CentreActor) -> list[FundStatement]:
    """Return all funds, by code; raises ``centre.forbidden``."""
    actor.require("money.read")
    held, titles = balances(connection), _titles(connection)
    funds = sorted(find(connection, "fund"), key=lambda one: one.facts.code)
    return [_fund(one, [b for b in held if b.fund == one.id], titles) for one in funds]


def fund_statement(connection: sa.Connection, actor: CentreActor, fund_id: UUID) -> FundStatement:
    """Return one fund; raises ``centre.forbidden``, ``centre.no-record`` (404)."""
    actor.require("money.read")
    fund = get(connection, fund_id, kind="fund")
    return _fund(fund, balances(connection, fund=fund_id), _titles(connection))


def project_statement(
    connection: sa.Connection, actor: CentreActor, project_id: UUID, *, allowed: bool = False
) -> ProjectStatement:
    """Return one project; `allowed` for its own team. Raises ``centre.forbidden``, ``centre.no-record`` (404)."""
    if not allowed:
        actor.require("money.read")
    project = get(connection, project_id, kind="project")
    held = balances(connection, project=project_id)
    titles = {one.id: one.title for one in find(connection, "fund")} | {project_id: project.title}
    parts = _parts(held, titles)
    return ProjectStatement(
        project_id=project_id,
        project=project.title,
        budget=project.facts.budget,
        committed=sum(one.budget for one in parts),
        spent=sum(one.spent for one in parts),
        in_kind=sum(one.in_kind for one in parts),
        left=sum(one.left for one in parts),
        by_cost_kind=_by_cost_kind(held),
        funds=parts,
    )


def _fund(fund: Record, held: Sequence[Balance], titles: dict[UUID, str]) -> FundStatement:
    facts = fund.facts
    return FundStatement(
        fund_id=fund.id,
        code=facts.code,
        title=facts.title,
        title_zh=facts.title_zh,
        source=facts.source,
        channel=facts.channel,
        state=fund.state,
        budget=facts.limit,
        received=-total(held, "source:"),
        available=total(held, "available"),
        committed=total(held, "committed"),
        spent=total(held, "spent:"),
        in_kind=total(held, "in-kind:"),
        returned=total(held, "returned"),
        passed=total(held, "passed"),
        projects=_parts(held, titles | {fund.id: fund.title}),
    )


def _parts(held: Sequence[Balance], titles: dict[UUID, str]) -> list[Part]:
    pairs: dict[tuple[UUID, UUID], list[Balance]] = defaultdict(list)
    for one in held:
        if one.project is not None:
            pairs[one.fund, one.project].append(one)
    return [_part(pairs[pair], *pair, titles) for pair in sorted(pairs)]


def _part(held: Sequence[Balance], fund: UUID, project: UUID, titles: dict[UUID, str]) -> Part:
    left, spent, in_kind = total(held, "committed"), total(held, "spent:"), total(held, "in-kind:")
    return Part(
        fund_id=fund,
        fund=titles.get(fund, ""),
        project_id=project,
        project=titles.get(project, ""),
        budget=left + spent + in_kind,
        spent=spent,
        in_kind=in_kind,
        left=left,
        by_cost_kind=_by_cost_kind(held),
    )


def _by_cost_kind(held: Sequence[Balance]) -> dict[str, int]:
    kinds = sorted({one.account.partition(":")[2] for one in held if total([one], "spent:", "in-kind:")})
    return {kind: total(held, f"spent:{kind}", f"in-kind:{kind}") for kind in kinds}


def _titles(connection: sa.Connection) -> dict[UUID, str]:
    return {row.id: row.title for row in connection.execute(_TITLES)}


_TITLES = sa.text("select id, title from centre_record where kind = 'project'")
