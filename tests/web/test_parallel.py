"""More requests at once than there are threads and connections."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from takeback.operate.identity import rate
from takeback.store.settings import Settings
from tests.support.people import People
from tests.web.conftest import Client


def test_four_times_as_many_requests_as_connections_are_all_answered(alice: Client, people: People) -> None:
    """None fails for want of a connection, and all connections are back afterwards."""
    pool = Settings().pool_size
    with ThreadPoolExecutor(4 * pool) as browsers:
        answers = list(browsers.map(lambda _: alice.get("/api/v1/members").status_code, range(4 * pool)))
    assert Counter(answers) == {200: 4 * pool}
    assert people.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_parallel_sign_ins_are_all_answered(visitor: Client, people: People) -> None:
    """Hashing passwords holds no connection and starves nobody: some are let in or limited, none fails."""
    account = {"email": people.bob.email, "password": "wrong"}
    with ThreadPoolExecutor(16) as browsers:
        tries = browsers.map(lambda _: visitor.post("/api/v1/sessions", json=account).status_code, range(16))
        answers = Counter(tries)
    assert answers == {401: rate.SIGN_IN_BY_BOTH.burst, 429: 16 - rate.SIGN_IN_BY_BOTH.burst}
