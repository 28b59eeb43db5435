"""Stage 1 beside GS1's own schema with formats asserted: the same verdict, or a clause that explains why not."""

from __future__ import annotations

import copy
import random
from typing import Any

import jsonschema_rs
import pytest

from takeback.prove.epcis.validation import schema
from takeback.prove.epcis.validation.rules import RULES
from tests.prove.epcis.validation.documents import gs1_schema, mutated, valid_documents

MUTATIONS = 6000
SEEDS = range(4)

# Where the schema in the repository (a draft of 2.0) and the standard differ: what GS1's schema refuses, and why it
# is accepted. Each entry: how GS1's schema path ends, a word its message begins with, the clause.
EXPLAINED = {
    (("sensorReport", "required"), '"type" is a required'): "EPCIS 2.0, 7.3.7.1.2: type is required unless there is an "
    "exception; the XML schema and the SHACL shapes leave it optional, too",
    (
        ("propertyNames", "anyOf"),
        '"persistentDisposition"',
    ): "JSON Schema 2.0.1 (ratified) has it in AssociationEvent and TransactionEvent, CBV 2.0, 7.2.3 "
    "in AggregationEvent (completeness_inferred, completeness_verified), the XML schema in all",
    (("id", "format"), '"_:'): "JSON-LD 1.1, 3.3: a node is named by an IRI or by a blank node identifier, as in GS1's "
    "examples of the simple context",
}


@pytest.fixture(scope="module")
def gs1() -> jsonschema_rs.Draft7Validator:
    return jsonschema_rs.Draft7Validator(gs1_schema(), validate_formats=True)


def unexplained(gs1: jsonschema_rs.Draft7Validator, document: Any) -> list[str]:
    """Return why the two schemas disagree about a document, without the differences of the table."""
    ours = schema.check_document(document)
    if gs1.is_valid(document):
        return [finding.as_text() for finding in ours]
    if ours:
        return []
    return [str(error)[:300] for error in gs1.iter_errors(document) if not explained(error)]


def explained(error: jsonschema_rs.ValidationError) -> bool:
    """Whether a refusal by GS1's schema is in the table."""
    path = tuple(str(step) for step in error.schema_path)
    return any(path[-len(end) :] == end and error.message.startswith(start) for end, start in EXPLAINED)


def test_every_document_of_gs1_gets_the_same_verdict(gs1: jsonschema_rs.Draft7Validator) -> None:
    """Documents of both contexts, query documents and single events are judged as GS1's schema judges them."""
    seen = 0
    for name, document in valid_documents():
        assert not unexplained(gs1, document), name
        seen += 1
    assert seen >= 68


@pytest.mark.parametrize("seed", SEEDS)
def test_thousands_of_mutations_get_the_same_verdict(gs1: jsonschema_rs.Draft7Validator, seed: int) -> None:
    """A field gone, a type, word, URI or time changed: both schemas accept or both refuse."""
    choose = random.Random(f"mutations {seed}")
    documents = [document for _, document in valid_documents()]
    verdicts = {True: 0, False: 0}
    for _ in range(MUTATIONS // len(SEEDS)):
        document = mutated(choose.choice(documents), choose)
        if choose.random() < 0.3:
            document = _single(document)
        assert not unexplained(gs1, document), document
        verdicts[gs1.is_valid(document)] += 1
    assert min(verdicts.values()) > 100


def _single(document: Any) -> Any:
    """Return the first event of a document as a document of its own, where there is one."""
    try:
        event = copy.deepcopy(document["epcisBody"]["eventList"][0])
    except (KeyError, TypeError, IndexError):
        return document
    return (
        {"@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", **event}
        if isinstance(event, dict)
        else event
    )


def test_every_finding_of_a_mutation_can_be_told(gs1: jsonschema_rs.Draft7Validator) -> None:
    """Whatever is wrong, a finding names its rule, a place that exists and a mend without a hole in it."""
    choose = random.Random("told")
    documents = [document for _, document in valid_documents()]
    for _ in range(1500):
        document = mutated(choose.choice(documents), choose)
        for finding in schema.check_document(document):
            assert finding.rule in RULES
            assert finding.stage == 1 and finding.severity == "error"
            assert str(finding.message) and str(finding.mend)
            missing = finding.to_dict()
            assert "{" not in str(missing["message"]).replace("{{", "") or "{" in str(finding.found)
            assert finding.where == "" or finding.where.startswith("/")


def event(**changes: object) -> dict[str, object]:
    """Return a valid object event with changes; None takes a field out."""
    made: dict[str, object] = {
        "type": "ObjectEvent",
        "eventTime": "2026-04-03T20:33:31.116Z",
        "eventTimeZoneOffset": "+02:00",
        "epcList": ["urn:epc:id:sgtin:4012345.011111.9876"],
        "action": "OBSERVE",
        "bizStep": "shipping",
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "rule", "where", "mend"),
    [
        ({"bizStep": "urn:epcglobal:cbv:bizstep:shipping"}, "schema.biz-step", "/bizStep", '"shipping"'),
        ({"bizStep": "dissasembling"}, "schema.biz-step", "/bizStep", '"disassembling"'),
        ({"disposition": "In Transit"}, "schema.disposition", "/disposition", '"in_transit"'),
        ({"eventTime": "2026-04-03T20:33:31"}, "schema.time", "/eventTime", "2026-04-03T20:33:31Z"),
        ({"eventTimeZoneOffset": "+2"}, "schema.offset", "/eventTimeZoneOffset", "+08:00"),
        ({"epcList": ["4012345"]}, "schema.uri", "/epcList/0", "urn:epc:id:sgtin"),
        ({"action": "observe"}, "schema.action", "/action", '"OBSERVE"'),
        ({"parentID": "urn:x:1"}, "schema.unknown-field", "/parentID", "AggregationEvent"),
        ({"note": "x"}, "schema.unknown-field", "/note", "example:note"),
        ({"epclist": []}, "schema.unknown-field", "/epclist", '"epcList"'),
        ({"type": "ObjectEvnt"}, "schema.event-type", "/type", '"ObjectEvent"'),
        ({"certificationInfo": "none"}, "schema.certification", "/certificationInfo", "web address"),
        ({"epcList": ["urn:x:1", "urn:x:1"]}, "schema.unique", "/epcList", "once"),
        ({"@context": "epcis"}, "schema.context", "/@context", "prefixes"),
        ({"action": None}, "schema.required", "", '"action"'),
        ({"epcList": None}, "schema.no-objects", "", "epcList"),
        ({"quantityList": [{"epcClass": "urn:x:1", "uom": "kg"}]}, "schema.uom", "/quantityList/0/uom", "KGM"),
    ],
)
def test_a_finding_names_place_and_mend(changes: dict[str, object], rule: str, where: str, mend: str) -> None:
    """The commonest slips are told with their place and with what to write instead."""
    (finding,) = schema.check_event(event(**changes), 7)
    assert finding.rule == rule
    assert finding.where == f"/epcisBody/eventList/7{where}"
    assert mend in str(finding.mend)
    assert finding.event == 7


def test_a_document_nested_without_end_is_refused() -> None:
    """What is wrong with a value twenty thousand levels deep is a finding, not a crash."""
    deep: dict[str, object] = {}
    inner = deep
    for _ in range(20_000):
        inner["example:a"] = inner = {}
    for changes in ({"epcList": deep}, {"action": "X", "example:a": deep}):
        document = {"@context": "https://example.com/", **event(**changes)}
        (finding,) = schema.check_document(document)
        assert len(str(finding.to_dict())) < 1000
