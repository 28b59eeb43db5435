"""The words of a centre: kinds, states, fields, choices, units."""

from __future__ import annotations

from takeback.core.message import Message, msg
from takeback.web.console.centre_fields import FIELDS


def kind_word(kind: str, *, many: bool = False) -> Message | str:
    """Return what a kind of record is called, one or many of them."""
    known = KINDS.get(kind)
    return known[many] if known else _by_hand(kind)


def state_word(state: str, kind: str = "") -> Message | str:
    """Return what a state is called: for a kind that has its own word for it, else for all."""
    return STATES.get(f"{kind}.{state}") or STATES.get(state) or _by_hand(state)


def move_word(state: str, kind: str = "") -> Message | str:
    """Return what the button says that moves a record to a state."""
    return MOVES.get(state) or state_word(state, kind)


def field_word(kind: str, name: str) -> Message | str:
    """Return the label of a field: that of the kind's own, else of all fields of that name.

    A text's Chinese twin is called as the text is.
    """
    if name.endswith("_zh"):
        return field_word(kind, name.removesuffix("_zh"))
    return FIELDS.get(f"{kind}.{name}") or FIELDS.get(name) or _by_hand(name.removesuffix("_minor"))


def choice_word(value: object, field: str = "") -> Message | str:
    """Return what a choice is called: in a field that has its own word for it, else in all."""
    return CHOICES.get(f"{field}.{value}") or CHOICES.get(str(value)) or STATES.get(str(value)) or _by_hand(str(value))


def unit_word(name: str) -> Message | str:
    """Return the unit that a field's name ends with."""
    return UNITS.get(name.rsplit("_", 1)[-1], "") if "_" in name or name == "percent" else ""


def room_word(room: str) -> Message | str:
    """Return what a part of the centre is called, by the room that its figures come from."""
    return ROOMS.get(room) or _by_hand(room)


def unit_named(unit: str) -> Message | str:
    """Return a figure's unit; what is merely counted has none."""
    return UNIT_NAMES.get(unit, unit)


def trait_word(trait: str) -> Message | str:
    """Return what people may say of themselves to be counted."""
    return TRAITS.get(trait) or _by_hand(trait)


def _by_hand(code: str) -> str:
    text = code.replace("_", " ").replace("-", " ").strip()
    return text[:1].upper() + text[1:]


