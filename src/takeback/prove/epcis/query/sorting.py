"""Order by an extension field: all that answers is looked at, its fields are sorted, and one page is fetched."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction

from takeback.prove.epcis.query.candidates import Found, Search
from takeback.prove.epcis.query.conditions.fields import scalars
from takeback.prove.epcis.query.fieldname import FieldName
from takeback.prove.epcis.query.given import moment, number
from takeback.prove.epcis.query.query import Order
from takeback.prove.epcis.query.tokens import Form, Step, Token

# A place: is the field missing, the rank of its type, its value as text, the entry.
FORM: Form = ((int,), (int,), (str,), (int,))
_NUMBER, _TIME, _TEXT = 0, 1, 2
_PIECE = 1000
Key = tuple[int, int, Fraction | str, int]


def found(search: Search, order: Order, before: Token) -> Iterator[tuple[tuple[Step, ...], Found]]:
    """Yield what answers, by the field, behind the place of a token; events without the field come last."""
    assert isinstance(order.by, FieldName)  # noqa: S101 - the caller's branch
    keys = sorted(_key(one, order.by) for one in search.found("id", True, None, _PIECE))
    present = [key for key in keys if not key[0]]
    if not order.ascending:
        present.reverse()
    ordered = present + [key for key in keys if key[0]]
    for start in range(_start(ordered, order, before), len(ordered), _PIECE):
        piece = ordered[start : start + _PIECE]
        events = search.by_ids([key[3] for key in piece])
        yield from zip(map(_place, piece), events, strict=True)


def _start(ordered: list[Key], order: Order, before: Token) -> int:
    if not before.place:
        return 0
    place = _read(before.place)
    if place[0] or order.ascending:
        return bisect_right(ordered, place) if order.ascending else _after_missing(ordered, place)
    return sum(1 for key in ordered if not key[0] and key >= place)


def _after_missing(ordered: list[Key], place: Key) -> int:
    return sum(1 for key in ordered if not key[0] or key <= place)


def _key(one: Found, name: FieldName) -> Key:
    context = one.event.get("@context")
    for key, value in one.event.items():
        if name.names(key, context if isinstance(context, dict) else {}):
            for scalar in scalars(value):
                return (0, *sort_key(scalar), one.id)
    return (1, _TEXT, "", one.id)


def sort_key(scalar: object) -> tuple[int, Fraction | str]:
    """Return a value's rank and what is compared: numbers, then times, then texts by their code points."""
    read = number(scalar)
    if read is not None:
        return _NUMBER, read
    time = moment(scalar)
    if time is not None:
        return _TIME, _instant(time)
    return _TEXT, str(scalar)


def _instant(time: datetime) -> str:
    try:
        return time.astimezone(UTC).isoformat(timespec="microseconds")
    except OverflowError:
        return time.isoformat(timespec="microseconds")


def _place(key: Key) -> tuple[Step, ...]:
    return key[0], key[1], str(key[2]), key[3]


def _read(place: tuple[Step, ...]) -> Key:
    missing, rank, value, entry = place
    kept: Fraction | str = (number_of(str(value))) if rank == _NUMBER else str(value)
    return int(missing or 0), int(rank or 0), kept, int(entry or 0)


def number_of(text: str) -> Fraction:
    """Return the fraction of a token's text; of a forged one, zero."""
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return Fraction(0)
