"""What a column can become, and what a file can hold: the shape of the table in `subjects`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, Literal

from takeback.core.message import Message
from takeback.core.units import Unit
from takeback.operate.words import Provenance

Kind = Literal[
    "text", "code", "item", "gtin", "gln", "quantity", "ratio", "money", "moment", "degrees", "choice", "reference"
]
Of = Literal["product", "partner", "site"]
Values = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of ours.

    - `kind`: how its text is read; see `values.READERS`.
    - `unit`: of a quantity that names none; `kept`: the unit whose whole numbers are stored.
    - `synonyms`: other headers, in any language; spaces, case and punctuation do not matter.
    - `choices`: the code of each choice and how people write it.
    - `of`: what a reference points to, by code, or by GTIN or GLN.
    - `head`: it belongs to the order, so that all rows of an order must agree.
    """

    name: str
    label: Message
    kind: Kind
    required: bool = False
    hint: Message | None = None
    unit: Unit | None = None
    kept: Unit | None = None
    synonyms: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    of: Of | None = None
    head: bool = False
    positive: bool = True
    past: bool = False
    longest: int = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """A value that no two rows may share: of which field, as it is compared, and as people know it.

    `key` is the item's where it is an item.
    """

    field: str
    value: str
    shown: str
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """A row as it will be entered.

    - `group`: the number of the order, or the code of the thing, that the row belongs to.
    - `head`: what all rows of the group share; `body`: what is the row's own. Both of JSON's kinds.
    """

    group: str
    head: Values
    body: Values
    marks: tuple[Mark, ...] = ()
    known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What holds for a whole import: the organisation's habits, the moment, and what the person chose.

    `site` stands in where a row names none; `provenance` is that of everything the file says. `notes` collects, by a
    key of its own, each thing that had to be assumed: it is said in the report.
    """

    zone: tzinfo
    zone_name: str
    currency: str
    country: str
    company_prefix: str | None
    now: datetime
    provenance: Provenance = "real"
    site: Any = None
    notes: dict[str, Message] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a file can hold.

    - `enter`: makes of the values of a row (None where the file says nothing) what will be entered. It raises
      `Problem` with `where` = a field's name.
    - `order_kind`: the kind of orders that the rows make; None for master data.
    - `exists`: the fields whose values must be new; see `stage.EXISTING`.
    - `table`: the master data that is entered or, where the code is known, corrected; None for orders.
    """

    name: str
    label: Message
    detail: Message
    fields: tuple[Field, ...]
    enter: Callable[[Values, Setting], Entered]
    table: Of | None = None
    order_kind: Literal["return", "collection"] | None = None
    exists: tuple[str, ...] = ()

    def field(self, name: str) -> Field:
        """Return the field of that name; `KeyError` where there is none."""
        for each in self.fields:
            if each.name == name:
                return each
        raise KeyError(name)

    @property
    def required(self) -> tuple[Field, ...]:
        """The fields without which there is nothing to enter."""
        return tuple(each for each in self.fields if each.required)
