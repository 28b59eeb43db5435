"""Numbers, money and times as people of each language write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from takeback.core.message import msg
from takeback.core.money import Money
from takeback.web.console.catalogue import translations
from takeback.web.console.charts.svg import bounds, el, ticks
from takeback.web.console.formats import Formats

EN, ZH = Formats(translations("en")), Formats(translations("zh_Hans"))


def yuan(amount: float) -> Money:
    return Money(round(amount * 100), "CNY")


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (EN.money(yuan(1240)), "¥1,240"),
        (EN.money(yuan(-1240.5), cents=True), "−¥1,240.50"),
        (EN.money(yuan(3_490_000), short=True), "¥3.49M"),
        (ZH.money(yuan(3_490_000), short=True), "¥349万"),
        (EN.money(yuan(88_100), short=True), "¥88.1k"),
        (EN.money(yuan(9_990), short=True), "¥9,990"),
        (EN.money(Money(1240, "JPY")), "JPY 1,240"),
        (EN.money(yuan(312), sign=True), "+¥312"),
        (EN.money(yuan(-0.2)), "−¥0.20"),
        (EN.money(None), "–"),
        (EN.percent(0.126, 1, sign=True), "+12.6 %"),
        (ZH.percent(0.126, 1), "12.6%"),
        (EN.percent(None), "–"),
        (EN.kg(438.64), "438.6 kg"),
        (EN.kg(12_408.2), "12.4 t"),
        (EN.number(-0.04, 1), "0.0"),
        (EN.number(1_234_567), "1,234,567"),
        (EN.age(timedelta(minutes=40)), "40 min"),
        (EN.age(timedelta(hours=9)), "9 h"),
        (EN.age(timedelta(days=1.4)), "1.4 d"),
        (ZH.age(timedelta(days=14)), "14 天"),
        (EN.size(1_000_000_000), "1.0 GB"),
        (EN.when(datetime(2026, 11, 22, 0, 12, tzinfo=UTC), "Asia/Shanghai"), "22 Nov 08:12"),
        (ZH.when(datetime(2026, 11, 22, 0, 12, tzinfo=UTC), "Asia/Shanghai"), "11月22日 08:12"),
        (EN.day(date(2026, 11, 23), "long"), "Monday 23 November 2026"),
        (ZH.day(date(2026, 11, 23), "long"), "2026年11月23日星期一"),
    ],
)
def test_a_value_is_written_as_people_write_it(shown: str, expected: str) -> None:
    """Units always, a true minus, a dash for what is not known."""
    assert shown == expected


def test_a_message_formats_what_stands_in_it() -> None:
    """Money and counts inside a sentence follow the language too; messages inside are translated."""
    assert EN.say(msg("{money}/h", money=yuan(1240))) == "¥1,240/h"
    assert ZH.say(msg("{money}/h", money=yuan(1240))) == "¥1,240/小时"
    assert ZH.say(msg("below {value}", value=msg("Recycle"))) == "低于再生利用"


@settings(max_examples=200, deadline=None)
@given(st.floats(-1e9, 1e9), st.floats(0.001, 1e9))
def test_marks_on_an_axis_are_few_round_and_inside(low: float, span: float) -> None:
    """Whatever the figures are, an axis can be read."""
    high = low + span
    marks = ticks(low, high)
    assert 1 <= len(marks) <= 8
    assert all(low - span * 1e-6 <= mark <= high + span * 1e-6 for mark in marks)
    assert marks == sorted(marks)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=9))
def test_limits_hold_every_value(values: list[float]) -> None:
    """No dot is drawn outside its picture."""
    low, high = bounds(values, zero=True)
    assert low <= min(0.0, *values)
    assert high >= max(0.0, *values)
    assert high > low


def test_an_element_escapes_what_it_holds() -> None:
    """A name with markup in it stays a name."""
    assert str(el("text", "<b>&", x="'\"")) == '<text x="&#39;&#34;">&lt;b&gt;&amp;</text>'
