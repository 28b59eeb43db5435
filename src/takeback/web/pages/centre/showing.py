"""What a record says, as people read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.share.centre.people import Person, names
from takeback.share.centre.projects.outcome_kinds import Effect
from takeback.share.centre.records import TITLE_ZH
from takeback.share.centre.seeing import visible
from takeback.web.console.centre_words import choice_word, field_word, unit_named, unit_word
from takeback.web.console.views import FactRow, FactTable, Shown
from takeback.web.pages.centre.types import AREA, Slot, item_struct, parts_of, slots
from takeback.web.pages.centre.visit import GONE, Visit, seen_kinds

_NAMED = sa.text(f"""
    select id, kind, title, {TITLE_ZH} as title_zh
    from centre_record where id = any(:ids)
""")
_AREAS = sa.text(f"""
    select facts ->> 'code' as code, title, {TITLE_ZH} as title_zh from centre_record where kind = 'competency'
""")
_CODED: Mapping[str, Callable[[str], Message | str]] = {
    "period": choice_word,
    "status": choice_word,
    "unit": lambda unit: unit_named(unit) or msg("a plain number"),
}
"""Fields of free text that hold a code -> what says it in words."""
LONG = 160  # characters from which a text is set over the whole width
WHOLE = 1e-9


@dataclass(slots=True)
class Known:
    """The records and persons that some facts name, looked up at once."""

    visit: Visit
    records: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    persons: dict[UUID, Person] = field(default_factory=dict)
    areas: dict[str, str] | None = None

    @classmethod
    def of(cls, visit: Visit, facts: Iterable[msgspec.Struct]) -> Known:
        """Look up what all these facts name."""
        return cls.of_ids(visit, [one for said in facts for one in _ids(said)])

    @classmethod
    def of_ids(cls, visit: Visit, ids: list[UUID]) -> Known:
        """Look up records and persons by their ids."""
        if not ids:
            return cls(visit)
        rows = visit.connection.execute(_NAMED, {"ids": ids}).all()
        called = visit.around.name
        records = {row.id: (row.kind, called(row.title, row.title_zh or row.title)) for row in rows}
        return cls(visit, records, names(visit.connection, ids))

    def shown(self, one: UUID) -> Shown | None:
        """Return what an id names; None for a person who withdrew, or what may not be seen."""
        if one in self.persons:
            return self._person(self.persons[one])
        kind, title = self.records.get(one, ("", ""))
        seen = {known.name for known in seen_kinds(self.visit)}
        return Shown(text=title, href=f"/centre/{kind}/{one}") if kind in seen else None

    def area(self, code: str) -> str:
        """Return what an area of competency is called; its code where there is none such."""
        if self.areas is None:
            self.areas = areas_of(self.visit)
        return self.areas.get(code, code)

    def _person(self, person: Person) -> Shown | None:
        if person.withdrawn_at is not None:
            return None
        seen = visible(person, self.visit.me)
        return Shown(text=self.visit.person(person), href=f"/centre/people/{person.id}" if seen else None)


def areas_of(visit: Visit) -> dict[str, str]:
    """Return what the areas of competency are called, by code, in the order of their names."""
    called = visit.around.name
    named = {row.code: called(row.title, row.title_zh or row.title) for row in visit.connection.execute(_AREAS)}
    return dict(sorted(named.items(), key=lambda one: one[1]))


def _ids(said: Any) -> Iterable[UUID]:
    if isinstance(said, UUID):
        yield said
    elif isinstance(said, msgspec.Struct):
        for name in said.__struct_fields__:
            yield from _ids(getattr(said, name))
    elif isinstance(said, Mapping):
        for value in said.values():
            yield from _ids(value)
    elif isinstance(said, tuple | list | frozenset):
        for value in said:
            yield from _ids(value)


def fact_rows(known: Known, kind: str, facts: msgspec.Struct, *, skip: Iterable[str] = ()) -> tuple[FactRow, ...]:
    """Return what facts say, a row a field; fields that say nothing are left out."""
    left_out = frozenset(skip)
    rows: list[FactRow] = []
    for slot in slots(type(facts)):
        value = getattr(facts, slot.name)
        if slot.name not in left_out and not _is_nothing(slot, value) and _in_language(known.visit, facts, slot.name):
            rows += _rows(known, kind, slot, value)
    return tuple(rows)


def _in_language(visit: Visit, facts: msgspec.Struct, name: str) -> bool:
    """Whether a text is the one of two that the page shows: the Chinese one on Chinese pages, where there is one."""
    chinese = visit.around.shell.locale == "zh_Hans"
    return chinese if name.endswith("_zh") else not (chinese and bool(getattr(facts, f"{name}_zh", None)))


def _is_nothing(slot: Slot, value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, tuple | list | frozenset | Mapping) and not value)


def _rows(known: Known, kind: str, slot: Slot, value: Any) -> list[FactRow]:
    label = field_word(kind, slot.name)
    if slot.sort == "group":
        return [_inside(label, row) for row in fact_rows(known, kind, value)]
    if slot.sort == "rows":
        return [FactRow(label=label, table=_table(known, kind, slot, value))]
    values = values_of(known, slot, value)
    long = slot.sort == "text" and isinstance(value, str) and (len(value) > LONG or "\n" in value)
    return [FactRow(label=label, values=values, long=long)] if values else []


def _inside(label: Message | str, row: FactRow) -> FactRow:
    return msgspec.structs.replace(row, label=msg("{whole}: {part}", whole=label, part=row.label))


def values_of(known: Known, slot: Slot, value: Any) -> tuple[Shown, ...]:
    """Return the values of a field: one, or those of a list; persons who withdrew are not among them."""
    if isinstance(value, Mapping):
        return tuple(
            Shown(text=Message("{what}: {value}", {"what": choice_word(k), "value": v})) for k, v in value.items()
        )
    several = value if isinstance(value, tuple | list | frozenset) else (value,)
    return tuple(one for part in several if (one := _part(known, slot, part)) is not None)


def _one(known: Known, slot: Slot, value: Any) -> Shown | None:
    if isinstance(value, UUID):
        gone = value in known.persons and known.persons[value].withdrawn_at is not None
        return Shown(text=GONE) if gone and not slot.many else known.shown(value)
    if slot.sort == "money" and isinstance(value, int):
        return Shown(money=known.visit.around.money(value))
    if isinstance(value, date):
        return Shown(at=value) if isinstance(value, datetime) else Shown(day=value)
    if slot.sort in {"choice", "ticks", "tick"} or isinstance(value, bool):
        return Shown(text=_choice(known, slot, value))
    if isinstance(value, int | float):
        return _number(slot, value)
    return _text(slot, str(value))


def _choice(known: Known, slot: Slot, value: Any) -> Message | str:
    return known.area(value) if slot.name == AREA else slot.named.get(value) or choice_word(value, slot.name)


def _part(known: Known, slot: Slot, value: Any) -> Shown | None:
    """Return one of several values; of a pair the record without its entry, or the answer behind its question."""
    if not isinstance(value, tuple):
        return _one(known, slot, value)
    first, second = value
    return _one(known, slot, first) if isinstance(first, UUID) else Shown(text=f"{first}: {second}")


def _text(slot: Slot, text: str) -> Shown:
    if slot.name in _CODED:
        return Shown(text=_CODED[slot.name](text))
    if slot.name == "digest":
        return Shown(digest=text)
    return Shown(text=text, href=text if text.startswith(("https://", "http://")) else None)


def _number(slot: Slot, value: float) -> Shown:
    if "year" in slot.name:
        return Shown(text=str(value))
    if parts := parts_of(slot):
        return Shown(number=value / parts, digits=len(str(parts)) - 1 if value % parts else 0, unit="%")
    whole = abs(value - round(value)) < WHOLE
    return Shown(number=float(value), digits=0 if whole else 2, unit=unit_word(slot.name))


def _table(known: Known, kind: str, slot: Slot, value: Sequence[msgspec.Struct]) -> FactTable:
    struct = item_struct(slot)
    columns = tuple(
        column for column in slots(struct) if any(_in_language(known.visit, one, column.name) for one in value)
    )
    said = [[getattr(one, column.name) for column in columns] for one in value]
    kept = [n for n, column in enumerate(columns) if any(_tells(column, row[n]) for row in said)]
    cells = [[_measured(known, one, columns[n]) or _cell(known, columns[n], row[n]) for n in kept]
             for one, row in zip(value, said, strict=True)]  # fmt: skip
    return FactTable(
        heads=tuple(field_word(kind, columns[n].name) for n in kept), rows=tuple(tuple(row) for row in cells)
    )


def _measured(known: Known, one: msgspec.Struct, column: Slot) -> tuple[Shown, ...]:
    """Return what was changed by a use in its own unit: money is kept in cents, mass and CO2 in kilograms."""
    if not isinstance(one, Effect) or column.name != "value":
        return ()
    if one.measure == "money":
        return (Shown(money=known.visit.around.money(one.value)),)
    return (Shown(number=float(one.value), unit=unit_named("kgCO2e" if one.measure == "co2" else "kg")),)


def _tells(slot: Slot, value: Any) -> bool:
    """Whether a cell says anything: a number that was left as it is by default does not."""
    return not _is_nothing(slot, value) and not (slot.sort in {"number", "tick"} and value == slot.default)


def _cell(known: Known, slot: Slot, value: Any) -> tuple[Shown, ...]:
    if _is_nothing(slot, value):
        return ()
    if slot.sort in {"group", "rows"}:
        return (Shown(text=" · ".join(str(part) for part in msgspec.structs.astuple(value) if part)),)
    return values_of(known, slot, value)
