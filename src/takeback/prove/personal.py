"""Personal data outside the log: what a body marks as personal is kept apart, and the body commits to it by a digest.

A body marks it by an object ``takeback:personal``, at any depth. The ledger keeps in its place the name of a salted
digest (RFC 6920, ``ni:///sha-256;...``): leaf and proofs are over that redacted form, so erasing the content changes
neither. Without the salt, which is erased with the content, nobody can try guesses against the digest.
"""

from __future__ import annotations

import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from takeback.core.canonical import canonical_json
from takeback.store import bulk

MARK = "takeback:personal"
ERASED = "takeback:Erased"  # the kind of an entry that says what was erased
NAMESPACE = "https://takeback.example/epcis/"  # of the vocabulary of our own
_LOCAL = MARK.partition(":")[2]
_WORD = _LOCAL.encode()  # looked for first: its last letter is rarer in JSON than a quote, so the search skips more
_IN_TEXT = f':{_LOCAL}"'.encode()
_NAME = "ni:///sha-256;"
_DIGEST = re.compile(_NAME + "[A-Za-z0-9_-]{43}")


class Personal(NamedTuple):
    """One object that was taken out of a body: ``digest`` is the salted SHA-256 of ``content`` (canonical JSON)."""

    digest: bytes
    salt: bytes
    content: bytes


def may_mark(canonical: bytes) -> bool:
    """Tell whether canonical JSON can hold a mark at all: a glance that spares most bodies `redact`."""
    return _WORD in canonical and _IN_TEXT in canonical


def redact(event: dict[str, Any]) -> tuple[dict[str, Any], list[Personal]]:
    """Return the event with each marked object replaced by its digest's name, and what was taken out.

    An event that marks nothing comes back as the same object. Digests that stand there already are left.
    """
    names = _names(event)
    if not _is_marked(event, names):
        return event, []
    taken: list[Personal] = []

    def hidden(content: Any) -> str:
        if (digest := digest_of(content)) is None:
            salt, canonical = os.urandom(16), canonical_json(content)
            digest = sha256(salt + canonical).digest()
            taken.append(Personal(digest, salt, canonical))
        return name_of(digest)

    return _changed(event, names, hidden), taken


def keep(connection: sa.Connection, org: UUID, taken: Sequence[tuple[int, Personal]]) -> None:
    """Store what was taken out of bodies, given with the ids of their entries, in the transaction that appends them."""
    rows = [(org, one.digest, entry, one.salt, one.content) for entry, one in taken]
    bulk.insert(connection, "personal", ("org_id", "digest", "entry_id", "salt", "content"), rows)


def without_personal(event: dict[str, Any]) -> dict[str, Any]:
    """Return the event without what it marks as personal: two captures of one event are equal in this form.

    Salts differ each time, so the event hash by which a replay is known must be taken over this form.
    """
    names = _names(event)
    return _changed(event, names, None) if _is_marked(event, names) else event


def restored(event: dict[str, Any], contents: Mapping[bytes, Any]) -> dict[str, Any]:
    """Return the event with the contents put back that are known by their digests; the others stay digests."""
    names = _names(event)
    if not contents or not _is_marked(event, names):
        return event
    changed: dict[str, Any] = _changed(event, names, lambda name: contents.get(digest_of(name) or b"", name))
    return changed


def digests(event: Mapping[str, Any]) -> list[bytes]:
    """Return the digests that stand in a redacted event for what was taken out."""
    names, found = _names(event), list[bytes]()
    stack: list[Any] = [event]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            found += [digest for name in names if (digest := digest_of(node.get(name))) is not None]
            stack += node.values()
        elif isinstance(node, list):
            stack += node
    return found


def name_of(digest: bytes) -> str:
    """Return how a body writes a digest."""
    return _NAME + urlsafe_b64encode(digest).decode().rstrip("=")


def digest_of(name: Any) -> bytes | None:
    """Return the digest that `name_of` wrote, None for anything else."""
    if not isinstance(name, str) or not _DIGEST.fullmatch(name):
        return None
    return urlsafe_b64decode(name[len(_NAME) :] + "=")


def _names(event: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the mark: the usual one, and those under other prefixes bound to our namespace."""
    context = event.get("@context")
    if not isinstance(context, Mapping):
        return (MARK,)
    others = (f"{prefix}:{_LOCAL}" for prefix, uri in context.items() if uri == NAMESPACE)
    return tuple(dict.fromkeys((MARK, *others)))


def _is_marked(event: Any, names: tuple[str, ...]) -> bool:
    """Tell whether a mark stands anywhere; each event that comes in passes here, so it is a plain loop."""
    stack = [event]
    while stack:
        node = stack.pop()
        if type(node) is dict:
            for name in names:
                if name in node:
                    return True
            node = node.values()
        for inner in node:
            if type(inner) is dict or type(inner) is list:
                stack.append(inner)
    return False


def _changed(value: Any, names: tuple[str, ...], change: Callable[[Any], Any] | None) -> Any:
    """Return a copy in which `change` has been applied to what is marked; None leaves it out."""
    if isinstance(value, list):
        return [_changed(inner, names, change) for inner in value]
    if not isinstance(value, dict):
        return value
    copied = {}
    for key, inner in value.items():
        if key not in names:
            copied[key] = _changed(inner, names, change)
        elif change is not None:
            copied[key] = change(inner)
    return copied
