"""Stage 2: each rule finds what it is for, at its place, and leaves what is right alone."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from takeback.core.identifiers import parse
from takeback.prove.epcis import reading
from takeback.prove.epcis.validation import schema
from takeback.prove.epcis.validation.levels import _heads, forget, level, level_again
from takeback.prove.epcis.validation.rules import RULES
from takeback.prove.epcis.validation.semantics import check_event
from takeback.prove.personal import NAMESPACE
from tests.prove.epcis.validation.documents import valid_documents
from tests.prove.epcis.validation.events import CELL, KINDS, NOW, event

LOT = "urn:epc:class:lgtin:4012345.012345.L1"
REPORT = {"type": "Temperature", "value": 20, "uom": "CEL"}


def sensor(report: dict[str, object], **metadata: object) -> list[dict[str, object]]:
    return [{"sensorMetadata": metadata, "sensorReport": [{**REPORT, **report}]}]


CASES: list[tuple[str, str, str, dict[str, Any]]] = [
    ("what.epc", "/epcList/0", "ObjectEvent", {"epcList": ["urn:epc:id:sgtin:4012345.01111.1"]}),
    ("what.epc", "/epcList/1", "ObjectEvent", {"epcList": [f"{CELL}1", "urn:epc:id:sscc:4012345.1"]}),
    ("what.epc", "/epcList/0", "ObjectEvent", {"epcList": ["urn:epc:id:sgtni:4012345.011111.1"]}),
    ("what.epc", "/epcList/0", "ObjectEvent", {"epcList": ["urn:epc:tag:sgtin-96:1.4012345.011111.1"]}),
    ("what.epc", "/epcList/0", "ObjectEvent", {"epcList": ["https://id.gs1.org/00/40123"]}),
    ("what.check-digit", "/epcList/0", "ObjectEvent", {"epcList": ["https://id.gs1.org/01/04012345111119/21/1"]}),
    ("what.check-digit", "/epcList/0", "ObjectEvent", {"epcList": ["https://id.gs1.org/00/340123450000000001"]}),
    ("what.check-digit", "/readPoint/id", "ObjectEvent", {"readPoint": {"id": "https://id.gs1.org/414/4012345000010"}}),
    ("what.check-digit-elsewhere", "/epcList/0", "ObjectEvent", {"epcList": ["https://x.com/01/04012345111119/21/1"]}),
    ("what.class-as-instance", "/epcList/0", "ObjectEvent", {"epcList": [LOT]}),
    ("what.class-as-instance", "/inputEPCList/0", "TransformationEvent", {"inputEPCList": [LOT]}),
    ("what.class-link-as-instance", "/epcList/0", "ObjectEvent", {"epcList": ["https://id.gs1.org/01/04012345111118"]}),
    ("what.instance-as-class", "/quantityList/0/epcClass", "ObjectEvent", {"quantityList": [{"epcClass": f"{CELL}1"}]}),
    ("what.not-a-thing", "/epcList/0", "ObjectEvent", {"epcList": ["urn:epc:id:sgln:4012345.00001.0"]}),
    ("what.repeated", "/childEPCs", "AggregationEvent", {"childEPCs": [f"{CELL}1", f"{CELL}1"]}),
    ("what.no-parent", "", "AggregationEvent", {"parentID": None}),
    ("what.no-parent", "", "AggregationEvent", {"parentID": None, "action": "DELETE"}),
    ("what.own-child", "/parentID", "AggregationEvent", {"parentID": f"{CELL}1"}),
    ("what.empty", "", "ObjectEvent", {"epcList": []}),
    (
        "quantity.negative",
        "/quantityList/0/quantity",
        "ObjectEvent",
        {"quantityList": [{"epcClass": LOT, "quantity": -1}]},
    ),
    (
        "quantity.not-whole",
        "/quantityList/0/quantity",
        "ObjectEvent",
        {"quantityList": [{"epcClass": LOT, "quantity": 1.5}]},
    ),
    (
        "quantity.count-unit",
        "/quantityList/0/uom",
        "ObjectEvent",
        {"quantityList": [{"epcClass": LOT, "quantity": 1, "uom": "C62"}]},
    ),
    (
        "quantity.unit",
        "/quantityList/0/uom",
        "ObjectEvent",
        {"quantityList": [{"epcClass": LOT, "quantity": 1, "uom": "KG"}]},
    ),
    (
        "quantity.unit-without-quantity",
        "/quantityList/0/uom",
        "ObjectEvent",
        {"quantityList": [{"epcClass": LOT, "uom": "KGM"}]},
    ),
    ("where.not-a-place", "/bizLocation/id", "ObjectEvent", {"bizLocation": {"id": f"{CELL}1"}}),
    ("when.future", "/eventTime", "ObjectEvent", {"eventTime": "2026-11-27T12:00:00Z"}),
    ("when.ahead", "/eventTime", "ObjectEvent", {"eventTime": "2026-11-25T12:11:00Z"}),
    ("when.range", "/eventTime", "ObjectEvent", {"eventTime": "0000-01-01T00:00:00Z"}),
    ("when.offset-differs", "/eventTimeZoneOffset", "ObjectEvent", {"eventTime": "2026-04-03T20:00:00+01:00"}),
    (
        "when.declared-before",
        "/errorDeclaration/declarationTime",
        "ObjectEvent",
        {"errorDeclaration": {"declarationTime": "2026-04-03T19:59:00Z"}},
    ),
    ("why.not-in-cbv", "/bizStep", "ObjectEvent", {"bizStep": "https://ref.gs1.org/cbv/BizStep-shiping"}),
    ("why.not-in-cbv", "/disposition", "ObjectEvent", {"disposition": "urn:epcglobal:cbv:disp:lost"}),
    ("why.not-in-cbv", "/bizStep", "ObjectEvent", {"bizStep": "https://ref.gs1.org/cbv/Disp-active"}),
    (
        "why.near-cbv",
        "/destinationList/0/type",
        "ObjectEvent",
        {
            "destinationList": [
                {"type": "https://ref.gs1.org/cbv/carrier", "destination": "urn:epc:id:pgln:4012345.00001"}
            ]
        },
    ),
    (
        "why.source-kind",
        "/sourceList/0/source",
        "ObjectEvent",
        {"sourceList": [{"type": "location", "source": "urn:epc:id:pgln:4012345.00001"}]},
    ),
    (
        "why.set-and-unset",
        "/persistentDisposition",
        "ObjectEvent",
        {"persistentDisposition": {"set": ["damaged"], "unset": ["damaged"]}},
    ),
    (
        "why.declaration-corrects",
        "/errorDeclaration/correctiveEventIDs",
        "ObjectEvent",
        {
            "errorDeclaration": {
                "declarationTime": "2026-04-04T00:00:00Z",
                "reason": "did_not_occur",
                "correctiveEventIDs": ["urn:uuid:1"],
            }
        },
    ),
    ("why.action", "/action", "ObjectEvent", {"bizStep": "destroying"}),
    (
        "how.order",
        "/sensorElementList/0/sensorReport/0/minValue",
        "ObjectEvent",
        {"sensorElementList": sensor({"minValue": 3, "maxValue": 2})},
    ),
    (
        "how.percentile",
        "/sensorElementList/0/sensorReport/0/percRank",
        "ObjectEvent",
        {"sensorElementList": sensor({"percRank": 101})},
    ),
    (
        "how.deviation",
        "/sensorElementList/0/sensorReport/0/sDev",
        "ObjectEvent",
        {"sensorElementList": sensor({"sDev": -1})},
    ),
    (
        "how.unit",
        "/sensorElementList/0/sensorReport/0/uom",
        "ObjectEvent",
        {"sensorElementList": sensor({"uom": "KGM"})},
    ),
    (
        "how.type",
        "/sensorElementList/0/sensorReport/0/type",
        "ObjectEvent",
        {"sensorElementList": sensor({"type": "https://gs1.org/voc/MT-Temperature"})},
    ),
    (
        "how.type",
        "/sensorElementList/0/sensorReport/0/type",
        "ObjectEvent",
        {"sensorElementList": sensor({"type": "https://ref.gs1.org/voc/MT-Temperature"})},
    ),
    (
        "how.substance",
        "/sensorElementList/0/sensorReport/0/microorganism",
        "ObjectEvent",
        {
            "sensorElementList": sensor(
                {"microorganism": "https://x.example/1", "chemicalSubstance": "https://x.example/2"}
            )
        },
    ),
    (
        "how.no-unit",
        "/sensorElementList/0/sensorReport/0",
        "ObjectEvent",
        {"sensorElementList": [{"sensorReport": [{"type": "Temperature", "value": 2}]}]},
    ),
    (
        "how.no-value",
        "/sensorElementList/0/sensorReport/0",
        "ObjectEvent",
        {"sensorElementList": [{"sensorReport": [{"type": "Temperature"}]}]},
    ),
    (
        "how.period",
        "/sensorElementList/0/sensorMetadata/endTime",
        "ObjectEvent",
        {"sensorElementList": sensor({}, startTime="2026-04-03T20:00:00Z", endTime="2026-04-03T19:00:00Z")},
    ),
    (
        "how.outside-period",
        "/sensorElementList/0/sensorReport/0/time",
        "ObjectEvent",
        {"sensorElementList": sensor({"time": "2026-04-03T18:00:00Z"}, startTime="2026-04-03T19:00:00Z")},
    ),
    (
        "how.twice",
        "/sensorElementList/0/sensorReport/0/deviceID",
        "ObjectEvent",
        {"sensorElementList": sensor({"deviceID": "urn:x:1"}, deviceID="urn:x:1")},
    ),
    ("extension.unknown-prefix", "/shop:note", "ObjectEvent", {"shop:note": 1}),
    ("extension.unknown-prefix", "/ilmd/shop:note", "ObjectEvent", {"action": "ADD", "ilmd": {"shop:note": 1}}),
    ("extension.reserved", "/type", "ObjectEvent", {"type": "takeback:Decided"}),
    ("own.unknown-word", "/disposition", "ObjectEvent", {"disposition": f"{NAMESPACE}Disp-gradet"}),
    ("own.unknown-field", "/tb:grad", "ObjectEvent", {"@context": {"tb": NAMESPACE}, "tb:grad": "A"}),
    ("own.step-needs", "/bizStep", "ObjectEvent", {"bizStep": f"{NAMESPACE}BizStep-grading"}),
]


@pytest.mark.parametrize(("rule", "where", "kind", "changes"), CASES)
def test_a_rule_finds_what_it_is_for(rule: str, where: str, kind: str, changes: dict[str, Any]) -> None:
    """One change of a valid event gives one finding: of this rule, at this place, with its clause and a mend."""
    (finding,) = check_event(event(kind, **changes), 3, now=NOW)
    assert (finding.rule, finding.where) == (rule, f"/epcisBody/eventList/3{where}")
    assert finding.stage == 2 and finding.event == 3
    assert (finding.clause, finding.severity) == RULES[rule]
    assert str(finding.message) and str(finding.mend)


@pytest.mark.parametrize("kind", KINDS)
def test_valid_events_have_no_findings(kind: str) -> None:
    """A right event of each type passes both stages without a word."""
    assert check_event(event(kind), 0, now=NOW) == []
    assert schema.check_event(event(kind), 0) == []


def test_every_rule_of_stage_2_has_a_case() -> None:
    """No rule stands in the table without an event that breaks it."""
    others = ("schema.", "xml.", "json.", "lifecycle.")
    told = {rule for rule, _, _, _ in CASES} | {"what.instance-link-as-class"}
    assert {rule for rule in RULES if not rule.startswith(others)} == told


@pytest.mark.parametrize("minutes", [-60, 0, 9])
def test_clocks_may_differ_by_ten_minutes(minutes: int) -> None:
    """An event that lies less than ten minutes ahead is taken without a word."""
    moment: datetime = NOW + timedelta(minutes=minutes)
    assert check_event(event(eventTime=moment.isoformat()), 0, now=NOW) == [] or minutes == 0


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("urn:epc:id:sgtin:4012345.011111.9876", "instance"),
        ("urn:epc:id:sgtin:4012345.011111.32a%2Fb", "instance"),
        ("urn:epc:id:sscc:4012345.0123456789", "instance"),
        ("urn:epc:id:grai:4012345.55555.987", "instance"),
        ("urn:epc:id:giai:4000001.12345", "instance"),
        ("urn:epc:id:gsrn:0614141.0000010253", "instance"),
        ("urn:epc:id:gdti:0614141.00001.1618034", "instance"),
        ("urn:epc:id:cpi:0614141.123ABC.123456789", "instance"),
        ("urn:epc:id:itip:4012345.012345.01.02.987", "instance"),
        ("urn:epc:id:upui:1234567.089456.51qIgY)%3C%26Jp3*j7'SDB", "instance"),
        ("urn:epc:id:gid:95100000.12345.400", "instance"),
        ("urn:epc:id:bic:CSQU3054383", "instance"),
        ("urn:epc:id:sgln:4012345.00001.0", "place"),
        ("urn:epc:id:pgln:4012345.00001", "party"),
        ("urn:epc:class:lgtin:4012345.012345.998877", "class"),
        ("urn:epc:idpat:sgtin:4012345.098765.*", "class"),
        ("urn:epc:idpat:grai:4012345.55555.*", "class"),
        ("urn:epc:id:sgtin:4012345.011111.", "malformed"),
        ("urn:epc:id:sgtin:4012345.011111.123456789012345678901", "malformed"),
        ("urn:epc:id:sgtin:40123.01111111.1", "malformed"),
        ("urn:epc:id:sgtin:4012345.011111.*", "instance"),
        ("URN:EPC:ID:SGTIN:4012345.011111.1", "malformed"),
        ("urn:epc:idpat:sgtin:4012345.098765.1", "malformed"),
        ("https://id.gs1.org/01/04012345111118/21/9876", "instance"),
        ("https://id.gs1.org/01/04012345111118/10/L1", "class"),
        ("https://id.gs1.org/01/04012345111118/10/L1/21/9876", "instance"),
        ("https://example.com/some/path/gtin/4012345111118/ser/9876", "instance"),
        ("https://id.gs1.org/01/04012345111118?17=261231", "class"),
        ("https://id.gs1.org/414/4012345000016", "place"),
        ("https://id.gs1.org/417/4012345000016", "party"),
        ("https://id.gs1.org/8004/4012345PACK1", "instance"),
        ("https://id.gs1.org/8003/04012345555554987", "instance"),
        ("https://example.com/01/abc", "other"),
        ("https://example.com/things/1", "other"),
        ("urn:uuid:00000000-0000-0000-0000-000000000000", "other"),
        ("http://www.w3.org/2000/01/rdf-schema#", "other"),
    ],
)
def test_a_uri_names_a_thing_a_class_a_place_or_a_party(uri: str, found: str) -> None:
    """Every scheme of the Tag Data Standard and every form of Digital Link is told apart."""
    assert level(uri) == found


def test_fields_of_the_standard_have_their_form_in_own_event_types() -> None:
    """What the schema leaves open in an event type of one's own is refused where the standard gives it a form."""
    own = "https://example.com/Weighed"
    assert check_event(event(type=own, **{"weight": 1}), 0, now=NOW) == []
    for changes in ({"sensorElementList": "x"}, {"epcList": [1]}, {"readPoint": {"id": 5}}, {"quantityList": [{}]}):
        assert schema.check_event(event(type=own, **changes), 0) == []
        found = check_event(event(type=own, **changes), 0, now=NOW)
        assert found and all(finding.severity == "error" for finding in found)


