"""The import: a wide CSV and a workbook, surveyed, examined and written on a server of its own.

    python -m bench.imports [--quick] [--seed N]

The CSV has `file_mb` in `rows` (200 MB in 100,000; quick: 20 MB in 10,000), most of it a column that is left out, so
that reading is measured, too. Rows per second of the dry run and of the import (orders through the real command, one
transaction, production durability); `peak_mb` of this process, which reads and writes. `cold_s`: imports, server start
and migrations, outside the clock.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import openpyxl

from bench.line import print_line

if TYPE_CHECKING:
    from takeback.operate.identity import Actor

ROWS, QUICK = 100_000, 10_000
NOTE = 1950  # characters of the column that is left out
LIMIT = 10**9


def main() -> None:
    """Run the bench and print its line."""
    parser = argparse.ArgumentParser(prog="bench.imports")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    started = time.perf_counter()
    parent = Path(tempfile.mkdtemp(prefix="takeback-bench-"))
    parent.chmod(0o711)
    os.environ["TAKEBACK_HOME"] = str(parent / "home")
    try:
        figures = _measured(parent, QUICK if given.quick else ROWS, started)
        left_out = "nine tenths of the rows" if given.quick else None
        print_line("imports", seed=given.seed, quick=given.quick, figures={**figures, "left_out": left_out})
    finally:
        from takeback.store import embedded

        embedded.destroy(parent / "home")
        shutil.rmtree(parent, ignore_errors=True)


def _measured(parent: Path, rows: int, started: float) -> dict[str, object]:
    from takeback import store
    from takeback.operate.imports import Options, examine, run, survey
    from takeback.store import migrate
    from takeback.store.settings import Settings

    with Settings.from_environment().held() as urls:
        migrate.upgrade(urls.owner)
        store.open_database(urls.application, urls.owner)
        actor, options = _furnished(), Options(subject="returns", site="WH-1")
        cold_s = time.perf_counter() - started
        book, table = _workbook(parent / "table.xlsx", rows), _csv(parent / "table.csv", rows)
        clock = [time.perf_counter()]
        known = survey(table, limit=LIMIT)
        clock.append(time.perf_counter())
        report = examine(actor, table, known, options)
        clock.append(time.perf_counter())
        outcome = run(actor, table, known, options)
        clock.append(time.perf_counter())
        read = examine(actor, book, survey(book, limit=LIMIT), options)
        clock.append(time.perf_counter())
        store.close()
    spent = [after - before for before, after in pairwise(clock)]
    return {
        "rows": rows,
        "file_mb": round(table.stat().st_size / 1e6, 1),
        "survey_s": round(spent[0], 2),
        "examine_rows_per_s": round(report.rows / spent[1]),
        "import_rows_per_s": round(outcome.written / spent[2]),
        "xlsx_rows_per_s": round(read.rows / spent[3]),
        "peak_mb": _peak_mb(),
        "cold_s": round(cold_s, 2),
    }


def _furnished() -> Actor:
    """Make an organisation with a site and a product; return who acts for it."""
    from takeback import store
    from takeback.core.ids import uuid7
    from takeback.operate import identity, master

    org = uuid4()
    with store.admin() as connection:
        owner = identity.create_user(
            connection, email="bench@bench.example", display_name="Bench", password="a bench needs no secrets"
        ).id
    about = identity.OrganisationFields(
        slug="bench", kind="enterprise", name="Bench", name_zh="台", company_prefix="6901234"
    )
    product = master.Product(
        id=uuid7(), code="LAMP", gtin="06901234000016", name="lamp", name_zh="台灯", vertical="returns", level="unit",
        category="home", mass_g=400, value_minor=19_900, currency="CNY", decay_per_day=0.01, provenance={},
    )  # fmt: skip
    site = master.Site(id=uuid7(), code="WH-1", name="Hall", name_zh="仓", kind="warehouse")
    actor = identity.system_actor(org)
    with store.transaction(org) as connection:
        identity.create_organisation(connection, org, about, owner_id=owner)
        master.register(connection, actor, [site, product])
    return actor


def _csv(path: Path, rows: int) -> Path:
    note = "x" * NOTE
    with path.open("w") as file:
        file.write("order,product,serial,mass (kg),date,note\n")
        for n in range(rows):
            file.write(f"R-{n},LAMP,S{n},0.4{n % 10},2026-10-{1 + n % 28:02d}T10:00:00+08:00,{note}\n")
    return path


def _workbook(path: Path, rows: int) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["order", "product", "serial", "mass (kg)", "date"])
    for n in range(rows):
        sheet.append([f"X-{n}", "LAMP", f"X{n}", 0.4, "2026-10-01T10:00:00+08:00"])
    book.save(path)
    return path


def _peak_mb() -> float | None:
    """Return the greatest memory of this process, None where the system does not tell."""
    status = Path("/proc/self/status")
    return round(int(status.read_text().split("VmHWM:")[1].split()[0]) / 1000, 1) if status.exists() else None


if __name__ == "__main__":
    main()
