"""A problem document in XML (OpenAPI of EPCIS 2.0: element EPCISException in the namespace of EPCIS)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from takeback.prove.epcis.xml_escape import escaped

NAMESPACE = "urn:epcglobal:epcis:xsd:2"
OWN = "https://takeback.example/problems/"
_STANDARD = ("type", "title", "status", "detail", "instance")


def problem_xml(body: Mapping[str, Any]) -> bytes:
    """Return the element: the standard's fields in the order of its schema, then ours in our own namespace."""
    inner = "".join(_element("", name, body[name]) for name in _STANDARD if name in body)
    inner += "".join(_element("t:", name, value) for name, value in body.items() if name not in _STANDARD)
    text = f'<epcis:EPCISException xmlns:epcis="{NAMESPACE}" xmlns:t="{OWN}">{inner}</epcis:EPCISException>'
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text.encode("utf-8", "replace")


def _element(prefix: str, name: str, value: Any) -> str:
    """Return an element; what is nested becomes elements within, of lists one for each item."""
    if isinstance(value, list):
        return "".join(_element(prefix, name, item) for item in value)
    if isinstance(value, Mapping):
        inner = "".join(_element(prefix, key, item) for key, item in value.items() if key.isidentifier())
        return f"<{prefix}{name}>{inner}</{prefix}{name}>"
    return f"<{prefix}{name}>{escaped(str(value))}</{prefix}{name}>"
