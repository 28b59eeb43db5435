"""The form of a kind, made from the types of what it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import inspect

from takeback.core.currencies import CURRENCIES
from takeback.core.message import Message, msg
from takeback.share.centre.kinds import Facts
from takeback.web.console.centre_words import choice_word, field_word, unit_word
from takeback.web.console.views import Field, FilterOption, Wrong
from takeback.web.pages.centre.picking import FEW, picks
from takeback.web.pages.centre.reading import Sent, expected
from takeback.web.pages.centre.showing import areas_of
from takeback.web.pages.centre.types import AREA, Slot, as_measured, choices, item_struct, parts_of, slots
from takeback.web.pages.centre.visit import Visit

_CURRENCIES = {"CNY": msg("CNY")}
"""Currencies that have a word in one of the languages."""


class Filled:
    """Where a form's values come from: what was sent and is wrong, else what the record says, else nothing.

    `offers`: name -> what one is chosen from, or of a field of names and values: which names are asked for;
    `skip`: names of fields that are not shown, those in groups as `group.field`; `project`: the one that the form is
    about, of whose work packages one is chosen.
    """

    def __init__(
        self,
        visit: Visit,
        kind: str,
        *,
        said: Mapping[str, Any] | None = None,
        sent: Sent | None = None,
        skip: Iterable[str] = (),
        project: UUID | None = None,
    ):
        self.project = project
        self.offers: Mapping[str, tuple[FilterOption, ...]] = {}
        self.visit, self.kind, self.said, self.sent, self.skip = visit, kind, said or {}, sent, frozenset(skip)

    def wrong(self, name: str) -> Wrong | None:
        return self.sent.wrong.get(name) if self.sent else None

    def label(self, name: str) -> Message | str:
        return field_word(self.kind, name)

    def named(self, slot: Slot) -> str:
        """Return what a field names, as the search for it is asked."""
        return f"{slot.of}:{self.project}" if self.project and slot.of == "work-package" else slot.of


def fields_of(filled: Filled, facts: type[msgspec.Struct]) -> tuple[Field, ...]:
    """Return the fields of a kind's form, without those that are skipped."""
    left = (slot for slot in _paired(facts) if slot.name not in filled.skip)
    return tuple(field_of(filled, slot, slot.name, filled.said) for slot in left)


def _paired(facts: type[msgspec.Struct]) -> list[Slot]:
    """Return the fields of a struct in their order, the Chinese of a text right after the text."""
    told = slots(facts)
    place = {slot.name: n for n, slot in enumerate(told)}
    return sorted(told, key=lambda slot: (place.get(slot.name.removesuffix("_zh"), place[slot.name]), place[slot.name]))


def field_of(filled: Filled, slot: Slot, name: str, said: Mapping[str, Any] | None) -> Field:
    """Return one field; `name`: its name in the form, `said`: what the struct around it says, None in an empty row."""
    value = None if said is None else said.get(slot.name, _default(slot))
    slot = as_measured(slot, str((said or {}).get(slot.measured))) if slot.measured else slot
    common: dict[str, Any] = {
        "name": name,
        "label": field_word("adoption" if slot.measured else filled.kind, slot.name),
        "sort": slot.sort,
        "required": slot.required,
        "many": slot.many,
        "chinese": slot.name.endswith("_zh"),
        "wrong": filled.wrong(name),
    }
    if _path(name) in filled.offers:
        return _offered(filled, slot, common, value)
    if slot.sort == "group":
        return Field(**common, fields=_parts(filled, slot, f"{name}.", None if said is None else value or {}))
    if slot.sort == "rows":
        return Field(**common, rows=_rows(filled, slot, name, value or ()), address=f"/centre/{filled.kind}/rows")
    if slot.sort in {"choice", "ticks"}:
        chosen = _chosen(filled, slot, name, value)
        return Field(**common, options=_options(filled, slot, chosen), values=chosen)
    if slot.sort == "pick":
        chosen, of = _chosen(filled, slot, name, value), filled.named(slot)
        found = picks(filled.visit, of, chosen=chosen, few=0 if _in_row(name) else FEW)
        return Field(**common, of=of, values=chosen, picks=found, address="/centre/pick")
    if slot.sort == "tick":
        common["values"] = ("1",) if _ticked(filled, name, value) else ()
    else:
        common |= {"value": _text(filled, slot, name, value), **_written(filled, slot)}
    return Field(**common)


def _path(name: str) -> str:
    """Return a field's name without the numbers of the rows it stands in."""
    return ".".join(part for part in name.split(".") if not part.isdecimal())


def _in_row(name: str) -> bool:
    """Whether a field stands in rows, where offers that nobody asked for would make each row a screen long."""
    return any(part.isdecimal() for part in name.split("."))


