"""Events of which every field is known, for the tests of the query language."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from takeback.prove.epcis.hashing import event_hash, hash_uri
from takeback.prove.epcis.query import MasterData, matches, parse

RECORDED = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
NAMESPACE = "http://ns.example.com/epcis/"
WAREHOUSE = "urn:epc:id:sgln:4012345.00001.0"
OTHER_ID = "urn:uuid:11111111-2222-4333-8444-555555555555"

FIELDS: dict[str, Any] = {
    "ex:text": "red",
    "ex:number": 20,
    "ex:digits": "20",
    "ex:code": "007",
    "ex:time": "2026-01-10T12:00:00.000+01:00",
    "ex:flag": True,
    "ex:list": ["one", 2],
    "ex:object": {"ex:inner": "deep", "ex:more": [{"ex:deepest": 5}]},
}

OBJECT: dict[str, Any] = {
    "@context": {"ex": NAMESPACE},
    "type": "ObjectEvent",
    "eventID": "urn:uuid:aaaaaaaa-2222-4333-8444-555555555555",
    "eventTime": "2026-03-01T12:00:00.000+01:00",
    "eventTimeZoneOffset": "+01:00",
    "action": "OBSERVE",
    "bizStep": "shipping",
    "disposition": "in_transit",
    "persistentDisposition": {"set": ["completeness_verified"], "unset": ["completeness_inferred"]},
    "readPoint": {"id": WAREHOUSE, "ex:zone": "north", "ex:part": {"ex:inner": "gate"}},
    "bizLocation": {"id": "https://example.com/place/7", "ex:zone": "south", "ex:part": {"ex:inner": "hall"}},
    "epcList": ["urn:epc:id:sgtin:4012345.011111.9876", "https://example.com/01/04012345222227/21/A%2FB"],
    "quantityList": [
        {"epcClass": "urn:epc:class:lgtin:4012345.011111.LOT1", "quantity": 2.5, "uom": "KGM"},
        {"epcClass": "urn:epc:idpat:sgtin:4012345.066666.*", "quantity": 7},
    ],
    "bizTransactionList": [
        {"type": "po", "bizTransaction": "urn:epc:id:gdti:0614141.00001.1618034"},
        {"bizTransaction": "https://example.com/untyped"},
    ],
    "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00225"}],
    "destinationList": [{"type": "https://example.com/type", "destination": "urn:epc:id:pgln:0614141.00777"}],
    "ilmd": FIELDS,
    "sensorElementList": [
        {
            "sensorMetadata": {
                "time": "2026-03-01T10:00:00Z",
                "startTime": "2026-03-01T09:00:00Z",
                "endTime": "2026-03-01T11:00:00Z",
                "deviceID": "urn:epc:id:giai:4000001.111",
                "deviceMetadata": "https://example.com/metadata",
                "rawData": "https://example.com/raw",
                "dataProcessingMethod": "https://example.com/method",
                "bizRules": "https://example.com/rules",
                **FIELDS,
            },
            "sensorReport": [
                {
                    "type": "Temperature",
                    "value": 25,
                    "minValue": 20.5,
                    "maxValue": 30,
                    "meanValue": 24.5,
                    "sDev": 1.8,
                    "percRank": 95,
                    "percValue": 29,
                    "uom": "CEL",
                    **FIELDS,
                },
                {
                    "type": "https://example.com/measure",
                    "time": "2026-02-28T10:00:00Z",
                    "microorganism": "https://www.ncbi.nlm.nih.gov/taxonomy/1126011",
                    "chemicalSubstance": "https://identifiers.org/inchikey:CZMRCDWAGMRECN-UGDNZRGBSA-N",
                    "coordinateReferenceSystem": "https://www.opengis.net/def/crs/EPSG/0/4326",
                    "stringValue": "a, b",
                    "booleanValue": True,
                    "hexBinaryValue": "f0F0",
                    "uriValue": "urn:epc:id:giai:4000001.222",
                },
            ],
            **FIELDS,
        }
    ],
    **FIELDS,
}

DECLARED: dict[str, Any] = {
    **OBJECT,
    "errorDeclaration": {
        "declarationTime": "2026-03-05T08:00:00Z",
        "reason": "incorrect_data",
        "correctiveEventIDs": [OTHER_ID],
        **FIELDS,
    },
}

AGGREGATION: dict[str, Any] = {
    "type": "AggregationEvent",
    "eventTime": "2026-03-02T08:00:00Z",
    "eventTimeZoneOffset": "+00:00",
    "action": "ADD",
    "parentID": "urn:epc:id:sscc:4012345.1234567890",
    "childEPCs": ["urn:epc:id:grai:4012345.55555.987"],
    "childQuantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": 200, "uom": "GRM"}],
}

TRANSFORMATION: dict[str, Any] = {
    "type": "TransformationEvent",
    "eventTime": "2026-03-03T08:00:00Z",
    "eventTimeZoneOffset": "+00:00",
    "inputEPCList": ["urn:epc:id:sgtin:4012345.011122.25"],
    "outputEPCList": ["urn:epc:id:sgtin:4012345.077889.25"],
    "inputQuantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.011111.IN", "quantity": 10, "uom": "KGM"}],
    "outputQuantityList": [{"epcClass": "urn:epc:class:lgtin:0614141.077777.OUT", "quantity": 30}],
    "transformationID": "urn:epc:id:gdti:0614141.12345.400",
}

TRANSACTION: dict[str, Any] = {
    "type": "TransactionEvent",
    "eventTime": "2026-03-04T08:00:00Z",
    "eventTimeZoneOffset": "+00:00",
    "action": "DELETE",
    "bizTransactionList": [{"type": "rma", "bizTransaction": "https://example.com/rma/1"}],
    "epcList": ["urn:epc:id:giai:4000001.12345"],
}

EVENTS = {
    "object": OBJECT,
    "declared": DECLARED,
    "aggregation": AGGREGATION,
    "transformation": TRANSFORMATION,
    "transaction": TRANSACTION,
}


def answering(*pairs: tuple[str, str], context: dict[str, str] | None = None, master: MasterData | None = None) -> str:
    """Return the names of the events of `EVENTS` that answer a query, separated by spaces."""
    query = parse(pairs, context=context)
    more = {} if master is None else {"master": master}
    return " ".join(
        name
        for name, event in EVENTS.items()
        if matches(query, event, record_time=RECORDED, event_id=hash_uri(event_hash(event)), **more)
    )
