"""What can be done with the records of each part, beyond what every record has: the rooms' commands, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import msg
from takeback.share.centre import (
    calls,
    frontier,
    money,
    organisation,
    problems,
    projects,
    reporting,
    resources,
    results,
    talent,
    targets,
    tasks,
)
from takeback.share.centre.acting import CentreActor
from takeback.share.centre.projects import works_on
from takeback.share.centre.records import Record, find, get
from takeback.store.settings import Settings
from takeback.web.pages.centre import steps
from takeback.web.pages.centre.deeds import Deed, Start, begin_with, declare
from takeback.web.pages.centre.offering import answered, criteria, each_criterion, open_obligations, questions
from takeback.web.pages.centre.visit import Visit

RUNNING = ("running",)
AMEND: dict[str, Callable[..., object]] = {"charter": steps.amend_charter, "agreement": steps.amend_agreement}
PAPER = tuple(AMEND)


def of_team(visit: Visit, record: Record) -> bool:
    """Whether the visitor works on the project that a record is of, or is."""
    return works_on(visit.me, _project_of(visit, record).facts)


def of_member(visit: Visit, record: Record) -> bool:
    """Whether the visitor speaks for the member whose record it is."""
    return record.member_id == visit.me.member_id or visit.me.may("member.edit")


def owes_signature(visit: Visit, record: Record) -> bool:
    """Whether the visitor's member has still to sign a paper, and the visitor speaks for it."""
    speaks = {"delegate", "authority"} & visit.me.roles
    return bool(speaks) and visit.me.member_id in organisation.unsigned(record.facts)


def of_team_or_user(visit: Visit, record: Record) -> bool:
    """Whether the visitor works on the project that came to be used, or speaks for who uses it."""
    return projects.speaks_for_user(visit.me, record.facts.user) or of_team(visit, record)


def speaks_outside(visit: Visit, record: Record) -> bool:
    """Whether the visitor speaks for a member, and is not of the project's team, who record any use."""
    return projects.speaks_for_user(visit.me, visit.me.member_id) and not of_team(visit, record)


def of_team_still(visit: Visit, record: Record) -> bool:
    """Whether the visitor works on a project that is not over."""
    return of_team(visit, record) and _project_of(visit, record).state not in projects.OVER


def judges(visit: Visit, record: Record) -> bool:
    """Whether the visitor may decide on a project that is not over: nobody does on their own."""
    project = _project_of(visit, record)
    return visit.me.person_id not in project.facts.people and project.state not in projects.OVER


def _project_of(visit: Visit, record: Record) -> Record:
    """Return the project that a record is of, or is."""
    return record if record.kind == "project" else get(visit.connection, record.facts.project, kind="project")


def is_owed(_: Visit, record: Record) -> bool:
    """Whether a paper has an obligation that is still open."""
    return any(one.state == "open" for one in record.facts.obligations)


declare(
    *(
        deed
        for kind in PAPER
        for deed in (
            Deed(name="open", kind=kind, label=msg("Ask the parties to sign"), do=organisation.open_for_signing,
                 of="paper_id", needs="centre.edit", states=("draft",), primary=True),
            Deed(name="sign", kind=kind, label=msg("Sign for my organisation"), do=organisation.sign, of="paper_id",
                 states=("signing",), when=owes_signature, primary=True, hurts=True),
            Deed(name="settle", kind=kind, label=msg("An obligation is met"), do=organisation.settle, of="paper_id",
                 states=("in-force",), needs="centre.edit", when=is_owed, offers=open_obligations),
            Deed(name="amend", kind=kind, label=msg("Amend"), do=AMEND[kind], of="paper_id",
                 needs="centre.edit", states=("in-force",), skip=("edition", "earlier", "signatures")),
            Deed(name="end", kind=kind, label=msg("End"), do=organisation.end_paper, of="paper_id",
                 needs="centre.edit", states=("signing", "in-force"), hurts=True),
        )
    ),
    Deed(name="lead", kind="member", label=msg("Let it lead"), do=organisation.lead, of="member_id",
         needs="member.edit", states=("active",), hurts=True,
         when=lambda _, record: record.facts.sort == "university" and not record.facts.lead),
    Deed(name="seat", kind="body", label=msg("Give a seat"), do=organisation.take_seat, of="body_id",
         needs="centre.edit", states=("active",), primary=True),
    Deed(name="meeting", kind="body", label=msg("Call a meeting"), do=organisation.call_meeting, of="body_id",
         needs="centre.edit", states=("active",)),
    Deed(name="dissolve", kind="body", label=msg("Dissolve"), do=organisation.dissolve, of="body_id",
         needs="centre.edit", states=("active",), hurts=True),
    Deed(name="hold", kind="meeting", label=msg("Enter the minutes"), do=organisation.hold_meeting, of="meeting_id",
         needs="centre.edit", states=("called",), primary=True),
    Deed(name="correct", kind="meeting", label=msg("Correct the minutes"), do=steps.correct_minutes, of="meeting_id",
         needs="centre.edit", states=("held",), now=("minutes", "minutes_zh"),
         note=msg("Who was there and the votes stay as they are.")),
    Deed(name="approve", kind="meeting", label=msg("Approve the minutes"), do=organisation.approve_minutes,
         of="meeting_id", needs="centre.edit", states=("held",), primary=True, hurts=True),
    Deed(name="cancel", kind="meeting", label=msg("Call off"), do=organisation.cancel_meeting, of="meeting_id",
         needs="centre.edit", states=("called",), hurts=True),
)  # fmt: skip

