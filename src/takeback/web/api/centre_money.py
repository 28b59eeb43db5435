"""Money of a centre: funds and their rules, what is committed and spent, statements, the way of every yuan."""

from __future__ import annotations

from typing import Any

from takeback.share.centre import money, projects
from takeback.web.api.centre_commands import command, question

TAGS = ["Centre: money"]
FUND, SPENDING = "/funds/{fund_id:uuid}", "/spendings/{spending_id:uuid}"

HANDLERS: list[Any] = [
    question("/funds", money.fund_statements, "All funds: received, available, committed, spent", tags=TAGS),
    question(FUND, money.fund_statement, "One fund and its projects", tags=TAGS),
    question(f"{FUND}/trace", money.trace_of, "What became of every yuan of a fund", tags=TAGS),
    command(f"{FUND}/grant", money.grant, "Take in an amount from the fund's source", tags=TAGS),
    command(f"{FUND}/release", money.release, "Set free what a project does not need", tags=TAGS),
    command(f"{FUND}/give-back", money.give_back, "Give what is available back to the source", tags=TAGS),
    command(f"{FUND}/close", money.close_fund, "Close a fund of which nothing is left", tags=TAGS),
    command("/funds/transfer", money.transfer, "Pass what is available on to another fund", tags=TAGS),
    command(
        "/spendings",
        money.spend,
        "Spend what is committed to a project, with papers",
        tags=TAGS,
        fixed={"allowed": False},
    ),
    command(f"{SPENDING}/reverse", money.reverse, "Take a spending back", tags=TAGS),
    command(f"{SPENDING}/result", money.link_result, "Say what a spending led to", tags=TAGS),
    question("/projects/{project_id:uuid}/money", projects.project_money, "What a project got and spent", tags=TAGS),
]
