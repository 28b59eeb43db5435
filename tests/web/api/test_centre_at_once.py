"""Twenty requests at once: money is spent once, a bench booked once, a code, a claim and a result are there once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre import calls, money, projects, writing
from takeback.share.centre.calls import BudgetRule, Call
from takeback.share.centre.history import history
from takeback.share.centre.money.kinds import Commitment, Fund, Spending
from takeback.share.centre.projects.kinds import Project, TeamMember
from takeback.share.centre.records import change, create, find, get
from takeback.share.centre.resources import Resource, offer_resource
from takeback.share.centre.targets import Priority
from tests.share.centre.calls.call_world import CRITERIA
from tests.web.api.centre_clients import URL, Client, Clients

MANY = 20
TODAY = datetime.now(UTC).date()


def _at_once(browsers: list[Client], send: Callable[[Client, int], Any]) -> Counter[int]:
    """Return how many requests got which status; each browser sends its part, all at the same time."""
    with ThreadPoolExecutor(MANY) as pool:
        return Counter(pool.map(lambda n: send(browsers[n % len(browsers)], n).status_code, range(MANY)))


def _browsers(centre: Clients, client: Client, count: int = 4) -> list[Client]:
    return [centre.again(client) for _ in range(count)]


def _project(centre: Clients) -> tuple[Any, Any]:
    """Begin a project of Lead's with 1,000 committed from a fund; return both ids."""
    world = centre.centre
    lead = world.people["Lead"]
    facts = Project(
        code="P-1", title="Sorting", title_zh="分选", leader=lead.id, member=lead.member_id or lead.id,
        team=(TeamMember(person=lead.id, role="leader"),), begins=date(TODAY.year, 1, 1),
        ends=date(TODAY.year + 1, 12, 31), budget=1000,
    )  # fmt: skip
    with store.transaction(world.org) as connection:
        made = projects.start_project(connection, world.manager, facts)
        projects.begin_project(connection, world.manager, made.id)
        fund = Fund(
            code="F-1", title="Fund", title_zh="基金", source="City", channel="municipal", year_from=TODAY.year,
            year_to=TODAY.year,
        )  # fmt: skip
        kept = money.open_new_fund(connection, world.manager, fund)
        money.grant(connection, world.manager, kept.id, 1000)
        money.commit(
            connection, world.manager,
            Commitment(fund=kept.id, project=made.id, amount=1000, purpose="All", year=TODAY.year),
        )  # fmt: skip
    return made.id, kept.id


def _count(centre: Clients, kind: str) -> int:
    with store.transaction(centre.centre.org) as connection:
        return len(find(connection, kind))


def test_nothing_is_spent_twice(centre: Clients) -> None:
    """Of twenty spendings of 400 out of 1,000 two are booked, also where each has an invoice of its own."""
    manager = centre.manager()
    centre.enter("Lead", "university", "researcher")
    project, fund = _project(centre)

    def send(client: Client, n: int) -> Any:
        spending = Spending(
            fund=fund, project=project, cost_kind="materials", amount=400, purpose="Cells", on=TODAY,
            supplier="Cells Ltd", invoice=f"I-{n}",
        )  # fmt: skip
        return client.post(f"{URL}/spendings", json={"spending": to_builtins(spending)})

    answers = _at_once(_browsers(centre, manager), send)
    assert (answers[201], sum(answers.values()) - answers[201]) == (2, MANY - 2), answers
    assert _count(centre, "spending") == 2
    with store.transaction(centre.centre.org) as connection:
        assert money.money_violations(connection) == []


def test_an_invoice_is_claimed_once(centre: Clients) -> None:
    """Of twenty claims of one invoice one is taken."""
    lead = centre.enter("Lead", "university", "researcher")
    project, _ = _project(centre)
    asked = f"cost_kind=materials&amount=10&purpose=Cells&on={TODAY}&supplier=Cells%20Ltd&invoice=I-1"

    def send(client: Client, _: int) -> Any:
        receipt = {"data": ("receipt.txt", b"10 yuan", "text/plain")}
        return client.post(f"{URL}/projects/{project}/claims?{asked}", files=receipt)

    assert _at_once(_browsers(centre, lead), send) == {201: 1, 409: MANY - 1}
    assert _count(centre, "claim") == 1


