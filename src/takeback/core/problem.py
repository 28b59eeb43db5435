"""What went wrong, where, what was found, expected and what to do: one class for people and programs."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from takeback.core.message import Message, Translate, msg

TYPE_BASE = "https://takeback.example/problems/"
LONGEST_FOUND = 200
_KIND = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*")


class Problem(Exception):  # noqa: N818 -- the word of RFC 9457
    """A mistake that a person can put right, told completely.

    - `kind`: dotted slug, stable for programs, for example `import.bad-header`.
    - `title`: one sentence.
    - `where`: the place in the input (`row 3, column mass`, `/items/2/mass`).
    - `found`, `expected`: the value met and the value, or the rule, it should have met.
    - `remedy`: what to do next.
    - `status`, `exit_code`: what the web interface and the command line answer.
    - `errors`: the single problems of which this one is the sum.

    The body of `as_dict` follows RFC 9457 (application/problem+json).
    """

    def __init__(
        self,
        kind: str,
        title: Message,
        *,
        where: str | None = None,
        found: object = None,
        expected: Message | str | None = None,
        remedy: Message | None = None,
        status: int = 422,
        exit_code: int = 1,
        errors: Sequence[Problem] = (),
    ) -> None:
        if not _KIND.fullmatch(kind):
            raise ValueError(f"a problem's kind is a dotted slug, not {kind!r}")
        super().__init__(kind, title)
        self.kind = kind
        self.title = title
        self.where = where
        self.found = found
        self.expected = expected
        self.remedy = remedy
        self.status = status
        self.exit_code = exit_code
        self.errors = tuple(errors)

    def __str__(self) -> str:
        return self.as_text()

    def __repr__(self) -> str:
        return f"Problem({self.kind!r}, {str(self.title)!r})"

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword arguments are lost by Exception's own pickling; engines raise problems in other processes.
        return _rebuilt, (self.kind, self.title, {name: getattr(self, name) for name in _KEYWORDS})

    def as_dict(self, gettext: Translate | None = None) -> dict[str, object]:
        """Return the RFC 9457 body in the language of `gettext`; members without a value are left out."""
        body: dict[str, object] = {
            "type": TYPE_BASE + self.kind,
            "title": _said(self.title, gettext),
            "status": self.status,
            "detail": " ".join(_sentences(self._lines(gettext))) or None,
            "where": self.where,
            "found": _plain(self.found),
            "expected": _said(self.expected, gettext),
            "remedy": _said(self.remedy, gettext),
            "errors": [error.as_dict(gettext) for error in self.errors] or None,
        }
        return {name: value for name, value in body.items() if value is not None}

    def as_text(self, gettext: Translate | None = None) -> str:
        """Return the problem for a terminal: the title, then one indented line for each thing known."""
        lines = [str(_said(self.title, gettext)), *(f"  {line}" for line in self._lines(gettext))]
        for error in self.errors:
            lines += [f"  - {error.as_text(gettext).replace(chr(10), chr(10) + '    ')}"]
        return "\n".join(lines)

    def _lines(self, gettext: Translate | None) -> list[str]:
        told = (
            msg("Where: {where}", where=self.where) if self.where else None,
            msg("Found: {found}", found=_plain(self.found)) if self.found is not None else None,
            msg("Expected: {expected}", expected=self.expected) if self.expected is not None else None,
            self.remedy,
        )
        return [str(_said(line, gettext)) for line in told if line is not None]


_KEYWORDS = ("where", "found", "expected", "remedy", "status", "exit_code", "errors")


def _rebuilt(kind: str, title: Message, keywords: dict[str, object]) -> Problem:
    return Problem(kind, title, **keywords)  # type: ignore[arg-type]


def _said(sentence: Message | str | None, gettext: Translate | None) -> str | None:
    if isinstance(sentence, Message) and gettext is not None:
        return sentence.translated(gettext)
    return None if sentence is None else str(sentence)


def _sentences(lines: list[str]) -> list[str]:
    return [line if line.endswith((".", "?", "!", "。")) else f"{line}." for line in lines]


def _plain(value: object) -> object:
    """Return `value` as JSON can carry it; long texts are cut, because what was found may be a whole file."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    text = str(value)
    return text if len(text) <= LONGEST_FOUND else text[: LONGEST_FOUND - 1] + "…"
