"""The static rule: honest in its search, sequential in its overflow."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takeback.demo import rules
from takeback.demo.battery_market import battery_market
from takeback.demo.docket import Docket
from takeback.demo.goods_market import goods_market
from takeback.demo.parameters import yangtze
from takeback.demo.payoff import Payoff
from takeback.demo.rule import NOTHING, Rule, Training, apply, search
from tests.demo.worlds import papers, small_parameters


def by_hand(rule: Rule, docket: Docket) -> list[int]:
    """Return the rule's choices by the plainest loop there is."""
    left = docket.available.copy()
    choices = []
    for row in range(len(docket)):
        day = docket.ready_day[row]
        for option in rule.order[docket.cell[row]].tolist():
            if option == NOTHING or not docket.open[row, option]:
                continue
            line = docket.line_of[option]
            if line < 0 or left[day, line] >= docket.load[row, option] - 1e-9:
                if line >= 0:
                    left[day, line] -= docket.load[row, option]
                choices.append(option)
                break
    return choices


def some_order(docket: Docket, seed: int) -> Rule:
    """Return a random rule that always ends with an unlimited option."""
    rng = np.random.default_rng(seed)
    scarce = np.flatnonzero(docket.line_of >= 0)
    rows = [[*rng.permutation(scarce)[:3].tolist(), rng.choice(docket.unlimited)] for _ in docket.cells]
    return Rule(
        docket.cells, docket.market.options, np.array([[*r[:-1], *[NOTHING] * (4 - len(r)), r[-1]] for r in rows])
    )


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6), vertical=st.sampled_from(["returns", "batteries"]))
def test_all_candidates_at_once_is_one_after_the_other(seed: int, vertical: str) -> None:
    """The side-by-side simulation gives each item what the plain loop gives it, and keeps to the lines."""
    docket, _ = papers(vertical, 1)
    rule = some_order(docket, seed)
    choice = apply(rule, docket)
    assert choice.tolist() == by_hand(rule, docket)
    used = np.zeros_like(docket.available)
    line = docket.line_of[choice]
    np.add.at(used, (docket.ready_day[line >= 0], line[line >= 0]), docket.load[line >= 0, choice[line >= 0]])
    assert (used <= docket.available + 1e-6).all()


def tiny() -> Training:
    """Return four days of two cells over one scarce and two unlimited options."""
    docket, payoff = papers("batteries", 1)
    rows = np.flatnonzero(docket.ready_day < 5)
    keep, line = [0, 3, 4], np.array([0, -1, -1])
    small = replace(
        docket,
        market=replace(docket.market, options=tuple(docket.market.options[k] for k in keep)),
        ready_day=docket.ready_day[rows],
        category=docket.category[rows],
        size=docket.size[rows],
        cell=docket.category[rows] % 2,
        cells=("even", "odd"),
        open=docket.open[np.ix_(rows, keep)],
        load=docket.load[np.ix_(rows, keep)],
        line_of=line,
        available=docket.available[:, :1],
        belief=docket.belief[rows],
    )
    worth = Payoff(
        payoff.ready_day[rows],
        payoff.gross[np.ix_(rows, keep)],
        payoff.rate_per_day[rows],
        payoff.days[keep],
        payoff.fixed[np.ix_(rows, keep)],
        payoff.storage,
    )
    return Training(small, worth)


def test_the_search_finds_the_best_rule_of_a_tiny_world() -> None:
    """Where all rules can be tried, none beats the one found."""
    t = tiny()
    table = t.payoff.table()
    orders = [(NOTHING, NOTHING, NOTHING, end) for end in (1, 2)] + [(0, NOTHING, NOTHING, end) for end in (1, 2)]
    every = [Rule(t.docket.cells, t.docket.market.options, np.array(pair)) for pair in product(orders, repeat=2)]
    values = [table[np.arange(len(t.docket)), apply(rule, t.docket)].sum() for rule in every]
    found = search([t], starts=3)
    assert table[np.arange(len(t.docket)), apply(found, t.docket)].sum() >= max(values) - 1e-6


def test_a_searched_rule_beats_its_random_beginnings() -> None:
    """On its training world the found rule realises more than any of thirty random ones."""
    docket, payoff = papers("batteries", 11)
    found = search([Training(docket, payoff)], starts=1, passes=2)

    def value(rule: Rule) -> int:
        return int(payoff.of(apply(rule, docket), docket.ready_day).sum())

    assert value(found) > max(value(some_order(docket, seed)) for seed in range(30))


def test_rules_are_searched_on_other_worlds_than_they_are_judged_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search makes the training worlds and no other: the truth of the world it is judged on never exists for it."""
    seen: list[int] = []
    real = rules.generate

    def spy(parameters: object, seed: int) -> object:
        seen.append(seed)
        return real(small_parameters(), seed, packs=20, parcels=20)

    monkeypatch.setattr(rules, "generate", spy)
    monkeypatch.setattr(rules, "search", lambda training: training)
    rules.search_rules(small_parameters(), lambda step: None)
    trained = {seed for seeds in rules.TRAINING_SEEDS.values() for seed in seeds}
    assert set(seen) == trained and min(trained) > 9000


def test_a_kept_rule_belongs_to_its_parameters() -> None:
    """Rules searched for other parameters are not used; moving a site or hiring a van does not matter."""
    p = small_parameters()
    replaced = msgspec.structs.replace
    van = replaced(p, vehicles=replaced(p.vehicles, van_kg=999))
    dearer = replaced(p, battery_lines=replaced(p.battery_lines, reuse_packs=99))
    assert rules.fingerprint(van) == rules.fingerprint(p) != rules.fingerprint(dearer)


def test_the_rules_kept_are_those_of_the_built_in_world() -> None:
    """The rules beside the world were searched for its present parameters: change those, and search again."""
    parameters = yangtze()
    kept = rules.rules_of(parameters)
    assert set(kept) == {"batteries", "returns"}, "run: python -m takeback.demo.rules"
    for vertical, market in (("batteries", battery_market(parameters)), ("returns", goods_market(parameters))):
        assert kept[vertical].options == market.options
        assert {cell.rpartition(", ")[0] for cell in kept[vertical].cells} == set(market.categories)
