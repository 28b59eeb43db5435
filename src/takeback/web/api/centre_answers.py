"""Answers of a centre's rooms as JSON can carry them: sentences in the caller's language, fractions as decimals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from typing import Any

import msgspec

from takeback.core.message import Message
from takeback.web.console import translations
from takeback.web.preferences import AnyRequest, locale_of


@dataclass(frozen=True, slots=True)
class Say:
    """Puts a sentence into the caller's language; `chinese`: whether that is Chinese."""

    gettext: Callable[[str], str]
    chinese: bool = False

    def __call__(self, sentence: str) -> str:
        """Return the sentence in the caller's language."""
        return self.gettext(sentence)


def speaker(request: AnyRequest) -> Say:
    """Return what puts a sentence into the caller's language."""
    locale = locale_of(request)
    return Say(translations(locale).gettext, locale == "zh_Hans")


def plain(value: Any, say: Say) -> Any:
    """Return an answer with its sentences said and its fractions worked out; all else as it is."""
    if isinstance(value, Message):
        return value.translated(say)
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, Mapping):
        return {_key(name): plain(one, say) for name, one in value.items()}
    if isinstance(value, list | tuple | frozenset | set):
        return [plain(one, say) for one in value]
    named = _named(value, say)
    return value if named is None else {name: plain(one, say) for name, one in named.items()}


def _key(name: Any) -> Any:
    """Return what can be the name of a member in JSON; of several words one."""
    return " / ".join(map(str, name)) if isinstance(name, tuple) else name


def _named(value: Any, say: Say) -> dict[str, Any] | None:
    """Return the fields of a struct or dataclass; None for anything else."""
    if isinstance(value, msgspec.Struct):
        return _tag(value) | {one.encode_name: _spoken(value, one.name, say) for one in msgspec.structs.fields(value)}
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: getattr(value, one.name) for one in fields(value)}
    return None


def _spoken(value: msgspec.Struct, name: str, say: Say) -> Any:
    """Return a field: of a sentence that has a Chinese form of its own, which names things in Chinese, that one."""
    own = getattr(value, f"{name}_zh", None) if say.chinese else None
    return own if isinstance(own, Message) else getattr(value, name)


def _tag(value: msgspec.Struct) -> dict[str, Any]:
    config = value.__struct_config__
    return {str(config.tag_field): config.tag} if config.tag is not None else {}


def described(schemas: dict[str, Any]) -> None:
    """Say in the document's schemas what `plain` makes of messages."""
    if "Message" in schemas:
        schemas["Message"] = {"type": "string", "title": "Message", "description": "A sentence in your language."}


def mended(part: Any) -> Any:
    """Return a part of the document as checkers of OpenAPI understand it.

    Rows of fixed length are arrays of so many; a number that may be whole is any of the two, not exactly one.
    """
    if isinstance(part, list | tuple):
        return [mended(one) for one in part]
    if not isinstance(part, dict):
        return part
    new = {name: mended(one) for name, one in part.items()}
    if isinstance(row := new.get("prefixItems"), list):
        del new["prefixItems"]
        new |= {"items": {"anyOf": row}, "minItems": len(row), "maxItems": len(row)}
    if {"integer", "number"} <= {one.get("type") for one in new.get("oneOf", []) if isinstance(one.get("type"), str)}:
        new["anyOf"] = new.pop("oneOf")
    return new
