"""What stands around the events of an XML document: root, header with master data, body, results of a query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from takeback.prove.epcis.document import Document
from takeback.prove.epcis.xml_escape import escaped
from takeback.prove.epcis.xml_writing import EventWriter

EPCIS: Final = "urn:epcglobal:epcis:xsd:2"
QUERY: Final = "urn:epcglobal:epcis-query:xsd:2"
SBDH: Final = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
_OWN: Final = {
    "xsd": "http://www.w3.org/2001/XMLSchema",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def framed(events: str, about: Document, prefixes: Mapping[str, str], created: str, writer: EventWriter) -> str:
    """Return the whole document for the written events. `prefixes` are declared at the root."""
    query = about.kind == "query"
    own, space, root = ("epcisq", QUERY, "EPCISQueryDocument") if query else ("epcis", EPCIS, "EPCISDocument")
    spaces = {prefix: name for prefix, name in prefixes.items() if prefix not in _OWN and prefix != own}
    declared = {own: space, **_OWN, **spaces}
    attributes = "".join(f' xmlns:{prefix}="{escaped(name)}"' for prefix, name in declared.items())
    body = _results(events, about, writer) if query else f"<EventList>{events}</EventList>"
    further = writer.extensions(about.extensions)
    return (
        f'{_DECLARATION}<{own}:{root}{attributes} schemaVersion="2.0" creationDate="{escaped(created)}">'
        f"{_header(about, created, writer)}<EPCISBody>{body}</EPCISBody>{further}</{own}:{root}>"
    )


def _results(events: str, about: Document, writer: EventWriter) -> str:
    named = _element("queryName", about.query_name or "SimpleEventQuery")
    named += _element("subscriptionID", about.subscription_id) if about.subscription_id else ""
    listed = _vocabularies(about.vocabulary_list, writer) if about.vocabulary_list else ""
    if events or not listed:  # one of the two (EPCglobal-epcis-query-2_0.xsd)
        listed = f"<EventList>{events}</EventList>{listed}"
    return f"<epcisq:QueryResults>{named}<resultsBody>{listed}</resultsBody></epcisq:QueryResults>"


def _header(about: Document, created: str, writer: EventWriter) -> str:
    header = about.header or {}
    master = header.get("epcisMasterData")
    standard = about.sbdh or _sbdh(about, created)
    data = _vocabularies(master.get("vocabularyList") or [], writer) if isinstance(master, dict) else ""
    data = f"<extension><EPCISMasterData>{data}</EPCISMasterData></extension>" if data else ""
    further = writer.extensions(header, ("epcisMasterData",))
    return f"<EPCISHeader>{standard}{data}{further}</EPCISHeader>" if standard or data or further else ""


def _sbdh(about: Document, created: str) -> str:
    """Return a StandardBusinessDocumentHeader for the sender, receiver and number that JSON documents have."""
    if not (about.sender or about.receiver or about.instance_identifier):
        return ""
    parts = [
        "<sbdh:HeaderVersion>1.0</sbdh:HeaderVersion>",
        _partner("Sender", about.sender),
        _partner("Receiver", about.receiver),
        "<sbdh:DocumentIdentification><sbdh:Standard>EPCglobal</sbdh:Standard>"
        f"<sbdh:TypeVersion>2.0</sbdh:TypeVersion>{_element('sbdh:InstanceIdentifier', about.instance_identifier)}"
        f"<sbdh:Type>Events</sbdh:Type>{_element('sbdh:CreationDateAndTime', created)}"
        "</sbdh:DocumentIdentification>",
    ]
    name = "sbdh:StandardBusinessDocumentHeader"
    return f'<{name} xmlns:sbdh="{SBDH}">{"".join(parts)}</{name}>'


def _partner(role: str, identifier: str | None) -> str:
    return f"<sbdh:{role}>{_element('sbdh:Identifier', identifier)}</sbdh:{role}>"


def _element(name: str, content: str | None) -> str:
    return f"<{name}>{escaped(content or '')}</{name}>"


def _vocabularies(vocabularies: Any, writer: EventWriter) -> str:
    listed = "".join(_vocabulary(vocabulary, writer) for vocabulary in vocabularies)
    return f"<VocabularyList>{listed}</VocabularyList>"


def _vocabulary(vocabulary: Any, writer: EventWriter) -> str:
    entries = "".join(_entry(entry, writer) for entry in vocabulary.get("vocabularyElementList") or ())
    inner = f"<VocabularyElementList>{entries}</VocabularyElementList>" if entries else ""
    return f'<Vocabulary type="{escaped(str(vocabulary.get("type")))}">{inner}</Vocabulary>'


def _entry(entry: Any, writer: EventWriter) -> str:
    inner = "".join(_attribute(one, writer) for one in entry.get("attributes") or ())
    if children := entry.get("children"):
        inner += f"<children>{''.join(_element('id', child) for child in children)}</children>"
    inner += writer.extensions(entry, ("id", "attributes", "children"))
    return f'<VocabularyElement id="{escaped(str(entry.get("id")))}">{inner}</VocabularyElement>'


def _attribute(attribute: Any, writer: EventWriter) -> str:
    value = attribute.get("attribute")
    if isinstance(value, list):
        return "".join(_attribute({**attribute, "attribute": one}, writer) for one in value)
    name = escaped(str(attribute.get("id")))
    if isinstance(value, dict):
        return f'<attribute id="{name}">{writer.extensions(value)}</attribute>'
    content = writer.extension("attribute", value)
    return content.replace("<attribute", f'<attribute id="{name}"', 1)
