"""The binding held against its description, ours and that of GS1."""

from __future__ import annotations

from pathlib import Path

import pytest
import schemathesis
from schemathesis import GenerationMode

from tests.drill import count
from tests.support.people import People
from tests.support.workshop import workshop
from tests.web.conftest import Client
from tests.web.test_openapi import tried_operation

EXAMPLES = {GenerationMode.POSITIVE: count(2, 200), GenerationMode.NEGATIVE: count(1, 100)}


@pytest.mark.drill
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_the_binding_keeps_its_description(
    alice: Client, people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: GenerationMode
) -> None:
    """Whatever is sent, good or bad, no operation fails, and every answer has the form that is described."""
    monkeypatch.setenv("TAKEBACK_HOME", str(tmp_path))
    workshop(people, tmp_path)
    schema = schemathesis.openapi.from_dict(alice.get("/api/openapi.json").json())
    operations = [found.ok() for found in schema.get_all_operations()]
    ours = [one for one in operations if one.path.startswith("/epcis")]
    assert len(ours) >= 63
    assert sum(tried_operation(alice, one, EXAMPLES[mode], mode) for one in ours) > 25
