"""XML that came as an EPCIS document, a query document or a single event, brought to a `Document`."""

from __future__ import annotations

from typing import Any

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.epcis.document import Document
from takeback.prove.epcis.xml_event import event_of
from takeback.prove.epcis.xml_names import XmlNaming, children, parted, text
from takeback.prove.epcis.xml_tree import Element, etree
from takeback.prove.epcis.xml_values import add, extension

EVENTS = frozenset({"ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent"})
ROOTS = frozenset({"EPCISDocument", "EPCISQueryDocument"})
_WRAPPERS = frozenset({"EPCISBody", "QueryResults", "resultsBody"})


def document_of(root: Element) -> Document:
    """Return the document that a root element is. Raises `Problem` where it is none of EPCIS."""
    _, local = parted(root)
    if local in EVENTS:
        return _single(root)
    if local not in ROOTS:
        raise Problem(
            "epcis.document",
            msg("This is not an EPCIS document that can be read"),
            where="/",
            found=local,
            expected="EPCISDocument, EPCISQueryDocument, " + ", ".join(sorted(EVENTS)),
            status=400,
        )
    document = begun(root)
    lists = [child for child in root.iter() if isinstance(child.tag, str) and parted(child) == ("", "EventList")]
    document.events = [event_of(event) for found in lists[:1] for event in children(found)]
    document.raw = root
    return document


def _single(root: Element) -> Document:
    """Return the document of an event that stands alone; version and date at its root are the document's."""
    event = event_of(root)
    version, created = event.pop("schemaVersion", None), event.pop("creationDate", None)
    return Document("event", [event], root, "xml", _prefixes(root), schema_version=version, creation_date=created)


def begun(root: Element) -> Document:
    """Return a document without its events: what stands before and around them."""
    naming = XmlNaming()
    document = Document(
        "query" if parted(root)[1] == "EPCISQueryDocument" else "document",
        [],
        media="xml",
        prefixes=_prefixes(root),
        schema_version=root.get("schemaVersion"),
        creation_date=root.get("creationDate"),
        id=root.get("id"),
    )
    _look(root, document, naming)
    document.prefixes |= naming.used
    return document


def _look(element: Element, document: Document, naming: XmlNaming) -> None:
    """Take what stands in the document's own elements, down to the list of events."""
    for child in children(element):
        namespace, local = parted(child)
        if local == "EPCISHeader":
            _header(child, document, naming)
        elif local in _WRAPPERS:
            _look(child, document, naming)
        elif local == "queryName":
            document.query_name = text(child)
        elif local == "subscriptionID":
            document.subscription_id = text(child)
        elif local == "VocabularyList":
            document.vocabulary_list = vocabularies(child, naming)
        elif namespace:
            _further(child, document, naming)


def _further(element: Element, document: Document, naming: XmlNaming) -> None:
    if parted(element)[1] == "ignoreFields":
        document.ignored |= {str(field.tag) for field in element if isinstance(field.tag, str)}
    add(document.extensions, naming.of_element(element), extension(element, naming))


def _header(element: Element, document: Document, naming: XmlNaming) -> None:
    for child in children(element):
        namespace, local = parted(child)
        if local == "StandardBusinessDocumentHeader":
            _sbdh(child, document)
        elif local == "EPCISMasterData":
            lists = [found for found in children(child) if parted(found)[1] == "VocabularyList"]
            document.header = document.header or {}
            document.header["epcisMasterData"] = {
                "vocabularyList": [entry for found in lists for entry in vocabularies(found, naming)]
            }
        elif namespace:
            document.header = document.header or {}
            add(document.header, naming.of_element(child), extension(child, naming))


def _sbdh(element: Element, document: Document) -> None:
    """Keep the standard header whole, and what JSON has of it: sender, receiver, the document's number."""
    document.sbdh = etree.tostring(element, encoding="unicode", with_tail=False)
    document.sender = _at(element, "Sender", "Identifier")
    document.receiver = _at(element, "Receiver", "Identifier")
    document.instance_identifier = _at(element, "DocumentIdentification", "InstanceIdentifier")


def _at(element: Element, *path: str) -> str | None:
    found: Element | None = element
    for name in path:
        found = None if found is None else found.find(f"{{*}}{name}")
    return None if found is None else text(found) or None


def vocabularies(element: Element, naming: XmlNaming) -> list[dict[str, Any]]:
    """Return the master data of a VocabularyList as JSON has it (EPCIS 2.0 section 9.5)."""
    return [
        {
            "type": vocabulary.get("type"),
            "vocabularyElementList": [_entry(entry, naming) for group in children(vocabulary) for entry in group],
        }
        for vocabulary in children(element)
    ]


def _entry(element: Element, naming: XmlNaming) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": element.get("id")}
    for child in children(element):
        _, local = parted(child)
        if local == "attribute":
            entry.setdefault("attributes", []).append(_attribute(child, naming))
        elif local == "children":
            entry["children"] = [text(one) for one in children(child)]
        else:
            add(entry, naming.of_element(child), extension(child, naming))
    return entry


def _attribute(element: Element, naming: XmlNaming) -> dict[str, Any]:
    content = extension(element, naming)
    if isinstance(content, dict):
        content.pop("id", None)
        content = content.get("#text", "") if set(content) <= {"#text"} else content
    return {"id": element.get("id"), "attribute": content}


def _prefixes(root: Element) -> dict[str, str]:
    known = {prefix: space for prefix, space in root.nsmap.items() if prefix}
    return {prefix: space for prefix, space in known.items() if not space.startswith(_OF_XML)}


_OF_XML = (
    "urn:epcglobal:epcis",
    "http://www.w3.org/2001/XMLSchema",
    "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader",
)
