"""Why a document, or an event of it, was not captured: findings of the validator as problems (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from takeback.core.message import Message, Translate, msg
from takeback.core.problem import Problem
from takeback.prove.epcis.validation.finding import Finding

MOST_TOLD = 1000  # findings of one document; all are counted
TYPE = "epcisException:ValidationException"


class Invalid(Problem):
    """A document that is not as the standard has it; ``findings`` tell each mistake, ``count`` how many there are."""

    def __init__(self, findings: Sequence[Finding], count: int | None = None) -> None:
        self.findings = tuple(findings[:MOST_TOLD])
        self.count = len(findings) if count is None else count
        first = self.findings[0]
        super().__init__(
            "epcis.invalid",
            msg("The document is not valid; nothing of it was captured."),
            where=first.where,
            found=msg("{count} mistakes", count=self.count) if self.count > 1 else first.found,
            expected=first.message,
            remedy=first.mend,
            status=400,
        )

    def __reduce__(self) -> tuple[object, ...]:
        return Invalid, (self.findings, self.count)  # documents are read in other processes, too

    def as_dict(self, gettext: Translate | None = None) -> dict[str, object]:
        """Return the body with all findings as its ``errors``."""
        return {**super().as_dict(gettext), "errors": told(self.findings, gettext)}


def told(findings: Iterable[Finding], gettext: Translate | None = None) -> list[dict[str, Any]]:
    """Return findings as bodies of problems: `detail` says what to write instead, the rest is as `Finding` has it."""
    return [_body(finding, gettext) for finding in findings]


def conflict(number: int, event_id: str | None) -> Finding:
    """Return the finding of an event whose eventID belongs to another one already (EPCIS 2.0, 7.4.1)."""
    return Finding(
        stage=3,
        rule="lifecycle.event-id-taken",
        severity="error",
        event=number,
        where=f"/epcisBody/eventList/{number}/eventID",
        clause="EPCIS 2.0, 7.4.1",
        found=event_id,
        message=msg("Another event has this eventID already."),
        mend=msg("Give this event an eventID of its own, or none; to correct the other one, declare it an error."),
    )


def _body(finding: Finding, gettext: Translate | None) -> dict[str, Any]:
    said = finding.to_dict(gettext)
    message, mend = said.pop("message"), said.pop("mend")
    body = {"type": TYPE, "title": message, "status": 400, "detail": mend, "remedy": mend, **said}
    return {name: _plain(value, gettext) for name, value in body.items() if value is not None}


def _plain(value: Any, gettext: Translate | None) -> Any:
    if isinstance(value, Message):
        return str(value) if gettext is None else value.translated(gettext)
    return value
