"""The centre's books by double entry: the postings of an entry of the ledger sum to zero in each fund.

Accounts of a fund, all at least zero but the sources, which are at most zero:
`source:<channel>` (who gave), `source:transfer` (another fund gave), `available`, `committed` (by project),
`spent:<kind of cost>` and `in-kind:<kind of cost>` (by project), `returned` (to who gave), `passed` (to another fund).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from takeback import prove
from takeback.operate import clock
from takeback.operate.ledger import record
from takeback.operate.projection import Fact, owns, projects
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.turns import take_turn
from takeback.store import bulk

STEP = "centre money"
ENTRY = "takeback:CentreMoney"
NOBODY = UUID(int=0)
"""The project of money that no project has, in `centre_balance`."""


class Line(NamedTuple):
    """One posting: what an account of a fund (and of a project) gains, in minor units; negative: what it loses."""

    account: str
    fund: UUID
    project: UUID | None
    amount: int


class Balance(NamedTuple):
    """What an account holds now."""

    fund: UUID
    project: UUID | None
    account: str
    amount: int


def hold(connection: sa.Connection, org: UUID) -> None:
    """Let nobody else move money or book in the centre `org`, the transaction's own, until that ends (`turns`)."""
    take_turn(connection)


def post(
    connection: sa.Connection,
    actor: CentreActor,
    act: str,
    record_id: UUID,
    lines: Sequence[Line],
    *,
    more: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> int:
    """Write postings as one entry of the ledger and return its id; `more`: what else the entry says."""
    said = {
        "act": act,
        "record": str(record_id),
        "postings": [[one.account, str(one.fund), str(one.project) if one.project else None, one.amount]
                     for one in lines],
        **(more or {}),
    }  # fmt: skip
    body = {"type": ENTRY, "takeback:step": STEP, "takeback:facts": said}
    return record(connection, actor, [prove.Entry(ENTRY, body, at or clock.now(connection, actor.org_id))])[0]


def balances(connection: sa.Connection, *, fund: UUID | None = None, project: UUID | None = None) -> list[Balance]:
    """Return the accounts that hold something, of a fund, of a project, or all."""
    rows = connection.execute(_BALANCES, {"fund": fund, "project": project})
    return [Balance(row.fund_id, None if row.project_id == NOBODY else row.project_id, *row[2:]) for row in rows]


def total(held: Iterable[Balance], *accounts: str, project: UUID | None = None) -> int:
    """Return what the accounts hold together; one that ends in a colon means all that begin so."""
    return sum(
        one.amount
        for one in held
        if (project is None or one.project == project)
        and any(one.account == name or (name.endswith(":") and one.account.startswith(name)) for name in accounts)
    )


USED = ("committed", "spent:", "in-kind:")
"""The accounts of what a project got from a fund."""


def lines_of(said: Mapping[str, Any]) -> list[Line]:
    """Return the postings of what an entry says."""
    return [
        Line(account, UUID(fund), UUID(project) if project else None, amount)
        for account, fund, project, amount in said["postings"]
    ]


owns("centre_posting", "centre_balance", "centre_invoice", "centre_hours")
_COLUMNS = ("org_id", "entry_id", "place", "account", "fund_id", "project_id", "record_id", "amount", "at")
_INVOICE = """
    insert into centre_invoice (org_id, supplier, number, record_id, entry_id) values (%s, %s, %s, %s, %s)
"""
_HOURS = """
    insert into centre_hours (org_id, id, person_id, project_id, lane, begin_s, end_s, entry_id)
    values (%s, %s, %s, %s, %s, %s, %s, %s)
"""


@projects(STEP)
def _project(connection: sa.Connection, org: UUID, facts: Sequence[Fact]) -> None:
    for fact in facts:
        said = fact.body["takeback:facts"]
        rows = [
            (org, fact.id, place, one.account, one.fund, one.project, said["record"], one.amount, fact.event_time)
            for place, one in enumerate(lines_of(said), 1)
        ]
        bulk.insert(connection, "centre_posting", _COLUMNS, rows)
        _claims(connection, org, fact.id, said)


def _claims(connection: sa.Connection, org: UUID, entry: int, said: Mapping[str, Any]) -> None:
    run = bulk.driver(connection).execute
    if invoice := said.get("invoice"):
        run(_INVOICE, (org, *invoice, said["record"], entry))
    if hours := said.get("hours"):
        run(_HOURS, (org, said["record"], *hours, entry))
    if said["act"] == "reverse":
        run("delete from centre_invoice where record_id = %s", (said["record"],))
        run("delete from centre_hours where id = %s", (said["record"],))


_BALANCES = sa.text("""
    select fund_id, project_id, account, amount from centre_balance
    where (cast(:fund as uuid) is null or fund_id = :fund) and (cast(:project as uuid) is null or project_id = :project)
      and amount <> 0
    order by fund_id, project_id, account
""")
