"""Numbers, money, masses, dates and ages as people of each language write them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time

from takeback.core.currencies import CURRENCIES
from takeback.core.message import Message
from takeback.core.money import Money
from takeback.web.console.catalogue import Translations

NONE = "–"
MINUS = "−"
_GAP = re.compile(
    r"(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]) (?=[\u4e00-\u9fff])| (?=[\u3001\u3002\uff01-\uff1f])"
)
_PERCENT = re.compile(r"(?<=\d) %")
_SIGNS = {"CNY": "¥", "EUR": "€", "USD": "$", "GBP": "£"}


class Formats:
    """The filters of one language; what is None becomes a dash, never a zero."""

    def __init__(self, translations: Translations) -> None:
        self.translations = translations
        self.locale = Locale.parse(translations.locale)
        self.chinese = translations.locale.startswith("zh")

    def say(self, value: object) -> object:
        """Return a message in this language, its values formatted; anything else as it is."""
        if not isinstance(value, Message):
            return value
        params = {name: self._param(param) for name, param in value.params.items()}
        return self._set(Message(value.msgid, params).translated(self.translations.gettext))

    def _set(self, sentence: str) -> str:
        """Return a composed sentence as its language sets it: Chinese words and marks stand without spaces."""
        return _PERCENT.sub("%", _GAP.sub("", sentence)) if self.chinese else sentence

    def _param(self, value: object) -> object:
        if isinstance(value, Message):
            return self.say(value)
        if isinstance(value, Money):
            return self.money(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return self.number(value)
        if isinstance(value, date) and not isinstance(value, datetime):
            return self.day(value, "full")
        return value

    def number(self, value: float | None, digits: int = 0, *, sign: bool = False) -> str:
        """`12,430`, `-3.1` with a true minus; `sign` writes the plus too."""
        if value is None:
            return NONE
        rounded = round(value, digits)
        return _sign(rounded, sign) + f"{abs(rounded):,.{digits}f}"  # both languages write 12,430.5

    def percent(self, ratio: float | None, digits: int = 0, *, sign: bool = False) -> str:
        """`0.126` -> `12.6 %` (Chinese: `12.6%`)."""
        if ratio is None:
            return NONE
        return self.number(ratio * 100, digits, sign=sign) + ("%" if self.chinese else " %")

    def money(self, value: Money | None, *, sign: bool = False, cents: bool = False, short: bool = False) -> str:
        """`¥1,240`; `short`: `¥3.49M` (Chinese `¥349万`); `cents`: `¥1,240.50`; less than 1 always with cents."""
        if value is None:
            return NONE
        major = float(value.major)
        cents = cents or 0 < abs(major) < 1
        body = self._short(abs(major)) if short else self.number(abs(major), value.decimals if cents else 0)
        symbol = _SIGNS.get(value.currency, value.currency + " ")
        return _sign(major if cents or short else round(major), sign) + symbol + body

    def _short(self, value: float) -> str:
        steps = ((1e8, "亿"), (1e4, "万")) if self.chinese else ((1e9, "B"), (1e6, "M"), (1e4, "k"))
        for size, letter in steps:
            if value >= size:
                scaled = value / (1e3 if letter == "k" else size)
                return self.number(scaled, 0 if scaled >= 100 else 1 if scaled >= 10 else 2) + letter
        return self.number(value)

    def kg(self, value: float | None, digits: int = 1, *, sign: bool = False) -> str:
        """`438.6 kg`; from ten tonnes on `12.4 t`."""
        if value is None:
            return NONE
        if abs(value) >= 10_000:
            return self.number(value / 1000, 1, sign=sign) + " t"
        return self.number(value, digits, sign=sign) + " kg"

    def size(self, octets: int | None) -> str:
        """`2.4 MB`."""
        if octets is None:
            return NONE
        for limit, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
            if octets >= limit:
                return self.number(octets / limit, 1 if octets < 10 * limit else 0) + f" {unit}"
        return f"{octets} B"

    def age(self, value: timedelta | None) -> str:
        """`40 min`, `9 h`, `1.4 d` (Chinese `40分`, `9小时`, `1.4天`)."""
        if value is None:
            return NONE
        seconds = value.total_seconds()
        gettext = self.translations.gettext
        if seconds < 3600:
            return gettext("{n} min").format(n=max(0, round(seconds / 60)))
        if seconds < 86400:
            return gettext("{n} h").format(n=self.number(seconds / 3600, 0))
        days = seconds / 86400
        return gettext("{n} d").format(n=self.number(days, 1 if days < 10 else 0))

    def seconds(self, value: float | None) -> str:
        """`12 s`, `3 min`: a duration for jobs."""
        if value is None:
            return NONE
        if value < 90:
            return self.translations.gettext("{n} s").format(n=self.number(value, 1 if value < 10 else 0))
        return self.age(timedelta(seconds=value))

    def when(self, value: datetime | None, zone: str, style: str = "short") -> str:
        """`short`: `22 Nov 08:12`; `time`: `08:12`; `full`: with the year; `long`: with the year and seconds."""
        if value is None:
            return NONE
        local = _local(value, ZoneInfo(zone))
        if style == "time":
            return format_time(local, "HH:mm", locale=self.locale)
        if style == "long":
            pattern = "y年M月d日 HH:mm:ss" if self.chinese else "d MMM y HH:mm:ss"
        elif style == "full":
            pattern = "y年M月d日 HH:mm" if self.chinese else "d MMM y HH:mm"
        else:
            pattern = "M月d日 HH:mm" if self.chinese else "d MMM HH:mm"
        return format_datetime(local, pattern, locale=self.locale)

    def day(self, value: date, style: str = "short") -> str:
        """`22 Nov`; `full`: `22 Nov 2026`; `long`: `Sunday 22 November 2026` (Chinese `2026年11月22日星期日`)."""
        if style == "long":
            return format_date(value, "y年M月d日EEEE" if self.chinese else "EEEE d MMMM y", locale=self.locale)
        if style == "full":
            return format_date(value, "y年M月d日" if self.chinese else "d MMM y", locale=self.locale)
        return format_date(value, "M月d日" if self.chinese else "d MMM", locale=self.locale)


def money_of(major: float, currency: str) -> Money:
    """Return `major` units of `currency`, rounded to its smallest unit: for marks on an axis, not for accounts."""
    return Money(round(major * 10 ** CURRENCIES.get(currency, 0)), currency)


def shortened(code: str, most: int = 14) -> str:
    """Return a long code without its middle: `TBCPE2…000198`; the ends tell codes apart."""
    return code if len(code) <= most else f"{code[: most // 2 - 1]}…{code[-(most - most // 2) :]}"


def _local(value: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment in `zone`; of one at the ends of the calendar, which has no other zone, as it is."""
    try:
        return value.astimezone(zone)
    except (OverflowError, ValueError):
        return value


def _sign(value: float, plus: bool) -> str:
    if value < 0:
        return MINUS
    return "+" if plus and value > 0 else ""