declare(
    Deed(name="close-year", kind="period", label=msg("Close a year"), do=targets.close_year, of="period_id",
         needs="priority.edit"),
    Deed(name="reach", kind="milestone", label=msg("It is reached"), do=targets.reach_milestone, of="milestone_id",
         needs="target.edit", states=("planned", "missed"), primary=True),
    Deed(name="change", kind="indicator", label=msg("Change"), do=targets.put_indicator, of="indicator_id",
         needs="target.edit", states=("draft", "in_force"), hidden=("in_force",)),
    Deed(name="target", kind="indicator", label=msg("Set a target"), do=targets.set_target, of="indicator_id",
         needs="target.edit", states=("in_force",), primary=True),
    Deed(name="value", kind="indicator", label=msg("State a value"), do=targets.state_value, of="indicator_id",
         needs="target.edit", states=("in_force",)),
    Deed(name="open", kind="consultation", label=msg("Ask for answers"), do=targets.open_consultation,
         of="consultation_id", needs="consult", states=("draft",), primary=True),
    Deed(name="answer", kind="consultation", label=msg("Answer"), do=targets.answer, of="consultation_id",
         needs="consult.answer", states=("open",), primary=True, offers=questions, begins=answered),
    Deed(name="close", kind="consultation", label=msg("Take no further answers"), do=targets.close_consultation,
         of="consultation_id", needs="consult", states=("open",)),
    Deed(name="publish", kind="consultation", label=msg("Publish summary and treatment"), do=targets.publish,
         of="consultation_id", needs="consult", states=("closed",), primary=True),
    Deed(name="assess", kind="evaluation", label=msg("Assess ourselves"), do=steps.assess, of="evaluation_id",
         needs="report.make", states=("prepared",), primary=True, offers=criteria, begins=each_criterion),
    Deed(name="score", kind="evaluation", label=msg("Give my points"), do=steps.score, of="evaluation_id",
         needs="review.write", states=("assessed",), primary=True, offers=criteria, begins=each_criterion),
    Deed(name="interest", kind="evaluation", label=msg("Abstain: I have an interest"), do=targets.declare_interest,
         of="evaluation_id", needs="review.write", states=("prepared", "assessed")),
    Deed(name="close-scores", kind="evaluation", label=msg("Take no further scores"), do=targets.close_scores,
         of="evaluation_id", needs="priority.edit", states=("assessed",)),
    Deed(name="conclude", kind="evaluation", label=msg("Conclude"), do=targets.conclude, of="evaluation_id",
         needs="priority.edit", states=("scored",), primary=True),
)  # fmt: skip

