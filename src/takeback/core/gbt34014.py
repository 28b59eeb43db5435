"""Chinese traction battery codes (GB/T 34014-2017): what each of the 24 or 19 characters says.

The standard fixes the positions; the alphabets of the production date are read differently by decoders in
use, so that a code may have several readings, and all are given. Layout and types as in the Catena-X aspect
model `traction_battery_code` 2.0.0 and public decoders.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from string import ascii_uppercase
from typing import Literal

from takeback.core.message import Message, msg
from takeback.core.problem import Problem

URN_PREFIX = "urn:gbt34014:"

PRODUCT_TYPES: dict[str, Literal["pack", "module", "cell"]] = {"P": "pack", "M": "module", "C": "cell"}
BATTERY_TYPES = {
    "A": "NiMH",
    "B": "LFP",
    "C": "LMO",
    "D": "LCO",
    "E": "NMC/NCA",
    "F": "supercapacitor",
    "G": "LTO",
    "Z": "other",
}

# 24 characters: manufacturer, type, chemistry, specification, traceability, date, serial number of the day.
# 19 characters (product of repurposed batteries): no traceability, and R with the type at the end.
_FULL = re.compile(r"[A-Z0-9]{3}[PMC][A-GZ][A-Z0-9]{2}[A-Z0-9]{7}[A-Z0-9]{3}[0-9]{7}")
_REPURPOSED = re.compile(r"[A-Z0-9]{3}[PMC][A-GZ][A-Z0-9]{2}[A-Z0-9]{3}[0-9]{7}R[PMC]")
_FORMS = ((24, _FULL), (19, _REPURPOSED))
_LONGEST_EXTRA = 2  # some makers' Data Matrix codes carry one or two characters more

_MONTHS = {character: n for n, character in enumerate("123456789ABC", start=1)}


def _letters_without(left_out: str) -> str:
    return "".join(letter for letter in ascii_uppercase if letter not in left_out)


def _table(first: int, characters: str) -> dict[str, int]:
    return {character: first + n for n, character in enumerate(characters)}


# Name of the alphabet: years from 2011, days from 1. The first is most likely the standard's own: without I, O,
# Q and Z the digits and letters are exactly 31.
_ALPHABETS = {
    "without I, O, Q, Z": "123456789" + _letters_without("IOQZ"),
    "with I (Catena-X)": "123456789" + _letters_without("OQZ"),
    "all letters (CellScanner)": "123456789" + ascii_uppercase,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of the production date. `day` is None where its character means no day.

    `alphabets`: who reads it so; `shifted`: the date was looked for one place earlier, as some decoders do
    with codes whose serial number has eight digits.
    """

    year: int
    month: int
    day: int | None
    alphabets: tuple[str, ...]
    shifted: bool = False

    @property
    def date(self) -> date | None:
        """The day of production, where it is known."""
        return None if self.day is None else date(self.year, self.month, self.day)


@dataclass(frozen=True, slots=True)
class BatteryCode:
    """A decoded battery code.

    `readings`: what the production date may be, the likeliest first; empty where nobody can read it.
    `extra`: characters after the code. A repurposed product's code has no traceability information; the codes
    of what it is made from stay valid beside it.
    """

    code: str
    extra: str
    manufacturer: str
    product_type: Literal["pack", "module", "cell"]
    battery_type: str
    specification: str
    traceability: str
    serial: str
    repurposed: bool
    readings: tuple[Reading, ...]

    @property
    def uri(self) -> str:
        """The canonical URI `urn:gbt34014:<code>`: our own name space, as the standard defines no URI."""
        return URN_PREFIX + self.code

    @property
    def likely_made(self) -> date | None:
        """The day of production by the likeliest reading: to be shown as such, with the others beside it."""
        return self.readings[0].date if self.readings else None

    @property
    def made(self) -> date | None:
        """The day of production where every reading says the same, or there is one only."""
        dates = {reading.date for reading in self.readings}
        return next(iter(dates)) if len(dates) == 1 else None


def is_battery_code(text: str) -> bool:
    """Tell whether `text` has the form of a battery code or of its URI."""
    return _form(_plain(text)) is not None


