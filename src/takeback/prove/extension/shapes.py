"""The table as shapes (SHACL core): what an event of each of our business steps must carry.

The target of a shape is the step itself; its events are those that point at it. So a graph that has no such event
conforms, and each need that is not met is a result of its own with its own message.
"""

from __future__ import annotations

from takeback.prove.epcis.vocabulary import BIZ_TRANSACTION_TYPES, MEASUREMENT_TYPES, SOURCE_DEST_TYPES, uri
from takeback.prove.extension.needs import needs_of, value_of
from takeback.prove.extension.terms import PREFIX, Alternative, Need, Term, local, table
from takeback.prove.extension.turtle import PREFIXES, texts, turtle_text

NAME = "shapes.ttl"
_OF_STEP = "[ sh:inversePath epcis:bizStep ]"
_TYPES = {  # what `type` is in the context of EPCIS depends on where it stands
    "bizTransactionList": "epcis:bizTransactionType",
    "destinationList": "epcis:sourceOrDestinationType",
    "sourceList": "epcis:sourceOrDestinationType",
    "sensorElementList.sensorReport": "epcis:measurementType",
}


def shapes() -> str:
    """Return the shapes as text."""
    return "\n".join([PREFIXES, *(_shape(name, term) for name, term in table().step.items())])


def _shape(name: str, term: Term) -> str:
    lines = [
        f"{PREFIX}:Shape-{name} a sh:NodeShape",
        f"sh:targetNode {PREFIX}:{local('step', name)}",
        *(_property(term, need) for need in needs_of(term)),
    ]
    return " ;\n    ".join(lines) + " .\n"


def _property(term: Term, need: Need) -> str:
    message = texts(f"{term.en} needs {need.en}", f"{term.zh}须有{need.zh}")
    ways = "\n        ".join(_alternative(one) for one in need.any)
    lines = [
        "sh:property [",
        f"    sh:path {_OF_STEP} ;",
        f"    sh:message {message} ;",
        f"    sh:or (\n        {ways}",
    ]
    return "\n    ".join([*lines, "    )", "]"])


def _alternative(one: Alternative) -> str:
    has = [f"sh:property [ sh:path {_path(one.at, name)} ; sh:minCount 1 ]" for name in one.has]
    values = [
        f"sh:property [ sh:path {_path(one.at, name)} ; sh:qualifiedMinCount 1 ; "
        f"sh:qualifiedValueShape [ sh:in ( {' '.join(_value(one.at, name, value) for value in wanted)} ) ] ]"
        for name, wanted in one.is_.items()
    ]
    inner = " ; ".join([*has, *values])
    if not one.at:
        return f"[ {inner} ]"
    return (
        f"[ sh:property [ sh:path {_path('', one.at)} ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ {inner} ] ] ]"
    )


def _path(at: str, path: str) -> str:
    names = [_predicate(at, name) for name in path.split(".")]
    return names[0] if len(names) == 1 else f"( {' '.join(names)} )"


def _predicate(at: str, name: str) -> str:
    if name == "type":
        return _TYPES.get(at, "rdf:type")
    return name if name.startswith(f"{PREFIX}:") else f"epcis:{name}"


def _value(at: str, name: str, value: str) -> str:
    if name != "type":
        return turtle_text(value)
    if not at:
        return f"epcis:{value}"
    for kind, words in _CBV.items():
        if value in words:
            return f"<{uri(kind, value)}>"  # type: ignore[arg-type]
    return f"<{value_of(value)}>"


_CBV = {"bizTransaction": BIZ_TRANSACTION_TYPES, "sourceDest": SOURCE_DEST_TYPES, "measurement": MEASUREMENT_TYPES}
