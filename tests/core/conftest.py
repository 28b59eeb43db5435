"""Where the reference data is, for the tests that compare with it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# A slow machine must not change a verdict, nor chance: the same examples every time.
settings.register_profile("takeback", deadline=None, derandomize=True)
settings.load_profile("takeback")

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("TAKEBACK_DATA") or ROOT.parent / "shared" / "data")


@pytest.fixture(scope="session")
def reference_data() -> Callable[[str], Path]:
    """Return a function that gives the path of reference data, or skips the test and says what is missing."""

    def find(name: str) -> Path:
        path = DATA / name
        if not path.exists():
            pytest.skip(f"reference data {name} is not there: set TAKEBACK_DATA")
        return path

    return find
