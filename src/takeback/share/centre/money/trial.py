"""A trial of the books: random operations on random funds and projects, most of them allowed, some not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import sqlalchemy as sa

from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.money.funds import give_back, grant, open_new_fund, transfer
from takeback.share.centre.money.kinds import COST_KINDS, Cap, Commitment, Fund, Spending
from takeback.share.centre.money.spending import commit, release, reverse, spend

BEGINS = datetime(2026, 1, 5, 8, tzinfo=UTC)


@dataclass(slots=True)
class Trial:
    """A trial under way: `done` and `refused` count operations; `refusals`: how often by the slug of the rule."""

    random: Random
    funds: Sequence[UUID]
    projects: Sequence[UUID]
    people: Sequence[UUID]
    done: int = 0
    refused: int = 0
    refusals: dict[str, int] = field(default_factory=dict)
    spendings: list[UUID] = field(default_factory=list)
    number: int = 0

    def steps(self, connection: sa.Connection, actor: CentreActor, count: int) -> None:
        """Do `count` random operations in the caller's transaction; a refused one leaves nothing behind."""
        for _ in range(count):
            try:
                self._operation()(connection, actor)
                self.done += 1
            except Problem as refusal:
                self.refused += 1
                self.refusals[refusal.kind] = self.refusals.get(refusal.kind, 0) + 1

    def _operation(self) -> Callable[[sa.Connection, CentreActor], object]:
        some = (self._grant, self._commit, self._spend, self._release, self._return, self._transfer, self._reverse)
        return self.random.choices(some, weights=(12, 25, 35, 8, 4, 8, 8))[0]

    def _amount(self) -> int:
        return self.random.randint(1, 10 ** self.random.randint(2, 7))

    def _grant(self, connection: sa.Connection, actor: CentreActor) -> object:
        return grant(connection, actor, self.random.choice(self.funds), self._amount() * 5, at=BEGINS)

    def _return(self, connection: sa.Connection, actor: CentreActor) -> object:
        return give_back(connection, actor, self.random.choice(self.funds), self._amount(), at=BEGINS)

    def _transfer(self, connection: sa.Connection, actor: CentreActor) -> object:
        giver, taker = self.random.choice(self.funds), self.random.choice(self.funds)
        return transfer(connection, actor, giver, taker, self._amount(), at=BEGINS)

    def _commit(self, connection: sa.Connection, actor: CentreActor) -> object:
        fund, project = self.random.choice(self.funds), self.random.choice(self.projects)
        year = self.random.choice((2025, 2026, 2026, 2026, 2027))
        wish = Commitment(fund=fund, project=project, amount=self._amount(), purpose="trial", year=year)
        return commit(connection, actor, wish, at=BEGINS)

    def _release(self, connection: sa.Connection, actor: CentreActor) -> object:
        fund, project = self.random.choice(self.funds), self.random.choice(self.projects)
        return release(connection, actor, fund, project, self._amount(), at=BEGINS)

    def _spend(self, connection: sa.Connection, actor: CentreActor) -> object:
        self.number += 1
        number = self.number if self.random.random() < 0.9 else self.random.randint(1, self.number)
        begins = BEGINS + timedelta(hours=self.random.randint(0, 100_000))
        hours = self.random.random() < 0.3
        cost = Spending(
            fund=self.random.choice(self.funds),
            project=self.random.choice(self.projects),
            cost_kind=self.random.choice(COST_KINDS),
            amount=self._amount(),
            purpose="trial",
            on=date(self.random.choice((2024, 2026, 2026, 2026, 2026, 2031)), 1, 2),
            supplier="" if hours else "Supplier",
            invoice="" if hours else f"N{number}",
            person=self.random.choice(self.people) if hours else None,
            begins=begins if hours else None,
            ends=begins + timedelta(hours=self.random.randint(1, 4)) if hours else None,
        )
        made = spend(connection, actor, cost, at=BEGINS)
        self.spendings.append(made.id)
        return made

    def _reverse(self, connection: sa.Connection, actor: CentreActor) -> object:
        if not self.spendings:
            return self._grant(connection, actor)
        chosen = self.spendings.pop(self.random.randrange(len(self.spendings)))
        return reverse(connection, actor, chosen, "trial", at=BEGINS)


def trial(
    connection: sa.Connection, actor: CentreActor, projects: Sequence[UUID], people: Sequence[UUID], *, seed: int = 0
) -> Trial:
    """Open six funds with different rules and return a trial of them that has not begun."""
    rules = (
        Fund(code="T1", title="Open fund", source="City", channel="municipal", transfer_to=("T2", "T4")),
        Fund(code="T2", title="Own share", source="Centre", channel="own", own=True, transfer_to=("T1", "T3")),
        Fund(code="T3", title="Matched fund", source="Province", channel="regional", matching=500, per_project=10**8),
        Fund(code="T4", title="Earmarked", source="Company", channel="enterprise", cost_kinds=("equipment", "testing"),
             limit=10**8, projects=tuple(projects[:2]), caps=(Cap(cost_kind="testing", per_mille=300),)),
        Fund(code="T5", title="In kind", source="Company", channel="enterprise", in_kind=True, own=True),
        Fund(code="T6", title="Of one year", source="State", channel="national", year_from=2026, year_to=2026),
    )  # fmt: skip
    funds = [open_new_fund(connection, actor, one, at=BEGINS).id for one in rules]
    return Trial(Random(seed), funds, projects, people)  # noqa: S311 - a trial is to be repeatable
