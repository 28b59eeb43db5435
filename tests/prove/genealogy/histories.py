"""Histories for tests: random ones, how they are written, and what a trace of them is by the definition alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import sqlalchemy as sa
from hypothesis import strategies as st

from takeback import store
from takeback.prove.epcis.roles import ADD, CHILD, DECLARED, DELETE, EPC, INPUT, OUTPUT, PARENT

START = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = {"AggregationEvent": "aggregation", "AssociationEvent": "association", "TransformationEvent": "transformation"}
_BITS = {"ADD": ADD, "DELETE": DELETE, "OBSERVE": 0}
_ENTRY = sa.text(
    """
    insert into entry (org_id, kind, event_time, record_time, actor, salt, body, thing_keys, thing_roles)
    values (:org, :kind, :at, now(), 'test', '\\x00000000000000000000000000000000', '\\x007b7d', :keys, :roles)
    returning id
    """
)
_NUMBER = sa.text(
    """
    with taken as (
        insert into party_counter (org_id, next_number) values (:org, 2)
        on conflict (org_id) do update set next_number = party_counter.next_number + 1 returning next_number - 1 as n)
    insert into number_run (org_id, number, entry_id, count) select :org, n, :entry, 1 from taken
    """
)
_ITEM = sa.text(
    "insert into entry_item (org_id, item_key, entry_id, event_time, roles) values (:org, :key, :entry, :at, :roles)"
)
_PART = sa.text("insert into transformation_part (org_id, entry_id, mark) values (:org, :entry, :mark)")
_VOID = sa.text("insert into voided (org_id, entry_id, by_entry) values (:org, :entry, :by)")


@dataclass(frozen=True)
class Event:
    """`inner` are children or inputs, `outer` the parent or outputs; `whole`: transformationID; `voids`: which event
    of the history (by place) this one declares not to have happened: then it repeats that event."""

    kind: str = "AggregationEvent"
    at: int = 0
    action: str = "ADD"
    inner: frozenset[int] = frozenset()
    outer: frozenset[int] = frozenset()
    whole: int | None = None
    voids: int | None = None


def moment(hours: int) -> datetime:
    """Return the time that `Event.at` stands for."""
    return START + timedelta(hours=hours)


THINGS = st.integers(1, 9)
AT = st.integers(0, 12)
_BOXES = st.builds(
    Event,
    kind=st.sampled_from(["AggregationEvent", "AggregationEvent", "AssociationEvent", "TransactionEvent"]),
    at=AT,
    action=st.sampled_from(["ADD", "ADD", "ADD", "DELETE", "DELETE", "OBSERVE"]),
    inner=st.frozensets(THINGS, max_size=3),
    outer=THINGS.map(lambda one: frozenset([one])),
)
_CHANGES = st.builds(
    Event,
    kind=st.just("TransformationEvent"),
    at=AT,
    action=st.just("OBSERVE"),
    inner=st.frozensets(THINGS, max_size=3),
    outer=st.frozensets(THINGS, max_size=3),
    whole=st.none() | st.integers(1, 2),
)
_VOIDS = st.builds(Event, kind=st.just("void"), voids=st.integers(0, 30))
EVENTS = st.lists(_BOXES | _BOXES | _CHANGES | _VOIDS, max_size=26)


def resolved(events: Sequence[Event]) -> list[Event]:
    """Give declarations the content of what they withdraw; drop those that withdraw nothing that is there."""
    done: list[Event] = []
    for event in events:
        if event.voids is None:
            done.append(event)
        elif done and done[event.voids % len(done)].voids is None:
            meant = done[event.voids % len(done)]
            done.append(Event(meant.kind, meant.at, meant.action, meant.inner, meant.outer, meant.whole,
                              event.voids % len(done)))  # fmt: skip
    return done


def write(org: UUID, events: Sequence[Event], before: Sequence[int] = ()) -> list[int]:
    """Record resolved `events` in one transaction; `before`: ids of those recorded earlier. Return all ids."""
    ids = list(before)
    with store.transaction(org) as connection:
        for event in events:
            ids.append(_written(connection, org, event, ids))
    return ids


def _written(connection: sa.Connection, org: UUID, event: Event, ids: Sequence[int]) -> int:
    changes = event.kind == "TransformationEvent"
    common = (0 if changes else _BITS[event.action]) | (DECLARED if event.voids is not None else 0)
    roles: dict[int, int] = defaultdict(int)
    inside = EPC if event.kind == "TransactionEvent" else INPUT if changes else CHILD
    for key in event.inner:
        roles[key] |= inside | common
    for key in event.outer:
        roles[key] |= (OUTPUT if changes else PARENT) | common
    things = {"keys": list(roles), "roles": list(roles.values())}
    values = {"org": org, "kind": event.kind, "at": moment(event.at), **things}
    entry = int(connection.execute(_ENTRY, values).scalar_one())
    for key, bits in roles.items():
        connection.execute(_ITEM, {"org": org, "key": key, "entry": entry, "at": moment(event.at), "roles": bits})
    if event.whole is not None and event.voids is None:
        connection.execute(_PART, {"org": org, "entry": entry, "mark": event.whole})
    connection.execute(_NUMBER, {"org": org, "entry": entry})
    if event.voids is not None:
        connection.execute(_VOID, {"org": org, "entry": ids[event.voids], "by": entry})
    return entry


@dataclass
class Found:
    """`nodes`: depth, entry and kind by thing; `steps`: (kind, entries, inner, outer)."""

    nodes: dict[int, tuple[int, int | None, str | None]]
    steps: set[tuple[str, tuple[int, ...], tuple[int, ...], tuple[int, ...]]]


def expected(
    events: Sequence[Event], ids: Sequence[int], seeds: set[int], direction: str, at: int | None, depth: int | None
) -> Found:
    """Return what a trace must find, slowly: joints are (name, kind, entries, {inner: entries}, {outer: entries})."""
    void = {event.voids for event in events if event.voids is not None}
    told = [
        (entry, event)
        for place, (entry, event) in enumerate(zip(ids, events, strict=True))
        if place not in void and event.voids is None and (at is None or event.at <= at)
    ]
    joints = [*_boxes(told), *_changes(told)]
    nodes: dict[int, tuple[int, int | None, str | None]] = dict.fromkeys(seeds, (0, None, None))
    for level in count(1):
        if depth is not None and level > depth:
            break
        met: dict[int, tuple[int, str]] = {}
        for kind, _, inner, outer in joints:
            near, far = (outer, inner) if direction == "back" else (inner, outer)
            if not any(nodes.get(thing, (None,))[0] == level - 1 for thing in near):
                continue
            if any(thing in nodes and nodes[thing][0] < level - 1 for thing in near):
                continue  # opened before
            for thing, entries in far.items():
                if thing not in nodes:
                    met[thing] = min(met.get(thing, (1 << 62, "")), (min(entries), kind))
        if not met:
            break
        nodes |= {thing: (level, entry, kind) for thing, (entry, kind) in met.items()}
    opened = {thing for thing, (level, *_) in nodes.items() if depth is None or level < depth}
    steps = set()
    for kind, entries, inner, outer in joints:
        near, far = (set(outer), set(inner)) if direction == "back" else (set(inner), set(outer))
        if far and near & opened:
            near &= opened
            pair = (far, near) if direction == "back" else (near, far)
            steps.add((kind, entries, tuple(sorted(pair[0])), tuple(sorted(pair[1]))))
    return Found(nodes, steps)


Joint = tuple[str, tuple[int, ...], dict[int, set[int]], dict[int, set[int]]]


def _boxes(told: Sequence[tuple[int, Event]]) -> list[Joint]:
    joints: list[Joint] = []
    for entry, event in told:
        if event.kind not in ("AggregationEvent", "AssociationEvent") or event.action != "ADD":
            continue
        inside = {thing: {entry} for thing in event.inner if not _ended(told, entry, event, thing)}
        if inside:
            joints.append((KINDS[event.kind], (entry,), inside, {thing: {entry} for thing in event.outer}))
    return joints


def _ended(told: Sequence[tuple[int, Event]], entry: int, added: Event, thing: int) -> bool:
    return any(
        event.kind == added.kind
        and event.action == "DELETE"
        and event.outer == added.outer
        and (event.at, other) > (added.at, entry)
        and (thing in event.inner or not event.inner)
        for other, event in told
    )


def _changes(told: Sequence[tuple[int, Event]]) -> list[Joint]:
    parts: dict[object, list[tuple[int, Event]]] = defaultdict(list)
    for entry, event in told:
        if event.kind == "TransformationEvent":
            parts[("one", entry) if event.whole is None else ("whole", event.whole)].append((entry, event))
    joints: list[Joint] = []
    for members in parts.values():
        inner: dict[int, set[int]] = defaultdict(set)
        outer: dict[int, set[int]] = defaultdict(set)
        for entry, event in members:
            for thing in event.inner:
                inner[thing].add(entry)
            for thing in event.outer:
                outer[thing].add(entry)
        joints.append(("transformation", tuple(sorted(entry for entry, _ in members)), dict(inner), dict(outer)))
    return joints
