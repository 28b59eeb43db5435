"""Confirming a stop: what was collected, weighed, signed and seen, or why not; the phone may send it twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Annotated, Any, get_args
from uuid import UUID

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from takeback.core.canonical import canonical_json
from takeback.core.items import item_key
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate import plans
from takeback.operate.collection.accepting import accepted_plan, lock_day
from takeback.operate.collection.confirmations import (
    ConfirmedStop,
    Outcome,
    Reason,
    confirmed,
    confirmed_before,
    confirmed_stops,
)
from takeback.operate.collection.dispatching import DispatchedRoute, dispatched_route
from takeback.operate.collection.evidence import Kind, evidence_of, personal_part, wrong_image
from takeback.operate.collection.moments import wrong_moment
from takeback.operate.collection.progress import latest_of
from takeback.operate.ledger import Author, record
from takeback.operate.projection import Fact, projects
from takeback.operate.spine.collect import Collection, collect
from takeback.operate.spine.events import domain_event
from takeback.operate.values import LONGEST_CODE, LONGEST_TEXT, wrong_text
from takeback.operate.words import MOST, Moment
from takeback.store import bulk

MOST_OF_A_ROUTE = 500


class Confirmation(msgspec.Struct, frozen=True, kw_only=True):
    """What a driver says of a stop.

    - `key`: made by the phone, one for each confirmation; the same sent again changes nothing.
    - `stop`: the task's name in the plan; `at`: when it was done.
    - `outcome`: done (all was collected), partly (`items` were, by their URIs), failed (nothing). The latter two say
      `reason`.
    - `weight_kg`: what the scale showed for all that was collected together, None when there was none.
    - `signed_by`, `signature_png`, `photo_jpeg` (base64 in JSON): personal data, kept apart and erasable.
    """

    key: UUID
    stop: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)]
    outcome: Outcome
    at: Moment
    weight_kg: Annotated[float, Meta(ge=0, le=MOST / 1000)] | None = None
    reason: Reason | None = None
    note: Annotated[str, Meta(max_length=LONGEST_TEXT)] | None = None
    items: Annotated[list[str], Meta(max_length=10_000)] | None = None
    signed_by: Annotated[str, Meta(max_length=LONGEST_CODE)] | None = None
    signature_png: bytes | None = None
    photo_jpeg: bytes | None = None


def confirm(connection: sa.Connection, author: Author, route: UUID, said: Confirmation) -> ConfirmedStop:
    """Record what became of a stop of a dispatched route; return what stands in the ledger.

    What was collected is an event of the spine's step `collected`; a weight becomes a statement with its method, beside
    the mass that was declared. A stop that failed, or of which a part remained, may be confirmed again.

    Raises
    ------
    Problem
        ``collection.no-route``, ``collection.unknown-stop`` (404); ``collection.stop-done``, ``collection.key-reused``
        (409); ``collection.bad-confirmation`` with one error for each value that cannot be taken; those of
        `spine.collect`, as when somebody else collected the things.
    """
    author.require("stop.confirm")
    line = dispatched_route(connection, route)
    lock_day(connection, author.org_id, line.site_id, line.day)
    hashed = _digest(route, said)
    if (before := confirmed_before(connection, said.key)) is not None:
        return _same(before, hashed, said.key)
    plan_id, stop, elsewhere = _stop_of(connection, line, said.stop)
    earlier = latest_of(confirmed_stops(connection, line.site_id, line.day))
    _refuse_done(earlier.get(said.stop))
    _refuse_many(connection, route)
    there = _still_there(connection, stop["items"])
    taken = _checked(said, there, wrong_moment(connection, author.org_id, line, said.at))
    if taken:
        collect(connection, author, [_collection(connection, line, plan_id, stop, said, taken)])
    facts = {
        "id": str(said.key),
        "route_id": str(route),
        "plan_id": str(plan_id),
        "site_id": str(line.site_id),
        "day": line.day.isoformat(),
        "vehicle": line.vehicle,
        "number": line.number,
        "task": said.stop,
        "order": stop["order"],
        "outcome": said.outcome,
        "reason": said.reason,
        "note": said.note or None,
        "weight_g": None if said.weight_kg is None else round(said.weight_kg * 1000),
        "declared_g": sum(there.values()),
        "fetched_g": sum(there[epc] for epc in taken),
        "collected": taken,
        "remaining": [epc for epc in there if epc not in taken],
        "out_of_order": _out_of_order(connection, plan_id, line, said.stop, earlier),
        "elsewhere": elsewhere,
        "evidence": [msgspec.to_builtins(evidence_of(kind, image)) for kind, image in _images(said).items()],
        "request": hashed.hex(),
        "by": author.label,
        **personal_part(said.signed_by or None, _images(said)),
    }
    entry = domain_event(
        "takeback:StopConfirmed", step="stop confirmed", at=said.at, epcs=taken or list(stop["items"]), facts=facts
    )
    record(connection, author, [entry])
    return confirmed(connection, said.key)


def _same(before: tuple[ConfirmedStop, bytes], hashed: bytes, key: UUID) -> ConfirmedStop:
    if before[1] == hashed:
        return before[0]
    raise Problem(
        "collection.key-reused",
        msg("This key was used for another confirmation."),
        where="key",
        found=key,
        remedy=msg("Use a new key for each confirmation."),
        status=409,
    )


def _digest(route: UUID, said: Confirmation) -> bytes:
    """Return the SHA-256 of a confirmation, by which the same is known when it is sent again.

    Without the signer: it stays in the ledger for good, and all else is known there, so that a name that was erased
    could be found by trying names.
    """
    nameless = msgspec.structs.replace(said, signed_by=None)
    return sha256(canonical_json([str(route), msgspec.to_builtins(nameless)])).digest()


def _stop_of(connection: sa.Connection, line: DispatchedRoute, task: str) -> tuple[UUID, Mapping[str, Any], bool]:
    """Return the newest plan of the day that had the stop on this route, the stop, and whether it is elsewhere now."""
    accepted = accepted_plan(connection, line.site_id, line.day)
    newest = plan_id = accepted.plan_id if accepted else None
    while plan_id is not None:
        plan = plans.plan(connection, plan_id)
        for route in plan["routes"]:
            for stop in route["stops"] if (route["vehicle"], route["number"]) == (line.vehicle, line.number) else ():
                if stop.get("task", stop["order"]) == task:
                    return plan_id, stop, plan_id != newest
        plan_id = UUID(plan["revises"]) if plan.get("revises") else None
    raise Problem("collection.unknown-stop", msg("The route has no such stop."), where="stop", found=task, status=404)


def _refuse_done(before: ConfirmedStop | None) -> None:
    if before is not None and before.outcome == "done":
        title = msg("This stop was confirmed already.")
        raise Problem("collection.stop-done", title, where="stop", found=before.task, status=409)


def _refuse_many(connection: sa.Connection, route: UUID) -> None:
    """Refuse what no driver does in a day: each confirmation may bring images that are kept."""
    if (count := connection.scalar(_COUNT, {"route": route}) or 0) >= MOST_OF_A_ROUTE:
        title, most = msg("The route has too many confirmations."), msg("at most {count}", count=MOST_OF_A_ROUTE)
        raise Problem("collection.too-many", title, found=count, expected=most, status=409)


_COUNT = sa.text("select count(*) from stop_confirmation where route_id = :route")
_THERE = sa.text("select epc, mass_g from item where epc = any(:epcs) and stage = 'ordered' order by key")


def _still_there(connection: sa.Connection, epcs: Sequence[str]) -> dict[str, int]:
    """Return what is still to be collected at a stop, with the mass that was declared (grams)."""
    return {row.epc: int(row.mass_g) for row in connection.execute(_THERE, {"epcs": list(epcs)})}


def _checked(said: Confirmation, there: Mapping[str, int], moment: Message | None) -> list[str]:
    """Return the things that were collected, once all that was said can be taken; `moment`: what is wrong with it."""
    errors: list[Problem] = []

    def refuse(where: str, title: Message, found: object = None, expected: Message | str | None = None) -> None:
        errors.append(Problem("collection.bad-value", title, where=where, found=found, expected=expected))

    if moment is not None:
        refuse("at", msg("This cannot have happened then."), said.at.isoformat(), moment)
    if said.outcome != "done" and said.reason is None:
        refuse("reason", msg("Why was not all collected?"), None, " / ".join(get_args(Reason)))
    for name, text in (("note", said.note), ("signed_by", said.signed_by)):
        if text and (expected := wrong_text(text, LONGEST_TEXT)) is not None:
            refuse(name, msg("This text cannot be taken."), ascii(text), expected)
    for kind, image in _images(said).items():
        if (wrong := wrong_image(kind, image)) is not None:
            refuse(_FIELDS[kind], msg("This image cannot be taken."), *wrong)
    taken = _taken(said, there)
    if said.outcome == "done" and not there:
        refuse("stop", msg("Nothing is left to be collected here."))
    if said.outcome == "partly" and (unknown := [epc for epc in said.items or () if epc not in there]):
        refuse("items", msg("The stop has no such thing that is still to be collected."), unknown[0])
    if said.outcome == "partly" and not said.items:
        refuse("items", msg("This list is empty."), None, msg("at least one"))
    if said.weight_kg is not None and not taken:
        refuse("weight_kg", msg("Nothing was collected that could have been weighed."), said.weight_kg)
    if errors:
        raise Problem("collection.bad-confirmation", msg("The stop cannot be confirmed so."), errors=errors)
    return taken


def _taken(said: Confirmation, there: Mapping[str, int]) -> list[str]:
    if said.outcome == "failed":
        return []
    return list(there) if said.outcome == "done" else [epc for epc in there if epc in set(said.items or ())]


_FIELDS: dict[Kind, str] = {"signature": "signature_png", "photo": "photo_jpeg"}


def _images(said: Confirmation) -> dict[Kind, bytes]:
    found: dict[Kind, bytes | None] = {"signature": said.signature_png, "photo": said.photo_jpeg}
    return {kind: image for kind, image in found.items() if image}


def _collection(
    connection: sa.Connection,
    line: DispatchedRoute,
    plan_id: UUID,
    stop: Mapping[str, Any],
    said: Confirmation,
    taken: list[str],
) -> Collection:
    gln = connection.scalar(_GLN, {"id": stop["partner_id"]})
    place = f"https://id.gs1.org/414/{gln}" if gln else f"urn:uuid:{stop['partner_id']}"
    carrier = f"{line.vehicle} {line.number}"
    return Collection(epcs=taken, at=said.at, place=place, carrier=carrier, plan_id=plan_id)


_GLN = sa.text("select gln from partner where id = :id")


def _out_of_order(
    connection: sa.Connection,
    plan_id: UUID,
    line: DispatchedRoute,
    task: str,
    earlier: Mapping[str, ConfirmedStop],
) -> bool:
    """Tell whether a stop before this one was still open."""
    plan = plans.plan(connection, plan_id)
    for route in plan["routes"]:
        if (route["vehicle"], route["number"]) == (line.vehicle, line.number):
            names = [stop.get("task", stop["order"]) for stop in route["stops"]]
            return any(name not in earlier for name in names[: names.index(task)])
    return False


_ROW = (
    "org_id",
    "id",
    "entry_id",
    "route_id",
    "plan_id",
    "site_id",
    "day",
    "task",
    "outcome",
    "reason",
    "note",
    "at",
    "weight_g",
    "declared_g",
    "fetched_g",
    "collected",
    "remaining",
    "out_of_order",
    "elsewhere",
    "evidence",
    "request_hash",
)
_STATEMENT = ("org_id", "entry_id", "item_key", "property", "value", "unit", "method", "originator", "at", "provenance")


@projects("stop confirmed")
def _project(connection: sa.Connection, org: UUID, facts: Sequence[Fact]) -> None:
    bulk.insert(connection, "stop_confirmation", _ROW, [_row(org, fact) for fact in facts])
    bulk.insert(connection, "statement", _STATEMENT, [row for fact in facts for row in _statements(org, fact)])


def _row(org: UUID, fact: Fact) -> tuple[object, ...]:
    said = fact.body["takeback:facts"]
    named = ("route_id", "plan_id", "site_id", "day", "task", "outcome", "reason", "note")
    return (
        org,
        said["id"],
        fact.id,
        *(said[name] for name in named),
        fact.event_time,
        said["weight_g"],
        said["declared_g"],
        said["fetched_g"],
        len(said["collected"]),
        len(said["remaining"]),
        said["out_of_order"],
        said["elsewhere"],
        canonical_json(said["evidence"]).decode(),
        bytes.fromhex(said["request"]),
    )


def _statements(org: UUID, fact: Fact) -> list[tuple[object, ...]]:
    """Return what a weight states of the things: of one its mass, of several the mass of all together."""
    said = fact.body["takeback:facts"]
    if said["weight_g"] is None:
        return []
    together = len(said["collected"])
    name = "mass_at_collection" if together == 1 else "mass_of_consignment"
    method = "weighing at collection" if together == 1 else f"weighing at collection, {together} things together"
    kg = said["weight_g"] / 1000
    return [
        (org, fact.id, item_key(epc), name, kg, "kg", method, said["by"], fact.event_time, "real")
        for epc in said["collected"]
    ]
