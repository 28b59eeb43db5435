"""The description of the interface, and the interface held against it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.core.transport import Response
from schemathesis.generation.modes import GenerationMode

from takeback import store
from takeback.operate import identity
from tests.support.people import People
from tests.support.workshop import workshop
from tests.web.conftest import Client


def test_every_operation_is_described(visitor: Client) -> None:
    """OpenAPI 3.1; each operation has a summary, a tag and an id of its own; none belongs to the console."""
    document = visitor.get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    operations = [(path, op) for path, item in document["paths"].items() for op in item.values()]
    assert len(operations) > 30
    assert [path for path, op in operations if not op.get("summary") or not op.get("tags")] == []
    assert [path for path, _ in operations if not path.startswith(("/api/", "/health/"))] == []
    ids = [op["operationId"] for _, op in operations]
    assert len(ids) == len(set(ids))
