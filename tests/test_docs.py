"""The documentation is complete: whatever the code offers has its heading in docs/reference."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import runpy
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

import takeback.operate
from takeback.cli import overview
from takeback.operate.projection import steps
from takeback.store.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"


def _headings(page: str) -> set[str]:
    return set(re.findall(r"^#{2,6} (.+?)\s*$", (REFERENCE / page).read_text(encoding="utf-8"), re.MULTILINE))


def _sources(*folders: str) -> Iterator[str]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", "") and path.is_file() and "__pycache__" not in path.parts:
                yield path.read_text(encoding="utf-8", errors="ignore")


@pytest.mark.parametrize("page", ["cli", "api", "problems"])
def test_a_page_made_from_the_code_is_up_to_date(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `make docs` writes is what is committed: commands, routes and problems are all there."""
    monkeypatch.setattr("sys.argv", ["pytest"])
    made = runpy.run_path(str(ROOT / "tools" / "reference.py"))[page]()
    assert (REFERENCE / f"{page}.md").read_text(encoding="utf-8") == made, "run `make docs`"


def test_every_group_of_commands_has_a_heading() -> None:
    """The table of groups and the page of commands agree."""
    assert {f"takeback {group.name}" for group in overview.GROUPS} <= _headings("cli.md")


def test_every_setting_has_a_heading() -> None:
    """Each field of the settings, and each other variable that code or tools read, is explained."""
    named = {f"TAKEBACK_{field.name.upper()}" for field in fields(Settings)}
    for text in _sources("src", "tools", "tests", ".ci"):
        named |= set(re.findall(r"\bTAKEBACK_[A-Z]+(?:_[A-Z]+)*\b", text))
    assert named - _headings("settings.md") == set()


def test_every_setting_of_the_page_is_read_somewhere() -> None:
    """The page explains nothing that no longer exists."""
    known = {f"TAKEBACK_{field.name.upper()}" for field in fields(Settings)}
    known |= set(re.findall(r"\bTAKEBACK_[A-Z_]+\b", "\n".join(_sources("src", "tools", "tests", "bench", ".ci"))))
    known |= set(re.findall(r"\bTAKEBACK_[A-Z_]+\b", (ROOT / "Makefile").read_text()))
    assert _headings("settings.md") - known == set()


def test_every_kind_of_entry_has_a_heading() -> None:
    """Each step that a projection knows, and each kind of our own, stands on the page of entries."""
    for module in pkgutil.walk_packages(takeback.operate.__path__, "takeback.operate."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)
    assert set(steps()) <= _headings("events.md")
    kinds = set(re.findall(r"[\"'](takeback:[A-Z]\w+)[\"']", "\n".join(_sources("src"))))
    page = (REFERENCE / "events.md").read_text(encoding="utf-8")
    assert {kind for kind in kinds if f"`{kind}`" not in page} == set()


def test_every_exit_code_has_a_heading() -> None:
    """Each number that a problem or the command line may end with is explained."""
    codes = {"0", "1", "130"}
    for text in _sources("src"):
        for node in ast.walk(ast.parse(text)) if "exit_code" in text else ():
            if isinstance(node, ast.keyword) and node.arg == "exit_code" and isinstance(node.value, ast.Constant):
                codes.add(str(node.value.value))
    codes |= set(re.findall(r"exit code (\d+)", (REFERENCE / "problems.md").read_text(encoding="utf-8")))
    assert codes - _headings("exit-codes.md") == set()


def test_the_commands_of_the_documentation_exist() -> None:
    """Each `make ...` in a page is a target, each `takeback GROUP` a group."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    groups = {group.name for group in overview.GROUPS}
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        text = page.read_text(encoding="utf-8")
        for command in re.findall(r"(?:^    |`)(?:\S*/)?make ([a-z]+)", text, re.MULTILINE):
            assert command in targets, f"{page.name}: make {command}"
        for command in re.findall(r"(?:^    |`)(?:\.venv/bin/)?takeback ([a-z]+)", text, re.MULTILINE):
            assert command in groups, f"{page.name}: takeback {command}"


def test_no_link_between_pages_is_broken() -> None:
    """Each relative link leads to a file of the repository."""
    broken = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in link and not (page.parent / link).exists():
                broken.append(f"{page.relative_to(ROOT)}: {link}")
    assert broken == []
