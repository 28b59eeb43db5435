"""Results of a centre: papers, patents, standards, software, data sets, prizes, transfers, adoptions, people trained.

Read downwards: `facts` (what a result says, and what each sort must say), `doubles` (the same result stated twice),
`stating` (members state, the manager accepts with evidence), `reading` (as people see them), `dashboard`, `figures`.
"""

from takeback.share.centre.results.dashboard import Dashboard, DashboardLine, dashboard
from takeback.share.centre.results.doubles import Double, Known, Pair, doubles, doubles_among, same_results
from takeback.share.centre.results.facts import LABELS, REQUIRED, SORTS, Author, Result, Sort
from takeback.share.centre.results.figures import figures
from takeback.share.centre.results.reading import AuthorView, ResultView, results, results_of, view
from takeback.share.centre.results.stating import (
    accept_result,
    add_evidence,
    change_result,
    return_result,
    state_again,
    state_result,
    withdraw_result,
)

__all__ = [
    "LABELS",
    "REQUIRED",
    "SORTS",
    "Author",
    "AuthorView",
    "Dashboard",
    "DashboardLine",
    "Double",
    "Known",
    "Pair",
    "Result",
    "ResultView",
    "Sort",
    "accept_result",
    "add_evidence",
    "change_result",
    "dashboard",
    "doubles",
    "doubles_among",
    "figures",
    "results",
    "results_of",
    "return_result",
    "same_results",
    "state_again",
    "state_result",
    "view",
    "withdraw_result",
]
