"""Synthetic EPCIS 2.0 events of batteries and returns: five types mixed, every body different, seeded.

On average 825 bytes and 4.4 EPCs an event. An item is commissioned before it is used, aggregated, associated or
transformed, so that the validator's third stage has a life to look at.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

Event = dict[str, Any]

PREFIX = "6901234"
PLACES = [f"urn:epc:id:sgln:{PREFIX}.{site:05d}.{bay}" for site in range(10, 30) for bay in (0, 1, 2)]
_STEPS = ["receiving", "inspecting", "shipping", "storing", "repairing", "loading", "unloading", "holding"]
_DISPOSITIONS = ["in_progress", "in_transit", "returned", "damaged", "sellable_accessible", "conformant", "available"]
_NAMESPACE = "https://ns.takeback.example/rl/"
_START = datetime(2026, 3, 1, tzinfo=UTC)
_MIX = ["ObjectEvent"] * 11 + ["AggregationEvent"] * 3 + ["AssociationEvent"] * 2 + ["TransformationEvent"] * 2
_MIX += ["TransactionEvent"] * 2


def events(count: int, *, seed: int = 0, items: int = 20_000) -> Iterator[Event]:
    """Yield ``count`` events about a population of ``items`` things, in the order of their times."""
    chance = random.Random(f"events {seed}")
    base = seed % 1000 * 10_000_000
    for number in range(count):
        yield _event(chance, number, seed, base, items)


def document(batch: list[Event]) -> bytes:
    """Return an EPCIS document of these events, as it is posted."""
    return msgspec.json.encode(
        {
            "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"rl": _NAMESPACE}],
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


def _event(chance: random.Random, number: int, seed: int, base: int, items: int) -> Event:
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
    }
    event |= _what(kind, chance, number, seed, base, items)
    event["bizTransactionList"] = [
        {"type": "rma", "bizTransaction": f"urn:epcglobal:cbv:bt:{PREFIX}000012:RMA-{seed}-{number // 3}"}
    ]
    if number % 2:
        event["sourceList"] = [{"type": "possessing_party", "source": f"urn:epc:id:pgln:{PREFIX}.{number % 90:05d}"}]
        event["destinationList"] = [{"type": "location", "destination": chance.choice(PLACES)}]
    event["rl:inspection"] = {
        "rl:grade": chance.choice("ABCD"),
        "rl:station": f"bench-{chance.randrange(40)}",
        "rl:seconds": chance.randrange(20, 400),
        "rl:note": f"visual check {chance.getrandbits(48):012x} passed, load test {chance.randrange(900, 1100)} mV",
    }
    return event


def _what(kind: str, chance: random.Random, number: int, seed: int, base: int, items: int) -> Event:
    if kind == "ObjectEvent":
        epcs = _some(chance, base, items, chance.randrange(3, 7))
        return {"action": "OBSERVE", "epcList": epcs, "disposition": chance.choice(_DISPOSITIONS)}
    if kind == "AggregationEvent":
        pallet = f"urn:epc:id:sscc:{PREFIX}.{(base + number) % 10**10:010d}"
        return {
            "action": "ADD",
            "bizStep": "loading",
            "parentID": pallet,
            "childEPCs": _fresh(number, base, "3", chance.randrange(3, 5)),
        }
    if kind == "AssociationEvent":
        pack = f"urn:epc:id:giai:{PREFIX}.P{base + number}"
        return {"action": "ADD", "bizStep": "installing", "parentID": pack, "childEPCs": _fresh(number, base, "5", 4)}
    if kind == "TransformationEvent":
        outputs = [{"epcClass": f"urn:epc:class:lgtin:{PREFIX}.0{chance.randrange(90000, 90009)}.L{number // 50}"}]
        return {
            "transformationID": f"urn:uuid:00000000-0000-4000-8000-{(base + number) % 16**12:012x}",
            "inputEPCList": _fresh(number, base, "7", 3),
            "outputQuantityList": [{**o, "quantity": chance.randrange(1, 900) / 8, "uom": "KGM"} for o in outputs],
            "disposition": "in_progress",
        }
    return {"action": "OBSERVE", "epcList": _some(chance, base, items, 4), "disposition": "returned"}


def _some(chance: random.Random, base: int, items: int, count: int) -> list[str]:
    return [f"urn:epc:id:sgtin:{PREFIX}.0{n % 40 + 10000}.{base + n}" for n in chance.sample(range(items), count)]


def _fresh(number: int, base: int, family: str, count: int) -> list[str]:
    """Return things that no other event of the run puts into something else: each has one life."""
    return [f"urn:epc:id:sgtin:{PREFIX}.0{family}0001.{base + number}{k}" for k in range(count)]
