"""Twenty requests at once over HTTP: a bench is booked once, a code and a result are there once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from takeback import store
from takeback.share.centre.records import find
from takeback.share.centre.resources import Resource, offer_resource
from tests.web.api.centre_clients import URL, Client, Clients

MANY = 20


def _at_once(browsers: list[Client], send: Callable[[Client, int], Any]) -> Counter[int]:
    """Return how many requests got which status; each browser sends its part, all at the same time."""
    with ThreadPoolExecutor(MANY) as pool:
        return Counter(pool.map(lambda n: send(browsers[n % len(browsers)], n).status_code, range(MANY)))


def _browsers(centre: Clients, client: Client, count: int = 4) -> list[Client]:
    return [centre.again(client) for _ in range(count)]


def _count(centre: Clients, kind: str) -> int:
    with store.transaction(centre.centre.org) as connection:
        return len(find(connection, kind))


def test_a_bench_is_booked_once(centre: Clients) -> None:
    """Of twenty who want the same hour of one bench one has it; the others are told when it is free."""
    lead, world = centre.enter("Lead", "university", "researcher"), centre.centre
    bench = Resource(name="Bench", name_zh="台架", sort="equipment", member=world.members["university"])
    with store.transaction(world.org) as connection:
        made = offer_resource(connection, world.manager, bench)
    begins = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    hour = {"begins": begins.isoformat(), "ends": (begins + timedelta(hours=1)).isoformat()}
    answers = _at_once(
        _browsers(centre, lead), lambda client, _: client.post(f"{URL}/resources/{made.id}/bookings", json=hour)
    )
    assert answers == {201: 1, 409: MANY - 1}


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("member", {"code": "E9", "name": "Ninth", "name_zh": "九", "sort": "enterprise"}),
        ("result", {"sort": "paper", "title": "On sorting", "title_zh": "论分选", "year": 2026, "body": "Journal",
                    "doi": "10.1000/x"}),
        ("period", {"code": "C1", "name": "Stage", "name_zh": "阶段", "stage": "construction",
                    "begins": "2026-01-01", "ends": "2028-12-31"}),
        ("competency", {"code": "BAT", "name": "Batteries", "name_zh": "电池"}),
    ],
)  # fmt: skip
def test_what_is_once_in_a_centre_is_put_once(centre: Clients, kind: str, facts: dict[str, Any]) -> None:
    """Of twenty who put the same at once, there is one."""
    browsers = _browsers(centre, centre.manager())
    before = _count(centre, kind)
    answers = _at_once(browsers, lambda client, _: client.post(f"{URL}/records/{kind}", json={"facts": facts}))
    assert {*answers} <= {201, 409}, answers
    assert _count(centre, kind) == before + 1
