"""Are the books right? Everything is counted again from the ledger and compared with what the tables say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.prove.bodies import load
from takeback.share.centre.money.book import ENTRY, USED, Balance, balances, lines_of, total
from takeback.share.centre.money.currency import currency_of, shown, written
from takeback.share.centre.money.kinds import Fund
from takeback.share.centre.money.rules import matching_gap
from takeback.share.centre.records import Record, find


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong, where, and what was found instead of what was expected."""

    what: Message
    where: str
    found: object
    expected: Message | str | None = None


@dataclass(slots=True)
class Books:
    """The books as the ledger tells them, entry by entry; `wrong`: what was wrong at the moment it was posted."""

    currency: str
    postings: Counter[tuple[int, str, UUID, UUID | None]] = field(default_factory=Counter)
    held: Counter[tuple[UUID, str, UUID | None]] = field(default_factory=Counter)
    by_record: Counter[tuple[str, str]] = field(default_factory=Counter)
    invoices: dict[tuple[str, str], str] = field(default_factory=dict)
    invoice_of: dict[str, tuple[str, str]] = field(default_factory=dict)
    hours: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    wrong: list[Violation] = field(default_factory=list)

    def take(self, entry: int, said: Mapping[str, Any]) -> None:
        """Take in what one entry says."""
        sums: Counter[UUID] = Counter()
        for account, fund, project, amount in lines_of(said):
            self.postings[entry, account, fund, project] += amount
            self.held[fund, account, project] += amount
            self.by_record[said["record"], account.partition(":")[0]] += amount
            sums[fund] += amount
        self._check(entry, said, sums)
        self._claims(entry, said)

    def _check(self, entry: int, said: Mapping[str, Any], sums: Mapping[UUID, int]) -> None:
        if any(sums.values()):
            self.wrong.append(Violation(msg("Postings do not sum to zero."), str(entry), [*sums.values()], "0"))
        for account, fund, project, _ in lines_of(said):
            amount = self.held[fund, account, project]
            if (amount > 0) if account.startswith("source:") else (amount < 0):
                found = written(amount, self.currency)
                self.wrong.append(Violation(msg("More was taken than there was."), str(entry), found, account))

    def _claims(self, entry: int, said: Mapping[str, Any]) -> None:
        if invoice := said.get("invoice"):
            if tuple(invoice) in self.invoices:
                self.wrong.append(Violation(msg("An invoice was spent twice."), str(entry), ", ".join(invoice)))
            self.invoices[invoice[0], invoice[1]] = said["record"]
            self.invoice_of[said["record"]] = (invoice[0], invoice[1])
        if hours := said.get("hours"):
            self.hours[said["record"]] = (hours[0], hours[3], hours[4])
        if said["act"] == "reverse":
            self.invoices.pop(self.invoice_of.pop(said["record"], ("", "")), None)
            self.hours.pop(said["record"], None)


def books(connection: sa.Connection) -> Books:
    """Return the centre's books, counted from its ledger."""
    result = Books(currency_of(connection))
    for row in connection.execute(_ENTRIES, {"kind": ENTRY}):
        result.take(row.id, load(row.body)["takeback:facts"])
    return result


def money_violations(connection: sa.Connection) -> list[Violation]:
    """Return everything that is wrong with the centre's money; an empty list says that the books are right.

    Looked at: each entry sums to zero; no account was ever below nothing; tables and ledger agree to the cent;
    each commitment and spending moved its amount once; no invoice and no hour is claimed twice; the rules of funds.
    """
    told = books(connection)
    return [
        *told.wrong,
        *_postings(connection, told),
        *_balances(connection, told),
        *_amounts(connection, told),
        *_hours_twice(told),
        *matching_violations(connection),
        *(one for fund in find(connection, "fund") for one in fund_violations(connection, fund)),
    ]


def fund_violations(connection: sa.Connection, fund: Record) -> list[Violation]:
    """Return which of a fund's own rules do not hold for what was done with it."""
    held = balances(connection, fund=fund.id)
    facts: Fund = fund.facts
    received = -total(held, "source:")
    spent: Counter[str] = Counter()
    used: Counter[UUID] = Counter()
    for one in held:
        if total([one], *USED) and one.project:
            used[one.project] += one.amount
        if total([one], "spent:", "in-kind:"):
            spent[one.account.partition(":")[2]] += one.amount
    return [
        *_taken_in(connection, facts, received),
        *_given(connection, facts, used),
        *_kinds(connection, facts, spent, received),
        *_years(connection, fund.id, facts),
    ]


def _taken_in(connection: sa.Connection, fund: Fund, received: int) -> Iterator[Violation]:
    if fund.limit is not None and received > fund.limit:
        yield Violation(
            msg("The fund took in more than its budget."),
            fund.code,
            shown(connection, received),
            shown(connection, fund.limit),
        )


