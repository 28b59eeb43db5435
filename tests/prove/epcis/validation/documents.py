"""The documents of GS1's repository, and seeded mutations of them."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.reference import reference_data

# What is put in place of a value: wrong types, bad forms of every format, words of other lists, empty things.
VALUES: list[Any] = [
    None, True, 0, -1, 1.5, "", " ", "abc", "a b", "ADD", "OBSERVE", "DELETE", "add", [], {}, [1], ["urn:x:1"],
    {"id": 1}, [{}], [[]], "urn:epc:id:sgtin:4012345.011111.9876", "urn:epc:id:sgtin:4012345.0é", "https://id.gs1.org/01/1",
    "urn:epcglobal:cbv:bizstep:shipping", "https://ns.gs1.org/cbv/BizStep-shipping", "http://ns.gs1.org/cbv/x",
    "https://ref.gs1.org/cbv/BizStep-shipping", "https://gs1.org/voc/Temperature", "http://www.gs1.org/voc/x",
    "shipping", "in_transit", "Temperature", "po", "owning_party", "did_not_occur", "latitude", "ALARM_CONDITION",
    "2020-02-30T00:00:00Z", "2020-02-29T24:00:00Z", "2020-02-29T23:59:60Z", "2020-02-29T10:00:00", "2020-02-29",
    "2020-02-29T10:00:00.123456789Z", "2020-02-29t10:00:00z", "2020-02-29T10:00:00+24:00", "+14:00", "+14:01",
    "-13:59", "8:00", "KGM", "kg", "KILO", "f0", "F", "0x1", "2.0", "2", "v2", "_:document1", "_:", "ObjectEvent",
    "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent", "EPCISDocument",
    "EPCISQueryDocument",
    "example:event",
]  # fmt: skip
NAMES = [
    "foo", "example:foo", "id", "type", "https://example.com/x", "a b:c", "@context", "ilmd", "parentID", "epcList",
    "childEPCs", "inputEPCList", "outputQuantityList", "persistentDisposition", "action", "quantityList", "bizRules",
    "sensorElementList", "transformationID", "eventID", "epcisHeader", "exception",
]  # fmt: skip


def valid_documents() -> Iterator[tuple[str, Any]]:
    """Yield name and content of GS1's JSON examples, both contexts and the query document."""
    root = reference_data("prove/gs1-epcis")
    for folder in ("JSON", "JSON-simple-context", "XML", "JSON-Schema/test"):
        for path in sorted((root / folder).rglob("*.json*")):
            content = json.loads(path.read_bytes())
            if "$schema" not in content:
                yield str(path.relative_to(root)), content


def gs1_schema() -> dict[str, Any]:
    """Return GS1's own JSON Schema, in one file."""
    path: Path = reference_data("prove/gs1-epcis/EPCIS-JSON-Schema.json")
    schema: dict[str, Any] = json.loads(path.read_bytes())
    return schema


def mutated(content: Any, random: random.Random) -> Any:
    """Return a copy with one to three changes at random places: a field gone, a value or a name changed."""
    made = copy.deepcopy(content)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        places = list(_places(made))
        owner, key = random.choice(places)
        change = random.randrange(6)
        if change == 0:
            del owner[key]
        elif change == 1 and isinstance(owner, dict):
            owner[random.choice(NAMES)] = copy.deepcopy(random.choice(VALUES))
        elif change == 2 and isinstance(owner, dict):
            owner[random.choice(NAMES)] = owner.pop(key)
        elif change == 3 and isinstance(owner, list):
            owner.append(copy.deepcopy(owner[key]))
        else:
            owner[key] = copy.deepcopy(random.choice(VALUES))
    return made


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in steps:
        yield node, key
        yield from _places(value)
