"""What tests of several rooms share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from takeback import store
from tests.store import servers


@pytest.fixture
def database() -> Iterator[store.Database]:
    """A new PostgreSQL database with all tables, which `store.transaction` works on."""
    with servers.opened() as opened:
        yield opened
