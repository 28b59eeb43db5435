"""Numbers of a ledger of before become runs."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from takeback.core.ids import uuid7
from takeback.store import migrate
from tests.store import servers

ROWS = """
insert into entry_number (org_id, number, entry_id) values
    (:one, 1, 10), (:one, 2, 11), (:one, 3, 50), (:one, 4, 13), (:one, 5, 14), (:one, 6, 15),
    (:two, 1, 12), (:two, 2, 16)
"""


def test_numbers_of_all_parties_become_runs_and_are_closed_again() -> None:
    """A run ends where ids jump, also where a later one takes up the same distance; no party's run is open to all."""
    one, two = uuid7(), uuid7()
    with servers.database() as urls:
        servers.upgrade_to(urls.owner, "store@head", "prove_0010")
        administrator = sa.create_engine(servers.administrator(make_url(urls.owner).database or ""))
        with administrator.begin() as connection:
            connection.execute(sa.text(ROWS), {"one": one, "two": two})
        migrate.upgrade(urls.owner)
        with administrator.begin() as connection:
            rows = connection.execute(sa.text("select org_id, number, entry_id, count from number_run"))
            assert {tuple(row) for row in rows} == {
                (one, 1, 10, 2), (one, 3, 50, 1), (one, 4, 13, 3), (two, 1, 12, 1), (two, 2, 16, 1)
            }  # fmt: skip
        administrator.dispose()
        owner = sa.create_engine(urls.owner)
        with owner.begin() as connection:
            assert connection.scalar(sa.text("select count(*) from number_run")) == 0
        owner.dispose()
