"""What stands in a centre's side bar, by what the person's roles allow; and which kinds stand on one page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from takeback.core.message import Message, msg
from takeback.operate.identity import Actor
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.kinds import kinds
from takeback.web.console.views import CentrePlace


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the side bar: its path, the kinds that stand on it beside each other, the permission it needs."""

    path: str
    label: Message
    kinds: tuple[str, ...] = ()
    needs: str = "centre.read"


NOTICES = "/centre/notices"
PLACES: tuple[Place, ...] = (
    Place("/centre", msg("Overview")),
    Place(NOTICES, msg("Notices")),
    Place("/centre/member", msg("Members and people"), ("centre", "member")),
    Place("/centre/charter", msg("Charter and bodies"), ("charter", "agreement", "body", "meeting")),
    Place(
        "/centre/plan",
        msg("Plan and targets"),
        ("period", "milestone", "indicator", "target", "value", "priority", "evaluation"),
    ),
    Place("/centre/problem", msg("Problem board"), ("problem", "common-problem")),
    Place("/centre/call", msg("Calls"), ("call", "decision", "appeal")),
    Place("/centre/proposals", msg("My proposals"), needs="proposal.submit"),
    Place("/centre/reviews", msg("My reviews"), needs="review.write"),
    Place(
        "/centre/project",
        msg("Projects"),
        (
            "project",
            "work-package",
            "deliverable",
            "project-milestone",
            "risk",
            "progress",
            "project-change",
            "acceptance",
            "ip",
            "transfer",
            "adoption",
        ),
    ),
    Place("/centre/money", msg("Money"), ("fund", "commitment", "spending", "claim"), "money.read"),
    Place("/centre/claims", msg("My costs"), needs="project.work"),
    Place("/centre/resource", msg("Resources"), ("resource", "use")),
    Place("/centre/task", msg("Task register"), ("task",)),
    Place(
        "/centre/talent",
        msg("Talent"),
        (
            "profile",
            "team",
            "mentoring",
            "competency",
            "training-plan",
            "course",
            "enrolment",
            "thesis",
            "exchange",
            "credential",
        ),
    ),
    Place("/centre/source", msg("Frontier watch"), ("source", "best-known", "news")),
    Place("/centre/result", msg("Results"), ("result",)),
    Place("/centre/consultation", msg("Consultations"), ("consultation", "answer")),
    Place("/centre/reports", msg("Reports"), ("report",), "report.read"),
    Place("/centre/guided", msg("Centres that I guide"), needs="priority.edit"),
)


def places_for(actor: Actor, me: CentreActor, *, unread: int = 0) -> tuple[CentrePlace, ...]:
    """Return the side bar of somebody in a centre; a place none of whose kinds is known yet is left out.

    `unread`: notices that the person has not read.
    """
    return tuple(_entries(actor, me, unread))


def place_of(kind: str) -> Place | None:
    """Return the place on which a kind stands."""
    return next((place for place in PLACES if kind in place.kinds), None)


def _entries(actor: Actor, me: CentreActor, unread: int) -> Iterator[CentrePlace]:
    known = {one.name for one in kinds()}
    for place in PLACES:
        if me.may(place.needs) and (not place.kinds or known.intersection(place.kinds)):
            starts = (place.path, *(f"/centre/{kind}" for kind in place.kinds))
            count = unread if place.path == NOTICES else 0
            yield CentrePlace(href=place.path, label=place.label, starts=starts, count=count)
    if actor.may("ledger.read"):
        yield CentrePlace(href="/ledger", label=msg("Ledger"), starts=("/ledger",))
    if actor.may("job.read"):
        yield CentrePlace(href="/jobs", label=msg("Jobs"), starts=("/jobs",))
    yield CentrePlace(href="/settings", label=msg("Settings"), starts=("/settings",))
