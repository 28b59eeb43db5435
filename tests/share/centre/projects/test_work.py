"""A project's plan and work: by its team alone, with evidence, changed with approval, told as a traffic light."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.operate import projection
from takeback.share.centre.projects import (
    Deliverable,
    Progress,
    ProjectChange,
    ProjectMilestone,
    Risk,
    WorkPackage,
    add_deliverable,
    add_milestone,
    add_risk,
    add_work_package,
    decide_change,
    hand_over,
    judge_deliverable,
    move_risk,
    project_money,
    propose_change,
    reach_milestone,
    report_progress,
    standing,
    start_project,
    timeline,
)
from takeback.share.centre.records import find, get
from tests.share.centre.centre_world import new_centre
from tests.share.centre.projects.project_world import AT, PAPER, ProjectWorld, deliverable, project_facts


def _refused(slug: str, command: Any, *args: Any, **more: Any) -> Problem:
    with pytest.raises(Problem) as refused:
        command(*args, **more)
    assert refused.value.kind == slug, refused.value
    return refused.value


def test_only_the_team_works_on_a_project(work: ProjectWorld) -> None:
    """Alice and Dan of the team may; Bob, a colleague, may not and sees no money; Charlie's centre knows nothing."""
    package = WorkPackage(project=work.id, code="WP1", title="Measure", begins=date(2026, 3, 1), ends=date(2026, 6, 1))
    due = Deliverable(project=work.id, code="D1", title="Method", due=date(2026, 9, 1))
    with store.transaction(work.centre.org) as connection:
        add_work_package(connection, work.alice, package)
        made = add_deliverable(connection, work.dan, due)
        assert project_money(connection, work.dan, work.id).budget == 1_000_000_00
        _refused("centre.not-in-team", add_work_package, connection, work.bob, package)
        _refused("centre.not-in-team", hand_over, connection, work.bob, made.id, [PAPER])
        _refused("centre.forbidden", project_money, connection, work.bob, work.id)
        _refused("centre.forbidden", start_project, connection, work.bob, project_facts(work.centre, work.bob.person()))
    charlie = new_centre("other")
    with store.transaction(charlie.org) as connection:
        _refused("centre.no-record", add_deliverable, connection, charlie.manager, due)


def test_what_is_planned_lies_in_the_project_and_its_budget(work: ProjectWorld) -> None:
    """A day outside the project and work packages that cost more than there is are refused."""
    with store.transaction(work.centre.org) as connection:
        late = Deliverable(project=work.id, code="D9", title="Late", due=date(2027, 3, 1))
        _refused("centre.outside-project", add_deliverable, connection, work.alice, late)
        package = {"project": work.id, "begins": date(2026, 3, 1), "ends": date(2026, 6, 1)}
        add_work_package(connection, work.alice, WorkPackage(code="A", title="A", budget=600_000_00, **package))
        more = WorkPackage(code="B", title="B", budget=400_000_01, **package)
        _refused("centre.over-project-budget", add_work_package, connection, work.alice, more)
        _refused(
            "centre.bad-project", start_project, connection, work.centre.manager,
            project_facts(work.centre, work.bob.person()),
        )  # fmt: skip


def test_nothing_is_handed_over_without_evidence_and_nobody_judges_their_own_work(work: ProjectWorld) -> None:
    """No file, no delivery; a returned deliverable has a reason; an expert of the team may not approve."""
    with store.transaction(work.centre.org) as connection:
        made = deliverable(connection, work)
        _refused("centre.no-evidence", hand_over, connection, work.alice, made)
        assert hand_over(connection, work.alice, made, [PAPER]).state == "delivered"
        _refused("centre.forbidden", judge_deliverable, connection, work.alice, made, True)
        own = replace(work.alice, roles=work.alice.roles | {"expert"})
        _refused("centre.conflict", judge_deliverable, connection, own, made, True)
        _refused("centre.no-reason", judge_deliverable, connection, work.experts[0], made, False)
        judge_deliverable(connection, work.experts[0], made, False, "The error is not given.")
        hand_over(connection, work.dan, made, [PAPER])
        assert judge_deliverable(connection, work.experts[0], made, True).state == "approved"


