"""Where the reference data lies: TAKEBACK_DATA, else a folder `shared/data` beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def reference_data(part: str) -> Path:
    """Return the path of a part of the reference data, or skip the test by name when it is absent."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    path = Path(os.environ.get("TAKEBACK_DATA") or beside) / part
    if not path.exists():
        pytest.skip(f"the reference data {part!r} is not here (set TAKEBACK_DATA)")
    return path
