"""The call of these tests."""

from __future__ import annotations

import pytest

from tests.share.centre.calls.call_world import CallWorld, new_call
from tests.share.centre.centre_world import CentreWorld


@pytest.fixture
def call(centre: CentreWorld) -> CallWorld:
    """A published call with applicants, experts and a council."""
    return new_call(centre)
