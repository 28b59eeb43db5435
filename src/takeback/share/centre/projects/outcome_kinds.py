"""What is recorded of what came of a project: whose it is, to whom it went, who uses it and what that changed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.share.centre.kinds import Facts, Line, LineZh, Minor, kind
from takeback.share.centre.naming import Elsewhere, MemberId, OutcomeId, ProjectId, naming

Name = Annotated[str, Meta(max_length=200)]
Points = Annotated[int, Meta(ge=0, le=10_000)]
Readiness = Annotated[int, Meta(ge=1, le=9)]
Jobs = Annotated[int, Meta(ge=0)]


class Share(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a member organisation owns: `points` of 10,000."""

    member: MemberId
    points: Points


@kind(
    "ip",
    title="title",
    states={"agreed": ("registered", "ended"), "registered": ("ended",), "ended": ()},
    create="centre.edit",
    parent="project",
    year="year",
)
class IP(Facts, frozen=True, kw_only=True):
    """Something that came of a project and whose it is. `licence`: under which terms others may use it."""

    project: ProjectId
    title: Line
    title_zh: LineZh = ""
    sort: Literal["patent", "software", "design", "know-how", "data set", "standard"]
    shares: tuple[Share, ...]
    licence: Line
    registration: Name = ""
    agreed: date
    result: OutcomeId | None = None

    @property
    def year(self) -> int:
        """The year of the agreement."""
        return self.agreed.year

    def __post_init__(self) -> None:
        """Refuse shares that are not of the whole."""
        points = sum(one.points for one in self.shares)
        if points != 10_000 or len({one.member for one in self.shares}) < len(self.shares):
            raise Problem(
                "centre.bad-shares", msg("The shares do not make up the whole, or an owner is named twice."),
                where="shares", found=f"{points / 100:g} %", expected="100 %",
            )  # fmt: skip


@kind(
    "transfer",
    title="title",
    states={"agreed": ("effective", "ended"), "effective": ("effective", "ended"), "ended": ()},
    create="centre.edit",
    parent="project",
    member="taker",
    year="year",
)
class Transfer(Facts, frozen=True, kw_only=True):
    """Technology goes to somebody who uses it, with indicators.

    `taker`: a member, or `taker_name`: somebody else; `value`: of the contract, `received`: so far (minor units);
    `readiness_before`, `readiness_after`: technology readiness levels (ISO 16290), 1 to 9.
    """

    project: ProjectId
    title: Line
    title_zh: LineZh = ""
    ip: Annotated[UUID, naming("ip")] | None = None
    sort: Literal["licence", "assignment", "service", "joint development", "company founded", "standard"]
    taker: MemberId | None = None
    taker_name: Name = ""
    contract: Name = ""
    signed: date
    value: Minor = 0
    received: Minor = 0
    readiness_before: Readiness | None = None
    readiness_after: Readiness | None = None
    jobs: Jobs = 0

    @property
    def year(self) -> int:
        """The year in which it was signed."""
        return self.signed.year


class Proof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry of the ledger: whose, its id, and what its leaf in the public log says (canonical JSON)."""

    organisation: Elsewhere
    entry: int
    leaf: Annotated[str, Meta(max_length=4_000)]


class Effect(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an adoption changed in a year: money (minor units), mass (kg) or CO2 (kg CO2e); more is better.

    `basis`: how the figure was got; `proofs`: the entries of the ledger that it rests on.
    """

    year: Annotated[int, Meta(ge=1990, le=2200)]
    measure: Literal["money", "mass", "co2"]
    value: int
    basis: Line
    basis_zh: LineZh = ""
    proofs: tuple[Proof, ...] = ()


@kind(
    "adoption",
    title="title",
    states={"using": ("using", "ended"), "ended": ()},
    create="centre.edit",
    parent="project",
    member="user",
    year="year",
)
class Adoption(Facts, frozen=True, kw_only=True):
    """Somebody uses what came of a project: a member (`user`), or somebody else (`user_name`); since when; effects."""

    project: ProjectId
    title: Line
    title_zh: LineZh = ""
    result: OutcomeId | None = None
    user: MemberId | None = None
    user_name: Name = ""
    since: date
    where: Line
    where_zh: LineZh = ""
    effects: tuple[Effect, ...] = ()

    @property
    def year(self) -> int:
        """The year in which the use began."""
        return self.since.year
