"""Debian's Chromium for tests: `browser` opens one a session, `axe` says what a page does wrong."""

from __future__ import annotations

import atexit
import os
import shutil
from functools import cache

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

PATIENCE_MS = 120_000  # other work on the machine makes no test fail
expect.set_options(timeout=PATIENCE_MS)
UNMOVED = "Transition was "  # skipped, aborted: a page came too slowly to be faded in; nothing is amiss
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]


def chromium() -> str | None:
    """Return the browser's path: `TAKEBACK_CHROMIUM`, else the one on PATH."""
    return os.environ.get("TAKEBACK_CHROMIUM") or shutil.which("chromium")


@pytest.fixture(scope="session")
def browser() -> Browser:
    """A running browser; without one the test is skipped by name, or fails where a browser is required."""
    path = chromium()
    if path is None:
        reason = "needs Chromium: install the package `chromium` or set TAKEBACK_CHROMIUM"
        if os.environ.get("TAKEBACK_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return _opened(path)


@cache
def _opened(path: str) -> Browser:
    """Open the browser once in this process: a second Playwright beside the first is refused."""
    playwright = sync_playwright().start()
    opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    atexit.register(playwright.stop)
    return opened


def axe(page: Page) -> list[str]:
    """Return what axe holds against the page, one line a rule."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: " + "; ".join(f"{node['target']} {node.get('failureSummary', '')}" for node in one["nodes"][:3])
        for one in violations
    ]
