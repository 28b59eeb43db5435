"""From the rows of a walk to depths: breadth first, each thing by the shortest way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from takeback.prove.genealogy.result import KINDS, Direction, Genealogy, Kind, Node, Step

Row = tuple[int | None, int | None, int, str | None, datetime | None]
"""item, entry, side, kind, at: see reach.sql."""

REACHED, PART = 1, 3


@dataclass(slots=True)
class Joint:
    """A step while it is put together; ``far`` is reached from ``near``, each with the entries that say so."""

    kind: Kind
    at: datetime
    entries: set[int] = field(default_factory=set)
    near: set[int] = field(default_factory=set)
    far: dict[int, int] = field(default_factory=dict)


def ordered(
    rows: Sequence[Row], direction: Direction, at: datetime | None, depth: int | None, seeds: Iterable[int]
) -> Genealogy:
    """Return the genealogy that the rows of reach.sql or recall.sql tell."""
    joints = _joints(rows)
    nodes, opened = _walked(joints, seeds, depth)
    steps = sorted((_step(joints[key], nodes, direction) for key in opened), key=lambda step: step.entries)
    found = sorted(nodes.values(), key=lambda node: (node.depth, node.key))
    return Genealogy(direction=direction, at=at, nodes=tuple(found), steps=tuple(steps))


def _joints(rows: Sequence[Row]) -> dict[tuple[int, int], Joint]:
    """Return the steps by (1, mark) or (0, entry)."""
    whole = {entry: (1, item) for item, entry, side, *_ in rows if side == PART and item is not None}
    joints: dict[tuple[int, int], Joint] = {}
    far: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for item, entry, side, kind, at in rows:
        if entry is None:
            continue
        key = whole.get(entry, (0, entry))
        if side == REACHED and item is not None:
            first = far[key].get(item)
            far[key][item] = entry if first is None else min(first, entry)
        elif kind is not None and at is not None:
            joint = joints.setdefault(key, Joint(KINDS[kind], at))
            joint.at = min(joint.at, at)
            joint.entries.add(entry)
            if side != PART and item is not None:
                joint.near.add(item)
    return {key: _with(joint, far[key]) for key, joint in joints.items() if far[key]}


def _with(joint: Joint, far: dict[int, int]) -> Joint:
    joint.far = far
    return joint


def _walked(
    joints: dict[tuple[int, int], Joint], seeds: Iterable[int], depth: int | None
) -> tuple[dict[int, Node], list[tuple[int, int]]]:
    leading: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for key, joint in joints.items():
        for item in joint.near:
            leading[item].append(key)
    nodes = {seed: Node(key=seed, depth=0) for seed in seeds}
    opened: dict[tuple[int, int], None] = {}
    level, front = 0, list(nodes)
    while front and (depth is None or level < depth):
        level += 1
        met: dict[int, tuple[int, Kind]] = {}
        for key in dict.fromkeys(key for item in front for key in leading[item] if key not in opened):
            opened[key] = None
            for item, entry in joints[key].far.items():
                if item not in nodes and (item not in met or entry < met[item][0]):
                    met[item] = entry, joints[key].kind
        nodes |= {i: Node(key=i, depth=level, entry=entry, kind=kind) for i, (entry, kind) in met.items()}
        front = list(met)
    return nodes, list(opened)


def _step(joint: Joint, nodes: dict[int, Node], direction: Direction) -> Step:
    near = tuple(sorted(item for item in joint.near if item in nodes))
    far = tuple(sorted(joint.far))
    inner, outer = (far, near) if direction == "back" else (near, far)
    return Step(kind=joint.kind, entries=tuple(sorted(joint.entries)), at=joint.at, inner=inner, outer=outer)
