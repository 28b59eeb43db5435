"""A sent form becomes what a record says: field by field, each mistake kept with its field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import inspect

from takeback.core.currencies import CURRENCIES
from takeback.core.decimals import parse_decimal
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.web.console.views import Wrong
from takeback.web.pages.answers import one, several
from takeback.web.pages.centre.types import Slot, as_measured, item_struct, parts_of, slots
from takeback.web.pages.centre.visit import Visit
from takeback.web.pages.centre.wrongs import wrong_of

F = TypeVar("F", bound=msgspec.Struct)
MOST_ROWS = 200
MOST_DIGITS = 40
_NOT_READ = msg("This is not understood.")
_MISSING = msg("This is missing.")
_ROW = re.compile(r"\.(\d{1,3})\.")


@dataclass(slots=True)
class Sent:
    """A form that was sent. `wrong`: field name -> what is wrong; `currency`, `zone`: as the organisation counts.

    `fixed`: field name -> the builtin that it has whatever was sent; such fields are not in the form.
    """

    form: Mapping[str, Any]
    currency: str
    zone: str
    wrong: dict[str, Wrong] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return one(dict(self.form), name).strip()

    def texts(self, name: str) -> list[str]:
        return [text.strip() for text in several(dict(self.form), name) if text.strip()]

    def lines(self, name: str) -> list[str]:
        """Return the lines of a text that has one thing a line."""
        return [line.strip() for line in self.text(name).splitlines() if line.strip()]

    def rows(self, name: str) -> list[int]:
        """Return the numbers of the rows of a field that hold anything."""
        start = f"{name}."
        numbers = {
            int(found[1])
            for key, value in self.form.items()
            if key.startswith(start) and (found := _ROW.match(key, len(name))) and _says(value)
        }
        return sorted(numbers)[:MOST_ROWS]


def sent_from(visit: Visit, form: Mapping[str, Any]) -> Sent:
    """Return a sent form, its amounts and times as the centre counts them."""
    return Sent(form=form, currency=visit.around.currency, zone=visit.around.shell.timezone)


def _says(value: object) -> bool:
    texts = value if isinstance(value, list) else [value]
    return any(isinstance(text, str) and text.strip() for text in texts)


def facts_from(sent: Sent, facts: type[F]) -> F | None:
    """Return what the form says as the facts of a kind; None where something is wrong, told in ``sent.wrong``."""
    said = _struct(sent, facts, "")
    if sent.wrong:
        return None
    try:
        return msgspec.convert(said, facts, strict=False)
    except msgspec.ValidationError as error:
        sent.wrong[_place(str(error))] = Wrong(title=_NOT_READ, found="", expected=_bare(str(error)))
    except Problem as problem:
        told(sent, problem, facts)
    return None


def told(sent: Sent, problem: Problem, facts: type[msgspec.Struct]) -> bool:
    """Keep a problem with the field that it names, if it names one of the form."""
    known = _names(facts)
    places = [known[place] for place in re.split(r"[^a-z0-9_]+", (problem.where or "").lower()) if place in known]
    for place in places[:2]:
        sent.wrong[place] = wrong_of(problem)
    placed = [told(sent, one, facts) for one in problem.errors]
    return bool(places) or any(placed)


def _names(struct: type[msgspec.Struct]) -> dict[str, str]:
    """Return the fields by the names that a problem may call them: those in a group by their own name, too."""
    own = {slot.name: slot.name for slot in slots(struct)}
    groups = [slot for slot in slots(struct) if slot.sort == "group"]
    return {part.name: f"{group.name}.{part.name}" for group in groups for part in slots(item_struct(group))} | own


def _struct(sent: Sent, struct: type[msgspec.Struct], prefix: str) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for slot in slots(struct):
        name = f"{prefix}{slot.name}"
        if name in sent.fixed:
            said[slot.name] = sent.fixed[name]
            continue
        value = _value(sent, _measured(sent, slot, prefix), name)
        if value is None:
            if slot.required and name not in sent.wrong:
                sent.wrong[name] = Wrong(title=_MISSING, expected=expected(slot))
            if slot.optional and slot.default is None:
                said[slot.name] = None
            continue
        if name not in sent.wrong and _fits(sent, slot, name, value):
            said[slot.name] = value
    return said


def _measured(sent: Sent, slot: Slot, prefix: str) -> Slot:
    return as_measured(slot, sent.text(f"{prefix}{slot.measured}")) if slot.measured else slot


def _fits(sent: Sent, slot: Slot, name: str, value: Any) -> bool:
    """Look whether a value is of the field's type; what is wrong inside it was told before."""
    if slot.sort in {"group", "rows"}:
        return True
    try:
        msgspec.convert(value, slot.type, strict=False)
    except msgspec.ValidationError:
        sent.wrong[name] = Wrong(title=_NOT_READ, found=_found(value), expected=expected(slot))
        return False
    return True


