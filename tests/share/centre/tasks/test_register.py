"""The task register: undertaken, delivered, received with the paper, overdue."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre.figures import unproven
from takeback.share.centre.files import files_of
from takeback.share.centre.records import create, get
from takeback.share.centre.targets import Priority, answering
from takeback.share.centre.tasks import (
    Task,
    change_task,
    deliver,
    figures,
    overdue,
    receive,
    send_back,
    tasks,
    tasks_of,
    undertake,
)
from tests.share.centre.centre_world import CentreWorld, new_centre

DUE = date(2026, 9, 30)
BEFORE, AFTER = (datetime(2026, month, 15, tzinfo=UTC) for month in (9, 10))
PAPER = ("receipt.pdf", "application/pdf", b"%PDF-1.7 received")


def task(centre: CentreWorld, **more: object) -> Task:
    """Return a task of the university, with the maker as partner."""
    given = {
        "code": "N-1", "title": "National test standard", "title_zh": "国家检测标准", "level": "national",
        "commissioner": "Standards office", "owner_id": centre.manager.person_id, "due": DUE,
        "member_id": centre.members["university"], "partners": (centre.members["maker"],), "deliverable": "A draft",
    } | more  # fmt: skip
    return Task(**given)  # type: ignore[arg-type]


def test_a_task_is_done_when_its_receipt_with_the_paper_is_there(centre: CentreWorld) -> None:
    """Delivered first, then a receipt with number, day and paper; the day is not before the delivery."""
    with store.transaction(centre.org) as connection:
        made = undertake(connection, centre.manager, task(centre))
        assert (made.year, made.person_id) == (2026, centre.manager.person_id)
        with pytest.raises(Problem, match="cannot follow"):
            receive(connection, centre.manager, made.id, "R 7", DUE, PAPER)
        deliver(connection, centre.manager, made.id, at=BEFORE)
        for number, day, paper, kind in (
            ("", DUE, PAPER, "centre.bad-receipt"),
            ("R 7", date(2026, 9, 14), PAPER, "centre.bad-receipt"),
            ("R 7", DUE, ("r.pdf", "application/pdf", b""), "centre.bad-file"),
        ):
            with pytest.raises(Problem) as refused:
                receive(connection, centre.manager, made.id, number, day, paper)
            assert refused.value.kind == kind
    with store.transaction(centre.org) as connection:
        done = receive(connection, centre.manager, made.id, "R 7", DUE, PAPER)
        assert done.state == "received"
        assert done.facts.receipt.file_id in [one.id for one in files_of(connection, made.id)]
        shown = figures(connection, 2026)
        assert {one.code: one.value for one in shown}["tasks.received"] == 1
        assert {one.code: one.value for one in shown}["tasks.in_time"] == 1
        assert unproven(shown) == []


def test_what_is_late_is_on_the_overdue_list(centre: CentreWorld) -> None:
    """The day itself is in time; a delivery leaves the list, one that is sent back returns to it."""
    with store.transaction(centre.org) as connection:
        made = undertake(connection, centre.manager, task(centre))
        assert overdue(connection, today=DUE) == []
        assert [one.id for one in overdue(connection, today=date(2026, 10, 1))] == [made.id]
        deliver(connection, centre.manager, made.id, at=AFTER)
        assert overdue(connection, today=date(2026, 10, 20)) == []
        again = send_back(connection, centre.manager, made.id, "annex missing")
        assert again.facts.delivered is None
        assert [one.id for one in overdue(connection, today=date(2026, 10, 20))] == [made.id]


def test_what_a_task_names_must_be_there(centre: CentreWorld) -> None:
    """A partner, project or owner that there is not is refused, and so is a code used twice."""
    authority = centre.enter("Ann", "authority", "authority")
    member = centre.members["maker"]
    with store.transaction(centre.org) as connection:
        for wrong in ({"projects": (member,)}, {"results": (member,)}, {"priorities": (member,)}, {"owner_id": member}):
            with pytest.raises(Problem):
                undertake(connection, centre.manager, task(centre, **wrong))
        priority = Priority(
            code="P1", sort="priority", title="Tests", title_zh="检测", text="Tests", source="Plan 2026"
        )
        asked = create(connection, authority, "priority", priority)
        made = undertake(connection, centre.manager, task(centre, priorities=(asked.id,)))
        assert [one.id for one in tasks_of(connection, centre.manager, asked.id)] == [made.id]
        assert [one.id for one in answering(connection, authority, asked.id)] == [made.id]
        with pytest.raises(Problem) as refused:
            undertake(connection, centre.manager, task(centre))
        assert refused.value.status == 409


def test_who_may_keep_the_register(centre: CentreWorld) -> None:
    """Alice manages; Bob, a delegate, sees it and changes nothing; Charlie's centre has another register."""
    bob = centre.enter("Bob", "maker", "delegate")
    with store.transaction(centre.org) as connection:
        made = undertake(connection, centre.manager, task(centre))
        later = msgspec.structs.replace(made.facts, due=date(2027, 1, 31), code="other")
        for refused in (
            lambda: undertake(connection, bob, task(centre, code="N-2")),
            lambda: change_task(connection, bob, made.id, later),
            lambda: deliver(connection, bob, made.id),
            lambda: receive(connection, bob, made.id, "R", DUE, PAPER),
        ):
            with pytest.raises(Problem) as problem:
                refused()
            assert problem.value.status == 403
        assert [one.id for one in tasks(connection, bob, level="national")] == [made.id]
        assert tasks(connection, bob, level="regional") == []
        changed = change_task(connection, centre.manager, made.id, later)
        assert (changed.year, changed.facts.code) == (2027, "N-1")
    charlie = new_centre("other")
    with store.transaction(charlie.org) as connection:
        assert tasks(connection, charlie.manager) == []
        with pytest.raises(Problem) as problem:
            get(connection, made.id)
        assert problem.value.status == 404
