"""The table as a JSON-LD context: our prefix, and what the values of our fields are."""

from __future__ import annotations

import json
from typing import Any

from takeback.prove.extension.terms import PREFIX, Term, table
from takeback.prove.personal import NAMESPACE

NAME = "takeback-context.jsonld"


def context() -> str:
    """Return the context as text. It declares nothing that EPCIS's own context declares, so both go together."""
    fields = {f"{PREFIX}:{name}": _field(name, term) for name, term in table().field.items()}
    declared = {"@version": 1.1, PREFIX: NAMESPACE, **fields}
    return json.dumps({"@context": declared}, indent=2, ensure_ascii=False) + "\n"


def _field(name: str, term: Term) -> dict[str, Any]:
    declared: dict[str, Any] = {"@id": NAMESPACE + name}
    if term.link:
        declared["@type"] = "@id"
    elif term.json:
        declared["@type"] = "@json"
    return declared
