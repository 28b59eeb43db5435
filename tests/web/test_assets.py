"""The browser parts: pinned, complete, unchanged, and nothing that the content security policy would refuse."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from takeback.web.console import STATIC

ROOT = Path(__file__).resolve().parents[2]
VENDOR = STATIC["/static/vendor"]
OURS = STATIC["/static/console"]
TEMPLATES = sorted((OURS.parent / "templates").rglob("*.html"))
BUDGET = 25_000
FONTS = {'"../vendor/inter-latin.woff2"', '"../vendor/inter-latin-ext.woff2"'}


def test_the_lock_names_no_host_and_every_version_is_exact() -> None:
    """Who builds elsewhere uses the registry of that place; what is built is the same everywhere."""
    lock = (ROOT / "package-lock.json").read_text("utf-8")
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"]
    assert "://" not in lock
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text("utf-8")
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert {name: json.loads(lock)["packages"][f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_vendored_files_are_those_of_the_manifest() -> None:
    """Nothing was changed by hand, nothing is missing, every file has its licence."""
    manifest = VENDOR / "manifest.json"
    if not manifest.exists():
        pytest.skip("the browser parts are not fetched: run `python tools/assets.py`")
    files = json.loads(manifest.read_text("utf-8"))["files"]
    assert {entry["file"] for entry in files} == {path.name for path in VENDOR.iterdir()} - {"manifest.json"}
    for entry in files:
        assert hashlib.sha256((VENDOR / entry["file"]).read_bytes()).hexdigest() == entry["sha256"], entry["file"]
        assert entry["licence"] in {"BSD-0-Clause", "0BSD", "BSD-3-Clause", "ISC", "MIT", "Apache-2.0", "OFL-1.1"}


@pytest.mark.parametrize("sheet", sorted(OURS.glob("*.css")), ids=lambda path: path.name)
def test_a_page_stays_below_its_budget_of_style(sheet: Path) -> None:
    """What all pages share and one page's own sheet together are small."""
    assert (OURS / "app.css").stat().st_size <= BUDGET
    assert sheet.name == "app.css" or sheet.stat().st_size <= 0.25 * BUDGET
    text = sheet.read_text("utf-8")
    loaded = re.findall(r"url\(([^)]*)\)", text)
    assert set(loaded) <= FONTS, "a style sheet loads the bundled font and nothing else"
    assert not re.search(r"@import|!ie", text)


def test_the_font_that_the_sheet_names_comes_along() -> None:
    """The first font of the list is bundled, both parts; under them whatever the machine has, for Chinese first."""
    text = (OURS / "app.css").read_text("utf-8")
    assert set(re.findall(r"url\(([^)]*)\)", text)) == FONTS
    family = re.search(r"--sans: (.*?);", text)
    assert family
    assert family[1].startswith('"Inter Variable"')
    if not (VENDOR / "manifest.json").exists():
        pytest.skip("the browser parts are not fetched: run `python tools/assets.py`")
    for font in FONTS:
        assert (OURS / font.strip('"')).name in {path.name for path in VENDOR.iterdir()}
        assert (VENDOR / Path(font.strip('"')).name).read_bytes()[:4] == b"wOF2"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_nothing_that_the_policy_refuses(template: Path) -> None:
    """No inline style or script, no event handler, no expression for htmx to evaluate, no other host."""
    text = template.read_text("utf-8")
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"<script(?![^>]*(?: src=|application/json))", text)
    assert not re.search(r"\son[a-z]+=|hx-on|hx-vals=.js:|javascript:", text)
    assert not re.search(r"(?:href|src|action)=\"(?:https?:)?//", text)


@pytest.mark.parametrize("script", sorted(OURS.glob("*.js")), ids=lambda path: path.name)
def test_scripts_are_small_typed_and_evaluate_nothing(script: Path) -> None:
    """Each island can be read at one sitting."""
    text = script.read_text("utf-8")
    assert "// @ts-check" in text
    assert len(text.splitlines()) <= 320
    assert not re.search(r"\beval\(|new Function|innerHTML|insertAdjacentHTML", text)
