"""What is recorded of a project: its team and plan, its work, its acceptance (what came of it: `outcome_kinds`)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.kinds import Code, Facts, Line, LineZh, Minor, Text, kind
from takeback.share.centre.naming import ActedId, CallId, MemberId, PersonId, ProblemId, ProjectId, ProposalId, naming

Level = Annotated[int, Meta(ge=1, le=5)]
Role = Literal["leader", "researcher", "engineer", "student", "mentor", "assistant"]
Verdict = Literal["accepted", "conditional", "refused"]


class TeamMember(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person of the team; `share`: of the person's time, in per mille."""

    person: PersonId
    role: Role
    share: Annotated[int, Meta(ge=0, le=1000)] = 0


@kind(
    "project",
    title="title",
    states={
        "planned": ("planned", "running", "stopped"),
        "running": ("running", "delivered", "stopped"),
        "delivered": ("delivered", "accepted", "conditional", "refused"),
        "conditional": ("conditional", "delivered", "stopped"),
        "refused": ("refused", "running", "stopped"),
        "accepted": (),
        "stopped": (),
    },
    create="centre.edit",
    move={"accepted": "project.accept", "conditional": "project.accept", "refused": "project.accept"},
    person="leader",
    member="member",
    year="year",
    fixed_in=("running", "delivered", "conditional", "refused", "accepted", "stopped"),
)
class Project(Facts, frozen=True, kw_only=True):
    """A funded project. The proposal that it comes from stands in `project-origin`, which few may see.

    `member`: the organisation that leads; `partners`: other member organisations; `budget`: minor units.
    """

    code: Code
    title: Line
    title_zh: LineZh = ""
    summary: Text = ""
    summary_zh: Text = ""
    call: CallId | None = None
    problem: ProblemId | None = None
    leader: PersonId
    member: MemberId
    partners: tuple[MemberId, ...] = ()
    team: tuple[TeamMember, ...] = ()
    begins: date
    ends: date
    budget: Minor

    @property
    def year(self) -> int:
        """The year in which it begins."""
        return self.begins.year

    @property
    def people(self) -> frozenset[UUID]:
        """The leader and the team."""
        return frozenset({self.leader, *(one.person for one in self.team)})

    def __post_init__(self) -> None:
        """Refuse a project that ends before it begins, or a person who is in the team twice."""
        if self.ends < self.begins:
            raise Problem(
                "centre.bad-project", msg("The project would end before it begins."), where="ends",
                found=self.ends, expected=msg("not before {day}", day=self.begins),
            )  # fmt: skip
        if len({one.person for one in self.team}) < len(self.team):
            raise Problem("centre.bad-project", msg("A person is in the team twice."), where="team")


@kind(
    "project-origin",
    title="title",
    states={"kept": ()},
    create="proposal.run",
    read="proposal.run",
    fixed_in=("kept",),
    parent="project",
)
class Origin(Facts, frozen=True, kw_only=True):
    """Which proposal a project comes from; only who runs proposals sees it."""

    title: Line
    project: ProjectId
    proposal: ProposalId


@kind(
    "work-package",
    title="title",
    states={"planned": ("running",), "running": ("done",), "done": ("running",)},
    create="centre.edit",
    parent="project",
)
class WorkPackage(Facts, frozen=True, kw_only=True):
    """A part of the work. `effort_h`: planned hours of all persons; `budget`: minor units."""

    project: ProjectId
    code: Code
    title: Line
    title_zh: LineZh = ""
    lead: PersonId | None = None
    begins: date
    ends: date
    effort_h: Annotated[int, Meta(ge=0)] = 0
    budget: Minor = 0


@kind(
    "deliverable",
    title="title",
    states={"due": ("delivered",), "delivered": ("approved", "returned"), "returned": ("delivered",), "approved": ()},
    create="centre.edit",
    move={"approved": "project.accept", "returned": "project.accept"},
    fixed_in=("delivered", "approved"),
    parent="project",
    year="year",
)
class Deliverable(Facts, frozen=True, kw_only=True):
    """Something that the project must hand over by `due`; its evidence are files of the record."""

    project: ProjectId
    work_package: Annotated[UUID, naming("work-package")] | None = None
    code: Code
    title: Line
    title_zh: LineZh = ""
    due: date
    description: Text = ""

    @property
    def year(self) -> int:
        """The year in which it is due."""
        return self.due.year


