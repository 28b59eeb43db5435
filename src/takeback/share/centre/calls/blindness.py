"""Whether the two sides of a call stay unknown to each other: every answer is searched for the other side's secrets.

A secret is anything that is recorded of a side and could tell who it is: names, addresses, ids of persons, members,
records, files and entries, names and hashes of files, moments and the days on which something was done. A case is one
answer searched for one secret.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.share.centre import files, people, records
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.calls.author_view import own_proposals
from takeback.share.centre.calls.call import Call
from takeback.share.centre.calls.reviewer_view import calls_to_review, reviewer_file, reviewer_view
from takeback.share.centre.calls.taking_part import IN_PLAY, proposals_of
from takeback.share.centre.people import Person
from takeback.share.centre.records import Record

Side = Literal["reviewer", "author"]
_SMALLEST = 10_000  # a number below it stands in texts for something else as often as for an entry
_COUNTS = frozenset(
    "points weight highest months minor budget_minor amount_minor total_minor reviews final cases left".split()  # noqa: SIM905
)
"""Fields whose numbers count something: they are no ids of entries."""
_SHORTEST = 3  # characters of a name that is searched for


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


Secrets = Mapping[str, frozenset[str]]
"""What a secret is (a person's name, a file's name, ...) -> secrets of that sort."""


def blindness_cases(connection: sa.Connection, call_id: UUID) -> Blindness:
    """Search all views of all reviewers and all applicants of a call."""
    return search(connection, call_id, views(connection, call_id))


def search(connection: sa.Connection, call_id: UUID, seen: Iterable[Seen]) -> Blindness:
    """Search answers that were got in whatever way (web, API, export) for secrets of the other side."""
    cases, leaks = 0, []
    for one in seen:
        secrets = secrets_of(connection, call_id, hidden_from=one)
        text, numbers = _read(one.answer)
        for what, values in secrets.items():
            cases += len(values)
            found = (value for value in sorted(values) if value in numbers or _stands_in(what, value, text))
            leaks += [Leak(side=one.side, where=one.where, what=what, secret=value) for value in found]
    return Blindness(cases=cases, leaks=tuple(leaks))


def views(connection: sa.Connection, call_id: UUID) -> Iterator[Seen]:
    """Return every view and file of each reviewer, and every view of each applicant of a call."""
    org = UUID(connection.execute(sa.text("select current_setting('takeback.org')")).scalar_one())
    proposals = proposals_of(connection, call_id, "draft", "withdrawn", *IN_PLAY)
    for expert in {review.facts.expert for one in proposals for review in _reviews(connection, one)}:
        yield from _of_reviewer(connection, _actor(connection, org, expert), call_id)
    for person in {person for one in proposals for person in one.facts.identity.people}:
        actor = _actor(connection, org, person)
        if actor.roles:
            mine = [one for one in own_proposals(connection, actor) if one.call == call_id]
            yield Seen(side="author", person=person, where="own_proposals", answer=mine)


def secrets_of(connection: sa.Connection, call_id: UUID, *, hidden_from: Seen) -> Secrets:
    """Return what somebody must not see: the other side's secrets, without what the reader may know anyway."""
    call: Call = records.get(connection, call_id, kind="call").facts
    proposals = proposals_of(connection, call_id, "draft", "withdrawn", *IN_PLAY)
    reviews = [review for one in proposals for review in _reviews(connection, one)]
    if hidden_from.side == "reviewer":
        own = _secrets(connection, call, _of(reviews, hidden_from.person), {hidden_from.person}, set())
        team = {person for one in proposals for person in one.facts.identity.people}
        members = {member for one in proposals for member in one.facts.identity.members}
        return _without(_secrets(connection, call, proposals, team, members), own)
    mine = [one for one in proposals if hidden_from.person in one.facts.identity.people]
    team = {person for one in mine for person in (*one.facts.identity.people, *one.facts.identity.unwanted)}
    own = _secrets(connection, call, mine, team, {member for one in mine for member in one.facts.identity.members})
    said = [one for one in records.find(connection, "discussion") if one.facts.call == call_id]
    conflicts = records.find(connection, "conflict", parent=call_id)
    experts = {review.facts.expert for review in reviews}
    return _without(_secrets(connection, call, [*reviews, *said, *conflicts], experts, set()), own)


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


def _secrets(
    connection: sa.Connection, call: Call, of: list[Record], persons: set[UUID], members: set[UUID]
) -> Secrets:
    kept = [file for record in of for file in files.files_of(connection, record.id)]
    steps = [*(one for record in of for one in (record.created_at, record.changed_at)), *(f.added_at for f in kept)]
    moments = {*steps} - {*_moments_of(call)}
    known = [people.person_by_id(connection, one) for one in persons]
    there = [records.get(connection, one, kind="member").facts for one in members]
    days = {call.day(one) for one in _moments_of(call)}
    found = {
        "name of a person": {name for one in known for name in _names(one)},
        "id of a person": {str(one) for one in persons},
        "name of an organisation": {name for one in there for name in (one.name, one.name_zh)},
        "id of an organisation": {str(one) for one in members},
        "id of a record": {str(record.id) for record in of},
        "entry": {str(n) for record in of for n in (record.first_entry, record.entry_id)},
        "name of a file": {file.name for file in kept},
        "file": {text for file in kept for text in (str(file.id), file.sha256)},
        "moment": {text for one in moments for text in _written(call, one)},
        "day": {call.day(one) for one in moments} - days,
    }
    return {
        what: frozenset(one for one in values if what == "entry" or len(one) >= _SHORTEST)
        for what, values in found.items()
    }


def _long_enough(secret: str) -> bool:
    return len(secret) >= _SHORTEST


def _names(person: Person) -> list[str]:
    return [text for text in (person.name, person.name_zh, person.email) if text]


def _moments_of(call: Call) -> list[datetime]:
    return [call.opens, call.closes, call.review_closes, *([call.announced] if call.announced else [])]


def _written(call: Call, moment: datetime) -> set[str]:
    """Return a moment in the ways in which it might be written, to the second."""
    local = moment.astimezone(call.closes.tzinfo)
    written = {form for one in (moment, local) for form in (f"{one:%Y-%m-%dT%H:%M:%S}", f"{one:%Y-%m-%d %H:%M:%S}")}
    return {*written, str(int(moment.timestamp())), str(int(moment.timestamp() * 1000))}


def _without(secrets: Secrets, known: Secrets) -> Secrets:
    return {what: values - known[what] for what, values in secrets.items()}


def _read(answer: Any) -> tuple[str, frozenset[str]]:
    """Return all text of an answer, and its numbers."""
    if isinstance(answer, bytes):
        return answer.decode("utf-8", "replace").casefold(), frozenset()
    plain = msgspec.to_builtins(answer, enc_hook=str)
    return msgspec.json.encode(plain).decode().casefold(), frozenset(_numbers(plain))


def _stands_in(what: str, secret: str, text: str) -> bool:
    return secret.casefold() in text and (what != "entry" or int(secret) >= _SMALLEST)


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


def _reviews(connection: sa.Connection, proposal: Record) -> list[Record]:
    return records.find(connection, "review", parent=proposal.id)


def _of(reviews: list[Record], expert: UUID) -> list[Record]:
    return [review for review in reviews if review.facts.expert == expert]


def _actor(connection: sa.Connection, org: UUID, person: UUID) -> CentreActor:
    found = people.person_by_id(connection, person)
    return CentreActor(org_id=org, person_id=person, member_id=found.member_id, roles=frozenset(found.roles))
