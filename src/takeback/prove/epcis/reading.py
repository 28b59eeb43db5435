"""EPCIS documents read from bytes: JSON, JSON-LD and XML, all three kinds, into events in standard form."""

from __future__ import annotations

from typing import Any

from takeback.prove.epcis.document import Document
from takeback.prove.epcis.json_reading import document_of
from takeback.prove.epcis.json_text import decode_json
from takeback.prove.epcis.media import JSON_TYPES, XML_TYPES, form
from takeback.prove.epcis.streaming import standard, stream
from takeback.prove.epcis.xml_reading import document_of as document_of_xml
from takeback.prove.epcis.xml_text import decode_xml

__all__ = ["JSON_TYPES", "XML_TYPES", "Document", "decode", "form", "read", "standard", "stream"]


def decode(content: bytes, media_type: str) -> Any:
    """Return what a message says as it came: a JSON value or an XML element. Raises `Problem` with the place."""
    return decode_xml(content) if form(media_type) == "xml" else decode_json(content)


def read(content: bytes, media_type: str) -> Document:
    """Return the document of a message. Raises `Problem` (status 400, or 415 for other media types)."""
    decoded = decode(content, media_type)
    return document_of_xml(decoded) if form(media_type) == "xml" else document_of(decoded)
