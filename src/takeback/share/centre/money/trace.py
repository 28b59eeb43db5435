"""Where each yuan of a fund is: at a project with its result, or not used yet."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.share.centre.acting import CentreActor
from takeback.share.centre.money.book import balances, total
from takeback.share.centre.records import get


class Traced(msgspec.Struct, frozen=True, kw_only=True):
    """An amount of the fund: what became of it (`spent`, `in-kind`, `committed`, `available`, `returned`, `passed`).

    `record_id`, `entry_id`: the spending and the entry of the ledger that says so.
    """

    amount: int
    became: str
    cost_kind: str = ""
    project_id: UUID | None = None
    project: str = ""
    result_id: UUID | None = None
    result: str = ""
    record_id: UUID | None = None
    entry_id: int | None = None


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """All that a fund received, part by part: `parts` sum to `received`. `without_result`: spent for nothing yet."""

    fund_id: UUID
    received: int
    without_result: int
    parts: list[Traced]

    @property
    def complete(self) -> bool:
        """Whether every yuan is somewhere."""
        return sum(one.amount for one in self.parts) == self.received


def trace_of(connection: sa.Connection, actor: CentreActor, fund_id: UUID) -> Trace:
    """Return what became of every yuan of a fund; raises ``centre.forbidden``, ``centre.no-record`` (404)."""
    actor.require("money.read")
    get(connection, fund_id, kind="fund")
    held = balances(connection, fund=fund_id)
    spent = [Traced(**row._asdict()) for row in connection.execute(_SPENT, {"fund": fund_id, "text": str(fund_id)})]
    return Trace(
        fund_id=fund_id,
        received=-total(held, "source:"),
        without_result=sum(one.amount for one in spent if one.result_id is None),
        parts=[*spent, *_unspent(connection, fund_id)],
    )


def _unspent(connection: sa.Connection, fund_id: UUID) -> Iterator[Traced]:
    for row in connection.execute(_UNSPENT, {"fund": fund_id}):
        yield Traced(**row._asdict())


_SPENT = sa.text("""
    select p.amount, split_part(p.account, ':', 1) as became, split_part(p.account, ':', 2) as cost_kind,
           p.project_id, coalesce(j.title, '') as project, r.id as result_id, coalesce(r.title, '') as result,
           p.record_id, p.entry_id
    from centre_record s
    join centre_posting p on p.record_id = s.id and p.fund_id = :fund and p.amount > 0
     and (p.account like 'spent:%' or p.account like 'in-kind:%')
    left join centre_record j on j.id = p.project_id
    left join centre_record r on r.id = cast(s.facts ->> 'result' as uuid)
    where s.kind = 'spending' and s.state = 'booked' and s.facts ->> 'fund' = :text
    order by p.entry_id
""")
_UNSPENT = sa.text("""
    select b.amount, b.account as became, j.id as project_id, coalesce(j.title, '') as project
    from centre_balance b left join centre_record j on j.id = b.project_id
    where b.fund_id = :fund and b.amount > 0 and b.account in ('committed', 'available', 'returned', 'passed')
    order by b.account, b.project_id
""")
