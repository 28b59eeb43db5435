"""Damaged documents: whatever arrives, reading gives a document or a problem, and what is read has a hash."""

from __future__ import annotations

import io
import json
import random
from typing import Any

import pytest

from takeback.core.problem import Problem
from takeback.prove.epcis.hashing import event_hash
from takeback.prove.epcis.reading import read, standard, stream
from takeback.prove.epcis.writing import xml_document
from tests.reference import reference_data

JSON, XML = "application/json", "application/xml"
ROUNDS = 400


def _is_told(content: bytes, media: str) -> bool:
    """Read whole and as a stream; return whether it was refused. Anything but a `Problem` is raised."""
    refused = False
    try:
        for event in read(content, media).events:
            event_hash(event)
    except Problem:
        refused = True
    try:
        header, raw = stream(io.BytesIO(content), media)
        list(map(standard(header), raw))
    except Problem:
        pass
    return refused


def _examples() -> list[bytes]:
    folder = reference_data("prove/gs1-epcis") / "JSON"
    return [path.read_bytes() for path in sorted(folder.rglob("*.jsonld"))]


@pytest.mark.parametrize("media", [JSON, XML])
def test_damaged_bytes(media: str) -> None:
    """Bytes changed, added or lost at random places."""
    chance = random.Random(f"damage {media}")
    examples = _examples()
    if media == XML:
        examples = [xml_document(read(content, JSON).events) for content in examples]
    refused = 0
    for _ in range(ROUNDS):
        content = bytearray(chance.choice(examples))
        place = chance.randrange(len(content))
        content[place : place + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
        refused += _is_told(bytes(content), media)
    assert 0 < refused < ROUNDS


def test_damaged_values() -> None:
    """Values of other types at random places of well-formed JSON."""
    chance = random.Random("damage values")
    examples = [json.loads(content) for content in _examples()]
    refused = sum(_is_told(json.dumps(_damaged(chance.choice(examples), chance)).encode(), JSON) for _ in range(ROUNDS))
    assert 0 < refused < ROUNDS


def _damaged(value: Any, chance: random.Random) -> Any:
    if chance.random() < 0.03:
        return chance.choice([None, 1, -1.5, True, "", "x", [], {}, [1], [[1]], {"a": 1}])
    if isinstance(value, dict):
        return {name: _damaged(item, chance) for name, item in value.items()}
    return [_damaged(item, chance) for item in value] if isinstance(value, list) else value
