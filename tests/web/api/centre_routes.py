"""Every route of a centre that is made of a function of its rooms; bodies follow from their types."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from litestar.routes import HTTPRoute

from takeback.store.settings import Settings
from takeback.web.app import create_app
from tests.web.api.samples import NOBODYS, body_type, naming, sample

PREFIX = "/api/v1/centre"
TOLD = frozenset({200, 201, 204, 400, 403, 404, 409, 422})
"""What an outsider may get who runs an organisation of his own: nothing of it is another's."""
WHOSE = frozenset({"/centres", "/guided", "/compared", "/compared/file"})
"""Routes for people who have signed in, whatever organisation they work for."""

LIST = """
POST /people/{person_id}/invitation
POST /members/{member_id}/lead
POST /papers/{paper_id}/amend
POST /papers/{paper_id}/open
POST /papers/{paper_id}/sign
POST /papers/{paper_id}/settle
POST /papers/{paper_id}/end
GET /obligations
POST /bodies/{body_id}/seats
POST /bodies/{body_id}/dissolve
POST /bodies/{body_id}/meetings
GET /bodies/{body_id}/meetings
POST /meetings/{meeting_id}/hold
POST /meetings/{meeting_id}/approve
POST /meetings/{meeting_id}/cancel
GET /centres
GET /guided?year=2026
GET /periods/{period_id}/standings
POST /periods/{period_id}/close-year
POST /milestones/{milestone_id}/reach
POST /indicators/{indicator_id}/targets
POST /indicators/{indicator_id}/values
GET /priorities
GET /priorities/{priority_id}/answering
POST /consultations/{consultation_id}/open
POST /consultations/{consultation_id}/answers
GET /consultations/{consultation_id}/answers
GET /consultations/{consultation_id}/answers/mine
POST /consultations/{consultation_id}/close
POST /consultations/{consultation_id}/publish
POST /evaluations/{evaluation_id}/assess
POST /evaluations/{evaluation_id}/scores
POST /evaluations/{evaluation_id}/interest
GET /evaluations/{evaluation_id}/scores
POST /evaluations/{evaluation_id}/close
POST /evaluations/{evaluation_id}/conclude
GET /results/{result_id}
GET /results/doubles
GET /results/of/{record_id}
GET /dashboard?year=2026
POST /results/{result_id}/accept
POST /results/{result_id}/return
POST /results/{result_id}/again
POST /results/{result_id}/withdraw
GET /funds
GET /funds/{fund_id}
GET /funds/{fund_id}/trace
POST /funds/{fund_id}/grant
POST /funds/{fund_id}/release
POST /funds/{fund_id}/give-back
POST /funds/{fund_id}/close
POST /funds/transfer
POST /spendings
POST /spendings/{spending_id}/reverse
POST /spendings/{spending_id}/result
POST /uses/{use_id}/result
POST /adoptions/{adoption_id}/result
GET /people/{person_id}/roles
GET /projects/{project_id}/money
GET /problems
GET /problems/alike
GET /problems/{problem_id}
POST /problems/{problem_id}/interest
POST /problems/{problem_id}/no-interest
POST /problems/{problem_id}/close
POST /problems/{problem_id}/again
POST /problems/{problem_id}/follow
POST /problems/{problem_id}/unfollow
POST /problems/{problem_id}/unmerge
POST /common-problems
GET /common-problems/{common_id}/originals
POST /common-problems/{common_id}/originals
POST /common-problems/{common_id}/called
POST /common-problems/{common_id}/uncalled
POST /common-problems/{common_id}/solved
GET /tasks
GET /tasks/of/{record_id}
POST /tasks/{task_id}/deliver
POST /tasks/{task_id}/receive
POST /tasks/{task_id}/send-back
GET /calls/{call_id}/reviewing/{proposal}/files/{file}
GET /calls/{call_id}/blindness
POST /calls/{call_id}/publish
POST /calls/{call_id}/extend
POST /calls/{call_id}/close
POST /calls/{call_id}/cancel
POST /calls/{call_id}/finish
POST /calls/{call_id}/eligibility
GET /calls/{call_id}/conflicts
POST /calls/{call_id}/conflicts
GET /calls/{call_id}/assignment
POST /calls/{call_id}/assignment
POST /calls/{call_id}/assignment/by-hand
POST /reviews/{review_id}/release
GET /reviewing
GET /calls/{call_id}/reviewing
POST /calls/{call_id}/reviewing/{proposal}/review
POST /calls/{call_id}/reviewing/{proposal}/discussion
GET /calls/{call_id}/ranking
GET /calls/{call_id}/committee
POST /calls/{call_id}/announce
GET /calls/{call_id}/appeals
GET /proposals
POST /proposals
GET /proposals/{proposal_id}
POST /proposals/{proposal_id}/change
GET /proposals/{proposal_id}/check
POST /proposals/{proposal_id}/submit
POST /proposals/{proposal_id}/withdraw
POST /proposals/{proposal_id}/files/{file_id}/hide
POST /proposals/{proposal_id}/decision
POST /proposals/{proposal_id}/appeal
POST /appeals/{appeal_id}/decision
GET /projects
POST /projects
POST /projects/{project_id}/begin
POST /projects/{project_id}/deliver
POST /projects/{project_id}/stop
GET /projects/{project_id}/origin
POST /projects/{project_id}/resume
GET /projects/{project_id}/timeline
GET /projects/{project_id}/conflicts?expert=00000000-0000-0000-0000-000000000007
POST /projects/{project_id}/acceptance
POST /acceptances/{acceptance_id}/opinion
POST /acceptances/{acceptance_id}/conclude
POST /work-packages/{package_id}/state
POST /deliverables/{deliverable_id}/hand-over
POST /deliverables/{deliverable_id}/judge
POST /project-milestones/{milestone_id}/reach
POST /project-milestones/{milestone_id}/drop
POST /progress/{progress_id}/note
POST /transfers/{transfer_id}/received
POST /transfers/{transfer_id}/end
POST /meetings/{meeting_id}/minutes
POST /risks/{risk_id}/state
POST /project-changes/{change_id}/decision
POST /ip/{ip_id}/register
POST /adoptions/{adoption_id}/effects
GET /resources/{resource_id}/calendar?since=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z
POST /resources/{resource_id}/bookings
POST /resources/{resource_id}/withdraw
POST /resources/{resource_id}/again
GET /bookings?since=2026-01-01T00:00:00Z
POST /bookings/{booking_id}/cancel
POST /bookings/{booking_id}/use
GET /resource-hours
GET /credentials/{credential_id}/status
POST /credentials/{credential_id}/revoke
GET /credentials/{credential_id}/document
GET /status-lists
GET /competency-map
GET /me/traits
GET /diversity
GET /outcomes?year=2026
POST /mentorings
POST /mentorings/{mentoring_id}/mentors
POST /mentorings/{mentoring_id}/end
POST /courses/{course_id}/state
POST /courses/{course_id}/enrolments
POST /enrolments/{enrolment_id}/mark
POST /enrolments/{enrolment_id}/leave
POST /exchanges/{exchange_id}/state
POST /training-plans/{plan_id}/agree
POST /training-plans/{plan_id}/goals
POST /training-plans/{plan_id}/stop
POST /theses/{thesis_id}/state
GET /compared?year=2026
GET /compared/file?year=2026
GET /figures?year=2026
GET /figures/{code}?year=2026
GET /reports
POST /reports
POST /reports/{report_id}/publish
POST /reports/{report_id}/withdraw
GET /reports/{report_id}/check
GET /sources
POST /sources
POST /sources/{source_id}/tags
GET /adoptions/{adoption_id}/effects
POST /adoptions/{adoption_id}/end
GET /claims
POST /claims/{claim_id}/approve
POST /claims/{claim_id}/refuse
POST /claims/{claim_id}/withdraw
GET /notices
POST /notices/read
GET /best-known
POST /best-known
GET /news
POST /news/read
GET /results/{result_id}/citation
POST /people/{person_id}/credentials
GET /people/{person_id}/credentials
GET /people/{person_id}/profile
GET /people/{person_id}/portfolio
GET /people/{person_id}/transcript
GET /reports/{report_id}/files
GET /reports/{report_id}/files/{file_id}
GET /lists/{kind}
"""


