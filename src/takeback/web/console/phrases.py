"""The words that data brings, as people say them: methods, places of work, carriers, lines, findings.

The ledger keeps them as they were written; only the page says them in its language. What is not known here is shown
as it stands.
"""

from __future__ import annotations

import re

from takeback.core.message import Message, msg

PHRASES: dict[str, Message] = {
    "5 s pulse, ridge": msg("5 s pulse test, ridge model"),
    "announcement": msg("announcement"),
    "cell mean before the pulse": msg("cell mean before the pulse"),
    "checklist": msg("checklist"),
    "collection": msg("collection"),
    "critical": msg("critical"),
    "gate": msg("gate"),
    "house rule": msg("house rule"),
    "incoming inspection": msg("incoming inspection"),
    "module": msg("one bad module"),
    "none": msg("none"),
    "outlet": msg("outlet"),
    "parcel carrier": msg("parcel carrier"),
    "parts bench": msg("parts bench"),
    "refurbishing bench": msg("refurbishing bench"),
    "remanufacturing bay": msg("remanufacturing bay"),
    "repurposing line": msg("repurposing line"),
    "return": msg("return"),
    "reuse buyers": msg("reuse buyers"),
    "truck": msg("truck"),
    "uneven": msg("uneven cells"),
    "van": msg("van"),
    "visual and insulation test": msg("visual and insulation test"),
    "weighing": msg("weighing"),
}

NUMBERED: dict[str, Message] = {
    "bay": msg("bay {n}"),
    "collection": msg("collection {n}"),
    "disposition": msg("disposition engine {n}"),
    "dock": msg("dock {n}"),
    "inspector": msg("inspector {n}"),
    "return": msg("return {n}"),
    "station": msg("station {n}"),
    "truck": msg("truck {n}"),
    "van": msg("van {n}"),
}
"""Things of one kind that are told apart by a number."""

CONDITIONS: dict[str, Message] = {
    "none": msg("sound, {soh} %"),
    "uneven": msg("uneven cells, {soh} %"),
    "module": msg("one bad module, {soh} %"),
}
"""Condition classes of batteries: a fault and a state of health."""

PARTNERS: dict[str, Message] = {"liantan": msg("Liantan"), "rongpu": msg("Rongpu")}
"""Short names of partners of the demo world; their codes stand in dispositions."""

_NUMBERED = re.compile(r"([a-z]+) (\d+)")
_CONDITION = re.compile(r"([a-z]+) (\d+) %")
_WORKS = re.compile(r"(\w+) works")


def phrase(text: str) -> Message | str:
    """Return what `text` of the data says in any language; itself where it is a name or not known."""
    if known := PHRASES.get(text):
        return known
    if (found := _NUMBERED.fullmatch(text)) and found[1] in NUMBERED:
        return Message(NUMBERED[found[1]].msgid, {"n": found[2]})
    if (found := _CONDITION.fullmatch(text)) and found[1] in CONDITIONS:
        return Message(CONDITIONS[found[1]].msgid, {"soh": found[2]})
    if (found := _WORKS.fullmatch(text)) and (name := PARTNERS.get(found[1].lower())):
        return msg("{partner} works", partner=name)
    return text
