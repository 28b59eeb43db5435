"""People and what they become: profiles with consent, mentors, training, theses, credentials that verify offline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from litestar import Response, get, post, put

from takeback.operate.identity import Actor
from takeback.share.centre import records, talent
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.records import Record, title_zh
from takeback.share.centre.talent import Award, CentreKey, Profile
from takeback.store.settings import Settings
from takeback.web.api.centre_asking import URL, once_within, within
from takeback.web.api.centre_commands import command, question
from takeback.web.api.centre_people import CentrePerson, seen_person
from takeback.web.api.idempotency import Once

TAGS, SIGNED = ["Centre: talent"], ["Centre: credentials"]
PERSON, COURSE = "/people/{person_id:uuid}", "/courses/{course_id:uuid}"
MENTORING, THESIS = "/mentorings/{mentoring_id:uuid}", "/theses/{thesis_id:uuid}"
ENROLMENT = "/enrolments/{enrolment_id:uuid}"
CREDENTIAL = "/credentials/{credential_id:uuid}"


class PersonProfile(msgspec.Struct, frozen=True, kw_only=True):
    """A profile and whose it is."""

    person: CentrePerson
    profile: Profile
    record_id: UUID


class PortfolioLine(msgspec.Struct, frozen=True, kw_only=True):
    """A record of a portfolio: what it is called and how it stands; marks and documents are for its person."""

    id: UUID
    kind: str
    state: str
    title: str
    title_zh: str
    year: int | None
    entry_id: int


class PersonPortfolio(msgspec.Struct, frozen=True, kw_only=True):
    """A portfolio and whose it is; each list with the latest first."""

    person: CentrePerson
    projects: list[PortfolioLine]
    results: list[PortfolioLine]
    theses: list[PortfolioLine]
    courses: list[PortfolioLine]
    exchanges: list[PortfolioLine]
    credentials: list[PortfolioLine]


def profile(connection: sa.Connection, actor: CentreActor, person_id: UUID) -> PersonProfile:
    """Return a profile, with as much of its person as may be seen."""
    shown = talent.profile_of(connection, actor, person_id)
    return PersonProfile(person=seen_person(shown.person, actor), profile=shown.profile, record_id=shown.record_id)


def portfolio(connection: sa.Connection, actor: CentreActor, person_id: UUID) -> PersonPortfolio:
    """Return a portfolio, with as much of its person as may be seen."""
    shown = talent.portfolio(connection, actor, person_id)
    return PersonPortfolio(
        person=seen_person(shown.person, actor), projects=_lines(shown.projects), results=_lines(shown.results),
        theses=_lines(shown.theses), courses=_lines(shown.courses), exchanges=_lines(shown.exchanges),
        credentials=_lines(shown.credentials),
    )  # fmt: skip


class Traits(msgspec.Struct, frozen=True, kw_only=True):
    """What you say of yourself for statistics: trait -> value; what is not said is counted as unsaid."""

    traits: dict[str, str]


@put(f"{URL}/me/traits", sync_to_thread=True, tags=TAGS, summary="Say what you are counted as; nothing takes it back")
def say_traits(actor: Actor, data: Traits) -> dict[str, str]:
    def effect(connection: sa.Connection, who: CentreActor) -> dict[str, str]:
        talent.set_traits(connection, who, data.traits)
        return talent.traits_of(connection, who)

    return within(actor, effect)


def _lines(found: Sequence[Record]) -> list[PortfolioLine]:
    return [
        PortfolioLine(
            id=one.id, kind=one.kind, state=one.state, title=one.title, title_zh=title_zh(one), year=one.year,
            entry_id=one.entry_id,
        )
        for one in found
    ]  # fmt: skip


@post(f"{URL}{PERSON}/credentials", sync_to_thread=True, tags=SIGNED, summary="Sign a credential for a person")
def issue(actor: Actor, once: Once, person_id: UUID, data: Award) -> Response[Record]:
    def effect(connection: sa.Connection, who: CentreActor) -> Record:
        who.require("credential.issue")
        return talent.issue(connection, who, _key(who), person_id, data)

    return once_within(actor, once, effect)


def revoke(connection: sa.Connection, actor: CentreActor, credential_id: UUID, reason: str) -> Record:
    """Revoke a credential with the centre's key."""
    actor.require("credential.issue")
    return talent.revoke(connection, actor, _key(actor), credential_id, reason=reason)


@get(
    f"{URL}{CREDENTIAL}/status",
    sync_to_thread=True,
    tags=SIGNED,
    summary="The signed status list that a credential is looked up in",
)
def status(actor: Actor, credential_id: UUID) -> Response[bytes]:
    def told(connection: sa.Connection, who: CentreActor) -> str:
        record = records.get(connection, credential_id, kind="credential")
        if record.person_id != who.person_id:
            who.require("credential.issue")
        return talent.status_of(connection, record.facts)

    return Response(within(actor, told).encode(), media_type="application/json")


def _key(who: CentreActor) -> CentreKey:
    return CentreKey.kept_in(Settings.from_environment().home, who.org_id)


HANDLERS: list[Any] = [
    issue,
    status,
    command(f"{CREDENTIAL}/revoke", revoke, "Revoke a credential; the status list says so", tags=SIGNED),
    question(f"{CREDENTIAL}/document", talent.hand_over, "The signed document, for the holder", tags=SIGNED),
    question(f"{PERSON}/credentials", talent.credentials_of, "A person's credentials", tags=SIGNED),
    question("/status-lists", talent.published, "The status lists: what was revoked, by nobody's name", tags=SIGNED),
    question(f"{PERSON}/profile", profile, "A profile, with the person's consent", tags=TAGS),
    question(f"{PERSON}/portfolio", portfolio, "A portfolio, with the person's consent", tags=TAGS),
    question(f"{PERSON}/transcript", talent.transcript, "Courses and labs that a person took", tags=TAGS),
    question("/competency-map", talent.competency_map, "How many people stand where; no group below five", tags=TAGS),
    say_traits,
    question("/me/traits", talent.traits_of, "What you said of yourself for statistics", tags=TAGS),
    question("/diversity", talent.diversity, "Who takes part, as tables that expose nobody", tags=TAGS),
    question("/outcomes", talent.outcomes, "What became of people in a year", tags=TAGS),
    command("/mentorings", talent.begin_mentoring, "Say that a student is to be mentored", tags=TAGS),
    command(f"{MENTORING}/mentors", talent.give_mentor, "Give a student a mentor", tags=TAGS),
    command(f"{MENTORING}/end", talent.end_mentoring, "End a mentoring", tags=TAGS),
    command(f"{COURSE}/state", talent.move_course, "Open, begin, end or cancel a course", tags=TAGS),
    command(f"{COURSE}/enrolments", talent.enrol, "Enrol yourself, or somebody", tags=TAGS),
    command(f"{ENROLMENT}/mark", talent.give_mark, "Give a mark", tags=TAGS),
    command(f"{ENROLMENT}/leave", talent.leave_course, "Leave a course", tags=TAGS),
    command("/exchanges/{exchange_id:uuid}/state", talent.move_exchange, "Begin, end or cancel", tags=TAGS),
    command("/training-plans/{plan_id:uuid}/agree", talent.agree_plan, "Agree on a plan", tags=TAGS),
    command("/training-plans/{plan_id:uuid}/goals", talent.reach_goal, "Say that a goal was reached", tags=TAGS),
    command("/training-plans/{plan_id:uuid}/stop", talent.stop_plan, "Stop a plan", tags=TAGS),
    command(f"{THESIS}/state", talent.move_thesis, "Begin a thesis, defended, or stop it", tags=TAGS),
]
