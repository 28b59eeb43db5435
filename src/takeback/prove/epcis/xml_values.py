"""Contents of extension elements as JSON has them, and numbers and booleans of standard attributes."""

from __future__ import annotations

import re
from typing import Any

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.epcis.json_fault import DEEPEST
from takeback.prove.epcis.xml_names import XSI, XmlNaming, children, text
from takeback.prove.epcis.xml_tree import Element

_INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_NUMERIC = frozenset({"decimal", "double", "float", "integer", "int", "long", "short", "byte"}) | frozenset(
    {"nonNegativeInteger", "positiveInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"}
)


def number(value: str) -> float | str:
    """Return the number that a text is; the text itself where it is none: the validator tells it."""
    if _INTEGER.fullmatch(value):
        return int(value)
    if _NUMBER.fullmatch(value) and (double := float(value)) not in (float("inf"), float("-inf")):
        return double
    return value


def boolean(value: str) -> bool | str:
    """Return the boolean that a text is (XML Schema: true, false, 1, 0), else the text itself."""
    return _BOOLEANS.get(value, value)


def add(fields: dict[str, Any], name: str, value: Any) -> None:
    """Set a field; a name met again makes an array of its values."""
    if name not in fields:
        fields[name] = value
    elif isinstance(fields[name], list):
        fields[name].append(value)
    else:
        fields[name] = [fields[name], value]


def extension(element: Element, naming: XmlNaming, depth: int = 8) -> Any:
    """Return the content of an extension element: a text, a number, or an object of attributes and elements.

    Text beside attributes or elements is kept as `#text`. Types follow `xsi:type` where it is given.
    """
    if depth > DEEPEST:
        title = msg("This extension is nested deeper than {most} levels", most=DEEPEST)
        raise Problem("epcis.depth", title, where=f"line {element.sourceline}", status=400)
    fields = attributes(element, naming)
    for child in element:
        if isinstance(child.tag, str):
            add(fields, naming.of_element(child), extension(child, naming, depth + 1))
    if not fields:
        return _scalar(element)
    if own := text(element):
        fields["#text"] = own
    return fields


def extensions(element: Element, naming: XmlNaming) -> dict[str, Any]:
    """Return all extension fields of an element that holds nothing else (`ilmd`)."""
    fields = attributes(element, naming)
    for child in children(element):
        add(fields, naming.of_element(child), extension(child, naming))
    return fields


def attributes(element: Element, naming: XmlNaming) -> dict[str, Any]:
    """Return the attributes of an element as fields, without those of XML Schema."""
    return {
        naming.of_attribute(element, str(name)): str(value)
        for name, value in element.attrib.items()
        if not str(name).startswith(f"{{{XSI}}}")
    }


def is_nil(element: Element) -> bool:
    """Whether an element says that it has no value (`xsi:nil`)."""
    return element.get(f"{{{XSI}}}nil") in ("true", "1") and not text(element)


def _scalar(element: Element) -> Any:
    value = text(element)
    if is_nil(element):
        return None
    kind = (element.get(f"{{{XSI}}}type") or "").rpartition(":")[2]
    if kind in _NUMERIC:
        return number(value)
    return boolean(value) if kind == "boolean" else value
