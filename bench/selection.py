"""Which bins to empty when, in simulated towns: `python -m bench.selection [--quick] [--seed N]`.

Kilometres of looking ahead against a threshold and a calendar **at equal service**: of each rule the setting that
drives least among those that serve at least as well (the share of bins and days without an overflow), picked in
hindsight, which favours the rule. Null where no setting serves as well. All days are routed by the same engine with the
same budget.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence

from bench.fill_policies import calendar, looking_ahead, threshold
from bench.fill_world import Outcome, Policy, Town, live, make_town
from bench.line import better_pct, print_line

THRESHOLDS = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85)
CALENDARS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
OVERFLOW_COST = 20_000  # minor units a bin and day: what is fetched by hand, fined, or burnt


def main() -> None:
    """Measure and print the line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one town of 40 bins, 14 days, three settings a rule")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    start = time.perf_counter()
    live(make_town(5, 0), looking_ahead(OVERFLOW_COST, trials=10), 1, 0)
    cold = time.perf_counter() - start
    start = time.perf_counter()
    towns, bins, days = (1, 40, 14) if asked.quick else (3, 100, 28)
    every = 3 if asked.quick else 1
    figures = compare(
        [(make_town(bins, asked.seed + k), asked.seed + k) for k in range(towns)],
        days,
        thresholds=THRESHOLDS[::every],
        calendars=CALENDARS[::every],
    )
    figures |= {"towns": towns, "bins": bins, "days": days}
    left_out = ["two of three towns", "60 of 100 bins", "14 of 28 days", "two of three settings"] if asked.quick else []
    figures |= {"seconds": round(time.perf_counter() - start, 1), "cold_s": round(cold, 2), "left_out": left_out}
    print_line("selection", seed=asked.seed, quick=asked.quick, figures=figures)


def compare(
    towns: Sequence[tuple[Town, int]],
    days: int,
    *,
    thresholds: Sequence[float] = THRESHOLDS,
    calendars: Sequence[float] = CALENDARS,
    overflow_cost: int = OVERFLOW_COST,
) -> dict[str, object]:
    """Return kilometres, service and mean fill of the three, over all towns together."""
    ours = _together(towns, lambda: looking_ahead(overflow_cost), days)
    figures = _figures("ahead", ours)
    for name, make, settings in (("threshold", threshold, thresholds), ("calendar", calendar, calendars)):
        tried = [(share, _together(towns, _maker(make, share), days)) for share in settings]
        fair = [(one.km, share, one) for share, one in tried if one.service >= ours.service]
        best = min(fair, default=None)
        figures |= _figures(name, best[2] if best else None)
        figures |= {f"{name}_setting": best[1] if best else None}
        figures |= {f"ahead_vs_{name}_pct": better_pct(ours.km, best[0] if best else None)}
    return figures


def _maker(make: Callable[[float], Policy], share: float) -> Callable[[], Policy]:
    return lambda: make(share)


def _together(towns: Sequence[tuple[Town, int]], make: Callable[[], Policy], days: int) -> Outcome:
    """Return the sums over towns; a policy with a memory is made anew for each."""
    done = [live(town, make(), days, seed) for town, seed in towns]
    visits = sum(one.visits for one in done)
    return Outcome(
        km=sum(one.km for one in done),
        visits=visits,
        service=sum(one.service for one in done) / len(done),
        fill=sum(one.fill * one.visits for one in done) / max(1, visits),
        left=sum(one.left for one in done) / len(done),
    )


def _figures(name: str, outcome: Outcome | None) -> dict[str, object]:
    return {
        f"{name}_km": round(outcome.km, 1) if outcome else None,
        f"{name}_visits": outcome.visits if outcome else None,
        f"{name}_service_pct": round(100 * outcome.service, 3) if outcome else None,
        f"{name}_fill_pct": round(100 * outcome.fill, 1) if outcome else None,
        f"{name}_left_pct": round(100 * outcome.left, 1) if outcome else None,
    }


if __name__ == "__main__":
    main()
