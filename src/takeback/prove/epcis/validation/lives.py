"""The lives of things while a document is read: begun, last seen, ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from takeback.core.message import Message, msg
from takeback.prove.epcis.validation.finding import Finding
from takeback.prove.epcis.validation.known import KeyOf, Known
from takeback.prove.epcis.validation.moments import moment
from takeback.prove.epcis.validation.rules import found_at
from takeback.prove.epcis.validation.schema_event import EVENT_LIST

_NEVER = datetime.max.replace(tzinfo=UTC)


class Keys(dict[str, int]):
    """Item keys of one document, each computed once."""

    def __init__(self, key_of: KeyOf) -> None:
        self._key_of = key_of

    def __missing__(self, epc: str) -> int:
        key = self[epc] = self._key_of(epc)
        return key


class Lives:
    """What is known, with what the events of the document change about it; collects findings.

    A rule that several things of one event break is one finding, with the first thing and their number.
    """

    def __init__(self, known: Known, keys: Keys) -> None:
        self.findings: list[Finding] = []
        self._keys = keys
        self._ended = {key: at for key, (at, _) in known.ended.items()}
        self._last = dict(known.last)
        self._begun = set(known.begun)
        self._new: set[int] = set()  # things that the current event names for the first time
        self._at = _NEVER
        self.index = 0

    def begin(self, index: int, time: str) -> None:
        """Begin the next event of the document."""
        self.index = index
        self._at = moment(time) or _NEVER
        self._new.clear()

    def touch(self, epcs: Iterable[str]) -> None:
        """See things at the event's time: after their end, or earlier than they were seen before?"""
        at, ended, last, keys = self._at, self._ended, self._last, self._keys
        dead: list[str] = []
        late: list[str] = []
        for epc in epcs:
            key = keys[epc]
            before = last.get(key)
            if before is None:
                self._new.add(key)
                last[key] = at
            elif at >= before:
                last[key] = at
            else:
                late.append(epc)
            if key in ended and at > ended[key]:
                dead.append(epc)
        if dead:
            self._tell_dead(dead)
        if late:
            self._tell_late(late)

    def commission(self, epcs: Sequence[str]) -> None:
        """Begin the life of things, unless it has begun; after an end, `touch` has told that already."""
        keys = [self._keys[epc] for epc in epcs]
        pairs = zip(epcs, keys, strict=True)
        twice = [epc for epc, key in pairs if key in self._begun and key not in self._ended]
        self._begun.update(keys)
        if twice:
            self.tell(
                "lifecycle.commissioned-twice",
                twice,
                msg("{things} began before: ADD begins the life of a thing, once", things=named(twice)),
                msg("Write OBSERVE where a thing is only seen, or give a new thing a serial number of its own."),
            )

    def end(self, epcs: Sequence[str]) -> None:
        """End things: decommissioned or destroyed."""
        unknown = [epc for epc in epcs if self._keys[epc] in self._new and self._keys[epc] not in self._begun]
        self.consume(epcs)
        if unknown:
            self.tell(
                "lifecycle.unknown-item",
                unknown,
                msg("{things} ended without ever having been seen", things=named(unknown)),
                msg("Check the number; if it is right, the events before this one are missing."),
            )

    def consume(self, epcs: Iterable[str]) -> None:
        """End things at the event's time; the first end counts."""
        for epc in epcs:
            key = self._keys[epc]
            self._ended[key] = min(self._at, self._ended.get(key, _NEVER))

    def tell(self, rule: str, things: Sequence[str], message: Message, mend: Message) -> None:
        """Keep a finding about things of the current event."""
        where = f"{EVENT_LIST}/{self.index}"
        self.findings.append(found_at(rule, where, self.index, things[0], message, mend))

    def _tell_dead(self, epcs: Sequence[str]) -> None:
        at = self._ended[self._keys[epcs[0]]]
        self.tell(
            "lifecycle.after-end",
            epcs,
            msg("{things} ended on {at}: nothing can happen to it afterwards", things=named(epcs), at=at.isoformat()),
            msg("Check the number and the time; withdraw the event that ended it if that was wrong."),
        )

    def _tell_late(self, epcs: Sequence[str]) -> None:
        at = self._last[self._keys[epcs[0]]]
        self.tell(
            "lifecycle.time-backwards",
            epcs,
            msg("{things}: a later event, of {at}, came before this one", things=named(epcs), at=at.isoformat()),
            msg("Check the clock of the reader; report events in the order in which they happen."),
        )


def named(epcs: Sequence[str]) -> Message | str:
    """Return the first thing, with the number of further ones."""
    return epcs[0] if len(epcs) == 1 else msg("{first} and {count} more", first=epcs[0], count=len(epcs) - 1)
