"""What the ledger keeps of a decision's options."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from takeback.operate.decisions.accept import decision_of
from takeback.operate.decisions.propose import Proposal
from takeback.plan.disposition.reasons import HOLD, names
from takeback.plan.disposition.solve import solve
from tests.plan.disposition import worlds


def _proposal(seed: int, *, hold: bool) -> Proposal:
    problem = worlds.problem(seed, 40, hold=hold)
    items: Any = [SimpleNamespace(epc=f"urn:epc:id:sgtin:4000001.00000{i % 10}.{i}") for i in range(problem.n)]
    market: Any = None
    at = datetime(2026, 9, 1, tzinfo=UTC)
    return Proposal("returns", at, items, market, problem, solve(problem), [""] * problem.n)


@pytest.mark.parametrize("seed", range(3))
def test_the_chosen_option_leads_on_the_figure_that_the_reasons_compare(seed: int) -> None:
    """Each open option carries its value and its value after its place; on the latter the chosen one is first."""
    proposal = _proposal(seed, hold=True)
    decided = np.flatnonzero(proposal.solution.choice != proposal.problem.hold_column)
    for row in decided.tolist():
        decision = decision_of(proposal, row)
        open_ones = {o.disposition: o for o in decision.options if o.barred is None}
        after = {name: o.after_place_minor for name, o in open_ones.items() if o.after_place_minor is not None}
        assert after.keys() == open_ones.keys()
        assert after[decision.disposition] >= max(after.values()) - 2
        assert all(after[name] <= (o.expected_minor or 0) + 1 for name, o in open_ones.items())


def test_deciding_later_is_listed_where_it_was_an_option_and_only_there() -> None:
    """Whoever may wait is shown what waiting was worth."""
    proposal, without = _proposal(1, hold=True), _proposal(1, hold=False)
    hold = proposal.problem.hold
    assert hold is not None
    for row in range(proposal.problem.n):
        if proposal.solution.choice[row] != proposal.problem.hold_column:
            listed = [o.disposition for o in decision_of(proposal, row).options]
            assert (HOLD in listed) == bool(hold.allowed[row])
            assert set(listed) <= set(names(proposal.problem))
        assert HOLD not in [o.disposition for o in decision_of(without, row).options]
