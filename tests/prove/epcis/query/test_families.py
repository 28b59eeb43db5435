"""Every parameter family of EPCIS 2.0 section 8.2.7, with a value that finds and one that does not."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import pytest

from takeback.prove.epcis.hashing import event_hash, hash_uri
from takeback.prove.epcis.query import matches, parse, parse_json
from takeback.prove.epcis.query.conditions import fields
from takeback.prove.epcis.query.families import CONTROLS, FIXED
from tests.prove.epcis.query.samples import (
    AGGREGATION,
    DECLARED,
    EVENTS,
    NAMESPACE,
    OBJECT,
    OTHER_ID,
    RECORDED,
    answering,
)

BOTH = "object declared"
ALL = " ".join(EVENTS)
CASES = [
    # type, times, action
    ("eventType", "ObjectEvent", BOTH),
    ("eventType", "AggregationEvent|TransactionEvent", "aggregation transaction"),
    ("eventType", "AggregationEvent,TransactionEvent", "aggregation transaction"),
    ("eventType", "https://example.com/MyEvent", ""),
    ("GE_eventTime", "2026-03-03T08:00:00Z", "transformation transaction"),
    ("GE_eventTime", "2026-03-03T09:00:00 01:00", "transformation transaction"),
    ("LT_eventTime", "2026-03-01T11:00:00.001Z", BOTH),
    ("LT_eventTime", "2026-03-01T11:00:00Z", ""),
    ("GE_recordTime", "2026-03-02T10:00:00Z", ALL),
    ("GE_recordTime", "2026-03-02T10:00:01Z", ""),
    ("LT_recordTime", "2026-03-02T10:00:00Z", ""),
    ("EQ_action", "ADD", "aggregation"),
    ("EQ_action", "ADD|DELETE", "aggregation transaction"),
    # words in every spelling
    ("EQ_bizStep", "shipping", BOTH),
    ("EQ_bizStep", "urn:epcglobal:cbv:bizstep:shipping", BOTH),
    ("EQ_bizStep", "https://ref.gs1.org/cbv/BizStep-shipping", BOTH),
    ("EQ_bizStep", "cbv:BizStep-shipping", BOTH),
    ("EQ_bizStep", "receiving|https://example.com/step", ""),
    ("EQ_disposition", "returned|in_transit", BOTH),
    ("EQ_disposition", "returned", ""),
    ("EQ_persistentDisposition_set", "completeness_verified", BOTH),
    ("EQ_persistentDisposition_set", "completeness_inferred", ""),
    ("EQ_persistentDisposition_unset", "urn:epcglobal:cbv:disp:completeness_inferred", BOTH),
    ("EQ_persistentDisposition_unset", "completeness_verified", ""),
    # places
    ("EQ_readPoint", "urn:epc:id:sgln:4012345.00001.0", BOTH),
    ("EQ_readPoint", "https://id.gs1.org/414/4012345000016", BOTH),
    ("EQ_readPoint", "https://example.org/dl/414/4012345000016", BOTH),
    ("EQ_readPoint", "urn:epc:id:sgln:4012345.00002.0", ""),
    ("WD_readPoint", "urn:epc:id:sgln:4012345.00001.0", BOTH),
    ("WD_readPoint", "https://example.com/site", ""),
    ("EQ_bizLocation", "https://example.com/place/7", BOTH),
    ("EQ_bizLocation", "https://example.com/place/8", ""),
    ("WD_bizLocation", "https://example.com/place/7", BOTH),
    # what an event refers to
    ("EQ_bizTransaction_po", "urn:epc:id:gdti:0614141.00001.1618034", BOTH),
    ("EQ_bizTransaction_urn:epcglobal:cbv:btt:po", "https://id.gs1.org/253/06141410000101618034", ""),
    ("EQ_bizTransaction_po", "https://id.gs1.org/253/06141410000121618034", BOTH),
    ("EQ_bizTransaction_inv", "urn:epc:id:gdti:0614141.00001.1618034", ""),
    ("EQ_bizTransaction_rma", "https://example.com/rma/1|https://example.com/rma/2", "transaction"),
    ("EQ_source_owning_party", "urn:epc:id:pgln:4012345.00225", BOTH),
    ("EQ_source_possessing_party", "urn:epc:id:pgln:4012345.00225", ""),
    ("EQ_destination_https://example.com/type", "urn:epc:id:pgln:0614141.00777", BOTH),
    ("EQ_destination_location", "urn:epc:id:pgln:0614141.00777", ""),
    ("EQ_transformationID", "urn:epc:id:gdti:0614141.12345.400", "transformation"),
    ("EQ_transformationID", "urn:epc:id:gdti:0614141.12345.401", ""),
    ("EQ_eventID", "urn:uuid:aaaaaaaa-2222-4333-8444-555555555555", BOTH),
    ("EQ_eventID", hash_uri(event_hash(AGGREGATION)), "aggregation"),
    ("EQ_eventID", OTHER_ID, ""),
    # things
    ("MATCH_epc", "urn:epc:id:sgtin:4012345.011111.9876", BOTH),
    ("MATCH_epc", "https://id.gs1.org/01/04012345111118/21/9876", BOTH),
    ("MATCH_epc", "urn:epc:id:sgtin:4012345.022222.A%2FB", BOTH),
    ("MATCH_epc", "urn:epc:id:grai:4012345.55555.987", "aggregation"),
    ("MATCH_epc", "urn:epc:id:sgtin:4012345.011122.25", ""),
    ("MATCH_epc", "urn:epc:class:lgtin:4012345.011111.LOT1", ""),
    ("MATCH_epc", "urn:epc:idpat:sgtin:4012345.*.*", BOTH),
    ("MATCH_epc", "urn:epc:idpat:sgtin:4012345.011111.*", BOTH),
    ("MATCH_epc", "urn:epc:idpat:sgtin:4012345.099999.*", ""),
    ("MATCH_epc", "urn:epc:idpat:sgtin:*.*.*|urn:epc:idpat:grai:4012345.*.*", f"{BOTH} aggregation"),
    ("MATCH_epc", "https://id.gs1.org/01/04012345111118", BOTH),
    ("MATCH_epc", "https://id.gs1.org/01/04012345111118/21/*", BOTH),
    ("MATCH_epc", "https://id.gs1.org/01/04012345111118/21/99*", ""),
    ("MATCH_epc", "urn:epc:idpat:giai:4000001.*", "transaction"),
    ("MATCH_parentID", "urn:epc:idpat:sscc:4012345.*", "aggregation"),
    ("MATCH_parentID", "urn:epc:id:grai:4012345.55555.987", ""),
    ("MATCH_inputEPC", "urn:epc:id:sgtin:4012345.011122.25", "transformation"),
    ("MATCH_inputEPC", "urn:epc:id:sgtin:4012345.077889.25", ""),
    ("MATCH_outputEPC", "urn:epc:idpat:sgtin:4012345.077889.*", "transformation"),
    ("MATCH_outputEPC", "urn:epc:id:sgtin:4012345.011122.25", ""),
    ("MATCH_anyEPC", "urn:epc:idpat:sgtin:4012345.*.*", f"{BOTH} transformation"),
    ("MATCH_anyEPC", "urn:epc:id:sscc:4012345.1234567890", "aggregation"),
    ("MATCH_anyEPC", "urn:epc:class:lgtin:4012345.011111.LOT1", ""),
    ("MATCH_epcClass", "urn:epc:class:lgtin:4012345.011111.LOT1", BOTH),
    ("MATCH_epcClass", "https://id.gs1.org/01/04012345111118/10/LOT1", BOTH),
    ("MATCH_epcClass", "urn:epc:idpat:sgtin:4012345.066666.*", BOTH),
    ("MATCH_epcClass", "urn:epc:idpat:sgtin:4012345.*.*", BOTH),
    ("MATCH_epcClass", "urn:epc:idpat:sgtin:4012345.066666.400", ""),
    ("MATCH_epcClass", "urn:epc:idpat:sgtin:4012345.011111.*", ""),
    ("MATCH_epcClass", "urn:epc:class:lgtin:4012345.*.*", f"{BOTH} aggregation"),
    ("MATCH_inputEPCClass", "urn:epc:class:lgtin:4012345.011111.IN", "transformation"),
    ("MATCH_inputEPCClass", "urn:epc:class:lgtin:0614141.077777.OUT", ""),
    ("MATCH_outputEPCClass", "urn:epc:class:lgtin:0614141.077777.OUT", "transformation"),
    ("MATCH_outputEPCClass", "urn:epc:class:lgtin:4012345.011111.IN", ""),
    ("MATCH_anyEPCClass", "urn:epc:class:lgtin:4012345.*.*", f"{BOTH} aggregation transformation"),
    ("MATCH_anyEPCClass", "urn:epc:id:sgtin:4012345.011111.9876", ""),
    # quantities
    ("EQ_quantity", "7|8", BOTH),
    ("EQ_quantity", "8", ""),
    ("GT_quantity", "30", "aggregation"),
    ("GE_quantity", "30", "aggregation transformation"),
    ("LT_quantity", "2.5", ""),
    ("LE_quantity", "2.5", BOTH),
    ("EQ_quantity_KGM", "0.2", "aggregation"),
    ("EQ_quantity_GRM", "2500", BOTH),
    ("GE_quantity_KGM", "2.5", f"{BOTH} transformation"),
    ("LE_quantity_LTR", "1000", ""),
    # error declarations
    ("EXISTS_errorDeclaration", "true", "declared"),
    ("EXISTS_errorDeclaration", "", "declared"),
    ("EXISTS_errorDeclaration", "false", ALL),
    ("GE_errorDeclarationTime", "2026-03-05T08:00:00Z", "declared"),
    ("GE_errorDeclarationTime", "2026-03-05T08:00:01Z", ""),
    ("LT_errorDeclarationTime", "2026-03-05T08:00:01Z", "declared"),
    ("LT_errorDeclaration_Time", "2026-03-05T08:00:00Z", ""),
    ("EQ_errorReason", "urn:epcglobal:cbv:er:incorrect_data", "declared"),
    ("EQ_errorReason", "did_not_occur", ""),
    ("EQ_correctiveEventID", OTHER_ID, "declared"),
    ("EQ_correctiveEventID", "urn:uuid:aaaaaaaa-2222-4333-8444-555555555555", ""),
    # sensors
    ("EXISTS_sensorElementList", "", BOTH),
    ("GE_time", "2026-03-01T10:00:00Z", BOTH),
    ("GE_time", "2026-03-01T10:00:01Z", ""),
    ("LT_time", "2026-02-28T11:00:00Z", BOTH),
    ("GE_startTime", "2026-03-01T09:00:00Z", BOTH),
    ("LT_startTime", "2026-03-01T09:00:00Z", ""),
    ("LT_startTime", "2026-03-01T09:00:01Z", BOTH),
    ("GE_startTime", "2026-03-01T09:00:01Z", ""),
    ("LT_endTime", "2026-03-01T11:00:01Z", BOTH),
    ("GE_endTime", "2026-03-01T11:00:00Z", BOTH),
    ("LT_endTime", "2026-03-01T11:00:00Z", ""),
    ("LT_time", "2026-02-28T10:00:00Z", ""),
    ("LT_errorDeclarationTime", "2026-03-05T08:00:00Z", ""),
    ("GE_eventTime", "2026-03-04T08:00:01Z", ""),
    ("LT_recordTime", "2026-03-02T10:00:01Z", ALL),
    ("EXISTS_errorDeclaration", "1", "declared"),
    ("GE_endTime", "2026-03-01T11:00:01Z", ""),
    ("EQ_type", "Temperature|Mass", BOTH),
    ("EQ_type", "https://gs1.org/voc/Temperature", BOTH),
    ("EQ_type", "https://example.com/measure", BOTH),
    ("EQ_type", "Mass", ""),
    ("EQ_deviceID", "https://id.gs1.org/8004/4000001111", BOTH),
    ("EQ_deviceID", "https://id.gs1.org/8004/4000001112", ""),
    ("EQ_deviceMetadata", "https://example.com/metadata", BOTH),
    ("EQ_deviceMetadata", "https://example.com/raw", ""),
    ("EQ_rawData", "https://example.com/raw", BOTH),
    ("EQ_rawData", "https://example.com/method", ""),
    ("EQ_dataProcessingMethod", "https://example.com/method", BOTH),
    ("EQ_dataProcessingMethod", "https://example.com/raw", ""),
    ("EQ_bizRules", "https://example.com/rules", BOTH),
    ("EQ_bizRules", "https://example.com/raw", ""),
    ("EQ_microorganism", "https://www.ncbi.nlm.nih.gov/taxonomy/1126011", BOTH),
    ("EQ_microorganism", "https://www.ncbi.nlm.nih.gov/taxonomy/1126012", ""),
    ("EQ_chemicalSubstance", "https://identifiers.org/inchikey:CZMRCDWAGMRECN-UGDNZRGBSA-N", BOTH),
    ("EQ_chemicalSubstance", "https://identifiers.org/inchikey:CZMRCDWAGMRECN-UGDNZRGBSA-M", ""),
    ("EQ_coordinateReferenceSystem", "https://www.opengis.net/def/crs/EPSG/0/4326", BOTH),
    ("EQ_coordinateReferenceSystem", "https://www.opengis.net/def/crs/EPSG/0/4327", ""),
    ("EQ_stringValue", "a, b", BOTH),
    ("EQ_stringValue", "a", ""),
    ("EQ_booleanValue", "true", BOTH),
    ("EQ_booleanValue", "false", ""),
    ("EQ_hexBinaryValue", "F0f0", BOTH),
    ("EQ_hexBinaryValue", "F0", ""),
    ("EQ_uriValue", "https://id.gs1.org/8004/4000001222", BOTH),
    ("EQ_uriValue", "https://id.gs1.org/8004/4000001111", ""),
    ("EQ_value_CEL", "25", BOTH),
    ("EQ_value_FAH", "77|78", BOTH),
    ("EQ_value_FAH", "78", ""),
    ("EQ_value_KGM", "25", ""),
    ("GE_value_KEL", "298.15", BOTH),
    ("GT_value_KEL", "298.15", ""),
    ("LE_value_CEL", "25.0", BOTH),
    ("LT_value_CEL", "2.5e1", ""),
    ("GE_minValue_CEL", "20.5", BOTH),
    ("GT_minValue_CEL", "20.5", ""),
    ("LE_maxValue_CEL", "30", BOTH),
    ("LT_maxValue_CEL", "30", ""),
    ("GT_meanValue_CEL", "24", BOTH),
    ("LT_meanValue_CEL", "24", ""),
    ("GE_sDev_KEL", "1.8", BOTH),
    ("GT_sDev_KEL", "1.8", ""),
    ("LT_sDev_FAH", "3.25", BOTH),
    ("GE_percValue_CEL", "29", BOTH),
    ("LT_percValue_CEL", "29", ""),
    ("GE_percRank", "95", BOTH),
    ("GT_percRank", "95", ""),
    ("LT_percRank", "96", BOTH),
    ("LE_percRank", "94.9", ""),
]
# Places of extension fields, with what stands before their names and which events have them.
PLACES = [
    ("", BOTH),
    ("ILMD_", BOTH),
    ("ERROR_DECLARATION_", "declared"),
    ("SENSORELEMENT_", BOTH),
    ("SENSORMETADATA_", BOTH),
    ("SENSORREPORT_", BOTH),
]
FIELDS = [
    ("EQ_{}ex:text", "red|green", True),
    ("EQ_{}ex:text", "Red", False),
    ("EQ_{}other:text", "red", False),
    (f"EQ_{{}}{NAMESPACE}#text", "red", True),
    (f"EQ_{{}}{NAMESPACE}text", "red", True),
    ("EQ_{}http://ns.example.com/other/text", "red", False),
    ("EQ_{}ex:number", "20", True),
    ("EQ_{}ex:number", "20.0", True),
    ("EQ_{}ex:number", "21", False),
    ("EQ_{}ex:digits", "20.0", True),
    ("EQ_{}ex:code", "007", True),
    ("EQ_{}ex:code", "7", False),
    ("EQ_{}ex:time", "2026-01-10T11:00:00Z", True),
    ("EQ_{}ex:time", "2026-01-10T12:00:00Z", False),
    ("EQ_{}ex:flag", "true", True),
    ("EQ_{}ex:list", "2", True),
    ("EQ_{}ex:list", "three", False),
    ("EQ_{}ex:inner", "deep", False),
    ("GT_{}ex:number", "19.5", True),
    ("GT_{}ex:number", "20", False),
    ("GE_{}ex:digits", "20", True),
    ("LT_{}ex:number", "20", False),
    ("LE_{}ex:number", "20", True),
    ("GE_{}ex:time", "2026-01-10T11:00:00Z", True),
    ("LT_{}ex:time", "2026-01-10", False),
    ("GE_{}ex:time", "2026-01-10", True),
    ("GE_{}ex:text", "5", False),
    ("EXISTS_{}ex:text", "", True),
    ("EXISTS_{}ex:absent", "true", False),
    ("EQ_INNER_{}ex:inner", "deep", True),
    ("EQ_INNER_{}ex:inner", "shallow", False),
    ("EQ_INNER_{}ex:text", "red", False),
    ("GE_INNER_{}ex:deepest", "5", True),
    ("GT_INNER_{}ex:deepest", "5", False),
    ("EXISTS_INNER_{}ex:deepest", "1", True),
    ("EXISTS_INNER_{}ex:object", "", False),
]


@pytest.mark.parametrize(("name", "value", "expected"), CASES)
def test_a_parameter_finds_what_the_standard_says(name: str, value: str, expected: str) -> None:
    """Each parameter alone, on five events: those that it names and no others."""
    assert answering((name, value)) == expected


@pytest.mark.parametrize(("place", "having"), PLACES)
@pytest.mark.parametrize(("name", "value", "found"), FIELDS)
def test_extension_fields_are_found_in_their_place(place: str, having: str, name: str, value: str, found: bool) -> None:
    """Each form of an extension parameter, in each place where the standard has extension fields."""
    assert answering((name.format(place), value)) == (having if found else "")


@pytest.mark.parametrize("place", ["readPoint", "bizLocation"])
def test_extension_fields_of_places_are_found(place: str) -> None:
    """EQ_readPoint_name and EQ_bizLocation_name look into their place alone; INNER below it."""
    zones = {"readPoint": ("north", "gate"), "bizLocation": ("south", "hall")}
    zone, inner = zones.pop(place)
    [(other, other_inner)] = zones.values()
    assert answering((f"EQ_{place}_ex:zone", zone)) == BOTH
    assert answering((f"EQ_{place}_ex:zone", other)) == ""
    assert answering((f"EQ_INNER_{place}_ex:inner", inner)) == BOTH
    assert answering((f"EQ_INNER_{place}_ex:inner", other_inner)) == ""


def test_a_prefix_means_its_namespace() -> None:
    """Asked with another prefix for the same namespace a field is found; with the same one for another, not."""
    assert answering(("EQ_mine:text", "red"), context={"mine": NAMESPACE}) == BOTH
    assert answering(("EQ_ex:text", "red"), context={"ex": "http://ns.example.com/other/"}) == ""


def test_all_parameters_must_hold() -> None:
    """Parameters are joined by and, the values of one by or; one that comes twice is one list."""
    assert answering(("EQ_bizStep", "shipping"), ("EQ_action", "ADD")) == ""
    assert answering(("EQ_bizStep", "shipping"), ("EXISTS_errorDeclaration", "true")) == "declared"
    assert answering(("EQ_action", "ADD"), ("EQ_action", "DELETE")) == "aggregation transaction"
    assert answering() == ALL


class Places:
    """Master data of a site with the warehouse below it."""

    def descendants(self, uri: str) -> Collection[str]:
        return ["https://id.gs1.org/414/4012345000016"] if uri == "https://example.com/site" else []

    def attributes(self, uri: str) -> Mapping[str, Sequence[str]]:
        known = {"urn:epcglobal:cbv:mda#city": ["Aachen"], "https://example.com/floor": ["2"]}
        return known if uri == "https://id.gs1.org/414/4012345000016" else {}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("WD_readPoint", "https://example.com/site", BOTH),
        ("WD_readPoint", "https://example.com/elsewhere", ""),
        ("WD_bizLocation", "https://example.com/site", ""),
        ("EQ_readPoint", "https://example.com/site", ""),
        ("HASATTR_readPoint", "cbvmda:city", BOTH),
        ("HASATTR_readPoint", "urn:epcglobal:cbv:mda#city|cbvmda:state", BOTH),
        ("HASATTR_readPoint", "cbvmda:state", ""),
        ("HASATTR_bizLocation", "cbvmda:city", ""),
        ("EQATTR_readPoint_cbvmda:city", "Bonn|Aachen", BOTH),
        ("EQATTR_readPoint_cbvmda:city", "Bonn", ""),
        ("EQ_ATTR_readPoint_https://example.com/floor", "2", BOTH),
        ("EQATTR_bizLocation_cbvmda:city", "Aachen", ""),
    ],
)
def test_master_data_is_asked(name: str, value: str, expected: str) -> None:
    """Descendants of places and attributes of elements come from the asker's master data."""
    assert answering((name, value), master=Places()) == expected


