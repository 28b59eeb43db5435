"""Single values: a cell goes in, a checked value of a field's kind comes out, or the `Problem` that says why not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from takeback.core.decimals import parse_decimal
from takeback.core.identifiers import Identifier
from takeback.core.message import Message, msg
from takeback.core.money import Money
from takeback.core.problem import Problem
from takeback.core.quantity import Quantity
from takeback.core.units import Unit
from takeback.operate.imports.cells import Cell, Refused
from takeback.operate.imports.fields import Field, Setting
from takeback.operate.imports.moments import check_age, check_past, read_moment

LARGEST = 10**12  # of anything counted in small units: 1,000,000 t in grams
# Controls but for tabs and line breaks, marks that turn the direction of writing, halves of surrogate pairs.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BREAK = re.compile("[\t\n\r\x85\u2028\u2029]")
_NUMBER = re.compile(r"[^A-Za-z\u3400-\u9fff%°]*")
_LOST_DIGITS = re.compile(r"\d(\.\d+)?E\+?\d+", re.I)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file that becomes a field, with what its header says: a unit, a currency, a zone, a map grid."""

    index: int
    header: str
    field: Field
    unit: Unit | None = None
    currency: str | None = None
    zone: tzinfo | None = None
    grid: str | None = None


def read_value(cell: Cell, column: Column, setting: Setting) -> Any:
    """Return the value of a cell, None for an empty one. Raises `Problem` with `found` and `expected`."""
    if isinstance(cell, Refused):
        raise cell.problem
    if isinstance(cell, str) and not cell.strip():
        if column.field.required:
            raise _missing(column.field)
        return None
    if isinstance(cell, datetime) and column.field.kind != "moment":
        raise _became_a_date(cell)
    return READERS[column.field.kind](cell, column, setting)


def _text(cell: Any, column: Column, _: Setting) -> str:
    plain = unicodedata.normalize("NFC", " ".join(_cleaned(cell).split()))
    return _not_too_long(plain, column.field)


def _code(cell: Any, column: Column, _: Setting) -> str:
    plain = _not_too_long(_cleaned(cell).strip(), column.field)
    if _LOST_DIGITS.fullmatch(plain):
        raise _lost_digits()
    if _BREAK.search(plain):
        raise Problem("import.two-lines", msg("This is more than one line."), expected=msg("one code"))
    return plain


def _gtin(cell: Any, column: Column, setting: Setting) -> str:
    return _checked(cell, "01", (8, 12, 13, 14), column, setting)


def _gln(cell: Any, column: Column, setting: Setting) -> str:
    return _checked(cell, "414", (13,), column, setting)


def _checked(cell: Any, ai: str, lengths: tuple[int, ...], column: Column, setting: Setting) -> str:
    digits = _code(cell, column, setting).replace(" ", "").replace("-", "")
    if not digits.isdecimal() or not digits.isascii() or len(digits) not in lengths:
        raise Problem(
            "import.bad-number",
            msg("This is not a {name}.", name="GTIN" if ai == "01" else "GLN"),
            expected=msg("{lengths} digits", lengths="/".join(map(str, lengths))),
            remedy=msg("Spreadsheets drop zeros at the beginning of numbers: format the column as text."),
        )
    return Identifier.of(ai, digits).value


def _quantity(cell: Any, column: Column, setting: Setting) -> int:
    field = column.field
    like = column.unit or field.unit
    kept = field.kept
    if like is None or kept is None:
        raise TypeError(f"the field {field.name} has no unit")
    text = _cleaned(cell)
    if column.unit is None and f"unit {column.header}" not in setting.notes and _NUMBER.fullmatch(text.strip()):
        note = msg("{column}: no unit is given; {unit} is assumed.", column=column.header, unit=like.code)
        setting.notes[f"unit {column.header}"] = note
    amount = Quantity.parse(text, like).whole(kept)
    if amount <= 0:
        raise _not_positive(field, negative=amount < 0, least=f"1 {kept.code}")
    return _not_too_large(amount)


def _ratio(cell: Any, column: Column, _: Setting) -> float:
    share = Quantity.parse(_cleaned(cell), column.unit or Unit.RATIO).to(Unit.RATIO)
    if not 0 <= share.value < 1:
        raise Problem(
            "import.out-of-range",
            msg("This share is out of range."),
            expected=msg("from 0 to below 1, or a percentage below 100 %"),
        )
    return float(share)


