"""Importing: all or nothing, or the good rows; the same file once; every row a fact of the ledger."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.operate import projection
from takeback.operate.imports import SUBJECTS, Options, run, running, survey, writing
from takeback.operate.imports.fields import Entered, Setting, Values
from takeback.prove.checkpoint import LogKey
from takeback.prove.sequencer import sequence_all
from takeback.prove.verify import verify_log, verify_party
from tests.support.desk import LIMIT, NOW, Desk
from tests.support.people import People

Write = Callable[..., Path]
HEAD = "order,product,serial,mass,ordered_at,site\n"
AT = "2026-11-20T10:00:00+08:00"
MIXED = HEAD + (
    f"R-1,LAMP,A1,0.41,{AT},WH-1\nR-2,LAMP,A2,-1,{AT},WH-1\nR-2,KETTLE,A3,1.2,{AT},WH-1\nR-3,LAMP,A4,0.40,{AT},WH-2\n"
)
EVERYTHING = ("entry", "entry_item", "takeback_order", "item", "statement", "import_run", "stage_total")


def _state(desk: Desk) -> dict[str, int]:
    return {table: desk.count(table) for table in EVERYTHING}


def test_a_dry_run_changes_nothing(desk: Desk, write: Write) -> None:
    """After a dry run, good or bad, every table is as before."""
    before = _state(desk)
    desk.examine(write(MIXED))
    assert _state(desk) == before


def test_all_or_nothing(desk: Desk, write: Write) -> None:
    """One bad row of four: nothing is written, and the report says why."""
    before = _state(desk)
    outcome = desk.run(write(MIXED))
    assert (outcome.imported, outcome.written) == (False, 0)
    assert [(error.row, error.kind) for error in outcome.report.errors] == [(3, "import.negative")]
    assert _state(desk) == before


def test_the_good_rows_are_whole_orders(desk: Desk, write: Write) -> None:
    """The good rows are written; of an order with a bad row nothing is, as half an order could not be completed."""
    outcome = desk.run(write(MIXED), which="good")
    report = outcome.report
    assert (outcome.imported, outcome.written, report.rows, report.good, report.companions) == (True, 2, 4, 2, 1)
    assert desk.rows("select number from takeback_order order by 1") == [("R-1",), ("R-3",)]
    note = "1 rows without errors are left out, because another row of their order has one."
    assert note in map(str, report.notes)
    (row,) = desk.rows("select state, which, rows, accepted, refused, written, encode(sha256, 'hex') from import_run")
    assert row[:6] == ("imported", "good", 4, 2, 2, 2)
    assert row[6] == survey(write(MIXED), limit=LIMIT).sha256


def test_what_is_written_is_a_fact(desk: Desk, write: Write, people: People, tmp_path: Path) -> None:
    """Each order is one entry of the ledger, verified from its leaves, and the projections rebuild to the same."""
    desk.run(write(MIXED), which="good")
    items = "select code, epc, mass_g, value_minor, size, stage, site_id, provenance from item order by code"
    before = desk.rows(items)
    key = LogKey.kept_in(tmp_path)
    sequence_all(key)
    with store.transaction(people.alice.org_id) as connection:
        result = verify_log(connection, key.origin, key.public)
        verify_party(connection, people.alice.org_id, result)
    assert result.findings == []
    with store.transaction(people.alice.org_id) as connection:
        projection.rebuild(connection, people.alice.org_id)
    assert desk.rows(items) == before
    assert desk.rows("select kind, actor, count(*) from entry where kind = 'takeback:Ordered' group by 1, 2") == [
        ("takeback:Ordered", f"user:{people.alice.id}", 2)
    ]


def test_the_same_bytes_are_imported_once(desk: Desk, write: Write) -> None:
    """The same bytes under any name are refused kindly; as another subject, or changed by a line, they are new."""
    desk.run(write(MIXED), which="good")
    state = _state(desk)
    with pytest.raises(Problem) as refused:
        desk.run(write(MIXED, "other.csv"), which="good")
    assert (refused.value.kind, refused.value.status) == ("import.already-imported", 409)
    assert str(refused.value.found).startswith("2 of 4 rows, on ")
    assert _state(desk) == state
    places = "code,name,kind\nX-1,Xuhui,dealer\n"
    assert desk.run(write(places), "partners").imported
    assert desk.run(write(places), "sites").imported
    assert desk.run(write(places + "X-2,Pudong,dealer\n"), "partners").report.corrected == 1


def test_doubles_in_the_file(desk: Desk, write: Write) -> None:
    """A serial that stands twice is told at the later row with the earlier one, in any spelling; so is a code."""
    report = desk.examine(
        write(
            "order,product,serial,site\n"
            "R-1,LAMP,A1,WH-1\n"
            "R-2,LAMP,A1,WH-1\n"
            "R-3,LAMP,(01)06901234000016(21)A1,WH-1\n"
            "R-4,LAMP,https://id.gs1.org/01/06901234000016/21/A9,WH-1\n"
            "R-5,KETTLE,A1,WH-1\n"
        )
    )
    told = [(error.row, error.column, error.kind, error.found, str(error.remedy)) for error in report.errors]
    assert told == [
        (3, "serial", "import.double", "A1", "Row 2 has it, too."),
        (4, "serial", "import.double", "(01)06901234000016(21)A1", "Row 2 has it, too."),
        (6, "serial", "import.double", "A1", "Row 2 has it, too."),
    ]
    assert report.good == 2


def test_what_exists_already(desk: Desk, write: Write) -> None:
    """Serials and order numbers of the organisation are refused, whatever the product; others' do not matter."""
    desk.run(write("order,product,serial,site\nR-1,LAMP,A1,WH-1\nR-1,LAMP,A7,WH-1\n"))
    report = desk.examine(
        write("order,product,serial,site\nR-1,LAMP,B1,WH-1\nR-2,LAMP,A1,WH-1\nR-3,KETTLE,A7,WH-1\nR-4,LAMP,B4,WH-1\n")
    )
    told = [(error.row, error.column, error.kind, error.found) for error in report.errors]
    assert told == [
        (2, "order", "import.order-exists", "R-1"),
        (3, "serial", "import.serial-exists", "A1"),
        (4, "serial", "import.serial-exists", "A7"),
    ]
    assert [error.remedy is not None for error in report.errors] == [False, False, True]