def test_master_data_is_asked_of_any_field() -> None:
    """HASATTR_ and EQATTR_ look at whatever elements a field names: extension fields, things, parties."""

    class Everything(Places):
        def attributes(self, uri: str) -> Mapping[str, Sequence[str]]:
            return {"https://example.com/known": [uri]}

    for name, uri in [
        ("epcList", "https://id.gs1.org/01/04012345111118/21/9876"),
        ("quantityList", "https://id.gs1.org/01/04012345111118/10/LOT1"),
        ("sourceList", "https://id.gs1.org/417/4012345002256"),
        ("source", "https://id.gs1.org/417/4012345002256"),
        ("bizStep", "shipping"),
        ("ex:text", "red"),
    ]:
        assert answering((f"EQATTR_{name}_https://example.com/known", uri), master=Everything()) == BOTH
        assert answering((f"EQATTR_{name}_https://example.com/known", uri + "x"), master=Everything()) == ""


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, True),
        ({"EQ_bizStep": ["shipping", "receiving"], "GE_eventTime": "2026-03-01T11:00:00Z"}, True),
        ({"EQ_bizStep": ["receiving"]}, False),
        ({"EQ_quantity": [7, 8]}, True),
        ({"GE_value_CEL": 25.0, "EXISTS_ILMD_ex:text": None}, True),
        ({"EXISTS_errorDeclaration": 1}, False),
        ({"EQ_booleanValue": True}, True),
        ({"EQ_booleanValue": False}, False),
        ({"EQ_ex:text": ["red"]}, True),
        ({"EQ_ex:digits": ["20.0"]}, False),
        ({"EQ_ex:digits": 20}, True),
        ({"EQ_ex:number": ["20"]}, True),
        ({"EQ_ex:time": "2026-01-10T11:00:00Z"}, True),
        ({"EQ_ex:time": ["2026-01-10T11:00:00Z"]}, False),
        ({"@context": {"mine": NAMESPACE}, "EQ_mine:text": ["red"]}, True),
        ({"@context": ["https://example.com/c.jsonld", {"mine": "urn:other:"}], "EQ_mine:text": ["red"]}, False),
        ({"orderBy": "eventTime", "orderDirection": "ASC", "eventCountLimit": 3}, True),
    ],
)
def test_a_named_query_asks_by_the_types_of_json(body: dict[str, object], found: bool) -> None:
    """In a JSON query a string is a string and a number a number (query-schema.json)."""
    assert matches(parse_json(body), OBJECT, record_time=RECORDED, event_id="") is found


