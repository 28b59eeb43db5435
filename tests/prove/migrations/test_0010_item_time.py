"""Things of a ledger of before learn the time of their entries."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from takeback.core.ids import uuid7
from takeback.store import migrate
from tests.store import servers

ROWS = """
insert into entry (id, org_id, kind, event_time, record_time, actor, salt, body) values
    (1, :one, 'ObjectEvent', '2026-03-01Z', now(), 'test', '\\x00000000000000000000000000000000', '\\x007b7d'),
    (2, :two, 'ObjectEvent', '2026-03-02Z', now(), 'test', '\\x00000000000000000000000000000000', '\\x007b7d');
insert into entry_item (org_id, item_key, entry_id, roles) values (:one, 7, 1, 1), (:one, 8, 1, 1), (:two, 7, 2, 1)
"""


def test_things_of_all_parties_are_filled_and_closed_again() -> None:
    """Each thing has the time of its entry; no party's row is open to the owner afterwards, and none can be changed."""
    with servers.database() as urls:
        servers.upgrade_to(urls.owner, "store@head", "prove_0009")
        administrator = sa.create_engine(servers.administrator(make_url(urls.owner).database or ""))
        with administrator.begin() as connection:
            for statement in ROWS.split(";"):
                connection.execute(sa.text(statement), {"one": uuid7(), "two": uuid7()})
        migrate.upgrade(urls.owner)
        with administrator.begin() as connection:
            rows = connection.execute(sa.text("select item_key, event_time at time zone 'utc' from entry_item"))
            assert sorted((key, time.day) for key, time in rows) == [(7, 1), (7, 2), (8, 1)]
            enabled = (
                "select tgenabled from pg_trigger where tgname = 'append_only' and tgrelid = 'entry_item'::regclass"
            )
            assert connection.scalar(sa.text(enabled)) in ("O", b"O")
        administrator.dispose()
        owner = sa.create_engine(urls.owner)
        with owner.begin() as connection:
            assert connection.scalar(sa.text("select count(*) from entry_item")) == 0
        owner.dispose()
