"""A whole demo world from its parameters to its summary: the work behind `takeback demo` and the job of `make run`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from takeback.core.message import msg
from takeback.demo.accounts import write_down
from takeback.demo.cast import engage
from takeback.demo.drive import OnDay, drive, prepare
from takeback.demo.generate import generate
from takeback.demo.parameters import load, yangtze
from takeback.demo.payoff import Payoff, battery_payoff, goods_payoff
from takeback.demo.rules import rules_of
from takeback.demo.script import Script, script
from takeback.demo.summary import Summary, summarise
from takeback.demo.truth import hide, reveal
from takeback.demo.world import Truth
from takeback.prove.checkpoint import LogKey
from takeback.prove.sequencer import sequence_all
from takeback.store.jobs import JobContext, handles

KIND = "demo.world"
TITLE = msg("Filling the demo world")


def fill(
    home: Path,
    on_day: OnDay,
    *,
    seed: int = 0,
    world: Path | None = None,
    packs: int | None = None,
    parcels: int | None = None,
    days: int | None = None,
    today: datetime | None = None,
) -> Summary:
    """Make the world of ``seed``, hide its truth under ``home``, drive it through the commands and sum it up."""
    parameters = load(world) if world else yangtze()
    made = generate(parameters, seed, packs=packs, parcels=parcels)
    truth_file = home / "demo" / f"truth-{seed}.npz"
    hide(made.truth, truth_file)
    cast = engage(parameters)
    write_down(home, parameters)
    plot = script(cast, made.world, made.observations, (today or datetime.now(UTC)).date())
    rules = rules_of(parameters)
    prepare(parameters, plot, rules)
    drive(plot, payoffs(plot, reveal(truth_file)), on_day, days=days)
    key = LogKey.kept_in(home)
    sequence_all(key)
    return summarise(plot, payoffs(plot, reveal(truth_file)), rules, key)


def payoffs(plot: Script, truth: Truth) -> dict[str, Payoff]:
    """Return what carried-out dispositions bring, by vertical."""
    return {
        "returns": goods_payoff(plot.world, truth.parcels),
        "batteries": battery_payoff(plot.world, truth.packs),
    }


def sentence(summary: Summary) -> dict[str, Any]:
    """Return the summary as the message that the job list shows."""
    message = msg(
        "{items} things; value {rule} % above the best static rule; kilometres {habit} % below the habit (each order "
        "on its first day), {same} % below the same stops nearest first; mass closed: {closed}",
        items=summary.items,
        rule=_share(summary.value_vs_rule_pct),
        habit=_share(summary.km_vs_baseline_pct),
        same=_share(summary.km_vs_same_stops_pct),
        closed="✓" if summary.mass_closed else "✗",
    )
    return {"msgid": message.msgid, "params": dict(message.params)}


def _share(percent: float | None) -> float | str:
    return "?" if percent is None else round(percent, 1)


@handles(KIND)
def run(job: JobContext) -> dict[str, Any]:
    """Run the job, and ask for the centre's behind it; after a crash it goes on with the day that was not finished."""
    home, seed = Path(job.arguments["home"]), int(job.arguments.get("seed", 0))
    world = job.arguments.get("world")
    summary = fill(home, job.progress, seed=seed, world=Path(world) if world else None)
    from takeback.demo.centre.job import ask_for_centre  # noqa: PLC0415 - who only asks for the world does not wait

    ask_for_centre(job.org, home, seed)
    return {"summary": sentence(summary), "figures": msgspec.to_builtins(summary)}
