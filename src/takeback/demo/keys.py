"""Identifiers of the world's things and places: GS1 keys with right check digits, GB/T 34014 codes of packs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from takeback.core.gbt34014 import compose
from takeback.core.identifiers import Identifier, check_digit


def gln(prefix: str, reference: int) -> str:
    """Return the 13-digit GLN of a place under a 7-digit company prefix."""
    return _checked(prefix + f"{reference:05d}")


def gtin(prefix: str, reference: int) -> str:
    """Return the 14-digit GTIN of a kind of thing under a 7-digit company prefix."""
    return _checked(f"0{prefix}{reference:05d}")


def _checked(digits: str) -> str:
    return digits + check_digit(digits)


def serialised(gtin14: str, serials: Sequence[str]) -> list[str]:
    """Return the canonical Digital Links of single things of one kind; serials of letters and digits only."""
    first = Identifier.of("01", gtin14, "21", serials[0]).uri if serials else ""
    stem = first.removesuffix(serials[0]) if serials else ""
    return [stem + serial for serial in serials]


def asset(prefix: str, reference: str) -> str:
    """Return the canonical Digital Link of an individual asset (GIAI) of the company."""
    return Identifier.of("8004", prefix + reference).uri


def gbt_34014(maker: str, gbt_type: str, specification: str, made: date, serial: int) -> str:
    """Return the 24-character GB/T 34014 code of a pack."""
    return compose(
        manufacturer=maker,
        product_type="P",
        battery_type=gbt_type,
        specification=specification,
        made=made,
        serial=serial,
        traceability=f"{serial:07d}",
    ).code
