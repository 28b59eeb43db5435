"""A form made of a command's own signature: what it takes beside the record and the person, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from inspect import Parameter, signature
from typing import Any, get_type_hints

import msgspec

from takeback.core.problem import Problem
from takeback.web.console.views import Field, Wrong
from takeback.web.pages.centre.forms import Filled, fields_of
from takeback.web.pages.centre.keeping import sent_file
from takeback.web.pages.centre.reading import Sent, facts_from, told
from takeback.web.pages.centre.types import slots
from takeback.web.pages.centre.visit import Visit
from takeback.web.pages.centre.wrongs import only_mendable

Command = Callable[..., Any]
GIVEN = frozenset({"connection", "actor", "at", "allowed", "version", "id"})
FILE = tuple[str, str, bytes]
"""The type of a parameter that takes a file: name, media type, content."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command asks for: a struct of its parameters, and those among them that are files."""

    struct: type[msgspec.Struct]
    files: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.struct.__struct_fields__, *self.files)


@cache
def asked_of(command: Command, hidden: frozenset[str] = frozenset()) -> Asked:
    """Return what `command` asks for beside `hidden` parameters, which the page knows."""
    types = get_type_hints(command, include_extras=True)
    wanted = {name: one for name, one in signature(command).parameters.items() if name not in GIVEN | hidden}
    files = tuple(name for name in wanted if types[name] == FILE)
    fields = [
        (name, types[name]) if one.default is Parameter.empty else (name, types[name], one.default)
        for name, one in wanted.items()
        if name not in files
    ]
    return Asked(msgspec.defstruct(command.__name__, fields, kw_only=True, frozen=True), files)


@dataclass(slots=True)
class Answer:
    """What a command did with a form that was sent: its result, or what is wrong."""

    result: Any = None
    done: bool = False
    problem: Problem | None = None
    wrong: dict[str, Wrong] = field(default_factory=dict)


def carry_out(
    visit: Visit, command: Command, sent: Sent, given: Mapping[str, Any], hidden: Iterable[str] = ()
) -> Answer:
    """Read what the form says and call the command with it; nothing of it stays when it is refused.

    `hidden`: parameters that keep their defaults.

    Raises
    ------
    Problem
        where the person must not do this at all, or what it is about is not there.
    """
    asked = asked_of(command, frozenset({*given, *hidden}))
    values = facts_from(sent, asked.struct)
    if values is None:
        return Answer(wrong=sent.wrong)
    said = {name: getattr(values, name) for name in asked.struct.__struct_fields__}
    try:
        said |= {name: sent_file(dict(sent.form), name) for name in asked.files}
        with visit.connection.begin_nested():
            return Answer(result=command(*_who(visit, command), **given, **said), done=True)
    except Problem as problem:
        only_mendable(problem)
        placed = told(sent, problem, asked.struct)
        return Answer(problem=None if placed else problem, wrong=sent.wrong)


def _who(visit: Visit, command: Command) -> tuple[Any, ...]:
    return (visit.connection, visit.me) if "actor" in signature(command).parameters else (visit.connection,)


def asked_fields(filled: Filled, command: Command, hidden: frozenset[str]) -> tuple[Field, ...]:
    """Return the form of a command; what one parameter that is a whole record says stands in the form itself."""
    asked = asked_of(command, hidden)
    whole = {slot.name for slot in slots(asked.struct) if slot.sort == "group"}
    found: list[Field] = []
    for one in fields_of(filled, asked.struct):
        found += one.fields if one.name in whole and not one.wrong and len(whole) == 1 else (one,)
    files = (Field(name=name, label=filled.label(name), sort="file", required=True) for name in asked.files)
    return (*found, *files)
