"""The centre of these tests."""

from __future__ import annotations

import pytest

from takeback import store
from tests.share.centre.centre_world import CentreWorld, new_centre


@pytest.fixture
def centre(database: store.Database) -> CentreWorld:
    """A new centre in a database of its own."""
    return new_centre()
