"""The identity of one thing, kind of thing, lot or place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from takeback.core.identifiers import urn
from takeback.core.identifiers.check import require_check_digit, require_text
from takeback.core.identifiers.keys import BEGINS_WITH_PREFIX, KEYS, QUALIFIERS, SHORTEST_PREFIX
from takeback.core.message import msg
from takeback.core.problem import Problem

HOST = "https://id.gs1.org"
# What stays as it is in the canonical path, besides letters, digits and "-._": so the event hash vectors.
_UNESCAPED = "';="
_NAMES = {"0121": "SGTIN", "01235": "UPUI", "0110": "LGTIN", "414254": "SGLN", "80108011": "CPI"}
_CLASS_WITHOUT_TAIL = {"253", "255", "8003"}


@dataclass(frozen=True, slots=True)
class Identifier:
    """A GS1 key with at most one qualifier: the finest identity that a code carries, and nothing else.

    `ai` and `value` are the key and its value, `qualifier` the application identifier (21 serial, 10 lot,
    235, 254, 8011) that makes it finer, and `qualifier_value` its value. Made by `parse` or `Identifier.of`,
    which check it; two spellings of one identity give equal identifiers.
    """

    ai: str
    value: str
    qualifier: str = ""
    qualifier_value: str = ""

    @classmethod
    def of(
        cls, ai: str, value: str, qualifier: str = "", qualifier_value: str = "", *, verify: bool = True
    ) -> Identifier:
        """Return the checked identifier; GTINs of 8, 12 and 13 digits are filled up to 14.

        `verify=False` leaves check digits alone (foreign events are hashed as they are). Raises `Problem`.
        """
        if ai == "01" and len(value) in (8, 12, 13):
            value = value.zfill(14)
        _require_key(ai, value, verify)
        if qualifier:
            kind, longest, name = QUALIFIERS[qualifier]
            require_text(qualifier_value, kind, longest, name)
        if qualifier == "254" and qualifier_value == "0":  # a GLN without extension, in the EPC's spelling
            qualifier = qualifier_value = ""
        if qualifier == "8011" and qualifier_value != "0" and qualifier_value.startswith("0"):
            raise Problem(
                "identifier.leading-zero",
                msg("The serial number of a component must not begin with 0"),
                found=qualifier_value,
            )
        return cls(ai, value, qualifier, qualifier_value)

    def __str__(self) -> str:
        return self.uri

    @property
    def uri(self) -> str:
        """The canonical Digital Link, as CBV 2.0 hashes it: `https://id.gs1.org/01/{gtin14}/21/{serial}`."""
        uri = f"{HOST}/{self.ai}/{quote(self.value, _UNESCAPED)}"
        return f"{uri}/{self.qualifier}/{quote(self.qualifier_value, _UNESCAPED)}" if self.qualifier else uri

    @property
    def element_string(self) -> str:
        r"""The GS1 element string with brackets; a bracket inside a value is written `\(`."""
        text = f"({self.ai})" + self.value.replace("(", r"\(")
        return text + f"({self.qualifier})" + self.qualifier_value.replace("(", r"\(") if self.qualifier else text

    @property
    def name(self) -> str:
        """The acronym of the standards: SGTIN, LGTIN, GTIN, SSCC, SGLN, GLN, GRAI, GIAI, ..."""
        return _NAMES.get(self.ai + self.qualifier, KEYS[self.ai].name)

    @property
    def level(self) -> Literal["class", "lot", "instance"]:
        """What is identified: a kind of thing, a lot of it, or one thing (party, place, shipment)."""
        if self.qualifier:
            return "lot" if self.qualifier == "10" else "instance"
        if self.ai in _CLASS_WITHOUT_TAIL:
            return "instance" if len(self.value) > KEYS[self.ai].checked else "class"
        return "class" if self.ai in ("01", "8006", "8010") else "instance"

    def urn(self, company_prefix_length: int) -> str:
        """Return the EPC URN; how many digits the GS1 company prefix has (6 to 12) is not in the identifier.

        Raises `Problem` where the EPC Tag Data Standard has no URN for it (a lot of ITIPs).
        """
        return urn.write(self.ai, self.value, self.qualifier, self.qualifier_value, company_prefix_length)


def _require_key(ai: str, value: str, verify: bool) -> None:
    key = KEYS.get(ai)
    if key is None:
        raise Problem(
            "identifier.unknown-key",
            msg("This is not one of the GS1 keys that Takeback reads"),
            found=ai,
            expected=", ".join(f"{known.name} ({known.ai})" for known in KEYS.values()),
        )
    front, tail = value[: key.checked], value[key.checked :]
    if key.checked:
        require_text(front, "N", key.checked, key.name, shortest=key.checked)
        if verify:
            require_check_digit(front, key.name)
    require_text(tail, key.tail, key.tail_most, key.name, shortest=key.tail_least)
    _require_form(ai, value, key.name)


def _require_form(ai: str, value: str, name: str) -> None:
    if ai == "8003" and value[0] != "0":
        expected = msg("0 as the first digit")
    elif ai == "8006" and not 0 < int(value[14:16]) <= int(value[16:18]):
        expected = msg("a piece and a number of pieces, such as 0102, at the end")
    elif ai in BEGINS_WITH_PREFIX and not value[:SHORTEST_PREFIX].isdigit():
        expected = msg("a GS1 company prefix (digits) at the beginning")
    else:
        return
    raise Problem("identifier.form", msg("This {name} is not well formed", name=name), found=value, expected=expected)