def parse(text: str, *, not_after: date | None = None) -> BatteryCode:
    """Return the decoded code; blanks and hyphens in it do not matter, nor do small letters.

    Takes 24 or 19 characters, up to two more behind them, or the URI. `not_after` (today, when something lies
    on the table) excludes readings in the future. Raises `Problem`.
    """
    plain = _plain(text)
    form = _form(plain)
    if form is None:
        raise _unreadable(plain, text)
    length, repurposed = form
    code = plain[:length]
    at = 7 if repurposed else 14
    return BatteryCode(
        code=code,
        extra=plain[length:],
        manufacturer=code[:3],
        product_type=PRODUCT_TYPES[code[3]],
        battery_type=BATTERY_TYPES[code[4]],
        specification=code[5:7],
        traceability=code[7:at],
        serial=code[at + 3 : at + 10],
        repurposed=repurposed,
        readings=tuple(_readings(code, at, not_after)),
    )


def compose(
    *,
    manufacturer: str,
    product_type: str,
    battery_type: str,
    specification: str,
    made: date,
    serial: int,
    traceability: str = "",
    repurposed: bool = False,
) -> BatteryCode:
    """Return the code of these fields, its date in the first alphabet: `P`, `M`, `C`; `A` to `G`, `Z`.

    A repurposed product's code has no traceability information. Raises `Problem` where a field does not fit.
    """
    alphabet = _ALPHABETS[next(iter(_ALPHABETS))]
    if not 2011 <= made.year < 2011 + len(alphabet):
        raise Problem(
            "battery-code.year",
            msg("The battery code has no character for this year"),
            found=made.year,
            expected=f"2011-{2010 + len(alphabet)}",
        )
    day = alphabet[made.year - 2011] + "123456789ABC"[made.month - 1] + alphabet[made.day - 1]
    front = f"{manufacturer}{product_type}{battery_type}{specification}{traceability}"
    return parse(f"{front}{day}{serial:07d}" + (f"R{product_type}" if repurposed else ""))


def _plain(text: str) -> str:
    plain = re.sub(r"[\s-]+", "", text).upper()
    return plain.removeprefix(URN_PREFIX.upper())


def _form(plain: str) -> tuple[int, bool] | None:
    for length, form in _FORMS:
        if form.fullmatch(plain[:length]) and len(plain) <= length + _LONGEST_EXTRA:
            return length, form is _REPURPOSED
    return None


def _readings(code: str, at: int, not_after: date | None) -> list[Reading]:
    """Return the readings at the standard's place; one place earlier only where those know no day."""
    found = _merged(_read(code[at : at + 3], not_after), shifted=False)
    if at > 7 and not any(reading.day for reading in found):
        earlier = _merged(_read(code[at - 1 : at + 2], not_after), shifted=True)
        found += [reading for reading in earlier if reading.day]
    return found


def _read(characters: str, not_after: date | None) -> Iterator[tuple[str, int, int, int | None]]:
    for name, alphabet in _ALPHABETS.items():
        year, day = _table(2011, alphabet).get(characters[0]), _table(1, alphabet).get(characters[2])
        month = _MONTHS.get(characters[1])
        if year is None or month is None or not _plausible(year, month, day, not_after):
            continue
        yield name, year, month, day if day is not None and _exists(year, month, day) else None


def _plausible(year: int, month: int, day: int | None, not_after: date | None) -> bool:
    return not_after is None or (year, month, day or 1) <= (not_after.year, not_after.month, not_after.day)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _merged(read: Iterator[tuple[str, int, int, int | None]], *, shifted: bool) -> list[Reading]:
    names: dict[tuple[int, int, int | None], list[str]] = {}
    for name, year, month, day in read:
        names.setdefault((year, month, day), []).append(name)
    readings = [Reading(*when, alphabets=tuple(who), shifted=shifted) for when, who in names.items()]
    return sorted(readings, key=lambda reading: reading.day is None)


def _unreadable(plain: str, text: str) -> Problem:
    return Problem(
        "battery-code.unreadable",
        msg("This is not a battery code of GB/T 34014"),
        found=text,
        expected=_expected(plain),
        remedy=msg("Codes printed in two lines are read one after the other, the maker's line first."),
    )


def _expected(plain: str) -> Message:
    if len(plain) not in range(19, 27):
        return msg("24 characters, or 19 for a repurposed product, instead of {count}", count=len(plain))
    if plain[3] not in PRODUCT_TYPES:
        return msg("P, M or C (pack, module, cell) as the fourth character instead of {found}", found=plain[3])
    if plain[4] not in BATTERY_TYPES:
        return msg("A to G or Z (battery type) as the fifth character instead of {found}", found=plain[4])
    return msg("letters and digits, with a serial number of seven digits after the date")
