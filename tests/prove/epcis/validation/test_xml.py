"""Stage 1 for XML beside GS1's own XML schemas: the same verdict; and findings that can be understood."""

from __future__ import annotations

import random

import pytest

from takeback.prove.epcis import reading
from takeback.prove.epcis.validation import schema
from takeback.prove.epcis.validation.check import check_content
from takeback.prove.epcis.validation.xml_check import xml_schema
from takeback.prove.epcis.validation.xml_header import check_header
from takeback.prove.epcis.xml_tree import etree
from tests.prove.epcis.validation.events import NOW
from tests.prove.epcis.validation.xml_documents import (
    DOCUMENT,
    EVENT,
    QUERY_DOCUMENTS,
    changed,
    gs1_xml_schema,
    originals,
)

MUTATIONS = 4000


@pytest.mark.parametrize("name", ["epcis", "epcis-query"])
def test_mutations_get_the_verdict_of_the_xml_schemas_of_gs1(name: str) -> None:
    """Documents of GS1 and thousands of changed copies are accepted or refused as GS1's XSD does; no exceptions."""
    choose, theirs = random.Random(f"xml {name}"), gs1_xml_schema(name)
    ours = xml_schema(2, f"urn:epcglobal:{name}:xsd:2")
    roots = originals(name)
    verdicts = {True: 0, False: 0}
    for number in range(MUTATIONS // 2):
        root = roots[number] if number < len(roots) else changed(choose.choice(roots), choose)
        accepted = ours.validate(root) and not list(check_header(root))
        assert accepted == theirs.validate(root), etree.tostring(root)
        verdicts[accepted] += 1
    assert min(verdicts.values()) > 10


def findings(events: str = EVENT, version: int = 2) -> list[tuple[str, str]]:
    content = DOCUMENT.format(events=events, version=version).encode()
    found = schema.check_document(reading.decode(content, "application/xml"))
    return [(finding.rule, f"{finding.message} {finding.mend}") for finding in found]


def test_a_right_document_has_no_findings() -> None:
    """An event in the order of the binding passes in both versions."""
    assert findings() == []
    assert findings(version=1) == []


@pytest.mark.parametrize(
    ("old", "new", "rule", "words"),
    [
        ("<action>OBSERVE</action>", "", "schema.required", '"action"'),
        ("OBSERVE", "observe", "schema.action", '"OBSERVE"'),
        ("20:00:00Z", "20:00:00", "schema.time", "2026-04-03T20:00:00Z"),
        (":shipping", ":shiping", "schema.biz-step", '"shipping"'),
        ("urn:epcglobal:cbv:bizstep:", "", "xml.vocabulary", "urn:epcglobal:cbv:bizstep:shipping"),
        (
            "</bizStep>",
            '</bizStep><sourceList><source type="location">urn:epc:id:sgln:4012345.00001.0</source></sourceList>',
            "xml.vocabulary",
            "https://ref.gs1.org/cbv/SDT-location",
        ),
        ("+02:00", "2", "schema.offset", "+08:00"),
        ("ObjectEvent", "ObjektEvent", "schema.event-type", '"ObjectEvent"'),
        ("</bizStep>", "</bizStep><epcList/>", "xml.form", "<epcList> does not stand here"),
        ("</bizStep>", "</bizStep><extension><quantityList/></extension>", "xml.form", "<quantityList> does not stand"),
    ],
)
def test_a_finding_says_what_is_wrong_and_what_is_right(old: str, new: str, rule: str, words: str) -> None:
    """Slips in an event are told by its fields, slips of order and place by the grammar."""
    (found,) = findings(EVENT.replace(old, new))
    assert found[0] == rule
    assert words in found[1]


def test_names_inside_extensions_are_no_words_of_the_standard() -> None:
    """An extension may have elements called as the standard's are, with values of its own."""
    inside = '<x:a xmlns:x="https://x.example/"><reason>rain</reason><source type="well"/><set>one</set></x:a>'
    assert findings(EVENT.replace("</bizStep>", f"</bizStep>{inside}")) == []


def test_a_quantity_may_be_nil() -> None:
    """The XML schema lets a quantity say that it has no value: it is as if it were left out."""
    nil = '<quantity xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>'
    element = f"<quantityElement><epcClass>urn:epc:class:lgtin:4012345.011111.L</epcClass>{nil}</quantityElement>"
    event = EVENT.replace("</bizStep>", f"</bizStep><quantityList>{element}</quantityList>")
    assert findings(event) == []
    (read,) = reading.read(DOCUMENT.format(events=event, version=2).encode(), "application/xml").events
    assert read["quantityList"] == [{"epcClass": "urn:epc:class:lgtin:4012345.011111.L"}]


def test_fields_of_version_1_stand_in_their_extension() -> None:
    """What version 1.1 added is right inside `extension` there, and beside it in version 2."""
    source = '<source type="urn:epcglobal:cbv:sdt:location">urn:epc:id:sgln:4012345.00001.0</source>'
    sources = f"<sourceList>{source}</sourceList>"
    beside, inside = f"</bizStep>{sources}", f"</bizStep><extension>{sources}</extension>"
    assert findings(EVENT.replace("</bizStep>", beside)) == []
    assert findings(EVENT.replace("</bizStep>", inside), version=1) == []
    assert findings(EVENT.replace("</bizStep>", beside), version=1)
    assert findings(EVENT.replace("</bizStep>", inside))


def test_every_wrong_event_is_told() -> None:
    """However many events are wrong, each has a finding of its own: the rest of a capture may go on without them."""
    swapped = EVENT.replace("<epcList>", "<action>ADD</action><epcList>").replace("<action>OBSERVE</action>", "")
    content = DOCUMENT.format(events=(EVENT + swapped) * 300, version=2).encode()
    found = schema.check_document(reading.decode(content, "application/xml"))
    assert {finding.event for finding in found} == set(range(1, 600, 2))


def test_a_header_without_its_parts_is_told() -> None:
    """The standard header needs version, sender, receiver and identification."""
    header = (
        '<EPCISHeader><s:StandardBusinessDocumentHeader xmlns:s="http://www.unece.org/cefact/namespaces/'
        'StandardBusinessDocumentHeader"><s:HeaderVersion>1.0</s:HeaderVersion><s:Sender/><s:Receiver/>'
        "<s:DocumentIdentification><s:Standard>EPCglobal</s:Standard><s:TypeVersion>1.0</s:TypeVersion>"
        "<s:InstanceIdentifier>1</s:InstanceIdentifier><s:Type>Events</s:Type></s:DocumentIdentification>"
        "</s:StandardBusinessDocumentHeader></EPCISHeader>"
    )
    content = DOCUMENT.format(events=EVENT, version=2).replace("<EPCISBody>", header + "<EPCISBody>")
    (finding,) = schema.check_document(reading.decode(content.encode(), "text/xml"))
    assert "CreationDateAndTime" in str(finding.mend)


def test_further_headers_stand_behind_the_standard_header_until_version_2() -> None:
    """EPCIS 1.2 lets industries add headers of their own (its EPCISHeaderType ends with any element); 2.0 does not."""
    header = (
        '<EPCISHeader><s:StandardBusinessDocumentHeader xmlns:s="http://www.unece.org/cefact/namespaces/'
        'StandardBusinessDocumentHeader"><s:HeaderVersion>1.0</s:HeaderVersion><s:Sender/><s:Receiver/>'
        "<s:DocumentIdentification><s:Standard>EPCglobal</s:Standard><s:TypeVersion>1.0</s:TypeVersion>"
        "<s:InstanceIdentifier>1</s:InstanceIdentifier><s:Type>Events</s:Type>"
        "<s:CreationDateAndTime>2026-11-25T10:00:00Z</s:CreationDateAndTime></s:DocumentIdentification>"
        '</s:StandardBusinessDocumentHeader><x:statement xmlns:x="https://x.example/">true</x:statement></EPCISHeader>'
    )
    for version, rules in ((1, []), (2, ["xml.form"])):
        content = DOCUMENT.format(events=EVENT, version=version).replace("<EPCISBody>", header + "<EPCISBody>")
        found = schema.check_document(reading.decode(content.encode(), "text/xml"))
        assert [finding.rule for finding in found] == rules


def test_version_and_date_may_stand_at_a_single_event() -> None:
    """They are the document's, not fields of the event: it is taken, and its hash does not change."""
    head = '<ObjectEvent schemaVersion="2.0" creationDate="2026-11-25T10:00:00Z">'
    content = EVENT.replace("<ObjectEvent>", head).encode()
    assert check_content(content, "application/xml", now=NOW) == []
    document, plain = reading.read(content, "application/xml"), reading.read(EVENT.encode(), "application/xml")
    assert (document.schema_version, document.creation_date) == ("2.0", "2026-11-25T10:00:00Z")
    assert document.events == plain.events


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (DOCUMENT.format(events=EVENT, version=2).replace("eventTime>", "epcis:eventTime>"), "only the root has one"),
        (QUERY_DOCUMENTS[0].replace("q:QueryResults", "QueryResults"), "urn:epcglobal:epcis-query:xsd:2"),
    ],
)
def test_a_wrong_namespace_is_told_as_such(content: str, words: str) -> None:
    """An element that stands right but for its namespace is not said to be out of order."""
    (finding,) = schema.check_document(reading.decode(content.encode(), "text/xml"))
    assert words in str(finding.mend)


def test_another_root_is_no_document() -> None:
    """XML of other namespaces, and elements that EPCIS does not have, are refused with what is expected."""
    for content in (b"<a/>", b'<a xmlns="http://x.org/"/>', b'<e:Foo xmlns:e="urn:epcglobal:epcis:xsd:2"/>'):
        (finding,) = schema.check_document(reading.decode(content, "text/xml"))
        assert finding.rule == "xml.form"


def test_messages_of_the_query_interface_stand_alone_too() -> None:
    """A poll, master data or a capture job is judged by its schema; there is no event to read in it."""
    poll = '<q:Poll xmlns:q="urn:epcglobal:epcis-query:xsd:2"><queryName>a</queryName>{}</q:Poll>'
    assert check_content(poll.format("<params/>").encode(), "text/xml", now=NOW) == []
    (finding,) = check_content(poll.format("").encode(), "text/xml", now=NOW)
    assert "params" in str(finding.mend)
