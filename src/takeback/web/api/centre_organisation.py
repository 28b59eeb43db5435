"""How a centre is organised: who leads, what was agreed on and signed, bodies and their meetings, who guides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from litestar import Response, get, post

from takeback.operate.identity import Actor, Invitation
from takeback.share.centre import organisation
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.organisation import CentreSeen
from takeback.share.centre.records import Record
from takeback.share.centre.role_history import role_history
from takeback.web.api.centre_answers import plain, speaker
from takeback.web.api.centre_asking import URL, once_within
from takeback.web.api.centre_commands import command, question
from takeback.web.api.centre_kinds import facts_of, readable
from takeback.web.api.idempotency import Once
from takeback.web.preferences import AnyRequest
from takeback.web.security import PERSON, Caller

TAGS = ["Centre: organisation"]
PAPER, BODY, MEETING = "/papers/{paper_id:uuid}", "/bodies/{body_id:uuid}", "/meetings/{meeting_id:uuid}"


class InvitedPerson(msgspec.Struct, frozen=True, kw_only=True):
    """The invitation and the path of its link. The token in it is shown now and never again."""

    invitation: Invitation
    token: str
    path: str


class Amendment(msgspec.Struct, frozen=True, kw_only=True):
    """The next edition of a charter or an agreement, by the schema of its kind, and why."""

    facts: dict[str, Any]
    reason: str


@post(
    f"{URL}/people/{{person_id:uuid}}/invitation",
    sync_to_thread=True,
    tags=["Centre: people"],
    summary="Invite a person who was entered with an e-mail",
)
def invite(actor: Actor, once: Once, person_id: UUID) -> Response[InvitedPerson]:
    def effect(connection: sa.Connection, who: CentreActor) -> InvitedPerson:
        made, token = organisation.invite_person(connection, who, person_id)
        return InvitedPerson(invitation=made, token=token, path=f"/invitation/{token}")

    return once_within(actor, once, effect, secret=True)


@post(f"{URL}{PAPER}/amend", sync_to_thread=True, tags=TAGS, summary="Put the next edition of what is in force")
def amend(actor: Actor, once: Once, paper_id: UUID, data: Amendment) -> Response[Record]:
    def effect(connection: sa.Connection, who: CentreActor) -> Record:
        who.require("centre.edit")
        paper = organisation.paper_by_id(connection, paper_id)  # of ids of other kinds nothing is told
        facts: Any = facts_of(readable(who, paper.kind), data.facts)
        return organisation.amend(connection, who, paper_id, facts, reason=data.reason)

    return once_within(actor, once, effect)


@get(f"{URL}/centres", opt=PERSON, sync_to_thread=True, tags=TAGS, summary="The centres in which you have a role")
def centres(request: AnyRequest, caller: Caller) -> list[CentreSeen]:
    found: list[CentreSeen] = plain(organisation.centres_of(caller.person().user.id), speaker(request))
    return found


@get(
    f"{URL}/guided",
    opt=PERSON,
    sync_to_thread=True,
    tags=TAGS,
    summary="The centres that you guide as an authority, each with its figures of a year",
)
def guided(request: AnyRequest, caller: Caller, year: int) -> list[CentreSeen]:
    found: list[CentreSeen] = plain(organisation.guided_by(caller.person().user.id, year), speaker(request))
    return found


HANDLERS: list[Any] = [
    invite,
    amend,
    centres,
    guided,
    command(
        "/members/{member_id:uuid}/lead", organisation.lead, "Make another university the one that leads", tags=TAGS
    ),
    command(f"{PAPER}/open", organisation.open_for_signing, "Ask the parties to sign", tags=TAGS),
    command(f"{PAPER}/sign", organisation.sign, "Sign for your member", tags=TAGS),
    command(f"{PAPER}/settle", organisation.settle, "Say that an obligation was met, or waive it", tags=TAGS),
    command(f"{PAPER}/end", organisation.end_paper, "End a charter or an agreement", tags=TAGS),
    question(
        "/people/{person_id:uuid}/roles",
        role_history,
        "Which roles a person was given and when they were taken",
        tags=["Centre: people"],
    ),
    question("/obligations", organisation.owed, "Open obligations, the first due first", tags=TAGS),
    command(f"{BODY}/seats", organisation.take_seat, "Give a person a seat", tags=TAGS),
    command(f"{BODY}/dissolve", organisation.dissolve, "Dissolve a body; its meetings stay", tags=TAGS),
    command(f"{BODY}/meetings", organisation.call_meeting, "Call a meeting", tags=TAGS),
    question(f"{BODY}/meetings", organisation.meetings_of, "The meetings of a body", tags=TAGS),
    command(f"{MEETING}/hold", organisation.hold_meeting, "Say what a meeting came to", tags=TAGS),
    command(f"{MEETING}/minutes", organisation.correct_minutes, "Correct minutes not yet approved", tags=TAGS),
    command(f"{MEETING}/approve", organisation.approve_minutes, "Approve the minutes", tags=TAGS),
    command(f"{MEETING}/cancel", organisation.cancel_meeting, "Call off a meeting", tags=TAGS),
]
