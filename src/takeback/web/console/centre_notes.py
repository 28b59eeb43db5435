"""What stands on each list of a centre, in a sentence for somebody who comes for the first time."""

from __future__ import annotations

from takeback.core.message import Message, msg


def kind_note(kind: str) -> Message | str:
    """Return what the records of a kind are, and how one begins; nothing for a kind without a list."""
    return NOTES.get(kind, "")


NOTES: dict[str, Message] = {
    "acceptance": msg("Experts look at a delivered project and say whether it does what was promised."),
    "adoption": msg("Who uses what came of a project, since when, and what it changed in money, kilograms and CO₂."),
    "agreement": msg("What members agreed on: who owes what, until when. In force once all have signed."),
    "answer": msg("What members answered to consultations."),
    "appeal": msg("Applicants who do not accept a decision say why; the council answers."),
    "best-known": msg("The best solution anybody knows for an open instance; whoever beats it makes news."),
    "body": msg("The council and the committees: who sits in them, and how they decide."),
    "call": msg("A call asks for proposals on the common problems; proposals are reviewed blind."),
    "centre": msg("What the centre is for, and how long it runs."),
    "charter": msg("The rules that all members signed."),
    "claim": msg("What people paid themselves for a project and ask back; somebody else decides."),
    "commitment": msg("Money of a fund that is promised to a project and can be promised to no other."),
    "common-problem": msg("A problem that two or more members share, merged from what they stated. Calls ask for it."),
    "competency": msg("What people of the centre can do, in levels from knowing to moving the field on."),
    "consultation": msg("Drafts on which members are asked before they become a rule or an indicator."),
    "course": msg("Courses and laboratories that students and members may take."),
    "credential": msg("Signed achievements that the holder takes along and anybody can check offline."),
    "decision": msg("What the council decided on each proposal, and why."),
    "deliverable": msg("What projects promised to hand over, by when, and who judged it."),
    "enrolment": msg("Who takes which course, and with what mark."),
    "evaluation": msg("Mid-term and final evaluation of the centre: own assessment, experts' points, conclusion."),
    "exchange": msg("Stays of people at another member."),
    "fund": msg("Where the money comes from, and the rules for spending it."),
    "indicator": msg("What the centre is measured by: definition, source and formula of each figure."),
    "ip": msg("Who owns what came of a project, and in which shares."),
    "meeting": msg("Meetings of the council and the committees, with minutes and votes."),
    "member": msg("The enterprises, universities, institutes and authorities of the centre."),
    "mentoring": msg("Students with two mentors: one of a university, one of a company."),
    "milestone": msg("What the plan wants to be reached, by when."),
    "news": msg("What is new about the problems that you follow."),
    "period": msg("The stages of the five-year plan; a year is closed when its values are confirmed."),
    "priority": msg("What the authority wants to be worked on, and the issues of the region."),
    "problem": msg("Members say what troubles them in practice, with data, limits and what a solution is worth."),
    "profile": msg("What people work on, as far as they agreed to show it."),
    "progress": msg("What a project's team reports: what was done, what comes next, how much is complete."),
    "project": msg("Funded work with a team, a budget, deliverables and an end."),
    "project-change": msg("Changes of time, money or team that a project asks for; the council decides."),
    "project-milestone": msg("What projects want to have reached, by when."),
    "report": msg("Annual and evaluation reports: each figure leads to the records that it rests on."),
    "resource": msg("Equipment, laboratories, data and computing time that members let each other use."),
    "result": msg("Papers, patents, standards, software, data sets and prizes; each is accepted on its evidence."),
    "risk": msg("What may go wrong in a project, how likely, and what is done about it."),
    "source": msg("Literature, standards and laws that the centre watches, tagged to its problems."),
    "spending": msg("What was paid for, from which fund, for which project, on which invoice."),
    "target": msg("What each indicator should be in each year; the authority agrees."),
    "task": msg("National, regional and industrial tasks that the centre undertook, with the receipt for each."),
    "team": msg("Innovation teams across members."),
    "thesis": msg("Theses that students write on companies' problems."),
    "training-plan": msg("What a person wants to learn within a year, agreed with the mentors."),
    "transfer": msg("Licences, sales and joint development: who took the technology, and for how much."),
    "use": msg("Hours for which a resource was really used, by whom, for which project."),
    "value": msg("Values of indicators that no formula computes: stated by the centre, confirmed by the authority."),
    "work-package": msg("Parts of a project: who leads them, when, with how many hours."),
}
