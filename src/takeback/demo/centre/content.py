"""What the centre of the demo consists of and works on, read from the files in `content/`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeVar

import msgspec

T = TypeVar("T")


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a file; what is not said there is empty."""


class CentreText(_Part):
    """The centre itself."""

    slug: str
    name: str
    name_zh: str
    mission: str
    mission_zh: str
    fields: tuple[str, ...]


class MemberText(_Part):
    """A member organisation; `slug`: its own organisation in the demo world."""

    code: str
    name: str
    name_zh: str
    sort: Literal["enterprise", "university", "institute", "authority"]
    lead: bool = False
    slug: str | None = None


class PersonText(_Part):
    """A person; `account`: what the sign-in page calls who can sign in; `expertise`: what an expert knows."""

    nick: str
    name: str
    name_zh: str
    roles: list[str]
    member: str = ""
    expertise: tuple[str, ...] = ()
    account: str = ""


class Cast(_Part):
    """`people.toml`."""

    centre: CentreText
    members: tuple[MemberText, ...]
    people: tuple[PersonText, ...]


class ProblemText(_Part):
    """A problem of practice; `by`: who states it; `common`: the common problem that it becomes part of."""

    code: str
    by: str
    title: str
    title_zh: str
    text: str
    text_zh: str
    constraints: str
    data: str
    common: str = ""


class CommonText(_Part):
    """A common problem."""

    code: str
    title: str
    title_zh: str
    text: str


class CriterionText(_Part):
    """A criterion of the call."""

    code: str
    title: str
    title_zh: str
    weight: int


class CallText(_Part):
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


class ProposalText(_Part):
    """A proposal; `merit`: how good it is, 1 to 10, which nobody but the reviewers' drawn points knows of."""

    code: str
    lead: str
    problem: str
    merit: float
    months: int
    title: str
    title_zh: str
    summary: str
    approach: str
    expected: str
    keywords: tuple[str, ...]
    costs: tuple[tuple[str, int], ...]
    team: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()


class InterestText(_Part):
    """What an expert declares: an interest in a proposal."""

    expert: str
    proposal: str
    note: str


class UnwantedText(_Part):
    """Whom the applicants of a proposal do not take as impartial."""

    proposal: str
    expert: str


class Practice(_Part):
    """`practice.toml`."""

    problems: tuple[ProblemText, ...]
    common: tuple[CommonText, ...]
    call: CallText
    proposals: tuple[ProposalText, ...]
    interests: tuple[InterestText, ...]
    unwanted: tuple[UnwantedText, ...]


@cache
def cast() -> Cast:
    """Return who takes part."""
    return _read("people", Cast)


@cache
def practice() -> Practice:
    """Return what they work on."""
    return _read("practice", Practice)


def _read(name: str, kind: type[T]) -> T:
    text = files("takeback.demo.centre").joinpath(f"content/{name}.toml").read_text("utf-8")
    told: dict[str, Any] = tomllib.loads(text)
    return msgspec.convert(told, kind)
