"""The two languages of a report: its words, and numbers with their units as each language writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Literal
from zoneinfo import ZoneInfo

from babel.messages.pofile import read_po

from takeback.core.currencies import CURRENCIES
from takeback.core.message import Message, msg

Locale = Literal["en", "zh_Hans"]
LOCALES: tuple[Locale, ...] = ("en", "zh_Hans")
NONE, MINUS = "–", "−"
_CATALOGUE = "web/locale/{locale}/LC_MESSAGES/takeback.po"  # the texts of the whole package, as data
_SIGNS = {"CNY": "¥", "EUR": "€", "USD": "$", "GBP": "£"}
_BARE = ("count", "people", "")


@dataclass(frozen=True)
class Language:
    """One language. `words`: English sentence -> its translation; what is missing stays English."""

    locale: Locale
    words: Mapping[str, str] = field(repr=False)

    @property
    def chinese(self) -> bool:
        """Whether it is Chinese."""
        return self.locale.startswith("zh")

    def gettext(self, sentence: str) -> str:
        """Return a sentence in this language."""
        return self.words.get(sentence, sentence)

    def say(self, said: Message | str | None) -> str:
        """Return a message in this language; a text as it is."""
        return said.translated(self.gettext) if isinstance(said, Message) else said or ""

    def named(self, english: str, chinese: str) -> str:
        """Return the name of this language, or the other one where it has none."""
        return (chinese or english) if self.chinese else (english or chinese)

    def value(self, value: float | None, unit: str) -> str:
        """Return a figure's value with its unit: `12,430`, `¥1,240`, `12.6 %`, `3.5 h`; a dash for None."""
        if value is None:
            return NONE
        if unit in CURRENCIES:
            major = value / 10 ** CURRENCIES[unit]
            digits = 0 if float(major).is_integer() or abs(major) >= 1000 else CURRENCIES[unit]
            return self._signed(major, digits, before=_SIGNS.get(unit, f"{unit} "))
        digits = 0 if float(value).is_integer() else 1 if abs(value) >= 10 else 2
        return self._signed(
            value, digits, after="" if unit in _BARE else ("%" if self.chinese else " %") if unit == "%" else f" {unit}"
        )

    def short(self, value: float | None, unit: str) -> str:
        """Return a value as `value` does, large money shorter: `¥14.11M`, `¥1,411万`."""
        major = None if value is None or unit not in CURRENCIES else value / 10 ** CURRENCIES[unit]
        if major is None or abs(major) < 100_000:
            return self.value(value, unit)
        size, mark = (10_000, "万") if self.chinese else (1_000_000, "M") if abs(major) >= 1_000_000 else (1000, "k")
        digits = 0 if abs(major) >= 100 * size else 2
        return self._signed(major / size, digits, before=_SIGNS.get(unit, f"{unit} "), after=mark)

    def _signed(self, value: float, digits: int, *, before: str = "", after: str = "") -> str:
        rounded = round(value, digits)
        return f"{MINUS if rounded < 0 else ''}{before}{abs(rounded):,.{digits}f}{after}"

    def difference(self, value: float | None, before: float | None, unit: str) -> str:
        """Return how much more or less it is than before, with its sign; empty where that is not known."""
        if value is None or before is None:
            return ""
        sign = "+" if value > before else ""
        return sign + self.value(value - before, unit) if value != before else "±0"

    def day(self, moment: datetime, zone: str) -> str:
        """Return the day of a moment in a time zone: `25 November 2026`, `2026年11月25日`."""
        moment = moment.astimezone(ZoneInfo(zone))
        if self.chinese:
            return f"{moment.year}年{moment.month}月{moment.day}日"
        return f"{moment.day} {moment:%B} {moment.year}"


@cache
def language(locale: Locale) -> Language:
    """Return a language, its words read from the catalogue of translations once."""
    path = files("takeback").joinpath(_CATALOGUE.format(locale=locale))
    if locale == "en" or not path.is_file():
        return Language(locale, {})
    with path.open("rb") as file:
        catalogue = read_po(file, locale=locale)
    words = {one.id: one.string for one in catalogue if isinstance(one.id, str) and isinstance(one.string, str)}
    return Language(locale, {english: said for english, said in words.items() if english and said})


ROOMS: Mapping[str, Message] = {
    "organisation": msg("Organisation"),
    "targets": msg("Plan and targets"),
    "problems": msg("Problems from practice"),
    "calls": msg("Calls and review"),
    "projects": msg("Projects"),
    "money": msg("Funds"),
    "resources": msg("Shared resources"),
    "tasks": msg("Tasks for state, region and industry"),
    "talent": msg("People and teams"),
    "frontier": msg("Frontier watch"),
    "results": msg("Results"),
    "reporting": msg("Reports"),
}
"""What a report calls the part of a centre's life that a group of figures tells of, in the order of its chapters."""

UNITS: Mapping[str, Message] = {"count": msg("number"), "people": msg("persons")}


def room_title(room: str) -> Message | str:
    """Return the title of a room's chapter."""
    return ROOMS.get(room, room.capitalize())


LISTS: Mapping[str, Message] = {
    "member": msg("Members"),
    "project": msg("Projects"),
    "problem": msg("Problems"),
    "common-problem": msg("Common problems"),
    "task": msg("Tasks undertaken"),
    "transfer": msg("Technology transfers"),
    "adoption": msg("Adoptions"),
    "result": msg("Results"),
}
"""What a report calls its lists of records of a kind."""

WORDS: Mapping[str, Message] = {
    "accepted": msg("accepted"), "active": msg("active"), "running": msg("running"), "closed": msg("closed"),
    "open": msg("open"), "stated": msg("stated"), "common": msg("common"), "planned": msg("planned"),
    "finished": msg("finished"), "enterprise": msg("enterprise"), "university": msg("university"),
    "institute": msg("institute"), "authority": msg("authority"), "paper": msg("paper"), "patent": msg("patent"),
    "standard": msg("standard"), "software": msg("software"), "data-set": msg("data set"), "prize": msg("prize"),
    "transfer": msg("technology transfer"), "adoption": msg("adoption"), "training": msg("training"),
    "left": msg("has left"), "delivered": msg("delivered"), "conditional": msg("accepted with conditions"),
    "refused": msg("refused"), "stopped": msg("stopped"), "merged": msg("merged"), "called": msg("called for"),
    "solved": msg("solved"), "dissolved": msg("dissolved"), "undertaken": msg("undertaken"),
    "received": msg("received"), "ended": msg("ended"), "agreed": msg("agreed"), "effective": msg("effective"),
    "using": msg("in use"), "returned": msg("returned"), "withdrawn": msg("withdrawn"),
    "assignment": msg("assignment"), "company founded": msg("company founded"),
    "joint development": msg("joint development"), "licence": msg("licence"), "service": msg("service"),
}  # fmt: skip
"""Words of states and sorts."""
