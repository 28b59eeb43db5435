"""Media types in which EPCIS documents come (EPCIS 2.0 section 12)."""

from __future__ import annotations

from typing import Literal

from takeback.core.message import msg
from takeback.core.problem import Problem

JSON_TYPES = frozenset({"application/json", "application/ld+json"})
XML_TYPES = frozenset({"application/xml", "text/xml"})


def form(media_type: str) -> Literal["json", "xml"]:
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
