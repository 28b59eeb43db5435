"""XML documents of GS1's repository, of the vectors and of our own, and seeded changes of them."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable

from takeback.prove.epcis.xml_tree import Element, etree
from tests.reference import reference_data

TEXTS = ["x", "", "ADD", "urn:x:1", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00", "1.5", "-1", "+01:00", " a b"]
NAMES = [
    "foo", "{http://x.org/}foo", "extension", "action", "epcList", "quantityList", "eventID", "bizStep", "sourceList",
    "ilmd", "parentID", "certificationInfo", "baseExtension", "persistentDisposition",
]  # fmt: skip
ATTRIBUTES = ["type", "id", "foo", "{http://x.org/}a", "time", "value"]

DOCUMENT = """<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:{version}" schemaVersion="{version}.0"
  creationDate="2026-11-25T10:00:00Z"><EPCISBody><EventList>{events}</EventList></EPCISBody></epcis:EPCISDocument>"""
EVENT = """<ObjectEvent><eventTime>2026-04-03T20:00:00Z</eventTime><eventTimeZoneOffset>+02:00</eventTimeZoneOffset>
  <epcList><epc>urn:epc:id:sgtin:4012345.011111.1</epc></epcList><action>OBSERVE</action>
  <bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep></ObjectEvent>"""

_QUERY = """<q:EPCISQueryDocument xmlns:q="urn:epcglobal:epcis-query:xsd:2" schemaVersion="2.0"
  creationDate="2026-11-25T10:00:00Z"><EPCISBody>{}</EPCISBody></q:EPCISQueryDocument>"""
_PARAM = "<param><name>eventType</name><value><string>ObjectEvent</string></value></param>"
_TYPED = (
    '<param><name>eventType</name><value xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="q:ArrayOfString">'
    "<string>ObjectEvent</string></value></param>"
    '<param><name>EXISTS_bizLocation</name><value xmlns:i="http://www.w3.org/2001/XMLSchema-instance" '
    'i:type="q:VoidHolder"/></param>'
)
QUERY_DOCUMENTS = [
    _QUERY.format(body)
    for body in (
        f"<q:QueryResults><queryName>a</queryName><resultsBody><EventList>{EVENT}</EventList></resultsBody>"
        "</q:QueryResults>",
        f"<q:Poll><queryName>SimpleEventQuery</queryName><params>{_PARAM}</params></q:Poll>",
        f"<q:Poll><queryName>SimpleEventQuery</queryName><params>{_TYPED}</params></q:Poll>",
        f"<q:Subscribe><queryName>a</queryName><params>{_PARAM}</params><dest>https://x.org/</dest><controls><schedule>"
        "<second>0</second><hour>1</hour></schedule><reportIfEmpty>true</reportIfEmpty></controls>"
        "<subscriptionID>s</subscriptionID></q:Subscribe>",
        "<q:GetSubscriptionIDsResult><string>s</string></q:GetSubscriptionIDsResult>",
        "<q:ImplementationException><reason>x</reason><severity>SEVERE</severity></q:ImplementationException>",
        "<q:QueryTooLargeException><reason>x</reason><queryName>a</queryName></q:QueryTooLargeException>",
    )
]


def _documents(*roots: str) -> list[Element]:
    """Return the XML documents of version 2 in the reference data that have one of these roots."""
    found = []
    for folder in ("prove/gs1-epcis/XML", "prove/epcis-event-hash-vectors"):
        for path in sorted(reference_data(folder).rglob("*.xml")):
            root = etree.parse(str(path), etree.XMLParser(remove_comments=True)).getroot()
            if "xsd:2" in root.tag and etree.QName(root).localname in roots:
                found.append(root)
    return found


def gs1_xml_schema(name: str) -> Element:
    """Return GS1's XML schema of documents (`epcis`) or query documents (`epcis-query`)."""
    return etree.XMLSchema(etree.parse(str(reference_data(f"prove/gs1-epcis/XSD/EPCglobal-{name}-2_0.xsd"))))


def changed(root: Element, choose: random.Random) -> Element:
    """Return a copy with one or two changes: an element gone, doubled, moved, renamed; a text or attribute changed."""
    root = copy.deepcopy(root)
    for _ in range(choose.choice((1, 1, 2))):
        inner = [element for element in root.iter() if element is not root]
        if inner:
            element = choose.choice(inner)
            choose.choice(CHANGES)(element, choose)
    return root


def _move(element: Element, choose: random.Random) -> None:
    parent = element.getparent()
    parent.remove(element)
    parent.insert(choose.randrange(len(parent) + 1), element)


def _text(element: Element, choose: random.Random) -> None:
    element.text = choose.choice(TEXTS)


def _name(element: Element, choose: random.Random) -> None:
    element.tag = choose.choice(NAMES)


def _more(element: Element, choose: random.Random) -> None:
    etree.SubElement(element, choose.choice(NAMES)).text = choose.choice(TEXTS)


CHANGES: list[Callable[[Element, random.Random], object]] = [
    lambda element, choose: element.getparent().remove(element),
    lambda element, choose: element.addnext(copy.deepcopy(element)),
    lambda element, choose: element.set(choose.choice(ATTRIBUTES), choose.choice(TEXTS)),
    _move,
    _text,
    _name,
    _more,
]


def originals(name: str) -> list[Element]:
    """Return the documents that are changed, for the schema of this name."""
    if name == "epcis":
        return _documents("EPCISDocument", "EPCISCaptureJob")
    return [*_documents("EPCISQueryDocument"), *map(etree.fromstring, QUERY_DOCUMENTS)]