def test_rows_of_an_order_must_agree(desk: Desk, write: Write) -> None:
    """Another site or date in a later row of the same order is told with what the first row says."""
    report = desk.examine(
        write(HEAD + f"R-1,LAMP,A1,0.4,{AT},WH-1\nR-2,LAMP,A2,0.4,{AT},WH-1\nR-1,LAMP,A3,0.4,{AT},WH-2\n")
    )
    (error,) = report.errors
    assert (error.row, error.column, error.kind, error.found) == (4, "site", "import.contradiction", "WH-2")
    assert str(error.expected) == "WH-1, as row 2 of the same order says"
    assert (report.good, report.companions, report.groups) == (1, 1, 1)


def test_an_order_can_be_too_large(desk: Desk, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """An order is one entry of the ledger: beyond a number of items it is refused as a whole, other orders are not."""
    monkeypatch.setattr(
        "takeback.operate.imports.stage._TOO_LARGE",
        "select name, min(row), count(*) from import_stage group by name having count(*) > 3",
    )
    lines = "".join(f"R-1,LAMP,A{n},0.4,{AT},WH-1\n" for n in range(5)) + f"R-2,LAMP,B,0.4,{AT},WH-1\n"
    report = desk.examine(write(HEAD + lines))
    assert [(error.row, error.kind, error.found) for error in report.errors] == [(2, "import.large-order", "R-1")]
    assert report.good == 1


def test_identities(desk: Desk, write: Write) -> None:
    """Full identifiers are kept, plain serials become SGTINs or assets, and what has no serial is told apart."""
    path = write(
        "order,product,serial,site\n"
        "R-1,LAMP,A1,WH-1\n"
        "R-2,SHIRT,S1,WH-1\n"
        "R-3,LAMP,urn:epc:id:sgtin:6901234.000001.77,WH-1\n"
        "R-4,LAMP,(00)106141412345678908,WH-1\n"
        "R-5,KETTLE,,WH-1\n"
        "R-5,LAMP,,WH-1\n"
        "退货单六,LAMP,,WH-1\n"
    ).rename(desk.folder / "ids.csv")
    outcome = desk.run(path)
    found = dict(desk.rows("select epc, code from item"))
    hidden = [epc for epc, code in found.items() if code == "退货单六-1"]
    assert outcome.imported
    assert len(hidden) == 1
    assert hidden[0].startswith("https://id.gs1.org/01/06901234000016/21/")
    assert {epc: code for epc, code in found.items() if epc not in hidden} == {
        "https://id.gs1.org/01/06901234000016/21/A1": "A1",
        "https://id.gs1.org/8004/6901234S1": "S1",
        "https://id.gs1.org/01/06901234000016/21/77": "(01)06901234000016(21)77",
        "https://id.gs1.org/00/106141412345678908": "(00)106141412345678908",
        "https://id.gs1.org/01/06901234000023/21/R-5-1": "R-5-1",
        "https://id.gs1.org/01/06901234000016/21/R-5-2": "R-5-2",
    }


def test_what_the_file_does_not_say_is_declared(desk: Desk, write: Write) -> None:
    """Values of the file bear its provenance; those taken from the catalogue are marked as declared, and it is said."""
    path = write("order,product,serial,mass,site\nR-1,LAMP,A1,0.41,WH-1\nR-2,LAMP,A2,,WH-1\n")
    outcome = desk.run(path, provenance="estimated")
    marks = dict(desk.rows("select code, provenance from item"))
    assert marks == {
        "A1": {"item": "estimated", "mass": "estimated", "value": "declared"},
        "A2": {"item": "estimated", "mass": "declared", "value": "declared"},
    }
    assert desk.rows("select distinct provenance from takeback_order") == [("estimated",)]
    notes = list(map(str, outcome.report.notes))
    assert "Where a row says no mass, that of the product is taken and marked as declared." in notes
    with pytest.raises(Problem, match="provenance"):
        desk.examine(path, provenance="true")


def test_batteries(desk: Desk, write: Write) -> None:
    """Packs come with their codes, windows and energy; what does not fit the product or the window is told."""
    good = "PACK-50,001PB1200000008BM0000001,D-1,320,2026-11-23 08:00,2026-11-24 17:00"
    bad = [
        "PACK-50,001MB1200000008BM0000002,D-1,320,2026-11-23 08:00,2026-11-24 17:00",
        "PACK-50,001PB1200000008BM0000003,D-1,320,2026-11-23 08:00,2026-11-22 17:00",
        "PACK-50,001XB1200000008BM0000003,D-1,320,2026-11-23 08:00,2026-11-24 17:00",
        "LAMP,A1,D-1,0.4,,",
    ]
    head = "回收单号,电池型号,电池编码,网点,重量（公斤）,最早取件时间,最晚取件时间\n"
    lines = "".join(f"C-{n},{line}\n" for n, line in enumerate([good, *bad]))
    path = write(head + lines)
    report = desk.examine(path, "collections", site="WH-1")
    told = [(error.row, error.column, error.kind) for error in report.errors]
    assert told == [
        (3, "电池编码", "import.other-product"),
        (4, "最晚取件时间", "import.window"),
        (5, "电池编码", "battery-code.unreadable"),
        (6, "电池型号", "import.other-vertical"),
    ]
    assert desk.run(path, "collections", which="good", site="WH-1").written == 1
    (item,) = desk.rows("select epc, vertical, level, size, mass_g from item")
    assert item == ("urn:gbt34014:001PB1200000008BM0000001", "batteries", "pack", 50.0, 320_000)
    (window,) = desk.rows(
        "select kind, to_char(window_end at time zone 'Asia/Shanghai', 'MM-DD HH24:MI') from takeback_order"
    )
    assert window == ("collection", "11-24 17:00")


def test_products(desk: Desk, write: Write) -> None:
    """Products are entered, and known codes corrected: what the file has no column for stays as it was."""
    path = write(
        "编码,名称,品类,单价（元）,GTIN,重量,化学体系,额定能量,额定容量,层级,日贬值率\n"
        'LAMP,台灯二代,home,"219.00",6901234000016,420 g,,,,,1 %\n'
        "CELL-3,电芯,cells,35.5,,0.07,NMC,18.5 Wh,5 Ah,电芯,\n"
        "BAD-1,x,home,-3,6901234000017,1,,,,,120 %\n"
        "CELL-4,电芯,cells,35.5,,0.07,NMC,,,cell,\n"
        "NEW,新,home,1,6901234000016,1,,,,,\n"
    )
    report = desk.examine(path, "products")
    told = [(error.row, error.column, error.kind) for error in report.errors]
    assert told == [
        (4, "单价（元）", "import.negative"),
        (4, "GTIN", "identifier.check-digit"),
        (4, "日贬值率", "import.out-of-range"),
        (5, "额定能量", "import.missing"),
        (6, "GTIN", "import.double"),
    ]
    assert (report.good, report.corrected) == (2, 1)
    desk.run(path, "products", which="good")
    found = desk.rows(
        "select code, name, name_zh, value_minor, mass_g, level, decay_per_day, gtin from product order by code"
    )
    assert [row for row in found if row[0] in {"LAMP", "CELL-3"}] == [
        ("CELL-3", "电芯", "电芯", 3550, 70, "cell", 0.0, None),
        ("LAMP", "台灯二代", "台灯", 21_900, 420, "unit", 0.01, "06901234000016"),
    ]
    assert desk.rows(
        "select chemistry, energy_wh, rated_capacity_mah, nominal_voltage_mv from battery_model where chemistry = 'NMC'"
    ) == [("NMC", 18, 5000, 3600)]  # 18.5 Wh are kept as whole watt hours


def test_places(desk: Desk, write: Write) -> None:
    """Partners and sites with their coordinates in any grid; exchanged and impossible ones are told."""
    path = write(
        "编码,名称,类型,GLN,纬度（高德）,经度（高德）\n"
        "P-1,徐汇网点,收集点,6901234000030,31.1943,121.4367\n"
        "P-2,浦东,经销商,,121.5,31.2\n"
        "P-3,乌鲁木齐,经销商,,87.6,43.8\n"
        "P-4,某处,糖果店,,31.2,121.5\n"
        "P-5,某处,经销商,6901234000031,31.2,\n"
        "D-1,青鹭二店,经销商,,31.2,121.5\n"
    )
    report = desk.examine(path, "partners")
    told = [(error.row, error.column, error.kind, error.found) for error in report.errors]
    assert told == [
        (3, "纬度（高德）", "import.exchanged-coordinates", "121.5"),
        (4, "纬度（高德）", "import.exchanged-coordinates", "87.6"),
        (5, "类型", "import.no-choice", "糖果店"),
        (6, "GLN", "identifier.check-digit", "6901234000031"),
    ]
    assert (report.good, report.corrected) == (2, 1)
    assert desk.run(path, "partners", which="good").written == 2
    lat, lon, name, kind = desk.rows("select lat, lon, name, kind from partner where code = 'P-1'")[0]
    assert (round(lat, 4), round(lon, 4)) == (31.1962, 121.4321)
    assert (name, kind) == ("徐汇网点", "collection_point")
    old = desk.rows("select name, name_zh, gln from partner where code = 'D-1'")
    assert old == [("青鹭二店", "青鹭", "6901234000016")]
    sites = write("code,name,kind,lat,lon\nS-1,Wuxi,test centre,91,120\nS-2,Wuxi,test centre,31.6,120.2\n", "s.csv")
    (error,) = desk.examine(sites, "sites").errors
    assert (error.row, error.kind) == (2, "place.outside")


def test_references_by_number(desk: Desk, write: Write) -> None:
    """A product may be named by its GTIN in any length, a partner by its GLN."""
    path = write("order,ean,partner,site\nR-1,6901234000016,6901234000016,WH-1\nR-2,06901234000016,D-1,WH-1\n")
    assert desk.run(path).imported
    assert desk.rows("select count(distinct product_id), count(distinct i.partner_id) from item i") == [(1, 1)]


def test_somebody_else_in_between(desk: Desk, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is entered by others between reading and writing is refused by the command; nothing of the file stays."""

    def late(*arguments: Any) -> int:
        monkeypatch.setattr(running, "write", writing.write)
        desk.run(write("order,product,serial,site\nR-0,LAMP,A2,WH-1\n", "quick.csv"))
        return writing.write(*arguments)

    monkeypatch.setattr(running, "write", late)
    with pytest.raises(Problem) as refused:
        desk.run(write(HEAD + f"R-1,LAMP,A1,0.4,{AT},WH-1\nR-2,LAMP,A2,0.4,{AT},WH-1\n"))
    assert refused.value.kind in {"spine.refused", "spine.raced", "import.raced"}
    assert desk.rows("select number from takeback_order") == [("R-0",)]


def test_others_wait_and_go_on(desk: Desk, write: Write) -> None:
    """An order that is entered while a file is being written waits for it: neither of the two is refused."""
    desk.run(write("order,product,serial,site\nR-0,LAMP,Z1,WH-1\nR-00,LAMP,Z2,WH-2\n", "first.csv"))
    sites = ("WH-1", "WH-2")
    lines = "".join(f"R-{n},LAMP,A{n},0.4,{AT},{sites[n > 1500]}\n" for n in range(1, 3000))
    path, quick = write(HEAD + lines), write("order,product,serial,site\nQ-1,LAMP,Q1,WH-2\n", "quick.csv")
    known, options = survey(path, limit=LIMIT), Options(subject="returns")
    others: list[threading.Thread] = []

    def begin_another(share: float, _: object) -> None:
        if share > 0.5 and not others:
            others.append(threading.Thread(target=desk.run, args=(quick,)))
            others[0].start()
            time.sleep(0.5)  # time in which it could take what is needed here

    assert run(desk.actor, path, known, options, progress=begin_another, now=NOW).imported
    others[0].join(60)
    assert desk.rows("select count(*) from takeback_order where number = 'Q-1'") == [(1,)]


def test_tenants_are_apart(desk: Desk, write: Write, people: People) -> None:
    """Charlie's catalogue, sites, serials and files are his own: nothing of Alice's is found or in his way."""
    text = "order,product,serial,site\nR-1,LAMP,A1,WH-1\n"
    desk.run(write(text))
    other = Desk(people.charlie.actor, desk.folder)
    with pytest.raises(Problem) as refused:
        other.examine(write("order,product\nR-1,LAMP\n"))
    assert (refused.value.kind, str(refused.value.expected)) == ("import.no-site", "a site; there are none yet")
    assert [error.kind for error in other.examine(write(text)).errors] == ["import.unknown-code"] * 2
    places = "code,name,kind\nWH-1,Hall,warehouse\n"
    goods = "code,name,category,value,gtin,mass\nLAMP,lamp,home,10,6901234000016,0.4\n"
    assert other.run(write(places), "sites").report.corrected == 0
    assert other.run(write(goods), "products").report.corrected == 0
    assert other.run(write(text)).written == 1
    assert desk.count("takeback_order") == other.count("takeback_order") == 1


def test_who_may_import(desk: Desk, write: Write, people: People) -> None:
    """Bob, an operator, may not; the ledger keeps the label of who did."""
    known = survey(write(MIXED), limit=LIMIT)
    with pytest.raises(Problem) as refused:
        run(people.bob.actor, write(MIXED), known, Options(subject="returns"), now=NOW)
    assert refused.value.kind == "identity.forbidden"


def test_a_subject_is_a_table_entry(desk: Desk, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new kind of file needs an entry of the table of subjects and nothing else."""

    def enter(values: Values, _: Setting) -> Entered:
        line = {"vertical": "returns", "category": values["category"], "grade": "A", "preferences": [values["code"]]}
        return Entered(values["category"] + "/A", {}, {"static_rule": line})

    rules = replace(SUBJECTS["products"], name="rules", table=None, enter=enter, fields=tuple(
        field for field in SUBJECTS["products"].fields if field.name in {"code", "category"}
    ))  # fmt: skip
    monkeypatch.setitem(SUBJECTS, "rules", rules)  # type: ignore[arg-type]
    assert desk.run(write("code,category\nrestock,home\nrefurbish,toys\n"), "rules").written == 2
    assert desk.rows("select category, preferences from static_rule order by 1") == [
        ("home", ["restock"]), ("toys", ["refurbish"]),
    ]  # fmt: skip


def test_progress_and_cancellation(desk: Desk, write: Write) -> None:
    """Progress goes from 0 to 1 without stepping back; raising in it ends the import with nothing written."""
    lines = "".join(f"R-{n},LAMP,A{n},0.4,{AT},WH-1\n" for n in range(2500))
    path = write(HEAD + lines)
    known, options = survey(path, limit=LIMIT), Options(subject="returns")
    before = _state(desk)

    class StopError(Exception):
        pass

    def stop(share: float, _: object) -> None:
        if share > 0.6:
            raise StopError

    with pytest.raises(StopError):
        run(desk.actor, path, known, options, progress=stop, now=NOW, identifier=uuid4())
    assert _state(desk) == before
    shares: list[float] = []
    run(desk.actor, path, known, options, progress=lambda share, _: shares.append(share), now=NOW)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    with store.transaction(desk.actor.org_id) as connection:
        assert connection.scalar(sa.text("select count(*) from item")) == 2500
