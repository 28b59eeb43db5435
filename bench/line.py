"""The one line a bench prints: its figures, and what it takes to judge them."""

from __future__ import annotations

import json
import os
import subprocess
from importlib.metadata import version
from pathlib import Path


def print_line(name: str, *, seed: int, quick: bool, figures: dict[str, object]) -> None:
    """Print one JSON object on one line; a figure that was not measured is null, never 0."""
    common = {
        "bench": name,
        "version": version("takeback"),
        "commit": commit(),
        "seed": seed,
        "quick": quick,
        "cores": os.cpu_count(),
        "load_avg": round(os.getloadavg()[0], 2),
    }
    print(json.dumps({**common, **figures}))


def commit() -> str | None:
    """Return the short hash of the checkout, None where there is none."""
    command = ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


def better_pct(ours: float | None, theirs: float | None) -> float | None:
    """Return by how many per cent a cost or error of ours is lower: positive = better."""
    if ours is None or theirs is None:
        return None
    return round(100 * (theirs - ours) / theirs, 1)