def _given(connection: sa.Connection, fund: Fund, used: Mapping[UUID, int]) -> Iterator[Violation]:
    for project, amount in used.items():
        if fund.per_project is not None and amount > fund.per_project:
            what = msg("A project got more than one may get from this fund.")
            yield Violation(
                what, f"{fund.code}, {project}", shown(connection, amount), shown(connection, fund.per_project)
            )
        if fund.projects and project not in fund.projects:
            yield Violation(msg("A project got money that is earmarked for others."), fund.code, project)


def _kinds(connection: sa.Connection, fund: Fund, spent: Mapping[str, int], received: int) -> Iterator[Violation]:
    for cost_kind in sorted({*spent} - {*fund.cost_kinds}) if fund.cost_kinds else ():
        yield Violation(msg("The fund paid costs that it does not cover."), fund.code, cost_kind)
    for cap in fund.caps:
        most = received * cap.per_mille // 1000
        if spent.get(cap.cost_kind, 0) > most:
            what = msg("Costs of one kind are above their share of the fund.")
            yield Violation(
                what, f"{fund.code}, {cap.cost_kind}", shown(connection, spent[cap.cost_kind]), shown(connection, most)
            )


def _years(connection: sa.Connection, fund_id: UUID, fund: Fund) -> Iterator[Violation]:
    where = {"fund": str(fund_id), "first": fund.year_from or 0, "last": fund.year_to or 9999}
    for row in connection.execute(_WRONG_YEAR, where):
        yield Violation(msg("A cost lies outside the years of its fund."), fund.code, row.year)


def _postings(connection: sa.Connection, told: Books) -> Iterator[Violation]:
    kept: Counter[tuple[int, str, UUID, UUID | None]] = Counter()
    for row in connection.execute(_POSTINGS):
        kept[row.entry_id, row.account, row.fund_id, row.project_id] += row.amount
    for key in sorted({*kept, *told.postings}, key=str):
        if kept[key] != told.postings[key]:
            what = msg("A posting is not what the ledger says.")
            yield Violation(
                what, f"{key[0]}, {key[1]}", shown(connection, kept[key]), shown(connection, told.postings[key])
            )


def _balances(connection: sa.Connection, told: Books) -> Iterator[Violation]:
    kept = Counter({(one.fund, one.account, one.project): one.amount for one in balances(connection)})
    for key in sorted({*kept, *told.held}, key=str):
        if kept[key] != told.held[key]:
            what = msg("A balance is not the sum of its postings.")
            yield Violation(
                what, f"{key[0]}, {key[1]}", shown(connection, kept[key]), shown(connection, told.held[key])
            )


def _amounts(connection: sa.Connection, told: Books) -> Iterator[Violation]:
    for row in connection.execute(_AMOUNTS):
        moved = told.by_record[str(row.id), "committed"] * (1 if row.kind == "commitment" else -1)
        if moved != row.amount:
            yield Violation(
                msg("A record did not move its amount."),
                row.title,
                shown(connection, moved),
                shown(connection, row.amount),
            )


def _hours_twice(told: Books) -> Iterator[Violation]:
    by_person: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for person, begin, end in told.hours.values():
        by_person[person].append((begin, end))
    for claims in by_person.values():
        for (_, end), (begin, _) in pairwise(sorted(claims)):
            if begin < end:
                yield Violation(msg("Hours of a person are claimed twice."), str(begin), end - begin)


def matching_violations(connection: sa.Connection) -> Iterator[Violation]:
    """Yield the projects whose own share is below what their matched funds ask for."""
    funds = find(connection, "fund")
    by_project: dict[UUID, list[Balance]] = defaultdict(list)
    for one in balances(connection):
        if one.project is not None:
            by_project[one.project].append(one)
    for project in sorted(by_project):
        gap = matching_gap(funds, by_project[project])
        if gap > 0:
            yield Violation(
                msg("A project's own share is missing."), str(project), shown(connection, gap), shown(connection, 0)
            )


_ENTRIES = sa.text("select id, body from entry where kind = :kind and not captured order by id")
_POSTINGS = sa.text("select entry_id, account, fund_id, project_id, amount from centre_posting")
_AMOUNTS = sa.text("""
    select id, kind, title, case state when 'reversed' then 0 else (facts ->> 'amount')::bigint end as amount
    from centre_record where kind in ('commitment', 'spending')
""")
_WRONG_YEAR = sa.text("""
    select year from centre_record where kind in ('commitment', 'spending') and state <> 'reversed'
      and facts ->> 'fund' = :fund and year not between :first and :last
""")
