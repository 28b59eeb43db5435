"""Schedules like those of cron: the next moment is the first that fits, against a search second by second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takeback.core.problem import Problem
from takeback.operate.epcis.schedule import read_schedule

START = datetime(2026, 2, 27, 23, 58, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given_", "then"),
    [
        ({"hour": "1", "minute": "5"}, "2026-02-28T01:05:00"),
        ({"minute": "5"}, "2026-02-28T00:05:00"),
        ({"second": "0"}, "2026-02-27T23:59:00"),
        ({"second": "[40-50]"}, "2026-02-27T23:58:40"),
        ({"hour": "3"}, "2026-02-28T03:00:00"),
        ({"dayOfWeek": "1"}, "2026-03-02T00:00:00"),
        ({"dayOfMonth": "29", "month": "2"}, "2028-02-29T00:00:00"),
        ({"month": "2,12", "hour": "12"}, "2026-02-28T12:00:00"),
        ({"minute": 5}, "2026-02-28T00:05:00"),
    ],
)
def test_the_next_moment(given_: dict[str, str], then: str) -> None:
    """Fields left out may be anything; finer ones than given have their least value."""
    assert read_schedule(given_).next(START).isoformat() == f"{then}+00:00"


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    st.fixed_dictionaries(
        {"second": st.sets(st.integers(0, 59), min_size=1, max_size=3)},
        optional={
            "minute": st.sets(st.integers(0, 59), min_size=20, max_size=40),
            "hour": st.sets(st.integers(0, 23), min_size=12, max_size=20),
        },
    ),
    st.integers(0, 86_400),
)
def test_no_earlier_moment_fits(fields: dict[str, set[int]], shift: int) -> None:
    """A plain search second by second finds the same."""
    schedule = read_schedule({name: ",".join(map(str, sorted(values))) for name, values in fields.items()})
    after = START + timedelta(seconds=shift)
    moment = after + timedelta(seconds=1)
    while not (
        moment.second in fields["second"]
        and moment.minute in fields.get("minute", range(60))
        and moment.hour in fields.get("hour", range(24))
    ):
        moment += timedelta(seconds=1)
    assert schedule.next(after) == moment


def test_what_never_comes_is_refused() -> None:
    """30 February."""
    with pytest.raises(Problem) as caught:
        read_schedule({"dayOfMonth": "30", "month": "2"})
    assert caught.value.kind == "epcis.subscription-controls"
