"""The form of EPCIS 2.0 and 1.2 in XML as an XML Schema, built from the order of fields that section 9.5 gives.

The elements inside a document have no namespace, so one set of types serves documents, query documents, master data
and single events: `schema_text(version, namespace)` writes it for the namespace of a root element.
"""

from __future__ import annotations

from takeback.prove.epcis.validation.xml_events import EVENTS_1, EVENTS_2
from takeback.prove.epcis.validation.xml_queries import messages
from takeback.prove.epcis.validation.xml_types import (
    ANY_ATTRIBUTE,
    LATER,
    OTHER,
    OWN,
    answers,
    attribute,
    building_blocks,
    choice,
    element,
    sequence,
)

XSD = "http://www.w3.org/2001/XMLSchema"

_BODIES = {"EPCISDocument": "Body", "EPCISQueryDocument": "QueryBody", "EPCISMasterDataDocument": "MasterBody"}
_ANSWERS = ("EPCISCaptureJob", "EPCISException")


def schema_text(version: int, namespace: str) -> str:
    """Return the XML Schema for roots in a namespace ("" for single events without one); `version` is 1 or 2."""
    kinds = [kind for kind in (EVENTS_2 if version == 2 else EVENTS_1) if kind.endswith("Event")]
    parts = [*building_blocks(version), *_events(version), *_lists(version), *_master_data(), *_documents(version)]
    parts += [*answers(), *messages()]
    parts += [f'<x:element name="{root}" type="{root}"/>' for root in (*_BODIES, *_ANSWERS, *kinds)]
    target = f' targetNamespace="{namespace}" xmlns="{namespace}"' if namespace else ""
    return f'<x:schema xmlns:x="{XSD}"{target}>{"".join(parts)}</x:schema>'


def _events(version: int) -> list[str]:
    """Return the types of events; the fields of later versions of EPCIS 1 stand in nested extensions."""
    made = []
    for kind, nested in (EVENTS_2 if version == 2 else EVENTS_1).items():
        for depth, fields in enumerate(nested):
            content = [element(name, type_, least) for name, type_, least in fields]
            if depth < len(nested) - 1:
                content.append(element("extension", f"{kind}.{depth + 1}", 0))
            else:
                content.append(OWN if version == 2 else LATER)
            name = f"{kind}.{depth}" if depth else kind
            made.append(sequence(name, content if depth else [*content, OTHER], ANY_ATTRIBUTE))
    return made


def _lists(version: int) -> list[str]:
    if version == 2:
        kinds = [element(kind, kind) for kind in EVENTS_2]
        return [sequence("Events", [choice(*kinds, element("extension", "Own"), many=True)], ANY_ATTRIBUTE)]
    kinds = [element(kind, kind) for kind in EVENTS_1 if kind not in ("TransformationEvent", "BaseExtension")]
    later = choice(element("TransformationEvent", "TransformationEvent"), element("extension", "Later"))
    # Events of one's own stand in the list of EPCIS 1 in a namespace of their own (9.4).
    own = '<x:any namespace="##other" processContents="lax"/>'
    return [
        sequence("EventsLater", [later], ANY_ATTRIBUTE),
        sequence("Events", [choice(*kinds, element("extension", "EventsLater"), own, many=True)], ANY_ATTRIBUTE),
    ]


def _master_data() -> list[str]:
    uri = attribute("id", "x:anyURI", "required") + ANY_ATTRIBUTE
    anything = '<x:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>'
    entry = [element("attribute", "Attribute", 0, "unbounded"), element("children", "Ids", 0), LATER, OTHER]
    kind = attribute("type", "x:anyURI", "required") + ANY_ATTRIBUTE
    return [
        f'<x:complexType name="Attribute" mixed="true"><x:sequence>{anything}</x:sequence>{uri}</x:complexType>',
        sequence("Ids", [element("id", "x:anyURI", 0, "unbounded")], ANY_ATTRIBUTE),
        sequence("Entry", entry, uri),
        sequence("Entries", [element("VocabularyElement", "Entry", 1, "unbounded")]),
        sequence("Vocabulary", [element("VocabularyElementList", "Entries", 0), LATER, OTHER], kind),
        sequence("Vocabularies", [element("Vocabulary", "Vocabulary", 0, "unbounded")]),
        sequence("MasterData", [element("VocabularyList", "Vocabularies"), LATER]),
    ]


def _header(version: int) -> list[str]:
    """The header of UN/CEFACT comes first; what is in it is looked at elsewhere. Until 2.0 there could be others."""
    sbdh = '<x:any namespace="##other" processContents="lax"/>'
    later = element("extension", "HeaderLater", 0)
    if version == 2:
        return [f"<x:sequence minOccurs='0'>{sbdh}</x:sequence>", later]
    return [f"<x:choice><x:sequence>{sbdh}{later}{OTHER}</x:sequence>{later}</x:choice>"]


def _documents(version: int) -> list[str]:
    attributes = attribute("schemaVersion", "x:decimal", "required")
    attributes += attribute("creationDate", "x:dateTime", "required") + ANY_ATTRIBUTE
    made = [
        sequence("HeaderLater", [element("EPCISMasterData", "MasterData", 0), LATER], ANY_ATTRIBUTE),
        sequence("Header", _header(version), ANY_ATTRIBUTE),
        sequence("Body", [element("EventList", "Events", 0), LATER, OTHER], ANY_ATTRIBUTE),
        sequence("ResultsBody", [choice(element("EventList", "Events"), element("VocabularyList", "Vocabularies"))]),
        sequence("MasterBody", [element("VocabularyList", "Vocabularies", 0), LATER, OTHER], ANY_ATTRIBUTE),
    ]
    for root, inner in _BODIES.items():
        content = [element("EPCISHeader", "Header", 0), element("EPCISBody", inner), LATER, OTHER]
        made.append(sequence(root, content, attributes))
    return made
