"""Compile the searches of collection routing, once, and keep what comes of it beside their source.

A search that finds nothing compiled does it itself, which takes a minute that somebody waits for.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

ENGINES = ("lns", "ruin")


def main() -> None:
    """Compile both engines side by side; say so if that takes a while."""
    sys.stdout.write("Compiling the searches: half a minute, the first time\n")
    sys.stdout.flush()
    with ProcessPoolExecutor(len(ENGINES), mp_context=get_context("spawn")) as executor:
        list(executor.map(compiled, ENGINES))


def compiled(engine: str) -> None:
    """Plan a small day with an engine."""
    from takeback.plan.collection.example import small_day
    from takeback.plan.collection.jobs import Job, work
    from takeback.plan.doors import Budget

    work(Job(engine, small_day(), Budget(iterations=2), seed=0))


if __name__ == "__main__":
    try:
        main()
    except Exception as error:  # it works without, only later
        sys.stderr.write(f"The searches could not be compiled ahead: {error}\n")
