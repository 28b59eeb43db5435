"""Numbers in the forms of a centre: what is longer than any amount is a mistake at its field."""

from __future__ import annotations

import pytest
from msgspec import Struct

from takeback.share.centre.targets import Indicator
from takeback.web.pages.centre.reading import Sent, expected, facts_from, minor_of
from takeback.web.pages.centre.types import slots


class Said(Struct, frozen=True, kw_only=True):
    """What a form says."""

    count: int
    share: float = 0.0


HUGE = ("1e999999999", "1e400000", "9" * 41, "-1E5000000", "1e-999999999", "NaN", "Infinity", "0x10", "")


@pytest.mark.parametrize("text", HUGE)
def test_an_amount_that_is_none_is_refused(text: str) -> None:
    """Powers of ten are not worked out, and nothing but a mistake comes of them."""
    with pytest.raises((ValueError, ArithmeticError)) as refused:
        minor_of(text, "CNY")
    assert not isinstance(refused.value, OverflowError)


@pytest.mark.parametrize("field", ["count", "share"])
@pytest.mark.parametrize("text", [text for text in HUGE if text])
def test_a_number_that_is_none_stands_at_its_field(field: str, text: str) -> None:
    """The form comes back with the field marked; nobody waits for a million digits."""
    sent = Sent(form={"count": "1", field: text}, currency="CNY", zone="Asia/Shanghai")
    assert facts_from(sent, Said) is None
    assert [*sent.wrong] == [field]


def test_the_code_of_an_indicator_is_told_how_it_is_written() -> None:
    """Nobody reads that a code is "a value"."""
    told = {str(expected(slot)) for slot in slots(Indicator) if slot.name == "code"}
    assert told == {"up to 40 small letters, digits or underscores, beginning with a letter"}


def test_amounts_keep_their_cents() -> None:
    """The largest amount that may be said is read to the cent; one cent less than nothing is less than nothing."""
    assert minor_of("10,000,000,000,000.00", "CNY") == 10**15
    assert minor_of("-0.01", "CNY") == -1
    assert minor_of("￥1 250.5", "CNY") == 125_050
    with pytest.raises(ValueError, match=r"0\.005"):
        minor_of("0.005", "CNY")
