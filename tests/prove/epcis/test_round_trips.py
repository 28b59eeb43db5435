"""What is read can be written as JSON and as XML and read again: the same events, the same hashes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings

from takeback.prove.epcis.document import Document
from takeback.prove.epcis.hashing import prehash
from takeback.prove.epcis.reading import read
from takeback.prove.epcis.spelling import LINK, NEVER, URN, EpcFormat
from takeback.prove.epcis.writing import json_document, json_event, xml_document, xml_event
from takeback.prove.epcis.xml_writing import CbvFormat
from tests.prove.epcis.events import Event, documents, events
from tests.reference import reference_data

# A CURIE with a prefix of the sender's own in an XML value stays as it is (the hash vectors have it so); written as
# JSON it is a CURIE of JSON-LD and is read in full (CBV 2.0, 8.9, rule 15; JSON-LD 1.1, 4.1.5).
CURIES_IN_XML = "SensorDataExamples.xml"
KEPT = ("kind", "sender", "receiver", "instance_identifier", "header", "query_name", "subscription_id", "creation_date")


def _examples() -> Iterator[tuple[Path, Document]]:
    gs1, vectors = reference_data("prove/gs1-epcis"), reference_data("prove/epcis-event-hash-vectors/tests")
    folders = [gs1 / "JSON", gs1 / "JSON-simple-context", gs1 / "XML" / "WithEventHashID", vectors]
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        if path.suffix in (".jsonld", ".json", ".xml"):
            media = "application/xml" if path.suffix == ".xml" else "application/ld+json"
            yield path, read(path.read_bytes(), media)


def _through_json(document: Document) -> Document:
    return read(msgspec.json.encode(json_document(document.events, about=document)), "application/json")


def _through_xml(document: Document) -> Document:
    return read(xml_document(document.events, about=document), "application/xml")


def _hashed(document: Document, ignored: frozenset[str]) -> list[str]:
    return [prehash(event, ignored) for event in document.events]


def test_examples_through_both_formats() -> None:
    """Every example of GS1 and every hash vector comes back with the same standard form, hash and surroundings."""
    count = 0
    for path, document in _examples():
        for again in (_through_json(document), _through_xml(document)):
            if path.name == CURIES_IN_XML and again.media == "json":
                continue
            assert again.events == document.events, path.name
            assert _hashed(again, document.ignored) == _hashed(document, document.ignored), path.name
            for name in KEPT:
                assert getattr(again, name) == getattr(document, name), (path.name, name)
            count += 1
    assert count >= 200


def test_examples_fit_the_xml_schema() -> None:
    """Every JSON example of GS1, written as XML, fits GS1's XML schema 2.0."""
    etree = pytest.importorskip("lxml.etree")
    folder = reference_data("prove/gs1-epcis")
    schemas = {
        kind: etree.XMLSchema(etree.parse(folder / "XSD" / f"EPCglobal-epcis-{name}2_0.xsd"))
        for kind, name in (("document", ""), ("query", "query-"))
    }
    for path in sorted((folder / "JSON").rglob("*.jsonld")):
        document = read(path.read_bytes(), "application/json")
        schema = schemas[document.kind]
        for cbv_format in ("Always_Web_URI", "Always_URN"):
            written = xml_document(document.events, about=document, cbv_format=cbv_format)
            assert schema.validate(etree.fromstring(written)), (path.name, schema.error_log.last_error)


MASTER = {
    "epcisMasterData": {
        "vocabularyList": [
            {
                "type": "urn:epcglobal:epcis:vtype:Location",
                "vocabularyElementList": [
                    {
                        "id": "urn:epc:id:sgln:4012345.00001.0",
                        "attributes": [
                            {"id": "urn:epcglobal:cbv:mda#city", "attribute": "Aachen"},
                            {"id": "https://e.example/hall", "attribute": ["north", "south"]},
                        ],
                        "children": ["urn:epc:id:sgln:4012345.00001.7"],
                    }
                ],
            }
        ]
    }
}


def test_master_data_fits_the_xml_schema() -> None:
    """In a header it stands in `extension`, in results of a query alone; each of several values keeps its id."""
    etree = pytest.importorskip("lxml.etree")
    folder = reference_data("prove/gs1-epcis") / "XSD"
    listed = MASTER["epcisMasterData"]["vocabularyList"]
    for name, about in (
        ("", Document("document", [OBJECT], header=MASTER, sender="urn:x:a", receiver="urn:x:b")),
        ("query-", Document("query", [], vocabulary_list=listed, query_name="SimpleMasterDataQuery")),
    ):
        written = xml_document(about.events, about=about)
        schema = etree.XMLSchema(etree.parse(folder / f"EPCglobal-epcis-{name}2_0.xsd"))
        assert schema.validate(etree.fromstring(written)), schema.error_log.last_error
        again = read(written, "application/xml")
        (found,) = again.vocabulary_list or (again.header or {})["epcisMasterData"]["vocabularyList"]
        (entry,) = found["vocabularyElementList"]
        assert [one["attribute"] for one in entry["attributes"]] == ["Aachen", "north", "south"]
        assert {one["id"] for one in entry["attributes"][1:]} == {"https://e.example/hall"}
        assert entry["children"] == ["urn:epc:id:sgln:4012345.00001.7"]


