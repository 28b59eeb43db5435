"""Problems and capture jobs in XML: EPCISException and EPCISCaptureJob of EPCglobal-epcis-2_0.xsd."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from takeback.prove.epcis.xml_escape import escaped

NAMESPACE = "urn:epcglobal:epcis:xsd:2"
OWN = "https://takeback.example/problems/"
_STANDARD = ("type", "title", "status", "detail", "instance")


def problem_xml(body: Mapping[str, Any]) -> bytes:
    """Return a problem as an element EPCISException."""
    return document("EPCISException", problem_fields(body))


def job_xml(job: Mapping[str, Any]) -> bytes:
    """Return a capture job, given as JSON has it, as an element EPCISCaptureJob."""
    attributes = "".join(f' {name}="{escaped(str(job[name]).lower())}"' for name in ("running", "success", "captureID"))
    inner = "".join(
        _element("", name, job[name]) for name in ("captureErrorBehaviour", "createdAt", "finishedAt") if name in job
    )
    errors = "".join(f"<error>{problem_fields(error)}</error>" for error in job["errors"])
    inner += f"<errors>{errors}</errors>" if errors else ""
    inner += "".join(_element("t:", name, job[name]) for name in ("eventsReceived", "eventsCaptured"))
    return document("EPCISCaptureJob", inner, attributes)


def problem_fields(body: Mapping[str, Any]) -> str:
    """Return the standard's fields in the order of its schema, then ours in our own namespace."""
    inner = "".join(_element("", name, body[name]) for name in _STANDARD if name in body)
    return inner + "".join(_element("t:", name, value) for name, value in body.items() if name not in _STANDARD)


def document(name: str, inner: str, attributes: str = "") -> bytes:
    """Return an XML document of one element in the namespace of EPCIS."""
    spaces = f'xmlns:epcis="{NAMESPACE}" xmlns:t="{OWN}"'
    text = f"<epcis:{name} {spaces}{attributes}>{inner}</epcis:{name}>"
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text.encode("utf-8", "replace")


def _element(prefix: str, name: str, value: Any) -> str:
    """Return an element; what is nested becomes elements within, of lists one for each item."""
    if isinstance(value, list):
        return "".join(_element(prefix, name, item) for item in value)
    if isinstance(value, Mapping):
        inner = "".join(_element(prefix, key, item) for key, item in value.items() if key.isidentifier())
        return f"<{prefix}{name}>{inner}</{prefix}{name}>"
    return f"<{prefix}{name}>{escaped(str(value))}</{prefix}{name}>"
