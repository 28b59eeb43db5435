"""The table of our words, as terms.toml has it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final, Literal, get_args

import msgspec

from takeback.prove.epcis.vocabulary import Kind as CbvKind
from takeback.prove.personal import NAMESPACE

PREFIX: Final = "takeback"
TermKind = Literal["step", "disposition", "transaction", "measurement", "field"]
KINDS: tuple[TermKind, ...] = get_args(TermKind)
STARTS: Final[dict[TermKind, str]] = {
    "step": "BizStep-",
    "disposition": "Disp-",
    "transaction": "BTT-",
    "measurement": "MT-",
    "field": "",
}
"""How the local name of a term begins, as in the URIs of the CBV."""
CBV_KIND: Final[dict[str, CbvKind]] = {
    "step": "bizStep",
    "disposition": "disposition",
    "transaction": "bizTransaction",
    "measurement": "measurement",
}


class Alternative(msgspec.Struct, frozen=True, rename={"is_": "is"}):
    """One way to meet a need: a node below `at` that has all of `has`, and whose `is_` have one of these values.

    Names are fields of EPCIS's JSON or `takeback:...`; steps of a path are parted by dots.
    """

    at: str = ""
    has: tuple[str, ...] = ()
    is_: dict[str, tuple[str, ...]] = {}


class Need(msgspec.Struct, frozen=True):
    """What an event must carry, met by any of its alternatives; `types` are the event types where it is one of them."""

    en: str
    zh: str
    any: tuple[Alternative, ...]
    types: tuple[str, ...] = ()


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """A word: names and definitions in two languages, the next broader word of the CBV, and where it comes from."""

    en: str
    zh: str
    says: str
    says_zh: str
    broader: str = ""
    source: str = ""
    events: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    link: bool = False
    json: bool = False


class Table(msgspec.Struct, frozen=True):
    """The whole table, by kind and name."""

    version: str
    changed: date
    step: dict[str, Term]
    disposition: dict[str, Term]
    transaction: dict[str, Term]
    measurement: dict[str, Term]
    field: dict[str, Term]
    need: dict[str, Need]

    def of(self, kind: TermKind) -> dict[str, Term]:
        """Return the terms of a kind by name."""
        terms: dict[str, Term] = getattr(self, kind)
        return terms

    def __iter__(self) -> Iterator[tuple[TermKind, str, Term]]:
        """Yield (kind, name, term) of every term, in the order of the table."""
        for kind in KINDS:
            for name, term in self.of(kind).items():
                yield kind, name, term


@cache
def table() -> Table:
    """Return the table of terms.toml."""
    text = files(__package__).joinpath("terms.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Table)


def local(kind: TermKind, name: str) -> str:
    """Return the local name of a term: `BizStep-grading`."""
    return STARTS[kind] + name


def term_uri(kind: TermKind, name: str) -> str:
    """Return the URI of a term: `https://takeback.example/epcis/BizStep-grading`."""
    return NAMESPACE + local(kind, name)
