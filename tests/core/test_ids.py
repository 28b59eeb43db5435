"""Time-ordered UUIDs."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, uuid4

import pytest

from takeback.core.ids import uuid7, uuid7_time


def test_version_and_variant() -> None:
    """The UUID says that it is of version 7 and of the RFC's variant, and carries the time of its making."""
    made = uuid7()
    assert (made.version, made.variant) == (7, RFC_4122)
    assert abs(datetime.now(UTC) - uuid7_time(made)) < timedelta(minutes=1)


def test_order_of_making_is_order_of_value() -> None:
    """Ten thousand made by four threads are different, and each thread's own are in order."""
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda _: [uuid7() for _ in range(2500)], range(4)))
    assert all(run == sorted(run) for run in runs)
    assert len({made for run in runs for made in run}) == 10_000


def test_order_survives_a_clock_that_steps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the clock stands still or steps back, the order of making still holds."""
    before = uuid7()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000_000_000_000)
    assert before < uuid7() < uuid7()


def test_only_version_7_carries_a_time() -> None:
    """A random UUID has no time of making."""
    with pytest.raises(ValueError, match="version 7"):
        uuid7_time(uuid4())
