"""The spine as a state machine: whatever is done in whatever order, nothing is lost, doubled or out of balance."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from takeback import store
from takeback.core.items import item_key
from takeback.core.problem import Problem
from takeback.operate import accounts, projection
from takeback.operate.decisions.accept import accept
from takeback.operate.decisions.propose import propose
from takeback.operate.spine.collect import Collection, collect
from takeback.operate.spine.grade import Grading, grade
from takeback.operate.spine.order import order
from takeback.operate.spine.receive import Receipt, Received, receive
from takeback.operate.spine.recover import Recovery, recover
from tests.operate.spine_world import Shop, at, epc, new_shop

TABLES = [table for table in projection.TABLES if table != "stage_total"]


class Spine(RuleBasedStateMachine):
    """Items are ordered, moved and refused at random; ``stage`` and ``mass`` are the model."""

    def __init__(self) -> None:
        super().__init__()
        self.stage: dict[int, str] = {}
        self.mass: dict[int, int] = {}
        self.clock = 10_000

    @initialize()
    def open(self) -> None:
        self.shop: Shop = new_shop()

    def _now(self):
        self.clock += 1
        return at(self.clock)

    def _at(self, stage: str) -> list[int]:
        return [n for n, s in self.stage.items() if s == stage]

    @rule(count=st.integers(1, 30))
    def order_some(self, count: int) -> None:
        numbers = range(len(self.stage), len(self.stage) + count)
        with store.transaction(self.shop.org) as connection:
            order(connection, self.shop.actor, [self.shop.order(n) for n in numbers])
        self.stage |= dict.fromkeys(numbers, "ordered")

    @precondition(lambda self: self.stage)
    @rule(data=st.data())
    def order_again(self, data: st.DataObject) -> None:
        """A known order or serial is refused, and with it the whole command."""
        known = data.draw(st.sampled_from(sorted(self.stage)))
        fresh = self.shop.order(len(self.stage) + 500)
        with pytest.raises(Problem) as caught, store.transaction(self.shop.org) as connection:
            order(connection, self.shop.actor, [fresh, self.shop.order(known)])
        assert {e.kind for e in caught.value.errors} == {"spine.order-exists", "spine.item-exists"}

    @precondition(lambda self: self._at("ordered"))
    @rule(data=st.data())
    def collect_some(self, data: st.DataObject) -> None:
        chosen = data.draw(st.lists(st.sampled_from(self._at("ordered")), min_size=1, unique=True))
        move = Collection(epcs=[epc(n) for n in chosen], at=self._now(), place="urn:x", carrier="van")
        with store.transaction(self.shop.org) as connection:
            collect(connection, self.shop.actor, [move])
        self.stage |= dict.fromkeys(chosen, "collected")

    @precondition(lambda self: self._at("ordered") or self._at("collected"))
    @rule(data=st.data(), grams=st.integers(1, 4_000))
    def receive_some(self, data: st.DataObject, grams: int) -> None:
        chosen = data.draw(
            st.lists(st.sampled_from(self._at("ordered") + self._at("collected")), min_size=1, unique=True)
        )
        lines = [Received(epc=epc(n), mass_g=grams + n) for n in chosen]
        with store.transaction(self.shop.org) as connection:
            receive(
                connection,
                self.shop.actor,
                [Receipt(site_id=self.shop.site, place="urn:s", at=self._now(), lines=lines)],
            )
        self.stage |= dict.fromkeys(chosen, "received")
        self.mass |= {n: grams + n for n in chosen}

    @precondition(lambda self: self._at("received") or self._at("graded"))
    @rule(data=st.data(), found=st.sampled_from("AC"))
    def grade_some(self, data: st.DataObject, found: str) -> None:
        chosen = data.draw(
            st.lists(st.sampled_from(self._at("received") + self._at("graded")), min_size=1, unique=True)
        )
        now = self._now()
        gradings = [
            Grading(
                epc=epc(n),
                at=now,
                place="urn:s",
                grade=found,
                method="checklist",
                originator="me",
                provenance="real",
                value_minor=5_000,
                belief={"A": 0.75, "C": 0.25} if found == "A" else {"A": 0.1, "C": 0.9},
            )
            for n in chosen
        ]
        with store.transaction(self.shop.org) as connection:
            grade(connection, self.shop.actor, gradings)
        self.stage |= dict.fromkeys(chosen, "graded")

    @precondition(lambda self: self._at("graded"))
    @rule(days=st.integers(0, 5))
    def decide_all(self, days: int) -> None:
        self.clock += days * 1440
        with store.transaction(self.shop.org) as connection:
            proposal = propose(connection, "returns", now=self._now())
            assert proposal is not None
            accept(connection, self.shop.actor, proposal, refunds={epc(n): 9_900 for n in self._at("graded")})
            decided = set(connection.scalars(sa.text("select epc from item where stage = 'decided'")))
        self.stage |= {n: "decided" for n in self._at("graded") if epc(n) in decided}

    @precondition(lambda self: self._at("decided"))
    @rule(data=st.data(), split=st.floats(0, 1), price=st.integers(0, 10_000))
    def recover_some(self, data: st.DataObject, split: float, price: int) -> None:
        chosen = data.draw(st.lists(st.sampled_from(self._at("decided")), min_size=1, unique=True))
        now, recoveries = self._now(), []
        for n in chosen:
            won = int(self.mass[n] * split)
            whole = n % 2 == 0
            recoveries.append(
                Recovery(
                    epc=epc(n),
                    at=now,
                    place="urn:s",
                    realised_minor=price,
                    cost_minor=n % 300,
                    outputs={} if whole else {"fibre": won},
                    losses={} if whole else {"dust": self.mass[n] - won},
                )
            )
        with store.transaction(self.shop.org) as connection:
            recover(connection, self.shop.actor, recoveries)
        self.stage |= dict.fromkeys(chosen, "recovered")

    @precondition(lambda self: self._at("decided"))
    @rule(data=st.data(), off=st.integers(1, 50))
    def lose_kilograms(self, data: st.DataObject, off: int) -> None:
        """An outcome that does not weigh what went in is refused."""
        n = data.draw(st.sampled_from(self._at("decided")))
        wrong = Recovery(
            epc=epc(n), at=self._now(), place="urn:s", realised_minor=1, outputs={"fibre": self.mass[n] + off}
        )
        with pytest.raises(Problem) as caught, store.transaction(self.shop.org) as connection:
            recover(connection, self.shop.actor, [wrong])
        assert caught.value.errors[0].kind == "spine.mass-open"

    @precondition(lambda self: self.stage)
    @rule(data=st.data())
    def skip_a_step(self, data: st.DataObject) -> None:
        """A step that presumes another stage is refused by name, and nothing moves."""
        n = data.draw(st.sampled_from(sorted(self.stage)))
        if self.stage[n] == "decided":
            return
        with pytest.raises(Problem) as caught, store.transaction(self.shop.org) as connection:
            recover(
                connection, self.shop.actor, [Recovery(epc=epc(n), at=self._now(), place="urn:s", realised_minor=1)]
            )
        assert (caught.value.errors[0].kind, caught.value.errors[0].found) == ("spine.wrong-stage", self.stage[n])

    @invariant()
    def every_item_is_where_the_model_says(self) -> None:
        if not self.stage:
            return
        with store.transaction(self.shop.org) as connection:
            rows = connection.execute(sa.text("select key, stage, custody, mass_g from item")).all()
        found = {row.key: row.stage for row in rows}
        assert found == {item_key(epc(n)): stage for n, stage in self.stage.items()}

    @invariant()
    def kilograms_and_money_balance(self) -> None:
        if not self.stage:
            return
        with store.transaction(self.shop.org) as connection:
            balances = accounts.balances(connection)
            books = connection.execute(
                sa.text("select book, unit, sum(amount) as off from posting group by 1, 2")
            ).all()
            stock = sum(self.mass[n] for n, s in self.stage.items() if s in {"received", "graded", "decided"})
            assert all(b.closed for b in balances)
            assert sum(b.stock_g for b in balances) == stock
            assert all(row.off == 0 for row in books)

    @invariant()
    def counters_are_what_a_recount_gives(self) -> None:
        if not self.stage:
            return
        recount = sa.text(
            "select stage, count(*), sum(value_minor)::numeric, sum(mass_g)::numeric from item group by 1 order by 1"
        )
        counters = sa.text(
            "select stage, sum(items)::bigint, sum(value_minor), sum(mass_g) from stage_total "
            "group by 1 having sum(items) > 0 order by 1"
        )
        with store.transaction(self.shop.org) as connection:
            assert connection.execute(recount).all() == connection.execute(counters).all()

    def teardown(self) -> None:
        """Dropped and rebuilt from the ledger, every projection is what it was."""
        if not self.stage:
            return
        with store.transaction(self.shop.org) as connection:
            before = {table: _rows(connection, table) for table in TABLES}
            projection.rebuild(connection, self.shop.org)
            after = {table: _rows(connection, table) for table in TABLES}
        assert before == after


def _rows(connection: sa.Connection, table: str) -> list[str]:
    return list(connection.scalars(sa.text(f"select t::text from {table} t order by 1")))


def test_the_spine_keeps_its_promises(database: store.Database) -> None:
    """Any sequence of orders, moves, decisions and mistakes leaves items, kilograms, money and counters right."""
    run_state_machine_as_test(
        Spine,
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