def _money(cell: Any, column: Column, setting: Setting) -> int:
    money = Money.parse(_cleaned(cell), column.currency or setting.currency)
    if money.currency != setting.currency:
        raise Problem(
            "import.other-currency",
            msg("This amount is in another currency than the organisation's."),
            expected=setting.currency,
            remedy=msg("Convert it first, with the rate and its date."),
        )
    if money.minor <= 0:
        raise _not_positive(column.field, negative=money.minor < 0, least=str(Money(1, money.currency)))
    return _not_too_large(money.minor)


def _moment(cell: Any, column: Column, setting: Setting) -> datetime:
    moment, assumed = read_moment(cell, column.zone or setting.zone)
    if assumed and column.zone is None and f"zone {column.header}" not in setting.notes:
        note = msg("{column}: no zone is given; {zone} is assumed.", column=column.header, zone=setting.zone_name)
        setting.notes[f"zone {column.header}"] = note
    check_age(moment)
    if column.field.past:
        check_past(moment, setting.now)
    return moment


def _degrees(cell: Any, column: Column, _: Setting) -> float:
    return float(_decimal(_cleaned(cell).strip().removesuffix("°")))


def _choice(cell: Any, column: Column, _: Setting) -> str:
    said = normal(_cleaned(cell))
    for code, spellings in column.field.choices.items():
        if said == normal(code) or any(said == normal(spelling) for spelling in spellings):
            return code
    raise Problem(
        "import.no-choice",
        msg("This is not one of the words that stand here."),
        expected=", ".join(column.field.choices),
    )


READERS: Mapping[str, Callable[[Any, Column, Setting], Any]] = {
    "text": _text,
    "code": _code,
    "item": _code,
    "reference": _code,
    "gtin": _gtin,
    "gln": _gln,
    "quantity": _quantity,
    "ratio": _ratio,
    "money": _money,
    "moment": _moment,
    "degrees": _degrees,
    "choice": _choice,
}
"""Kind of a field: what reads it. Items and references are looked up afterwards, many at once."""


def normal(text: str) -> str:
    """Return a word as headers and choices are compared: no case, no spaces, no punctuation, usual width."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _cleaned(cell: str) -> str:
    found = _CONTROL.search(cell)
    if found:
        raise Problem(
            "import.control-character",
            msg("The text holds a character that cannot be shown or stored."),
            found=ascii(found[0]),
            expected=msg("letters, digits, signs and spaces"),
        )
    return cell


def _decimal(text: str) -> Decimal:
    number = parse_decimal(text)
    if abs(number) > LARGEST:
        raise _too_large()
    return number


def _not_too_long(text: str, field: Field) -> str:
    if len(text) > field.longest:
        raise Problem(
            "import.too-long",
            msg("The text is too long."),
            expected=msg("at most {longest} characters instead of {found}", longest=field.longest, found=len(text)),
        )
    return text


def _not_too_large(amount: int) -> int:
    if amount > LARGEST:
        raise _too_large()
    return amount


def _too_large() -> Problem:
    title = msg("This number is too large to be meant.")
    return Problem("import.too-large-value", title, expected=msg("at most {limit} of the smallest unit", limit=LARGEST))


def _not_positive(field: Field, *, negative: bool, least: str) -> Problem:
    expected = msg("at least {least}", least=least)
    if negative:
        return Problem("import.negative", msg("{field}: this is negative.", field=field.label), expected=expected)
    return Problem("import.zero", msg("{field}: this is nothing.", field=field.label), expected=expected)


def _missing(field: Field) -> Problem:
    expected: Message = field.hint or msg("a value")
    return Problem("import.missing", msg("{field} is missing.", field=field.label), expected=expected)


def _became_a_date(cell: datetime) -> Problem:
    return Problem(
        "import.became-a-date",
        msg("The spreadsheet has made a date of this value."),
        found=cell.isoformat(" "),
        expected=msg("the value as it was"),
        remedy=msg("Format the column as text and enter the value again."),
    )


def _lost_digits() -> Problem:
    return Problem(
        "import.lost-digits",
        msg("The spreadsheet has rounded this number: its last digits are lost."),
        expected=msg("all digits"),
        remedy=msg("Format the column as text and enter the value again."),
    )
