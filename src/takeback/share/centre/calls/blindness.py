"""Whether the two sides of a call stay unknown to each other: every answer is searched for the other side's secrets.

A case is one answer searched for one secret; what secrets are, `secrets` says.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from html import unescape
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.share.centre import people
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.author_view import own_proposals
from takeback.share.centre.calls.reviewer_view import calls_to_review, reviewer_file, reviewer_view
from takeback.share.centre.calls.secrets import Side, Sides
from takeback.share.centre.calls.taking_part import IN_PLAY, of_call, proposals_of
from takeback.share.centre.calls.unpacking import unpacked

_SMALLEST = 10_000  # a number below it stands in texts for something else as often as for an entry
_COUNTS = frozenset(
    "points weight highest months minor budget_minor amount_minor total_minor reviews final cases left".split()  # noqa: SIM905
)
"""Fields whose numbers count something: they are no ids of entries."""
_IDS = frozenset({"id of a person", "id of an organisation", "id of a record"})
_ESCAPED = re.compile(r"\\+u([0-9A-Fa-f]{4})")
_MARK = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
"""What could be a text in base64: a mark that a page hands out to be handed back."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that a person of a side got: where, and what (JSON or a file's bytes)."""

    side: Side
    person: UUID
    where: str
    answer: Any


class Leak(msgspec.Struct, frozen=True, kw_only=True):
    """A secret of the other side in an answer."""

    side: Side
    where: str
    what: str
    secret: str


class Blindness(msgspec.Struct, frozen=True, kw_only=True):
    """What a search found. `cases`: answers times secrets searched for."""

    cases: int
    leaks: tuple[Leak, ...]


def blindness_cases(connection: sa.Connection, call_id: UUID) -> Blindness:
    """Search all views of all reviewers and all applicants of a call."""
    return search(connection, call_id, views(connection, call_id))


def search(connection: sa.Connection, call_id: UUID, seen: Iterable[Seen]) -> Blindness:
    """Search answers that were got in whatever way (web, API, export) for secrets of the other side."""
    cases, leaks, hidden_from = 0, list[Leak](), cache(Sides(connection, call_id).hidden_from)
    for one in seen:
        text, numbers = _read(one.answer)
        for what, values in hidden_from(one.side, one.person).items():
            cases += len(values)
            found = (value for value in sorted(values) if value in numbers or _stands_in(what, value, text))
            leaks += [Leak(side=one.side, where=one.where, what=what, secret=value) for value in found]
    return Blindness(cases=cases, leaks=tuple(leaks))


def views(connection: sa.Connection, call_id: UUID) -> Iterator[Seen]:
    """Return every view and file of each reviewer, and every view of each applicant of a call."""
    org = UUID(connection.execute(sa.text("select current_setting('takeback.org')")).scalar_one())
    proposals = proposals_of(connection, call_id, "draft", "withdrawn", *IN_PLAY)
    for expert in {review.facts.expert for review in of_call(connection, "review", call_id)}:
        yield from _of_reviewer(connection, _actor(connection, org, expert), call_id)
    for person in {person for one in proposals for person in one.facts.identity.people}:
        actor = _actor(connection, org, person)
        if actor.roles:
            mine = [one for one in own_proposals(connection, actor) if one.call == call_id]
            yield Seen(side="author", person=person, where="own_proposals", answer=mine)


def _of_reviewer(connection: sa.Connection, actor: CentreActor, call_id: UUID) -> Iterator[Seen]:
    me = actor.person()
    if not actor.may("review.write"):
        return
    calls = [one for one in calls_to_review(connection, actor) if one.call == call_id]
    yield Seen(side="reviewer", person=me, where="calls_to_review", answer=calls)
    if not calls:
        return
    view = reviewer_view(connection, actor, call_id)
    yield Seen(side="reviewer", person=me, where="reviewer_view", answer=view)
    for proposal in view.proposals:
        for file in proposal.files:
            label, media_type, content = reviewer_file(connection, actor, call_id, proposal.name, file.name)
            yield Seen(side="reviewer", person=me, where="reviewer_file", answer=[label, media_type])
            yield Seen(side="reviewer", person=me, where="reviewer_file content", answer=content)


def _read(answer: Any) -> tuple[str, frozenset[str]]:
    """Return all text of an answer, and its numbers."""
    if isinstance(answer, bytes):
        return written_plainly(unpacked(answer)), frozenset()
    plain = msgspec.to_builtins(answer, enc_hook=str)
    return written_plainly(msgspec.json.encode(plain).decode()), frozenset(_numbers(plain))


def written_plainly(text: str) -> str:
    """Return a text in small letters as it reads: without the spellings of HTML, addresses, JSON and base64."""
    known = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), unquote(unescape(text))).replace("+", " ")
    return "\n".join((known, *(said for mark in _MARK.findall(text) if (said := _said_in(mark))))).casefold()


def _said_in(mark: str) -> str:
    """Return what a mark says in base64; nothing where that is no text."""
    packed = mark.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        text = b64decode(packed + "=" * (-len(packed) % 4)).decode()
    except ValueError:
        return ""
    return text if text.isprintable() else ""


def _stands_in(what: str, secret: str, text: str) -> bool:
    wanted = secret.casefold().replace("+", " ")
    if what in _IDS:
        return wanted in text or wanted.replace("-", "") in text
    if what != "entry":
        return wanted in text
    found = int(secret) >= _SMALLEST and secret in text
    return found and re.search(rf"(?<!\d){secret}(?!\d)", text) is not None


def _numbers(value: Any) -> Iterator[str]:
    if isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            if name not in _COUNTS:
                yield from _numbers(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _numbers(item)


def _actor(connection: sa.Connection, org: UUID, person: UUID) -> CentreActor:
    found = people.person_by_id(connection, person)
    return CentreActor(org_id=org, person_id=person, member_id=found.member_id, roles=frozenset(found.roles))
