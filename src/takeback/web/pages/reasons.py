"""Reasons of the engines as people read them: the ledger keeps codes and plain amounts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from takeback.core.message import Message
from takeback.core.money import Money
from takeback.core.problem import Problem
from takeback.web.console.phrases import phrase
from takeback.web.console.vocabulary import word

_DISPOSITIONS = {"option", "this", "other"}
_PHRASES = {"resource", "condition", "reason"}
_AMOUNT = re.compile(r"[-\u2212]?[\d\u202f.]+\s[A-Z]{3}")


def stored(said: Mapping[str, Any]) -> Message:
    """Return the message that a body holds; what is none is shown as nothing, not as a failure."""
    msgid, params = said.get("msgid"), said.get("params")
    return Message(msgid if isinstance(msgid, str) else "", params if isinstance(params, dict) else {})


def spoken(message: Message) -> Message:
    """Return `message` with its dispositions as words and its amounts as money of the page's language."""
    return Message(message.msgid, {name: _spoken(name, value) for name, value in message.params.items()})


def _spoken(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    if name in _DISPOSITIONS:
        return word("disposition", value)
    if name in _PHRASES:
        return phrase(value)
    if _AMOUNT.fullmatch(value):
        try:
            return Money.parse(value)
        except Problem:
            return value
    return value
