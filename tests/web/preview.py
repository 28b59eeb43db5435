"""Every page with sample figures, as pictures: for looking at. Not a test.

    python -m tests.web.preview FOLDER [--only home,item] [--axe] [--width 1440]

Serves the pages with the real content security policy on loopback, takes a picture of each in both languages and
both themes, and prints what the browser's console, the layout and axe have to say.
"""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path


from playwright.sync_api import Page, sync_playwright
from tests.web.sample_server import sample_server
from tests.web.sample_views import PAGES

ARGUMENTS = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
]  # fmt: skip

OVERFLOWS = """() => {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth + 1) found.push(`page wider than the window by ${document.documentElement.scrollWidth - innerWidth}`);
  for (const e of document.querySelectorAll("main *, .side *, .top *")) {
    if (e.closest("svg") && e.tagName !== "svg") continue;
    const s = getComputedStyle(e);
    if (e.closest(".scroll, .hidden, [hidden], .sketch, .menu-list, .map-frame, dialog") || s.display === "inline") continue;
    if (e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && s.overflowX !== "visible") found.push(`clipped: ${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 40)}`);
    const card = e.closest(".card"); if (!card || e === card) continue;
    const a = e.getBoundingClientRect(), b = card.getBoundingClientRect();
    if (a.width && (a.right > b.right + 1 || a.left < b.left - 1)) found.push(`outside its card: ${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 40)}`);
  }
  const texts = [...document.querySelectorAll("svg text")].filter((t) => t.textContent && t.getBoundingClientRect().width);
  for (let i = 0; i < texts.length; i++) for (let j = i + 1; j < texts.length; j++) {
    if (texts[i].closest("svg.chart, svg.loop") !== texts[j].closest("svg.chart, svg.loop")) continue;
    const a = texts[i].getBoundingClientRect(), b = texts[j].getBoundingClientRect();
    if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3) found.push(`texts cross: ${texts[i].textContent} / ${texts[j].textContent}`);
  }
  return found;
}"""


def look(page: Page, address: str, picture: Path, axe: bool) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address, wait_until="load")
    if page.locator("tb-map").count():
        page.wait_for_selector("tb-map[data-ready]", timeout=60_000, state="attached")
        page.wait_for_timeout(1500)
    page.screenshot(path=picture, full_page=True)
    problems = said + page.evaluate(OVERFLOWS)
    if axe:
        from axe_playwright_python.sync_playwright import Axe

        for violation in Axe().run(page).response["violations"]:
            nodes = "; ".join(f"{n['target']} {n.get('failureSummary', '')[:260]}" for n in violation["nodes"][:4])
            problems.append(f"axe {violation['id']} ({len(violation['nodes'])}): {nodes}")
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
    chromium = os.environ.get("TAKEBACK_CHROMIUM") or shutil.which("chromium")
    with sample_server() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
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
