"""Memory does not grow with the file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.support.desk import Desk
from tests.support.people import People
from tests.support.workbooks import with_shared_texts

SMALL, LARGE = 1200, 4000  # rows; both are more than are held at a time
NOTE = 6400  # characters of a column that is left out
GROWTH_MB = 12  # the larger file alone is 18 MB more, and as Python objects several times as much

MEASURED = """
import json, sys
from pathlib import Path
from uuid import UUID
from takeback import store
from takeback.operate import imports
from takeback.operate.identity import system_actor

url, org, way, *paths = sys.argv[1:]
store.open_database(url, url)
actor, options = system_actor(UUID(org)), imports.Options(subject="returns", site="WH-1")
peaks = []
for path in map(Path, paths):
    known = imports.survey(path, limit=10**9)
    if way == "run":
        assert imports.run(actor, path, known, options).imported
    else:
        assert imports.examine(actor, path, known, options).bad == 0
    status = Path("/proc/self/status").read_text()  # ru_maxrss would begin with that of the process we were made by
    peaks.append(int(status.split("VmHWM:")[1].split()[0]) / 1000)
print(json.dumps(peaks))
"""


def _peaks(people: People, way: str, *paths: Path) -> list[float]:
    """Return the greatest memory (MB) that one process had after each of the files."""
    if not Path("/proc/self/status").exists():
        pytest.skip("the greatest memory of a process is read from /proc, which is not here")
    command = [sys.executable, "-c", MEASURED, people.database.application_url, str(people.alice.org_id), way]
    done = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True, check=True)
    peaks: list[float] = json.loads(done.stdout)
    return peaks


def _csv(path: Path, rows: int) -> Path:
    with path.open("w") as file:
        file.write("order,product,serial,mass,note\n")
        for n in range(rows):
            file.write(f"{path.stem}-{n},LAMP,{path.stem}-{n},0.4,{n:0{NOTE}d}\n")
    return path


def _json(path: Path, rows: int) -> Path:
    with path.open("w") as file:
        file.write("[")
        for n in range(rows):
            line = {"order": f"J{n}", "product": "LAMP", "serial": f"J{n}", "note": f"{n:0{NOTE}d}"}
            file.write(("," if n else "") + json.dumps(line))
        file.write("]")
    return path


def _excel(path: Path, rows: int) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["order", "product", "serial", "note"])
    for n in range(rows):
        sheet.append([f"X{n}", "LAMP", f"X{n}", f"{n:0{NOTE}d}"])
    book.save(path)
    return with_shared_texts(path)


def test_writing_a_large_file(desk: Desk, people: People) -> None:
    """An import of 26 MB takes hardly more memory than one of 8 MB, and both stay below 300 MB."""
    small, large = _peaks(people, "run", _csv(desk.folder / "s.csv", SMALL), _csv(desk.folder / "l.csv", LARGE))
    assert large - small < GROWTH_MB
    assert large < 300


@pytest.mark.parametrize("form", ["json", "xlsx"])
def test_reading_large_files_of_other_formats(desk: Desk, people: People, form: str) -> None:
    """One array of 4,000 objects, and a workbook whose shared texts are 26 MB, are read within the same bounds."""
    make = {"json": _json, "xlsx": _excel}[form]
    paths = [make(desk.folder / f"{rows}.{form}", rows) for rows in (SMALL, LARGE)]
    small, large = _peaks(people, "examine", *paths)
    assert large - small < GROWTH_MB
    assert large < 300
