"""Single rows that are wrong: each error names file, row, column, what was found and what is expected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from takeback.operate.imports import as_problem
from tests.support.desk import Desk

Write = Callable[..., Path]
GOOD = {
    "order": "R-1",
    "product": "LAMP",
    "serial": "A1",
    "mass": "0.4",
    "value": "199.00",
    "ordered_at": "2026-11-20T10:00:00+08:00",
    "site": "WH-1",
    "partner": "D-1",
}
NEW = "one that was not used before"
MOMENT = "year, month, day and time, such as 2026-11-22 10:00, 2026-11-22T10:00:00+08:00"

CASES = [
    ("order", "", "import.missing", "one order may have several rows", None),
    ("order", "1.23457E+18", "import.lost-digits", "all digits",
     "Format the column as text and enter the value again."),
    ("order", "R" * 81, "import.too-long", "at most 80 characters instead of 81", None),
    ("order", "R\x00", "import.control-character", "letters, digits, signs and spaces", None),
    ("product", "LAMPE", "import.unknown-code", "a product that exists, such as KETTLE, LAMP, PACK-50, SHIRT",
     "Correct the code, or enter the product first."),
    ("product", "PACK-50", "import.other-vertical", "returns", None),
    ("site", "WH-9", "import.unknown-code", "a site that exists, such as WH-1, WH-2",
     "Correct the code, or enter the site first."),
    ("partner", "D-9", "import.unknown-code", "a partner that exists, such as D-1, D-2",
     "Correct the code, or enter the partner first."),
    ("serial", "(01)06901234000017(21)1", "identifier.check-digit", "6 at the end instead of 7",
     "Compare the number with the label: a digit may be mistyped, or two exchanged."),
    ("serial", "(01)06901234000023(21)1", "import.other-product", "06901234000016", None),
    ("serial", "(414)6901234000016", "import.not-a-thing",
     "an SGTIN, SSCC, GRAI or GIAI, or a battery code", None),
    ("serial", "中文", "identifier.characters",
     "letters, digits and ! \" % & ' ( ) * + , - . / : ; < = > ? _ (GS1 character set 82)", None),
    ("mass", "-2.4", "import.negative", "at least 1 g", None),
    ("mass", "0", "import.zero", "at least 1 g", None),
    ("mass", "12 kWh", "quantity.wrong-dimension", "a quantity in kg or a like unit", None),
    ("mass", "2 lbs", "quantity.unknown-unit", "g, kg, t", None),
    ("mass", "1,234", "number.ambiguous", "1234 or 1.234",
     "Write it with a decimal point and without separators between thousands."),
    ("mass", "heavy", "quantity.unknown-unit", "g, kg, t", None),
    ("mass", "400", "import.implausible-mass", "about 0.4 kg, as LAMP weighs",
     "Is the unit right? It is taken from the value, else from the header, else it is kilograms."),
    ("value", "12,4O", "money.no-currency", "three letters of ISO 4217, such as CNY", None),
    ("value", "-5", "import.negative", "at least 0.01\xa0CNY", None),
    ("value", "12.345", "money.too-precise", "at most 2 decimals", None),
    ("value", "10 EUR", "import.other-currency", "CNY", "Convert it first, with the rate and its date."),
    ("ordered_at", "2027-01-01", "import.future", "a moment up to now, 2026-11-22 16:00+08:00",
     "Are day and month in the right order, and the year right?"),
    ("ordered_at", "11/12/2026", "import.bad-date", MOMENT,
     "Day and month can be read in two ways; put the year first."),
    ("ordered_at", "2026-02-30", "import.bad-date", "a date and a time that exist", None),
    ("ordered_at", "yesterday", "import.bad-date", MOMENT, None),
    ("ordered_at", "1900-01-01", "import.too-old", "a date of the year 2000 or later", None),
]  # fmt: skip


def _table(*rows: dict[str, str]) -> str:
    lines = [",".join(GOOD)]
    lines += [",".join(f'"{row[name]}"' for name in GOOD) for row in rows]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(("column", "found", "kind", "expected", "remedy"), CASES)
def test_a_bad_value(
    counter: Desk, write: Write, column: str, found: str, kind: str, expected: str, remedy: str | None
) -> None:
    """One wrong value in the second of three rows is exactly one error, at its place; the other rows are good."""
    rows = [{**GOOD, "order": f"R-{n}", "serial": f"A{n}"} for n in range(3)]
    rows[1][column] = found
    report = counter.examine(write(_table(*rows)))
    (error,) = report.errors
    assert (error.row, error.column, error.kind, error.found) == (3, column, kind, found[:120].strip("\n"))
    assert (str(error.expected), error.remedy and str(error.remedy)) == (expected, remedy)
    assert (report.rows, report.good, report.error_count) == (3, 2, 1)


def test_a_report_can_be_read_as_text(counter: Desk, write: Write) -> None:
    """The problem of a file with errors says file, row, column, found, expected and remedy in words."""
    path = write(_table(GOOD, {**GOOD, "order": "R-2", "serial": "A2", "site": "WH-9"}))
    assert as_problem(counter.examine(path), "file.csv").as_text() == (
        "Nothing was written: 1 of 2 rows cannot be entered.\n"
        "  Where: file.csv\n"
        "  Correct them, or enter only the good rows.\n"
        "  - There is no site of this code.\n"
        "      Where: row 3, column site\n"
        "      Found: WH-9\n"
        "      Expected: a site that exists, such as WH-1, WH-2\n"
        "      Correct the code, or enter the site first."
    )


def test_units_are_read_from_header_and_value(counter: Desk, write: Write) -> None:
    """Grams, kilograms, tonnes: in the header, at its end, in the value; without any, kilograms are taken and said."""
    for header, value in (
        ("mass (g)", "400"), ("重量（克）", "400"), ("mass_g", "400"), ("weight [kg]", "0.4"), ("毛重kg", "0,4"),
        ("mass (t)", "400 g"), ("mass", "0.4 公斤"), ("质量（必填）", "0.4"),
    ):  # fmt: skip
        report = counter.examine(write(f"order;product;site;{header}\nR-1;LAMP;WH-1;{value}\n"))
        assert report.error_count == 0, (header, [str(error) for error in report.errors])
        assert report.preview[0][3] == "0.4\N{NO-BREAK SPACE}kg", header
        assumed = f"{header}: no unit is given; kg is assumed." in map(str, report.notes)
        assert assumed == (header == "质量（必填）"), header


def test_a_missing_zone_is_the_organisations_and_said(counter: Desk, write: Write) -> None:
    """A time without zone is taken in the organisation's, and the report says so; a zone in header or value counts."""
    for header, value, shown, said in (
        ("ordered_at", "2026-11-20 10:00", "2026-11-20 10:00+08:00", True),
        ("下单时间", "2026年11月20日 10时5分", "2026-11-20 10:05+08:00", True),
        ("ordered_at", "20.11.2026", "2026-11-20 00:00+08:00", True),
        ("ordered_at", "20261120", "2026-11-20 00:00+08:00", True),
        ("ordered_at (UTC)", "2026-11-20 10:00", "2026-11-20 10:00+00:00", False),
        ("ordered_at (Europe/Berlin)", "2026-07-20 10:00", "2026-07-20 10:00+02:00", False),
        ("ordered_at", "2026-11-20T10:00:00Z", "2026-11-20 10:00+00:00", False),
        ("ordered_at", "2026/11/20 10:00:30 UTC+5", "2026-11-20 10:00+05:00", False),
    ):
        report = counter.examine(write(f"order,product,site,{header}\nR-1,LAMP,WH-1,{value}\n"))
        assert [str(error) for error in report.errors] == []
        assert report.preview[0][3] == shown
        told = f"{header}: no zone is given; Asia/Shanghai is assumed." in map(str, report.notes)
        assert told == said, (header, value)


