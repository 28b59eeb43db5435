"""Reports: all files in one call, each figure with evidence and proof, provisional while the period is open."""

from __future__ import annotations

import base64
import io
import json
import re
import zlib
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import msgspec
import openpyxl
import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.operate.identity.memberships import insert_member
from takeback.operate.identity.users import create_user
from takeback.prove.checkpoint import LogKey
from takeback.prove.merkle import root_from_inclusion
from takeback.prove.sequencer import sequence_all
from takeback.share.centre.figures import all_figures, unproven
from takeback.share.centre.files import content_of
from takeback.share.centre.records import get
from takeback.share.centre.reporting import (
    ask_for_report,
    check_report,
    compare,
    comparison_file,
    comparison_pdf,
    figure_evidence,
    gather,
    language,
    make_report,
    publish_report,
    recheck,
    report_files,
    reports,
    withdraw_report,
    write_report,
)
from takeback.share.centre.reporting.chapters import ranges
from takeback.share.centre.reporting.jobs import _PAUSES, KIND
from takeback.share.centre.reporting.pdf import to_pdf
from takeback.share.centre.results import Result, accept_result, state_result
from takeback.share.centre.targets import Period, close_year, put_indicator, put_period, set_target, state_value
from takeback.store import jobs
from tests.share.centre.centre_world import START, CentreWorld, new_centre
from tests.share.centre.targets.test_plan import indicator, plan

AFTER = datetime(2027, 2, 1, 8, tzinfo=UTC)


def with_results(centre: CentreWorld, count: int = 3, year: int = 2026) -> list[int]:
    """State and accept papers; return their entries."""
    entries = []
    with store.transaction(centre.org) as connection:
        for n in range(count):
            said = {
                "sort": "paper", "title": f"{'abcdefgh'[n] * 12} <&> 电池", "title_zh": "退役电池分选", "year": year,
                "body": "Journal", "doi": f"10.5555/{year}.{n}",
            }  # fmt: skip
            stated = state_result(connection, centre.manager, msgspec.convert(said, Result), at=START)
            entries.append(accept_result(connection, centre.manager, stated.id, at=START).entry_id)
    return entries


def texts(pdf: bytes) -> list[str]:
    """Return what each page's stream says, as far as it is Latin: enough to look for words."""
    found = []
    for coded in re.findall(rb"stream\r?\n(.*?)\s*endstream", pdf, re.S):
        try:
            plain = zlib.decompress(base64.a85decode(coded.strip().removesuffix(b"~>")))
        except (ValueError, zlib.error):
            continue
        if b"BT" in plain:
            found.append(plain.decode("latin-1"))
    return found


def test_one_call_makes_all_files_and_the_record_has_their_hashes(centre: CentreWorld) -> None:
    """A report is two PDFs, two workbooks and JSON; the record names each with the hash of what is kept."""
    with_results(centre)
    with store.transaction(centre.org) as connection:
        record = make_report(connection, centre.manager, "annual", 2026, at=AFTER)
        files = report_files(connection, centre.manager, record.id)
        said = {file.name: file.sha256 for file in record.facts.files}
        assert {file.name: file.sha256 for file in files} == said
        assert sorted(name.rpartition(".")[2] for name in said) == ["json", "pdf", "pdf", "xlsx", "xlsx"]
        for file in files:
            assert sha256(content_of(connection, file.id)).hexdigest() == said[file.name]
        assert [one.id for one in reports(connection, centre.manager)] == [record.id]
        assert {one.code: one.value for one in record.facts.figures}["results.papers"] == 3


def test_every_figure_other_than_zero_has_evidence_and_its_proof_holds(centre: CentreWorld, tmp_path: Path) -> None:
    """In the data, each piece of evidence is an entry whose path leads to the log's root; a changed leaf's does not."""
    entries = with_results(centre)
    sequence_all(LogKey.kept_in(tmp_path))
    with store.transaction(centre.org) as connection:
        assert unproven(all_figures(connection, 2026)) == []
        contents = gather(connection, centre.manager, "annual", 2026, link="https://a.example/", at=AFTER)
        root = connection.scalar(sa.text("select root from checkpoint order by size desc limit 1"))
    (data,) = (file for file in write_report(contents) if file.name.endswith(".json"))
    said = json.loads(data.content)
    papers = next(one for one in said["figures"] if one["code"] == "results.papers")
    assert sorted(one["entry"] for one in papers["evidence"]) == sorted(entries)
    assert papers["page"] == "https://a.example/centre/figures/results.papers?year=2026"
    ledger, proven = said["ledger"], set()
    nodes = [base64.b64decode(node) for node in ledger["nodes"]]
    for one in ledger["entries"]:
        path, leaf = [nodes[n] for n in one["path"]], base64.b64decode(one["leaf_hash"])
        assert root_from_inclusion(one["leaf_index"], ledger["size"], leaf, path) == root
        assert root_from_inclusion(one["leaf_index"], ledger["size"], bytes(32), path) != root
        proven.add(one["entry"])
    assert {e["entry"] for figure in said["figures"] for e in figure["evidence"]} == proven
    key = LogKey.kept_in(tmp_path)
    assert check_report(said, origin=key.origin, public=key.public) == []
    for change, found in (
        (lambda: ledger["entries"][0].update(leaf_hash=base64.b64encode(bytes(32)).decode()), "does not lead"),
        (ledger["entries"].pop, "has no proof"),
        (lambda: papers.update(evidence=[], records=0), "rests on nothing"),
        (lambda: ledger.update(size=ledger["size"] + 1), "another size"),
        (lambda: said.pop("ledger"), "not the data of a report"),
    ):
        change()
        assert any(found in str(one) for one in check_report(said, origin=key.origin, public=key.public))


