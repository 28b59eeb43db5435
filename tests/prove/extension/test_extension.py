"""The open extension of the CBV: one table, and everything made from it says the same."""

from __future__ import annotations

import copy
import json
import runpy
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pyshacl
import pytest
from rdflib import RDF, SKOS, Graph, URIRef

from takeback import store
from takeback.core.items import item_key
from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.capture import capture
from takeback.prove.epcis.hashing import event_hash
from takeback.prove.epcis.query import page, parse
from takeback.prove.epcis.reading import read
from takeback.prove.epcis.validation.check import check_content
from takeback.prove.epcis.validation.semantics import check_event
from takeback.prove.epcis.validation.shapes_event import EVENTS
from takeback.prove.epcis.vocabulary import uri
from takeback.prove.epcis.vocabulary import words as cbv_words
from takeback.prove.epcis.writing import xml_document
from takeback.prove.extension import PREFIX, table
from takeback.prove.extension.needs import needs_of, unmet
from takeback.prove.extension.terms import CBV_KIND, TermKind, term_uri
from takeback.prove.extension.words import in_cbv, words
from takeback.prove.genealogy import walk
from takeback.prove.personal import NAMESPACE
from tests.reference import reference_data

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "src" / "takeback" / "prove" / "extension"
EXAMPLES = ROOT / "docs" / "examples" / "reverse-logistics.jsonld"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
STEPS = list(table().step)
Event = dict[str, Any]

# What the shapes look at, as EPCIS's own context has it: enough for the examples where GS1's file is not here.
_TYPED = {"@type": "@vocab", "@context": {"@vocab": "https://ref.gs1.org/cbv/SDT-"}}
SMALL_CONTEXT: dict[str, Any] = {
    "@version": 1.1,
    "@vocab": "https://ref.gs1.org/epcis/",
    "type": "@type",
    "id": "@id",
    "bizStep": {"@type": "@vocab", "@context": {"@vocab": "https://ref.gs1.org/cbv/BizStep-"}},
    "disposition": {"@type": "@vocab", "@context": {"@vocab": "https://ref.gs1.org/cbv/Disp-"}},
    "bizTransactionList": {
        "@context": {
            "bizTransaction": "@id",
            "type": {
                "@id": "https://ref.gs1.org/epcis/bizTransactionType",
                "@type": "@vocab",
                "@context": {"@vocab": "https://ref.gs1.org/cbv/BTT-"},
            },
        }
    },
    "destinationList": {
        "@context": {"type": {"@id": "https://ref.gs1.org/epcis/sourceOrDestinationType", **_TYPED}},
    },
    "sensorReport": {
        "@context": {
            "type": {
                "@id": "https://ref.gs1.org/epcis/measurementType",
                "@type": "@vocab",
                "@context": {"@vocab": "https://gs1.org/voc/"},
            }
        }
    },
    **{name: {"@type": "@id"} for name in ("epcList", "childEPCs", "inputEPCList", "outputEPCList", "parentID")},
}


def _examples() -> Event:
    document: Event = json.loads(EXAMPLES.read_text("utf-8"))
    return document


def _example(step: str) -> Event:
    """Return the example event of a step as it stands in the file, with our prefix declared."""
    listed = _examples()["epcisBody"]["eventList"]
    found: Event = next(event for event in listed if event["bizStep"] == f"{PREFIX}:BizStep-{step}")
    return found


def _standard(event: Event) -> Event:
    (made,) = read(msgspec.json.encode({**_examples(), "epcisBody": {"eventList": [event]}}), "application/json").events
    return made


def _spoiled(step: str) -> Iterator[tuple[str, Event]]:
    """Yield, for each need of a step, the example without all that could meet it."""
    for need in needs_of(table().step[step]):
        event = copy.deepcopy(_example(step))
        if need.types:
            event["type"] = next(kind for kind in EVENTS if kind not in need.types)
        for one in need.any:
            for name in (one.at.partition(".")[0],) if one.at else one.has:
                event.pop(name, None)
        yield need.en, event


def _graph(event: Event, epcis: Any) -> Graph:
    """Return an event as RDF; contexts are put in by hand, nothing is fetched."""
    ours = json.loads((PACKAGE / "takeback-context.jsonld").read_text("utf-8"))["@context"]
    return Graph().parse(data=json.dumps({"@context": [epcis, ours], **event}), format="json-ld")


