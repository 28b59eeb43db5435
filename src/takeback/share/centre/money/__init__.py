"""Money from many channels, traced to projects and results, conserved to the cent.

Read downwards: `kinds` (funds with their rules, commitments, spending), `book` (double entry on the ledger),
`rules` (what a fund refuses), `hours` (no hour is claimed twice), `funds` and `spending` (the commands), `statement`
and `trace` (what became of it), `violations` (are the books right?), `trial` (random operations), `figures`.
"""

from takeback.share.centre.money import figures
from takeback.share.centre.money.book import Balance, Line, balances
from takeback.share.centre.money.currency import check_currency, currency_of
from takeback.share.centre.money.funds import amend_fund, close_fund, give_back, grant, open_new_fund, transfer
from takeback.share.centre.money.hours import claim_hours, hours_of
from takeback.share.centre.money.kinds import COST_KINDS, Cap, Commitment, CostKind, Fund, Spending
from takeback.share.centre.money.spending import commit, link_result, release, reverse, spend
from takeback.share.centre.money.statement import (
    FundStatement,
    Part,
    ProjectStatement,
    fund_statement,
    fund_statements,
    project_statement,
)
from takeback.share.centre.money.trace import Trace, Traced, trace_of
from takeback.share.centre.money.trial import Trial, trial
from takeback.share.centre.money.violations import Violation, money_violations

__all__ = [
    "COST_KINDS",
    "Balance",
    "Cap",
    "Commitment",
    "CostKind",
    "Fund",
    "FundStatement",
    "Line",
    "Part",
    "ProjectStatement",
    "Spending",
    "Trace",
    "Traced",
    "Trial",
    "Violation",
    "amend_fund",
    "balances",
    "check_currency",
    "claim_hours",
    "close_fund",
    "commit",
    "currency_of",
    "figures",
    "fund_statement",
    "fund_statements",
    "give_back",
    "grant",
    "hours_of",
    "link_result",
    "money_violations",
    "open_new_fund",
    "project_statement",
    "release",
    "reverse",
    "spend",
    "trace_of",
    "transfer",
    "trial",
]
