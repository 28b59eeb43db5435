"""Which people of a centre somebody may see at all."""

from __future__ import annotations

from collections.abc import Iterable

from takeback.share.centre.acting import CentreActor
from takeback.share.centre.people import Person
from takeback.share.centre.roles import permissions_of


def visible(person: Person, who: CentreActor) -> bool:
    """Whether `who` may see a person at all.

    Those who enter people see everybody. Others see who agreed to a profile; but nobody who may apply, or work in a
    team that does, sees who is an expert, and no expert sees these: blind review begins with the list of people.
    """
    if who.may("person.edit") or person.id == who.person_id:
        return True
    return "profile" in person.consents and person.withdrawn_at is None and not apart(person, who)


def apart(person: Person, who: CentreActor) -> bool:
    """Whether a person could be on the other side of a call than `who`: whatever was agreed to, it is not shown."""
    if who.may("person.edit") or person.id == who.person_id:
        return False
    return any(one != other for one in _sides(who.roles) for other in _sides(person.roles))


def _sides(roles: Iterable[str]) -> frozenset[str]:
    """Return the sides of a call that somebody with these roles may be on; who runs the calls is in no team."""
    may = permissions_of(roles)
    applies = "project.work" in may and "proposal.run" not in may
    return frozenset(side for side, is_on in (("team", applies), ("review", "review.write" in may)) if is_on)
