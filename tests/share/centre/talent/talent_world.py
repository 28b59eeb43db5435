"""People for the tests of talent: students, mentors of both sides, a competency."""

from __future__ import annotations

from takeback import store
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.people import set_consents
from takeback.share.centre.talent import Competency, put_competency
from tests.share.centre.centre_world import START, CentreWorld


def students(centre: CentreWorld, count: int, member: str = "university", start: int = 0) -> list[CentreActor]:
    """Enter students of a member, who agree to everything."""
    return [centre.enter(f"Student {member} {n}", member, "student") for n in range(start, start + count)]


def area(centre: CentreWorld, code: str = "BAT") -> str:
    """Put an area of competency."""
    with store.transaction(centre.org) as connection:
        put_competency(connection, centre.manager, Competency(code=code, name=code, name_zh=code), at=START)
    return code


def agree(centre: CentreWorld, actor: CentreActor, *consents: str) -> None:
    """Change what a person agrees to."""
    with store.transaction(centre.org) as connection:
        set_consents(connection, actor, consents)
