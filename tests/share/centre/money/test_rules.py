"""What a fund refuses: each rule is named, and nothing is moved."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre.money import (
    Cap,
    amend_fund,
    balances,
    close_fund,
    fund_statement,
    give_back,
    grant,
    link_result,
    money_violations,
    project_statement,
    release,
    reverse,
    spend,
    trace_of,
    transfer,
)
from takeback.share.centre.projects.kinds import Deliverable
from takeback.share.centre.records import create, get
from tests.share.centre.centre_world import CentreWorld, new_centre
from tests.share.centre.money.money_world import cost, fund, give, project


def _refused(connection: sa.Connection, slug: str, command: Any, *args: Any, **more: Any) -> Problem:
    before = balances(connection)
    with pytest.raises(Problem) as refused:
        command(connection, *args, **more)
    assert refused.value.kind == slug, refused.value
    assert balances(connection) == before
    return refused.value


def test_money_goes_from_its_source_to_a_result_and_the_statements_say_so(centre: CentreWorld) -> None:
    """1,000 come in, 600 are committed, 250 spent, 50 released, 100 given back: fund, project and trace agree."""
    work = project(centre)
    with store.transaction(centre.org) as connection:
        money, me = fund(connection, centre), centre.manager
        give(connection, centre, money, work, 600_00)
        made = spend(connection, me, cost(money, work, 250_00), papers=[("invoice.pdf", "application/pdf", b"%PDF")])
        release(connection, me, money, work, 50_00)
        give_back(connection, me, money, 100_00)
        due = Deliverable(project=work, code="D1", title="A tester that works", due=date(2026, 9, 1))
        link_result(connection, me, made.id, create(connection, me, "deliverable", due).id)

        one = fund_statement(connection, me, money)
        assert (one.received, one.available, one.committed, one.spent, one.returned) == (
            1_000_00, 350_00, 300_00, 250_00, 100_00,
        )  # fmt: skip
        its = project_statement(connection, me, work)
        assert (its.budget, its.committed, its.spent, its.left) == (10_000_00, 550_00, 250_00, 300_00)
        assert its.by_cost_kind == {"equipment": 250_00}
        trace = trace_of(connection, me, money)
        assert (trace.complete, trace.without_result) == (True, 0)
        assert [(part.became, part.amount, part.result) for part in trace.parts] == [
            ("spent", 250_00, "A tester that works"), ("available", 350_00, ""), ("committed", 300_00, ""),
            ("returned", 100_00, ""),
        ]  # fmt: skip
        assert money_violations(connection) == []


def test_budget_commitment_and_project_rules(centre: CentreWorld) -> None:
    """A fund takes in no more than its limit, gives no more than it has, to its projects, to each what it may get."""
    mine, other = project(centre), project(centre, "P2")
    with store.transaction(centre.org) as connection:
        me = centre.manager
        money = fund(connection, centre, limit=1_000_00, per_project=400_00, projects=(mine,))
        told = _refused(connection, "centre.fund-limit", grant, me, money, 1)
        assert (told.where, told.found) == ("F1, limit", "1\N{NARROW NO-BREAK SPACE}000.01\N{NO-BREAK SPACE}CNY")
        assert str(told.expected) == "at most 1\N{NARROW NO-BREAK SPACE}000.00\N{NO-BREAK SPACE}CNY"
        _refused(connection, "centre.fund-available", give, centre, money, mine, 1_000_01)
        _refused(connection, "centre.fund-projects", give, centre, money, other, 1)
        _refused(connection, "centre.fund-per-project", give, centre, money, mine, 400_01)
        give(connection, centre, money, mine, 400_00)
        _refused(connection, "centre.fund-committed", spend, me, cost(money, mine, 400_01))
        _refused(connection, "centre.fund-committed", release, me, money, mine, 400_01)
        _refused(connection, "centre.bad-amount", grant, me, money, 0)
        _refused(connection, "centre.bad-amount", release, me, money, mine, -5)


def test_earmarks_for_years_and_kinds_of_cost(centre: CentreWorld) -> None:
    """Wrong year, a kind of cost that is not covered, a kind above its cap, and no paper are refused."""
    work = project(centre)
    with store.transaction(centre.org) as connection:
        me = centre.manager
        rules = {"year_from": 2026, "year_to": 2026, "cost_kinds": ("equipment", "travel"), "paper_above": 500_00}
        money = fund(connection, centre, caps=(Cap(cost_kind="travel", per_mille=100),), **rules)
        _refused(connection, "centre.fund-years", give, centre, money, work, 1, 2027)
        give(connection, centre, money, work, 900_00)
        _refused(connection, "centre.fund-years", spend, me, cost(money, work, 1, on=date(2027, 1, 1)))
        _refused(connection, "centre.fund-cost-kinds", spend, me, cost(money, work, 1, cost_kind="labour"))
        _refused(connection, "centre.fund-caps", spend, me, cost(money, work, 100_01, cost_kind="travel"))
        spend(connection, me, cost(money, work, 100_00, cost_kind="travel"))
        _refused(connection, "centre.fund-paper", spend, me, cost(money, work, 500_01, invoice="2"))
        _refused(connection, "centre.no-evidence", spend, me, cost(money, work, 1, invoice=""))


def test_a_matched_fund_needs_the_own_share(centre: CentreWorld) -> None:
    """One yuan of own share for two: without it nothing is committed; with it, it stays until the match is gone."""
    work = project(centre)
    with store.transaction(centre.org) as connection:
        me = centre.manager
        matched = fund(connection, centre, matching=500)
        own = fund(connection, centre, "OWN", own=True)
        told = _refused(connection, "centre.fund-matching", give, centre, matched, work, 400_00)
        assert "200.00\N{NO-BREAK SPACE}CNY" in str(told.expected)
        give(connection, centre, own, work, 200_00)
        give(connection, centre, matched, work, 400_00)
        _refused(connection, "centre.fund-matching", release, me, own, work, 1)
        spend(connection, me, cost(own, work, 150_00))
        release(connection, me, matched, work, 400_00)
        release(connection, me, own, work, 50_00)
        assert money_violations(connection) == []


def test_nothing_is_spent_twice(centre: CentreWorld) -> None:
    """The same invoice (however it is written) or the same hours, in whatever project and fund, are refused."""
    first, second = project(centre), project(centre, "P2")
    bob = centre.enter("Bob", "maker", "researcher").person()
    with store.transaction(centre.org) as connection:
        me, money, other = centre.manager, fund(connection, centre), fund(connection, centre, "F2")
        for fund_id, work in ((money, first), (other, second)):
            give(connection, centre, fund_id, work, 500_00)
        spent = spend(connection, me, cost(money, first, 10_00))
        again = cost(other, second, 10_00, supplier="ＩＮＳＴＲＵＭＥＮＴＳ ltd.", invoice=" 2026-001")
        _refused(connection, "centre.invoice-twice", spend, me, again)
        reverse(connection, me, spent.id, "booked to the wrong project")
        spend(connection, me, again)

        nine, noon, two = (datetime(2026, 5, 4, hour, tzinfo=UTC) for hour in (9, 12, 14))
        hours = {"cost_kind": "labour", "invoice": "", "person": bob}
        spend(connection, me, cost(money, first, 5_00, begins=nine, ends=noon, **hours))
        eleven = datetime(2026, 5, 4, 11, 59, tzinfo=UTC)
        told = _refused(
            connection, "centre.hours-twice", spend, me, cost(other, second, 5_00, begins=eleven, ends=two, **hours)
        )
        assert told.where == str(first)
        spend(connection, me, cost(other, second, 5_00, begins=noon, ends=two, **hours))
        assert money_violations(connection) == []


def test_money_passes_between_funds_where_the_rules_allow(centre: CentreWorld) -> None:
    """A transfer needs the giver's rule; both funds stay balanced, and the taker's limit holds."""
    with store.transaction(centre.org) as connection:
        me = centre.manager
        giver = fund(connection, centre, transfer_to=("F2", "KIND"))
        taker = fund(connection, centre, "F2", received=0, limit=300_00)
        kind = fund(connection, centre, "KIND", received=0, in_kind=True)
        _refused(connection, "centre.fund-transfer", transfer, me, taker, giver, 1)
        _refused(connection, "centre.fund-transfer", transfer, me, giver, kind, 1)
        _refused(connection, "centre.fund-limit", transfer, me, giver, taker, 300_01)
        transfer(connection, me, giver, taker, 300_00)
        assert fund_statement(connection, me, giver).passed == fund_statement(connection, me, taker).available == 300_00
        assert money_violations(connection) == []


def test_a_fund_in_kind_counts_apart_from_money(centre: CentreWorld) -> None:
    """What is used in kind is no spending."""
    work = project(centre)
    with store.transaction(centre.org) as connection:
        kind = fund(connection, centre, in_kind=True)
        give(connection, centre, kind, work, 300_00)
        spend(connection, centre.manager, cost(kind, work, 120_00))
        its = project_statement(connection, centre.manager, work)
        assert (its.spent, its.in_kind, its.left) == (0, 120_00, 180_00)


def test_rules_are_not_amended_below_what_was_done(centre: CentreWorld) -> None:
    """A limit below what came in is refused and leaves the fund as it was; a fund with money left is not closed."""
    with store.transaction(centre.org) as connection:
        me, money = centre.manager, fund(connection, centre, limit=2_000_00)
        facts = get(connection, money).facts
        lower = type(facts)(**{**{n: getattr(facts, n) for n in facts.__struct_fields__}, "limit": 999_99})
        _refused(connection, "centre.fund-amended", amend_fund, me, money, lower)
        assert get(connection, money).facts.limit == 2_000_00
        _refused(connection, "centre.fund-left", close_fund, me, money)
        give_back(connection, me, money, 1_000_00)
        assert close_fund(connection, me, money).state == "closed"
        _refused(connection, "centre.fund-open", grant, me, money, 1)


def test_the_database_itself_refuses_a_balance_below_nothing(centre: CentreWorld) -> None:
    """Postings that take more than there is, or do not sum to zero, do not get into the table at all."""
    with store.transaction(centre.org) as connection:
        money = fund(connection, centre)
        sql = """
            insert into centre_posting (org_id, entry_id, place, account, fund_id, record_id, amount, at)
            values (:org, 1, 1, 'available', :fund, :fund, :out, now()), (:org, 1, 2, 'returned', :fund, :fund, :back,
                now())
        """
        for out, back, rule in ((-1_000_01, 1_000_01, "not_negative"), (-5, 4, "off by -1")):
            row = {"org": centre.org, "fund": money, "out": out, "back": back}
            with pytest.raises(IntegrityError, match=rule), connection.begin_nested():
                connection.execute(sa.text(sql), row)


def test_who_may_not_neither_moves_nor_sees_money(centre: CentreWorld) -> None:
    """Alice manages; Bob, a researcher, neither grants, spends nor reads; Charlie's centre does not know the fund."""
    bob = centre.enter("Bob", "maker", "researcher")
    work = project(centre)
    with store.transaction(centre.org) as connection:
        money = fund(connection, centre)
        give(connection, centre, money, work, 100_00)
        for command, args in (
            (grant, (bob, money, 1)), (give_back, (bob, money, 1)), (release, (bob, money, work, 1)),
            (spend, (bob, cost(money, work, 1))), (fund_statement, (bob, money)), (trace_of, (bob, money)),
            (project_statement, (bob, work)), (transfer, (bob, money, money, 1)),
        ):  # fmt: skip
            _refused(connection, "centre.forbidden", command, *args)
    charlie = new_centre("other")
    with store.transaction(charlie.org) as connection:
        _refused(connection, "centre.no-record", grant, charlie.manager, money, 1)
        _refused(connection, "centre.no-record", fund_statement, charlie.manager, money)
