"""A small ledger with bundles of every kind, for the tests of who checks them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from takeback import prove, store
from takeback.core.items import item_key
from takeback.prove.bundle import Asked, make_bundle
from takeback.prove.checkpoint import LogKey
from takeback.prove.completeness import make_map
from takeback.prove.cosignature import WitnessKey
from takeback.prove.cosignatures import accept
from takeback.prove.log import latest_checkpoint
from takeback.prove.personal import MARK, keep, redact
from takeback.prove.policy import Policy, read_policy
from takeback.prove.sequencer import sequence_all
from takeback.prove.signednote import parted

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
BATTERY = "https://id.gs1.org/01/09506000134352/21/B-1"
OTHER = "https://id.gs1.org/01/09506000134352/21/B-2"
UNKNOWN = "https://id.gs1.org/01/09506000134352/21/B-404"


@dataclass(frozen=True, slots=True)
class World:
    """A party with a log, two witnesses, and a checkpoint that somebody has kept."""

    org: UUID
    key: LogKey
    policy: Policy
    witnesses: tuple[WitnessKey, ...]
    kept: str

    def bundle(self, **asked: Any) -> dict[str, Any]:
        with store.transaction(self.org) as connection:
            return make_bundle(connection, self.org, Asked(**asked), self.key, self.policy)


def say(org: UUID, *things: str, count: int = 1, **more: Any) -> list[int]:
    """Append entries about things; what is personal goes where it belongs."""
    entries, taken = [], []
    for n in range(count):
        body, personal = redact({"text": "said", "n": n, **more})
        entries.append(prove.Entry("takeback:Said", body, NOW, [item_key(thing) for thing in things]))
        taken.append(personal)
    with store.transaction(org) as connection:
        appended = prove.append(connection, org, entries, actor="test")
        keep(connection, org, [(a.id, one) for a, some in zip(appended, taken, strict=True) for one in some])
        prove.seal(connection, org, appended)
    return [a.id for a in appended]


def world(folder: Path) -> World:
    """Make one: twelve entries in two checkpoints, three about the battery, a map, and both witnesses' signatures."""
    org, key = uuid4(), LogKey.kept_in(folder)
    witnesses = tuple(WitnessKey.kept_in(folder / name, f"{name}.example/witness") for name in ("lab", "carrier"))
    lines = [f"witness {w.name.partition('.')[0]} {w.verifier}" for w in witnesses]
    policy = read_policy("\n".join([*lines, "group both 2 lab carrier", "quorum both"]))
    say(org, BATTERY, **{MARK: {"name": "A. Person", "street": "1 Example Road"}})
    say(uuid4(), BATTERY, count=3)
    say(org, OTHER, count=2)
    sequence_all(key)
    kept = newest(org)
    say(org, BATTERY, OTHER, count=2)
    say(org, count=3)
    sequence_all(key)
    with store.transaction(org) as connection:
        make_map(connection, org, actor="test", at=NOW)
    sequence_all(key)
    with store.admin() as connection:
        accept(connection, policy, cosigned(newest(org), *witnesses))
    return World(org, key, policy, witnesses, kept)


def newest(org: UUID) -> str:
    with store.transaction(org) as connection:
        row = latest_checkpoint(connection)
    assert row is not None
    return str(row.note)


def cosigned(note: str, *witnesses: WitnessKey) -> str:
    text, _ = parted(note)
    return note + "".join(str(witness.cosign(text, 1_800_000_000 + n)) for n, witness in enumerate(witnesses))


def flips(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield each leaf of a JSON value with another value in its place, and each member left out."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*path, name), ...
            yield from flips(inner, (*path, name))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield (*path, at), ...
            yield from flips(inner, (*path, at))
    elif isinstance(value, str):
        for at in sorted({0, len(value) // 2, max(0, len(value) - 2), max(0, len(value) - 1)}):
            yield path, value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :] if value else "x"
    elif isinstance(value, int):
        yield path, value ^ 1
    else:
        yield path, "x"


def flipped(bundle: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """Return a copy of the bundle with one value changed; `...` leaves it out."""
    copied: dict[str, Any] = json.loads(json.dumps(bundle))
    inner: Any = copied
    for step in path[:-1]:
        inner = inner[step]
    if value is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return copied