@kind(
    "project-milestone",
    title="title",
    states={"open": ("reached", "dropped"), "reached": (), "dropped": ()},
    create="centre.edit",
    fixed_in=("reached", "dropped"),
    parent="project",
    year="year",
)
class ProjectMilestone(Facts, frozen=True, kw_only=True):
    """A point that the project must have reached by `due`; `criterion`: how one sees that it has."""

    project: ProjectId
    title: Line
    title_zh: LineZh = ""
    due: date
    criterion: Line
    criterion_zh: LineZh = ""

    @property
    def year(self) -> int:
        """The year in which it is due."""
        return self.due.year


@kind(
    "risk",
    title="title",
    states={"open": ("occurred", "closed"), "occurred": ("closed",), "closed": ("open",)},
    create="centre.edit",
    parent="project",
)
class Risk(Facts, frozen=True, kw_only=True):
    """What may go wrong: `likelihood` and `impact` from 1 to 5, and what is done about it."""

    project: ProjectId
    title: Line
    title_zh: LineZh = ""
    likelihood: Level
    impact: Level
    mitigation: Text
    mitigation_zh: Text = ""
    owner: PersonId | None = None

    @property
    def weight(self) -> int:
        """Likelihood times impact, 1 to 25."""
        return self.likelihood * self.impact


@kind(
    "progress",
    title="title",
    states={"submitted": ("noted",), "noted": ()},
    create="centre.edit",
    fixed_in=("submitted", "noted"),
    parent="project",
    year="year",
)
class Progress(Facts, frozen=True, kw_only=True):
    """A progress report: what was done until `until`, what comes next, how much is done (per mille)."""

    project: ProjectId
    title: Line
    title_zh: LineZh = ""
    until: date
    done: Text
    done_zh: Text = ""
    next: Text
    next_zh: Text = ""
    complete: Annotated[int, Meta(ge=0, le=1000)]

    @property
    def year(self) -> int:
        """The year that it reports on."""
        return self.until.year


@kind(
    "project-change",
    title="reason",
    states={"proposed": ("approved", "refused"), "approved": (), "refused": ()},
    create="centre.edit",
    move={"approved": "decision.make", "refused": "decision.make"},
    fixed_in=("proposed", "approved", "refused"),
    parent="project",
)
class ProjectChange(Facts, frozen=True, kw_only=True):
    """A change of the plan that is asked for; what is None stays. `version`: of the project that it was made from."""

    project: ProjectId
    reason: Line
    version: int
    ends: date | None = None
    budget: Minor | None = None
    leader: PersonId | None = None
    team: tuple[TeamMember, ...] | None = None
    summary: Text | None = None
    summary_zh: Text | None = None

    def changed(self) -> dict[str, Any]:
        """Return the fields of the project that the change sets; a new summary alone ends its old Chinese twin."""
        names = ("ends", "budget", "leader", "team", "summary", "summary_zh")
        asked = {name: value for name in names if (value := getattr(self, name)) is not None}
        return {"summary_zh": "", **asked} if "summary" in asked else asked


class Opinion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an expert says of a project that is to be accepted."""

    expert: ActedId
    verdict: Verdict
    reasons: Text
    reasons_zh: Text = ""


@kind(
    "acceptance-opinion",
    title="title",
    states={"given": ()},
    create="decision.make",
    read="decision.make",
    fixed_in=("given",),
    parent="acceptance",
    person="expert",
)
class GivenOpinion(Facts, frozen=True, kw_only=True):
    """An opinion before the decision: other experts and the team see it with the decision, and not before."""

    title: Line
    title_zh: LineZh = ""
    acceptance: Annotated[UUID, naming("acceptance")]
    expert: ActedId
    verdict: Verdict
    reasons: Text
    reasons_zh: Text = ""


@kind(
    "acceptance",
    title="title",
    states={"open": ("accepted", "conditional", "refused"), "accepted": (), "conditional": (), "refused": ()},
    create="centre.edit",
    fixed_in=("open", "accepted", "conditional", "refused"),
    parent="project",
)
class Acceptance(Facts, frozen=True, kw_only=True):
    """A project is looked at by experts without a conflict.

    `opinions` are shown when it is decided; `missing`: ids of deliverables that were not there.
    """

    project: ProjectId
    title: Line
    title_zh: LineZh = ""
    experts: tuple[PersonId, ...]
    opinions: tuple[Opinion, ...] = ()
    reasons: Text = ""
    reasons_zh: Text = ""
    conditions: tuple[Line, ...] = ()
    conditions_zh: tuple[Line, ...] = ()
    missing: tuple[Annotated[UUID, naming("deliverable")], ...] = ()
