"""What a notice says: a sentence for each code, with a title and a day at most."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from takeback.core.message import Message, msg

WORDS: Mapping[str, Message] = {
    "call.published": msg("A call is open: {title}. Proposals are due on {day}."),
    "call.more-time": msg("There is more time to apply: {title}. Proposals are due on {day}."),
    "call.cancelled": msg("A call was taken back: {title}."),
    "proposal.eligible": msg("Your proposal is eligible: {title}."),
    "proposal.ineligible": msg("Your proposal is not eligible: {title}. You may appeal."),
    "proposal.decided": msg("There is a decision on your proposal: {title}."),
    "appeal.filed": msg("An appeal waits for the council: {title}."),
    "appeal.decided": msg("There is a decision on your appeal: {title}."),
    "review.invited": msg("You are asked to review in: {title}. Reviews are due on {day}."),
    "review.released": msg("A review is no longer asked of you in: {title}."),
    "review.more-time": msg("There is more time to review in: {title}. Reviews are due on {day}."),
    "review.due": msg("Your reviews are due on {day}: {title}."),
    "project.started": msg("A project begins with you: {title}."),
    "project.resumed": msg("A project that was refused works on: {title}."),
    "milestone.dropped": msg("A milestone was dropped: {title}."),
    "change.decided": msg("There is a decision on a change of the project {title}."),
    "acceptance.asked": msg("Your opinion on an acceptance is asked for: {title}."),
    "acceptance.decided": msg("It is decided whether the project is accepted: {title}."),
    "deliverable.judged": msg("A deliverable was judged: {title}."),
    "deliverable.due": msg("A deliverable is due on {day}: {title}."),
    "milestone.due": msg("A milestone is due on {day}: {title}."),
    "task.due": msg("A task is due on {day}: {title}."),
    "result.judged": msg("There is a decision on a result that you stated: {title}."),
    "claim.made": msg("A cost waits for your decision: {title}."),
    "claim.decided": msg("There is a decision on a cost that you claimed: {title}."),
    "booking.cancelled": msg("Your booking on {day} was cancelled: {title}."),
    "credential.issued": msg("You have a new credential: {title}."),
    "credential.revoked": msg("A credential of yours was revoked: {title}."),
    "consultation.opened": msg("Your answer is asked for until {day}: {title}."),
    "consultation.published": msg("What became of the answers is published: {title}."),
    "paper.to-sign": msg("A paper waits for the signature of your organisation: {title}."),
    "meeting.called": msg("A meeting is called for {day}: {title}."),
    "meeting.cancelled": msg("A meeting was called off: {title}."),
}
"""Code -> sentence."""


def sentence(code: str, said: Mapping[str, str], *, chinese: bool = False) -> Message:
    """Return what a notice says; its title in the reader's language where there is one."""
    title = (chinese and said.get("title_zh")) or said.get("title", "")
    day = said.get("day", "")
    return Message(WORDS[code].msgid, {"title": title, "day": date.fromisoformat(day[:10]) if day else ""})
