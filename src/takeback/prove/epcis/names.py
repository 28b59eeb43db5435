"""Names of extension fields: prefixes, namespaces and the `{namespace}name` of the event hash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# What the JSON-LD context of EPCIS 2.0 declares; a document may declare them anew.
STANDARD: Final = {
    "epcis": "https://ref.gs1.org/epcis/",
    "cbv": "https://ref.gs1.org/cbv/",
    "cbvmda": "urn:epcglobal:cbv:mda:",
    "gs1": "https://gs1.org/voc/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
}
# The GS1 Web Vocabulary moved with the artefacts of EPCIS 2.0.1; hosts and schemes of it mean one namespace.
_MOVED = dict.fromkeys(
    (
        "https://ref.gs1.org/voc/", "http://ref.gs1.org/voc/", "https://www.gs1.org/voc/", "http://www.gs1.org/voc/",
        "http://gs1.org/voc/",
    ),
    STANDARD["gs1"],
)  # fmt: skip
COMMENT: Final = "{http://www.w3.org/2000/01/rdf-schema#}comment"


def settled(namespace: str) -> str:
    """Return a namespace in the spelling that Takeback keeps; one that has no other spellings as it is."""
    return _MOVED.get(namespace, namespace)


def expanded(name: str, prefixes: Mapping[str, str]) -> str:
    """Return `{namespace}name` for `prefix:name`; a name without a known prefix as it is."""
    prefix, colon, local = name.partition(":")
    if not colon:
        return name
    namespace = prefixes.get(prefix) or STANDARD.get(prefix)
    return f"{{{namespace}}}{local}" if namespace else name
