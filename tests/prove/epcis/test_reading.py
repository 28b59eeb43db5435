"""Documents read: contexts and prefixes of JSON-LD, both versions of XML, and what is refused with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from takeback.core.problem import Problem
from takeback.prove.epcis.reading import read
from tests.reference import reference_data

JSON, XML = "application/json", "application/xml; charset=utf-8"
CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
EVENT: dict[str, Any] = {
    "type": "ObjectEvent",
    "eventTime": "2020-03-04T11:00:30+01:00",
    "eventTimeZoneOffset": "+01:00",
    "action": "OBSERVE",
    "epcList": ["urn:epc:id:sscc:4012345.0000000333"],
}


def _read(fields: dict[str, Any], *declared: Any, **document: Any) -> dict[str, Any]:
    """Return the event with these fields as it comes out of a document with these contexts."""
    whole = {
        "@context": [CONTEXT, *declared],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2024-01-01T00:00:00Z",
        "epcisBody": {"eventList": [{**EVENT, **fields}]},
        **document,
    }
    event = read(json.dumps(whole).encode(), JSON).events[0]
    return {name: value for name, value in event.items() if EVENT.get(name) != value}


EXT = {"ext": "https://e.example/"}


@pytest.mark.parametrize(
    ("fields", "declared", "expected"),
    [
        ({"bizStep": "cbv:BizStep-shipping"}, [], {"bizStep": "shipping"}),
        ({"bizStep": "urn:epcglobal:cbv:bizstep:shipping"}, [], {"bizStep": "shipping"}),
        ({"bizStep": "https://ref.gs1.org/cbv/BizStep-shipping"}, [], {"bizStep": "shipping"}),
        ({"bizStep": "ext:mine"}, [EXT], {"bizStep": "https://e.example/mine"}),
        ({"bizStep": "mine"}, [EXT], {"bizStep": "mine"}),
        ({"persistentDisposition": {"set": "urn:epcglobal:cbv:disp:recalled"}}, [],
         {"persistentDisposition": {"set": ["recalled"]}}),
        ({"sourceList": {"type": "cbv:SDT-location", "source": "ext:1"}}, [EXT],
         {"sourceList": [{"type": "location", "source": "https://e.example/1"}]}),
        ({"id": "urn:uuid:1"}, [], {"eventID": "urn:uuid:1"}),
        ({"ext:a": 1}, [EXT], {"ext:a": 1, "@context": EXT}),
        ({"ext:a": 1}, [], {"ext:a": 1}),
        ({"cbvmda:lotNumber": "L"}, [], {"cbvmda:lotNumber": "L"}),
        ({"cbvmda:lotNumber": "L"}, [{"cbvmda": "urn:mine:"}],
         {"cbvmda:lotNumber": "L", "@context": {"cbvmda": "urn:mine:"}}),
        ({"a": 1}, [{"a": "https://e.example/a"}], {"ns:a": 1, "@context": {"ns": "https://e.example/"}}),
        ({"a": 1}, [EXT, {"a": {"@id": "ext:b"}}], {"ext:b": 1, "@context": EXT}),
        ({"a": 1, "ext:b": 2}, [EXT, {"a": "ext:b"}], {"ext:b": [2, 1], "@context": EXT}),
        ({"a": 1}, [{"@vocab": "https://e.example/"}], {"ns:a": 1, "@context": {"ns": "https://e.example/"}}),
        ({"https://e.example/a": 1}, [EXT], {"ext:a": 1, "@context": EXT}),
        ({"https://f.example/x#a": 1}, [], {"ns:a": 1, "@context": {"ns": "https://f.example/x#"}}),
        ({"@context": EXT, "ext:a": {"ext:b": [{"ext:c": 1}]}}, [],
         {"ext:a": {"ext:b": [{"ext:c": 1}]}, "@context": EXT}),
        ({"@context": [EXT], "ext:a": 1}, [{"ext": "https://other.example/"}], {"ext:a": 1, "@context": EXT}),
        ({"ext:a": {"@context": {"ext": "https://f.example/"}, "ext:b": 1}}, [EXT],
         {"ext:a": {"ext2:b": 1}, "@context": {**EXT, "ext2": "https://f.example/"}}),
        ({"readPoint": {"id": "geo:1,2", "ext:a": "b"}}, [EXT],
         {"readPoint": {"id": "geo:1,2", "ext:a": "b"}, "@context": EXT}),
        ({"sensorElementList": [{"sensorReport": [{"type": "gs1:MT-Humidity", "exception": "gs1:ALARM_CONDITION"}]}]},
         [], {"sensorElementList": [{"sensorReport": [
             {"type": "https://gs1.org/voc/MT-Humidity", "exception": "ALARM_CONDITION"}]}]}),
    ],
)  # fmt: skip
def test_standard_form(fields: dict[str, Any], declared: list[Any], expected: dict[str, Any]) -> None:
    """Words come bare, CURIEs in full, extensions as prefix:name with their namespaces, whatever the spelling."""
    assert _read(fields, *declared) == expected


def test_given_value_is_left_alone() -> None:
    """Reading does not change what was decoded: the schema judges the message as it came."""
    content = json.dumps({"@context": [CONTEXT, EXT], **EVENT, "bizStep": "cbv:BizStep-shipping", "a": {"ext:b": 1}})
    document = read(content.encode(), JSON)
    assert document.raw == json.loads(content)
    assert document.kind == "event"


def test_header_of_a_json_document() -> None:
    """Sender, receiver, number, master data, fields to ignore and extensions of a document are kept."""
    master = {"epcisMasterData": {"vocabularyList": [{"type": "urn:epcglobal:epcis:vtype:BusinessLocation"}]}}
    whole = {
        "@context": [CONTEXT, EXT],
        "type": "EPCISDocument",
        "id": "https://id.example.org/1",
        "schemaVersion": "2.0",
        "creationDate": "2024-01-01T00:00:00Z",
        "sender": "a",
        "receiver": "b",
        "instanceIdentifier": "c",
        "epcisHeader": master,
        "ext:ignoreFields": ["ext:hash"],
        "epcisBody": {"eventList": []},
    }
    document = read(json.dumps(whole).encode(), JSON)
    assert (document.sender, document.receiver, document.instance_identifier) == ("a", "b", "c")
    assert document.id == whole["id"]
    assert document.header == master
    assert document.ignored == {"{https://e.example/}hash"}
    assert document.events == []


XML_12 = b"""<?xml version="1.0"?>
<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:1" xmlns:ext="https://e.example/" schemaVersion="1.2"
  creationDate="2024-01-01T00:00:00Z"
  xmlns:sbdh="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">
 <EPCISHeader>
  <sbdh:StandardBusinessDocumentHeader><sbdh:HeaderVersion>1.0</sbdh:HeaderVersion>
   <sbdh:Sender><sbdh:Identifier Authority="GS1">urn:sender</sbdh:Identifier></sbdh:Sender>
   <sbdh:Receiver><sbdh:Identifier>urn:receiver</sbdh:Identifier></sbdh:Receiver>
   <sbdh:DocumentIdentification><sbdh:InstanceIdentifier>9</sbdh:InstanceIdentifier></sbdh:DocumentIdentification>
  </sbdh:StandardBusinessDocumentHeader>
  <extension><EPCISMasterData><VocabularyList><Vocabulary type="urn:epcglobal:epcis:vtype:BusinessLocation">
   <VocabularyElementList><VocabularyElement id="urn:epc:id:sgln:0037000.00729.0">
    <attribute id="urn:epcglobal:cbv:mda:name">Hall</attribute>
    <attribute id="urn:x:address"><ext:street>Road</ext:street></attribute>
    <children><id>urn:epc:id:sgln:0037000.00729.8201</id></children>
   </VocabularyElement></VocabularyElementList></Vocabulary></VocabularyList></EPCISMasterData></extension>
 </EPCISHeader>
 <EPCISBody><EventList>
  <ObjectEvent><eventTime>2024-01-01T00:00:00Z</eventTime><eventTimeZoneOffset>+00:00</eventTimeZoneOffset>
   <baseExtension><eventID>urn:uuid:1</eventID><errorDeclaration>
    <declarationTime>2024-01-02T00:00:00Z</declarationTime><reason>urn:epcglobal:cbv:er:incorrect_data</reason>
    <correctiveEventIDs><correctiveEventID>urn:uuid:2</correctiveEventID></correctiveEventIDs>
   </errorDeclaration></baseExtension>
   <epcList/><action>ADD</action>
   <extension><quantityList><quantityElement><epcClass>urn:epc:class:lgtin:4012345.012345.1</epcClass>
     <quantity>2.50</quantity><uom>KGM</uom></quantityElement></quantityList>
    <ilmd><ext:lot ext:kind="x" unit="kg">5</ext:lot></ilmd></extension>
   <ext:many>1</ext:many><ext:one><ext:in/></ext:one><ext:many>2</ext:many>
  </ObjectEvent>
  <extension><TransformationEvent><eventTime>2024-01-01T00:00:00Z</eventTime>
   <outputEPCList><epc> urn:epc:id:sgtin:4012345.012345.1 </epc></outputEPCList></TransformationEvent></extension>
 </EventList></EPCISBody>
