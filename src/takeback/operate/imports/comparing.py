"""The errors of rows that are right by themselves: doubles, what exists already, orders that contradict themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.operate.imports.fields import Subject
from takeback.operate.imports.report import RowError, Tally, row_error
from takeback.operate.imports.stage import MOST_ITEMS, Contradiction, Stage


def compare(stage: Stage, subject: Subject, tally: Tally, header: Callable[[str], str]) -> None:
    """Leave out of `stage` what does not go together, and tell `tally`; `header` names the column of a field."""
    count, doubles = stage.doubles()
    _tell(tally, count, [row_error(d.row, header(d.field), _double(d.first), d.shown) for d in doubles])
    for field in subject.exists:
        count, there = stage.existing(field)
        _tell(tally, count, [row_error(row, header(field), _exists(field), shown) for row, shown in there])
    if subject.order_kind:
        count, contradictions = stage.contradictions()
        _tell(tally, count, [error for each in contradictions for error in _differences(each, header)])
        for name, row, items in stage.too_large():
            tally.add(row_error(row, header("order"), _too_many(items), name))


def _tell(tally: Tally, count: int, errors: Sequence[RowError]) -> None:
    for error in errors:
        tally.add(error)
    if errors:
        tally.more(errors[0].kind, errors[0].title, count - len(errors))


def _differences(found: Contradiction, header: Callable[[str], str]) -> list[RowError]:
    """Return an error for each field of the head; ids differ where codes do, and are not told."""
    names = [name for name, value in found.head.items() if value != found.first_head[name] and not name.endswith("_id")]
    return [
        row_error(found.row, header(name), _contradiction(found.first_head[name], found.first), _text(found.head[name]))
        for name in names
    ]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _double(first: int) -> Problem:
    return Problem(
        "import.double",
        msg("Two rows have the same value where each needs its own."),
        expected=msg("a value that no other row has"),
        remedy=msg("Row {row} has it, too.", row=first),
    )


def _exists(field: str) -> Problem:
    if field == "order":
        return Problem(
            "import.order-exists",
            msg("The order number exists already."),
            expected=msg("one that was not used before"),
        )
    remedy = msg("If it is another product's, write the whole identifier: (01)GTIN(21)serial.")
    return Problem(
        "import.serial-exists",
        msg("The serial exists already."),
        expected=msg("one that was not used before"),
        remedy=remedy if field == "code" else None,
    )


def _contradiction(expected: Any, first: int) -> Problem:
    return Problem(
        "import.contradiction",
        msg("Rows of one order say different things."),
        expected=msg("{value}, as row {row} of the same order says", value=_text(expected) or "–", row=first),
        remedy=msg("Give it an order number of its own, or the same value."),
    )


def _too_many(items: int) -> Problem:
    return Problem(
        "import.large-order",
        msg("The order has too many items."),
        found=items,
        expected=msg("at most {limit} rows for one order", limit=MOST_ITEMS),
    )
