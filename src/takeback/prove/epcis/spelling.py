"""Identifiers of an event in the spelling that the reader of a response asks for (header GS1-EPC-Format).

A URN says where the GS1 company prefix ends; a Digital Link does not, and no table of prefixes is free to use. So an
identifier becomes a URN only where another one of the same event begins with its company prefix; otherwise it is left
as a Digital Link. EPCIS 2.0 section 12 (REST binding, headers).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any, Final, Literal

from takeback.core.identifiers import parse
from takeback.core.problem import Problem
from takeback.prove.epcis.canonical import canonical_uri

EpcFormat = Literal["Always_GS1_Digital_Link", "Always_EPC_URN", "Never_Translates"]
LINK: Final = "Always_GS1_Digital_Link"
URN: Final = "Always_EPC_URN"
NEVER: Final = "Never_Translates"

_URN = "urn:epc:"
_BEFORE_PREFIX = {"00": 1, "01": 1, "8003": 1, "8006": 1}  # digits that stand before the prefix in the key
_PLAIN = ("epcList", "childEPCs", "inputEPCList", "outputEPCList", "parentID", "transformationID")
_INSIDE = {
    "quantityList": "epcClass",
    "childQuantityList": "epcClass",
    "inputQuantityList": "epcClass",
    "outputQuantityList": "epcClass",
    "readPoint": "id",
    "bizLocation": "id",
    "bizTransactionList": "bizTransaction",
    "sourceList": "source",
    "destinationList": "destination",
}


def spelled(event: dict[str, Any], epc_format: EpcFormat) -> dict[str, Any]:
    """Return the event with its identifiers as URNs or Digital Links where that can be; other fields are shared."""
    if epc_format == NEVER:
        return event
    if epc_format == LINK:
        return _changed(event, lambda text: canonical_uri(text) if text.startswith(_URN) else text)
    prefixes = _prefixes(event)
    return _changed(event, lambda text: text if text.startswith(_URN) else _as_urn(text, prefixes))


def _changed(event: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    result = dict(event)
    for name in _PLAIN:
        if name in event:
            result[name] = _each(event[name], lambda value: change(value) if isinstance(value, str) else value)
    for name, inner in _INSIDE.items():
        if name in event:
            result[name] = _each(event[name], partial(_with, name=inner, change=change))
    return result


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    return [change(item) for item in value] if isinstance(value, list) else change(value)


def _with(value: Any, *, name: str, change: Callable[[str], str]) -> Any:
    inner = value.get(name) if isinstance(value, dict) else None
    return {**value, name: change(inner)} if isinstance(inner, str) else value


def _prefixes(event: dict[str, Any]) -> frozenset[str]:
    """Return the GS1 company prefixes that URNs of the event name."""
    return frozenset(urn.split(":")[4].partition(".")[0] for urn in _urns(event))


def _urns(event: dict[str, Any]) -> Iterator[str]:
    found: list[str] = []

    def keep(text: str) -> str:
        found.append(text)
        return text

    _changed(event, keep)
    return (text for text in found if text.startswith(_URN) and text.count(":") >= 4)


def _as_urn(text: str, prefixes: Collection[str]) -> str:
    if not prefixes or not canonical_uri(text).startswith("https://id.gs1.org/"):
        return text
    identifier = parse(text, verify=False)
    digits = identifier.value[_BEFORE_PREFIX.get(identifier.ai, 0) :]
    fitting = [prefix for prefix in prefixes if digits.startswith(prefix)]
    try:
        return identifier.urn(len(max(fitting, key=len))) if fitting else text
    except Problem:
        return text