def test_an_open_period_is_flagged_on_every_page_and_cannot_be_published(centre: CentreWorld) -> None:
    """While the year runs, or is not closed in its stage, each page says provisional; afterwards none does."""
    with_results(centre)
    with store.transaction(centre.org) as connection:
        open_year = gather(connection, centre.manager, "annual", 2026, at=datetime(2026, 12, 31, 8, tzinfo=UTC))
        period = put_period(connection, centre.manager, Period(
            code="P1", name="Construction", name_zh="建设期", stage="construction",
            begins=date(2024, 1, 1), ends=date(2028, 12, 31),
        ))  # fmt: skip
        not_closed = gather(connection, centre.manager, "annual", 2026, at=AFTER)
        for contents in (open_year, not_closed):
            pages = texts(to_pdf(contents, language("en")))
            assert len(pages) > 3
            assert all("PROVISIONAL" in page for page in pages)
        record = make_report(connection, centre.manager, "annual", 2026, at=START)
        with pytest.raises(Problem) as refused:
            publish_report(connection, centre.manager, record.id)
        assert refused.value.kind == "centre.period-open"
        close_year(connection, centre.manager, period.id, 2026, at=AFTER)
        closed = gather(connection, centre.manager, "annual", 2026, at=AFTER)
        assert not any("PROVISIONAL" in page for page in texts(to_pdf(closed, language("en"))))
        made = make_report(connection, centre.manager, "annual", 2026, at=AFTER)
        assert publish_report(connection, centre.manager, made.id).state == "published"
        with pytest.raises(Problem, match="Say why"):
            withdraw_report(connection, centre.manager, made.id, " ")
        assert withdraw_report(connection, centre.manager, made.id, "a fund was left out").state == "withdrawn"


def test_the_same_contents_make_the_same_pdf_with_links_and_an_outline(centre: CentreWorld) -> None:
    """A report written twice is the same to the byte; it links to the pages of evidence and has an outline."""
    with_results(centre)
    with store.transaction(centre.org) as connection:
        contents = gather(connection, centre.manager, "annual", 2026, link="https://a.example", at=AFTER)
    for locale in ("en", "zh_Hans"):
        pdf = to_pdf(contents, language(locale))
        assert pdf == to_pdf(contents, language(locale))
        assert pdf.startswith(b"%PDF-")
        assert b"https://a.example/centre/figures/results.papers?year=2026" in pdf
        assert b"/Outlines" in pdf
    assert b"STSong-Light" in pdf


