"""A problem document in XML (OpenAPI of EPCIS 2.0: element EPCISException in the namespace of EPCIS)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from takeback.prove.epcis.xml_escape import escaped

NAMESPACE = "urn:epcglobal:epcis:xsd:2"


def problem_xml(body: Mapping[str, Any]) -> bytes:
    """Return the element; what is nested becomes elements within, of lists one for each item."""
    inner = "".join(_element(name, value) for name, value in body.items())
    text = f'<epcis:EPCISException xmlns:epcis="{NAMESPACE}">{inner}</epcis:EPCISException>'
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text.encode("utf-8", "replace")


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, item) for item in value)
    if isinstance(value, Mapping):
        inner = "".join(_element(key, item) for key, item in value.items() if key.isidentifier())
        return f"<{name}>{inner}</{name}>"
    return f"<{name}>{escaped(str(value))}</{name}>"
