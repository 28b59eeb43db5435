"""What a serial identifies: a GS1 identifier, a Chinese battery code, or a plain serial of a product of ours."""

from __future__ import annotations

from dataclasses import dataclass

from takeback.core import gbt34014
from takeback.core.gbt34014 import BatteryCode
from takeback.core.identifiers import Identifier
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.core.scanning import read_code

_LONGEST_SERIAL = 20  # of AI 21
_LONGEST_BATTERY_CODE, _NEARLY = 24, 3
_THINGS = {"00", "8003", "8004", "8006", "8010"}  # besides serialised GTINs (01)
_SPELLED = ("urn:", "http:", "https:", "(", "]", "^", "{", "\x1d", "␝")


@dataclass(frozen=True, slots=True)
class Identity:
    """Which thing: its canonical URI, and the code that stands on its label."""

    epc: str
    code: str


def identity_of(text: str, *, gtin: str | None, company_prefix: str | None, level: str) -> Identity:
    """Return the identity of what a serial column says.

    A full identifier is taken as it is and must fit the product (`gtin`, `level`); a plain serial becomes an SGTIN of
    the product, or an asset (GIAI) of the organisation where the product has no GTIN.

    Raises
    ------
    Problem
        Those of `core.scanning.read_code`; `import.other-product`, `import.not-a-thing`, `import.no-key`.
    """
    if _is_full(text):
        found = _read(text, level)
        return _of_battery(found, level) if isinstance(found, BatteryCode) else _of_gs1(found, gtin, text)
    if gtin is not None:
        return Identity(Identifier.of("01", gtin, "21", text).uri, text)
    if company_prefix is not None:
        return Identity(Identifier.of("8004", company_prefix + text).uri, text)
    raise Problem(
        "import.no-key",
        msg("A serial alone does not identify a thing in the world."),
        found=text,
        expected=msg("a full identifier, such as (01)09506000134352(21)12345"),
        remedy=msg("Give the product a GTIN, or the organisation its GS1 company prefix."),
    )


def _is_full(text: str) -> bool:
    return text.lower().startswith(_SPELLED) or len(text) > _LONGEST_SERIAL or gbt34014.is_battery_code(text)


def _read(text: str, level: str) -> Identifier | BatteryCode:
    try:
        return read_code(text)
    except Problem:
        # Of a battery, what is nearly as long as a battery code is meant to be one, and told as such.
        if level != "unit" and text.isalnum() and abs(len(text) - _LONGEST_BATTERY_CODE) <= _NEARLY:
            gbt34014.parse(text)
        raise


def _of_battery(found: BatteryCode, level: str) -> Identity:
    if found.product_type != level:
        raise Problem(
            "import.other-product",
            msg("The battery code is of another kind of thing than the product."),
            found=found.product_type,
            expected=level,
            remedy=msg("Compare the fourth character of the code: P is a pack, M a module, C a cell."),
        )
    return Identity(found.uri, found.code)


def _of_gs1(found: Identifier, gtin: str | None, text: str) -> Identity:
    if found.ai == "01" and gtin is not None and found.value != gtin:
        raise Problem(
            "import.other-product",
            msg("The serial is of another product than the row says."),
            found=found.value,
            expected=gtin,
        )
    if found.level != "instance" or (found.ai != "01" and found.ai not in _THINGS):
        raise Problem(
            "import.not-a-thing",
            msg("This identifies a kind of thing or a place, and not one thing."),
            found=found.name,
            expected=msg("an SGTIN, SSCC, GRAI or GIAI, or a battery code"),
        )
    return Identity(found.uri, found.element_string)