def test_the_workbook_holds_the_figures_as_numbers_and_no_formula(centre: CentreWorld) -> None:
    """The sheet of figures has the value as a number; a title that begins like a formula stays a text."""
    with store.transaction(centre.org) as connection:
        said = {
            "sort": "software", "title": '=HYPERLINK("http://x","y")', "year": 2026, "licence": "MIT", "url": "https://a.b",
        }  # fmt: skip
        stated = state_result(connection, centre.manager, msgspec.convert(said, Result))
        accept_result(connection, centre.manager, stated.id)
        contents = gather(connection, centre.manager, "annual", 2026, at=AFTER)
    (file,) = (one for one in write_report(contents) if one.name.endswith("-en.xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    rows = {row[1]: row for row in book["Figures"].iter_rows(values_only=True)}
    assert rows["results.software"][4] == 1  # of the year of the founding, the only one
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(cell.value == '=HYPERLINK("http://x","y")' for cell in cells)


def test_a_report_counts_the_plan_up_to_its_year_alone_in_all_its_forms(centre: CentreWorld) -> None:
    """Of 2026 and 2027 the report of 2026 tells 4 of 5, that of 2027 10 of 10: alike in data, sheet and PDF."""
    with store.transaction(centre.org) as connection:
        plan(connection, centre.manager)
        papers = put_indicator(connection, centre.manager, indicator("papers"))
        for year, value in ((2026, 4), (2027, 6)):
            state_value(connection, centre.manager, papers.id, year, Decimal(value), [centre.members["shop"]])
            set_target(connection, centre.manager, papers.id, year, Decimal(5))
    for year, plan_so_far in ((2026, (4, 5, "amber")), (2027, (10, 10, "green"))):
        with store.transaction(centre.org) as connection:
            contents = gather(connection, centre.manager, "annual", year, at=AFTER)
        files = {one.name: one.content for one in write_report(contents)}
        data, book, paper = (
            next(content for name, content in files.items() if name.endswith(ending))
            for ending in (".json", "-en.xlsx", "-en.pdf")
        )
        (told,) = json.loads(data)["indicators"]
        assert tuple(told["plan"][key] for key in ("value", "target", "light")) == plan_so_far
        sheet = openpyxl.load_workbook(io.BytesIO(book))["Indicators"]
        heads, row = sheet.iter_rows(values_only=True)
        found = dict(zip(heads, row, strict=True))
        assert (found["Plan so far"], found["Target so far"], found["State so far"]) == plan_so_far
        assert any(f"{plan_so_far[0]} / {plan_so_far[1]}" in page for page in texts(paper))


def test_an_evaluation_tells_its_years_and_bad_years_are_refused(centre: CentreWorld) -> None:
    """A report from 2024 to 2026 shows these; one from 2026 to 2024, of thirty years or without end is refused."""
    with_results(centre, 1, 2024)
    with store.transaction(centre.org) as connection:
        contents = gather(connection, centre.manager, "evaluation", 2026, first=2024, at=AFTER)
        assert (contents.years, contents.span) == ((2024, 2025, 2026), "2024–2026")
        assert {figure.year for figure in contents.figures} == {2024, 2025, 2026}
        for first, year in ((2026, 2024), (1996, 2026), (-(10**20), 2026), (None, 99999)):
            with pytest.raises(Problem) as refused:
                gather(connection, centre.manager, "annual", year, first=first)
            assert refused.value.kind == "centre.bad-year"


def test_a_report_does_not_reach_back_behind_the_founding(centre: CentreWorld) -> None:
    """The first annual report shows the year of the founding alone, not five of which four are nothing; the plan's
    beginning counts, and a result of an earlier year brings that year in."""
    with_results(centre)
    with store.transaction(centre.org) as connection:
        assert gather(connection, centre.manager, "annual", 2026, at=AFTER).years == (2026,)
        whole = gather(connection, centre.manager, "evaluation", 2026, first=2022, at=AFTER)
        assert (whole.years, whole.told, whole.span) == ((2026,), (2026,), "2026")
        assert to_pdf(whole, language("zh_Hans")).startswith(b"%PDF")
        plan = Period(
            code="P",
            name="Plan",
            name_zh="计划",
            stage="construction",
            begins=date(2025, 9, 1),
            ends=date(2026, 12, 31),
        )
        put_period(connection, centre.manager, plan)
        assert gather(connection, centre.manager, "annual", 2026, at=AFTER).years == (2025, 2026)
    with_results(centre, 1, 2023)
    with store.transaction(centre.org) as connection:
        assert gather(connection, centre.manager, "annual", 2026, at=AFTER).years == (2023, 2024, 2025, 2026)


def test_alice_makes_bob_may_not_charlie_sees_none(centre: CentreWorld) -> None:
    """Alice manages, Bob researches and may neither make nor read reports, the authority reads; Charlie has no part."""
    with_results(centre)
    bob, guide = centre.enter("Bob", "maker", "researcher"), centre.enter("Gu", "authority", "authority")
    with store.transaction(centre.org) as connection:
        record = make_report(connection, centre.manager, "annual", 2026, at=AFTER)
        for call in (
            lambda: make_report(connection, bob, "annual", 2026),
            lambda: gather(connection, bob, "annual", 2026),
            lambda: reports(connection, bob),
            lambda: report_files(connection, bob, record.id),
            lambda: publish_report(connection, guide, record.id),
            lambda: withdraw_report(connection, guide, record.id, "no"),
            lambda: ask_for_report(connection, guide, "annual", 2026),
        ):
            with pytest.raises(Problem, match="not allowed"):
                call()
        assert len(report_files(connection, guide, record.id)) == 5
        assert figure_evidence(connection, bob, "results.papers", 2026).figure.value == 3
    charlie = new_centre("other")
    with store.transaction(charlie.org) as connection:
        with pytest.raises(Problem) as missing:
            report_files(connection, charlie.manager, record.id)
        assert missing.value.status == 404


def test_the_page_behind_a_figure_has_its_records_and_leaves(centre: CentreWorld, tmp_path: Path) -> None:
    """Each record behind a figure stands there with its entry and its leaf; a figure that there is not is told."""
    entries = with_results(centre)
    sequence_all(LogKey.kept_in(tmp_path))
    with store.transaction(centre.org) as connection:
        shown = figure_evidence(connection, centre.manager, "results.papers", 2026)
        assert sorted(line.evidence.entry_id for line in shown.lines) == sorted(entries)
        assert all(line.leaf is not None and line.open and line.kind == "result" for line in shown.lines)
        for code in ("results.nothing", "nothing.papers", "nothing"):
            with pytest.raises(Problem) as missing:
                figure_evidence(connection, centre.manager, code, 2026)
            assert missing.value.status == 404


def test_centres_stand_side_by_side_with_the_rights_of_who_looks(centre: CentreWorld) -> None:
    """Whoever may read the reports of both sees both; who may of one only is refused, and sees neither."""
    with_results(centre)
    other = new_centre("other")
    with_results(other, 1)
    with store.transaction(centre.org) as connection:
        alice = connection.execute(
            sa.text("select id from user_account where email = 'centre@example.org'")
        ).scalar_one()
    with pytest.raises(Problem) as refused:
        compare(alice, [centre.org, other.org], 2026)
    assert refused.value.status in (403, 404)
    with store.transaction(other.org) as connection:
        insert_member(connection, other.org, alice, "manager")
    found = compare(alice, [centre.org, other.org], 2026)
    papers = next(row for row in found.rows if row.code == "results.papers")
    assert [figure.value for figure in papers.figures if figure] == [3, 1]
    assert b"results.papers" in comparison_file(found, "csv", language("zh_Hans"))
    pages = "".join(texts(comparison_pdf(found, language("en"))))
    assert found.provisional == (True, True)
    assert pages.count("PROVISIONAL") >= 3
    assert "(Papers)" in pages
    with store.transaction(other.org) as connection:
        bob = create_user(connection, email="b@x.org", display_name="B", password="a-long-password-3", locale="en").id
        insert_member(connection, other.org, bob, "viewer")
    with store.transaction(centre.org) as connection:
        insert_member(connection, centre.org, bob, "viewer")
    with pytest.raises(Problem, match="not allowed"):
        compare(bob, [centre.org, other.org], 2026)
    with pytest.raises(Problem) as alone:
        compare(alice, [centre.org, centre.org], 2026)
    assert alone.value.kind == "centre.bad-comparison"


def test_a_report_is_made_as_a_job_and_once(centre: CentreWorld) -> None:
    """The job keeps the report under its own id; started again after a crash it makes no second one."""
    with_results(centre)
    with store.transaction(centre.org) as connection:
        job = ask_for_report(connection, centre.manager, "annual", 2026)
    jobs.run(centre.org, job)
    with store.transaction(centre.org) as connection:
        assert get(connection, job, kind="report").facts.year == 2026
        assert connection.scalar(sa.text("select state from job where id = :id"), {"id": job}) == "succeeded"
        again = jobs.JobContext(
            job, centre.org, connection.scalar(sa.text("select arguments from job where kind = :k"), {"k": KIND})
        )
    jobs._handlers[KIND](again)
    with store.transaction(centre.org) as connection:
        assert len(reports(connection, centre.manager)) == 1


def test_a_report_asked_for_at_once_waits_for_the_log(
    centre: CentreWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is gathered again once the log has what was just recorded; without a sequencer it is made as well."""
    pauses, key = list[float](), LogKey.kept_in(tmp_path)

    def sequenced(pause: float) -> None:
        pauses.append(pause)
        sequence_all(key)

    with_results(centre)
    for slept in (pauses.append, sequenced):
        monkeypatch.setattr("takeback.share.centre.reporting.jobs.sleep", slept)
        with store.transaction(centre.org) as connection:
            job = ask_for_report(connection, centre.manager, "annual", 2026)
        jobs.run(centre.org, job)
    assert len(pauses) == len(_PAUSES) + 1
    with store.transaction(centre.org) as connection:
        checked = recheck(connection, centre.manager, job, origin=key.origin, public=key.public)
    assert checked.entries >= 3
    assert checked.findings == []


@pytest.mark.parametrize(
    ("numbers", "told"), [([], []), ([3], ["3"]), ([5, 3, 4, 9, 9], ["3–5", "9"]), ([1, 2, 4, 5], ["1–2", "4–5"])]
)
def test_entries_are_told_as_ranges(numbers: list[int], told: list[str]) -> None:
    """Numbers that follow each other are one range; each number stands once."""
    assert ranges(numbers) == told


def test_an_unknown_report_has_no_files(centre: CentreWorld) -> None:
    """Asking for the files of a report that there is not answers 404."""
    with store.transaction(centre.org) as connection, pytest.raises(Problem) as missing:
        report_files(connection, centre.manager, uuid4())
    assert missing.value.status == 404
