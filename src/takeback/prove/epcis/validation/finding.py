"""What the validator found at one place of a document."""

from __future__ import annotations

import reprlib
from dataclasses import dataclass, replace
from typing import Literal

from takeback.core.message import Message, Translate

Severity = Literal["error", "warning"]
LONGEST_FOUND = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the standard has it, with its place, clause and mend.

    - `stage`: 1 schema, 2 semantics, 3 life cycle; `rule`: dotted slug, stable for programs.
    - `severity`: "error" where the standard says SHALL, "warning" where it says SHOULD or a doubt remains.
    - `event`: index of the event in its document; None for the document itself.
    - `where`: JSON pointer (RFC 6901) into the document; for XML a path with the line.
    - `clause`: the clause of EPCIS 2.0 or CBV 2.0; `found`: the value met.
    - `message`: what is wrong and what would be right; `mend`: what to write instead.
    """

    stage: int
    rule: str
    severity: Severity
    event: int | None
    where: str
    clause: str
    found: object
    message: Message
    mend: Message

    def at(self, where: str, event: int | None = None) -> Finding:
        """Return the same finding at another place: a bare event's pointers grow when it stands in a document."""
        return replace(self, where=where, event=self.event if event is None else event)

    def to_dict(self, gettext: Translate | None = None) -> dict[str, object]:
        """Return what programs read, its sentences in the language of `gettext`; long values are cut."""
        return {
            "stage": self.stage,
            "rule": self.rule,
            "severity": self.severity,
            "event": self.event,
            "where": self.where,
            "clause": self.clause,
            "found": _cut(self.found),
            "message": _said(self.message, gettext),
            "mend": _said(self.mend, gettext),
        }

    def as_text(self, gettext: Translate | None = None) -> str:
        """Return the finding for a terminal: what is wrong, where, the mend and the clause."""
        said = self.to_dict(gettext)
        return f"{said['where'] or '/'}: {said['message']}\n    {said['mend']}  [{self.rule}; {self.clause}]"


def has_errors(findings: list[Finding]) -> bool:
    """Whether any of the findings refuses what it was found in."""
    return any(finding.severity == "error" for finding in findings)


def pointer(base: str, *steps: object) -> str:
    """Return the JSON pointer of what lies `steps` below `base` (RFC 6901: ~ and / are escaped)."""
    return base + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def _said(message: Message, gettext: Translate | None) -> str:
    return str(message) if gettext is None else message.translated(gettext)


def _cut(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    # Of lists and objects the beginning is enough, and they may be nested deeper than Python can follow.
    text = value if isinstance(value, str) else reprlib.repr(value)
    return text if len(text) <= LONGEST_FOUND else text[: LONGEST_FOUND - 1] + "…"
