"""Results of a centre: looked at with their authors, accepted with evidence, counted on the dashboard."""

from __future__ import annotations

from typing import Any

from takeback.share.centre import results
from takeback.web.api.centre_commands import command, question

TAGS = ["Centre: results"]
RESULT = "/results/{result_id:uuid}"

HANDLERS: list[Any] = [
    question(RESULT, results.view, "A result with its authors and files", tags=TAGS),
    question("/results/doubles", results.same_results, "Results that may be stated twice", tags=TAGS),
    question("/results/of/{record_id:uuid}", results.results_of, "What came from a project or fund", tags=TAGS),
    question("/dashboard", results.dashboard, "The year's results beside those before and the targets", tags=TAGS,
             fixed={"targets": None}),
    command(f"{RESULT}/accept", results.accept_result, "Accept a result: from now on it counts", tags=TAGS),
    command(f"{RESULT}/return", results.return_result, "Return a result to whoever stated it", tags=TAGS),
    command(f"{RESULT}/again", results.state_again, "State a returned result anew", tags=TAGS),
    command(f"{RESULT}/withdraw", results.withdraw_result, "Withdraw an accepted result", tags=TAGS),
]  # fmt: skip