declare(
    Deed(name="share", kind="problem", label=msg("We have it too"), do=problems.say_interest, of="problem_id",
         needs="problem.state", states=("stated", "merged"),
         when=lambda visit, record: record.member_id != visit.me.member_id),
    Deed(name="follow", kind="problem", label=msg("Follow"), do=problems.follow, of="problem_id",
         when=lambda visit, record: record.id not in problems.followed(visit.connection, visit.me)),
    Deed(name="unfollow", kind="problem", label=msg("Follow no longer"), do=problems.unfollow, of="problem_id",
         when=lambda visit, record: record.id in problems.followed(visit.connection, visit.me)),
    Deed(name="close", kind="problem", label=msg("Close"), do=problems.close_problem, of="problem_id",
         needs="problem.state", states=("stated",), when=of_member, hurts=True),
    Deed(name="again", kind="problem", label=msg("Open again"), do=problems.state_again, of="problem_id",
         needs="problem.state", states=("closed",), when=of_member),
    Deed(name="unmerge", kind="problem", label=msg("Take out of the common one"), do=problems.unmerge, of="problem_id",
         needs="problem.merge", states=("merged",), hurts=True),
    Deed(name="add", kind="common-problem", label=msg("Merge a further problem"), do=problems.add_to_common,
         of="common_id", needs="problem.merge", states=("common",)),
    Deed(name="called", kind="common-problem", label=msg("There is a call for it"), do=problems.mark_called,
         of="common_id", needs="call.edit", states=("common",)),
    Deed(name="uncalled", kind="common-problem", label=msg("The call brought nothing"), do=problems.mark_uncalled,
         of="common_id", needs="call.edit", states=("called",), hurts=True),
    Deed(name="solved", kind="common-problem", label=msg("It is solved"), do=problems.mark_solved, of="common_id",
         needs="problem.merge", states=("called",), primary=True),
    Deed(name="share", kind="common-problem", label=msg("We have it too"), do=problems.say_interest, of="problem_id",
         needs="problem.state", states=("common",)),
)  # fmt: skip

declare(
    Deed(name="publish", kind="call", label=msg("Publish"), do=calls.publish_call, of="call_id", needs="call.edit",
         states=("draft",), primary=True, hurts=True),
    Deed(name="extend", kind="call", label=msg("Give more time"), do=calls.extend_call, of="call_id",
         needs="call.edit", states=("published", "reviewing")),
    Deed(name="close", kind="call", label=msg("Begin the review"), do=calls.close_call, of="call_id",
         needs="call.edit", states=("published",), hurts=True),
    Deed(name="eligibility", kind="call", label=msg("Check who is eligible"), do=calls.check_eligibility, of="call_id",
         needs="proposal.run", states=("reviewing",)),
    Deed(name="assign", kind="call", label=msg("Find reviewers"), do=calls.assign_by_engine, of="call_id",
         needs="proposal.run", states=("reviewing",), hidden=("expertise", "budget"), hurts=True),
    Deed(name="announce", kind="call", label=msg("Announce all decisions"), do=calls.announce_decisions, of="call_id",
         needs="call.edit", states=("reviewing",), hurts=True),
    Deed(name="finish", kind="call", label=msg("Close for good"), do=calls.finish_call, of="call_id",
         needs="call.edit", states=("decided",), hurts=True),
    Deed(name="cancel", kind="call", label=msg("Take the call back"), do=calls.cancel_call, of="call_id",
         needs="call.edit", states=("draft", "published", "reviewing"), hurts=True),
)  # fmt: skip

