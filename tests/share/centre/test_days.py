"""Days and years of a centre are those of its own time zone, whatever zone the ledger's moments are told in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre.days import today
from takeback.share.centre.figures import all_figures
from takeback.share.centre.frontier import Source, enter_source
from takeback.share.centre.targets import Period, close_year, put_period
from tests.share.centre.centre_world import CentreWorld

EARLY = datetime(2026, 12, 31, 20, tzinfo=UTC)
"""Four in the morning of New Year's Day in Shanghai, two in the afternoon before it in Chicago."""


def stage(connection: sa.Connection, centre: CentreWorld) -> UUID:
    """Put a stage of two years."""
    facts = Period(
        code="C", name="Construction", name_zh="建设期", stage="construction", begins=date(2026, 1, 1),
        ends=date(2027, 12, 31),
    )  # fmt: skip
    return put_period(connection, centre.manager, facts).id


def in_chicago(centre: CentreWorld) -> None:
    """Move the centre."""
    with store.admin() as connection:
        zone = sa.text("update organisation set time_zone = 'America/Chicago' where id = :id")
        connection.execute(zone, {"id": centre.org})


def test_what_is_made_in_the_first_hours_of_a_year_counts_in_it(centre: CentreWorld) -> None:
    """A source entered at four on New Year's Day is one of the new year, though in Greenwich it is still the old."""
    with store.transaction(centre.org) as connection:
        enter_source(connection, centre.manager, Source(sort="book", title="Reverse logistics"), at=EARLY)
        listed = {year: {one.code: one.value for one in all_figures(connection, year)} for year in (2026, 2027)}
        assert [listed[year]["frontier.sources"] for year in (2026, 2027)] == [0, 1]
        assert today(connection, centre.manager, EARLY) == date(2027, 1, 1)
    in_chicago(centre)
    with store.transaction(centre.org) as connection:
        assert today(connection, centre.manager, EARLY) == date(2026, 12, 31)


def test_a_year_is_over_when_it_is_where_the_centre_is(centre: CentreWorld) -> None:
    """It closes at once after its end there, and not before, whatever the clock of Greenwich says."""
    with store.transaction(centre.org) as connection:
        closed = close_year(connection, centre.manager, stage(connection, centre), 2026, at=EARLY)
        assert closed.facts.closed_years == (2026,)
        years = msgspec.structs.replace(closed.facts, code="D", closed_years=())
        other = put_period(connection, centre.manager, years).id
    in_chicago(centre)
    with store.transaction(centre.org) as connection, pytest.raises(Problem, match="not over"):
        close_year(connection, centre.manager, other, 2026, at=datetime(2027, 1, 1, 3, tzinfo=UTC))