def test_every_fixed_parameter_has_a_case() -> None:
    """No parameter of the table of fixed names is without a value that finds and one that does not."""
    spelled_otherwise = {"GE_errorDeclaration_Time", "LT_errorDeclaration_Time"}
    always_found = {"EXISTS_errorDeclaration", "EXISTS_sensorElementList", "WD_bizLocation", "EQ_action"}
    assert set(FIXED) - {name for name, _, expected in CASES if expected} == spelled_otherwise
    assert set(FIXED) - {name for name, _, expected in CASES if not expected} <= spelled_otherwise | always_found


def test_an_event_without_a_field_meets_no_condition_on_it() -> None:
    """A bare event answers the empty query and none that asks for a field it lacks."""
    bare = {"type": "ObjectEvent", "eventTime": "2026-03-01T11:00:00Z", "eventTimeZoneOffset": "+00:00"}
    for name, value, _ in CASES:
        if name.startswith(("eventType", "EXISTS", "GE_eventTime", "LT_eventTime", "GE_recordTime", "LT_recordTime")):
            continue
        assert not matches(parse([(name, value)]), bare, record_time=RECORDED, event_id=""), name
    assert matches(parse([]), bare, record_time=RECORDED, event_id="")
    assert DECLARED["errorDeclaration"]


def test_the_reference_page_names_every_parameter() -> None:
    """Each fixed parameter, and each beginning of an open one, stands in docs/reference/epcis-queries.md."""
    page = (Path(__file__).parents[4] / "docs" / "reference" / "epcis-queries.md").read_text()
    told = set(re.findall(r"\w+", page))
    for name in FIXED:
        sign, _, rest = name.replace("Declaration_Time", "DeclarationTime").partition("_")
        assert f"{sign}_{rest}" in told or name in told or (sign in ("GE", "LT") and rest in told), name
    for place in fields.PLACES:
        assert not place or f"`{place}_`" in page
    for family in ("value_", "percRank", "quantity_", "bizTransaction_", "HASATTR_", "EQATTR_", *CONTROLS):
        assert family in page