declare(
    Deed(name="begin", kind="project", label=msg("Begin the work"), do=projects.begin_project, of="project_id",
         needs="centre.edit", states=("planned",), primary=True, hurts=True),
    Deed(name="package", kind="project", label=msg("Add a work package"), do=projects.add_work_package,
         of="facts.project", needs="project.work", states=("planned", "running"), when=of_team),
    Deed(name="deliverable", kind="project", label=msg("Add a deliverable"), do=projects.add_deliverable,
         of="facts.project", needs="project.work", states=("planned", "running"), when=of_team),
    Deed(name="milestone", kind="project", label=msg("Add a milestone"), do=projects.add_milestone,
         of="facts.project", needs="project.work", states=("planned", "running"), when=of_team),
    Deed(name="risk", kind="project", label=msg("Add a risk"), do=projects.add_risk, of="facts.project",
         needs="project.work", states=("planned", "running"), when=of_team),
    Deed(name="progress", kind="project", label=msg("Report progress"), do=projects.report_progress,
         of="facts.project", needs="project.work", states=RUNNING, when=of_team, primary=True),
    Deed(name="ask-change", kind="project", label=msg("Ask for a change"), do=projects.propose_change,
         of="facts.project", needs="project.work", states=RUNNING, when=of_team, seen="facts.version"),
    Deed(name="ip", kind="project", label=msg("Agree whose it is"), do=projects.agree_ip, of="facts.project",
         needs="project.work", when=of_team, states=("running", "delivered", "conditional", "accepted")),
    Deed(name="transfer", kind="project", label=msg("Record a transfer"), do=projects.record_transfer,
         of="facts.project", needs="project.work", when=of_team,
         states=("running", "delivered", "conditional", "accepted")),
    Deed(name="adoption", kind="project", label=msg("Record an adoption"), do=projects.record_adoption,
         of="facts.project", needs="project.work", when=of_team,
         states=("running", "delivered", "conditional", "accepted")),
    Deed(name="use", kind="project", label=msg("We use it"), do=projects.record_adoption, of="facts.project",
         needs="project.work", when=speaks_outside, ours="facts.user", left=("facts.user_name",),
         states=("running", "delivered", "conditional", "accepted")),
    Deed(name="claim", kind="project", label=msg("Claim a cost"), do=projects.claim_cost, of="project_id",
         needs="project.work", states=("running", "delivered", "conditional"), when=of_team),
    Deed(name="approve", kind="claim", label=msg("Approve it"), do=projects.approve_claim, of="claim_id",
         needs="money.edit", states=("claimed",), primary=True),
    Deed(name="refuse", kind="claim", label=msg("Refuse it"), do=projects.refuse_claim, of="claim_id",
         needs="money.edit", states=("claimed",), hurts=True),
    Deed(name="result", kind="adoption", label=msg("Which result it uses"), do=projects.link_adoption,
         of="adoption_id", needs="project.work", states=("using",), when=of_team_or_user),
    Deed(name="end", kind="adoption", label=msg("It is used no more"), do=projects.end_adoption, of="adoption_id",
         needs="project.work", states=("using",), when=of_team_or_user, hurts=True),
    Deed(name="deliver", kind="project", label=msg("The work is done"), do=projects.deliver_project, of="project_id",
         needs="project.work", states=("running", "conditional"), when=of_team, hurts=True),
    Deed(name="accept", kind="project", label=msg("Ask experts to judge it"), do=projects.open_acceptance,
         of="project_id", needs="centre.edit", states=("delivered",), primary=True),
    Deed(name="resume", kind="project", label=msg("Let it work on"), do=projects.resume_project, of="project_id",
         needs="decision.make", states=("refused",), when=judges, primary=True),
    Deed(name="stop", kind="project", label=msg("Stop it"), do=projects.stop_project, of="project_id",
         needs="decision.make", states=("planned", "running", "conditional", "refused"), hurts=True),
    Deed(name="opinion", kind="acceptance", label=msg("Give my opinion"), do=projects.give_opinion,
         of="acceptance_id", needs="project.accept", states=("open",), primary=True,
         when=lambda visit, record: visit.me.person_id in record.facts.experts),
    Deed(name="conclude", kind="acceptance", label=msg("Decide"), do=projects.conclude, of="acceptance_id",
         needs="decision.make", states=("open",), primary=True),
    Deed(name="decide", kind="project-change", label=msg("Decide"), do=projects.decide_change, of="change_id",
         needs="decision.make", states=("proposed",), primary=True),
    Deed(name="hand-over", kind="deliverable", label=msg("Hand it over"), do=projects.hand_over, of="deliverable_id",
         needs="project.work", states=("due", "returned"), hidden=("papers",), when=of_team, primary=True),
    Deed(name="judge", kind="deliverable", label=msg("Judge it"), do=projects.judge_deliverable, of="deliverable_id",
         needs="project.accept", states=("delivered",), primary=True),
    Deed(name="reach", kind="project-milestone", label=msg("It is reached"), do=projects.reach_milestone,
         of="milestone_id", needs="project.work", states=("open",), hidden=("papers",), when=of_team, primary=True),
    Deed(name="drop", kind="project-milestone", label=msg("Drop it"), do=projects.drop_milestone, of="milestone_id",
         needs="decision.make", states=("open",), when=judges, hurts=True),
    Deed(name="note", kind="progress", label=msg("I have read it"), do=projects.note_progress, of="progress_id",
         needs="centre.edit", states=("submitted",), primary=True),
    Deed(name="begin", kind="work-package", label=msg("The work begins"), do=steps.begin_package, of="package_id",
         needs="project.work", states=("planned",), when=of_team_still, primary=True),
    Deed(name="finish", kind="work-package", label=msg("The work is done"), do=steps.finish_package, of="package_id",
         needs="project.work", states=("running",), when=of_team_still, primary=True),
    Deed(name="again", kind="work-package", label=msg("The work goes on"), do=steps.begin_package, of="package_id",
         needs="project.work", states=("done",), when=of_team_still),
    Deed(name="judge", kind="risk", label=msg("Judge it anew"), do=projects.judge_risk, of="risk_id",
         needs="project.work", states=("open",), when=of_team),
    Deed(name="occurred", kind="risk", label=msg("It occurred"), do=steps.occur_risk, of="risk_id",
         needs="project.work", states=("open",), when=of_team_still),
    Deed(name="close", kind="risk", label=msg("Close it"), do=steps.close_risk, of="risk_id",
         needs="project.work", states=("open", "occurred"), when=of_team_still),
    Deed(name="again", kind="risk", label=msg("Open again"), do=steps.open_risk, of="risk_id",
         needs="project.work", states=("closed",), when=of_team_still),
    Deed(name="received", kind="transfer", label=msg("What was received so far"), do=projects.update_transfer,
         of="transfer_id", needs="project.work", states=("agreed", "effective"), when=of_team, primary=True,
         now=("received", "readiness_after", "jobs")),
    Deed(name="end", kind="transfer", label=msg("It has ended"), do=projects.end_transfer, of="transfer_id",
         needs="project.work", states=("agreed", "effective"), when=of_team, hurts=True),
    Deed(name="register", kind="ip", label=msg("It is registered"), do=projects.register_ip, of="ip_id",
         needs="project.work", states=("agreed",), when=of_team),
    Deed(name="effect", kind="adoption", label=msg("What it changed in a year"), do=projects.add_effect,
         of="adoption_id", needs="project.work", states=("using",), when=of_team_or_user, primary=True),
)  # fmt: skip

