"""Events in which something is not as usual: one value after the other replaced by what a program may not expect."""

from __future__ import annotations

import random
from collections import OrderedDict
from copy import deepcopy
from typing import Any


class Text(str):
    """A text that is no plain `str`."""

    __slots__ = ()


class Fields(dict[Any, Any]):
    """An object that is no plain `dict`."""


def deep(levels: int) -> Any:
    """Return lists and objects in each other."""
    value: Any = "x"
    for level in range(levels):
        value = [value] if level % 2 else {"rl:a": value}
    return value


def odd_value(chance: random.Random) -> Any:
    """Return something for any place of an event."""
    return chance.choice(_VALUES)(chance)


_URNS = ["id:sgtin", "id:sgln", "id:grai", "id:giai", "id:sscc", "id:pgln", "class:lgtin", "idpat:sgtin", "id:gdti"]
_SIGNS = "0123456789.-_/:%+*eEnNaxß中 "
_WORDS = [
    "",
    "0",
    ".",
    "-",
    "+inf",
    "-nan",
    "1e5",
    "1E400",
    "-0.0",
    "00012",
    "1_000",
    "12.50",
    "2026-03-01",
    "9" * 40,
    ".5",
]
_WORDS += ["urn:", "URN:EPC:ID:X", "http", "https://id.gs1.org/", "https://id.gs1.org/01/", "gs1:x", "cbv:x", "epcis:x"]
_WORDS += ["urn:epcglobal:cbv:bizstep:shipping", "urn:epcglobal:cbv:btt:po", "urn:epcglobal:cbv:bt:1:2", "shipping"]
_WORDS += ["https://id.gs1.org/01/09521234543213/21/1", "https://id.gs1.org/414/9521234543213", " urn:epc:id:sscc:1 "]
_WORDS += ["\x1f x\x1c", "\u3000中", "中文: 好", "gs1:中", "a\0b", "\ud800", "é" * 300, "comment", "@context", "#text"]
_WORDS += ["2026-03-01T10:00:00Z", "2026-02-29T10:00:00Z", "2026-03-01T10:00:60Z", "2026-03-01T00:10:00.125+02:00"]
_WORDS += ["1970-01-01T00:00:00+14:00", "2099-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "2026-03-01T10:00:00.12345678Z"]


def _urn(chance: random.Random) -> str:
    start = f"urn:epc:{chance.choice(_URNS)}:" if chance.random() < 0.9 else "https://id.gs1.org/01/"
    digits = "".join(chance.choices("0123456789", k=chance.choice([12, 13, 14, 17])))
    cut = chance.randrange(5, 13)
    serial = "".join(chance.choices(_SIGNS[:13] + _SIGNS[: chance.choice([10, 28])], k=chance.randrange(25)))
    return start + chance.choice([f"{digits[:cut]}.{digits[cut:]}", digits]) + chance.choice([f".{serial}", "", "."])


_VALUES: list[Any] = [
    lambda chance: chance.choice(_WORDS),
    lambda chance: chance.choice(_WORDS),
    _urn,
    _urn,
    _urn,
    lambda chance: "".join(chance.choices(_SIGNS, k=chance.randrange(50))),
    lambda chance: chance.choice([None, True, False, 0, -1, 2**53, 2**53 + 1, -(2**63), 10**400, 0.1, -0.0, 1e15]),
    lambda chance: chance.choice([float("nan"), float("inf"), 5e-324, 1e17, 1e300, -1.5, 26.0]),
    lambda chance: chance.choice([[], {}, (), b"bytes", object(), [[]], {"id": {}}, {"type": []}, Text("urn:x")]),
    lambda chance: chance.choice(
        [Fields(id="urn:x"), OrderedDict(id="urn:x"), {1: 2}, {Text("id"): "urn:x"}, {"": ""}]
    ),
    lambda chance: {chance.choice(_WORDS): chance.choice(_WORDS), "rl:b": [chance.choice(_WORDS), 1.5, None]},
    lambda chance: [_urn(chance) for _ in range(chance.randrange(200))],
    lambda chance: [chance.choice(_WORDS)] * 10_000,
    lambda chance: deep(chance.choice([5, 30, 90, 150])),
    lambda chance: {"rl:x": {"#text": "1", "rl:a": "b"}, "rl:comment": "c"},
    lambda chance: "x" * chance.choice([64, 200, 201, 5000, 100_000]),
]
_NAMES = ["id", "eventID", "rl:more", "other:name", "plain", "urn:x:y", "ilmd", "errorDeclaration", "comment", "中:文"]
_NAMES += ["persistentDisposition", "sensorElementList", "certificationInfo", "parentID", "quantityList", "recordTime"]
_NAMES += ["takeback:units", "gs1:x", "https://example.com/x", "@type", "action", "transformationID", "\ud800:x"]


def spoilt(event: dict[str, Any], chance: random.Random) -> Any:
    """Return a copy of an event with one to three things changed, anywhere in it."""
    event = deepcopy(event)
    for _ in range(chance.randrange(1, 4)):
        _change(event, chance)
    return event if chance.random() < 0.98 else odd_value(chance)


def _change(event: dict[str, Any], chance: random.Random) -> None:
    node: Any = event
    while True:
        inner = [item for item in (node.values() if isinstance(node, dict) else node) if type(item) in (dict, list)]
        inner = [item for item in inner if 0 < len(item) < 100]
        if not inner or chance.random() < 0.4:
            break
        node = chance.choice(inner)
    places = list(node) if isinstance(node, dict) else list(range(len(node)))
    kind = chance.random()
    if isinstance(node, dict) and kind < 0.2:
        node[chance.choice(_NAMES)] = odd_value(chance)
    elif isinstance(node, dict) and kind < 0.25:
        node[chance.choice([1, None, ("a",), Text("bizStep")])] = odd_value(chance)
    elif places and kind < 0.4:
        del node[chance.choice(places)]
    elif isinstance(node, list) and places and kind < 0.55:
        node.append(chance.choice(node))
    elif places:
        node[chance.choice(places)] = odd_value(chance)
