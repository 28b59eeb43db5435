"""What the fields of a kind hold, as forms and pages need to know it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from msgspec import inspect

from takeback.core.message import Message, msg
from takeback.share.centre.kinds import Facts, is_money, kinds
from takeback.share.centre.naming import FILE, named_by
from takeback.web.console.views.centre import Sort

LONG = 500  # characters from which a text gets several lines
# fmt: off
_PEOPLE = frozenset({
    "person", "people", "author", "authors", "leader", "leaders", "chair", "secretary", "members", "mentor",
    "mentors", "student", "students", "reviewer", "owner", "holder", "head", "team", "inventors",
    "supervisor", "by", "contact", "signatories", "experts", "trainee", "teacher", "lead", "unwanted", "expert",
    "present", "missing", "academic", "enterprise", "yes", "no", "abstained", "decided-by", "responsible",
})
# fmt: on
_TO = {"problems": "problem", "work": "work-package", "host": "member", "partner": "member", "partners": "member"}
_ANY = "any"
_MEASURED = {("Effect", "value"): "measure"}
PER_MILLE, PER_TEN_THOUSAND = 1000, 10_000
# fmt: off
_TOLD = frozenset({
    "text", "answer", "note", "reason", "summary", "why", "minutes", "grounds", "reasons", "words", "statement",
    "source",
})
LEVELS = (msg("knows"), msg("guided"), msg("alone"), msg("leads"), msg("moves on"))
"""What the levels of competency are called, from 1 on."""
WEEKDAYS = (msg("Mon"), msg("Tue"), msg("Wed"), msg("Thu"), msg("Fri"), msg("Sat"), msg("Sun"))
# fmt: on
_LEVEL = dict(enumerate(LEVELS, 1))
NEEDED = frozenset({("Problem", "criteria")})
"""(struct, field) -> fields that may be left out of what is kept, and that the command asks for all the same."""
AREA = "area"
"""The field that takes the code of an area of competency, of which one is chosen."""
NAMED: dict[tuple[str, str], dict[int, Message]] = {
    ("Held", "level"): _LEVEL,
    ("Teaches", "level"): _LEVEL,
    ("Goal", "level"): _LEVEL,
    ("Goal", "start"): {0: msg("nothing yet"), **_LEVEL},
    ("Opening", "weekday"): dict(enumerate(WEEKDAYS)),
}
"""(struct, field) -> what its numbers are called, of which one is chosen."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A field of a struct: what it holds, whether it may be left out, what it is if it is.

    `info`: the type without its None; `of`: what a reference names: `person`, a kind, or `any`; `named`: what its
    numbers are called; `measured`: the field beside it that says what is counted.
    """

    name: str
    type: Any
    info: inspect.Type
    sort: Sort
    required: bool
    optional: bool
    default: Any
    of: str = ""
    measured: str = ""
    named: Mapping[int, Message] = field(default_factory=dict, compare=False)

    @property
    def many(self) -> bool:
        """Whether it holds several of what it holds."""
        return isinstance(self.info, inspect.VarTupleType | inspect.ListType | inspect.FrozenSetType)


def slots(facts: type[msgspec.Struct]) -> tuple[Slot, ...]:
    """Return the fields of a struct in their order."""
    struct = inspect.type_info(facts)
    if not isinstance(struct, inspect.StructType):
        raise TypeError(facts)
    types = {one.name: one.type for one in msgspec.structs.fields(facts)}
    return tuple(_slot(facts, one, types[one.name]) for one in struct.fields)


def _slot(facts: type[msgspec.Struct], field: inspect.Field, type_: Any) -> Slot:
    info, optional = _bare(field.type)
    named = NAMED.get((facts.__name__, field.name), {})
    money = is_money(field.type) or field.name.endswith("_minor") or field.name == "amount"
    default = None if field.default is msgspec.NODEFAULT else field.default
    if field.default_factory is not msgspec.NODEFAULT:
        default = field.default_factory()
    return Slot(
        name=field.name,
        type=type_,
        info=info,
        sort="money" if money else "choice" if named or field.name == AREA else _sort(info, field.name),
        required=(field.required and not optional) or (facts.__name__, field.name) in NEEDED,
        optional=optional,
        default=default,
        of=refers(facts, field) if _holds_id(info) else "",
        named=named,
        measured=_MEASURED.get((facts.__name__, field.name), ""),
    )


def _bare(info: inspect.Type) -> tuple[inspect.Type, bool]:
    """Return a type without its None and its notes, and whether it had a None."""
    if isinstance(info, inspect.Metadata):
        return _bare(info.type)
    if not isinstance(info, inspect.UnionType):
        return info, False
    rest = [one for one in info.types if not isinstance(one, inspect.NoneType)]
    numbers = [one for one in rest if isinstance(one, inspect.FloatType)]
    kept = numbers[0] if numbers else rest[0]
    return _bare(kept)[0], len(rest) < len(info.types)


def _sort(info: inspect.Type, name: str) -> Sort:
    if isinstance(info, inspect.VarTupleType | inspect.ListType | inspect.FrozenSetType):
        return _sort_of_many(_bare(info.item_type)[0])
    if isinstance(info, inspect.StrType):
        told = info.max_length is None and name.removesuffix("_zh") in _TOLD
        return "text" if told or (info.max_length or 0) > LONG else "line"
    simple: dict[type[inspect.Type], Sort] = {
        inspect.IntType: "number",
        inspect.FloatType: "number",
        inspect.DecimalType: "number",
        inspect.BoolType: "tick",
        inspect.DateType: "day",
        inspect.DateTimeType: "moment",
        inspect.UUIDType: "pick",
        inspect.LiteralType: "choice",
        inspect.EnumType: "choice",
        inspect.StructType: "group",
        inspect.DictType: "lines",
    }
    return simple.get(type(info), "line")


def _sort_of_many(item: inspect.Type) -> Sort:
    if isinstance(item, inspect.LiteralType):
        return "ticks"
    if isinstance(item, inspect.UUIDType):
        return "pick"
    return "rows" if isinstance(item, inspect.StructType) else "lines"


def _holds_id(info: inspect.Type) -> bool:
    if isinstance(info, inspect.VarTupleType | inspect.ListType | inspect.FrozenSetType):
        return _holds_id(_bare(info.item_type)[0])
    return isinstance(info, inspect.UUIDType)


def parts_of(slot: Slot) -> int:
    """Return how many of a number are one per cent, in which people read and write shares; 0 for what is no share."""
    info = slot.info
    if not isinstance(info, inspect.IntType) or info.ge != 0:
        return 0
    return 10 if info.le == PER_MILLE else 100 if (slot.name, info.le) == ("points", PER_TEN_THOUSAND) else 0


def as_measured(slot: Slot, measure: str) -> Slot:
    """Return a field as what is counted makes it: money is asked for as money."""
    return replace(slot, sort="money") if measure == "money" else slot


def item_struct(slot: Slot) -> type[msgspec.Struct]:
    """Return the struct that a group is, or that each row of rows is."""
    info = slot.info
    if isinstance(info, inspect.VarTupleType | inspect.ListType):
        info = _bare(info.item_type)[0]
    if not isinstance(info, inspect.StructType):
        raise TypeError(slot.name)
    return info.cls


def choices(slot: Slot) -> tuple[Any, ...]:
    """Return the values that a choice has."""
    if slot.named:
        return (*slot.named,)
    info = slot.info
    if isinstance(info, inspect.VarTupleType | inspect.ListType | inspect.FrozenSetType):
        info = _bare(info.item_type)[0]
    return tuple(info.values) if isinstance(info, inspect.LiteralType) else ()


OWN_PROJECT = "own-project"
"""What a field names that takes a project which goes on, and on which the visitor works."""
STATED_PROBLEM = "stated-problem"
"""What a field names that takes a problem which nobody merged yet."""
REFERENCES: dict[tuple[str, str], str] = {
    ("merge", "originals"): STATED_PROBLEM,
    ("book", "project"): OWN_PROJECT,
    ("mark_solved", "by"): "any",
    ("transfer", "taker_id"): "fund",
}
"""(struct, field) -> what a field of a command names, where its own name does not tell."""


def refers(facts: type[msgspec.Struct], field: inspect.Field) -> str:
    """Return what a field that holds ids names: `person`, kinds with commas between them, or `any` record.

    Fields of records declare it; those of commands are called like it.
    """
    if (named := named_by(field.type)) is not None and FILE not in named.kinds:
        return ",".join(named.kinds) or _ANY
    return REFERENCES.get((facts.__name__, field.name)) or _called(field.name)


def _called(name: str) -> str:
    if name == "result":
        return "result,deliverable"
    bare = name.removesuffix("_ids").removesuffix("_id").replace("_", "-")
    if bare in _PEOPLE or bare.removesuffix("s") in _PEOPLE or bare.split("-")[-1] in {"person", "people", "mentor"}:
        return "person"
    declared = {one.name for one in kinds()}
    for guess in (bare, _TO.get(bare, ""), bare.removesuffix("s"), bare.replace("ies", "y"), bare.split("-")[-1]):
        if guess in declared:
            return guess
    return _ANY


def references(facts: type[Facts]) -> Iterator[tuple[Slot, str]]:
    """Yield the fields that name records or persons, with what they name."""
    for slot in slots(facts):
        if slot.of:
            yield slot, slot.of
