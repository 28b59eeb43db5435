"""What was used: charged or in kind, once, and traced to a project and a result."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre.figures import figures_in, unproven
from takeback.share.centre.money import money_violations, project_statement, reverse, spend
from takeback.share.centre.projects import stop_project
from takeback.share.centre.records import find
from takeback.share.centre.resources import book, hours, link_use, record_use, uses
from tests.share.centre.centre_world import CentreWorld, new_centre
from tests.share.centre.money.money_world import cost, fund, give
from tests.share.centre.projects.project_world import ProjectWorld, deliverable, running_project
from tests.share.centre.resources.test_booking import NOW, hour, offered


def _refused(slug: str, command: Any, *args: Any, **more: Any) -> Problem:
    with pytest.raises(Problem) as refused:
        command(*args, **more)
    assert refused.value.kind == slug, refused.value
    return refused.value


def _booked(connection: sa.Connection, work: ProjectWorld, tester: UUID, begin: int, end: int) -> UUID:
    return book(connection, work.alice, tester, hour(begin), hour(end), project=work.id, at=NOW).id


def test_a_use_is_charged_to_its_project_and_traced_to_its_result(centre: CentreWorld) -> None:
    """2 of 3 hours are free: 1 hour at 90.00 is spent from the fund; hours, money and figures tell the same."""
    work = running_project(centre)
    tester = offered(centre, price_member=90_00, free_h=2)
    with store.transaction(centre.org) as connection:
        money = fund(connection, centre)
        give(connection, centre, money, work.id, 500_00)
        due = deliverable(connection, work)
        booking = _booked(connection, work, tester, 9, 13)
        use = record_use(connection, work.alice, booking, hour(9), hour(12), fund=money, result=due, at=hour(13))
        assert (use.facts.minutes, use.facts.free_minutes, use.facts.value, use.facts.cost) == (180, 120, 270_00, 90_00)
        assert project_statement(connection, centre.manager, work.id).by_cost_kind == {"equipment": 90_00}
        (line,) = hours(connection, work.bob, project=work.id)
        assert (line.minutes, line.result, line.value, line.cost, line.uses) == (180, "Method D1", 270_00, 90_00, 1)
        figures = figures_in(connection, "resources", 2026)
        values = {one.code: one.value for one in figures}
        assert (values["resources.hours"], values["resources.traced"]) == (3.0, 100.0)
        assert values["resources.in-kind"] == 180_00
        assert unproven(figures) == []
        assert money_violations(connection) == []


def test_a_booking_is_used_once_and_within_its_time(centre: CentreWorld) -> None:
    """A second record of it, a use beyond it, and one by somebody else are refused."""
    work, tester = running_project(centre), offered(centre)
    with store.transaction(centre.org) as connection:
        booking = _booked(connection, work, tester, 9, 11)
        late = hour(11) + timedelta(minutes=1)
        _refused("centre.beyond-booking", record_use, connection, work.alice, booking, hour(9), late)
        _refused("centre.not-yours", record_use, connection, work.bob, booking, hour(9), hour(11))
        record_use(connection, work.alice, booking, hour(9), hour(11), at=hour(11))
        _refused("centre.not-booked", record_use, connection, work.alice, booking, hour(9), hour(11))
        private = book(connection, work.bob, tester, hour(12), hour(13), at=NOW)
        money = fund(connection, centre)
        _refused("centre.no-project", record_use, connection, work.bob, private.id, hour(12), hour(13), fund=money)
        assert len(find(connection, "use")) == 1
    charlie = new_centre("other")
    with store.transaction(charlie.org) as connection:
        _refused("centre.no-booking", record_use, connection, charlie.manager, booking, hour(9), hour(11))


def test_the_same_hour_of_a_person_is_not_used_for_two_projects(centre: CentreWorld) -> None:
    """An engineer's hour that is claimed by an invoice-free cost of one project is not given to another as a use."""
    work = running_project(centre)
    engineer = centre.enter("Erin", "maker", "researcher")
    time = offered(centre, sort="people", person=engineer.person(), price_member=200_00)
    with store.transaction(centre.org) as connection:
        money = fund(connection, centre)
        give(connection, centre, money, work.id, 500_00)
        booking = _booked(connection, work, time, 9, 11)
        record_use(connection, work.alice, booking, hour(9), hour(11), fund=money, at=hour(11))
        again = cost(
            money, work.id, 1_00, cost_kind="labour", invoice="", person=engineer.person(), begins=hour(10),
            ends=hour(12),
        )  # fmt: skip
        _refused("centre.hours-twice", spend, connection, centre.manager, again)
        (spent,) = find(connection, "spending")
        reverse(connection, centre.manager, spent.id, "given in kind after all")
        _refused("centre.hours-twice", spend, connection, centre.manager, again)
        assert money_violations(connection) == []


def test_who_used_something_is_seen_by_few(centre: CentreWorld) -> None:
    """The user, the team and those who see all money; a colleague gets hours without persons only."""
    work, tester = running_project(centre), offered(centre)
    with store.transaction(centre.org) as connection:
        booking = _booked(connection, work, tester, 9, 11)
        record_use(connection, work.alice, booking, hour(9), hour(11), at=hour(11))
        for viewer, count in ((work.alice, 1), (work.dan, 1), (centre.manager, 1), (work.bob, 0)):
            assert len(uses(connection, viewer)) == count
        (line,) = hours(connection, work.bob)
        assert not {"person", "person_id", "member"} & {*line.__struct_fields__}


def test_a_use_is_led_to_a_result_after_it_was_recorded(centre: CentreWorld) -> None:
    """Alice, who used it, Dan of the team and who enters money say what it led to, its cost too; Bob may not."""
    work = running_project(centre)
    tester = offered(centre, price_member=90_00)
    with store.transaction(centre.org) as connection:
        money = fund(connection, centre)
        give(connection, centre, money, work.id, 500_00)
        booking = _booked(connection, work, tester, 9, 11)
        use = record_use(connection, work.alice, booking, hour(9), hour(11), fund=money, at=hour(11))
        assert hours(connection, work.bob, project=work.id)[0].result_id is None
        due, other = deliverable(connection, work), deliverable(connection, work, code="D2")
        _refused("centre.not-yours", link_use, connection, work.bob, use.id, due)
        _refused("centre.no-result", link_use, connection, work.alice, use.id, work.id)
        for who, result in ((work.alice, due), (work.dan, other), (centre.manager, due)):
            linked = link_use(connection, who, use.id, result)
            assert (linked.facts.result, linked.facts.minutes) == (result, 120)
            assert [one.facts.result for one in find(connection, "spending")] == [result]
            assert [line.result_id for line in hours(connection, work.bob, project=work.id)] == [result]
        figures = {one.code: one.value for one in figures_in(connection, "resources", 2026)}
        assert figures["resources.traced"] == 100.0
        assert money_violations(connection) == []
    charlie = new_centre("other")
    with store.transaction(charlie.org) as connection:
        _refused("centre.no-record", link_use, connection, charlie.manager, use.id, due)


def test_nothing_is_booked_for_a_project_that_is_over(centre: CentreWorld) -> None:
    """A project that was stopped takes no further bookings; its team still books for itself."""
    work, tester = running_project(centre), offered(centre)
    with store.transaction(centre.org) as connection:
        stop_project(connection, centre.manager, work.id, "no money")
        _refused("centre.project-over", _booked, connection, work, tester, 9, 11)
        assert book(connection, work.alice, tester, hour(9), hour(11), at=NOW).project_id is None