declare(
    Deed(name="grant", kind="fund", label=msg("Take money in"), do=money.grant, of="fund_id", needs="money.edit",
         states=("open",)),
    Deed(name="release", kind="fund", label=msg("Set free"), do=money.release, of="fund_id", needs="money.edit",
         states=("open",)),
    Deed(name="transfer", kind="fund", label=msg("Pass on to another fund"), do=money.transfer, of="giver_id",
         needs="money.edit", states=("open",)),
    Deed(name="give-back", kind="fund", label=msg("Give back"), do=money.give_back, of="fund_id", needs="money.edit",
         states=("open",)),
    Deed(name="close", kind="fund", label=msg("Close"), do=money.close_fund, of="fund_id", needs="money.edit",
         states=("open",), hurts=True),
    Deed(name="result", kind="spending", label=msg("It led to a result"), do=money.link_result, of="spending_id",
         needs="money.edit", states=("booked",)),
    Deed(name="result", kind="use", label=msg("It led to a result"), do=resources.link_use, of="use_id",
         needs="resource.book", states=("recorded",),
         when=lambda visit, record: resources.may_link(visit.connection, visit.me, record.facts)),
    Deed(name="reverse", kind="spending", label=msg("Take back"), do=money.reverse, of="spending_id",
         needs="money.edit", states=("booked",), hurts=True),
)  # fmt: skip

declare(
    Deed(name="accept", kind="result", label=msg("Accept"), do=results.accept_result, of="result_id",
         needs="result.accept", states=("stated",), primary=True, hidden=("note",)),
    Deed(name="return", kind="result", label=msg("Return"), do=results.return_result, of="result_id",
         needs="result.accept", states=("stated",), hurts=True),
    Deed(name="withdraw", kind="result", label=msg("Withdraw"), do=results.withdraw_result, of="result_id",
         needs="result.accept", states=("accepted",), hurts=True),
    Deed(name="again", kind="result", label=msg("State it again"), do=results.state_again, of="result_id",
         needs="result.state", states=("returned",), primary=True),
    Deed(name="publish", kind="report", label=msg("Publish"), do=reporting.publish_report, of="report_id",
         needs="report.make", states=("made",), primary=True, hurts=True),
    Deed(name="withdraw", kind="report", label=msg("Withdraw"), do=reporting.withdraw_report, of="report_id",
         needs="report.make", states=("made", "published"), hurts=True),
    Deed(name="deliver", kind="task", label=msg("It was handed over"), do=tasks.deliver, of="task_id",
         needs="task.edit", states=("undertaken",), primary=True),
    Deed(name="receive", kind="task", label=msg("Enter the receipt"), do=tasks.receive, of="task_id",
         needs="task.edit", states=("delivered",), primary=True),
    Deed(name="send-back", kind="task", label=msg("Take it back"), do=tasks.send_back, of="task_id",
         needs="task.edit", states=("delivered",), hurts=True),
)  # fmt: skip


