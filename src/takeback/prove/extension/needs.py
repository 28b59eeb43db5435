"""What an event with one of our business steps must carry: asked of events in standard form.

The shapes (SHACL) that are made from the same table say the same of events as RDF; a test compares both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from takeback.prove.epcis.vocabulary import bare
from takeback.prove.extension.terms import PREFIX, STARTS, Alternative, Need, Term, table
from takeback.prove.extension.words import prefix_in
from takeback.prove.personal import NAMESPACE

Event = Mapping[str, Any]
_STEP = NAMESPACE + STARTS["step"]
_OURS = f"{PREFIX}:"


def unmet(event: Event) -> list[Need]:
    """Return the needs of the event's business step that the event does not meet; none for steps of others."""
    step = table().step.get(event.get("bizStep", "").removeprefix(_STEP))
    if step is None:
        return []
    return [need for need in needs_of(step) if not any(meets(event, one) for one in need.any)]


@cache
def needs_of(step: Term) -> tuple[Need, ...]:
    """Return what an event of a step must carry: one of the step's event types, then the needs of the table."""
    types = Need(
        en=f"an event of type {' / '.join(step.events)}",
        zh=f"事件类型 {' / '.join(step.events)}",
        any=tuple(Alternative(is_={"type": (kind,)}) for kind in step.events),
        types=step.events,
    )
    return (types, *(table().need[name] for name in step.needs))


def meets(event: Event, alternative: Alternative) -> bool:
    """Tell whether a node of the event is as an alternative wants it."""
    start = f"{prefix_in(event.get('@context'))}:"
    return any(_fits(node, alternative, start) for node in _at(event, alternative.at, start))


def _fits(node: Any, alternative: Alternative, start: str) -> bool:
    return all(_some(node, path, start) for path in alternative.has) and all(
        any(_same(value, wanted) for value in _at(node, path, start) for wanted in values)
        for path, values in alternative.is_.items()
    )


def _some(node: Any, path: str, start: str) -> bool:
    return any(value not in (None, "") for value in _at(node, path, start))


def _same(value: Any, wanted: str) -> bool:
    return bool(value == value_of(wanted) or (isinstance(value, str) and bare("measurement", value) == wanted))


def value_of(wanted: str) -> str:
    """Return the value that the table means: the URI of a transaction type of ours, else the text itself."""
    return NAMESPACE + STARTS["transaction"] + wanted.removeprefix(_OURS) if wanted.startswith(_OURS) else wanted


def _at(node: Any, path: str, start: str) -> Iterator[Any]:
    """Yield the values at the end of a path of fields; lists count as their members."""
    if isinstance(node, list):
        for one in node:
            yield from _at(one, path, start)
    elif not path:
        yield node
    elif isinstance(node, Mapping):
        name, _, rest = path.partition(".")
        name = start + name.removeprefix(_OURS) if name.startswith(_OURS) else name
        if name in node:
            yield from _at(node[name], rest, start)
