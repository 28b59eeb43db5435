"""Which people of a centre somebody may see at all."""

from __future__ import annotations

from takeback.share.centre.acting import CentreActor
from takeback.share.centre.people import Person
from takeback.share.centre.roles import permissions_of

_SIDES = ("proposal.submit", "review.write")


def visible(person: Person, who: CentreActor) -> bool:
    """Whether `who` may see a person at all.

    Those who enter people see everybody. Others see who agreed to a profile; but nobody who may submit proposals sees
    who is an expert, and no expert sees who may submit: blind review begins with the list of people.
    """
    if who.may("person.edit") or person.id == who.person_id:
        return True
    theirs = permissions_of(person.roles)
    apart = any(who.may(mine) and other in theirs for mine, other in (_SIDES, _SIDES[::-1]))
    return "profile" in person.consents and person.withdrawn_at is None and not apart
