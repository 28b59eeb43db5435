"""Random operations conserve money to the cent; so do threads that move it at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.operate import projection
from takeback.share.centre.money import Fund, fund_statements, money_violations, spend, trial
from takeback.share.centre.records import create, move
from tests.drill import count
from tests.share.centre.centre_world import CentreWorld
from tests.share.centre.money.money_world import cost, fund, give, project

STEPS = 100  # operations in one transaction


@pytest.mark.drill
def test_random_operations_conserve_to_the_cent(centre: CentreWorld) -> None:
    """After 2,000 operations (100,000 in the drill) the ledger, counted anew, has no difference and nothing is lost."""
    projects = [project(centre, f"P{number}") for number in range(4)]
    people = [person.id for person in centre.people.values()]
    with store.transaction(centre.org) as connection:
        run = trial(connection, centre.manager, projects, people, seed=7)
    for _ in range(count(2_000, 100_000) // STEPS):
        with store.transaction(centre.org) as connection:
            run.steps(connection, centre.manager, STEPS)
    assert run.done > run.refused / 3
    assert {"centre.fund-available", "centre.fund-committed", "centre.fund-matching", "centre.invoice-twice"} <= {
        *run.refusals
    }
    with store.transaction(centre.org) as connection:
        assert money_violations(connection) == []
        for one in fund_statements(connection, centre.manager):
            parts = (one.available, one.committed, one.spent, one.in_kind, one.returned, one.passed)
            assert one.received == sum(parts), one.code
            assert min(parts) >= 0
        before = _tables(connection)
        projection.rebuild(connection, centre.org)
        assert _tables(connection) == before


def _tables(connection: sa.Connection) -> list[list[tuple[object, ...]]]:
    """Return what is told by the money's tables; a balance of nothing is none."""
    balance = "select * from centre_balance where amount <> 0"
    others = [f"select * from centre_{name}" for name in ("posting", "invoice", "hours")]
    return [sorted(map(tuple, connection.execute(sa.text(sql))), key=str) for sql in (balance, *others)]


def test_threads_that_spend_at_once_never_spend_more_than_there_is(centre: CentreWorld) -> None:
    """40 threads want 60.00 each of 1,000.00, half of them with the same invoice: what is spent is exact."""
    work = project(centre)
    with store.transaction(centre.org) as connection:
        money = fund(connection, centre, received=2_000_00)
        give(connection, centre, money, work, 1_000_00)

    def one(number: int) -> str:
        invoice = "same" if number % 2 else f"N{number}"
        return _spend(centre, money, work, invoice)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one, range(40)))
    done = answers.count("done")
    assert {*answers} <= {"done", "centre.invoice-twice", "centre.fund-committed"}
    assert done == 16
    with store.transaction(centre.org) as connection:
        assert money_violations(connection) == []
        (statement,) = fund_statements(connection, centre.manager)
        assert (statement.spent, statement.committed) == (done * 60_00, 1_000_00 - done * 60_00)


def _spend(world: CentreWorld, money: UUID, work: UUID, invoice: str) -> str:

    try:
        with store.transaction(world.org) as connection:
            spend(connection, world.manager, cost(money, work, 60_00, invoice=invoice))
    except Problem as refusal:
        return refusal.kind
    return "done"


def test_a_spoiled_table_is_found(centre: CentreWorld) -> None:
    """Who changes a balance or takes a posting away behind the ledger's back is found out by the recount."""
    with store.transaction(centre.org) as connection:
        fund(connection, centre)
        assert money_violations(connection) == []
        connection.execute(sa.text("update centre_balance set amount = amount + 1 where account = 'available'"))
        connection.execute(sa.text("delete from centre_posting where account = 'available'"))
        found = [str(one.what) for one in money_violations(connection)]
    assert found == ["A posting is not what the ledger says.", "A balance is not the sum of its postings."]


def test_what_was_written_past_the_commands_is_found(centre: CentreWorld) -> None:
    """A spending that moved nothing, and rules narrowed below what was done, are found though no balance is wrong."""
    work = project(centre)
    with store.transaction(centre.org) as connection:
        money = fund(connection, centre)
        give(connection, centre, money, work, 500_00)
        assert money_violations(connection) == []
        create(connection, centre.manager, "spending", cost(money, work, 10_00))
        narrow = Fund(
            code="F1", title="F", source="City", channel="municipal", limit=999_99, per_project=499_99, matching=1_000,
            year_to=2025,
        )  # fmt: skip
        move(connection, centre.manager, money, "open", facts=narrow)
        assert sorted(str(one.what) for one in money_violations(connection)) == [
            "A cost lies outside the years of its fund.",
            "A cost lies outside the years of its fund.",
            "A project got more than one may get from this fund.",
            "A project's own share is missing.",
            "A record did not move its amount.",
            "The fund took in more than its budget.",
        ]
