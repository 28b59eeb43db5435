"""The words of data are said in the language of the page, composed as that language sets them."""

from __future__ import annotations

import pytest

from takeback.core.message import msg
from takeback.web.console import translations
from takeback.web.console.formats import Formats
from takeback.web.console.phrases import CONDITIONS, NUMBERED, PHRASES, phrase
from takeback.web.console.vocabulary import word

CHINESE = Formats(translations("zh_Hans"))


@pytest.mark.parametrize(
    "text", [*PHRASES, *(f"{kind} 3" for kind in NUMBERED), *(f"{fault} 85 %" for fault in CONDITIONS)]
)
def test_what_the_demo_world_writes_is_said_in_chinese(text: str) -> None:
    """No English word is left in it."""
    said = str(CHINESE.say(phrase(text)))
    assert not any(letter.isascii() and letter.isalpha() for letter in said), said


@pytest.mark.parametrize("text", ["Lantern Motors", "bay", "platform 3", "3 %", ""])
def test_what_is_not_known_stands_as_it_is(text: str) -> None:
    """Names are never changed."""
    assert phrase(text) == text


def test_partners_in_dispositions_have_their_names() -> None:
    """The code of a demo partner is its name in either language."""
    assert str(word("disposition", "recycle_rongpu")) == "Recycle (Rongpu)"
    assert "熔浦" in str(CHINESE.say(word("disposition", "recycle_rongpu")))


def test_chinese_words_stand_without_spaces_between_them() -> None:
    """What is put into a sentence joins it; Latin words and figures keep their distance, per cent signs lose it."""
    said = CHINESE.say(msg("It is close: {option} is only {amount} behind.", option=msg("Decide later"), amount="¥2"))
    assert said == "相差很小：暂缓仅落后 ¥2。"
    assert CHINESE.say(msg("{n} %", n=5)) == "5%"
    assert CHINESE.say(msg("{a} 。", a="B")) == "B。"
