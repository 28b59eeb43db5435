"""The project of these tests."""

from __future__ import annotations

import pytest

from tests.share.centre.centre_world import CentreWorld
from tests.share.centre.projects.project_world import ProjectWorld, running_project


@pytest.fixture
def work(centre: CentreWorld) -> ProjectWorld:
    """A project under way."""
    return running_project(centre)