def _found(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _value(sent: Sent, slot: Slot, name: str) -> Any:
    """Return the builtin that a field's text says, None for an empty field."""
    if slot.sort == "tick":
        return bool(sent.text(name))
    if slot.sort == "group":
        return _group(sent, slot, name)
    if slot.sort == "rows":
        struct = item_struct(slot)
        return [_struct(sent, struct, f"{name}.{row}.") for row in sent.rows(name)]
    if slot.sort == "lines":
        return _mapping(sent, slot, name) if isinstance(slot.info, inspect.DictType) else sent.lines(name)
    if slot.sort == "ticks" or (slot.sort == "pick" and slot.many):
        return sent.texts(name)
    text = sent.text(name)
    return _single(sent, slot, name, text) if text else None


def _group(sent: Sent, slot: Slot, name: str) -> dict[str, Any] | None:
    """Return a struct inside the struct; one that may be left out is, when nothing of it is said."""
    empty = not any(key.startswith(f"{name}.") and _says(value) for key, value in sent.form.items())
    if empty and not slot.required:
        return None
    return _struct(sent, item_struct(slot), f"{name}.")


def _mapping(sent: Sent, slot: Slot, name: str) -> dict[str, str]:
    """Return what a field of names and values says: a line each, or a field of its own each."""
    start = f"{name}."
    own = [key for key in sent.form if key.startswith(start) and sent.text(key)]
    said = {key.removeprefix(start): sent.text(key) for key in own}
    for line in sent.lines(name):
        key, mark, value = re.sub("[=：]", ":", line, count=1).partition(":")
        if not mark or not key.strip() or not value.strip():
            sent.wrong[name] = Wrong(title=_NOT_READ, found=line[:80], expected=expected(slot))
        said[key.strip()] = value.strip()
    return said


def _single(sent: Sent, slot: Slot, name: str, text: str) -> Any:
    try:
        if slot.sort in {"money", "number"}:
            return _number(sent, slot, text)
        if slot.sort == "moment":
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(sent.zone))
    except (InvalidOperation, ValueError, OverflowError):
        sent.wrong[name] = Wrong(title=_NOT_READ, found=text[:80], expected=expected(slot))
        return None
    except Problem as problem:
        sent.wrong[name] = wrong_of(problem)
        return None
    return text


def _number(sent: Sent, slot: Slot, text: str) -> int | float:
    """Return a number as its field counts: an amount in minor units, a share in its parts; raises as `_decimal`."""
    if slot.sort == "money":
        return minor_of(text, sent.currency)
    if parts := parts_of(slot):
        return _share(text, parts)
    number = _decimal(text, 0 if isinstance(slot.info, inspect.IntType) else None)
    return int(number) if number == number.to_integral_value() else float(number)


def _share(text: str, parts: int) -> int:
    """Return a share as people write it, in per cent, in `parts` of one; ``ValueError`` for none."""
    share = _decimal(text.rstrip("%％"), 2) * parts
    if share != share.to_integral_value() or not 0 <= share <= 100 * parts:
        raise ValueError(text)
    return int(share)


