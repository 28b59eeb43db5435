"""Innovation teams: who works together on what, since when."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from msgspec.structs import replace

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import Facts, Line, Text, kind
from takeback.share.centre.naming import PersonId
from takeback.share.centre.people import Person, names
from takeback.share.centre.records import Record, change, create, get, move
from takeback.share.centre.talent.persons import own_or, present


class Place(Facts, frozen=True, kw_only=True):
    """A person's place in a team; `task`: what for."""

    person: PersonId
    task: str = ""
    since: date | None = None
    until: date | None = None


@kind("team", title="name", states={"active": ("closed",), "closed": ()}, create="training.edit", person="leader")
class Team(Facts, frozen=True, kw_only=True):
    """A team, led by one of its people."""

    name: Line
    name_zh: Line
    leader: PersonId
    aim: Text = ""
    aim_zh: Text = ""
    fields: tuple[Line, ...] = ()
    places: tuple[Place, ...] = ()


def put_team(connection: sa.Connection, actor: CentreActor, team: Team, *, at: datetime | None = None) -> Record:
    """Put a team; its leader has a place in it.

    Raises
    ------
    Problem
        ``centre.forbidden``, ``centre.no-person`` (404), ``centre.bad-team`` for a person twice.
    """
    actor.require("training.edit")
    return create(connection, actor, "team", _checked(connection, team), at=at)


def change_team(
    connection: sa.Connection, actor: CentreActor, team_id: UUID, team: Team, *, at: datetime | None = None
) -> Record:
    """Change a team: its leader may, and whoever edits training."""
    old = get(connection, team_id, kind="team", lock=True)
    own_or(actor, old.facts.leader, "training.edit")
    return change(connection, actor, team_id, _checked(connection, team, old.facts), at=at, allowed=True)


def close_team(
    connection: sa.Connection, actor: CentreActor, team_id: UUID, *, reason: str = "", at: datetime | None = None
) -> Record:
    """Close a team; what it did stays."""
    return move(connection, actor, team_id, "closed", kind="team", reason=reason, at=at)


def people_of(connection: sa.Connection, team: Team, on: date) -> list[Person]:
    """Return who is in a team on a day, the leader first; those who withdrew are not named."""
    ids = [one.person for one in team.places if (one.since or on) <= on < (one.until or date.max)]
    persons = names(connection, ids)
    here = [persons[one] for one in ids if one in persons and persons[one].withdrawn_at is None]
    return sorted(here, key=lambda person: (person.id != team.leader, person.name))


def _checked(connection: sa.Connection, team: Team, before: Team | None = None) -> Team:
    ids = [one.person for one in team.places]
    if len({*ids}) < len(ids):
        raise Problem("centre.bad-team", msg("A person stands there twice."), where=team.name)
    known = {one.person for one in before.places} if before else set()
    for person in {team.leader, *ids} - known:
        present(connection, person)
    return team if team.leader in ids else replace(team, places=(Place(person=team.leader, task=""), *team.places))
