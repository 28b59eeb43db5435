"""Every parameter that GS1's own files name is understood: the OpenAPI file and the schema of named queries."""

from __future__ import annotations

import json
from typing import Any

import pytest

from takeback.core.problem import Problem
from takeback.prove.epcis.query import parse, parse_json
from tests.reference import reference_data

RESULT = {"orderBy": "eventTime", "eventCountLimit": "5"}
SAMPLES = {
    "date-time": "2026-03-01T10:00:00Z",
    "uri": "https://example.com/one",
    "number": "5",
    "integer": "5",
    "boolean": "true",
    "string": "A0",
}


def openapi_parameters() -> list[dict[str, Any]]:
    path = reference_data("prove") / "gs1-epcis" / "REST Bindings" / "openapi.json"
    found = json.loads(path.read_text())["components"]
    named = ((name, one) for name, one in found["parameters"].items() if one["in"] == "query")
    parameters = [one for name, one in named if not name.startswith("GS1-Query")]  # those are of schedules
    return [{**one, "schema": _resolved(one["schema"], found)} for one in parameters]


def _resolved(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return _resolved(components["schemas"][schema["$ref"].rpartition("/")[2]], components)
    if "items" in schema:
        return {**schema, "items": _resolved(schema["items"], components)}
    return next((_resolved(one, components) for one in schema.get("anyOf", []) if "enum" in one), schema)


def sample(schema: dict[str, Any]) -> str:
    """Return a value of a schema; all of an enumeration in a list."""
    if schema.get("type") == "array":
        return "|".join(schema["items"].get("enum", [sample(schema["items"])]))
    return schema["enum"][0] if "enum" in schema else SAMPLES[schema.get("format", schema["type"])]


def test_every_parameter_of_the_openapi_file_is_understood() -> None:
    """Each query parameter with a value of its own schema, lists separated by | (style pipeDelimited)."""
    parameters = openapi_parameters()
    assert len(parameters) == 55
    for one in parameters:
        pairs = {one["name"]: sample(one["schema"])}
        if one["name"] == "eventCountLimit":
            pairs |= RESULT
        if one["name"] == "orderBy":
            pairs = RESULT
        assert parse(list(pairs.items())), one["name"]
        assert "items" not in one["schema"] or (one["style"], one["explode"]) == ("pipeDelimited", False)


def query_schema() -> dict[str, Any]:
    path = reference_data("prove") / "gs1-epcis" / "REST Bindings" / "query-schema.json"
    schema: dict[str, Any] = json.loads(path.read_text())
    return schema


def named_values() -> list[tuple[str, dict[str, Any]]]:
    schema = query_schema()
    query = schema["definitions"]["EPCIS-Query"]
    spelled = {
        r"\\:\\w+": ":field", "[a-z][a-zA-Z0-9]*": "example", "[a-z][a-zA-Z0-9_]+": "location", "[A-Z0-9]{2,4}": "KGM",
        r"\\w+_\\w+": "readPoint_cbvmda:city", "^": "", "$": "",
    }  # fmt: skip
    found = list(query["properties"].items())
    for pattern, value in query["patternProperties"].items():
        name = pattern.replace("EQ_bizTransaction_[a-z][a-zA-Z0-9_]+", "EQ_bizTransaction_po")
        for form, text in spelled.items():
            name = name.replace(form, text)
        found.append((name, value))
    return [(name, _defined(value, schema["definitions"])) for name, value in found]


def _defined(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2].replace("%40", "@")
        return _defined(definitions[name], definitions)
    if schema.get("type") == "array":
        return {"type": "array", "items": _defined(schema.get("items", {"type": "string"}), definitions)}
    options = schema.get("oneOf") or schema.get("anyOf")
    return _defined(next((one for one in options if "enum" in one), options[0]), definitions) if options else schema


def json_sample(schema: dict[str, Any]) -> object:
    if schema.get("type") == "array":
        return schema["items"].get("enum") or [json_sample(schema["items"])]
    if "enum" in schema:
        return schema["enum"][0]
    kinds: dict[str, object] = {"number": 5.5, "integer": 5, "boolean": True, "object": {}}
    return kinds.get(schema["type"], SAMPLES[schema.get("format", "string")])


def test_every_parameter_of_the_query_schema_is_understood() -> None:
    """Each property and each pattern of names, with a JSON value of its schema."""
    values = named_values()
    assert len(values) >= 150
    for name, schema in values:
        body = {name: json_sample(schema)}
        if name in ("orderBy", "eventCountLimit"):
            body = {"orderBy": "eventTime", "eventCountLimit": 5}
        if name.startswith("HASATTR_"):
            body = {name: ["cbvmda:city"]}
        if name.startswith("EXISTS_"):
            assert parse_json({name: None}).conditions
        assert parse_json(body), name


def test_what_the_query_schema_refuses_is_refused() -> None:
    """Names outside the schema, and values of another JSON type, are refused in a named query."""
    for name, schema in named_values():
        if name == "@context":
            continue
        with pytest.raises(Problem):
            parse_json({name.replace("_", "__", 1) + "~": json_sample(schema)})
        with pytest.raises(Problem):
            assert not parse_json({name: {"unexpected": "object"}}), name
