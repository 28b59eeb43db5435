"""What tests of several rooms share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from takeback import store
from tests.store import servers

# A busy machine is no fault of a property: neither its examples nor their making are timed.
settings.register_profile("takeback", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("takeback")


@pytest.fixture
def database() -> Iterator[store.Database]:
    """A new PostgreSQL database with all tables, which `store.transaction` works on."""
    with servers.opened() as opened:
        yield opened
