"""Counts that a drill raises: `make drill` runs the tests marked `drill` with the full ones."""

from __future__ import annotations

import os


def count(test: int, drill: int) -> int:
    """Return how often: `test` in `make test`, `drill` in `make drill` (TAKEBACK_DRILL=1)."""
    return drill if os.environ.get("TAKEBACK_DRILL") == "1" else test
