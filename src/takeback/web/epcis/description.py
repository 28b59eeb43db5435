"""The part of the OpenAPI document that tells of `/epcis`: written here, because bodies pass the framework unread."""

from __future__ import annotations

from typing import Any

from takeback.prove.epcis.query.families import CONTROLS, FIXED
from takeback.web.epcis.collections import COLLECTIONS
from takeback.web.epcis.description_schemas import SCHEMAS, ref
from takeback.web.epcis.discovery import discovered

TAGS = ["EPCIS"]
_FORMATS = ("No_Preference", "Always_GS1_Digital_Link", "Always_EPC_URN", "Never_Translates")
_CBV = ("No_Preference", "Always_Web_URI", "Always_URN", "Never_Translates")
_PAGE = ("perPage", "nextPageToken")
_BODY = ("application/json", "application/ld+json", "application/xml", "text/xml")
_SUBSCRIPTION = "/queries/{query_name}/subscriptions/{subscription_id}"
_TEXT = {"type": "string"}
Operation = dict[str, Any]


def described() -> dict[str, dict[str, Operation]]:
    """Return the paths of the binding with their operations."""
    paths = {**_root(), **_capture(), **_events(), **_queries(), **_subscriptions()}
    for name in COLLECTIONS:
        paths |= _collection(name)
    for path, allow in discovered().items():
        paths.setdefault(f"/epcis{path.rstrip('/')}", {})["options"] = _options(path, allow)
    return paths


def schemas() -> dict[str, Any]:
    """Return the schemas that the operations name."""
    return SCHEMAS


def _root() -> dict[str, dict[str, Operation]]:
    forget = _operation("Give a page token back", {"204": _nothing()}, [_path("token")])
    root = _operation("The top-level resources", {"200": _json("EPCISCollection")}, _versions())
    return {"/epcis": {"get": root}, "/epcis/nextPageToken/{token}": {"delete": forget}}


def _capture() -> dict[str, dict[str, Operation]]:
    behaviour = _header("GS1-Capture-Error-Behaviour", ("rollback", "proceed"))
    accepted = {"202": {"description": "The capture, in a job", "headers": _headers("Location")}}
    post = _operation("Capture a document of events", accepted, [behaviour, *_versions()], "EPCISDocument", _BODY)
    job = _json("EPCISCaptureJob")
    job["content"] |= {"application/ld+json": {"schema": ref("EPCISCaptureJob")}, "application/xml": {"schema": _TEXT}}
    one = _operation("One capture job", {"200": job}, [_path("capture_id"), *_versions()])
    listed = _operation("Capture jobs, newest first", {"200": _list("EPCISCaptureJob")}, [*_paging(), *_versions()])
    return {"/epcis/capture": {"post": post, "get": listed}, "/epcis/capture/{capture_id}": {"get": one}}


def _events() -> dict[str, dict[str, Operation]]:
    made = {"201": {**_json("EPCISEvent"), "headers": _headers("Location")}}
    post = _operation("Capture one event", made, _versions(), "EPCISEvent", _BODY)
    read = _operation("Events that answer a query", {"200": _document()}, _query())
    one = _operation("The events of an eventID", {"200": _document()}, [_path("event_id"), *_formats()])
    return {"/epcis/events": {"get": read, "post": post}, "/epcis/events/{event_id}": {"get": one}}


def _collection(name: str) -> dict[str, dict[str, Operation]]:
    value = _path("value")
    listed = _operation(f"All {name}", {"200": _json("EPCISCollection")}, [*_paging(), *_versions()])
    one = _operation(f"One of the {name}", {"200": _json("EPCISCollection")}, [value, *_versions()])
    read = _operation(f"Events of one of the {name}", {"200": _document()}, [value, *_query()])
    at = f"/epcis/{name}"
    return {at: {"get": listed}, f"{at}/{{value}}": {"get": one}, f"{at}/{{value}}/events": {"get": read}}


def _queries() -> dict[str, dict[str, Operation]]:
    name = _path("query_name")
    made = {"201": {**_json("EPCISNamedQuery"), "headers": _headers("Location")}}
    return {
        "/epcis/queries": {
            "get": _operation("Named queries", {"200": _list("EPCISNamedQuery")}, [*_paging(), *_versions()]),
            "post": _operation("Name a query", made, _versions(), "EPCISNamedQuery"),
        },
        "/epcis/queries/{query_name}": {
            "get": _operation("One named query", {"200": _json("EPCISNamedQuery")}, [name, *_versions()]),
            "delete": _operation("Forget a query and its subscriptions", {"204": _nothing()}, [name]),
        },
        "/epcis/queries/{query_name}/events": {
            "get": _operation("Events of a named query", {"200": _document()}, [name, *_paging(), *_formats()]),
        },
    }


