"""What codes stand for: products, partners and sites of the tenant, looked up many at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.operate.imports.fields import Of
from takeback.operate.values import wrong_key
from takeback.store.bulk import driver

MOST_KEPT = 20_000  # found rows that are remembered of each kind
_NAMED = 6  # so many codes are listed whole
_MOST_COMPARED = 5000


@dataclass(frozen=True, slots=True)
class Found:
    """A row of master data: its columns by name."""

    row: dict[str, Any]

    @property
    def id(self) -> UUID:
        """The row's id."""
        found: UUID = self.row["id"]
        return found

    @property
    def code(self) -> str:
        """The row's code."""
        return str(self.row["code"])


_PRODUCT = (
    "select p.*, m.energy_wh, m.chemistry, m.rated_capacity_mah, m.nominal_voltage_mv "
    "from product p left join battery_model m on m.product_id = p.id where "
)
_QUERIES: dict[Of, tuple[str, str]] = {
    "product": (_PRODUCT + "p.code = any(%s)", _PRODUCT + "p.gtin = any(%s)"),
    "partner": ("select * from partner where code = any(%s)", "select * from partner where gln = any(%s)"),
    "site": ("select * from site where code = any(%s)", "select * from site where gln = any(%s)"),
}
_LABELS: dict[Of, Message] = {
    "product": msg("product"),
    "partner": msg("partner"),
    "site": msg("site"),
}


_GTIN_LENGTHS = (12, 13, 14)  # numbers of 8 digits are codes of one's own as often


class Directory:
    """Looks codes up; remembers what it has found, as the same few come again and again."""

    def __init__(self, connection: sa.Connection) -> None:
        self._run = driver(connection).cursor
        self._known: dict[Of, dict[str, Found | None]] = {"product": {}, "partner": {}, "site": {}}
        self._codes: dict[Of, list[str]] = {}

    def learn(self, of: Of, codes: Iterable[str]) -> None:
        """Look up all of `codes` that are not known yet, by code and else by GTIN or GLN."""
        known = self._known[of]
        if len(known) > MOST_KEPT:
            known.clear()
        wanted = {code for code in codes if code not in known}
        if not wanted:
            return
        by_code, by_number = _QUERIES[of]
        found = {each.code: each for each in self._rows(by_code, wanted)}
        digits = 14 if of == "product" else 13  # GTINs are kept with all their digits
        numbers = {code: code.zfill(digits) for code in wanted if code not in found and code.isdecimal()}
        column = "gtin" if of == "product" else "gln"
        by_digits = {each.row[column]: each for each in self._rows(by_number, numbers.values())} if numbers else {}
        found |= {code: by_digits[number] for code, number in numbers.items() if number in by_digits}
        known.update({code: found.get(code) for code in wanted})

    def get(self, of: Of, code: str) -> Found | None:
        """Return what a code stands for, None for nothing."""
        if code not in self._known[of]:
            self.learn(of, [code])
        return self._known[of][code]

    def find(self, of: Of, code: str) -> Found:
        """Return what a code stands for. Raises `import.unknown-code` with the codes that come near."""
        found = self.get(of, code)
        if found is None and of == "product" and (problem := _wrong_gtin(code)) is not None:
            raise problem
        if found is None:
            raise Problem(
                "import.unknown-code",
                msg("There is no {what} of this code.", what=_LABELS[of]),
                found=code,
                expected=self._near(of, code),
                remedy=msg("Correct the code, or enter the {what} first.", what=_LABELS[of]),
            )
        return found

    def only(self, of: Of) -> Found | None:
        """Return the only row of a kind, None where there are none or several."""
        codes = self.codes(of)
        return self.get(of, codes[0]) if len(codes) == 1 else None

    def codes(self, of: Of) -> list[str]:
        """Return the first codes of a kind, sorted; at most 5000."""
        if of not in self._codes:
            query = f"select code from {of} order by code limit {_MOST_COMPARED}"
            with self._run() as cursor:
                self._codes[of] = [row[0] for row in cursor.execute(query).fetchall()]
        return self._codes[of]

    def _near(self, of: Of, code: str) -> Message:
        codes = self.codes(of)
        near = codes if len(codes) <= _NAMED else get_close_matches(code, codes, n=3, cutoff=0.6)
        if not codes:
            return msg("a {what} that exists; there are none yet", what=_LABELS[of])
        if near:
            return msg("a {what} that exists, such as {near}", what=_LABELS[of], near=", ".join(near))
        return msg("a {what} that exists", what=_LABELS[of])

    def _rows(self, query: str, codes: Iterable[str]) -> list[Found]:
        with self._run() as cursor:
            cursor.execute(query, (list(codes),))
            names = [column.name for column in cursor.description or ()]
            return [Found(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def _wrong_gtin(code: str) -> Problem | None:
    """Return what is wrong with a code that looks like a GTIN and whose check digit is not right, else None."""
    if len(code) not in _GTIN_LENGTHS or not (code.isascii() and code.isdecimal()):
        return None
    return wrong_key("01", code)
