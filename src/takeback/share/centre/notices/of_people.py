"""Who hears of credentials, consultations, papers to sign and meetings."""

from __future__ import annotations

from takeback.share.centre.notices.telling import tell, tell_roles
from takeback.share.centre.records import Heard, find, get, title_zh, when
from takeback.share.centre.roles import PERMISSIONS


@when("credential", "issued", "revoked")
def credential(heard: Heard) -> None:
    """Tell the holder of a new credential, and of one that was revoked."""
    tell(heard.connection, heard.actor, [heard.record.facts.person], f"credential.{heard.record.state}",
         f"/centre/people/{heard.record.facts.person}", title=heard.record.title,
         title_zh=title_zh(heard.record), once=str(heard.record.id), at=heard.at)  # fmt: skip


@when("consultation", "open")
def asked(heard: Heard) -> None:
    """Ask everybody who may answer."""
    facts = heard.record.facts
    tell_roles(heard.connection, heard.actor, PERMISSIONS["consult.answer"], "consultation.opened",
               f"/centre/consultation/{heard.record.id}", title=facts.title, title_zh=facts.title_zh,
               day=facts.closes.date(), at=heard.at)  # fmt: skip


@when("consultation", "published")
def published(heard: Heard) -> None:
    """Tell those who answered what became of the answers."""
    answers = find(heard.connection, "answer", parent=heard.record.id, state="given")
    facts = heard.record.facts
    tell(heard.connection, heard.actor, (one.person_id for one in answers), "consultation.published",
         f"/centre/consultation/{heard.record.id}", title=facts.title, title_zh=facts.title_zh,
         at=heard.at)  # fmt: skip


@when("charter", "signing")
@when("agreement", "signing")
def to_sign(heard: Heard) -> None:
    """Tell who speaks for a party that has not signed."""
    facts = heard.record.facts
    if heard.before is not None and heard.before.state == "signing":
        return
    tell_roles(heard.connection, heard.actor, ("delegate", "authority"), "paper.to-sign",
               f"/centre/{heard.record.kind}/{heard.record.id}", title=facts.title, title_zh=facts.title_zh,
               once=str(facts.edition), members=facts.parties, at=heard.at)  # fmt: skip


@when("meeting", "called", "cancelled")
def meeting(heard: Heard) -> None:
    """Tell who sits in a body of a meeting, and that it is called off."""
    facts = heard.record.facts
    body = get(heard.connection, facts.body, kind="body")
    seated = [one.person for one in body.facts.seats]
    tell(heard.connection, heard.actor, seated, f"meeting.{heard.record.state}", f"/centre/meeting/{heard.record.id}",
         title=heard.record.title, title_zh=title_zh(heard.record), day=facts.begins.date(), at=heard.at)  # fmt: skip
