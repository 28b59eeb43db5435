"""Small valid events to change in tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
CELL = "urn:epc:id:sgtin:4012345.011111."
PACK = "urn:epc:id:giai:4012345.PACK"
PALLET = "urn:epc:id:sscc:4012345.000000000"


def event(kind: str = "ObjectEvent", **changes: object) -> dict[str, Any]:
    """Return a valid event in standard form with changes; None takes a field out."""
    made = {
        "type": kind,
        "eventTime": "2026-04-03T20:00:00Z",
        "eventTimeZoneOffset": "+02:00",
        **_WHAT[kind],
        "readPoint": {"id": "urn:epc:id:sgln:4012345.00001.0"},
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


_WHAT: dict[str, dict[str, Any]] = {
    "ObjectEvent": {"action": "OBSERVE", "epcList": [f"{CELL}1"], "bizStep": "inspecting"},
    "AggregationEvent": {"action": "ADD", "parentID": f"{PALLET}1", "childEPCs": [f"{CELL}1"], "bizStep": "packing"},
    "AssociationEvent": {"action": "ADD", "parentID": f"{PACK}1", "childEPCs": [f"{CELL}1"], "bizStep": "assembling"},
    "TransactionEvent": {
        "action": "ADD",
        "bizTransactionList": [{"type": "po", "bizTransaction": "https://example.com/po/1"}],
        "epcList": [f"{CELL}1"],
    },
    "TransformationEvent": {"inputEPCList": [f"{CELL}1"], "outputEPCList": [f"{CELL}2"]},
}
KINDS = tuple(_WHAT)
