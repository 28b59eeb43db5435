"""`takeback demo`: a seeded world, driven through the real commands, with a summary at the end."""

from __future__ import annotations

from pathlib import Path

import msgspec

from takeback.cli.answer import Answer, table
from takeback.cli.progress import bar
from takeback.cli.session import database
from takeback.core.message import Message
from takeback.demo.centre.story import tell
from takeback.demo.sequencing import sequencing
from takeback.demo.summary import Summary
from takeback.demo.world_job import fill
from takeback.prove.checkpoint import LogKey


def demo(*, seed: int = 0, world: Path | None = None, days: int | None = None, data: Path | None = None) -> Answer:
    """Drive a simulated world, or real returns and cells, through the loop, and say what came of it.

    The world is driven day by day by the same commands that people use. Where it was interrupted, it goes on.

    Parameters
    ----------
    seed:
        Another seed gives another world of the same kind.
    world:
        A file with other parameters than the built-in world's.
    days:
        Stop after so many simulated days.
    data:
        Instead of a simulated world: a folder with the reference data (returns/, diagnostics/pulsebat/).
    """
    with database(upgrade=True) as settings, sequencing(LogKey.kept_in(settings.home)):
        if data is not None:
            from takeback.demo.real_drive import fill_real

            with bar("Real data") as step:
                real = fill_real(settings.home, data, lambda done, total, said: step(done / total, str(said)))
            return Answer(real, (table([{"": k, "value": v} for k, v in msgspec.to_builtins(real).items()]),))
        with bar("Demo world") as step:

            def on_day(done: int, total: int, said: Message) -> None:
                step(done / total if total else 1.0, str(said))

            summary = fill(settings.home, on_day, seed=seed, world=world, days=days)
        with bar("Innovation centre") as step:
            tell(settings.home, lambda done, total, said: step(done / total, str(said)), seed=seed)
    return Answer(summary, (_shown(summary),), exit_code=0 if summary.verified and summary.mass_closed else 1)


def _shown(s: Summary) -> str:
    def percent(value: float | None) -> str:
        return "not measured" if value is None else f"{value:+.1f} %"

    lines = [
        f"{s.items:,} things: " + ", ".join(f"{stage} {count:,}" for stage, count in s.by_stage.items()),
        "next lives: " + ", ".join(f"{name} {count:,}" for name, count in sorted(s.by_disposition.items())),
        f"value of {s.decided:,} decisions: {s.value_minor / 100:,.0f}; against the best static rule "
        f"{percent(s.value_vs_rule_pct)}, against a clairvoyant {percent(s.value_vs_oracle_pct)}",
        f"kilometres: {s.km:,.0f}; habit, each order on its first day: {s.km_baseline:,.0f} "
        f"({percent(s.km_vs_baseline_pct)} saved); same stops, nearest first: {s.km_same_stops:,.0f} "
        f"({percent(s.km_vs_same_stops_pct)} saved)",
        f"mass balance {'closed' if s.mass_closed else 'NOT closed'}; {s.entries:,} ledger entries "
        + ("verified against the signed checkpoint" if s.verified else "NOT verified: " + "; ".join(s.findings)),
    ]
    return "\n".join(lines)
