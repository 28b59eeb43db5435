"""EPCIS documents read from bytes: JSON, JSON-LD and XML, all three kinds, into events in standard form."""

from __future__ import annotations

from typing import Any

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.epcis.document import Document
from takeback.prove.epcis.json_reading import document_of
from takeback.prove.epcis.json_text import decode_json
from takeback.prove.epcis.xml_reading import document_of as document_of_xml
from takeback.prove.epcis.xml_text import decode_xml

__all__ = ["Document", "decode", "read"]

JSON_TYPES = frozenset({"application/json", "application/ld+json"})
XML_TYPES = frozenset({"application/xml", "text/xml"})


def decode(content: bytes, media_type: str) -> Any:
    """Return what a message says as it came: a JSON value or an XML element. Raises `Problem` with the place."""
    return decode_xml(content) if form(media_type) == "xml" else decode_json(content)


def read(content: bytes, media_type: str) -> Document:
    """Return the document of a message. Raises `Problem` (status 400, or 415 for other media types)."""
    decoded = decode(content, media_type)
    return document_of_xml(decoded) if form(media_type) == "xml" else document_of(decoded)


def form(media_type: str) -> str:
    """Return "json" or "xml" for a media type, parameters and all. Raises `Problem` (status 415) for others."""
    plain = media_type.partition(";")[0].strip().lower()
    if plain in JSON_TYPES:
        return "json"
    if plain in XML_TYPES:
        return "xml"
    raise Problem(
        "epcis.media-type",
        msg("EPCIS documents come as JSON or XML"),
        found=media_type,
        expected=", ".join(sorted(JSON_TYPES | XML_TYPES)),
        status=415,
    )