def test_what_is_remembered_of_a_beginning_changes_no_verdict() -> None:
    """Ten thousand URIs, right and wrong, are judged alike when their beginning was seen before and when it was not."""
    choose = random.Random("levels")
    heads = ["urn:epc:id:sgtin:4012345.011111.", "urn:epc:id:grai:4012345.55555.", "urn:epc:id:sgln:4012345.00001."]
    signs = "aZ09.-_%2F*é /?"
    uris = [choose.choice(heads) + "".join(choose.choices(signs, k=choose.randrange(25))) for _ in range(10_000)]
    warm = [level(uri) for uri in uris]
    for uri, found in zip(uris, warm, strict=True):
        forget()
        assert level(uri) == found, uri
    assert len(set(warm)) >= 3


def test_what_was_forgotten_is_learnt_again() -> None:
    """A place whose level is remembered still teaches its beginning, for which the fast paths ask."""
    place = "urn:epc:id:sgln:4012345.00001.0"
    for _ in range(2):
        assert level_again(place) == "place" and "urn:epc:id:sgln:4012345.00001" in _heads
        forget()
        assert not _heads


def test_a_long_list_with_a_repetition_is_checked_at_once() -> None:
    """The work grows with the length of a list, not with its square."""
    things = [f"{CELL}{number}" for number in range(200_000)]
    (finding,) = check_event(event(epcList=[*things, things[-1]]), 0, now=NOW)
    assert finding.rule == "what.repeated"


