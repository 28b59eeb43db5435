"""Who hears of calls, reviews and decisions. Neither side of a blind review hears anything of the other.

Applicants are told of their own proposal, by its title; reviewers of the call alone, with the day until which reviews
are due. What applicants of a call learn together (`decided`) they are told together.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from takeback.share.centre.notices.telling import Titles, tell, tell_roles
from takeback.share.centre.records import Heard, Record, find, get, when
from takeback.share.centre.roles import PERMISSIONS

_STANDING = ("assigned", "draft", "final")
_APPLYING = ("draft", "submitted", "eligible", "ineligible", "declined", "funded")
_TOLD = ("funded", "declined")


@when("call", "published")
def published(heard: Heard) -> None:
    """Tell who may apply of a new call; those who have begun to, of more time."""
    call, before = heard.record, heard.before
    if before is None or before.state != "published":
        tell_roles(heard.connection, heard.actor, PERMISSIONS["proposal.submit"], "call.published", _page(call),
                   **_said(call), day=call.facts.day(call.facts.closes), at=heard.at)  # fmt: skip
    elif call.facts.closes > before.facts.closes:
        day = call.facts.day(call.facts.closes)
        tell(heard.connection, heard.actor, _applicants(heard, _APPLYING), "call.more-time", _page(call),
             **_said(call), day=day, once=day, at=heard.at)  # fmt: skip


@when("call", "published", "reviewing")
def longer(heard: Heard) -> None:
    """Tell reviewers of more time."""
    call, before = heard.record, heard.before
    if before is None or call.facts.review_closes <= before.facts.review_closes:
        return
    day = call.facts.day(call.facts.review_closes)
    tell(heard.connection, heard.actor, _reviewers(heard), "review.more-time", f"/centre/reviews/{call.id}",
         **_said(call), day=day, once=day, at=heard.at)  # fmt: skip


@when("call", "decided")
def decided(heard: Heard) -> None:
    """Tell all applicants at once that there is a decision; what it says stands with their proposal."""
    for proposal in find(heard.connection, "proposal", parent=heard.record.id, state=_TOLD):
        _authors(heard, proposal, "proposal.decided")


@when("call", "cancelled")
def cancelled(heard: Heard) -> None:
    """Tell applicants and reviewers that there is no call any more."""
    if heard.before is not None and heard.before.state != "draft":
        people = {*_applicants(heard, _APPLYING), *_reviewers(heard)}
        tell(heard.connection, heard.actor, people, "call.cancelled", _page(heard.record), **_said(heard.record),
             at=heard.at)  # fmt: skip


@when("proposal", "ineligible", "eligible")
def examined(heard: Heard) -> None:
    """Tell applicants whether their proposal is eligible."""
    _authors(heard, heard.record, f"proposal.{heard.record.state}")


@when("review", "assigned")
def invited(heard: Heard) -> None:
    """Ask an expert to review: once a day for a call, however many proposals it is about."""
    call = get(heard.connection, heard.record.facts.call, kind="call")
    day = call.facts.day(call.facts.review_closes)
    tell(heard.connection, heard.actor, [heard.record.facts.expert], "review.invited", f"/centre/reviews/{call.id}",
         **_said(call), day=day, once=call.facts.day(heard.at), at=heard.at)  # fmt: skip


@when("review", "released")
def released(heard: Heard) -> None:
    """Tell an expert that a review is asked no longer; of which proposal it does not say."""
    call = get(heard.connection, heard.record.facts.call, kind="call")
    tell(heard.connection, heard.actor, [heard.record.facts.expert], "review.released", "/centre/reviews",
         **_said(call), once=str(heard.record.id), at=heard.at)  # fmt: skip


@when("appeal", "filed")
def appealed(heard: Heard) -> None:
    """Tell the council that an appeal waits: of which call, not whose."""
    call = get(heard.connection, heard.record.facts.call, kind="call")
    page, once = f"/centre/calls/{call.id}/ranking", call.facts.day(heard.at)
    tell_roles(heard.connection, heard.actor, PERMISSIONS["appeal.decide"], "appeal.filed", page, **_said(call),
               once=once, at=heard.at)  # fmt: skip


@when("appeal", "upheld", "rejected")
def answered(heard: Heard) -> None:
    """Tell applicants that their appeal is decided."""
    proposal = get(heard.connection, heard.record.facts.proposal, kind="proposal")
    _authors(heard, proposal, "appeal.decided", once=str(heard.record.id))


def _authors(heard: Heard, proposal: Record, code: str, once: str = "") -> None:
    blind = proposal.facts.blind
    tell(heard.connection, heard.actor, proposal.facts.identity.people, code, f"/centre/proposals/{proposal.id}",
         title=blind.title, title_zh=blind.title_zh, once=once, at=heard.at)  # fmt: skip


def _applicants(heard: Heard, states: Iterable[str]) -> set[UUID]:
    found = find(heard.connection, "proposal", parent=heard.record.id, state=[*states])
    return {person for one in found for person in one.facts.identity.people}


def _reviewers(heard: Heard) -> set[UUID]:
    found = find(heard.connection, "review", state=_STANDING, text=str(heard.record.id))
    return {one.facts.expert for one in found if one.facts.call == heard.record.id}


def _page(call: Record) -> str:
    return f"/centre/call/{call.id}"


def _said(call: Record) -> Titles:
    return {"title": call.facts.title, "title_zh": call.facts.title_zh}
