"""Stage 3: do events fit what is known of the things that they name? Pure, linear, in the order of the document.

Sources: EPCIS 2.0, 7.4 (what ADD, OBSERVE and DELETE mean for objects, aggregations and associations; what is
transformed is consumed) and CBV 2.0, 7.1.3 (commissioning, decommissioning, destroying).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from takeback.core.items import item_key
from takeback.native import quick
from takeback.prove.epcis.canonical import canonical_uri
from takeback.prove.epcis.validation.containers import Containers
from takeback.prove.epcis.validation.finding import Finding
from takeback.prove.epcis.validation.known import AGGREGATION, ASSOCIATION, NOTHING, Known
from takeback.prove.epcis.validation.lives import Keys, Lives
from takeback.prove.epcis.validation.mass import balance

Event = Mapping[str, Any]

_ENDING_STEPS = frozenset({"destroying", "decommissioning"})
_KINDS = {"AggregationEvent": AGGREGATION, "AssociationEvent": ASSOCIATION}


def key_of(epc: str) -> int:
    """Return the item key of an EPC in any spelling."""
    return item_key(canonical_uri(epc))


def check(events: Sequence[Event], known: Known = NOTHING, keys: Keys | None = None) -> list[Finding]:
    """Return what does not fit, for events in standard form that passed stages 1 and 2, in the order of the document.

    Events see what the events before them did. A copy that declares an error did not happen and is passed over.
    `keys` are those that are computed already. Pointers are those of an EPCIS document.
    """
    keys = Keys(key_of) if keys is None else keys
    if quick is not None:
        transformed = quick.uneventful(events, keys, known.last, known.ended, known.begun, known.parents)
        if transformed is not None:
            return sorted(balance([(place, events[place]) for place in transformed]), key=_place)
    found = [(place, event) for place, event in enumerate(events) if event["type"] == "TransformationEvent"]
    return sorted(_lived(events, known, keys) + balance(found), key=_place)


def _lived(events: Sequence[Event], known: Known, keys: Keys) -> list[Finding]:
    """Return what the lives of things and what is inside what have to say."""
    lives = Lives(known, keys)
    containers = Containers(known, keys, lives)
    for index, event in enumerate(events):
        step = _STEPS.get(event["type"])
        if step is not None and not event.get("errorDeclaration"):
            lives.begin(index, event["eventTime"])
            step(lives, containers, event)
    return lives.findings


def _place(finding: Finding) -> int:
    return finding.event or 0


def _object(lives: Lives, containers: Containers, event: Event) -> None:
    epcs = event.get("epcList")
    if not epcs:
        return
    lives.touch(epcs)
    action = event["action"]
    if action == "ADD":
        lives.commission(epcs)
    elif action == "DELETE" or event.get("bizStep") in _ENDING_STEPS or event.get("disposition") == "destroyed":
        lives.end(epcs)


def _containment(lives: Lives, containers: Containers, event: Event) -> None:
    kind, parent, children = _KINDS[event["type"]], event.get("parentID"), event.get("childEPCs") or ()
    lives.touch(children)
    if parent is None:
        return
    lives.touch((parent,))
    if event["action"] != "DELETE":
        containers.put_in(children, parent, kind)
    elif children or event.get("childQuantityList"):
        containers.take_out(children, parent, kind)
    else:
        containers.empty(parent, kind)


def _transaction(lives: Lives, containers: Containers, event: Event) -> None:
    lives.touch(event.get("epcList") or ())
    if "parentID" in event:
        lives.touch((event["parentID"],))


def _transformation(lives: Lives, containers: Containers, event: Event) -> None:
    inputs, outputs = event.get("inputEPCList") or (), event.get("outputEPCList") or ()
    staying = set(inputs).intersection(outputs)  # refurbished under its own number: not consumed
    lives.touch(inputs)
    lives.touch([epc for epc in outputs if epc not in staying])
    lives.consume([epc for epc in inputs if epc not in staying])


_STEPS: dict[str, Callable[[Lives, Containers, Event], None]] = {
    "ObjectEvent": _object,
    "AggregationEvent": _containment,
    "AssociationEvent": _containment,
    "TransactionEvent": _transaction,
    "TransformationEvent": _transformation,
}
