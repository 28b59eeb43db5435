"""Single cells: a text becomes the value of a field, or says what it should have been."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.core.currencies import CURRENCIES
from takeback.core.decimals import parse_decimal
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.share.centre.naming import PERSON
from takeback.share.centre.people import people
from takeback.share.centre.records import find
from takeback.share.centre.tables.fields import Field, plain

_BETWEEN = re.compile(r"[;；\n、]+")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00)?)?")
_YES = ("yes", "y", "true", "1", "是", "√", "✓", "x")
_NO = ("no", "n", "false", "0", "否", "-")
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "enterprise": ("企业", "company"), "university": ("高校", "大学", "学校"),
    "institute": ("科研院所", "研究所", "院所", "research institute"), "authority": ("政府", "主管部门", "政府部门"),
    "paper": ("论文", "article"), "patent": ("专利",), "standard": ("标准",), "software": ("软件", "软著"),
    "data-set": ("数据集", "dataset", "data set"), "prize": ("奖励", "获奖", "award"),
    "transfer": ("技术转移", "成果转化"), "adoption": ("成果应用", "应用"), "training": ("人才培养", "培养"),
    "national": ("国家级", "国家"), "regional": ("区域", "省级", "市级", "地方"), "industrial": ("行业",),
}  # fmt: skip


class UnfitError(Exception):
    """A cell that does not fit its field; `expected`: what would."""

    def __init__(self, expected: Message | str) -> None:
        super().__init__(str(expected))
        self.expected = expected


@dataclass
class Names:
    """What cells may name: records by id, code or title, persons by name or address."""

    connection: sa.Connection
    currency: str
    _known: dict[tuple[str, ...], dict[str, UUID | None]] = field(default_factory=dict)

    def one(self, kinds: tuple[str, ...], text: str) -> UUID:
        """Return the id of what a cell names; raises `UnfitError` for nothing, or for two."""
        if kinds not in self._known:
            self._known[kinds] = self._people() if kinds == (PERSON,) else self._records(kinds)
        key = _key(text)
        found = self._known[kinds].get(key)
        if found is None:
            several = key in self._known[kinds]
            raise UnfitError(
                msg("one of several of this name: its id")
                if several
                else msg("a {kind} of this centre", kind=", ".join(kinds))
            )
        return found

    def person_or_none(self, text: str) -> UUID | None:
        """Return the person that a cell names, None for somebody outside."""
        try:
            return self.one((PERSON,), text)
        except UnfitError:
            return None

    def _people(self) -> dict[str, UUID | None]:
        known: dict[str, UUID | None] = {}
        for person in people(self.connection):
            for word in {
                _key(text) for text in (str(person.id), person.name, person.name_zh, person.email or "") if text
            }:
                known[word] = None if word in known else person.id
        return known

    def _records(self, kinds: tuple[str, ...]) -> dict[str, UUID | None]:
        known: dict[str, UUID | None] = {}
        for record in (one for name in kinds for one in find(self.connection, name)):
            facts = record.facts
            texts = (getattr(facts, name, "") for name in ("code", "name_zh", "title_zh"))
            for word in {_key(text) for text in (str(record.id), record.title, *texts) if text}:
                known[word] = None if word in known else record.id
        return known


def _key(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def value_of(text: str, one: Field, names: Names) -> Any:
    """Return the value of a cell that is not empty, as plain data; raises `UnfitError`."""
    if one.many:
        parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
        return [_single(part, one, names) for part in parts]
    return _single(text, one, names)


def _single(text: str, one: Field, names: Names) -> Any:
    readers: Mapping[str, Callable[[], Any]] = {
        "text": lambda: text,
        "whole": lambda: _whole(text),
        "number": lambda: str(_number(text)),
        "money": lambda: _money(text, names.currency),
        "yes": lambda: _yes(text),
        "day": lambda: _day(text),
        "choice": lambda: _choice(text, one.choices),
        "record": lambda: str(names.one(one.refers, text)),
        "author": lambda: _author(text, names),
    }
    return readers[one.sort]()


def _number(text: str) -> Decimal:
    try:
        return Decimal(str(parse_decimal(text)))
    except (Problem, ArithmeticError, ValueError):
        raise UnfitError(msg("a number")) from None


def _whole(text: str) -> int:
    found = _number(text.removesuffix("年"))
    if found != found.to_integral_value():
        raise UnfitError(msg("a whole number"))
    return int(found)


def _money(text: str, currency: str) -> int:
    """Return an amount in minor units; `text` is in major ones, `1,234.50` or `3.5万`."""
    bare = re.sub(rf"^[¥￥$€]|{currency}|元$", "", text.strip(), flags=re.I).strip()
    times = 10_000 if bare.endswith("万") else 1
    minor = _number(bare.removesuffix("万")) * times * 10 ** CURRENCIES.get(currency, 2)
    if minor != minor.to_integral_value() or minor < 0:
        raise UnfitError(msg("an amount of {currency}", currency=currency))
    return int(minor)


def _yes(text: str) -> bool:
    word = text.strip().casefold()
    if word not in _YES + _NO:
        raise UnfitError(msg("yes or no"))
    return word in _YES


def _day(text: str) -> str:
    match = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    try:
        return date(*(int(part) for part in match.groups())).isoformat() if match else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> str:
    raise UnfitError(msg("a date: 2026-03-31"))


def _choice(text: str, choices: tuple[str, ...]) -> str:
    word = plain(text)
    for choice in choices:
        if word in (plain(choice), *(plain(other) for other in _CHOICES.get(choice, ()))):
            return choice
    raise UnfitError(", ".join(choices))


def _author(text: str, names: Names) -> dict[str, Any]:
    """Return an author: `Wei Lan 40%`, a person of the centre where one of that name is, else somebody outside."""
    match = re.fullmatch(r"(.+?)\s*[(（]?\s*(\d{1,3})\s*[%％]\s*[)）]?", text)
    name, percent = (match[1], int(match[2])) if match else (text, 0)
    person = names.person_or_none(name)
    return {"person": str(person), "percent": percent} if person else {"name": name, "percent": percent}
