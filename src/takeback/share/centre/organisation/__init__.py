"""How a centre is organised: who belongs to it, what was agreed on, who decides, who guides.

Read downwards: `standing` (members join and leave, roles), `inviting` (persons by a signed link), `papers` and
`signing` (charter and agreements), `bodies` and `meetings` (council, director, expert committee), `guided` (the centres
of a person, the common page of an authority), `figures` (what reports say of it).
"""

from takeback.share.centre.organisation import figures as _figures  # noqa: F401 -- declares them
from takeback.share.centre.organisation.bodies import (
    Body,
    Seat,
    dissolve,
    end_seats,
    put_body,
    quorum,
    sitting,
    take_seat,
)
from takeback.share.centre.organisation.guided import CentreSeen, centres_of, guided_by, side_by_side
from takeback.share.centre.organisation.inviting import invite_person, open_invitations, take_back
from takeback.share.centre.organisation.meetings import (
    AgendaItem,
    Meeting,
    Vote,
    approve_minutes,
    call_meeting,
    cancel_meeting,
    correct_minutes,
    hold_meeting,
    meetings_of,
)
from takeback.share.centre.organisation.papers import (
    Agreement,
    Article,
    Charter,
    Edition,
    Obligation,
    Paper,
    Signature,
    terms_digest,
    unsigned,
)
from takeback.share.centre.organisation.signing import (
    amend,
    earlier_edition,
    end_paper,
    open_for_signing,
    owed,
    paper_by_id,
    put_paper,
    redraft,
    settle,
    sign,
)
from takeback.share.centre.organisation.standing import change_member, come_back, join, lead, leave, set_roles

__all__ = [
    "AgendaItem",
    "Agreement",
    "Article",
    "Body",
    "CentreSeen",
    "Charter",
    "Edition",
    "Meeting",
    "Obligation",
    "Paper",
    "Seat",
    "Signature",
    "Vote",
    "amend",
    "approve_minutes",
    "call_meeting",
    "cancel_meeting",
    "centres_of",
    "change_member",
    "come_back",
    "correct_minutes",
    "dissolve",
    "earlier_edition",
    "end_paper",
    "end_seats",
    "guided_by",
    "hold_meeting",
    "invite_person",
    "join",
    "lead",
    "leave",
    "meetings_of",
    "open_for_signing",
    "open_invitations",
    "owed",
    "paper_by_id",
    "put_body",
    "put_paper",
    "quorum",
    "redraft",
    "set_roles",
    "settle",
    "side_by_side",
    "sign",
    "sitting",
    "take_back",
    "take_seat",
    "terms_digest",
    "unsigned",
]
