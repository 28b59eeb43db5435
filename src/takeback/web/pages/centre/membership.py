"""What the page of a member shows beside: what of its work stands today, the seats of its people, and these."""

from __future__ import annotations

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.share.centre import organisation
from takeback.share.centre.people import Person, people
from takeback.share.centre.records import Record, find
from takeback.share.centre.seeing import visible
from takeback.web.console.views import FigureCard, Shown
from takeback.web.pages.centre.visit import Visit

STANDING: tuple[tuple[str, Message, tuple[str, ...]], ...] = (
    ("problem", msg("Problems stated"), ("stated", "merged", "called", "solved")),
    ("project", msg("Projects under way"), ("running", "delivered", "conditional")),
    ("project", msg("Projects accepted"), ("accepted",)),
    ("resource", msg("Resources offered"), ("offered",)),
    ("adoption", msg("Results in use"), ("using",)),
    ("task", msg("Tasks"), ("undertaken", "delivered", "received")),
)
"""Kind, what is counted, the states in which it counts: what was closed, stopped, refused or withdrawn does not."""
_OF_MEMBER = sa.text("""
    select kind, state, count(*) as n from centre_record
    where kind = any(:kinds) and (member_id = :member or facts -> 'partners' ? :text)
    group by kind, state
""")


def seen_people(visit: Visit, member: Record) -> list[Person]:
    """Return the people of a member whom the visitor may see."""
    return [one for one in people(visit.connection, member=member.id) if visible(one, visit.me)]


def counted(visit: Visit, member: Record, seen: list[Person]) -> tuple[FigureCard, ...]:
    """Return what of a member's work stands today, and how many seats its people hold whom the visitor may see."""
    kinds = [kind for kind, _, _ in STANDING]
    rows = visit.connection.execute(_OF_MEMBER, {"kinds": kinds, "member": member.id, "text": str(member.id)})
    there = {(row.kind, row.state): row.n for row in rows}
    told = [
        (label, sum(there.get((kind, state), 0) for state in states), kind, states) for kind, label, states in STANDING
    ]
    told.append((msg("Seats held"), _seats(visit, seen), "body", ("active",)))
    return tuple(
        FigureCard(label=label, value=Shown(number=n), href=_list(kind, states)) for label, n, kind, states in told if n
    )


def _seats(visit: Visit, seen: list[Person]) -> int:
    persons = {one.id for one in seen}
    bodies = find(visit.connection, "body", state="active")
    return sum(seat.person in persons for one in bodies for seat in organisation.sitting(one.facts, visit.today))


def _list(kind: str, states: tuple[str, ...]) -> str:
    """Return the list of a kind, narrowed to the state that counts where that is one."""
    return f"/centre/{kind}" + (f"?state={states[0]}" if len(states) == 1 else "")