def _decimal(text: str, decimals: int | None) -> Decimal:
    """Return a number with a decimal point or comma; `decimals`: the most that can be meant.

    Raises
    ------
    ValueError
        for no number, for more digits than any has, and for powers of ten, which can be longer than memory holds.
    Problem
        `number.ambiguous` for what can be read in two ways, as `1,250` where three decimals can be meant.
    """
    if len(text) > MOST_DIGITS or "e" in text.lower():
        raise ValueError(text[:MOST_DIGITS])
    try:
        return parse_decimal(text, decimals=decimals)
    except Problem as problem:
        if problem.kind == "number.ambiguous":
            raise
        raise ValueError(text) from None


def minor_of(text: str, currency: str) -> int:
    """Return an amount as people write it in minor units; ``ValueError`` where it is none, or has too many digits."""
    digits = CURRENCIES.get(currency, 2)
    amount = _decimal(text.lstrip("¥￥€$£"), digits)
    if -int(amount.as_tuple().exponent) > digits:
        raise ValueError(text)
    return int(amount.scaleb(digits))


def expected(slot: Slot) -> Message | str:
    """Return what would be right in a field, in words."""
    info = slot.info
    if slot.measured:
        return msg("an amount with at most two decimals, such as 1,250.50; of mass and CO2 whole kilograms")
    if slot.sort == "money":
        return msg("an amount of at least 0 with at most two decimals, such as 1,250.50")
    if slot.sort == "number" and isinstance(info, inspect.IntType | inspect.FloatType):
        return _number_expected(slot, info)
    if slot.sort in {"line", "text"} and isinstance(info, inspect.StrType):
        return _text_expected(info)
    plain: dict[str, Message] = {
        "day": msg("a day, such as 2026-03-31"),
        "moment": msg("a day and a time, such as 2026-03-31 17:00"),
        "choice": msg("one of those offered"),
        "ticks": msg("some of those offered"),
        "pick": msg("one that the search finds"),
        "lines": msg("one a line"),
        "rows": msg("at least one row"),
    }
    if isinstance(info, inspect.DictType):
        return msg("one a line, name: value")
    return plain.get(slot.sort, msg("a value"))


def _number_expected(slot: Slot, info: inspect.IntType | inspect.FloatType) -> Message:
    if parts := parts_of(slot):
        one = msg("a share from 0 to 100 with at most one decimal, such as 52.5")
        two = msg("a share from 0 to 100 with at most two decimals, such as 33.33")
        return one if parts == 10 else two
    whole = isinstance(info, inspect.IntType)
    return _span(info.ge, info.le, msg("a whole number") if whole else msg("a number"))


def _span(low: float | None, high: float | None, what: Message) -> Message:
    if low is not None and high is not None:
        return msg("{what} from {low} to {high}", what=what, low=low, high=high)
    if low is not None:
        return msg("{what} of at least {low}", what=what, low=low)
    return what if high is None else msg("{what} of at most {high}", what=what, high=high)


_PATTERNS: tuple[tuple[str, Message], ...] = (
    ("^[A-Za-z0-9]", msg("up to 64 letters, digits, dots, dashes, slashes or underscores")),
    ("24:00", msg("a time of day, such as 09:00")),
    ("^[a-z]{2,3}(", msg("a language by its short name, such as en, zh or de")),
    ("^[a-z][", msg("up to 40 small letters, digits or underscores, beginning with a letter")),
    ("http", msg("an address that begins with https://")),
)
"""What a text's pattern holds -> what would be right, in words."""


def _text_expected(info: inspect.StrType) -> Message:
    for part, told in _PATTERNS:
        if info.pattern and part in info.pattern:
            return told
    if info.max_length is not None:
        return msg("at least one character and at most {most}", most=info.max_length)
    return msg("a value")


def _place(text: str) -> str:
    """Return the field that a message of the decoder names, as a form names it."""
    found = re.search(r"at `\$\.(.*)`", text)
    return re.sub(r"\[(\d+)\]", r".\1", found[1]) if found else ""


def _bare(text: str) -> str:
    return text.split(" - at ", maxsplit=1)[0].replace("`", "")
