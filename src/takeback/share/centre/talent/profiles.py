"""Talent profiles: fields, competencies, languages. Others see one only while its person agrees to that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import sqlalchemy as sa
from msgspec import Meta

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import Code, Facts, Line, kind
from takeback.share.centre.naming import PersonId, RecordId
from takeback.share.centre.people import Person, names
from takeback.share.centre.records import Record, change, create, find
from takeback.share.centre.seeing import apart
from takeback.share.centre.talent.competencies import Level, known_areas
from takeback.share.centre.talent.persons import own_or, present

Tag = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class Language(Facts, frozen=True, kw_only=True):
    """A language (BCP 47) and how well it is known: levels of the Common European Framework, or native."""

    tag: Tag
    level: Literal["A1", "A2", "B1", "B2", "C1", "C2", "native"]


class Held(Facts, frozen=True, kw_only=True):
    """A level held in an area of competency; `evidence`: the record that shows it."""

    area: Code
    level: Level
    evidence: RecordId | None = None


@kind("profile", title="field", states={"kept": ()}, create="training.edit", read="person.edit", person="person")
class Profile(Facts, frozen=True, kw_only=True):
    """A person's profile. `field`: the first one; `students_at_most`: whom a mentor takes on at the same time."""

    person: PersonId
    field: Line
    field_zh: Annotated[str, Meta(max_length=200)] = ""
    fields: tuple[Line, ...] = ()
    levels: tuple[Held, ...] = ()
    languages: tuple[Language, ...] = ()
    students_at_most: Annotated[int, Meta(ge=0, le=50)] = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """A profile with its person's name, as others may see it."""

    person: Person
    profile: Profile
    record_id: UUID


def set_profile(connection: sa.Connection, actor: CentreActor, facts: Profile, *, at: datetime | None = None) -> Record:
    """Say what a person can do: the person's own word, or that of whoever edits people.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-person`` (404), ``centre.no-competency``, ``centre.bad-profile`` for an area
        or a language twice.
    """
    own_or(actor, facts.person, "person.edit")
    present(connection, facts.person, lock=True)
    _each_once(facts)
    known_areas(connection, [held.area for held in facts.levels])
    old = profile_record(connection, facts.person)
    if old is None:
        return create(connection, actor, "profile", facts, at=at, allowed=True)
    return change(connection, actor, old.id, facts, at=at, allowed=True)


def profile_record(connection: sa.Connection, person_id: UUID) -> Record | None:
    """Return a person's profile as it stands, None if there is none. Who may see it is the caller's to know."""
    found = find(connection, "profile", person=person_id, limit=1)
    return found[0] if found else None


def profile_of(connection: sa.Connection, actor: CentreActor, person_id: UUID) -> Shown:
    """Return one's own profile, or that of a person who agrees; ``centre.no-profile`` (404) else.

    There is none either of a person who could be on the other side of a call (`seeing.apart`).
    """
    own = actor.person_id == person_id
    shown = _shown(connection, actor, find(connection, "profile", person=person_id), own=own)
    if not shown:
        raise Problem("centre.no-profile", msg("There is no profile to be seen."), found=person_id, status=404)
    return shown[0]


def profiles(
    connection: sa.Connection, actor: CentreActor, *, text: str = "", area: str = "", level: int = 1
) -> list[Shown]:
    """Return the profiles of those who agree, by name; `text` of a field, or at least `level` in an area."""
    found = _shown(connection, actor, find(connection, "profile"))
    return sorted(
        (one for one in found if _has(one.profile, text, area, level)), key=lambda one: (one.person.name, one.record_id)
    )


def _shown(connection: sa.Connection, actor: CentreActor, records: list[Record], *, own: bool = False) -> list[Shown]:
    actor.require("centre.read")
    persons = names(connection, [record.facts.person for record in records])
    return [
        Shown(person, record.facts, record.id)
        for record in records
        if (person := persons.get(record.facts.person)) and person.withdrawn_at is None
        if own or ("profile" in person.consents and not apart(person, actor))
    ]


def _has(profile: Profile, text: str, area: str, level: int) -> bool:
    fields = " ".join((profile.field, *profile.fields)).lower()
    able = not area or any(held.area == area and held.level >= level for held in profile.levels)
    return able and text.lower() in fields


def _each_once(facts: Profile) -> None:
    for field, given in (
        ("levels", [held.area for held in facts.levels]),
        ("languages", [one.tag for one in facts.languages]),
    ):
        if len({*given}) < len(given):
            raise Problem(
                "centre.bad-profile", msg("This stands there twice."), where=field, found=", ".join(sorted(given))
            )