def test_formulas_and_errors_of_a_workbook(counter: Desk, tmp_path: Path) -> None:
    """A formula, an error, a date made of a code and a number that lost its digits are told, never imported."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["order", "product", "serial", "mass", "site", "note"])
    sheet.append(["R-1", "LAMP", "A1", 0.4, "WH-1", "=1+1"])
    sheet.append(["R-2", "LAMP", "A2", "=0.2+0.2", "WH-1", ""])
    sheet.append(["R-3", "LAMP", "#N/A", 0.4, "WH-1", ""])
    sheet.append([datetime(2026, 3, 4), "LAMP", "A4", 0.4, "WH-1", ""])
    sheet.append(["R-5", "LAMP", 12345678901234567890, 0.4, "WH-1", ""])
    path = tmp_path / "book.xlsx"
    book.save(path)
    report = counter.examine(path)
    told = [(e.row, e.column, e.kind, e.found, str(e.expected)) for e in report.errors]
    assert told == [
        (3, "mass", "import.formula", "=0.2+0.2", "a value"),
        (4, "serial", "import.error-cell", "#N/A", "a value"),
        (5, "order", "import.became-a-date", "2026-03-04 00:00:00", "the value as it was"),
        (6, "serial", "import.lost-digits", "1.234567890123457e+19", "all digits"),
    ]
    assert report.good == 1


def test_rows_of_another_length(counter: Desk, write: Write) -> None:
    """A row with more or fewer values than the header is told with both numbers; the others are read."""
    report = counter.examine(write("order,product,site\nR-1,LAMP,WH-1\nR-2,LA,MP,WH-1\nR-3,LAMP\nR-4,LAMP,WH-1,,\n"))
    told = [(e.row, e.column, e.kind, e.found, str(e.expected)) for e in report.errors]
    assert told == [
        (3, "", "import.row-length", "4 values", "3 values"),
        (4, "", "import.row-length", "2 values", "3 values"),
    ]
    assert report.good == 2


def test_values_of_objects(counter: Desk, write: Write) -> None:
    """What is no object, and a member that is no single value, is told with its object and, in a list, its place."""
    path = write(
        '[{"order": "R-1", "site": "WH-1", "items": [{"product": "LAMP", "mass": -1}, {"product": ["LAMP"]}]}, 7]',
        "f.json",
    )
    told = [(e.row, e.column, e.kind, e.found) for e in counter.examine(path).errors]
    assert told == [
        (1, "items[1].mass", "import.negative", "-1"),
        (1, "items[2].product", "import.no-value", '["LAMP"]'),
        (2, "", "import.no-object", "7"),
    ]


def test_errors_of_one_kind_are_counted_by_their_sentences(counter: Desk, write: Write) -> None:
    """Three rows without an order and one without a product are two lines of the report, not four of the first one."""
    report = counter.examine(
        write("order,product,serial,site\n,LAMP,A1,WH-1\n,LAMP,A2,WH-1\n,LAMP,A3,WH-1\nR-1,,A4,WH-1\n")
    )
    told = {str(kind.title): (kind.kind, kind.count) for kind in report.by_kind}
    assert sum(count for _, count in told.values()) == report.error_count == 4
    assert len(told) == 2
    assert {count for _, count in told.values()} == {3, 1}
    assert {kind for kind, _ in told.values()} == {"import.missing"}


def test_the_first_thousand_errors_are_kept_and_all_counted(counter: Desk, write: Write) -> None:
    """2,500 rows with two errors each: 5,000 counted, 1,000 kept, those of the first rows."""
    lines = "".join(f"R-{n},LAMP,A{n},-1,WH-9\n" for n in range(2500))
    report = counter.examine(write("order,product,serial,mass,site\n" + lines))
    assert (report.error_count, report.rows, report.good) == (5000, 2500, 0)
    assert [error.row for error in report.errors] == [n for row in range(2, 502) for n in (row, row)]
    assert {(kind.kind, kind.count) for kind in report.by_kind} == {
        ("import.negative", 2500),
        ("import.unknown-code", 2500),
    }
