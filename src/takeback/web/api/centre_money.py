"""Money of a centre: funds and their rules, what is committed and spent, statements, the way of every yuan."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from litestar import Response, post
from litestar.params import QueryParameter

from takeback.operate.identity import Actor
from takeback.share.centre import money, projects
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.files import LARGEST
from takeback.share.centre.money import CostKind
from takeback.share.centre.records import Record
from takeback.web.api.centre_asking import URL, once_within
from takeback.web.api.centre_commands import command, question
from takeback.web.api.centre_files import Uploaded
from takeback.web.api.idempotency import Once

TAGS = ["Centre: money"]
FUND, SPENDING = "/funds/{fund_id:uuid}", "/spendings/{spending_id:uuid}"


@post(
    f"{URL}/projects/{{project_id:uuid}}/claims",
    sync_to_thread=True,
    request_max_body_size=LARGEST + 100_000,
    tags=TAGS,
    summary="Claim a cost of a project that you work on; the file sent is its receipt",
)
def claim(
    actor: Actor,
    once: Once,
    project_id: UUID,
    data: Uploaded,
    cost_kind: CostKind,
    amount: Annotated[int, QueryParameter(ge=1, le=10**15, description="Minor units of the centre's currency.")],
    purpose: Annotated[str, QueryParameter(min_length=1, max_length=200)],
    day: Annotated[date, QueryParameter(name="on", description="The day of the cost.")],
    supplier: Annotated[str, QueryParameter(min_length=1, max_length=200)],
    invoice: Annotated[str, QueryParameter(min_length=1, max_length=100)],
) -> Response[Record]:
    receipt = (data.filename, data.content_type, data.file.read())

    def effect(connection: sa.Connection, who: CentreActor) -> Record:
        return projects.claim_cost(
            connection, who, project_id, receipt, cost_kind=cost_kind, amount=amount, purpose=purpose, on=day,
            supplier=supplier, invoice=invoice,
        )  # fmt: skip

    return once_within(actor, once, effect)


HANDLERS: list[Any] = [
    claim,
    question("/claims", projects.my_claims, "Your claims, the latest changed first", tags=TAGS),
    command("/claims/{claim_id:uuid}/approve", projects.approve_claim, "Approve a claim: it is spent", tags=TAGS),
    command("/claims/{claim_id:uuid}/refuse", projects.refuse_claim, "Refuse a claim, with the reason", tags=TAGS),
    command("/claims/{claim_id:uuid}/withdraw", projects.withdraw_claim, "Take a claim of yours back", tags=TAGS),
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
