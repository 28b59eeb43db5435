"""The demo world is asked for once, whatever happened in between."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from takeback import store
from takeback.core.ids import uuid7
from takeback.demo.cast import engage
from takeback.demo.parameters import yangtze
from takeback.demo.start import start_demo
from takeback.operate import identity


def _jobs() -> int:
    cast = engage(yangtze())
    with store.transaction(cast.actors[cast.operator].org_id) as connection:
        return int(connection.scalar(sa.text("select count(*) from job where kind = 'demo.world'")) or 0)


def test_a_world_is_asked_for_once(database: store.Database, tmp_path: Path) -> None:
    """The second start finds the job of the first and asks for nothing."""
    assert [start_demo(tmp_path), start_demo(tmp_path)] == [True, False]
    assert _jobs() == 1


def test_a_start_cut_off_between_its_cast_and_its_job_is_taken_up_again(
    database: store.Database, tmp_path: Path
) -> None:
    """Tenants without a job are what a killed start leaves behind: the next start asks for the job."""
    engage(yangtze())
    assert start_demo(tmp_path)
    assert _jobs() == 1


def test_no_world_is_filled_beside_real_people(database: store.Database, tmp_path: Path) -> None:
    """Where an organisation that nobody invented is at work, the demo keeps away."""
    with store.admin() as connection:
        owner = identity.create_user(
            connection, email="alice@north.example", display_name="Alice", password="a good long one"
        )
    org = uuid7()
    fields = identity.OrganisationFields(
        slug="north",
        kind="enterprise",
        name="North",
        name_zh="北方",
        country="CN",
        company_prefix="9521001",
        time_zone="Asia/Shanghai",
        currency="CNY",
    )
    with store.transaction(org) as connection:
        identity.create_organisation(connection, org, fields, owner_id=owner.id)
    assert not start_demo(tmp_path)