def _subscriptions() -> dict[str, dict[str, Operation]]:
    name, one = _path("query_name"), _path("subscription_id")
    made = {"201": {**_json("EPCISSubscription"), "headers": _headers("Location")}}
    form = _header("GS1-EPC-Format", _FORMATS)
    listed, told = {"200": _list("EPCISSubscription")}, {"200": _list("EPCISDelivery")}
    again = _operation("Send a delivery again", {"202": _json("EPCISDelivery")}, [name, one, _path("delivery_id")])
    wanted = "EPCISNewSubscription"
    return {
        "/epcis/queries/{query_name}/subscriptions": {
            "get": _operation("Subscriptions to a query", listed, [name, *_paging(), *_versions()]),
            "post": _operation("Subscribe by webhook", made, [name, form, *_versions()], wanted),
        },
        f"/epcis{_SUBSCRIPTION}": {
            "get": _operation("One subscription", {"200": _json("EPCISSubscription")}, [name, one, *_versions()]),
            "delete": _operation("Unsubscribe", {"204": _nothing()}, [name, one]),
        },
        f"/epcis{_SUBSCRIPTION}/deliveries": {
            "get": _operation("What was delivered, newest first", told, [name, one, *_paging(), *_versions()]),
        },
        f"/epcis{_SUBSCRIPTION}/deliveries/{{delivery_id}}/replay": {"post": again},
    }


def _options(path: str, allow: str) -> Operation:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    answer = {"description": f"Allow: {allow}", "headers": _headers("Allow", "GS1-EPCIS-Version", "GS1-Vendor-Version")}
    return _operation(f"What {path} can do", {"204": answer}, [_path(name) for name in names])


def _operation(
    summary: str,
    responses: dict[str, Any],
    parameters: list[dict[str, Any]],
    body: str | None = None,
    media: tuple[str, ...] = ("application/json",),
) -> Operation:
    operation: Operation = {"tags": TAGS, "summary": summary, "parameters": parameters}
    if body is not None:
        content = {kind: {"schema": ref(body) if "json" in kind else {"type": "string"}} for kind in media}
        operation["requestBody"] = {"required": True, "content": content}
    return {**operation, "responses": {**responses, "default": _problem()}}


def _problem() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": ref("EPCISProblem")}}
    return {"description": "An exception of EPCIS (RFC 9457)", "content": content}


def _nothing() -> dict[str, Any]:
    return {"description": "Done"}


def _json(name: str) -> dict[str, Any]:
    return {"description": name, "content": {"application/json": {"schema": ref(name)}}, "headers": _headers()}


def _list(name: str) -> dict[str, Any]:
    schema = {"type": "array", "items": ref(name)}
    return {"description": name, "content": {"application/json": {"schema": schema}}, "headers": _headers()}


def _document() -> dict[str, Any]:
    content: dict[str, Any] = {
        kind: {"schema": ref("EPCISQueryDocument")} for kind in ("application/json", "application/ld+json")
    }
    content["application/xml"] = {"schema": {"type": "string"}}
    return {"description": "A page of events", "content": content, "headers": _headers()}


def _headers(*required: str) -> dict[str, Any]:
    text = {"schema": {"type": "string"}}
    optional = dict.fromkeys(("GS1-EPCIS-Version", "GS1-CBV-Version", "GS1-Extensions"), text)
    return {**optional, **{name: {**text, "required": True} for name in required}}


def _query() -> list[dict[str, Any]]:
    names = [name for name in (*CONTROLS, *FIXED) if name not in _PAGE]
    parameters = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]
    return [*parameters, *_paging(), *_formats()]


def _paging() -> list[dict[str, Any]]:
    return [
        {"name": "perPage", "in": "query", "schema": {"type": "integer", "minimum": 1}},
        {"name": "nextPageToken", "in": "query", "schema": {"type": "string"}},
    ]


def _formats() -> list[dict[str, Any]]:
    return [_header("GS1-EPC-Format", _FORMATS), _header("GS1-CBV-XML-Format", _CBV), *_versions()]


def _versions() -> list[dict[str, Any]]:
    names = [f"GS1-{what}-{which}" for what in ("EPCIS", "CBV") for which in ("Version", "Min", "Max")]
    return [{"name": n, "in": "header", "schema": {"type": "string", "pattern": r"^\d+(\.\d+)*$"}} for n in names]


def _header(name: str, words: tuple[str, ...]) -> dict[str, Any]:
    return {"name": name, "in": "header", "schema": {"type": "string", "enum": list(words)}}


def _path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