def listed() -> dict[str, str]:
    """Return the routes of the list: method and template, with the query that each needs."""
    lines = [line.partition("?") for line in LIST.split("\n") if line]
    return {said.replace(" ", f" {PREFIX}", 1): f"?{query}" if query else "" for said, _, query in lines}


def in_path() -> dict[str, str]:
    """Return a value for each name in the paths: an id of nothing, a year, a number."""
    return dict.fromkeys(re.findall(r"{(\w+)}", LIST), NOBODYS) | {"kind": "centre", "year": "2026", "edition": "1"}


def body(name: str) -> Any:
    """Return what a route understands as its body; None where it takes none."""
    return _bodies().get(name)


def body_naming(name: str) -> Any:
    """Return a body for a route with an id in every place that can hold one."""
    return _bodies(naming).get(name)


@cache
def _bodies(made_by: Callable[[Any], Any] = sample) -> dict[str, Any]:
    found = {}
    for route in create_app(Settings()).routes:
        if isinstance(route, HTTPRoute) and route.path.startswith(PREFIX):
            for handler in route.route_handlers:
                kind = body_type(handler)
                if "POST" in handler.http_methods and kind is not None and "Upload" not in str(kind):
                    found[f"POST {re.sub(r':[a-z]+}', '}', route.path)}"] = made_by(kind)
    found[f"POST {PREFIX}/best-known"]["facts"]["solution_sha256"] = "0" * 64
    return found
