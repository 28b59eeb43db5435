"""Types of the XML binding that several elements share: EPCIS 2.0, 9.5."""

from __future__ import annotations

from collections.abc import Sequence

OTHER = '<x:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>'
ANY_ATTRIBUTE = '<x:anyAttribute processContents="lax"/>'
# Fields that later versions may add stand in an element `extension` (EPCIS 2.0, 9.4).
LATER = '<x:element name="extension" type="Later" minOccurs="0"/>'
# In events of 2.0 there are none such: what stands there is of other namespaces, not a field of 1.2 in its old place.
OWN = '<x:element name="extension" type="Own" minOccurs="0"/>'

_ANY = '<x:any namespace="{}" processContents="lax" maxOccurs="unbounded"/>'
_QUANTITY = '<x:element name="quantity" type="x:decimal" nillable="true"/>'
_STAMP = (
    r"[0-9]{4}-(1[0-2]|0[1-9])-(3[01]|0[1-9]|[12][0-9])T(2[0-3]|[01][0-9]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?"
    r"(Z|[+\-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
)


def element(name: str, kind: str, least: int = 1, most: int | str = 1) -> str:
    """Return a local element of a type."""
    return f'<x:element name="{name}" type="{kind}" minOccurs="{least}" maxOccurs="{most}"/>'


def attribute(name: str, kind: str, use: str = "optional") -> str:
    """Return an attribute of a type."""
    return f'<x:attribute name="{name}" type="{kind}" use="{use}"/>'


def sequence(name: str, content: Sequence[str], attributes: str = "") -> str:
    """Return a type whose elements stand in this order."""
    return f'<x:complexType name="{name}"><x:sequence>{"".join(content)}</x:sequence>{attributes}</x:complexType>'


def choice(*content: str, many: bool = False) -> str:
    """Return one of several elements, or any number of them in any order."""
    often = ' minOccurs="0" maxOccurs="unbounded"' if many else ""
    return f"<x:choice{often}>{''.join(content)}</x:choice>"


def _valued(name: str, base: str, attributes: str) -> str:
    inner = f'<x:extension base="{base}">{attributes}</x:extension>'
    return f'<x:complexType name="{name}"><x:simpleContent>{inner}</x:simpleContent></x:complexType>'


def _restricted(name: str, base: str, facets: str) -> str:
    return f'<x:simpleType name="{name}"><x:restriction base="{base}">{facets}</x:restriction></x:simpleType>'


def _words(name: str, *words: str) -> str:
    return _restricted(name, "x:string", "".join(f'<x:enumeration value="{word}"/>' for word in words))


def building_blocks(version: int) -> list[str]:
    """Return the types of the fields of events."""
    quantity = f'<x:sequence minOccurs="0">{_QUANTITY}{element("uom", "x:string", 0)}</x:sequence>'
    return [
        _restricted("Moment", "x:dateTime", f'<x:pattern value="{_STAMP}"/>' if version == 2 else ""),
        _words("Action", "ADD", "OBSERVE", "DELETE"),
        sequence("Later", [_ANY.format("##local")], ANY_ATTRIBUTE),
        sequence("Own", [_ANY.format("##other")], ANY_ATTRIBUTE),
        sequence("EPCs", [element("epc", "x:string", 0, "unbounded")]),
        sequence("Quantity", [element("epcClass", "x:anyURI"), quantity]),
        sequence("Quantities", [element("quantityElement", "Quantity", 0, "unbounded")]),
        sequence("Place", [element("id", "x:anyURI"), LATER, OTHER]),
        _valued("BizTransaction", "x:anyURI", attribute("type", "x:anyURI")),
        sequence("BizTransactions", [element("bizTransaction", "BizTransaction", 1, "unbounded")]),
        _valued("Party", "x:anyURI", attribute("type", "x:anyURI", "required")),
        sequence("Sources", [element("source", "Party", 1, "unbounded")]),
        sequence("Destinations", [element("destination", "Party", 1, "unbounded")]),
        sequence("Master", [LATER, OTHER], ANY_ATTRIBUTE),
        sequence("Dispositions", [element(name, "x:anyURI", 0, "unbounded") for name in ("unset", "set")]),
        sequence("Corrections", [element("correctiveEventID", "x:anyURI", 0, "unbounded")]),
        *(_sensors() if version == 2 else ()),
        _declaration(version),
    ]


def _declaration(version: int) -> str:
    """Return the error declaration; in 2.0 its fields may come in any order."""
    reason, corrections = element("reason", "x:anyURI", 0), element("correctiveEventIDs", "Corrections", 0)
    fields = [element("declarationTime", "Moment"), reason, corrections, LATER, OTHER]
    return sequence("ErrorDeclaration", fields if version == 1 else [choice(*fields, many=True)], ANY_ATTRIBUTE)


def _sensors() -> list[str]:
    uris = ("deviceID", "deviceMetadata", "rawData", "bizRules", "dataProcessingMethod")
    common = attribute("time", "Moment") + "".join(attribute(name, "x:anyURI") for name in uris)
    period = attribute("startTime", "Moment") + attribute("endTime", "Moment")
    values = ("value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue")
    more = ("type", "exception", "component", "uriValue", "chemicalSubstance", "microorganism")
    report = "".join(attribute(name, "x:double") for name in values)
    report += "".join(attribute(name, "x:anyURI") for name in (*more, "coordinateReferenceSystem"))
    report += attribute("stringValue", "x:string") + attribute("uom", "x:string")
    report += attribute("booleanValue", "x:boolean") + attribute("hexBinaryValue", "x:hexBinary")
    inside = [element("sensorMetadata", "SensorMetadata", 0), element("sensorReport", "SensorReport", 1, "unbounded")]
    return [
        _valued("SensorMetadata", "x:string", common + period + ANY_ATTRIBUTE),
        _valued("SensorReport", "x:string", common + report + ANY_ATTRIBUTE),
        sequence("Sensor", [*inside, LATER, OTHER]),
        sequence("Sensors", [element("sensorElement", "Sensor", 1, "unbounded"), LATER]),
    ]


def answers() -> list[str]:
    """Return what a repository answers: capture jobs and problems (12.6)."""
    outcome = choice(element("errors", "Errors"), element("errorFile", "x:anyURI"))
    job = [
        element("captureErrorBehaviour", "Behaviour"),
        element("createdAt", "Moment", 0),
        element("finishedAt", "Moment", 0),
        f'<x:sequence minOccurs="0">{outcome}</x:sequence>',
        OTHER,
    ]
    problem = [element("type", "x:anyURI"), element("title", "x:string"), element("status", "x:int", 0)]
    problem += [element("detail", "x:string", 0), element("instance", "x:anyURI", 0), OTHER]
    flags = "".join(attribute(name, "x:boolean", "required") for name in ("running", "success"))
    return [
        _words("Behaviour", "rollback", "proceed"),
        sequence("EPCISException", problem),
        sequence("Errors", [element("error", "EPCISException", 1, "unbounded")]),
        sequence("EPCISCaptureJob", job, flags + attribute("captureID", "x:string", "required") + ANY_ATTRIBUTE),
    ]
