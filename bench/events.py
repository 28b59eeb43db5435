"""Synthetic EPCIS 2.0 events of batteries and returns: five types mixed, every body different, seeded.

On average 825 bytes and 4.4 EPCs an event. Things have lives: they are observed again and again, packed on pallets and
unpacked, built into packs and taken out, some are shredded and others come in their place. So the validator's third
stage has something to look at, and finds nothing.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

Event = dict[str, Any]

PREFIX = "6901234"
PLACES = [f"urn:epc:id:sgln:{PREFIX}.{site:05d}.{bay}" for site in range(10, 30) for bay in (0, 1, 2)]
NAMESPACE = "https://ns.takeback.example/bench/"
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"rl": NAMESPACE}]
_STEPS = ["receiving", "inspecting", "shipping", "storing", "repairing", "unloading", "holding", "stocking"]
_DISPOSITIONS = ["in_progress", "in_transit", "returned", "damaged", "sellable_accessible", "conformant", "available"]
_START = datetime(2026, 3, 1, tzinfo=UTC)
_MIX = 11 * ["ObjectEvent"] + 3 * ["AggregationEvent"] + 2 * ["AssociationEvent"]
_MIX += 2 * ["TransformationEvent"] + 2 * ["TransactionEvent"]


def events(count: int, *, seed: int = 0, items: int = 20_000) -> Iterator[Event]:
    """Yield ``count`` events about a population of ``items`` things, in the order of their times."""
    world = _World(seed, items)
    for number in range(count):
        yield world.event(number)


def document(batch: list[Event]) -> bytes:
    """Return an EPCIS document of these events, as it is posted."""
    return msgspec.json.encode(
        {
            "@context": CONTEXT,
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-11-25T08:00:00.000Z",
            "epcisBody": {"eventList": batch},
        }
    )


def documents(count: int, size: int, *, seed: int = 0, items: int = 20_000) -> list[bytes]:
    """Return documents of ``size`` events each, ``count`` events in all."""
    stream = events(count, seed=seed, items=items)
    return [document([next(stream) for _ in range(min(size, count - begin))]) for begin in range(0, count, size)]


class _World:
    """What is where: free things, pallets and packs with what they hold."""

    def __init__(self, seed: int, items: int) -> None:
        self.chance = random.Random(f"events {seed}")
        self.seed, self.base, self.next = seed, seed % 1000 * 10_000_000, items
        self.free = list(range(items))
        parents = max(2, items // 20)
        self.empty = {
            "AggregationEvent": deque(f"urn:epc:id:grai:{PREFIX}.00012.{self.base + n}" for n in range(parents)),
            "AssociationEvent": deque(f"urn:epc:id:giai:{PREFIX}.P{self.base + n}" for n in range(parents)),
        }
        self.full: dict[str, deque[tuple[str, list[str]]]] = {kind: deque() for kind in self.empty}

    def event(self, number: int) -> Event:
        chance = self.chance
        kind = chance.choice(_MIX)
        at = _START + timedelta(milliseconds=1500 * number + chance.randrange(1000))
        place = chance.choice(PLACES)
        event: Event = {
            "type": kind,
            "eventTime": at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z",
            "eventTimeZoneOffset": "+08:00",
            "bizStep": chance.choice(_STEPS),
            "readPoint": {"id": place},
            "bizLocation": {"id": place.rpartition(".")[0] + ".0"},
            **self._what(kind, number),
            "bizTransactionList": [
                {"type": "rma", "bizTransaction": f"urn:epcglobal:cbv:bt:{PREFIX}000012:RMA-{self.seed}-{number // 3}"}
            ],
            "rl:inspection": {
                "rl:grade": chance.choice("ABCD"),
                "rl:station": f"bench-{chance.randrange(40)}",
                "rl:seconds": chance.randrange(20, 400),
                "rl:note": f"visual check {chance.getrandbits(48):012x}: housing, plugs and label as they should be; "
                f"under load {chance.randrange(900, 1100)} mV",
            },
        }
        if number % 2:
            event["sourceList"] = [
                {"type": "possessing_party", "source": f"urn:epc:id:pgln:{PREFIX}.{number % 90:05d}"}
            ]
            event["destinationList"] = [{"type": "location", "destination": chance.choice(PLACES)}]
        return event

    def _what(self, kind: str, number: int) -> Event:
        if kind in self.full:
            fill = len(self.full[kind]) < 2 or (len(self.empty[kind]) > 1 and self.chance.random() < 0.5)
            return self._into(kind) if fill else self._out_of(kind)
        if kind == "TransformationEvent":
            return self._shred(number)
        epcs = [self._epc(n) for n in self.chance.sample(self.free, self.chance.randrange(3, 6))]
        return {"action": "OBSERVE", "epcList": epcs, "disposition": self.chance.choice(_DISPOSITIONS)}

    def _into(self, kind: str) -> Event:
        parent, children = self.empty[kind].popleft(), [self._epc(n) for n in self._taken(4)]
        self.full[kind].append((parent, children))
        return _pair(parent, children, "ADD", "packing" if kind == "AggregationEvent" else "installing")

    def _out_of(self, kind: str) -> Event:
        """Empty the parent that was filled longest ago."""
        parent, children = self.full[kind].popleft()
        self.empty[kind].append(parent)
        self.free += [int(epc.rpartition(".")[2]) - self.base for epc in children]
        return _pair(parent, children, "DELETE", "unpacking" if kind == "AggregationEvent" else "removing")

    def _shred(self, number: int) -> Event:
        inputs = [self._epc(n) for n in self._taken(3)]
        self.free += range(self.next, self.next + 3)
        self.next += 3
        material = f"urn:epc:class:lgtin:{PREFIX}.0{self.chance.randrange(90000, 90009)}.L{number // 50}"
        return {
            "transformationID": f"urn:uuid:00000000-0000-4000-8000-{self.base + number:012x}",
            "bizStep": "disassembling",
            "inputEPCList": inputs,
            "outputQuantityList": [{"epcClass": material, "quantity": self.chance.randrange(1, 900) / 8, "uom": "KGM"}],
            "disposition": "in_progress",
        }

    def _taken(self, count: int) -> list[int]:
        """Take things out of the free ones, each in constant time."""
        taken = []
        for _ in range(count):
            place = self.chance.randrange(len(self.free))
            self.free[place], self.free[-1] = self.free[-1], self.free[place]
            taken.append(self.free.pop())
        return taken

    def _epc(self, number: int) -> str:
        return f"urn:epc:id:sgtin:{PREFIX}.0{number % 40 + 10000}.{self.base + number}"


def _pair(parent: str, children: list[str], action: str, step: str) -> Event:
    return {"action": action, "bizStep": step, "parentID": parent, "childEPCs": children}
