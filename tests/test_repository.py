"""What is committed: nothing of one machine, nothing of one registry, nothing that cannot be given on."""

from __future__ import annotations

import importlib.metadata
import json
import re
import statistics
import subprocess
import tomllib
from ast import AsyncFunctionDef, FunctionDef, parse, walk
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

HOSTS = re.compile(
    r"(?:files\.)?pythonhosted\.org|pypi\.(?:org|python\.org)|test\.pypi|registry\.(?:npmjs|yarnpkg)\.\w+|npmmirror"
    r"|deb\.debian\.org|mirrors?\.[a-z0-9-]+\.(?:com|cn|org|edu)",
    re.IGNORECASE,
)
MACHINE_PATH = re.compile(r"(?<![\w./-])/(?:home(?!/alice)|Users|root|work|workspace|mnt|media|build|github)/[\w.-]+")

PERMISSIVE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|0BSD|Zlib|Unlicense|CC0|HPND|MPL|Mozilla|LGPL|Lesser"
    r"|Public Domain|PostgreSQL",
    re.IGNORECASE,
)
COPYLEFT = re.compile(r"(?<!L)(?<!Lesser )\bA?GPL|GNU (?:Affero )?General Public", re.IGNORECASE)
READ_BY_HAND = {
    "psycopg": "LGPL-3.0-only: used as a library, unchanged",
    "psycopg-binary": "LGPL-3.0-only: used as a library, unchanged",
    "psycopg-pool": "LGPL-3.0-only: used as a library, unchanged",
}


def _committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def _texts() -> list[tuple[str, str]]:
    texts = []
    for path in _committed():
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            texts.append((path.relative_to(ROOT).as_posix(), content.decode("utf-8", errors="replace")))
    return texts


def test_no_registry_is_named() -> None:
    """A mirror must do as well: no file names the host of a package registry."""
    assert _naming(HOSTS) == []


def test_no_path_of_one_machine() -> None:
    """No file speaks of a folder that only one machine has."""
    assert _naming(MACHINE_PATH) == []


def _naming(pattern: re.Pattern[str]) -> list[str]:
    found = [(name, hit[0]) for name, text in _texts() if (hit := pattern.search(text))]
    return [f"{name}: {hit}" for name, hit in found if name != "tests/test_repository.py"]


def test_locks_name_no_host_and_every_package_has_a_hash() -> None:
    """uv's own lock writes an address on each line, so it is not used; each locked package carries hashes."""
    names = {path.name for path in _committed()}
    assert "uv.lock" not in names
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        packages = re.split(r"(?m)^(?=[a-z0-9])", text)[1:]
        assert packages
        assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []
    for entry in json.loads((ROOT / "package-lock.json").read_text())["packages"].values():
        assert "resolved" not in entry


def test_the_locks_cover_what_the_project_asks_for() -> None:
    """Each dependency of pyproject.toml is in run.lock, each of the development group in dev.lock, in one version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    run, dev = (_locked(name) for name in ("run", "dev"))
    asked = [_name(line) for line in project["project"]["dependencies"]]
    assert [name for name in asked if name not in run] == []
    assert [name for line in project["dependency-groups"]["dev"] if (name := _name(line)) not in dev] == []
    assert {name: version for name, version in run.items() if dev.get(name) != version} == {}


def _locked(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"(?m)^([a-z0-9][a-z0-9._-]*)==(\S+)", text))


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def test_licences_of_what_is_installed_to_run_are_permissive() -> None:
    """What runs with Takeback may be given on with it: no package of run.lock is under a strong copyleft."""
    refused, unknown = [], []
    for name in _locked("run"):
        try:
            known = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # of another platform
        said = " ".join(
            [
                known.get("License-Expression") or "",
                (known.get("License") or "")[:200],
                *(line for line in known.get_all("Classifier") or [] if line.startswith("License")),
            ]
        )
        if COPYLEFT.search(said) and name not in READ_BY_HAND:
            refused.append(f"{name}: {said.strip()}")
        elif not PERMISSIVE.search(said) and name not in READ_BY_HAND:
            unknown.append(f"{name}: {said.strip()[:80]}")
    assert refused == []
    assert unknown == []


def test_functions_stay_short(record_property: pytest.RecordProperty) -> None:
    """Half of all functions have at most ten lines, nine of ten at most thirty; no file grows past all measure."""
    functions, files = [], []
    for path in sorted((ROOT / "src").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(ROOT).as_posix()
        files.append((text.count("\n"), name))
        functions += [
            ((node.end_lineno or 0) - node.lineno + 1, f"{name}:{node.lineno} {node.name}")
            for node in walk(parse(text))
            if isinstance(node, FunctionDef | AsyncFunctionDef)
        ]
    lengths = [length for length, _ in functions]
    report = {
        "functions": len(lengths),
        "median": statistics.median(lengths),
        "p90": statistics.quantiles(lengths, n=10)[-1],
        "longest": sorted(functions, reverse=True)[:5],
        "largest files": sorted(files, reverse=True)[:5],
    }
    record_property("lengths", json.dumps(report))
    assert report["median"] <= 10, report
    assert report["p90"] <= 30, report
    assert max(length for length, _ in files) <= 500, report
