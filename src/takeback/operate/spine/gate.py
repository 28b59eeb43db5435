"""The gate before the ledger: what a command says is checked here, all of it, before any of it is kept for good."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate import clock
from takeback.operate.ledger import Author
from takeback.operate.spine.items import Item, found_and_locked, refused
from takeback.operate.values import LONGEST_NAME, wrong_sentence, wrong_text
from takeback.store.bulk import driver


class Gate:
    """Gathers what is wrong with one command; `close` raises it as one problem, so that a batch is whole or nothing.

    Places are told as pointers into the list that the command takes, as `/2/items/0/currency`.
    """

    def __init__(self, connection: sa.Connection, author: Author) -> None:
        self.errors: list[Problem] = []
        self._connection = connection
        self._earliest, self._latest = clock.bounds(connection, author.org_id)

    def refuse(
        self, where: str, title: Message, *, found: object = None, expected: Message | str | None = None
    ) -> None:
        """Note a value that cannot be taken."""
        self.errors.append(Problem("spine.bad-value", title, where=where, found=found, expected=expected))

    def text(self, at: str, name: str, value: str | None, longest: int = LONGEST_NAME) -> None:
        """Check the text `name` of what stands at the pointer `at`; None is no text and right."""
        if value is not None and (expected := wrong_text(value, longest)) is not None:
            self.refuse(f"{at}/{name}", msg("This text cannot be taken."), found=shown(value), expected=expected)

    def some(self, at: str, name: str, values: Sequence[object]) -> None:
        """Check that a list is not empty."""
        if not values:
            self.refuse(f"{at}/{name}", msg("This list is empty."), expected=msg("at least one"))

    def within(self, at: str, name: str, value: float | None, low: float, high: float) -> None:
        """Check that a number lies between two others; None is no number and right."""
        if value is not None and not low <= value <= high:
            expected = msg("{low} to {high}", low=f"{low:.15g}", high=f"{high:.15g}")
            self.refuse(f"{at}/{name}", msg("This number is out of range."), found=value, expected=expected)

    def ordered(self, at: str, low: float | None, value: float | None, high: float | None) -> None:
        """Check that an interval holds its value; an end that is missing is open."""
        known = [number for number in (low, value, high) if number is not None]
        if known != sorted(known):
            self.refuse(at, msg("The interval does not hold its value."), found=known, expected=msg("low to high"))

    def moment(self, at: str, name: str, value: datetime, former: Item | None = None) -> bool:
        """Check when something happened: a time with its zone that can have been, and not before the item's `former`
        step; return whether it is one."""
        if value.tzinfo is None:
            expected = msg("the offset at the end, such as 2026-11-22T10:00:00+08:00, or Z for UTC")
            title = msg("The time does not say how far it is from UTC")
            self.refuse(f"{at}/{name}", title, found=value.isoformat(), expected=expected)
            return False
        if not self._earliest <= value <= self._latest:
            expected = msg("{low} to {high}", low=_minute(self._earliest), high=_minute(self._latest))
            title = msg("This cannot have happened then.")
            self.refuse(f"{at}/{name}", title, found=value.isoformat(), expected=expected)
            return False
        if former is not None and value + clock.TOLERANCE < former["stage_since"]:
            self.errors.append(
                Problem(
                    "spine.too-early",
                    msg("This lies before the item's former step."),
                    where=f"{at}/{name}",
                    found=value.isoformat(),
                    expected=msg("{moment} or later", moment=former["stage_since"].isoformat()),
                    status=409,
                )
            )
        return True

    def known(self, table: str, names: Mapping[UUID, str]) -> None:
        """Check that the organisation has what is named; `names` gives where each id stands first.

        What another organisation has is as unknown here as what nobody has.
        """
        if not names:
            return
        rows = driver(self._connection).execute(f"select id from {table} where id = any(%s)", (list(names),))
        found = {row[0] for row in rows}
        for identifier, where in names.items():
            if identifier not in found:
                title = msg("There is no {what} of this id here.", what=_WHAT[table])
                self.errors.append(Problem("spine.unknown-id", title, where=where, found=str(identifier)))

    def items(self, epcs: Sequence[str], *, stages: Sequence[str]) -> Mapping[str, Item]:
        """Lock the named items and return by name those that are at one of `stages`, and named once."""
        items, errors = found_and_locked(self._connection, epcs, stages=stages)
        self.errors += errors
        return items

    def close(self) -> None:
        """Raise `spine.refused` with all that was found, or nothing when all is right."""
        if self.errors:
            raise refused(self.errors)


_WHAT: Mapping[str, Message] = {
    "site": msg("site"),
    "partner": msg("partner"),
    "product": msg("product"),
    "plan": msg("plan"),
}


def shown(text: str) -> str:
    """Return a text as a problem can show it: what cannot be seen is spelled out."""
    return text if text.isprintable() else ascii(text)


def first_named(places: Sequence[tuple[UUID | None, str]]) -> dict[UUID, str]:
    """Return for each id where it stands first."""
    names: dict[UUID, str] = {}
    for identifier, where in places:
        if identifier is not None:
            names.setdefault(identifier, where)
    return names


def latest_of(items: Iterable[Item | None]) -> Item | None:
    """Return the item whose former step is the latest, None where there is none."""
    known = [item for item in items if item is not None]
    return max(known, key=lambda item: item["stage_since"], default=None)


def sentence(gate: Gate, at: str, said: Any) -> None:
    """Check a message as it stands in a body: a text with plain places, and what stands in them."""
    if (expected := wrong_sentence(said)) is not None:
        gate.refuse(at, msg("This is not a sentence."), found=shown(str(said)), expected=expected)


def _minute(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