def _messages(event: Event, epcis: Any) -> set[str]:
    """Return the English messages of what the shapes find in an event."""
    shapes = Graph().parse(PACKAGE / "shapes.ttl", format="turtle")
    _, report, _ = pyshacl.validate(_graph(event, epcis), shacl_graph=shapes)
    found = report.objects(None, URIRef("http://www.w3.org/ns/shacl#resultMessage"))
    return {str(text) for text in found if getattr(text, "language", None) == "en"}


def _gs1_context() -> Any:
    path = reference_data("prove/gs1-epcis") / "epcis-context.jsonld"
    return _unprotected(json.loads(path.read_text("utf-8"))["@context"])


def _unprotected(value: Any) -> Any:
    """Return a context without `@protected`: rdflib lets no scoped context say anew what `type` is (JSON-LD 4.1.11)."""
    if isinstance(value, list):
        return [_unprotected(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _unprotected(one) for name, one in value.items() if name != "@protected"}


def test_what_is_made_from_the_table_is_up_to_date() -> None:
    """Context, vocabulary, shapes, sentences and page are what `python tools/extension.py` writes."""
    for path, text in runpy.run_path(str(ROOT / "tools" / "extension.py"))["made"]().items():
        assert path.read_text("utf-8") == text, f"{path.name}: run `python tools/extension.py`"


def test_every_term_has_both_languages_and_a_broader_word_of_the_cbv() -> None:
    """No term repeats the CBV, and a partner who does not know it finds the next broader word there."""
    for kind, name, term in table():
        assert all((term.en, term.zh, term.says, term.says_zh)), name
        assert not term.en.isascii() or any("\u4e00" <= letter <= "\u9fff" for letter in term.zh), name
        if kind != "field":
            assert term.broader in cbv_words(CBV_KIND[kind]) and name not in cbv_words(CBV_KIND[kind]), name


def test_the_vocabulary_holds_every_term_and_links_it_to_the_cbv() -> None:
    """As RDF each word is a concept with a broader match, each field a property."""
    graph = Graph().parse(PACKAGE / "vocabulary.ttl", format="turtle")
    for kind, name, term in table():
        subject = URIRef(term_uri(kind, name))
        if kind == "field":
            assert (subject, RDF.type, RDF.Property) in graph
        else:
            assert (subject, RDF.type, SKOS.Concept) in graph
            assert (subject, SKOS.broadMatch, URIRef(uri(CBV_KIND[kind], term.broader))) in graph


def test_there_is_an_example_of_each_step_and_the_validator_takes_all() -> None:
    """The document that the page refers to passes all three stages without an error, the first two without a word."""
    findings = check_content(EXAMPLES.read_bytes(), "application/ld+json", now=NOW)
    assert [f for f in findings if f.severity == "error" or f.stage < 3] == []
    steps = [event["bizStep"] for event in _examples()["epcisBody"]["eventList"]]
    assert sorted(steps) == sorted(f"{PREFIX}:BizStep-{name}" for name in STEPS)


def test_the_examples_come_back_from_xml() -> None:
    """Words and fields of the extension survive both bindings with the same hash."""
    events = read(EXAMPLES.read_bytes(), "application/ld+json").events
    again = read(xml_document(events), "application/xml").events
    assert [event_hash(event) for event in again] == [event_hash(event) for event in events]
    assert all(event["bizStep"].startswith(NAMESPACE) for event in again)


@pytest.mark.parametrize("step", STEPS)
def test_shapes_and_validator_agree_on_each_step(step: str) -> None:
    """A good event passes both; without what meets a need, both name exactly what the event then lacks."""
    name = table().step[step].en
    assert _messages(_example(step), SMALL_CONTEXT) == set()
    assert unmet(_standard(_example(step))) == []
    for need, event in _spoiled(step):
        lacking = [one.en for one in unmet({**_standard(_example(step)), **_plain(event, step)})]
        told = _messages(event, SMALL_CONTEXT)
        assert need in lacking, need
        assert told == {f"{name} needs {one}" for one in lacking}, need


def _plain(event: Event, step: str) -> Event:
    """Return what changed in a spoiled event, in standard form: what was taken out is None."""
    whole, good = _standard(_example(step)), _example(step)
    gone = {name: None for name in good if name not in event}
    return {**{name: whole[name] for name in whole if name in event}, **gone, "type": event["type"]}


@pytest.mark.parametrize("step", STEPS)
def test_shapes_work_under_gs1_s_own_context(step: str) -> None:
    """With the real context of EPCIS the good event passes, and each spoiled one is found."""
    epcis = _gs1_context()
    assert _messages(_example(step), epcis) == set()
    for need, event in _spoiled(step):
        assert f"{table().step[step].en} needs {need}" in _messages(event, epcis)


def test_captured_they_are_found_and_traced(database: store.Database) -> None:
    """Queries find events by words of the extension in either spelling; a second life leads back to the first."""
    org, events = uuid4(), read(EXAMPLES.read_bytes(), "application/ld+json").events
    with store.transaction(org) as connection:
        assert len(capture(connection, org, events, actor="test").appended) == len(STEPS)
    word = term_uri("step", "second_life_commissioning")
    queries = [
        parse([("EQ_bizStep", word)]),
        parse([("EQ_bizStep", f"{PREFIX}:BizStep-second_life_commissioning")]),
        parse([("EQ_bizStep", "tb:BizStep-second_life_commissioning")], context={"tb": NAMESPACE}),
        parse([("EQ_disposition", term_uri("disposition", "second_life"))]),
    ]
    with store.transaction(org) as connection:
        for query in queries:
            (found,) = page(connection, org, query).events
            assert found.event["bizStep"] == word
        key = item_key(canonical_uri(found.event["outputEPCList"][0]))
        reached = walk(connection, org, [key], direction="back").nodes
    assert item_key(canonical_uri(found.event["takeback:formerIdentity"])) in {node.key for node in reached}


@pytest.mark.parametrize("kind", list(CBV_KIND))
def test_in_the_cbv_our_words_are_the_next_broader_ones(kind: TermKind) -> None:
    """So trace quality takes a handing-over for a dispatch and a health report for evidence; other words stay."""
    for name, term in table().of(kind).items():
        assert in_cbv(kind, term_uri(kind, name)) == term.broader
        assert in_cbv(kind, uri(CBV_KIND[kind], term.broader)) == term.broader
    assert in_cbv(kind, "https://partner.example/words/frobnicating") == "https://partner.example/words/frobnicating"


OURS = {"@context": {"tb": NAMESPACE}}
SLIPS: list[tuple[str, str, Event, str]] = [
    ("own.unknown-word", "/bizStep", {"bizStep": f"{NAMESPACE}BizStep-gradin"}, term_uri("step", "grading")),
    ("own.unknown-word", "/bizStep", {"bizStep": f"{NAMESPACE}Disp-graded"}, "disposition"),
    ("own.unknown-word", "/bizStep", {"bizStep": f"{NAMESPACE}BizStep-receiving"}, '"receiving"'),
    ("own.unknown-word", "/disposition", {"disposition": f"{NAMESPACE}Disp-refurbised"}, "Disp-refurbished"),
    ("own.unknown-field", "/tb:grad", {**OURS, "tb:grad": "A"}, "tb:grade"),
    ("own.unknown-field", "/tb:colour_of_box", {**OURS, "tb:colour_of_box": "A"}, "namespace of your own"),
]


@pytest.mark.parametrize(("rule", "where", "changes", "mend"), SLIPS)
def test_slips_are_found_with_what_was_meant(rule: str, where: str, changes: Event, mend: str) -> None:
    """A word or field of our namespace that is not in the table is told with the nearest one, whatever the prefix."""
    event = {**_standard(_example("sorting")), **changes}
    (finding,) = [f for f in check_event(event, 0, now=NOW, base="") if f.rule.startswith("own.")]
    assert (finding.rule, finding.where, finding.severity) == (rule, where, "warning")
    assert mend in str(finding.mend)


def test_our_context_is_known_by_its_address() -> None:
    """A document may name our context instead of declaring the prefix; nothing is fetched for it."""
    document = _examples()
    document["@context"][1] = "https://partner.example/ns/epcis/takeback-context.jsonld"
    assert read(msgspec.json.encode(document), "application/json").events == (
        read(EXAMPLES.read_bytes(), "application/json").events
    )


def test_fields_of_the_context_are_those_of_the_table() -> None:
    """The context speaks of our fields alone, so that it goes beside the protected context of EPCIS."""
    declared = json.loads((PACKAGE / "takeback-context.jsonld").read_text("utf-8"))["@context"]
    assert set(declared) == {"@version", PREFIX, *(f"{PREFIX}:{name}" for name in words("field"))}
