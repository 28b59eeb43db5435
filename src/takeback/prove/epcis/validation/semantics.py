"""Stage 2: does an event say what EPCIS 2.0 and CBV 2.0 allow it to say?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from takeback.core.message import msg
from takeback.prove.epcis.validation.check_extension import check_extensions
from takeback.prove.epcis.validation.check_how import check_how
from takeback.prove.epcis.validation.check_quantity import check_quantities
from takeback.prove.epcis.validation.check_what import check_what
from takeback.prove.epcis.validation.check_when import check_when
from takeback.prove.epcis.validation.check_why import check_why
from takeback.prove.epcis.validation.finding import Finding
from takeback.prove.epcis.validation.schema_event import EVENT_LIST
from takeback.prove.epcis.validation.sink import Sink

Event = Mapping[str, Any]

_ABOUT = ("epcList", "quantityList", "sensorElementList")


def check_event(event: Event, index: int, *, now: datetime, base: str | None = None) -> list[Finding]:
    """Return what is wrong in an event in standard form that passed stage 1; `now` is an aware moment.

    `base` is the pointer of the event; by default its place in the event list of an EPCIS document.
    """
    sink = Sink(f"{EVENT_LIST}/{index}" if base is None else base, index)
    check_when(event, sink, now)
    check_what(event, sink)
    check_quantities(event, sink)
    check_why(event, sink)
    check_extensions(event, sink)
    if "sensorElementList" in event:
        check_how(event, sink)
    _combination(event, sink)
    return sink.findings


def _combination(event: Event, sink: Sink) -> None:
    """Check what must stand together: EPCIS 2.0, 7.4."""
    kind = event["type"]
    if kind == "AggregationEvent":
        if "parentID" not in event and event["action"] != "OBSERVE":
            _no_parent(event["action"], sink)
        if "persistentDisposition" in event:
            _no_persistent(sink)
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


def _no_persistent(sink: Sink) -> None:
    sink.add(
        "why.persistent-place",
        ("persistentDisposition",),
        None,
        msg("A persistent disposition does not go with an aggregation"),
        msg("Report it in an ObjectEvent beside this event."),
    )


def _empty(sink: Sink) -> None:
    sink.add(
        "what.empty",
        (),
        None,
        msg("The event does not say which things it is about"),
        msg('Add "epcList" or a "quantityList" with an entry; a sensor event needs "readPoint" beside its sensors.'),
    )
