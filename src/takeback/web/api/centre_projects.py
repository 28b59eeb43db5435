"""Projects: planned, worked on with evidence, changed with approval, accepted, owned, used; and what members offer."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.operate import clock
from takeback.share.centre import projects, records, resources
from takeback.share.centre.acting import CentreActor
from takeback.web.api.centre_commands import command, question

TAGS, OFFERS = ["Centre: projects"], ["Centre: resources"]
PROJECT, RESOURCE = "/projects/{project_id:uuid}", "/resources/{resource_id:uuid}"
BOOKING, TRANSFER = "/bookings/{booking_id:uuid}", "/transfers/{transfer_id:uuid}"


def standings(
    connection: sa.Connection, actor: CentreActor, state: str | None = None, on: date | None = None
) -> list[projects.Standing]:
    """Return how projects stand on a day, today if none is said."""
    found = records.find(connection, "project", state=state)
    return projects.standings(connection, found, on or clock.now(connection, actor.org_id).date())


def conflicts_of(connection: sa.Connection, actor: CentreActor, project_id: UUID, expert: UUID) -> list[Any]:
    """Return why an expert cannot judge a project, for those who ask experts."""
    actor.require("centre.edit")
    return [*projects.conflicts_of(connection, project_id, expert)]


HANDLERS: list[Any] = [
    question("/projects", standings, "How projects stand: the traffic light", tags=TAGS),
    command("/projects", projects.project_from_proposal, "Enter the project of a funded proposal", tags=TAGS),
    command(f"{PROJECT}/begin", projects.begin_project, "Let the work begin", tags=TAGS),
    command(f"{PROJECT}/deliver", projects.deliver_project, "Say that the work is done", tags=TAGS),
    command(f"{PROJECT}/stop", projects.stop_project, "End a project before its time", tags=TAGS),
    question(f"{PROJECT}/origin", projects.origin_of, "The proposal that a project comes from", tags=TAGS),
    command(f"{PROJECT}/resume", projects.resume_project, "Let a refused project work on", tags=TAGS),
    question(f"{PROJECT}/timeline", projects.timeline, "A project's moments by day", tags=TAGS),
    question(f"{PROJECT}/conflicts", conflicts_of, "Why an expert cannot judge a project", tags=TAGS),
    command(f"{PROJECT}/acceptance", projects.open_acceptance, "Ask experts to judge a project", tags=TAGS),
    command("/acceptances/{acceptance_id:uuid}/opinion", projects.give_opinion, "Give your opinion", tags=TAGS),
    command("/acceptances/{acceptance_id:uuid}/conclude", projects.conclude, "Decide on the opinions", tags=TAGS),
    command("/work-packages/{package_id:uuid}/state", projects.move_work_package, "Running, or done", tags=TAGS),
    command("/deliverables/{deliverable_id:uuid}/hand-over", projects.hand_over, "Hand over, with files", tags=TAGS),
    command("/deliverables/{deliverable_id:uuid}/judge", projects.judge_deliverable, "Approve or return", tags=TAGS),
    command(
        "/project-milestones/{milestone_id:uuid}/reach", projects.reach_milestone, "Reached, with files", tags=TAGS
    ),
    command("/project-milestones/{milestone_id:uuid}/drop", projects.drop_milestone, "Give a milestone up", tags=TAGS),
    command("/progress/{progress_id:uuid}/note", projects.note_progress, "Say that a report was read", tags=TAGS),
    command("/risks/{risk_id:uuid}/state", projects.move_risk, "Say that a risk occurred or is closed", tags=TAGS),
    command("/project-changes/{change_id:uuid}/decision", projects.decide_change, "Approve a change", tags=TAGS),
    command("/ip/{ip_id:uuid}/register", projects.register_ip, "Say under which number it is registered", tags=TAGS),
    command(f"{TRANSFER}/received", projects.update_transfer, "What was received of a transfer so far", tags=TAGS),
    command(f"{TRANSFER}/end", projects.end_transfer, "Say that a transfer has ended", tags=TAGS),
    command("/adoptions/{adoption_id:uuid}/effects", projects.add_effect, "What an adoption changed", tags=TAGS),
    question(
        "/adoptions/{adoption_id:uuid}/effects", projects.proven_effects, "Effects, looked up in the log", tags=TAGS
    ),
    command("/adoptions/{adoption_id:uuid}/result", projects.link_adoption, "Say which result is used", tags=TAGS),
    command("/adoptions/{adoption_id:uuid}/end", projects.end_adoption, "Say that it is used no more", tags=TAGS),
    question(f"{RESOURCE}/calendar", resources.calendar, "A resource's calendar", tags=OFFERS),
    command(f"{RESOURCE}/bookings", resources.book, "Book a resource", tags=OFFERS),
    command(f"{RESOURCE}/withdraw", resources.withdraw_resource, "Take an offer back", tags=OFFERS),
    command(f"{RESOURCE}/again", resources.offer_again, "Offer again what was withdrawn", tags=OFFERS),
    question("/bookings", resources.my_bookings, "Your bookings", tags=OFFERS),
    command(f"{BOOKING}/cancel", resources.cancel, "Cancel a booking", tags=OFFERS),
    command(f"{BOOKING}/use", resources.record_use, "Record when it was really used", tags=OFFERS),
    command("/uses/{use_id:uuid}/result", resources.link_use, "Say what a use led to", tags=OFFERS),
    question("/resource-hours", resources.hours, "Hours of resources by project and result", tags=OFFERS),
]
