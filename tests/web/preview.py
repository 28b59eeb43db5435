"""Every page with sample figures, as pictures: for looking at. Not a test.

    python -m tests.web.preview FOLDER [--only home,item] [--axe] [--width 1440]

Serves the pages with the real content security policy on loopback, takes a picture of each in both languages and
both themes, and prints what the browser's console, the layout and axe have to say.
"""

# ruff: noqa: T201 -- it speaks by printing
from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.support.browser import ARGUMENTS, axe, chromium
from tests.web.sample_server import sample_server
from tests.web.sample_views import PAGES

OVERFLOWS = (Path(__file__).parent / "overflows.js").read_text("utf-8")


def look(page: Page, address: str, picture: Path, check: bool) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address, wait_until="load")
    if page.locator("tb-map").count():
        page.wait_for_selector("tb-map[data-ready]", timeout=60_000, state="attached")
        page.wait_for_timeout(1500)
    page.screenshot(path=picture, full_page=True)
    problems = said + page.evaluate(OVERFLOWS)
    if check:
        problems += axe(page)
    print(picture.name, "ok" if not problems else "", *(f"\n   {p}" for p in problems), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default=",".join(PAGES))
    parser.add_argument("--axe", action="store_true")
    parser.add_argument("--width", type=int, default=1440)
    parser.add_argument("--variants", default="en-light,zh_Hans-dark")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with sample_server() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for variant in given.variants.split(","):
            locale, theme = variant.split("-")
            for name in given.only.split(","):
                page = browser.new_page(viewport={"width": given.width, "height": 900})
                address = f"{base}/{name}?locale={locale}&theme={theme}"
                look(page, address, given.folder / f"{name}-{variant}-{given.width}.png", given.axe)
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
