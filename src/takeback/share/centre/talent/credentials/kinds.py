"""What the ledger keeps of credentials: each one as it was signed, without a name, and the lists of those revoked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from takeback.share.centre.kinds import Facts, Line, LineZh, Text, kind
from takeback.share.centre.naming import Elsewhere, PersonId, RecordId, naming

Achieved = Literal[
    "Certificate", "CertificateOfCompletion", "Competency", "Course", "Lab", "Project", "ResearchDoctorate", "Award"
]
"""A part of the achievement types of Open Badges 3.0."""


class Award(Facts, frozen=True, kw_only=True):
    """What a credential is to say. `criteria`: what had to be done; `evidence`: records that show that it was.

    It names no person: the holder stands in it as a pseudonym.
    """

    title: Line
    title_zh: LineZh = ""
    achieved: Achieved
    description: Text
    description_zh: Text = ""
    criteria: Text
    criteria_zh: Text = ""
    evidence: tuple[RecordId, ...] = ()
    until: datetime | None = None


@kind(
    "credential",
    title="title",
    states={"issued": ("revoked",), "revoked": ()},
    create="credential.issue",
    read="credential.issue",
    fixed_in=("issued", "revoked"),
    person="person",
    year="year",
)
class Credential(Award, frozen=True, kw_only=True):
    """An issued credential. `holder`: the pseudonym; `index`: its bit in the status list; `document`: signed JSON."""

    person: PersonId
    year: int
    issued: date
    holder: Elsewhere
    status_list: Annotated[UUID, naming("status-list")]
    index: int
    document: str


@kind("status-list", title="title", states={"published": ()}, create="credential.issue")
class StatusList(Facts, frozen=True, kw_only=True):
    """The credentials that one key of the centre has revoked. `document`: signed JSON, the latest."""

    title: Line
    issuer: Line
    document: str
    revoked: tuple[int, ...] = ()
