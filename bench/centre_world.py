"""A large centre for the bench: members, people, projects with their work, results, transfers, tasks, offers.

All of it is put in batches: an entry of the ledger for each record, as if it had been entered one by one.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID, uuid4

import sqlalchemy as sa

from takeback import prove, store
from takeback.core.ids import uuid7
from takeback.operate.identity.memberships import insert_member
from takeback.operate.identity.users import create_user
from takeback.operate.ledger import record
from takeback.share.centre import people, projects, records, resources, results, tasks
from takeback.share.centre.acting import CentreActor, system
from takeback.share.centre.founding import found_centre
from takeback.share.centre.kinds import Facts
from takeback.share.centre.members import Centre, Member
from takeback.store.bulk import insert

PASSWORD = "a long pass phrase of the bench"
YEAR = 2026
YEARS = range(YEAR - 3, YEAR + 1)
START = datetime(YEAR - 4, 6, 1, 8, tzinfo=UTC)
BATCH = 1_000
PERSON = "takeback:CentrePerson"
T = TypeVar("T")
SORTS = ("enterprise", "university", "institute", "authority")
FIELDS = ("battery grading", "returns routing", "safe transport", "disassembly", "mass accounts", "passports", "policy")
ROLES = (("researcher",), ("researcher", "mentor"), ("student",), ("delegate", "researcher"), ("student",))


@dataclass
class World:
    """What was built; `actors`: people who are no managers, by their first role."""

    org: UUID
    manager: CentreActor
    email: str
    members: list[UUID] = field(default_factory=list)
    people: list[UUID] = field(default_factory=list)
    actors: dict[str, list[CentreActor]] = field(default_factory=dict)
    projects: list[UUID] = field(default_factory=list)
    results: list[UUID] = field(default_factory=list)
    resources: list[UUID] = field(default_factory=list)
    accounts: dict[UUID | None, str] = field(default_factory=dict)

    @property
    def records(self) -> int:
        """How many records the centre has."""
        with store.transaction(self.org) as connection:
            return int(connection.execute(sa.text("select count(*) from centre_record")).scalar_one())


def build(members: int, persons: int, experts: int, works: int, seed: int) -> World:
    """Found a centre with so many members, people (of whom some are experts) and projects.

    A project brings about six records more.
    """
    chance = random.Random(seed)
    world = _founded()
    _members(world, members)
    _people(world, persons, experts, chance)
    _projects(world, works, chance)
    _outcome(world, chance)
    _offers(world, max(20, members // 2), chance)
    return world


def account(world: World, person: CentreActor) -> str:
    """Give a person an account with `PASSWORD`, unless it has one; return its e-mail."""
    if known := world.accounts.get(person.person_id):
        return known
    email = f"{person.person_id}@accounts.example"
    with store.admin() as connection:
        user = create_user(connection, email=email, display_name="Account", password=PASSWORD)
    with store.transaction(world.org) as connection:
        insert_member(connection, world.org, user.id, "participant")
        link = sa.text("update centre_person_name set user_id = :user where id = :person")
        connection.execute(link, {"user": user.id, "person": person.person_id})
    world.accounts[person.person_id] = email
    return email


def _founded() -> World:
    org, email = uuid4(), "manager@bench.example"
    with store.admin() as connection:
        user = create_user(connection, email=email, display_name="Manager", password=PASSWORD)
    centre = Centre(name="Centre of Reverse Logistics", name_zh="逆向物流协同创新中心", begins=START.date())
    manager = people.PersonFields(name="Wei Lan", name_zh="兰薇", roles=["manager", "director", "council"])
    with store.transaction(org) as connection:
        found_centre(connection, org, "bench", centre, manager=manager, user_id=user.id, at=START)
        person = connection.execute(sa.text("select id from centre_person")).scalar_one()
    roles = frozenset(manager.roles)
    return World(org, replace(system(org), person_id=person, roles=roles), email)


def _members(world: World, count: int) -> None:
    world.members = _put(world, "member", (
        Member(code=f"M{k:04}", name=f"Member {k} of the Valley", name_zh=f"谷地成员{k}", sort=SORTS[k % 4],  # type: ignore[arg-type]
               lead=k == 1, since=START.date()) for k in range(count)
    ))  # fmt: skip


def _people(world: World, count: int, experts: int, chance: random.Random) -> None:
    """Enter people: the entry that `people` writes for each, and the name beside the ledger."""
    for numbers in _batches(range(count)):
        rows, entries = [], []
        for k in numbers:
            person, member = uuid7(), chance.choice(world.members)
            roles = ("expert",) if k < experts else ROLES[k % len(ROLES)]
            said: dict[str, object] = {
                "id": str(person), "member": str(member), "roles": sorted(roles),
                "consents": ["profile", "statistics"] if k % 7 else [], "withdrawn": False,
            }  # fmt: skip
            body = {"type": PERSON, "takeback:step": people.STEP, "takeback:facts": said}
            entries.append(prove.Entry(PERSON, body, START))
            rows.append((world.org, person, f"Aurelion{k}x Quillfeather{k}x", f"羽{k}笺", f"p{k}@people.example"))
            world.people.append(person)
            actor = CentreActor(org_id=world.org, person_id=person, member_id=member, roles=frozenset(roles))
            world.actors.setdefault(roles[0], []).append(actor)
        with store.transaction(world.org) as connection:
            record(connection, world.manager, entries)
            insert(connection, "centre_person_name", ("org_id", "id", "name", "name_zh", "email"), rows)


def _projects(world: World, count: int, chance: random.Random) -> None:
    facts = []
    for k in range(count):
        begins = date(chance.choice(YEARS), chance.randint(1, 12), 1)
        team = chance.sample(world.people, 4)
        facts.append(projects.Project(
            code=f"P{k:05}", title=f"Project {k} on {chance.choice(FIELDS)}", title_zh=f"项目{k}",
            summary="Work. " * 30,
            leader=team[0], member=chance.choice(world.members), partners=tuple(chance.sample(world.members, 2)),
            team=tuple(projects.TeamMember(person=one, role="researcher") for one in team[1:]),
            begins=begins, ends=begins + timedelta(days=700), budget=chance.randint(10, 500) * 1_000_00,
        ))  # fmt: skip
    world.projects = _put(world, "project", facts)
    _move(world, world.projects, "running")
    old = [id for id, one in zip(world.projects, facts, strict=True) if one.ends.year <= YEAR]
    for state in ("delivered", "accepted"):
        _move(world, old[::2], state)


def _outcome(world: World, chance: random.Random) -> None:
    def due() -> date:
        return date(chance.choice(YEARS), chance.randint(1, 12), 15)

    handed = _put(world, "deliverable", (
        projects.Deliverable(project=id, code=f"D{n}", title=f"Deliverable {n}", due=due())
        for id in world.projects for n in range(2)
    ))  # fmt: skip
    _move(world, handed[::2], "delivered")
    _put(world, "project-milestone", (
        projects.ProjectMilestone(project=id, title="Half way", due=due(), criterion="Shown") for id in world.projects
    ))  # fmt: skip
    world.results = _put(world, "result", (_result(world, n, chance) for n in range(2 * len(world.projects))))
    _move(world, world.results[: len(world.results) * 9 // 10], "accepted")
    _put(world, "transfer", (
        projects.Transfer(project=id, title="Licence", sort="licence", taker=chance.choice(world.members),
                          signed=due(), value=chance.randint(1, 90) * 1_000_00) for id in world.projects[::10]
    ))  # fmt: skip
    levels = ("national", "regional", "industrial")
    _put(world, "task", (
        tasks.Task(code=f"T{n}", title=f"Task {n}", title_zh=f"任务{n}", level=levels[n % 3],  # type: ignore[arg-type]
                   commissioner="City", owner_id=chance.choice(world.people), member_id=chance.choice(world.members),
                   deliverable="Report", due=due()) for n in range(max(10, len(world.projects) // 20))
    ))  # fmt: skip


def _result(world: World, number: int, chance: random.Random) -> results.Result:
    said: dict[str, Any] = {"body": "Journal", "doi": f"10.9999/bench.{number}"}
    sort = ("paper", "paper", "patent", "software")[number % 4]
    if sort == "patent":
        said = {"body": "Office", "number": f"X{number}", "status": "granted"}
    elif sort == "software":
        said = {"licence": "Apache-2.0", "url": "https://software.example/"}
    return results.Result(
        sort=sort, title=f"Result {number} on {chance.choice(FIELDS)}", year=chance.choice(YEARS),  # type: ignore[arg-type]
        authors=(results.Author(person=chance.choice(world.people)),), member=chance.choice(world.members),
        projects=(world.projects[number // 2],), **said,
    )  # fmt: skip


def _offers(world: World, count: int, chance: random.Random) -> None:
    world.resources = _put(world, "resource", (
        resources.Resource(name=f"Bench {n}", sort="laboratory", member=chance.choice(world.members), capacity=2)
        for n in range(count)
    ))  # fmt: skip


def _put(world: World, kind: str, facts: Iterable[Facts]) -> list[UUID]:
    ids: list[UUID] = []
    for some in _batches(facts):
        with store.transaction(world.org) as connection:
            ids += records.create_many(connection, world.manager, kind, some, at=START, allowed=True)
    return ids


def _move(world: World, ids: Sequence[UUID], state: str) -> None:
    at = datetime(YEAR, 3, 2, 8, tzinfo=UTC)
    for some in _batches(ids):
        with store.transaction(world.org) as connection:
            records.move_many(connection, world.manager, some, state, at=at, allowed=True)


def _batches(things: Iterable[T]) -> Iterator[list[T]]:
    waiting = iter(things)
    while some := list(islice(waiting, BATCH)):
        yield some
