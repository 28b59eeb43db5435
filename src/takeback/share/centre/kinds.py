"""The kinds of records of a centre: what they say, how they move from state to state, who may do that.

A part of the centre declares its kinds where it uses them:

    @kind("problem", title="title", states={"stated": ("common", "closed"), "common": ("called", "closed"), ...},
          create="problem.state", edit="problem.state", move={"common": "problem.merge"})
    class Problem(Facts):
        title: Line
        ...

The first state is the one that a record begins in. From a state that names no others nothing moves on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta, inspect

Line = Annotated[str, Meta(min_length=1, max_length=200)]
LineZh = Annotated[str, Meta(max_length=200)]
"""The Chinese of a line; empty where it has none."""
Text = Annotated[str, Meta(max_length=20_000)]
Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$")]
MONEY = {"sort": "money"}
"""The mark of amounts: by it forms and lists know that a number is money."""
Minor = Annotated[int, Meta(ge=0, le=10**15, extra=MONEY)]
"""An amount of the centre's currency in its smallest unit."""
Amount = Annotated[int, Meta(ge=1, le=10**15, extra=MONEY)]
"""An amount that is not nothing."""


def is_money(of: inspect.Type) -> bool:
    """Whether a field's type, as msgspec inspects it, is an amount of money or may be one."""
    if isinstance(of, inspect.UnionType):
        return any(is_money(one) for one in of.types)
    return isinstance(of, inspect.Metadata) and of.extra == MONEY


class Facts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a record says. Never a person's name: persons are named by id."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record.

    - `states`: state -> states that may follow; the first is where a record begins;
    - `create`, `edit`: permissions (`roles.PERMISSIONS`); `move`: state -> permission to enter it, else that to edit;
    - `read`: the permission to see records of this kind at all;
    - `fixed_in`: states in which the facts can no longer be changed;
    - `parent`: the field that names the record it belongs to, if any; `year`: the field of its year;
    - `person`, `member`: the fields that name whose it is; else the person who made it, and that person's member.
    """

    name: str
    facts: type[Facts]
    title: str
    states: Mapping[str, tuple[str, ...]]
    create: str
    edit: str
    move: Mapping[str, str]
    read: str
    fixed_in: frozenset[str]
    parent: str | None
    year: str | None
    person: str | None
    member: str | None

    @property
    def first(self) -> str:
        """The state that a record begins in."""
        return next(iter(self.states))

    def named(self, field: str | None, facts: Facts) -> UUID | None:
        """Return the id that a field of the facts holds."""
        return getattr(facts, field) if field else None


_kinds: dict[str, Kind] = {}
F = TypeVar("F", bound=type[Facts])


def kind(
    name: str,
    *,
    title: str,
    states: Mapping[str, tuple[str, ...]],
    create: str,
    edit: str | None = None,
    move: Mapping[str, str] | None = None,
    read: str = "centre.read",
    fixed_in: tuple[str, ...] = (),
    parent: str | None = None,
    year: str | None = None,
    person: str | None = None,
    member: str | None = None,
) -> Callable[[F], F]:
    """Declare the facts below as those of a kind of record."""
    unknown = {after for follow in states.values() for after in follow} - states.keys()
    if unknown or name in _kinds:
        raise ValueError(f"kind {name}: declared twice, or moves to states that it has not: {sorted(unknown)}")

    def register(facts: F) -> F:
        _kinds[name] = Kind(
            name, facts, title, states, create, edit or create, move or {}, read, frozenset(fixed_in), parent, year,
            person, member,
        )  # fmt: skip
        return facts

    return register


def kind_named(name: str) -> Kind:
    """Return a kind; raises ``KeyError``."""
    return _kinds[name]


def kinds() -> list[Kind]:
    """Return all kinds, by name."""
    return [_kinds[name] for name in sorted(_kinds)]
