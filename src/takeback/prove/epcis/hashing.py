"""The event hash of CBV 2.0 (section 8.9): the same event gives the same hash in every spelling and format.

A pre-hash string is built in the fixed order of fields and hashed with SHA-256. What is left out: eventID, recordTime,
errorDeclaration, comments, and what the sender of a document asked to ignore (`Document.ignored`).

Where the text of the standard and its vectors differ, the vectors win: the type of a business transaction, source or
destination stands before the value; their lists stand behind the sensor elements, in the order of the alphabet,
together with `ilmd` and before the extension fields.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import Any

from takeback.native import quick
from takeback.prove.epcis.canonical import _heads
from takeback.prove.epcis.hash_fields import LAST, METADATA, ORDER, REPORT, Write, generic, listed
from takeback.prove.epcis.hash_names import HashNames, names_of
from takeback.prove.epcis.vocabulary import Kind, uri, words

Event = Mapping[str, Any]
VERSION = "CBV2.0"
_TAKEN = frozenset(name for name, _ in (*ORDER, *LAST)) | {
    "@context", "id", "type", "eventID", "recordTime", "errorDeclaration",
}  # fmt: skip
Shape = tuple[str, ...]
Plan = tuple[tuple[tuple[str, Write], ...], tuple[tuple[str, Write], ...], tuple[str, ...]]
_REMEMBERED, _LONGEST_SHAPE = 4096, 2000  # plans kept, and characters of the names of one
_plans: dict[Shape, Plan] = {}
# What is written for the words of the vocabulary, in the order in which `quick.prehash` wants it.
_PIECE_KINDS: tuple[tuple[str, Kind, str], ...] = (
    ("bizStep=", "bizStep", ""),
    ("disposition=", "disposition", ""),
    ("type=", "bizTransaction", "bizTransaction="),
    ("type=", "sourceDest", "source="),
    ("type=", "sourceDest", "destination="),
)
_PIECES = tuple({word: head + uri(kind, word) + tail for word in words(kind)} for head, kind, tail in _PIECE_KINDS)
_SENSOR_TREE: Mapping[str, Any] = {"sensorMetadata": METADATA, "sensorReport": REPORT}


def quick_tables(event: Event) -> tuple[HashNames, dict[str, str], tuple[dict[str, str], ...]]:
    """Return what `quick` needs to write the pre-hash string of an event, besides the event."""
    return names_of(event.get("@context")), _heads, _PIECES


def event_hash(event: Event, ignored: Collection[str] = ()) -> bytes:
    """Return the SHA-256 (32 bytes) of the event's pre-hash string."""
    if quick is not None and not ignored:
        written = quick.prehash(event, *quick_tables(event))
        if written is not None:
            return sha256(written).digest()
    return sha256(prehash(event, ignored).encode("utf-8", "surrogatepass")).digest()


def hash_uri(digest: bytes) -> str:
    """Return the hash as an event's name: `ni:///sha-256;...?ver=CBV2.0` (RFC 6920)."""
    return f"ni:///sha-256;{digest.hex()}?ver={VERSION}"


def prehash(event: Event, ignored: Collection[str] = ()) -> str:
    """Return the pre-hash string of an event in standard form.

    `ignored` are names `{namespace}name` that take no part (the `ignoreFields` of a document).
    """
    names = names_of(event.get("@context"))
    shape = tuple(event)
    plan = _plans.get(shape) or _planned(shape)
    parts = ["eventType=", str(event.get("type", ""))]
    parts += [write(value, names) for name, write in plan[0] if (value := event[name]) is not None]
    rest = [write(value, names) for name, write in plan[1] if (value := event[name])]
    for name in plan[2]:
        if not ignored or names[name] not in ignored:
            rest += generic(name, event[name], names)
    if "sensorElementList" in event:
        rest += ["sensorElementListsensorElement" + line for line in _strays(event["sensorElementList"], _SENSOR_TREE)]
    rest.sort()
    return "".join(parts) + "".join(rest)


def _planned(shape: Shape) -> Plan:
    """Return, and remember, what to write in which order for events that have these fields in this order."""
    first = tuple((name, write) for name, write in ORDER if name in shape)
    last = tuple((name, write) for name, write in LAST if name in shape)
    plan = (first, last, tuple(name for name in shape if name not in _TAKEN))
    if sum(map(len, shape)) <= _LONGEST_SHAPE:
        if len(_plans) >= _REMEMBERED:
            _plans.clear()
        _plans[shape] = plan
    return plan


def _strays(value: Any, tree: Mapping[str, Any]) -> list[str]:
    """Return fields without prefix that have no place in the order, each behind the names of what it stands in.

    The vectors have them so, at the end of the event (SensorDataExamples.xml: bizRules in a sensorReport).
    """
    plain_names = HashNames({})
    lines = []
    for item in listed(value):
        if not isinstance(item, dict):
            continue
        own: list[str] = []
        for name, inner in item.items():
            if name not in tree and ":" not in name:
                own += generic(name, inner, plain_names)
            elif isinstance(tree.get(name), dict):
                own += [name + line for line in _strays(inner, tree[name])]
        lines += ["".join(sorted(own))] if own else []
    return sorted(lines)
