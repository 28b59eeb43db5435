"""Stage 2: does an event say what EPCIS 2.0 and CBV 2.0 allow it to say?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from takeback.core.message import msg
from takeback.native import quick
from takeback.prove.epcis.names import STANDARD
from takeback.prove.epcis.validation.check_extension import check_name, check_names, check_type
from takeback.prove.epcis.validation.check_how import check_how
from takeback.prove.epcis.validation.check_quantity import check_quantities
from takeback.prove.epcis.validation.check_what import check_parent, check_place, check_things
from takeback.prove.epcis.validation.check_when import SKEW, check_when
from takeback.prove.epcis.validation.check_why import (
    check_biz_step,
    check_declaration,
    check_disposition,
    check_parties,
    check_persistent,
    check_transactions,
)
from takeback.prove.epcis.validation.finding import Finding
from takeback.prove.epcis.validation.levels import _heads
from takeback.prove.epcis.validation.schema_event import EVENT_LIST, check_fields
from takeback.prove.epcis.validation.shapes_event import EVENTS
from takeback.prove.epcis.validation.sink import Sink
from takeback.prove.epcis.validation.unit_codes import COUNTS, SLIPS
from takeback.prove.personal import NAMESPACE

Event = Mapping[str, Any]
Check = Callable[[str, Any, Event, Sink], None]

_ABOUT = ("epcList", "quantityList", "sensorElementList")


_ODD_UNITS = dict.fromkeys([*COUNTS, *SLIPS])  # units of which something is to be told
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=16)
def _latest_us(now: datetime) -> int:
    """Return the latest time of an event that raises no question, in microseconds since 1970."""
    return (now + SKEW - _EPOCH) // timedelta(microseconds=1)


def _declared(name: str, value: Mapping[str, Any], event: Event, sink: Sink) -> None:
    check_declaration(value, sink)
    check_names(name, value, event, sink)


# What is looked at in each field of an event, whatever its type; None: times are looked at together.
_CHECKS: Mapping[str, Check | None] = {
    **dict.fromkeys(("@context", "eventTime", "eventTimeZoneOffset", "recordTime", "eventID", "action")),
    **dict.fromkeys(("certificationInfo", "transformationID")),
    "type": check_type,
    **dict.fromkeys(("epcList", "childEPCs", "inputEPCList", "outputEPCList"), check_things),
    **dict.fromkeys(
        ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"),
        check_quantities,
    ),
    "parentID": check_parent,
    "readPoint": check_place,
    "bizLocation": check_place,
    "bizStep": check_biz_step,
    "disposition": check_disposition,
    "persistentDisposition": check_persistent,
    "bizTransactionList": check_transactions,
    "sourceList": check_parties,
    "destinationList": check_parties,
    "sensorElementList": check_how,
    "errorDeclaration": _declared,
    "ilmd": check_names,
}


def check_event(event: Event, index: int, *, now: datetime, base: str | None = None) -> list[Finding]:
    """Return what is wrong in an event in standard form that passed stage 1; `now` is an aware moment.

    `base` is the pointer of the event; by default its place in the event list of an EPCIS document.
    """
    if quick is not None and quick.fine(event, _latest_us(now), _heads, STANDARD, NAMESPACE, _ODD_UNITS):
        return []
    sink = Sink(f"{EVENT_LIST}/{index}" if base is None else base, index)
    if event["type"] not in EVENTS and (malformed := check_fields(dict(event), index, sink.base)):
        return malformed
    check_when(event, sink, now)
    for name, value in event.items():
        if name not in _CHECKS:
            check_name(name, (name,), event, sink)
        elif (check := _CHECKS[name]) is not None:
            check(name, value, event, sink)
    _combination(event, sink)
    return sink.findings


def _combination(event: Event, sink: Sink) -> None:
    """Check what must stand together: EPCIS 2.0, 7.4."""
    kind = event["type"]
    if kind == "AggregationEvent":
        if "parentID" not in event and event["action"] != "OBSERVE":
            _no_parent(event["action"], sink)
    elif kind == "ObjectEvent" and not any(event.get(name) for name in _ABOUT):
        _empty(sink)


def _no_parent(action: str, sink: Sink) -> None:
    sink.add(
        "what.no-parent",
        (),
        action,
        msg("An aggregation with action {action} does not say what the parent is", action=action),
        msg('Add "parentID"; only OBSERVE may leave it out.'),
    )


def _empty(sink: Sink) -> None:
    sink.add(
        "what.empty",
        (),
        None,
        msg("The event does not say which things it is about"),
        msg('Add "epcList" or a "quantityList" with an entry; a sensor event needs "readPoint" beside its sensors.'),
    )
