"""Figures of money: what came in, from how many channels, and what was spent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from takeback.core.message import msg
from takeback.share.centre.figures import Evidence, Figure, figures_of
from takeback.share.centre.money.currency import currency_of


@figures_of("money")
def figures(connection: sa.Connection, year: int) -> list[Figure]:
    """Return the figures of a year; amounts in minor units."""
    currency = currency_of(connection)
    received = _rows(connection, _RECEIVED, year)
    spent = _rows(connection, _SPENT, year)
    money, in_kind = [r for r in spent if not r.in_kind], [r for r in spent if r.in_kind]
    own = [row for row in received if row.own]
    traced = [row for row in spent if row.result]
    share = round(100 * _sum(traced) / _sum(spent), 1) if spent else None
    channels = [*{row.channel: row for row in received}.values()]
    return [
        Figure("money.received", msg("Funds received"), currency, _sum(received), year, _proof(received)),
        Figure("money.own-share", msg("Own share received"), currency, _sum(own), year, _proof(own)),
        Figure("money.channels", msg("Channels that gave"), "count", len(channels), year, _proof(channels)),
        Figure("money.spent", msg("Funds spent"), currency, _sum(money), year, _proof(money)),
        Figure("money.in-kind", msg("Used in kind"), currency, _sum(in_kind), year, _proof(in_kind)),
        Figure("money.traced", msg("Spending traced to a result"), "%", share, year, _proof(traced or spent)),
    ]


def _rows(connection: sa.Connection, sql: sa.TextClause, year: int) -> Sequence[Any]:
    return connection.execute(sql, {"year": year}).all()


def _sum(rows: Sequence[Any]) -> int:
    return sum(int(row.amount) for row in rows)


def _proof(rows: Sequence[Any]) -> tuple[Evidence, ...]:
    return tuple(Evidence(row.id, row.entry_id, row.title) for row in rows)


_RECEIVED = sa.text("""
    select r.id, p.entry_id, r.title, -p.amount as amount, r.facts ->> 'channel' as channel,
           coalesce((r.facts ->> 'own')::boolean, false) as own
    from centre_posting p join centre_record r on r.id = p.fund_id
    where p.account like 'source:%' and p.account <> 'source:transfer' and extract(year from p.at) = :year
    order by p.entry_id
""")
_SPENT = sa.text("""
    select r.id, p.entry_id, r.title, p.amount, p.account like 'in-kind:%' as in_kind, r.facts ->> 'result' as result
    from centre_record r join centre_posting p on p.record_id = r.id and p.amount > 0
     and (p.account like 'spent:%' or p.account like 'in-kind:%')
    where r.kind = 'spending' and r.state = 'booked' and r.year = :year order by p.entry_id
""")
