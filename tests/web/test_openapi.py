"""The description of the interface, and the interface held against it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.drill import count
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
    assert [path for path, _ in operations if not path.startswith(("/api/", "/health/", "/epcis"))] == []
    ids = [op["operationId"] for _, op in operations]
    assert len(ids) == len(set(ids))


def test_the_document_says_where_no_credential_is_needed(visitor: Client) -> None:
    """Signing in, invitations, health, the log of hashes, opened boards; all else asks for a key or a session."""
    document = visitor.get("/api/openapi.json").json()
    opened = {
        f"{method.upper()} {path}"
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if operation.get("security") == []
    }
    assert opened == {
        "POST /api/v1/sessions",
        "POST /api/v1/invitations/offer",
        "POST /api/v1/invitations/acceptance",
        "GET /api/v1/phone/route",
        "POST /api/v1/phone/stops",
        "GET /health/live",
        "GET /health/ready",
        "GET /api/v1/ledger/tile/{path}",
        "GET /api/v1/ledger/growth",
        "GET /api/v1/ledger/witnessed",
        "POST /api/v1/ledger/cosignatures",
        "GET /api/v1/boards/{slug}",  # of a centre that opened its problem board
    }
    assert document["security"] == [{"key": []}, {"session": []}]


CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = {GenerationMode.POSITIVE: count(3, 200), GenerationMode.NEGATIVE: count(1, 100)}
ENDS_THE_SESSION = {
    ("DELETE", "/api/v1/sessions"),
    ("DELETE", "/api/v1/sessions/current"),
    ("PUT", "/api/v1/me/password"),
}


@pytest.mark.drill
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_the_interface_keeps_its_description(
    alice: Client, people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: GenerationMode
) -> None:
    """Whatever is sent, good or bad, no operation fails, and every answer has the form that is described."""
    monkeypatch.setenv("TAKEBACK_HOME", str(tmp_path))
    workshop(people, tmp_path)
    schema = schemathesis.openapi.from_dict(alice.get("/api/openapi.json").json())
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if (operation.method.upper(), operation.path) in ENDS_THE_SESSION or operation.path.startswith("/epcis"):
            continue
        tried += tried_operation(alice, operation, EXAMPLES[mode], mode)
    assert tried > 25


def tried_operation(client: Client, operation: Any, examples: int, mode: GenerationMode) -> int:
    """Send generated requests to an operation and hold the answers against its description; 0: none can be made."""
    try:
        strategy = operation.as_strategy(generation_mode=mode)
        run = settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )(given(case=strategy)(lambda case: _send(client, case)))
        run()
    except Unsatisfiable:  # nothing negative can be made of an operation without parameters
        return 0
    return 1


def _send(client: Client, case: schemathesis.Case) -> None:
    asked = case.as_transport_kwargs(base_url="http://testserver.local")
    headers = {
        name: value.encode("latin-1", "replace") for name, value in {**asked["headers"], **client.headers}.items()
    }
    sent = {"json": asked["json"]} if "json" in asked else {"content": asked.get("data") or b""}
    answer = client.request(asked["method"], asked["url"], params=asked.get("params"), headers=headers, **sent)
    case.validate_response(answer, checks=CHECKS)
