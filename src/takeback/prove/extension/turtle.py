"""Pieces of Turtle: prefixes and texts."""

from __future__ import annotations

import json
from typing import Final

from takeback.prove.epcis.names import STANDARD
from takeback.prove.extension.terms import PREFIX
from takeback.prove.personal import NAMESPACE

_SPACES = {
    PREFIX: NAMESPACE,
    **{name: STANDARD[name] for name in ("cbv", "dcterms", "epcis", "gs1", "owl", "rdfs", "xsd")},
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
}
PREFIXES: Final = "# Made from terms.toml by `python tools/extension.py`; do not edit. Apache License 2.0.\n" + "".join(
    f"@prefix {name}: <{space}> .\n" for name, space in _SPACES.items()
)


def turtle_text(text: str) -> str:
    """Return a text as a literal of Turtle, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)


def texts(en: str, zh: str) -> str:
    """Return a text in both languages."""
    return f"{turtle_text(en)}@en , {turtle_text(zh)}@zh-Hans"
