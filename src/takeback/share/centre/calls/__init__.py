"""Calls for proposals: from the text of a call to decisions and appeals, with reviewers and applicants blind.

Read downwards: `call`, `proposal`, `conflict`, `review`, `decision` (what is recorded); `calling`; `proposing`,
`admission`, `attaching`, `eligibility`; `conflicts`, `assigning`, `finding_reviewers`; `reviewing`, `ranking`,
`deciding`, `announcing`, `appealing`. What people see: `reviewer_view`, `author_view`, `committee_view`, made with the
neutral names of `blind`. `cleaning` takes makers out of files, `wording` finds names, `blindness` searches for leaks
of `secrets`.
"""

from takeback.share.centre.calls.announcing import announce_decisions, finish_call
from takeback.share.centre.calls.appealing import appeal, decide_appeal, open_appeals
from takeback.share.centre.calls.assigning import assign_reviewers, release_reviewer
from takeback.share.centre.calls.attaching import attach_to_proposal, hide_file
from takeback.share.centre.calls.author_view import OwnProposal, author_view, file_appeal, own_proposals
from takeback.share.centre.calls.blindness import Blindness, Leak, Seen, blindness_cases, search
from takeback.share.centre.calls.call import BudgetRule, Call, Criterion, Eligibility
from takeback.share.centre.calls.calling import (
    cancel_call,
    change_call,
    close_call,
    draft_call,
    extend_call,
    publish_call,
)
from takeback.share.centre.calls.committee_view import CommitteeView, committee_view
from takeback.share.centre.calls.conflict import Conflict
from takeback.share.centre.calls.conflicts import conflicts, declare_conflict
from takeback.share.centre.calls.deciding import decide
from takeback.share.centre.calls.decision import Appeal, Decision
from takeback.share.centre.calls.eligibility import check_eligibility
from takeback.share.centre.calls.figures import figures
from takeback.share.centre.calls.finding_reviewers import Proposed, assign_by_engine, propose_reviewers
from takeback.share.centre.calls.proposal import Blind, Cost, Finding, Identity, Proposal
from takeback.share.centre.calls.proposing import (
    Warnings,
    before_submitting,
    change_proposal,
    draft_proposal,
    submit_proposal,
    withdraw_proposal,
)
from takeback.share.centre.calls.ranking import Standing, ranking
from takeback.share.centre.calls.review import Assignment, Discussion, Review, Score, Words
from takeback.share.centre.calls.reviewer_view import (
    CallToReview,
    ReviewerView,
    calls_to_review,
    reviewer_file,
    reviewer_view,
)
from takeback.share.centre.calls.reviewing import discuss, save_review
from takeback.share.centre.calls.taking_part import call_of, closed_calls, require_impartial

__all__ = [
    "Appeal",
    "Assignment",
    "Blind",
    "Blindness",
    "BudgetRule",
    "Call",
    "CallToReview",
    "CommitteeView",
    "Conflict",
    "Cost",
    "Criterion",
    "Decision",
    "Discussion",
    "Eligibility",
    "Finding",
    "Identity",
    "Leak",
    "OwnProposal",
    "Proposal",
    "Proposed",
    "Review",
    "ReviewerView",
    "Score",
    "Seen",
    "Standing",
    "Warnings",
    "Words",
    "announce_decisions",
    "appeal",
    "assign_by_engine",
    "assign_reviewers",
    "attach_to_proposal",
    "author_view",
    "before_submitting",
    "blindness_cases",
    "call_of",
    "calls_to_review",
    "cancel_call",
    "change_call",
    "change_proposal",
    "check_eligibility",
    "close_call",
    "closed_calls",
    "committee_view",
    "conflicts",
    "decide",
    "decide_appeal",
    "declare_conflict",
    "discuss",
    "draft_call",
    "draft_proposal",
    "extend_call",
    "figures",
    "file_appeal",
    "finish_call",
    "hide_file",
    "open_appeals",
    "own_proposals",
    "propose_reviewers",
    "publish_call",
    "ranking",
    "release_reviewer",
    "require_impartial",
    "reviewer_file",
    "reviewer_view",
    "save_review",
    "search",
    "submit_proposal",
    "withdraw_proposal",
]
