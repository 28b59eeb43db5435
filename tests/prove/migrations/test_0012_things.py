"""Entries of a ledger of before learn their things."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from takeback.core.ids import uuid7
from takeback.store import migrate
from tests.store import servers

ROWS = """
insert into entry (id, org_id, kind, event_time, record_time, actor, salt, body) values
    (1, :one, 'ObjectEvent', now(), now(), 'test', '\\x00000000000000000000000000000000', '\\x007b7d'),
    (2, :two, 'ObjectEvent', now(), now(), 'test', '\\x00000000000000000000000000000000', '\\x007b7d'),
    (3, :two, 'takeback:Note', now(), now(), 'test', '\\x00000000000000000000000000000000', '\\x007b7d');
insert into entry_item (org_id, item_key, entry_id, roles, event_time) values
    (:one, 8, 1, 4, now()), (:one, 7, 1, 2, now()), (:two, 7, 2, 1, now())
"""


def test_entries_of_all_parties_are_filled_and_closed_again() -> None:
    """Each entry has its things with their roles, none where it has none; nobody can change it afterwards."""
    with servers.database() as urls:
        servers.upgrade_to(urls.owner, "store@head", "prove_0011")
        administrator = sa.create_engine(servers.administrator(make_url(urls.owner).database or ""))
        with administrator.begin() as connection:
            for statement in ROWS.split(";"):
                connection.execute(sa.text(statement), {"one": uuid7(), "two": uuid7()})
        migrate.upgrade(urls.owner)
        with administrator.begin() as connection:
            rows = connection.execute(sa.text("select thing_keys, thing_roles from entry order by id"))
            assert [tuple(row) for row in rows] == [([7, 8], [2, 4]), ([7], [1]), ([], [])]
            enabled = "select tgenabled from pg_trigger where tgname = 'append_only' and tgrelid = 'entry'::regclass"
            assert connection.scalar(sa.text(enabled)) in ("O", b"O")
        administrator.dispose()
        owner = sa.create_engine(urls.owner)
        with owner.begin() as connection:
            assert connection.scalar(sa.text("select count(*) from entry")) == 0
        owner.dispose()
