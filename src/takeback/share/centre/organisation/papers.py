"""The charter and the agreements of a centre as data: who, what, what for, until when, who owes what, who signed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from takeback.core.canonical import canonical_json
from takeback.share.centre.kinds import Code, Facts, Line, LineZh, Text, kind
from takeback.share.centre.naming import MemberId, PersonId, RecordId

Number = Annotated[str, Meta(pattern=r"^[0-9]{1,3}(\.[0-9]{1,3}){0,3}$")]


class Article(Facts, frozen=True, kw_only=True):
    """A numbered part of the text; `heading_zh`, `text_zh` where there is a Chinese one."""

    number: Number
    heading: Line
    heading_zh: LineZh = ""
    text: Text
    text_zh: Text = ""


class Obligation(Facts, frozen=True, kw_only=True):
    """What a party owes. `member`: which; `evidence`: the record that shows it was met, if there is one."""

    code: Code
    member: MemberId
    what: Line
    what_zh: LineZh = ""
    due: date | None = None
    state: Literal["open", "met", "waived"] = "open"
    since: date | None = None
    evidence: RecordId | None = None


class Signature(Facts, frozen=True, kw_only=True):
    """A member's word for one edition. `digest`: SHA-256 of the terms in canonical JSON, hexadecimal."""

    member: MemberId
    person: PersonId
    at: datetime
    edition: int
    digest: str


class Edition(Facts, frozen=True, kw_only=True):
    """An earlier edition. `entry`: the ledger's entry in which it stands as it was left, with its signatures."""

    edition: int
    digest: str
    entry: int
    ended: date
    reason: Line


class Paper(Facts, frozen=True, kw_only=True):
    """What charter and agreements have in common. `parties`: members; whoever is one may sign."""

    title: Line
    title_zh: Line
    purpose: Text
    purpose_zh: Text = ""
    parties: tuple[MemberId, ...]
    articles: tuple[Article, ...] = ()
    begins: date | None = None
    until: date | None = None
    obligations: tuple[Obligation, ...] = ()
    signatures: tuple[Signature, ...] = ()
    edition: int = 1
    earlier: tuple[Edition, ...] = ()


_STATES: Mapping[str, tuple[str, ...]] = {
    "draft": ("signing", "ended"),
    "signing": ("in-force", "draft", "ended"),
    "in-force": ("signing", "ended"),
    "ended": (),
}


@kind("charter", title="title", states=_STATES, create="centre.edit", fixed_in=("ended",))
class Charter(Paper, frozen=True, kw_only=True):
    """What the centre gave itself as its rules; all members sign it."""


@kind("agreement", title="title", states=_STATES, create="centre.edit", fixed_in=("ended",))
class Agreement(Paper, frozen=True, kw_only=True):
    """What some members agreed on."""

    sort: Literal["cooperation", "confidentiality", "data", "resources", "property", "training", "other"]


def terms_digest(paper: Paper) -> str:
    """Return the SHA-256 of what is signed: all but how far it was kept and signed; hexadecimal.

    A Chinese text that is empty and came into the form later is no term: what was signed before keeps its digest.
    """
    said = msgspec.to_builtins(paper)
    terms = {name: value for name, value in said.items() if name not in {"signatures", "earlier"}}
    for owed in terms["obligations"]:
        for name in ("state", "since", "evidence"):
            del owed[name]
    for part, name in ((terms, "purpose_zh"), *((one, "heading_zh") for one in terms["articles"]),
                       *((one, "what_zh") for one in terms["obligations"])):  # fmt: skip
        if not part[name]:
            del part[name]
    return sha256(canonical_json(terms)).hexdigest()


def unsigned(paper: Paper) -> list[UUID]:
    """Return the parties that have not signed the terms as they stand."""
    digest = terms_digest(paper)
    done = {signature.member for signature in paper.signatures if signature.digest == digest}
    return [party for party in paper.parties if party not in done]