def test_a_plan_changes_by_an_approved_change_only(work: ProjectWorld) -> None:
    """Who asked does not approve; a refused change leaves the plan; an approved one holds; an outdated one does not."""
    manager = work.centre.manager
    with store.transaction(work.centre.org) as connection:
        version = get(connection, work.id).version
        longer = ProjectChange(project=work.id, reason="The tester is late", version=version, ends=date(2027, 6, 30))
        _refused("centre.not-in-team", propose_change, connection, work.bob, longer)
        asked = propose_change(connection, work.alice, longer, at=AT)
        _refused("centre.forbidden", decide_change, connection, work.dan, asked.id, True)
        alice_leads = replace(work.alice, roles=work.alice.roles | {"director"})
        _refused("centre.conflict", decide_change, connection, alice_leads, asked.id, True)
        second = propose_change(connection, work.alice, longer)
        decide_change(connection, manager, asked.id, True)
        assert get(connection, work.id).facts.ends == date(2027, 6, 30)
        with connection.begin_nested() as inside:
            _refused("centre.changed-meanwhile", decide_change, connection, manager, second.id, True)
            inside.rollback()
        decide_change(connection, manager, second.id, False, "It was changed already.")
        nothing = ProjectChange(project=work.id, reason="Nothing", version=version)
        _refused("centre.no-change", propose_change, connection, work.alice, nothing)


def test_the_light_turns_with_what_is_late_and_at_risk(work: ProjectWorld) -> None:
    """Green at first; amber a day after a due day and for a heavy risk; red a month later; green when it is done."""
    due = date(2026, 9, 1)
    with store.transaction(work.centre.org) as connection:
        made = deliverable(connection, work, due)
        assert standing(connection, work.id, due).light == "green"
        late = standing(connection, work.id, due + timedelta(1))
        assert (late.light, str(late.reasons[0].message)) == ("amber", "Method D1 was due on 2026-09-01.")
        assert standing(connection, work.id, due + timedelta(31)).light == "red"
        hand_over(connection, work.alice, made, [PAPER])
        assert standing(connection, work.id, due + timedelta(31)).light == "green"
        risk = Risk(project=work.id, title="No cells", likelihood=4, impact=4, mitigation="A second source")
        open_risk = add_risk(connection, work.alice, risk)
        assert [one.light for one in standing(connection, work.id, due).reasons] == ["amber"]
        move_risk(connection, work.alice, open_risk.id, "closed")
        assert standing(connection, work.id, due).light == "green"
        assert standing(connection, work.id, date(2027, 3, 1)).light == "red"


def test_a_warning_names_what_it_is_about_in_the_language_of_the_page(work: ProjectWorld) -> None:
    """A late milestone and a heavy risk are named by their Chinese titles on Chinese pages, by the others else."""
    due = date(2026, 9, 1)
    point = ProjectMilestone(project=work.id, title="Half", title_zh="过半", due=due, criterion="100 cells")
    risk = Risk(project=work.id, title="No cells", title_zh="缺电芯", likelihood=4, impact=4, mitigation="Wait")
    with store.transaction(work.centre.org) as connection:
        add_milestone(connection, work.alice, point)
        add_risk(connection, work.alice, risk)
        reasons = standing(connection, work.id, due + timedelta(1)).reasons
    assert {one.message_zh.params["title"] for one in reasons} == {"过半", "缺电芯"}
    assert {one.message.params["title"] for one in reasons} == {"Half", "No cells"}


def test_a_new_summary_ends_the_chinese_one_of_the_old(work: ProjectWorld) -> None:
    """Chinese pages never go on to show what the project no longer says."""
    new = ProjectChange(project=work.id, reason="Wider", version=1, summary="All cells")
    both = ProjectChange(project=work.id, reason="Wider", version=1, summary="All cells", summary_zh="所有电芯")
    assert new.changed() == {"summary": "All cells", "summary_zh": ""}
    assert both.changed()["summary_zh"] == "所有电芯"


def test_a_timeline_tells_all_in_order_and_comes_back_from_the_ledger(work: ProjectWorld) -> None:
    """Every part stands in it once, by day; emptied tables come back equal."""
    with store.transaction(work.centre.org) as connection:
        deliverable(connection, work)
        point = ProjectMilestone(project=work.id, title="Half", due=date(2026, 8, 1), criterion="100 cells graded")
        milestone = add_milestone(connection, work.alice, point, at=AT)
        reach_milestone(connection, work.alice, milestone.id, [PAPER], at=AT)
        told = Progress(project=work.id, title="Spring", until=date(2026, 6, 1), done="x", next="y", complete=300)
        report_progress(connection, work.alice, told, at=AT)
        moments = timeline(connection, work.id)
        assert [one.kind for one in moments] == ["project", "progress", "project-milestone", "deliverable"]
        assert standing(connection, work.id, date(2026, 6, 2)).complete == 300
        before = [tuple(row) for row in connection.execute(sa.text("select * from centre_record order by id"))]
        projection.rebuild(connection, work.centre.org)
        assert [tuple(row) for row in connection.execute(sa.text("select * from centre_record order by id"))] == before
        assert len(find(connection, "project")) == 1
