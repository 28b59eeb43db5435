"""What could tell who a side of a call is: all that is recorded of it beside what the other side is to read.

Names and addresses, ids of persons, members, records, files and entries, names and hashes of files, moments, and the
days on which something was done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from takeback.share.centre import files, people, records
from takeback.share.centre.calls.call import Call
from takeback.share.centre.calls.proposal import Identity
from takeback.share.centre.calls.taking_part import IN_PLAY, of_call, proposals_of
from takeback.share.centre.records import Record

Side = Literal["reviewer", "author"]
Secrets = Mapping[str, frozenset[str]]
"""What a secret is (a person's name, a file's name, ...) -> secrets of that sort."""
_FORMS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y%m%dT%H%M%S", "%Y%m%d%H%M%S", "%d %b %Y %H:%M:%S")
"""How moments are written: ISO 8601, long and short, PDF 32000-1:2008, 7.9.4, and RFC 9110, 5.6.7 (headers)."""
_SHORTEST = 3  # characters of a name that is searched for


class Sides:
    """Both sides of a call, read once."""

    def __init__(self, connection: sa.Connection, call_id: UUID) -> None:
        self.call: Call = records.get(connection, call_id, kind="call").facts
        self.proposals = proposals_of(connection, call_id, "draft", "withdrawn", *IN_PLAY)
        self.reviews = of_call(connection, "review", call_id)
        self.said = [*of_call(connection, "discussion", call_id), *of_call(connection, "conflict", call_id)]
        self._kept = {one.id: files.files_of(connection, one.id) for one in [*self.proposals, *self.reviews]}
        persons = {review.facts.expert for review in self.reviews}
        persons |= {person for one in self.proposals for person in _persons(one.facts.identity)}
        self._people = people.names(connection, persons)
        self._members = {one.id: one.facts for one in records.find(connection, "member")}
        self._of_authors = cache(self._authors)
        self._public = {one for one in _moments(self.call) if one}

    def hidden_from(self, side: Side, person: UUID) -> Secrets:
        """Return what somebody must not see: the other side's secrets, without what the reader may know anyway."""
        if side == "reviewer":
            mine = [review for review in self.reviews if review.facts.expert == person]
            return _without(self._of_authors(), self._secrets(mine, {person}, set()))
        own = [one for one in self.proposals if person in one.facts.identity.people]
        known = {other for one in own for other in _persons(one.facts.identity)}
        members = {member for one in own for member in one.facts.identity.members}
        experts = {review.facts.expert for review in self.reviews}
        return _without(self._secrets([*self.reviews, *self.said], experts, set()), self._secrets(own, known, members))

    def _authors(self) -> Secrets:
        team = {person for one in self.proposals for person in one.facts.identity.people}
        members = {member for one in self.proposals for member in one.facts.identity.members}
        return self._secrets(self.proposals, team, members)

    def _secrets(self, of: list[Record], persons: Iterable[UUID], members: Iterable[UUID]) -> Secrets:
        kept = [file for record in of for file in self._kept.get(record.id, ())]
        known = [self._people[one] for one in persons if one in self._people]
        there = [self._members[one] for one in members]
        steps = [one for record in of for one in (record.created_at, record.changed_at)]
        moments = {*steps, *(file.added_at for file in kept)} - self._public
        days = {self.call.day(one) for one in self._public}
        found: dict[str, set[str]] = {
            "name of a person": {name for one in known for name in (one.name, one.name_zh, one.email or "")},
            "id of a person": {str(one.id) for one in known},
            "name of an organisation": {name for one in there for name in (one.name, one.name_zh)},
            "id of an organisation": {str(one) for one in members},
            "id of a record": {str(record.id) for record in of},
            "entry": {str(entry) for record in of for entry in (record.first_entry, record.entry_id)},
            "name of a file": {file.name for file in kept},
            "file": {text for file in kept for text in (str(file.id), file.sha256)},
            "moment": {text for one in moments for text in _written(self.call, one)},
            "day": {self.call.day(one) for one in moments} - days,
        }
        return {what: frozenset(filter(_searchable(what), values)) for what, values in found.items()}


def _searchable(what: str) -> Callable[[str], bool]:
    return lambda secret: what == "entry" or len(secret) >= _SHORTEST


def _persons(identity: Identity) -> frozenset[UUID]:
    """Return whom applicants name: themselves, and the experts that they do not want."""
    return identity.people | {*identity.unwanted}


def _moments(call: Call) -> list[datetime | None]:
    return [call.opens, call.closes, call.review_closes, call.announced]


def _written(call: Call, moment: datetime) -> set[str]:
    """Return a moment in the ways in which it might be written, to the second."""
    local = moment.astimezone(call.closes.tzinfo)
    written = {format(one, form) for one in (moment, local) for form in _FORMS}
    return {*written, str(int(moment.timestamp())), str(int(moment.timestamp() * 1000))}


def _without(secrets: Secrets, known: Secrets) -> Secrets:
    return {what: values - known[what] for what, values in secrets.items()}
