"""A sentence for people: written once in English, shown in any language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Translate = Callable[[str], str]
_BROKEN = (ValueError, IndexError, KeyError, AttributeError, TypeError)


@dataclass(frozen=True, slots=True)
class Message:
    """An English sentence with named places, and what stands in them.

    `msgid` is both the English text and the key of the translation; its places are written as
    `str.format` writes them: `"Row {row}: the mass is negative"`. A value may be a message itself:
    it is translated with the sentence around it.
    """

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return _shown(self.msgid, self.params)

    def __hash__(self) -> int:
        return hash(self.msgid)

    def translated(self, gettext: Translate) -> str:
        """Return the sentence in the language of `gettext`; English where the translation is broken."""
        params = {name: _translated(value, gettext) for name, value in self.params.items()}
        try:
            return _filled(gettext(self.msgid), params)
        except _BROKEN:
            return _shown(self.msgid, params)


def msg(msgid: str, /, **params: object) -> Message:
    """Return a message; the translation catalogue is extracted by this function's name."""
    return Message(msgid, params)


class _Visible(dict[str, object]):
    """Leaves a place without a value visible, so that a slip in a sentence never hides the error it tells."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def _filled(template: str, params: Mapping[str, object]) -> str:
    return template.format_map(_Visible(params))


def _shown(template: str, params: Mapping[str, object]) -> str:
    """Return the sentence, or its bare template where that is broken: it may come from a body of another's making."""
    try:
        return _filled(template, params)
    except _BROKEN:
        return template


def _translated(value: object, gettext: Translate) -> object:
    return value.translated(gettext) if isinstance(value, Message) else value
