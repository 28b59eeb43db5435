"""`takeback prove`: check EPCIS documents before they are sent, and run folders of them as test suites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from takeback.cli.answer import Answer, Shown, table
from takeback.cli.progress import bar
from takeback.core.message import msg
from takeback.core.problem import Problem
from takeback.prove.epcis.validation import Finding
from takeback.prove.epcis.validation.conformance import Case, documents, run
from takeback.prove.epcis.validation.files import check_file

MOST = 50  # findings and mismatches that are shown to people; `--json` gives all


def validate(*files: Path) -> Answer:
    """Check EPCIS files: schema, semantics, life cycle; exit code 1 where there is an error. Needs no database.

    Parameters
    ----------
    files:
        Documents, query documents, events or queries in JSON or XML, or events one a line (.ndjson); also .gz.
    """
    if not files:
        raise Problem("cli.no-files", msg("No file is named"), remedy=msg("Name the files to check."), exit_code=2)
    now = datetime.now(UTC)
    found: list[tuple[Path, Finding]] = []
    with bar("Checking") as step:
        for number, path in enumerate(files):
            found += [(path, finding) for finding in check_file(path, now=now)]
            step((number + 1) / len(files), path.name)
    counts = Counter(str(finding.severity) for _, finding in found)
    data = {
        "files": len(files),
        "errors": counts["error"],
        "warnings": counts["warning"],
        "findings": [{"file": str(path), **finding.to_dict()} for path, finding in found],
    }
    return Answer(data, _said(files, found, counts), exit_code=int(counts["error"] > 0))


def _said(files: Sequence[Path], found: Sequence[tuple[Path, Finding]], counts: Counter[str]) -> list[str]:
    lines = [f"{finding.severity}: {path}: {finding.as_text()}" for path, finding in found[:MOST]]
    if len(found) > MOST:
        lines.append(f"... and {len(found) - MOST} more; `--json` gives all.")
    word = "file" if len(files) == 1 else "files"
    return [*lines, f"{len(files)} {word}: {counts['error']} errors, {counts['warning']} warnings."]


def conformance(folder: Path, /) -> Answer:
    """Run a folder of valid and invalid EPCIS documents; exit code 1 where one is not judged as its name says.

    A document is taken as invalid where its name or that of a folder says invalid, fail, bad or wrong.

    Parameters
    ----------
    folder:
        The folder, with all folders below it; JSON, JSON-LD and XML.
    """
    total = len(documents(folder))
    if not total:
        raise Problem(
            "cli.no-documents", msg("There is no document in this folder"), where=str(folder), expected=".json, .xml"
        )
    cases: list[Case] = []
    others = 0
    with bar("Running") as step:
        for number, case in enumerate(run(folder, now=datetime.now(UTC))):
            step((number + 1) / total)
            if case is None:
                others += 1
            else:
                cases.append(case)
    wrong = [case for case in cases if not case.passed]
    data = {
        "cases": len(cases),
        "passed": len(cases) - len(wrong),
        "not_documents": others,
        "suites": _suites(cases),
        "mismatches": [case.to_dict() for case in wrong],
    }
    return Answer(data, _judged(cases, wrong, others), exit_code=int(bool(wrong)))


def _suites(cases: Sequence[Case]) -> list[dict[str, object]]:
    suites = {case.suite: Counter[str]() for case in cases}
    for case in cases:
        flags = {"valid": case.valid, "accepted": case.accepted, "passed": case.passed}
        suites[case.suite].update(cases=1, **{name: int(flag) for name, flag in flags.items()})
    return [{"suite": name, **{key: counts[key] for key in _COLUMNS}} for name, counts in suites.items()]


_COLUMNS = ("cases", "valid", "accepted", "passed")


def _judged(cases: Sequence[Case], wrong: Sequence[Case], others: int) -> list[Shown]:
    shown: list[Shown] = [table(_suites(cases))] if cases else []
    for case in wrong[:MOST]:
        name = f"{case.suite}/{case.name}".removeprefix("./")
        shown.append(f"{name}: {'accepted, but said to be invalid' if case.accepted else 'refused'}")
        shown += [f"  {finding.as_text()}" for finding in case.findings[:3]]
    passed = f"{len(cases) - len(wrong)} of {len(cases)} documents are judged as their names say"
    return [*shown, f"{passed}; {others} other files." if others else f"{passed}."]
