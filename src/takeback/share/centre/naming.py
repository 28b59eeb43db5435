"""What a field of a record names, said where the field is declared: a person, records of some kinds, a file.

    leader: PersonId
    problems: tuple[ProblemId, ...] = ()
    mentoring: Annotated[UUID, naming("mentoring")] | None = None

By it a record that names nothing is refused (`references`), forms offer what can be chosen, and lists find it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, inspect

PERSON = "person"
FILE = "file"
_MARK = "names"


def naming(*kinds: str, gone: bool = False) -> Meta:
    """Mark ids as those of records of `kinds`, `PERSON` and `FILE` being two of them; without any: of any record.

    `gone`: also of a person who withdrew since, because the record says what that person did before.
    """
    return Meta(extra={_MARK: kinds, "gone": gone})


RecordId = Annotated[UUID, naming()]
PersonId = Annotated[UUID, naming(PERSON)]
ActedId = Annotated[UUID, naming(PERSON, gone=True)]
"""A person who did something, and may have withdrawn since."""
FileId = Annotated[UUID, naming(FILE)]
MemberId = Annotated[UUID, naming("member")]
ProblemId = Annotated[UUID, naming("problem", "common-problem")]
CommonProblemId = Annotated[UUID, naming("common-problem")]
PriorityId = Annotated[UUID, naming("priority")]
CallId = Annotated[UUID, naming("call")]
ProposalId = Annotated[UUID, naming("proposal")]
ProjectId = Annotated[UUID, naming("project")]
FundId = Annotated[UUID, naming("fund")]
OutcomeId = Annotated[UUID, naming("result", "deliverable")]
"""What work led to."""
Elsewhere = Annotated[UUID, Meta(extra={_MARK: None})]
"""An id of nothing that this centre records: of an organisation with a ledger of its own, a pseudonym, a booking."""


class Named(msgspec.Struct, frozen=True):
    """What ids of a field name: `kinds`, none for any; `gone`: also a person who withdrew."""

    kinds: tuple[str, ...]
    gone: bool = False


def named_by(info: inspect.Type) -> Named | None:
    """Return what a field's type names by its mark, if it has one; the mark of what is named elsewhere is none."""
    for extra in _marks(info):
        if extra[_MARK] is not None:
            return Named(extra[_MARK], extra["gone"])
    return None


def _marks(info: inspect.Type) -> Iterator[dict[str, Any]]:
    if isinstance(info, inspect.Metadata):
        if info.extra and _MARK in info.extra:
            yield info.extra
        yield from _marks(info.type)
    elif isinstance(info, inspect.UnionType):
        for one in info.types:
            yield from _marks(one)
    elif isinstance(info, inspect.VarTupleType | inspect.ListType | inspect.FrozenSetType):
        yield from _marks(info.item_type)