def _offered(filled: Filled, slot: Slot, common: dict[str, Any], value: Any) -> Field:
    """Return a field as what is offered for it makes it: a choice, or a text for each name that is asked for."""
    name = common["name"]
    offered = filled.offers[_path(name)]
    if slot.sort != "lines":
        return Field(**{**common, "sort": "choice"}, options=offered, values=_chosen(filled, slot, name, value))
    said = {one.value: (value or {}).get(one.value, "") for one in offered}
    if filled.sent is not None:
        said = {one.value: filled.sent.text(f"{name}.{one.value}") for one in offered}
    texts = (Field(name=f"{name}.{o.value}", label=o.label, sort="text", value=said[o.value]) for o in offered)
    return Field(**{**common, "sort": "group"}, fields=tuple(texts))


def blank_row(filled: Filled, slot: Slot, name: str, number: int) -> Field:
    """Return a field with one empty row, the one that is asked for."""
    row = _parts(filled, slot, f"{name}.{number}.", None)
    return Field(name=f"{name}.{number}", label=field_word(filled.kind, slot.name), sort="rows", rows=(row,))


def _default(slot: Slot) -> Any:
    return None if slot.default is None else msgspec.to_builtins(slot.default)


def _parts(filled: Filled, slot: Slot, prefix: str, said: Mapping[str, Any] | None) -> tuple[Field, ...]:
    left = (part for part in _paired(item_struct(slot)) if f"{prefix}{part.name}" not in filled.skip)
    return tuple(field_of(filled, part, f"{prefix}{part.name}", said) for part in left)


def _rows(filled: Filled, slot: Slot, name: str, value: Iterable[Mapping[str, Any]]) -> tuple[tuple[Field, ...], ...]:
    if filled.sent is not None:
        numbered: list[tuple[int, Mapping[str, Any] | None]] = [(number, None) for number in filled.sent.rows(name)]
    else:
        numbered = list(enumerate(value))
    after = numbered[-1][0] + 1 if numbered else 0
    numbered += [(after, None)]
    return tuple(_parts(filled, slot, f"{name}.{number}.", said) for number, said in numbered)


def _options(filled: Filled, slot: Slot, chosen: Iterable[str]) -> tuple[FilterOption, ...]:
    if slot.name == AREA:
        return _areas(filled.visit, chosen)
    return tuple(
        FilterOption(value=str(value), label=slot.named.get(value) or choice_word(value, slot.name))
        for value in choices(slot)
    )


def _areas(visit: Visit, chosen: Iterable[str]) -> tuple[FilterOption, ...]:
    """Return the areas of competency, by name; one that was said before and is no more stays with its code."""
    called = {**{code: code for code in chosen if code}, **areas_of(visit)}
    return tuple(FilterOption(value=code, label=name) for code, name in called.items())


def _chosen(filled: Filled, slot: Slot, name: str, value: Any) -> tuple[str, ...]:
    if filled.sent is not None:
        return tuple(filled.sent.texts(name))
    if value is None:
        return ()
    return tuple(str(one) for one in value) if slot.many else (str(value),)


def _ticked(filled: Filled, name: str, value: Any) -> bool:
    return bool(filled.sent.text(name)) if filled.sent is not None else bool(value)


def _text(filled: Filled, slot: Slot, name: str, value: Any) -> str:
    if filled.sent is not None:
        return filled.sent.text(name)
    return "" if value is None else _written_as(filled, slot, value)


def _written_as(filled: Filled, slot: Slot, value: Any) -> str:
    if slot.sort == "money":
        return major_of(int(value), filled.visit.around.currency)
    if parts := parts_of(slot):
        return f"{int(value) / parts:g}"
    if slot.sort == "moment":
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return moment.astimezone(ZoneInfo(filled.visit.around.shell.timezone)).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {one}" for key, one in value.items())
    return "\n".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def major_of(minor: int, currency: str) -> str:
    """Return an amount as a field holds it: `1250.50`."""
    digits = CURRENCIES.get(currency, 2)
    whole, part = divmod(abs(minor), 10**digits)
    text = f"{whole}.{part:0{digits}d}" if digits and part else str(whole)
    return f"-{text}" if minor < 0 else text


def _written(filled: Filled, slot: Slot) -> dict[str, Any]:
    """Return what a field that is typed into says of itself: its unit, its longest text, a hint."""
    unit = currency_word(filled.visit) if slot.sort == "money" else unit_word(slot.name)
    unit = "%" if parts_of(slot) else "" if slot.measured else unit
    most = slot.info.max_length if isinstance(slot.info, inspect.StrType) else None
    hint = expected(slot) if slot.sort == "lines" or _is_code(slot) else ""
    if slot.measured:
        hint = msg("money in {currency}, mass and CO2 in whole kilograms", currency=filled.visit.around.currency)
    return {"unit": unit, "most": most, "hint": hint}


def currency_word(visit: Visit) -> Message | str:
    """Return the currency in which the centre counts, as a field says it."""
    return _CURRENCIES.get(visit.around.currency, visit.around.currency)


def _is_code(slot: Slot) -> bool:
    return isinstance(slot.info, inspect.StrType) and slot.info.pattern is not None


def parent_given(facts: type[Facts], field: str | None, asked: str) -> dict[str, Any]:
    """Return the field of the record that a new one belongs to, where the address names it."""
    try:
        return {field: str(UUID(asked))} if field and asked else {}
    except ValueError:
        return {}


NOTE = msg("Fields marked * are needed.")
