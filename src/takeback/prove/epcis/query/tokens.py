"""nextPageToken: where a page ended, for which query, and when; it carries everything and the server keeps nothing.

A token gives no right: whose events are read is decided by row-level security alone. The sum over it finds slips of
copying; who forges one gets another page of the same query, of the same organisation.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.prove.epcis.query.trouble import wrong

LIFETIME = timedelta(hours=1)
NAME = "nextPageToken"
_SUM = 6  # bytes
_VERSION = 1
_LONGEST = 4096
_LARGEST = 2**58  # microseconds beyond the year 9999, and more entries than there will be
Step = int | str | None
Form = Sequence[tuple[type, ...]]


@dataclass(frozen=True, slots=True)
class Token:
    """``place``: the sort key and identity of the last event given; ``seen``: how many were given so far."""

    digest: bytes
    seen: int
    place: tuple[Step, ...]

    def write(self, now: datetime) -> str:
        """Return the token as text of an address."""
        fields = [_VERSION, int(now.timestamp()), self.digest.hex(), self.seen, list(self.place)]
        content = msgspec.json.encode(fields)
        return base64.urlsafe_b64encode(_sum(content) + content).decode().rstrip("=")


def expires(now: datetime) -> datetime:
    """Return until when a token written now is taken."""
    return (now + LIFETIME).replace(microsecond=0)


def read(text: str, digest: bytes, now: datetime, *, form: Form) -> Token:
    """Return the token of a text; ``form`` gives the types of its place.

    Raises ``Problem`` (``epcis.query-parameter``) for a text that is no token, a token of another query, or one that
    is older than `LIFETIME`.
    """
    content = _content(text)
    try:
        version, made, named, seen, place = msgspec.json.decode(content, type=tuple[int, int, str, int, list[Step]])
    except (msgspec.DecodeError, msgspec.ValidationError):
        raise refused(text, msg("a token as it stood in the last answer")) from None
    fits = len(place) == len(form) and all(type(step) in kinds for step, kinds in zip(place, form, strict=True))
    if version != _VERSION or not fits or not all(map(_storable, place)) or not 0 <= seen < _LARGEST:
        raise refused(text, msg("a token as it stood in the last answer"))
    if named != digest.hex():
        raise refused(text, msg("a token of this query: its parameters must stay the same from page to page"))
    age = now.timestamp() - made
    if not -LIFETIME.total_seconds() <= age <= LIFETIME.total_seconds():
        raise refused(text, msg("a token of the last hour"))
    return Token(digest, seen, tuple(place))


def _storable(step: Step) -> bool:
    """Whether PostgreSQL can compare with it: no number beyond 64 bits, no text with NUL."""
    return "\0" not in step if isinstance(step, str) else step is None or abs(step) < _LARGEST


def _content(text: str) -> bytes:
    try:
        if len(text) > _LONGEST:
            raise ValueError
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise refused(text, msg("a token as it stood in the last answer")) from None
    if _sum(raw[_SUM:]) != raw[:_SUM]:
        raise refused(text, msg("a token as it stood in the last answer"))
    return raw[_SUM:]


def _sum(content: bytes) -> bytes:
    return sha256(b"takeback page " + content).digest()[:_SUM]


def refused(found: object, expected: Message) -> Problem:
    """Return the problem of a token that is not taken."""
    return wrong(NAME, found, expected, remedy=msg("Ask for the first page again, without the token."))
