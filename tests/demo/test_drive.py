"""A small world driven through the real commands: it closes, verifies, goes on after a stop, and cannot peek."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.message import Message
from takeback.core.problem import Problem
from takeback.demo.cast import engage
from takeback.demo.drive import drive, prepare
from takeback.demo.generate import generate
from takeback.demo.parameters import yangtze
from takeback.demo.payoff import Payoff, battery_payoff, goods_payoff
from takeback.demo.script import Script, script
from takeback.demo.truth import hide, reveal
from takeback.demo.world import Truth
from takeback.demo.world_job import fill, sentence
from tests.store import servers

SMALL = {"packs": 60, "parcels": 300}
DAYS = 30
TODAY = date(2026, 11, 23)


def _world(seed: int = 3) -> tuple[Script, Truth]:
    made = generate(yangtze(), seed, **SMALL)
    return script(engage(yangtze()), made.world, made.observations, TODAY), made.truth


def _payoffs(plot: Script, truth: Truth) -> dict[str, Payoff]:
    return {"returns": goods_payoff(plot.world, truth.parcels), "batteries": battery_payoff(plot.world, truth.packs)}


def _rows(plot: Script, query: str) -> list[tuple[object, ...]]:
    with store.transaction(plot.operator.org_id) as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


def _silent(*_: object) -> None:
    return None


def test_a_driven_world_closes_and_verifies(database: store.Database, tmp_path: Path) -> None:
    """Every kilogram of every tenant is accounted for, every entry is under the signed checkpoint, kilometres are
    saved."""
    summary = fill(tmp_path, _silent, seed=3, days=60, **SMALL)
    assert (summary.mass_closed, summary.verified, summary.findings) == (True, True, [])
    assert sum(summary.by_stage.values()) == summary.items > 200
    assert summary.by_stage["recovered"] > 0
    assert summary.km < summary.km_baseline
    told = str(Message(**sentence(summary)))
    for percent in (summary.km_vs_baseline_pct, summary.km_vs_same_stops_pct):
        assert percent is not None and f"{round(percent, 1)} %" in told, "each baseline's figure stands by its name"
    assert summary.value_vs_oracle_pct is not None and summary.value_vs_oracle_pct <= 0


def test_an_interrupted_world_goes_on_with_the_day_that_was_not_finished(database: store.Database) -> None:
    """Stopped twice and started again, the world holds what an uninterrupted one holds, nothing twice."""
    plot, truth = _world()
    payoffs = _payoffs(plot, truth)
    prepare(plot.parameters, plot, {})

    def stop(done: int, *_: object) -> None:
        if done == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drive(plot, payoffs, stop, days=DAYS)
    drive(plot, payoffs, _silent, days=12)
    drive(plot, payoffs, _silent, days=DAYS)
    pieces = _rows(plot, "select code, stage, disposition, mass_g, value_minor from item order by code")
    with servers.opened():
        whole, _ = _world()
        prepare(whole.parameters, whole, {})
        drive(whole, payoffs, _silent, days=DAYS)
        assert pieces == _rows(whole, "select code, stage, disposition, mass_g, value_minor from item order by code")


def test_decisions_do_not_depend_on_the_hidden_truth(database: store.Database) -> None:
    """With another truth (nothing brings anything) the same items get the same dispositions on the same days."""
    decided = "select item_key, disposition, expected_minor, at from decision order by item_key, at"
    plot, truth = _world()
    prepare(plot.parameters, plot, {})
    drive(plot, _payoffs(plot, truth), _silent, days=DAYS)
    seen = _rows(plot, decided)
    assert seen
    with servers.opened():
        blind, _ = _world()
        nothing = {
            vertical: Payoff(
                payoff.ready_day,
                np.zeros_like(payoff.gross),
                payoff.rate_per_day,
                payoff.days,
                payoff.fixed,
                payoff.storage,
            )
            for vertical, payoff in _payoffs(blind, truth).items()
        }
        prepare(blind.parameters, blind, {})
        drive(blind, nothing, _silent, days=DAYS)
        assert seen == _rows(blind, decided)


def test_the_truth_is_hidden_in_a_file_of_its_own(tmp_path: Path) -> None:
    """What was hidden is revealed unchanged, to its owner only; without the file nothing can be realised."""
    _, truth = generate(yangtze(), 1, **SMALL).world, generate(yangtze(), 1, **SMALL).truth
    path = tmp_path / "demo" / "truth.npz"
    hide(truth, path)
    assert path.stat().st_mode & 0o077 == 0
    assert np.array_equal(reveal(path).packs.soh, truth.packs.soh)
    path.unlink()
    with pytest.raises(Problem, match="hidden truth"):
        reveal(path)
