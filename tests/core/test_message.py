"""Sentences for people."""

from __future__ import annotations

import pickle

from takeback.core.message import Message, msg

CHINESE = {"Row {row}: {what}": "第 {row} 行：{what}", "the mass is negative": "质量为负", "broken {row}": "坏 {row:d"}


def gettext(text: str) -> str:
    return CHINESE.get(text, text)


def test_english_is_the_sentence_filled() -> None:
    """A message reads in English with its values in their places."""
    assert str(msg("Row {row}: the mass is negative", row=3)) == "Row 3: the mass is negative"


def test_translation_reaches_the_messages_inside() -> None:
    """A message that is a value of another is translated with it."""
    message = msg("Row {row}: {what}", row=3, what=msg("the mass is negative"))
    assert message.translated(gettext) == "第 3 行：质量为负"
    assert str(message) == "Row 3: the mass is negative"


def test_a_broken_translation_falls_back_to_english() -> None:
    """A slip in a translation never hides the sentence."""
    assert msg("broken {row}", row=3).translated(gettext) == "broken 3"


def test_a_missing_value_stays_visible() -> None:
    """A place without a value shows its name instead of failing while an error is told."""
    assert str(Message("Row {row}", {})) == "Row {row}"


def test_braces_in_values_are_left_alone() -> None:
    """What users typed is never taken for a place in the sentence."""
    assert str(msg("found {text}", text="{row.__class__}")) == "found {row.__class__}"


def test_messages_travel_between_processes() -> None:
    """A message survives pickling, as engines run in other processes, and compares by what it says."""
    message = msg("Row {row}", row=3)
    assert pickle.loads(pickle.dumps(message)) == message
    assert len({message, msg("Row {row}", row=3)}) == 1
