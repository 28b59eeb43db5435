"""What the centre of the demo consists of and works on, read from the files in `content/`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeVar

import msgspec

from takeback.share.centre.results.facts import Sort

T = TypeVar("T")


class CentreText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The centre itself."""

    slug: str
    name: str
    name_zh: str
    mission: str
    mission_zh: str
    fields: tuple[str, ...]


class MemberText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A member organisation; `slug`: its own organisation in the demo world."""

    code: str
    name: str
    name_zh: str
    sort: Literal["enterprise", "university", "institute", "authority"]
    lead: bool = False
    slug: str | None = None


class PersonText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A person; `account`: what the sign-in page calls who can sign in; `expertise`: what an expert knows.

    `traits`: what the person says of himself or herself, to be counted as.
    """

    nick: str
    name: str
    name_zh: str
    roles: list[str]
    member: str = ""
    expertise: tuple[str, ...] = ()
    account: str = ""
    traits: dict[str, str] = {}


class Cast(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`people.toml`."""

    centre: CentreText
    members: tuple[MemberText, ...]
    people: tuple[PersonText, ...]


class ProblemText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A problem of practice; `by`: who states it; `common`: the common problem that it becomes part of."""

    code: str
    by: str
    title: str
    title_zh: str
    text: str
    text_zh: str
    constraints: str
    constraints_zh: str
    criterion: str
    criterion_zh: str
    data: str
    common: str = ""


class CommonText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A common problem."""

    code: str
    title: str
    title_zh: str
    text: str
    text_zh: str


class CriterionText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A criterion of the call."""

    code: str
    title: str
    title_zh: str
    weight: int


class CallText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The call; amounts in minor units."""

    code: str
    title: str
    title_zh: str
    text: str
    text_zh: str
    total: int
    most: int
    least: int
    criteria: tuple[CriterionText, ...]


class ProposalText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A proposal; `merit`: how good it is, 1 to 10, which nobody but the reviewers' drawn points knows of."""

    code: str
    lead: str
    problem: str
    merit: float
    months: int
    title: str
    title_zh: str
    summary: str
    summary_zh: str
    approach: str
    expected: str
    keywords: tuple[str, ...]
    costs: tuple[tuple[str, int], ...]
    team: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()


class InterestText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an expert declares: an interest in a proposal."""

    expert: str
    proposal: str
    note: str


class UnwantedText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whom the applicants of a proposal do not take as impartial."""

    proposal: str
    expert: str


class ConsultationText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A draft that members are asked about."""

    title: str
    title_zh: str
    draft: str
    draft_zh: str
    question: str
    question_zh: str


class TaskText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A task that the centre undertook."""

    code: str
    title: str
    title_zh: str
    commissioner: str
    commissioner_zh: str
    deliverable: str
    deliverable_zh: str


class Practice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`practice.toml`."""

    problems: tuple[ProblemText, ...]
    common: tuple[CommonText, ...]
    call: CallText
    proposals: tuple[ProposalText, ...]
    interests: tuple[InterestText, ...]
    unwanted: tuple[UnwantedText, ...]
    second: CallText
    consultation: ConsultationText
    task: TaskText


class ResultText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A result of a project."""

    sort: Sort
    title: str
    title_zh: str
    authors: tuple[str, ...]
    body: str = ""
    doi: str = ""
    url: str = ""
    number: str = ""
    status: str = ""
    licence: str = ""
    level: str = ""


class AdoptionText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who uses what came of a project, from a year of the story on.

    `effects`: measure, value in a year, basis in English and in Chinese.
    """

    member: str
    title: str
    title_zh: str
    where: str
    where_zh: str
    year: int
    effects: tuple[tuple[Literal["money", "mass", "co2"], int, str, str], ...]


class ProjectText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a project does, by the common problem that it answers; pairs are English and Chinese."""

    problem: str
    code: str
    packages: tuple[tuple[str, str], ...]
    deliverables: tuple[tuple[str, str], ...]
    milestones: tuple[tuple[str, str], ...]
    risk: str
    risk_zh: str
    mitigation: str
    mitigation_zh: str
    experts: tuple[str, ...]
    ip: str
    ip_zh: str
    ip_sort: Literal["patent", "software"]
    ip_shares: tuple[tuple[str, int], ...]
    ip_licence: str
    solved: bool
    results: tuple[ResultText, ...]
    adoptions: tuple[AdoptionText, ...]
    registration: str = ""


class ResourceText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a member offers; `rate`, `outside`: an hour for members and for others, `free`: hours a year for nothing."""

    member: str
    title: str
    title_zh: str
    sort: Literal["equipment", "laboratory", "compute"]
    places: int
    rate: int
    outside: int
    free: int


class FundText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A fund; `granted` in minor units, `share`: of each project's budget, in %."""

    code: str
    title: str
    title_zh: str
    source: str
    source_zh: str
    channel: Literal["municipal", "enterprise", "own"]
    granted: int
    share: int
    member: str = ""
    own: bool = False


class CourseText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A course or lab."""

    code: str
    title: str
    title_zh: str
    sort: Literal["course", "lab"]
    hours: int
    teacher: str
    area: str


class IndicatorText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An indicator with its targets in the three years of the story."""

    code: str
    name: str
    name_zh: str
    definition: str
    definition_zh: str
    unit: str
    formula: str
    targets: tuple[int, ...]


class PriorityText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the authority asks for."""

    code: str
    sort: Literal["priority", "regional_issue"]
    title: str
    title_zh: str
    text: str
    text_zh: str


class MilestoneText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A milestone of the plan, by the end of a month of the story."""

    year: int
    month: int
    title: str
    title_zh: str


class Works(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`work.toml`."""

    projects: tuple[ProjectText, ...]
    resources: tuple[ResourceText, ...]
    funds: tuple[FundText, ...]
    courses: tuple[CourseText, ...]
    indicators: tuple[IndicatorText, ...]
    priorities: tuple[PriorityText, ...]
    milestones: tuple[MilestoneText, ...]


class ReportText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A progress report of `days` ago; `complete`: of all work, per mille."""

    days: int
    done: str
    done_zh: str
    next: str
    next_zh: str
    complete: int


class RunningText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The project at work: begun `days` ago, `length` days long; pairs are English and Chinese."""

    problem: str
    code: str
    title: str
    title_zh: str
    summary: str
    summary_zh: str
    lead: str
    partners: tuple[str, ...]
    team: tuple[str, ...]
    budget: int
    days: int
    length: int
    packages: tuple[tuple[str, str], ...]
    deliverables: tuple[tuple[str, str], ...]
    milestones: tuple[tuple[str, str], ...]
    risk: str
    risk_zh: str
    mitigation: str
    mitigation_zh: str
    reports: tuple[ReportText, ...]


class LateText(ResultText, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A result of this year, of a project by its code; `waits`: nobody has accepted it yet."""

    project: str
    month: int
    waits: bool = False


class EffectsText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a member that uses a result tells of this year; `effects`: as those of an adoption."""

    member: str
    effects: tuple[tuple[Literal["money", "mass", "co2"], int, str, str], ...]


class SourceText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the centre reads; `days`: how long ago it was listed."""

    sort: Literal["article-journal", "standard", "legislation"]
    title: str
    year: int
    tags: tuple[str, ...]
    problem: str
    days: int
    title_zh: str = ""
    container: str = ""
    publisher: str = ""
    number: str = ""
    doi: str = ""
    url: str = ""


class Lately(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`lately.toml`."""

    running: RunningText
    results: tuple[LateText, ...]
    effects: tuple[EffectsText, ...]
    seed: CallText
    seeds: tuple[ProposalText, ...]
    sources: tuple[SourceText, ...]


@cache
def cast() -> Cast:
    """Return who takes part."""
    return _read("people", Cast)


@cache
def practice() -> Practice:
    """Return what they work on."""
    return _read("practice", Practice)


@cache
def works() -> Works:
    """Return what projects do, and what comes of them."""
    return _read("work", Works)


@cache
def lately() -> Lately:
    """Return what goes on this year."""
    return _read("lately", Lately)


def _read(name: str, kind: type[T]) -> T:
    text = files("takeback.demo.centre").joinpath(f"content/{name}.toml").read_text("utf-8")
    told: dict[str, Any] = tomllib.loads(text)
    return msgspec.convert(told, kind)