</epcis:EPCISDocument>"""


def test_xml_of_version_1() -> None:
    """Version 1.2 with its wrappers, header and master data comes out as version 2.0 does."""
    document = read(XML_12, XML)
    first, second = document.events
    assert first == {
        "type": "ObjectEvent",
        "eventTime": "2024-01-01T00:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "eventID": "urn:uuid:1",
        "errorDeclaration": {
            "declarationTime": "2024-01-02T00:00:00Z",
            "reason": "incorrect_data",
            "correctiveEventIDs": ["urn:uuid:2"],
        },
        "epcList": [],
        "action": "ADD",
        "quantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.012345.1", "quantity": 2.5, "uom": "KGM"}],
        "ilmd": {"ext:lot": {"ext:kind": "x", "unit": "kg", "#text": "5"}},
        "ext:many": ["1", "2"],
        "ext:one": {"ext:in": ""},
        "@context": {"ext": "https://e.example/"},
    }
    assert second["outputEPCList"] == ["urn:epc:id:sgtin:4012345.012345.1"]
    assert (document.sender, document.receiver, document.instance_identifier) == ("urn:sender", "urn:receiver", "9")
    assert document.sbdh is not None and "HeaderVersion" in document.sbdh
    assert document.header == {"epcisMasterData": {"vocabularyList": [{
        "type": "urn:epcglobal:epcis:vtype:BusinessLocation",
        "vocabularyElementList": [{
            "id": "urn:epc:id:sgln:0037000.00729.0",
            "attributes": [
                {"id": "urn:epcglobal:cbv:mda:name", "attribute": "Hall"},
                {"id": "urn:x:address", "attribute": {"ext:street": "Road"}},
            ],
            "children": ["urn:epc:id:sgln:0037000.00729.8201"],
        }],
    }]}}  # fmt: skip


def test_one_event_alone() -> None:
    """A single event is a document of its own, in JSON and in XML."""
    assert read(json.dumps(EVENT).encode(), JSON).events == [EVENT]
    alone = read(b"<ObjectEvent><action>ADD</action></ObjectEvent>", XML)
    assert (alone.kind, alone.events) == ("event", [{"type": "ObjectEvent", "action": "ADD"}])


@pytest.mark.parametrize(
    ("content", "kind", "where"),
    [
        (b'{"a":1,}', "epcis.json", "line 1, column 8"),
        (b'{"a":1', "epcis.json", "line 1, column 7"),
        (b'{"a":\n [1 2]}', "epcis.json", "line 2, column 5, /a"),
        (b'{"a":{"b":1} x', "epcis.json", "line 1, column 14"),
        (b'{"x":\n // c\n1}', "epcis.json-comment", "line 2, column 2, /x"),
        (b'/* c */{"x":1}', "epcis.json-comment", "line 1, column 1"),
        (b'{"a":{"b/c":1,"b/c":2}}', "epcis.json-duplicate", "line 1, column 15, /a/b~1c"),
        (b'{"a":"\\n","b":{"c":1,"c":1}}', "epcis.json-duplicate", "line 1, column 22, /b/c"),
        (b'{"a":NaN}', "epcis.json", "line 1, column 6, /a"),
        (b'{"a":01}', "epcis.json", "line 1, column 6, /a"),
        (b"{'a':1}", "epcis.json", "line 1, column 2"),
        (b'{"a":"\xff"}', "epcis.json", "line 1, column 7"),
        (b'{"a":"\\ud800"}', "epcis.json", None),
        (b'{"a":1e999}', "epcis.json", None),
        (b"", "epcis.json", "line 1, column 1"),
        (b"[1]", "epcis.document", "/"),
        (b"{}", "epcis.document", "/type"),
        (b'{"type":"EPCISDocument","epcisBody":{}}', "epcis.document", "/epcisBody/eventList"),
        (b'{"type":"EPCISDocument","epcisBody":{"eventList":[1]}}', "epcis.document", "/epcisBody/eventList/0"),
        (b'{"type":"EPCISDocument","epcisBody":[]}', "epcis.document", "/epcisBody"),
    ],
)
def test_bad_json(content: bytes, kind: str, where: str | None) -> None:
    """Bad JSON is refused with the kind of fault, line, column and pointer."""
    with pytest.raises(Problem) as caught:
        read(content, JSON)
    assert (caught.value.kind, caught.value.where, caught.value.status) == (kind, where, 400)


@pytest.mark.parametrize(
    ("content", "kind", "where"),
    [
        (b"<a>", "epcis.xml", "line 1, column 4"),
        (b"<a>\n<b></a>", "epcis.xml", "line 2, column 8"),
        (b"", "epcis.xml", "line 1, column 1"),
        (b"<a/>", "epcis.document", "/"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "epcis.xml-dtd", None),
        (b'<?xml version="1.0"?><!-- c --><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "epcis.xml-dtd", None),
        ('<!DOCTYPE a [<!ENTITY x "y">]><a b="&x;"/>'.encode("utf-16"), "epcis.xml-dtd", None),
        (b"<a>&x;</a>", "epcis.xml", "line 1, column 7"),
        (b"<a>" * 400 + b"</a>" * 400, "epcis.xml", "line 1, column 771"),
    ],
)
def test_bad_xml(content: bytes, kind: str, where: str | None) -> None:
    """Bad XML is refused with line and column; no DTD is read, no entity expanded."""
    with pytest.raises(Problem) as caught:
        read(content, XML)
    assert (caught.value.kind, caught.value.where, caught.value.status) == (kind, where, 400)


def test_deep_nesting() -> None:
    """Nesting that no event needs is refused in both formats before it can harm; some hundred levels pass in none."""
    deep: Any = 1
    for _ in range(120):
        deep = {"ext:a": deep}
    with pytest.raises(Problem, match="nested deeper"):
        _read({"ext:a": deep}, EXT)
    with pytest.raises(Problem, match="nested deeper"):
        read(b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}", JSON)
    inside = b'<e:a xmlns:e="urn:e:">' * 120 + b"</e:a>" * 120
    with pytest.raises(Problem, match="nested deeper"):
        read(b"<ObjectEvent>" + inside + b"</ObjectEvent>", XML)


def test_other_media_types() -> None:
    """Other media types are refused with 415."""
    with pytest.raises(Problem) as caught:
        read(b"a,b", "text/csv")
    assert caught.value.status == 415


def test_every_example_is_read() -> None:
    """All examples of GS1 are read, none is empty.

    AssociationEvent-h.jsonld gives its eventID twice, which RFC 8259 (section 4) calls unpredictable: the last counts.
    """
    folder = reference_data("prove/gs1-epcis")
    paths = sorted([*(folder / "JSON").rglob("*.jsonld"), *(folder / "JSON-simple-context").rglob("*.jsonld")])
    documents = {path.name: read(path.read_bytes(), JSON) for path in paths}
    assert all(document.events for document in documents.values())
    assert documents["AssociationEvent-h.jsonld"].events[0]["eventID"].startswith("urn:uuid:")
    assert len(paths) >= 64