@settings(max_examples=120)
@given(documents())
def test_random_documents_through_both_formats(value: Event) -> None:
    """Events with any fields and extensions are the same after XML and after JSON."""
    document = read(msgspec.json.encode(value), "application/json")
    through_xml = _through_xml(document)
    assert through_xml.events == document.events
    assert _hashed(through_xml, frozenset()) == _hashed(document, frozenset())
    assert _through_json(document).events == document.events


@settings(max_examples=60)
@given(events())
def test_hash_in_every_spelling(event: Event) -> None:
    """Identifiers as URNs or Digital Links and words as URIs or URNs do not change the hash of an event."""
    formats: tuple[EpcFormat, ...] = (LINK, URN, NEVER)
    words: tuple[CbvFormat, ...] = ("Always_Web_URI", "Always_URN", "Never_Translates")
    for epc_format in formats:
        alone = read(msgspec.json.encode(json_event(event, epc_format=epc_format)), "application/json")
        assert prehash(alone.events[0]) == prehash(event)
        for cbv_format in words:
            written = xml_event(event, epc_format=epc_format, cbv_format=cbv_format)
            assert prehash(read(written, "application/xml").events[0]) == prehash(event)


OBJECT: dict[str, Any] = {
    "type": "ObjectEvent",
    "eventTime": "2020-03-04T11:00:30Z",
    "eventTimeZoneOffset": "+00:00",
    "action": "OBSERVE",
}


def test_urns_and_links() -> None:
    """A Digital Link becomes a URN where a URN of the same event tells how long its company prefix is."""
    event = {
        **OBJECT,
        "epcList": [
            "urn:epc:id:sgtin:4012345.011111.1",
            "https://id.gs1.org/01/04012345111118/21/2",
            "https://example.com/00/006141411234567890",
            "https://example.com/things/3",
        ],
        "readPoint": {"id": "https://id.gs1.org/414/4012345000115"},
    }
    written = json_event(event, epc_format=URN)
    assert written["epcList"][:2] == ["urn:epc:id:sgtin:4012345.011111.1", "urn:epc:id:sgtin:4012345.011111.2"]
    assert written["epcList"][2:] == event["epcList"][2:]
    assert written["readPoint"] == {"id": "urn:epc:id:sgln:4012345.00011.0"}
    links = json_event(event, epc_format=LINK)["epcList"]
    assert links[0] == "https://id.gs1.org/01/04012345111118/21/1"
    assert links[1:] == event["epcList"][1:]


def test_words_in_xml() -> None:
    """GS1-CBV-XML-Format decides between URIs and URNs; measurements have URIs only."""
    event = {**OBJECT, "bizStep": "shipping", "sensorElementList": [{"sensorReport": [{"type": "Temperature"}]}]}
    uris, urns = (xml_event(event, cbv_format=which).decode() for which in ("Always_Web_URI", "Always_URN"))
    assert "https://ref.gs1.org/cbv/BizStep-shipping" in uris
    assert "urn:epcglobal:cbv:bizstep:shipping" in urns
    assert 'type="https://gs1.org/voc/Temperature"' in uris and 'type="https://gs1.org/voc/Temperature"' in urns


def test_one_prefix_with_two_namespaces() -> None:
    """Events for which one prefix means different things keep their own context in one document."""
    both = [
        {**OBJECT, "ext:a": "1", "@context": {"ext": "https://e.example/"}},
        {**OBJECT, "ext:a": "1", "@context": {"ext": "https://f.example/"}},
    ]
    document = Document("document", both, creation_date="2024-01-01T00:00:00Z")
    assert _through_json(document).events == both
    assert _through_xml(document).events == both


@pytest.mark.parametrize("name", ["foo:bar", "a b", "@value", "1x", "été", "_x0041_", "x:y:z", "https://e.example/"])
def test_names_that_xml_does_not_have(name: str) -> None:
    """Field names with characters that XML does not allow, or with unknown prefixes, come back as they were."""
    event = {**OBJECT, name: {name: "v"}}
    assert read(xml_event(event), "application/xml").events == [event]


@pytest.mark.parametrize("text", ["a<b>&\"'c", "line\nline\r\ttab", "\u2028\U0001f50b", "]]>", "&amp;"])
def test_texts(text: str) -> None:
    """Markup, line ends and rare characters in texts and attributes come back as they were."""
    event = {
        **OBJECT,
        "e:a": text,
        "sensorElementList": [{"sensorReport": [{"type": "Mass", "stringValue": text}]}],
        "@context": {"e": "urn:e:"},
    }
    assert read(xml_event(event), "application/xml").events == [event]


def test_what_xml_cannot_tell_apart() -> None:
    """Known losses of XML: one-item arrays, arrays in arrays, empty objects; the hash is the same for all."""
    event = {**OBJECT, "e:a": ["1"], "e:b": [["1", "2"], "3"], "e:c": {}, "e:d": [], "@context": {"e": "urn:e:"}}
    again = read(xml_event(event), "application/xml").events[0]
    assert again == {**OBJECT, "e:a": "1", "e:b": ["1", "2", "3"], "e:c": "", "@context": {"e": "urn:e:"}}
    assert prehash(again) == prehash(event)
    assert "\ufffd" in xml_event({**OBJECT, "e:a": "\x00"}).decode()


def test_results_of_a_query() -> None:
    """A query document carries its query's name, subscription and events in both formats."""
    about = Document("query", [OBJECT], query_name="mine", subscription_id="7", creation_date="2024-01-01T00:00:00Z")
    for again in (_through_json(about), _through_xml(about)):
        assert (again.kind, again.query_name, again.subscription_id, again.events) == ("query", "mine", "7", [OBJECT])