KINDS: dict[str, tuple[Message, Message]] = {
    "acceptance": (msg("Acceptance"), msg("Acceptances")),
    "acceptance-opinion": (msg("Opinion on an acceptance"), msg("Opinions on acceptances")),
    "adoption": (msg("Adoption"), msg("Adoptions")),
    "agreement": (msg("Agreement"), msg("Agreements")),
    "answer": (msg("Answer"), msg("Answers")),
    "appeal": (msg("Appeal"), msg("Appeals")),
    "assignment": (msg("Assignment of reviewers"), msg("Assignments of reviewers")),
    "best-known": (msg("Best-known value"), msg("Best-known values")),
    "body": (msg("Organ"), msg("Bodies")),
    "call": (msg("Call"), msg("Calls")),
    "centre": (msg("Centre"), msg("The centre")),
    "charter": (msg("Charter"), msg("Charters")),
    "commitment": (msg("Commitment"), msg("Commitments")),
    "common-problem": (msg("Common problem"), msg("Common problems")),
    "competency": (msg("Competency"), msg("Competencies")),
    "conflict": (msg("Conflict of interest"), msg("Conflicts of interest")),
    "consultation": (msg("Consultation"), msg("Consultations")),
    "course": (msg("Course"), msg("Courses")),
    "credential": (msg("Credential"), msg("Credentials")),
    "decision": (msg("Decision"), msg("Decisions")),
    "deliverable": (msg("Deliverable"), msg("Deliverables")),
    "discussion": (msg("Word in a discussion"), msg("Discussions")),
    "enrolment": (msg("Enrolment"), msg("Enrolments")),
    "evaluation": (msg("Evaluation"), msg("Evaluations")),
    "evaluation-score": (msg("Expert's points"), msg("Experts' points")),
    "exchange": (msg("Exchange"), msg("Exchanges")),
    "following": (msg("Followed problem"), msg("Followed problems")),
    "fund": (msg("Fund"), msg("Funds")),
    "indicator": (msg("Indicator"), msg("Indicators")),
    "interest": (msg("Interest in a problem"), msg("Interests in problems")),
    "ip": (msg("Intellectual property"), msg("Intellectual property rights")),
    "meeting": (msg("Meeting"), msg("Meetings")),
    "member": (msg("Member"), msg("Members")),
    "mentoring": (msg("Mentoring"), msg("Mentorings")),
    "milestone": (msg("Milestone"), msg("Milestones")),
    "news": (msg("News item"), msg("News")),
    "period": (msg("Stage of the plan"), msg("Stages of the plan")),
    "priority": (msg("Priority"), msg("Priorities")),
    "problem": (msg("Problem"), msg("Problems")),
    "profile": (msg("Profile"), msg("Profiles")),
    "progress": (msg("Progress report"), msg("Progress reports")),
    "project": (msg("Project"), msg("Projects")),
    "project-change": (msg("Change of a project"), msg("Changes of projects")),
    "project-milestone": (msg("Milestone of a project"), msg("Milestones of projects")),
    "project-origin": (msg("Origin of a project"), msg("Origins of projects")),
    "proposal": (msg("Proposal"), msg("Proposals")),
    "report": (msg("Report"), msg("Reports (all records)")),
    "resource": (msg("Resource"), msg("Resources")),
    "result": (msg("Result"), msg("Results")),
    "review": (msg("Review"), msg("Reviews")),
    "risk": (msg("Risk"), msg("Risks")),
    "source": (msg("Reference"), msg("References")),
    "spending": (msg("Spending"), msg("Spendings")),
    "claim": (msg("Claimed cost"), msg("Claimed costs")),
    "status-list": (msg("Status list"), msg("Status lists")),
    "target": (msg("Target"), msg("Targets")),
    "task": (msg("Task"), msg("Tasks")),
    "team": (msg("Team"), msg("Teams")),
    "thesis": (msg("Thesis"), msg("Theses")),
    "training-plan": (msg("Training plan"), msg("Training plans")),
    "transfer": (msg("Technology transfer"), msg("Technology transfers")),
    "use": (msg("Use of a resource"), msg("Uses of resources")),
    "value": (msg("Stated value"), msg("Stated values")),
    "work-package": (msg("Work package"), msg("Work packages")),
}
STATES: dict[str, Message] = {
    "accepted": msg("Accepted"),
    "active": msg("Active"),
    "agreed": msg("Agreed"),
    "approved": msg("Approved"),
    "claimed": msg("Claimed"),
    "assessed": msg("Assessed"),
    "assigned": msg("Assigned"),
    "booked": msg("Booked"),
    "called": msg("Called"),
    "cancelled": msg("Cancelled"),
    "closed": msg("Now closed"),
    "committed": msg("Committed"),
    "common": msg("Common"),
    "complete": msg("Complete"),
    "concluded": msg("Concluded"),
    "conditional": msg("Accepted with conditions"),
    "course.open": msg("Open for enrolment"),
    "confirmed": msg("Confirmed"),
    "construction": msg("Construction"),
    "cultivation": msg("Cultivation"),
    "decided": msg("Decisions are told"),
    "declined": msg("Declined"),
    "defended": msg("Defended"),
    "delivered": msg("Delivered"),
    "dissolved": msg("Dissolved"),
    "done": msg("Done"),
    "draft": msg("Draft"),
    "dropped": msg("Dropped"),
    "due": msg("Due"),
    "effective": msg("Effective"),
    "eligible": msg("Eligible"),
    "ended": msg("Ended"),
    "enrolled": msg("Enrolled"),
    "failed": msg("Failed"),
    "filed": msg("Filed"),
    "final": msg("Handed in"),
    "following": msg("Followed"),
    "funded": msg("Funded"),
    "abstained": msg("Abstained"),
    "given": msg("Given"),
    "held": msg("Held"),
    "in-force": msg("In force"),
    "in_force": msg("In force"),
    "ineligible": msg("Not eligible"),
    "issued": msg("Issued"),
    "kept": msg("Kept"),
    "left": msg("Has left"),
    "lifted": msg("Lifted"),
    "listed": msg("Listed"),
    "made": msg("Was made"),
    "merged": msg("Merged"),
    "missed": msg("Missed"),
    "noted": msg("Noted"),
    "occurred": msg("Occurred"),
    "offered": msg("Offered"),
    "open": msg("Now open"),
    "passed": msg("Passed"),
    "planned": msg("Planned"),
    "prepared": msg("Prepared"),
    "proposed": msg("Proposed"),
    "published": msg("Published"),
    "reached": msg("Reached"),
    "read": msg("Was read"),
    "received": msg("Receipt is there"),
    "recorded": msg("Recorded"),
    "refused": msg("Refused"),
    "registered": msg("Registered"),
    "rejected": msg("Rejected"),
    "released": msg("Given back"),
    "replaced": msg("Replaced"),
    "retired": msg("Retired"),
    "returned": msg("Returned"),
    "reversed": msg("Taken back"),
    "reviewing": msg("In review"),
    "revoked": msg("Revoked"),
    "running": msg("Running"),
    "said": msg("Said"),
    "scored": msg("Scored"),
    "signing": msg("For signing"),
    "solved": msg("Solved"),
    "standing": msg("Standing"),
    "stated": msg("Stated"),
    "stopped": msg("Stopped"),
    "submitted": msg("Submitted"),
    "undertaken": msg("Undertaken"),
    "unread": msg("Unread"),
    "upheld": msg("Upheld"),
    "used": msg("In use"),
    "using": msg("In use"),
    "withdrawn": msg("Withdrawn"),
}
MOVES: dict[str, Message] = {
    "left": msg("Let it leave"),
    "active": msg("Take it in again"),
    "construction": msg("Begin construction"),
    "closed": msg("Close it"),
    "open": msg("Open it"),
    "in_force": msg("Put in force"),
    "retired": msg("Retire"),
    "agreed": msg("Agree"),
    "confirmed": msg("Confirm"),
    "withdrawn": msg("Withdraw"),
}
CHOICES: dict[str, Message] = {
    "True": msg("Yes"),
    "False": msg("No"),
    "Award": msg("Award"),
    "Certificate": msg("Certificate"),
    "CertificateOfCompletion": msg("Certificate of completion"),
    "Competency": msg("Competency"),
    "Course": msg("Course"),
    "Lab": msg("Laboratory"),
    "Project": msg("Project"),
    "ResearchDoctorate": msg("Research doctorate"),
    "academic": msg("Academic"),
    "annual": msg("Annual report"),
    "application": msg("Application"),
    "article-journal": msg("Journal article"),
    "assistant": msg("Assistant"),
    "authority": msg("Authority"),
    "bachelor": msg("Bachelor"),
    "best-known": msg("Best-known value"),
    "book": msg("Book"),
    "carried": msg("Carried"),
    "chair": msg("Chair"),
    "chapter": msg("Chapter"),
    "co2": msg("CO₂"),
    "company founded": msg("A company was founded"),
    "compute": msg("Computing time"),
    "confidentiality": msg("Confidentiality"),
    "confidentiality.open": msg("Everybody"),
    "cooperation": msg("Cooperation"),
    "council": msg("Council"),
    "course": msg("Course"),
    "data": msg("Data"),
    "data set": msg("Data set"),
    "data-set": msg("Data set"),
    "dataset": msg("Data set"),
    "design": msg("Design"),
    "director": msg("Director"),
    "doctor": msg("Doctor"),
    "document": msg("Document"),
    "down": msg("Less is better"),
    "up": msg("More is better"),
    "engineer": msg("Engineer"),
    "enterprise": msg("Enterprise"),
    "equipment": msg("Equipment"),
    "evaluation": msg("Evaluation"),
    "excellent": msg("Excellent"),
    "expert-committee": msg("Expert committee"),
    "final": msg("Final"),
    "industrial": msg("Industry"),
    "institute": msg("Institute"),
    "interested": msg("Interested"),
    "international": msg("International"),
    "internship": msg("Internship"),
    "joint development": msg("Joint development"),
    "know-how": msg("Know-how"),
    "lab": msg("Lab"),
    "laboratory": msg("Laboratory"),
    "labour": msg("Labour"),
    "last": msg("The last one known"),
    "leader": msg("Leader"),
    "legislation": msg("Legislation"),
    "licence": msg("Licence"),
    "mass": msg("Mass"),
    "master": msg("Master"),
    "materials": msg("Materials"),
    "max": msg("More is better"),
    "min": msg("Less is better"),
    "mean": msg("Their mean"),
    "sum": msg("Their sum"),
    "member": msg("Member"),
    "members": msg("Members of the centre"),
    "mentor": msg("Mentor"),
    "met": msg("Met"),
    "mid-term": msg("Mid-term"),
    "money": msg("Money"),
    "municipal": msg("Municipal"),
    "national": msg("National"),
    "native": msg("Native"),
    "other": msg("Other"),
    "overhead": msg("Overhead"),
    "own": msg("Own"),
    "paper": msg("Paper"),
    "paper-conference": msg("Conference paper"),
    "partly": msg("Partly"),
    "partner": msg("Partner"),
    "patent": msg("Patent"),
    "people": msg("People"),
    "plan": msg("Plan"),
    "prize": msg("Prize"),
    "property": msg("Property"),
    "publication": msg("Publication"),
    "regional": msg("Regional"),
    "regional_issue": msg("Regional issue"),
    "report": msg("Report"),
    "researcher": msg("Researcher"),
    "resources": msg("Resources"),
    "rule": msg("Rule"),
    "secretary": msg("Secretary"),
    "service": msg("Service"),
    "services": msg("Services"),
    "shares": msg("Has it too"),
    "software": msg("Software"),
    "standard": msg("Standard"),
    "student": msg("Student"),
    "testing": msg("Testing"),
    "thesis": msg("Thesis"),
    "training": msg("Training"),
    "transfer": msg("Transfer"),
    "adoption": msg("Adoption"),
    "travel": msg("Travel"),
    "university": msg("University"),
    "vice": msg("Vice chair"),
    "waived": msg("Waived"),
    "webpage": msg("Web page"),
    "workshop": msg("Workshop"),
    "priority": msg("Priority"),
    "manager": msg("Manager"),
    "expert": msg("Expert"),
    "delegate": msg("Delegate"),
    "spent": msg("Spent"),
    "in-kind": msg("In kind"),
    "available": msg("Available"),
    "committed": msg("Committed"),
    "returned": msg("Given back"),
    "passed": msg("Passed on"),
    "unsaid": msg("Not said"),
}
ROOMS: dict[str, Message] = {
    "targets": msg("Plan and targets"),
    "problems": msg("Problems"),
    "money": msg("Money"),
    "calls": msg("Calls"),
    "talent": msg("Talent"),
    "frontier": msg("Frontier watch"),
    "organisation": msg("Organisation"),
    "projects": msg("Projects"),
    "resources": msg("Resources"),
    "results": msg("Results"),
    "tasks": msg("Tasks"),
    "reporting": msg("Reports"),
}
TRAITS: dict[str, Message] = {
    "gender": msg("Gender"),
    "age": msg("Age"),
    "degree": msg("Highest degree"),
    "origin": msg("Origin"),
    "disability": msg("Disability"),
}
UNIT_NAMES: dict[str, Message | str] = {"count": "", "kgCO2e": "kg CO\u2082e", "people": "", "EUR": "\u20ac"}
UNITS: dict[str, Message | str] = {
    "kg": "kg",
    "km": "km",
    "kwh": "kWh",
    "h": msg("h"),
    "pct": "%",
    "percent": "%",
}
"""Last part of a field's name -> its unit."""
