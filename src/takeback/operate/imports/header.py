"""Which column becomes which field: by the words of the header, or as somebody says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import msgspec

from takeback.core.currencies import CURRENCIES
from takeback.core.message import Message, msg
from takeback.core.problem import Problem
from takeback.core.units import UNITS, Unit
from takeback.operate.imports.fields import Field, Subject
from takeback.operate.imports.moments import zone_of
from takeback.operate.imports.values import Column, normal

CLOSE = 0.84  # how alike two words must be for a guess, 0 to 1
NEAR = 0.5  # and how alike to be worth naming
_BRACKETS = re.compile(r"(.*?)\s*[(\[]([^()\[\]]*)[)\]]\s*(.*)", re.S)
_SIGNS = {"元": "CNY", "人民币": "CNY", "rmb": "CNY", "¥": None, "€": "EUR", "£": "GBP"}
_GRIDS = {
    "wgs84": "wgs84", "gps": "wgs84", "gcj02": "gcj02", "高德": "gcj02", "腾讯": "gcj02", "火星": "gcj02",
    "amap": "gcj02", "bd09": "bd09", "百度": "bd09", "baidu": "bd09",
}  # fmt: skip
_REMARKS = {"required", "optional", "必填", "选填", "可选", "可空"}
_DEGREES = {"", "deg", "degrees", "度", "°"}


class Guess(msgspec.Struct, frozen=True, kw_only=True):
    """What a column may become; `sure`: its header says so, word for word."""

    field: str
    sure: bool


def guessed(columns: Sequence[str], subject: Subject) -> dict[str, Guess]:
    """Return the field of each column whose header is known, or nearly; of two columns for one field the first."""
    words = {normal(word): field.name for field in subject.fields for word in (field.name, *field.synonyms)}
    found: dict[str, Guess] = {}
    taken: set[str] = set()
    for column in columns:
        name = next((words[word] for word in _spellings(column, subject) if word in words), None)
        if name is not None and name not in taken and column not in found:
            found[column] = Guess(field=name, sure=True)
            taken.add(name)
    for column in columns:
        left = [word for word, name in words.items() if name not in taken]
        near = get_close_matches(normal(_bare(column)[0]), left, n=1, cutoff=CLOSE)
        if column not in found and near:
            found[column] = Guess(field=words[near[0]], sure=False)
            taken.add(words[near[0]])
    return found


def columns_of(
    columns: Sequence[str], subject: Subject, mapping: Mapping[str, str] | None, *, name: str
) -> list[Column]:
    """Return the columns that are read; `mapping` from headers to fields, None: as guessed.

    Raises
    ------
    Problem
        `import.bad-header` with an error for each thing that does not fit: a required field without a column, a
        column or field that is not there, two columns of one name or for one field; `import.bad-unit`.
    """
    if mapping is None:
        mapping = {column: guess.field for column, guess in guessed(columns, subject).items()}
    chosen = {column: field for column, field in mapping.items() if field}
    errors = [*_unknown(chosen, columns, subject), *_doubles(chosen, columns), *_missing(chosen, columns, subject)]
    if errors:
        raise Problem(
            "import.bad-header",
            msg("The columns of the file are not those of {subject}.", subject=subject.label),
            where=name,
            found=", ".join(columns),
            expected=", ".join(field.name for field in subject.required),
            remedy=msg("Rename the columns, or say which column is which field."),
            errors=errors,
        )
    return [_column(columns.index(header), header, subject.field(field), name) for header, field in chosen.items()]


def _unknown(mapping: Mapping[str, str], columns: Sequence[str], subject: Subject) -> list[Problem]:
    names = [field.name for field in subject.fields]
    errors = [
        _no_such("import.no-column", msg("The file has no such column."), header, columns)
        for header in mapping
        if header not in columns
    ]
    return errors + [
        _no_such("import.no-field", msg("There is no such field."), field, names)
        for field in mapping.values()
        if field not in names
    ]


def _doubles(mapping: Mapping[str, str], columns: Sequence[str]) -> list[Problem]:
    errors = [
        Problem("import.same-header", msg("Two columns have the same name."), found=header, expected=msg("one of them"))
        for header in mapping
        if columns.count(header) > 1
    ]
    fields = list(mapping.values())
    return errors + [
        Problem(
            "import.same-field",
            msg("Two columns cannot become the same field."),
            found=", ".join(header for header, each in mapping.items() if each == field),
            expected=msg("one column for {field}", field=field),
        )
        for field in dict.fromkeys(fields)
        if fields.count(field) > 1
    ]


def _missing(mapping: Mapping[str, str], columns: Sequence[str], subject: Subject) -> list[Problem]:
    errors = []
    for field in subject.required:
        if field.name in mapping.values():
            continue
        free = {normal(_bare(column)[0]): column for column in columns if column not in mapping}
        words = [normal(word) for word in (field.name, *field.synonyms)]
        near = [free[word] for one in words for word in get_close_matches(one, free, n=1, cutoff=NEAR)]
        errors.append(
            Problem(
                "import.missing-column",
                msg("No column for: {field}", field=field.label),
                found=near[0] if near else None,
                expected=", ".join((field.name, *field.synonyms)),
                remedy=msg("Is it the column {column}?", column=near[0]) if near else None,
            )
        )
    return errors


def _no_such(kind: str, title: Message, word: str, words: Sequence[str]) -> Problem:
    near = get_close_matches(word, words, n=3, cutoff=NEAR)
    return Problem(kind, title, found=word, expected=", ".join(near or words))


def _bare(header: str) -> tuple[str, str]:
    """Return a header without its brackets, and what stands in them."""
    plain = unicodedata.normalize("NFKC", header)
    match = _BRACKETS.fullmatch(plain)
    if match is None:
        return plain, ""
    return f"{match[1]} {match[3]}", match[2].strip()


def _spellings(header: str, subject: Subject) -> list[str]:
    """Return the words a header may stand for: as it is, without its brackets, without a unit at its end; of a member
    of nested objects also its last name."""
    bare = normal(_bare(header)[0])
    words = [normal(header), bare]
    if (last := header.rpartition(".")[2]) not in {"", header}:
        words += _spellings(last, subject)
    for field in subject.fields:
        if (unit := _unit_at_end(header, field)) is not None:
            words.append(bare.removesuffix(unit))
    return words


def _unit_at_end(header: str, field: Field) -> str | None:
    """Return the unit with which `mass_kg` or `重量kg` ends, as compared."""
    bare = normal(_bare(header.rpartition(".")[2] or header)[0])
    words = {normal(word) for word in (field.name, *field.synonyms)}
    return next((unit for unit in _units_of(field) if bare.removesuffix(unit) in words and bare.endswith(unit)), None)


def _units_of(field: Field) -> dict[str, Any]:
    if field.kind == "money":
        return {code.lower(): code for code in CURRENCIES} | {"rmb": "CNY", "元": "CNY"}
    if field.unit is None:
        return {}
    return {
        normal(word): unit for word, unit in UNITS.items() if normal(word) and unit.dimension == field.unit.dimension
    }


def _column(index: int, header: str, field: Field, name: str) -> Column:
    said = _bare(header)[1]
    if normal(said) in _REMARKS:
        said = ""
    match field.kind:
        case "quantity" | "ratio":
            return Column(index, header, field, unit=_unit(said, header, field, name))
        case "money":
            return Column(index, header, field, currency=_currency(said, header, field, name))
        case "moment":
            return Column(index, header, field, zone=zone_of(said))
        case "degrees":
            return Column(index, header, field, grid=_grid(said, header, name))
        case _:
            return Column(index, header, field)


def _unit(said: str, header: str, field: Field, name: str) -> Unit | None:
    like = field.unit or Unit.RATIO
    if not said:
        at_end = _unit_at_end(header, field)
        return _units_of(field)[at_end] if at_end else None
    unit = UNITS.get("".join(said.split()))
    if unit is None or unit.dimension != like.dimension:
        codes = [each.code for each in Unit if each.dimension == like.dimension]
        raise _bad_unit(header, said, ", ".join(codes), f"{field.name} ({like.code})", name)
    return unit


def _currency(said: str, header: str, field: Field, name: str) -> str | None:
    if not said:
        at_end = _unit_at_end(header, field)
        return _units_of(field)[at_end] if at_end else None
    if said.upper() in CURRENCIES:
        return said.upper()
    if said.lower() in _SIGNS:
        return _SIGNS[said.lower()]
    raise _bad_unit(header, said, "CNY, EUR, USD, …", f"{field.name} (CNY)", name)


def _grid(said: str, header: str, name: str) -> str | None:
    if said.strip(" °") in _DEGREES:
        return None
    for word, grid in _GRIDS.items():
        if word in normal(said):
            return grid
    raise _bad_unit(header, said, "WGS84, GCJ-02, BD-09", "lat (WGS84)", name)


def _bad_unit(header: str, found: str, expected: str, example: str, name: str) -> Problem:
    return Problem(
        "import.bad-unit",
        msg("The unit of a column is not one that its values can have."),
        where=f"{name}, {header}",
        found=found,
        expected=expected,
        remedy=msg("Name the column, for example: {example}", example=example),
    )