def test_a_bench_is_booked_once(centre: Clients) -> None:
    """Of twenty who want the same hour of one bench one has it; the others are told when it is free."""
    lead, world = centre.enter("Lead", "university", "researcher"), centre.centre
    bench = Resource(name="Bench", name_zh="台架", sort="equipment", member=world.members["university"])
    with store.transaction(world.org) as connection:
        made = offer_resource(connection, world.manager, bench)
    begins = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    hour = {"begins": begins.isoformat(), "ends": (begins + timedelta(hours=1)).isoformat()}
    answers = _at_once(
        _browsers(centre, lead), lambda client, _: client.post(f"{URL}/resources/{made.id}/bookings", json=hour)
    )
    assert answers == {201: 1, 409: MANY - 1}


def _steps(centre: Clients, record: Any) -> list[str]:
    with store.transaction(centre.centre.org) as connection:
        return [step.state for step in history(connection, centre.centre.org, get(connection, record))]


def test_a_call_is_published_once_and_closed_once(centre: Clients) -> None:
    """Of twenty who do either at once one does; the others are told at which step it is. The ledger says it once."""
    world, browsers, begun = centre.centre, _browsers(centre, centre.manager()), datetime.now(UTC) - timedelta(days=9)
    facts = Call(
        code="C-1", title="Common problems", title_zh="共性问题", text="Solve them.", text_zh="请解决。", year=2026,
        period="2026", opens=begun, closes=begun + timedelta(days=90), review_closes=begun + timedelta(days=120),
        criteria=CRITERIA, budget=BudgetRule(total_minor=1000, most_minor=500),
    )  # fmt: skip
    with store.transaction(world.org) as connection:
        made = calls.draft_call(connection, world.manager, facts).id
        over = calls.draft_call(
            connection, world.manager, replace(facts, code="C-2", closes=begun + timedelta(days=1)), at=begun
        ).id
        calls.publish_call(connection, world.manager, over, at=begun)
    for call, step in ((made, "publish"), (over, "close")):
        answers = _at_once(browsers, lambda client, _: client.post(f"{URL}/calls/{call}/{step}"))  # noqa: B023
        assert answers == {201: 1, 409: MANY - 1}, step
    assert _steps(centre, made) == ["draft", "published"]
    assert _steps(centre, over) == ["draft", "published", "reviewing"]


def test_a_project_is_delivered_once(centre: Clients) -> None:
    """Of twenty of the team who say at once that the work is done, one is taken."""
    lead = centre.enter("Lead", "university", "researcher")
    project, _ = _project(centre)
    answers = _at_once(_browsers(centre, lead), lambda client, _: client.post(f"{URL}/projects/{project}/deliver"))
    assert answers == {201: 1, 409: MANY - 1}
    assert _steps(centre, project) == ["planned", "running", "delivered"]


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("member", {"code": "E9", "name": "Ninth", "name_zh": "九", "sort": "enterprise"}),
        ("result", {"sort": "paper", "title": "On sorting", "title_zh": "论分选", "year": 2026, "body": "Journal",
                    "doi": "10.1000/x"}),
        ("period", {"code": "C1", "name": "Stage", "name_zh": "阶段", "stage": "construction",
                    "begins": "2026-01-01", "ends": "2028-12-31"}),
        ("competency", {"code": "BAT", "name": "Batteries", "name_zh": "电池"}),
    ],
)  # fmt: skip
def test_what_is_once_in_a_centre_is_put_once(centre: Clients, kind: str, facts: dict[str, Any]) -> None:
    """Of twenty who put the same at once, there is one."""
    browsers = _browsers(centre, centre.manager())
    before = _count(centre, kind)
    answers = _at_once(browsers, lambda client, _: client.post(f"{URL}/records/{kind}", json={"facts": facts}))
    assert {*answers} <= {201, 409}, answers
    assert _count(centre, kind) == before + 1


def test_nobody_overwrites_what_changed_after_it_was_read(centre: Clients) -> None:
    """A change or a move made from a record that somebody else changed since it was read is refused."""
    world = centre.centre
    ann = world.enter("Ann", "authority", "authority")
    facts = Priority(code="P1", sort="priority", title="Cells", title_zh="电芯", text="Soon", source="Notice 1")
    with store.transaction(world.org) as connection:
        read = create(connection, ann, "priority", facts)
    with store.transaction(world.org) as connection:
        change(connection, ann, read.id, replace(facts, text="Now"))
    for write in (
        lambda at: writing.change(at, ann, read, replace(facts, text="Later"), version=read.version),
        lambda at: writing.move(at, ann, read, "withdrawn", facts=None, reason="Old", version=read.version),
    ):
        with store.transaction(world.org) as connection, pytest.raises(Problem) as refused:
            write(connection)
        assert refused.value.kind == "centre.changed-meanwhile"