def issue_credential(connection: sa.Connection, actor: CentreActor, person_id: UUID, award: talent.Award) -> Record:
    """Sign a credential with the centre's key, which is kept in the installation's folder."""
    return talent.issue(connection, actor, _key(actor), person_id, award)


def revoke_credential(connection: sa.Connection, actor: CentreActor, credential_id: UUID, reason: str) -> Record:
    """Revoke a credential, and publish the status list that says so."""
    return talent.revoke(connection, actor, _key(actor), credential_id, reason=reason)


def _key(actor: CentreActor) -> talent.CentreKey:
    return talent.CentreKey.kept_in(Settings.from_environment().home, actor.org_id)


def is_mine(visit: Visit, record: Record) -> bool:
    """Whether a record is of the visitor, or the visitor edits training."""
    return record.person_id == visit.me.person_id or visit.me.may("training.edit")


def offers(visit: Visit, record: Record) -> bool:
    """Whether the visitor speaks for who offers a resource."""
    return resources.offers_for(visit.me, record.facts.member)


declare(
    Deed(name="change", kind="resource", label=msg("Change"), do=resources.amend_resource, of="resource_id",
         needs="resource.offer", when=offers),
    Deed(name="withdraw", kind="resource", label=msg("Withdraw"), do=resources.withdraw_resource, of="resource_id",
         needs="resource.offer", states=("offered",), when=offers, hurts=True),
    Deed(name="again", kind="resource", label=msg("Offer again"), do=resources.offer_again, of="resource_id",
         needs="resource.offer", states=("withdrawn",), when=offers),
    Deed(name="spend", kind="project", label=msg("Book a spending"), do=money.spend, of="spending.project",
         needs="money.edit", hidden=("papers",)),
    Deed(name="commit", kind="project", label=msg("Commit money"), do=money.commit, of="commitment.project",
         needs="money.edit"),
)  # fmt: skip

declare(
    Deed(name="change", kind="team", label=msg("Change"), do=talent.change_team, of="team_id", states=("active",),
         when=lambda visit, record: record.facts.leader == visit.me.person_id or visit.me.may("training.edit")),
    Deed(name="close", kind="team", label=msg("Close"), do=talent.close_team, of="team_id", needs="training.edit",
         states=("active",), hurts=True),
    Deed(name="mentor", kind="mentoring", label=msg("Give a mentor"), do=talent.give_mentor, of="mentoring_id",
         needs="training.edit", states=("open",), primary=True),
    Deed(name="release", kind="mentoring", label=msg("Let a mentor go"), do=talent.release_mentor, of="mentoring_id",
         needs="training.edit", states=("open", "complete")),
    Deed(name="end", kind="mentoring", label=msg("End"), do=talent.end_mentoring, of="mentoring_id",
         needs="training.edit", states=("open", "complete"), hurts=True),
    Deed(name="enrol", kind="course", label=msg("Enrol me"), do=talent.enrol, of="course_id", states=("open",),
         hidden=("person",), primary=True),
    Deed(name="enrol-other", kind="course", label=msg("Enrol somebody"), do=talent.enrol, of="course_id",
         needs="training.edit", states=("open", "running")),
    Deed(name="move", kind="course", label=msg("Move on"), do=talent.move_course, of="course_id",
         needs="training.edit", states=("planned", "open", "running")),
    Deed(name="mark", kind="enrolment", label=msg("Give a mark"), do=talent.give_mark, of="enrolment_id",
         needs="training.edit", states=("enrolled",), primary=True),
    Deed(name="leave", kind="enrolment", label=msg("Leave the course"), do=talent.leave_course, of="enrolment_id",
         states=("enrolled",), when=is_mine, hurts=True),
    Deed(name="agree", kind="training-plan", label=msg("Agree"), do=talent.agree_plan, of="plan_id",
         needs="training.edit", states=("draft",), primary=True),
    Deed(name="reach", kind="training-plan", label=msg("A goal is reached"), do=talent.reach_goal, of="plan_id",
         needs="training.edit", states=("agreed",), primary=True),
    Deed(name="stop", kind="training-plan", label=msg("Stop it"), do=talent.stop_plan, of="plan_id",
         needs="training.edit", states=("draft", "agreed"), hurts=True),
    Deed(name="move", kind="thesis", label=msg("Move on"), do=talent.move_thesis, of="thesis_id",
         needs="training.edit", states=("proposed", "running")),
    Deed(name="move", kind="exchange", label=msg("Move on"), do=talent.move_exchange, of="exchange_id",
         needs="training.edit", states=("planned", "running")),
    Deed(name="revoke", kind="credential", label=msg("Revoke"), do=revoke_credential, of="credential_id",
         needs="credential.issue", states=("issued",), hurts=True),
    Deed(name="change", kind="source", label=msg("Change"), do=frontier.change_source, of="source_id",
         needs="source.edit"),
    Deed(name="tag", kind="source", label=msg("Add tags"), do=frontier.tag_source, of="source_id",
         needs="source.edit"),
)  # fmt: skip