def test_levels_agree_with_the_identifiers_of_the_core() -> None:
    """What is well formed here can be parsed there, and is of the same level, for all URIs of GS1's examples."""
    levels = {"class": "class", "lot": "class", "instance": "instance"}
    seen = 0
    for _, document in valid_documents():
        for uri in _uris(document):
            found = level(uri)
            assert found not in ("malformed", "digit", "digit-elsewhere"), uri
            if found in ("class", "instance") and not uri.startswith("urn:epc:id:gid"):
                assert levels[parse(uri).level] == found, uri
                seen += 1
    assert seen > 100


def _uris(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [uri for value in node.values() for uri in _uris(value)]
    if isinstance(node, list):
        return [uri for value in node for uri in _uris(value)]
    return [node] if isinstance(node, str) and node.startswith(("urn:epc:", "https://id.gs1.org/")) else []


def test_no_document_of_gs1_is_refused() -> None:
    """All events of GS1's examples that pass stage 1 pass stage 2: warnings at most."""
    events = 0
    for name, document in valid_documents():
        if schema.check_document(document):
            continue
        for index, one in enumerate(reading.read(msgspec.json.encode(document), "application/json").events):
            errors = [f.as_text() for f in check_event(one, index, now=NOW) if f.severity == "error"]
            assert not errors, name
            events += 1
    assert events >= 75
