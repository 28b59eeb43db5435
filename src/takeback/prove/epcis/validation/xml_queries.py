"""What stands in the body of a query document: requests, answers and exceptions (EPCIS 2.0, 13 and 8.2)."""

from __future__ import annotations

from takeback.prove.epcis.validation.xml_types import LATER, OTHER, choice, element, sequence

_QUERY_NAME = element("queryName", "x:string")
_SUBSCRIPTION = element("subscriptionID", "x:string")
_PARAMS = element("params", "QueryParams")
_NAMED = element("queryName", "x:string", 0) + element("subscriptionID", "x:string", 0)
_REASON = element("reason", "x:string")
_PARTS_OF_TIME = ("second", "minute", "hour", "dayOfMonth", "month", "dayOfWeek")

# Types have the names of the standard: documents name them in xsi:type, such as epcisq:ArrayOfString.
_MESSAGES: dict[str, str] = {
    "GetQueryNames": "EmptyParms",
    "GetQueryNamesResult": "ArrayOfString",
    "Subscribe": "Subscribe",
    "SubscribeResult": "VoidHolder",
    "Unsubscribe": "Unsubscribe",
    "UnsubscribeResult": "VoidHolder",
    "GetSubscriptionIDs": "GetSubscriptionIDs",
    "GetSubscriptionIDsResult": "ArrayOfString",
    "Poll": "Poll",
    "GetStandardVersion": "EmptyParms",
    "GetStandardVersionResult": "x:string",
    "GetVendorVersion": "EmptyParms",
    "GetVendorVersionResult": "x:string",
    "QueryTooLargeException": "TooLarge",
    "ImplementationException": "Implementation",
    "QueryResults": "Results",
    **dict.fromkeys(
        (
            "DuplicateNameException", "InvalidURIException", "NoSuchNameException", "NoSuchSubscriptionException",
            "DuplicateSubscriptionException", "QueryParameterException", "QueryTooComplexException",
            "SubscriptionControlsException", "SubscribeNotPermittedException", "SecurityException",
            "ValidationException",
        ),
        "Exception",
    ),
}  # fmt: skip


def messages() -> list[str]:
    """Return the types and elements of messages, and the body that holds one of them."""
    controls = [element("schedule", "QuerySchedule", 0), element("trigger", "x:anyURI", 0)]
    controls += [element("initialRecordTime", "Moment", 0), element("reportIfEmpty", "x:boolean"), LATER, OTHER]
    severity = "".join(f'<x:enumeration value="{word}"/>' for word in ("ERROR", "SEVERE"))
    subscribe = [_QUERY_NAME, _PARAMS, element("dest", "x:anyURI"), element("controls", "SubscriptionControls")]
    return [
        sequence("EmptyParms", []),
        sequence("VoidHolder", []),
        sequence("ArrayOfString", [element("string", "x:string", 0, "unbounded")]),
        sequence("QueryParam", [element("name", "x:string"), element("value", "x:anyType")]),
        sequence("QueryParams", [element("param", "QueryParam", 0, "unbounded")]),
        sequence("QuerySchedule", [*(element(part, "x:string", 0) for part in _PARTS_OF_TIME), LATER, OTHER]),
        sequence("SubscriptionControls", controls),
        sequence("Subscribe", [*subscribe, _SUBSCRIPTION]),
        sequence("Unsubscribe", [_SUBSCRIPTION]),
        sequence("GetSubscriptionIDs", [_QUERY_NAME]),
        sequence("Poll", [_QUERY_NAME, _PARAMS]),
        sequence("Exception", [_REASON]),
        sequence("TooLarge", [_REASON, _NAMED]),
        f'<x:simpleType name="Severity"><x:restriction base="x:NCName">{severity}</x:restriction></x:simpleType>',
        sequence("Implementation", [_REASON, element("severity", "Severity"), _NAMED]),
        sequence("Results", [_NAMED_RESULTS, element("resultsBody", "ResultsBody"), LATER, OTHER]),
        sequence("QueryBody", [choice(*(f'<x:element ref="{name}"/>' for name in _MESSAGES))]),
        *(f'<x:element name="{name}" type="{kind}"/>' for name, kind in _MESSAGES.items()),
    ]


_NAMED_RESULTS = _QUERY_NAME + element("subscriptionID", "x:string", 0)
