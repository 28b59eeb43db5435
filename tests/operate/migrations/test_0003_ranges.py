"""A database of the first release keeps its rows, and what is new about them is filled in."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from takeback.core.ids import uuid7
from takeback.store import migrate
from tests.store import servers

SOLUTION = (
    """{"same_stops_m": 900, "unserved": ["c"], "routes": [{"stops": [{"pickup_kg": 400}, {"pickup_kg": 200}]}]}"""
)
VALUES = {"org": uuid7(), "order": uuid7(), "plan": uuid7(), "solution": SOLUTION}
ROWS = """
insert into takeback_order (org_id, id, number, kind, site_id, ordered_at, provenance)
    values (:org, :order, 'CO-7', 'collection', :org, '2026-03-01Z', 'simulated');
insert into item (org_id, key, epc, code, vertical, level, product_id, category, size, order_id, stage, stage_since,
                  ordered_at, authorisation, custody, site_id, mass_g, value_minor, currency, decay_per_day, provenance)
    values (:org, 7, 'urn:epc:id:sgtin:a', 'A', 'batteries', 'pack', :org, 'nmc', 1, :order, 'ordered', '2026-03-01Z',
            '2026-03-01Z', 'authorised', 'customer', :org, 400000, 900, 'CNY', 0.01, '{}');
insert into plan (org_id, id, kind, day, site_id, made_at, distance_m, baseline_m, tasks, provenance, solution)
    values (:org, :plan, 'collection', '2026-03-02', :org, '2026-03-02Z', 800, 1000, 2, 'haversine', :solution)
"""


def test_rows_of_before_are_filled_and_closed_again() -> None:
    """Each item learns its order's number, each plan its counts; no tenant's row is open to the owner afterwards."""
    with servers.database() as urls:
        servers.upgrade_to(urls.owner, "store@head", "prove@head", "operate_0002_spine")
        administrator = sa.create_engine(servers.administrator(make_url(urls.owner).database or ""))
        with administrator.begin() as connection:
            for statement in ROWS.split(";"):
                connection.execute(sa.text(statement), VALUES)
            before = connection.scalar(sa.text("select sum(items) from stage_total"))
        migrate.upgrade(urls.owner)
        with administrator.begin() as connection:
            assert connection.scalar(sa.text("select order_number from item")) == "CO-7"
            counts = connection.execute(sa.text("select same_stops_m, unserved, routes, mass_kg from plan")).one()
            assert tuple(counts) == (900, 1, 1, 600)
            assert connection.scalar(sa.text("select sum(items) from stage_total")) == before
        administrator.dispose()
        owner = sa.create_engine(urls.owner)
        with owner.begin() as connection:
            assert connection.scalar(sa.text("select count(*) from item")) == 0
        owner.dispose()
