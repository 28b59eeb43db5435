"""The page /verify checks what the stand-alone file checks, from a server under the strict policy and from a disk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

import takeback
from takeback.web.app import create_app
from tests.drill import count
from tests.prove import bundles
from tests.prove.bundles import BATTERY, UNKNOWN, World, flipped, flips, item_key
from tests.reference import reference_data
from tests.store import servers
from tests.support.browser import axe, browser
from tests.support.serving import served

__all__ = ["browser"]

FOLDER = Path(takeback.__file__).parent / "prove" / "standalone"
CHECK = "([text, key, kept]) => takebackVerify.check(text, key, kept)"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with servers.opened():
        yield bundles.world(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(create_app()) as base:
        yield f"{base}/verify"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    opened.close()
    assert said == []


def drop(page: Page, content: str) -> None:
    page.set_input_files("#file", {"name": "b.json", "mimeType": "application/json", "buffer": content.encode()})
    page.wait_for_selector("#verdict:not([hidden])")


@pytest.mark.parametrize("place", ["server", "disk"])
def test_a_bundle_is_checked_in_the_browser(world: World, page: Page, address: str, place: str) -> None:
    """Good holds with its facts, bad does not, in English and Chinese; the page is accessible."""
    page.goto(address if place == "server" else (FOLDER / "verify.html").as_uri())
    bundle = world.bundle(item=item_key(BATTERY), uri=BATTERY, since=6)
    page.fill("#key", world.key.verifier)
    page.fill("#earlier", world.kept)
    page.fill("#witnesses", "\n".join(str(witness.verifier) for witness in world.witnesses))
    drop(page, json.dumps(bundle))
    assert page.inner_text("#verdict") == "Everything holds."
    facts = page.inner_text("#facts")
    assert f"They are ALL entries of the party about {BATTERY}" in facts
    assert "only grew since your checkpoint over 6 leaves" in facts
    assert place == "disk" or axe(page) == []  # axe reads style sheets again, which a browser forbids on a disk
    drop(page, json.dumps(bundle).replace("said", "kept"))
    page.wait_for_selector("#verdict.bad")
    page.click("#language")
    assert page.inner_text("#verdict") == "验证未通过。"
    assert place == "disk" or axe(page) == []


def test_the_browser_notices_each_changed_value(world: World, page: Page) -> None:
    """A bundle of each kind holds, and with any one value changed it does not."""
    page.goto((FOLDER / "verify.html").as_uri())
    asked: list[dict[str, Any]] = [
        {"item": item_key(BATTERY), "uri": BATTERY, "disclose": True},
        {"item": item_key(UNKNOWN), "uri": UNKNOWN, "since": 6},
        {"numbers": (2, 5)},
    ]
    for one in asked:
        bundle = world.bundle(**one)
        kept = world.kept if "since" in one else ""
        good = page.evaluate(CHECK, [json.dumps(bundle), world.key.verifier, kept])
        assert (good["problems"], good["unreadable"]) == ([], None)
        changes = [(path, value) for path, value in flips(bundle) if not (value is ... and path[2:3] == ("personal",))]
        for path, value in changes[:: 1 if count(0, 1) else 3]:
            result = page.evaluate(CHECK, [json.dumps(flipped(bundle, path, value)), world.key.verifier, kept])
            assert result["problems"] or result["unreadable"] is not None, (path, value)


def test_the_browser_passes_the_public_vectors(page: Page) -> None:
    """All inclusion and consistency vectors of transparency-dev/merkle, those that must fail, too."""
    page.goto((FOLDER / "verify.html").as_uri())
    script = """async (v) => {
        const bytes = (text) => Uint8Array.from(atob(text || ""), (letter) => letter.charCodeAt(0));
        const path = (v.proof || []).map(bytes);
        if (path.some((step) => step.length !== 32)) return false;
        const { rootOfLeaf, grew, same } = takebackVerify;
        if ("leafIdx" in v) {
            const leaf = bytes(v.leafHash), root = await rootOfLeaf(v.leafIdx, v.treeSize, leaf, path);
            return leaf.length === 32 && same(root, bytes(v.root));
        }
        return grew(v.size1, v.size2, bytes(v.root1), bytes(v.root2), path);
    }"""
    files = sorted(reference_data("prove/merkle").rglob("*.json"))
    assert len(files) == 196
    for file in files:
        vector = json.loads(file.read_text())
        assert page.evaluate(script, vector) is not vector["wantErr"], file
