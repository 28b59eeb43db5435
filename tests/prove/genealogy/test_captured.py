"""Captured events make the genealogy: lists of all kinds, transformations told in parts, declarations of errors."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from takeback import store
from takeback.core.items import item_key
from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.capture import capture
from takeback.prove.genealogy import names_of, trace, walk
from takeback.prove.genealogy.graph import Graph

PACK, CELL, OTHER = (f"urn:epc:id:sgtin:6901234.01000{n}.7" for n in (1, 2, 3))
LOT = "urn:epc:class:lgtin:6901234.010009.L1"
PROCESS = "urn:epc:id:gdti:6901234.00001.9"


def event(kind: str, hour: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "eventTime": f"2026-03-01T{hour:02d}:00:00.000Z", "eventTimeZoneOffset": "+08:00", **more}


ASSOCIATED = event("AssociationEvent", 10, action="ADD", bizStep="assembling", parentID=PACK, childEPCs=[CELL])
MADE = event(
    "TransformationEvent", 8, inputQuantityList=[{"epcClass": LOT, "quantity": 2, "uom": "KGM"}],
    transformationID=PROCESS, bizStep="commissioning",
)  # fmt: skip
MADE_TOO = event("TransformationEvent", 9, outputEPCList=[CELL], transformationID=PROCESS, bizStep="commissioning")


@pytest.fixture
def org(database: store.Database) -> UUID:
    return uuid4()


def back(org: UUID, *batch: dict[str, Any]) -> list[tuple[str, int]]:
    """Capture, trace the pack back by SQL and in memory; return what was reached with its depth."""
    with store.transaction(org) as connection:
        capture(connection, org, list(batch), actor="test")
    key = item_key(canonical_uri(PACK))
    with store.transaction(org) as connection:
        found = walk(connection, org, [key], direction="back").nodes
        reached = Graph(connection, org).reach([key], "back")
        names = names_of(connection, org, [node.key for node in found])
    assert sorted(zip(reached.keys.tolist(), reached.depths.tolist(), strict=True)) == sorted(
        (node.key, node.depth) for node in found
    )
    return [(names[node.key], node.depth) for node in found]


def test_a_pack_back_to_the_lot_of_its_cell(org: UUID) -> None:
    """Through an association and a transformation that was told in two events, inputs in one, outputs in the other."""
    assert back(org, ASSOCIATED, MADE, MADE_TOO) == [
        (canonical_uri(PACK), 0), (canonical_uri(CELL), 1), (canonical_uri(LOT), 2),
    ]  # fmt: skip


def test_what_was_declared_an_error_is_in_no_trace(org: UUID) -> None:
    """The declaration takes the event out of the genealogy; the correcting event takes its place."""
    declared = {
        **MADE_TOO,
        "errorDeclaration": {"declarationTime": "2026-03-02T08:00:00.000Z", "reason": "incorrect_data"},
    }
    assert back(org, ASSOCIATED, MADE, MADE_TOO)[2:] != []
    assert back(org, declared)[2:] == []
    assert len(back(org, {**MADE_TOO, "outputEPCList": [CELL, OTHER]})) == 3


def test_a_sort_of_things_betrays_nobody(org: UUID) -> None:
    """Who recovers the same material is not counted among those who had our things; who had our lot is."""
    material = "urn:takeback:material:Ni"
    made = event("TransformationEvent", 8, inputEPCList=[CELL], outputQuantityList=[{"epcClass": material}])
    other = uuid4()
    for party, what in ((org, CELL), (other, OTHER)):
        with store.transaction(party) as connection:
            capture(connection, party, [{**made, "inputEPCList": [what]}], actor="test")
    keys = [item_key(canonical_uri(CELL))]
    assert trace(org, keys, direction="forward", parties=[org, other]).hidden == 0
    with store.transaction(other) as connection:
        capture(connection, other, [{**MADE, "outputEPCList": [CELL]}], actor="test")
    assert trace(org, keys, direction="forward", parties=[org, other]).hidden == 1
