"""The page of a member: what of its work stands today, and the seats of its people."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from takeback import store
from takeback.operate import clock
from takeback.share.centre import records
from takeback.share.centre.organisation import Body, Seat
from takeback.share.centre.problems import Problem
from takeback.share.centre.projects.kinds import Project
from takeback.share.centre.resources.kinds import Resource
from tests.share.centre.centre_world import START
from tests.web.centre_people import SignedCentre
from tests.web.conftest import Enter

_FIGURE = re.compile(r'<span class="neighbour">([^<]+)</span><span class="figure">(\d+)</span>')


def put(centre: SignedCentre, kind: str, facts: Any, *states: str) -> UUID:
    """Put a record and move it on through states."""
    with store.transaction(centre.world.org) as connection:
        made = records.create(connection, centre.world.manager, kind, facts, at=START, allowed=True)
        for state in states:
            records.move(connection, centre.world.manager, made.id, state, reason="So.", at=START, allowed=True)
    return made.id


def figures(page: str) -> dict[str, int]:
    """Return the figures of the card of what a member does: label -> number."""
    card = page.split('<ul class="centre-figures">', 1)[1].split("</ul>", 1)[0]
    return {label: int(n) for label, n in _FIGURE.findall(card)}


def test_what_was_closed_stopped_refused_or_withdrawn_does_not_count(enter: Enter, centre: SignedCentre) -> None:
    """Of three problems one was closed, of five projects one each is planned, stopped and refused, and so on."""
    maker, lead = centre.world.members["maker"], centre.world.people["bob"].id
    problem = Problem(title="Packs", title_zh="包", member_id=maker, details="Why.")
    for closed in ((), (), ("closed",)):
        put(centre, "problem", problem, *closed)
    project = Project(
        code="P", title="Work", leader=lead, member=maker, begins=date(2026, 1, 1), ends=date(2027, 1, 1), budget=1_00
    )
    ways = ((), ("running",), ("running", "stopped"), ("running", "delivered", "refused"),
            ("running", "delivered", "accepted"))  # fmt: skip
    for n, states in enumerate(ways):
        put(centre, "project", replace(project, code=f"P{n}"), *states)
    shared = replace(project, code="P9", member=centre.world.members["shop"], partners=(maker,))
    put(centre, "project", shared, "running")
    resource = Resource(name="Tester", sort="equipment", member=maker)
    put(centre, "resource", resource)
    put(centre, "resource", resource, "withdrawn")
    told = figures(enter("alice").get(f"/centre/member/{maker}").text)
    assert told == {"Problems stated": 2, "Projects under way": 2, "Projects accepted": 1, "Resources offered": 1}


def test_seats_count_while_they_are_held(enter: Enter, centre: SignedCentre) -> None:
    """A seat that ended, one that begins tomorrow, one of a dissolved body and one of another member do not count."""
    maker, bob, lin = centre.world.members["maker"], centre.world.people["bob"].id, centre.world.people["lin"].id
    with store.transaction(centre.world.org) as connection:
        day = clock.now(connection, centre.world.org).date()
    held = Seat(person=bob, begins=day - timedelta(3))
    over = Seat(person=bob, begins=date(2020, 1, 1), ends=day - timedelta(2))
    later, other = Seat(person=bob, begins=day + timedelta(2)), Seat(person=lin, begins=day - timedelta(3))
    body = Body(name="Council", name_zh="理事会", sort="council", seats=(held, over, later, other))
    put(centre, "body", body)
    put(centre, "body", replace(body, seats=(held,)), "dissolved")
    assert figures(enter("alice").get(f"/centre/member/{maker}").text) == {"Seats held": 1}