def own_profile(visit: Visit) -> dict[str, Any]:
    """Return what the visitor's profile says, which the form begins with: who saves it unchanged loses nothing."""
    me = visit.me.person_id
    kept = find(visit.connection, "profile", person=me, limit=1) if me else []
    return {"facts": msgspec.to_builtins(kept[0].facts) if kept else {"person": str(me)}}


def own_member(visit: Visit) -> dict[str, Any]:
    """Return the visitor's own organisation, which offers most often what the visitor enters."""
    return {"facts": {"member": str(visit.me.member_id)}} if visit.me.member_id else {}


def learns(visit: Visit) -> bool:
    """Whether the visitor is a student, or looks after the training of others: a thesis is nobody else's."""
    return "student" in visit.me.roles or visit.me.may("training.edit")


begin_with(
    Start(name="project", kind="project", label=msg("Enter a project"), do=projects.start_project,
          needs="centre.edit", hidden=("proposal",)),
    Start(name="resource", kind="resource", label=msg("Offer a resource"), do=resources.offer_resource,
          needs="resource.offer", begins=own_member),
    Start(name="merge", kind="common-problem", label=msg("Merge problems"), do=problems.merge,
          needs="problem.merge", also=("problem",), note=msg("A problem is common when two or more members share it.")),
    Start(name="profile", kind="profile", label=msg("My profile"), do=talent.set_profile, needs="person.own",
          mine="facts.person", others="person.edit", begins=own_profile),
    Start(name="team", kind="team", label=msg("Put a team"), do=talent.put_team, needs="training.edit"),
    Start(name="mentoring", kind="mentoring", label=msg("Begin a mentoring"), do=talent.begin_mentoring,
          needs="training.edit"),
    Start(name="competency", kind="competency", label=msg("Put an area"), do=talent.put_competency,
          needs="training.edit"),
    Start(name="training-plan", kind="training-plan", label=msg("Put a plan"), do=talent.put_plan,
          needs="person.own", mine="plan.person", others="training.edit"),
    Start(name="course", kind="course", label=msg("Put a course"), do=talent.put_course, needs="training.edit"),
    Start(name="thesis", kind="thesis", label=msg("Propose a thesis"), do=talent.put_thesis, needs="person.own",
          mine="thesis.student", others="training.edit", when=learns),
    Start(name="exchange", kind="exchange", label=msg("Plan an exchange"), do=talent.put_exchange,
          needs="training.edit"),
    Start(name="credential", kind="credential", label=msg("Issue a credential"), do=issue_credential,
          needs="credential.issue"),
    Start(name="source", kind="source", label=msg("Enter a source"), do=frontier.enter_source, needs="source.edit"),
    Start(name="best-known", kind="best-known", label=msg("State a value"), do=frontier.state_best_known,
          needs="source.edit", hidden=("solution",)),
)  # fmt: skip
