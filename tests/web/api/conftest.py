"""Centres over HTTP."""

from __future__ import annotations

import pytest

from takeback import store
from tests.web.api.centre_clients import Client, Clients, clients


@pytest.fixture
def centre(database: store.Database, running: Client) -> Clients:
    """A new centre in a database of its own."""
    return clients(running)


@pytest.fixture
def elsewhere(centre: Clients) -> Clients:
    """Another centre in the same database."""
    return clients(centre.running, "elsewhere")
