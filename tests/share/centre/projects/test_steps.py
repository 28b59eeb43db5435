"""What goes on beside the straight way: a refused project works on, a report is read, a milestone is dropped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre import notices
from takeback.share.centre.projects import (
    Progress,
    ProjectMilestone,
    Transfer,
    add_milestone,
    begin_project,
    deliver_project,
    drop_milestone,
    end_transfer,
    note_progress,
    open_acceptance,
    reach_milestone,
    record_transfer,
    report_progress,
    resume_project,
    start_project,
    stop_project,
    update_transfer,
)
from takeback.share.centre.records import get
from tests.share.centre.centre_world import CentreWorld, new_centre
from tests.share.centre.projects.project_world import AT, ProjectWorld, project_facts, refuse


def _refused(slug: str, command: Any, *args: Any, **more: Any) -> Problem:
    with pytest.raises(Problem) as refused:
        command(*args, **more)
    assert refused.value.kind == slug, refused.value
    return refused.value


def test_a_refused_project_works_on_by_decision_and_is_judged_again(work: ProjectWorld) -> None:
    """With a reason, by the manager; not by Bob or one of the team who leads the centre; its team is told each time."""
    manager = work.centre.manager
    for turn in (1, 2):
        refuse(work)
        with store.transaction(work.centre.org) as connection:
            _refused("centre.no-reason", resume_project, connection, manager, work.id, "  ")
            _refused("centre.forbidden", resume_project, connection, work.bob, work.id, "Let it.")
            alice_leads = replace(work.alice, roles=work.alice.roles | {"director"})
            _refused("centre.conflict", resume_project, connection, alice_leads, work.id, "Let us.")
            _refused("centre.bad-move", begin_project, connection, manager, work.id)
            assert resume_project(connection, manager, work.id, "One more season of tests.").state == "running"
            _refused("centre.bad-move", resume_project, connection, manager, work.id, "Again.")
            told = [one.code for one in notices.my_notices(connection, work.dan)]
            assert told.count("project.resumed") == turn
    with store.transaction(work.centre.org) as connection:
        deliver_project(connection, work.alice, work.id)
        asked = [one.person() for one in work.experts]
        assert open_acceptance(connection, manager, work.id, "Third acceptance", asked).state == "open"


def test_a_planned_project_is_begun_and_not_resumed(centre: CentreWorld) -> None:
    """Who may decide does not let work begin past whoever runs the centre, and a stopped project stays stopped."""
    bob = centre.enter("Bob", "university", "researcher").person()
    with store.transaction(centre.org) as connection:
        made = start_project(connection, centre.manager, project_facts(centre, bob), at=AT).id
        _refused("centre.bad-move", resume_project, connection, centre.manager, made, "Let it.")
        begin_project(connection, centre.manager, made)
        stop_project(connection, centre.manager, made, "The company left.")
        _refused("centre.bad-move", resume_project, connection, centre.manager, made, "Let it.")
        _refused("centre.bad-move", begin_project, connection, centre.manager, made)


def test_a_progress_report_is_read_once_by_who_runs_the_centre(work: ProjectWorld) -> None:
    """Bob and the leader herself cannot say that it was read; a remark stands in its history."""
    told = Progress(project=work.id, title="Spring", until=date(2026, 6, 1), done="x", next="y", complete=300)
    with store.transaction(work.centre.org) as connection:
        report = report_progress(connection, work.alice, told, at=AT).id
        for who in (work.alice, work.bob):
            _refused("centre.forbidden", note_progress, connection, who, report)
        assert note_progress(connection, work.centre.manager, report, "Thank you.").state == "noted"
        _refused("centre.bad-move", note_progress, connection, work.centre.manager, report)


def test_a_milestone_is_dropped_by_decision_with_a_reason_and_never_by_the_team(work: ProjectWorld) -> None:
    """Dropped it is not reached any more; the team is told; of a project that is over nothing is dropped."""
    manager = work.centre.manager
    point = ProjectMilestone(project=work.id, title="Half", due=date(2026, 8, 1), criterion="100 cells graded")
    with store.transaction(work.centre.org) as connection:
        first, second = (add_milestone(connection, work.alice, point, at=AT).id for _ in range(2))
        _refused("centre.no-reason", drop_milestone, connection, manager, first, " ")
        for who in (work.alice, work.bob):
            _refused("centre.forbidden", drop_milestone, connection, who, first, "Too late.")
        alice_leads = replace(work.alice, roles=work.alice.roles | {"director"})
        _refused("centre.conflict", drop_milestone, connection, alice_leads, first, "Too late.")
        assert drop_milestone(connection, manager, first, "The maker changed its cells.").state == "dropped"
        _refused("centre.bad-move", drop_milestone, connection, manager, first, "Again.")
        _refused("centre.no-evidence", reach_milestone, connection, work.alice, first)
        assert "milestone.dropped" in [one.code for one in notices.my_notices(connection, work.dan)]
        stop_project(connection, manager, work.id, "No money.")
        _refused("centre.project-over", drop_milestone, connection, manager, second, "Over.")


def test_of_two_who_tell_a_transfer_at_once_the_second_looks_again(work: ProjectWorld) -> None:
    """What was opened before somebody else changed it is refused; an ended transfer takes nothing in."""
    told = Transfer(
        project=work.id, title="Licence", sort="licence", taker_name="Cells Ltd", signed=date(2026, 5, 1), value=100_00
    )
    with store.transaction(work.centre.org) as connection:
        made = record_transfer(connection, work.alice, told)
        update_transfer(connection, work.alice, made.id, 10_00, version=made.version)
        _refused("centre.changed-meanwhile", update_transfer, connection, work.dan, made.id, 5_00, version=made.version)
        assert get(connection, made.id).facts.received == 10_00
        end_transfer(connection, work.dan, made.id, "The licence ran out.")
        _refused("centre.bad-move", update_transfer, connection, work.alice, made.id, 20_00)


def test_another_centre_finds_none_of_it(work: ProjectWorld) -> None:
    """Charlie runs another centre: project, milestone, report and transfer of this one are not there."""
    point = ProjectMilestone(project=work.id, title="Half", due=date(2026, 8, 1), criterion="100 cells graded")
    told = Progress(project=work.id, title="Spring", until=date(2026, 6, 1), done="x", next="y", complete=300)
    given = Transfer(project=work.id, title="Licence", sort="licence", taker_name="X", signed=date(2026, 5, 1))
    with store.transaction(work.centre.org) as connection:
        milestone = add_milestone(connection, work.alice, point, at=AT).id
        report = report_progress(connection, work.alice, told, at=AT).id
        transfer = record_transfer(connection, work.alice, given).id
    refuse(work)
    charlie = new_centre("other")
    with store.transaction(charlie.org) as connection:
        _refused("centre.no-record", resume_project, connection, charlie.manager, work.id, "Mine.")
        _refused("centre.no-record", drop_milestone, connection, charlie.manager, milestone, "Mine.")
        _refused("centre.no-record", note_progress, connection, charlie.manager, report)
        _refused("centre.no-record", update_transfer, connection, charlie.manager, transfer, 0)
        _refused("centre.no-record", end_transfer, connection, charlie.manager, transfer)
