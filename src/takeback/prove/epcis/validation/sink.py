"""Where the checks of one event leave what they find."""

from __future__ import annotations

from takeback.core.message import Message
from takeback.prove.epcis.validation.finding import Finding, pointer
from takeback.prove.epcis.validation.rules import found_at


class Sink:
    """Findings of one event; `base` is its pointer in the document, `index` its number there."""

    __slots__ = ("base", "findings", "index")

    def __init__(self, base: str, index: int) -> None:
        self.base = base
        self.index = index
        self.findings: list[Finding] = []

    def add(self, rule: str, steps: tuple[object, ...], found: object, message: Message, mend: Message) -> None:
        """Keep a finding at the place `steps` below the event."""
        self.findings.append(found_at(rule, pointer(self.base, *steps), self.index, found, message, mend))
