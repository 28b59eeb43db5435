"""What a result says, and what each sort of result must say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import Meta

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre.kinds import Facts, Line, Minor, Text, kind
from takeback.share.centre.naming import FundId, MemberId, PersonId, ProblemId, ProjectId, naming

Sort = Literal["paper", "patent", "standard", "software", "data-set", "prize", "transfer", "adoption", "training"]
SORTS: tuple[Sort, ...] = get_args(Sort)
Short = Annotated[str, Meta(max_length=200)]
Link = Annotated[str, Meta(pattern=r"^https?://[^\s<>\"]{1,500}$")]
Year = Annotated[int, Meta(ge=1950, le=2200)]

LABELS: Mapping[str, Message] = {
    "paper": msg("Papers"),
    "patent": msg("Patents"),
    "standard": msg("Standards"),
    "software": msg("Software"),
    "data-set": msg("Data sets"),
    "prize": msg("Prizes"),
    "transfer": msg("Technology transfers"),
    "adoption": msg("Adoptions"),
    "training": msg("Training"),
}

CODES: Mapping[str, str] = {
    "paper": "results.papers",
    "patent": "results.patents",
    "standard": "results.standards",
    "software": "results.software",
    "data-set": "results.data_sets",
    "prize": "results.prizes",
    "transfer": "results.transfers",
    "adoption": "results.adoptions",
    "training": "results.training",
}
"""Sort -> the code of the figure that counts it."""

REQUIRED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "paper": (("body",), ("doi", "url")),
    "patent": (("number",), ("body",), ("status",)),
    "standard": (("number",), ("body",), ("status",)),
    "software": (("licence",), ("doi", "url")),
    "data-set": (("licence",), ("doi", "url")),
    "prize": (("body",), ("level",)),
    "transfer": (("partner",), ("since",)),
    "adoption": (("partner",), ("since",)),
    "training": (("people",), ("level",)),
}
"""Sort -> what must be said; of several names in one place any will do."""

STATUS: Mapping[str, tuple[str, ...]] = {
    "patent": ("filed", "published", "granted", "lapsed"),
    "standard": ("draft", "published", "withdrawn"),
}
DOI = re.compile(r"10\.\d{4,9}/\S{1,200}")


class Author(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who made a result: a person of the centre by id, or somebody outside as published. `percent`: the share."""

    person: PersonId | None = None
    name: Short = ""
    percent: Annotated[int, Meta(ge=0, le=100)] = 0


@kind(
    "result",
    title="title",
    states={
        "stated": ("accepted", "returned"),
        "returned": ("stated",),
        "accepted": ("withdrawn",),
        "withdrawn": (),
    },
    create="result.state",
    edit="result.accept",
    move={"stated": "result.state"},
    fixed_in=("accepted", "withdrawn"),
    parent="project",
    year="year",
    member="member",
)
class Result(Facts, frozen=True, kw_only=True):
    """A result of the centre's work.

    - `body`: journal, patent office, standards body, who awarded; `number`: of a patent or standard;
    - `status`: of a patent or standard (`STATUS`); `level`: of a prize or training (national, doctoral, ...);
    - `partner`: who took over or uses it, `since` when; `amount`: in minor units; `people`: how many were trained;
    - `entries`: entries of this centre's ledger that show it; `links`: pages that show it;
    - `projects`, `problems`, `funds`, `tasks`: records that it came from.
    """

    sort: Sort
    title: Line
    title_zh: Short = ""
    year: Year
    authors: tuple[Author, ...] = ()
    member: MemberId | None = None
    doi: Short = ""
    url: Short = ""
    body: Short = ""
    number: Short = ""
    status: Short = ""
    licence: Short = ""
    level: Short = ""
    partner: Short = ""
    since: date | None = None
    amount: Minor | None = None
    people: Annotated[int, Meta(ge=1, le=10**6)] | None = None
    summary: Text = ""
    links: tuple[Link, ...] = ()
    entries: tuple[int, ...] = ()
    projects: tuple[ProjectId, ...] = ()
    problems: tuple[ProblemId, ...] = ()
    funds: tuple[FundId, ...] = ()
    tasks: tuple[Annotated[UUID, naming("task")], ...] = ()

    def __post_init__(self) -> None:
        for places in REQUIRED[self.sort]:
            if not any(getattr(self, name) for name in places):
                raise _bad("/".join(places), None, msg("a value: a result of this sort needs it"))
        if self.doi and not DOI.fullmatch(self.doi):
            raise _bad("doi", self.doi, "10.1234/abcd")
        if self.url and not re.fullmatch(r"https?://[^\s<>\"]+", self.url):
            raise _bad("url", self.url, "https://...")
        if (known := STATUS.get(self.sort)) and self.status not in known:
            raise _bad("status", self.status, ", ".join(known))
        self._check_authors()

    def _check_authors(self) -> None:
        for place, author in enumerate(self.authors, 1):
            if (author.person is None) == (not author.name.strip()):
                raise _bad(f"authors/{place}", author.name, msg("a person of the centre, or a name: one of the two"))
        shares = [author.percent for author in self.authors]
        if any(shares) and sum(shares) != 100:
            raise _bad("authors", f"{sum(shares)} %", msg("shares that sum to 100 %, or none"))
        within = [author.person for author in self.authors if author.person]
        if len(within) != len({*within}):
            raise _bad("authors", len(within), msg("each person once"))

    @property
    def project(self) -> UUID | None:
        """The project that the result came from first of all."""
        return self.projects[0] if self.projects else None


def _bad(where: str, found: object, expected: Message | str) -> Problem:
    return Problem(
        "centre.bad-result", msg("This does not describe a result."), where=where, found=found, expected=expected
    )
