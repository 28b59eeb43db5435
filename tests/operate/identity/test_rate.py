"""Rate limits."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from takeback import store
from takeback.operate import identity
from takeback.operate.identity import Limit, TooManyRequests, rate
from tests.support.people import People

_subjects = itertools.count()
START = datetime(2026, 11, 22, 8, tzinfo=UTC)


def _taken(limit: Limit, subject: str, now: datetime) -> bool:
    try:
        with store.admin() as connection:
            rate.take(connection, limit, subject, now=now)
    except TooManyRequests:
        return False
    return True


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(burst=st.integers(1, 5), pauses=st.lists(st.integers(0, 30), min_size=1, max_size=25))
def test_it_counts_like_a_bucket(people: People, burst: int, pauses: list[int]) -> None:
    """Each request is let through exactly when a bucket of `burst` that refills by one each 10 s is not empty."""
    limit, now, subject = Limit("test", burst, 10), START, str(next(_subjects))
    level_s = 10 * burst
    for pause in pauses:
        now += timedelta(seconds=pause)
        level_s = min(10 * burst, level_s + pause)
        expected = level_s >= 10
        assert _taken(limit, subject, now) is expected
        level_s -= 10 * expected


def test_callers_and_limits_do_not_share_a_bucket(people: People) -> None:
    """One caller's empty bucket is nobody else's, and not that of another limit."""
    one = Limit("one", 1, 60)
    assert _taken(one, "a", START)
    assert not _taken(one, "a", START)
    assert _taken(one, "b", START)
    assert _taken(Limit("other", 1, 60), "a", START)


def test_a_refusal_says_when_to_come_back(people: People) -> None:
    """After the seconds it names the request is let through, and not a second before."""
    limit = Limit("test", 1, 60)
    _taken(limit, "a", START)
    with store.admin() as connection, pytest.raises(TooManyRequests) as refused:
        rate.take(connection, limit, "a", now=START + timedelta(seconds=12))
    assert refused.value.retry_after == 48
    assert not _taken(limit, "a", START + timedelta(seconds=59))
    assert _taken(limit, "a", START + timedelta(seconds=60))


def test_parallel_callers_cannot_overdraw(people: People) -> None:
    """Of 40 requests at the same moment exactly as many pass as the bucket holds."""
    limit = Limit("test", 7, 3600)
    with ThreadPoolExecutor(8) as pool:
        passed = list(pool.map(lambda _: _taken(limit, "a", START), range(40)))
    assert sum(passed) == 7


def test_full_buckets_are_forgotten(people: People) -> None:
    """Housekeeping removes the rows of callers who have waited long enough, and no others."""
    _taken(Limit("old", 1, 1), "a", datetime.now(UTC) - timedelta(hours=1))
    _taken(Limit("new", 1, 3600), "a", datetime.now(UTC))
    with store.admin() as connection:
        identity.purge(connection)
        assert connection.scalar(sa.text("select count(*) from rate_counter")) == 1
