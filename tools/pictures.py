"""Take the pictures of a dispatcher's day and of the centre in docs/pictures, from a running console with the demo.

    python tools/pictures.py http://127.0.0.1:8321 desk centre [DRIVER_LINK]

`desk`: the day that is on the road, as the demo's owner sees it; `centre`: its overview, a blind review, a report;
with the link of one of the day's drivers, the phone, too.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.browser import ARGUMENTS, chromium  # noqa: E402 -- the folder is found by the line above

PICTURES = ROOT / "docs" / "pictures"
EMAIL, PASSWORD = "lin@chengliu.example", "takeback-demo"
MANAGER, EXPERT, AUTHORITY = (f"{name}@linjiang-centre.example" for name in ("shen", "jiang", "fang"))


def desk(browser: Browser, base: str) -> None:
    """Take the plan of the newest day on the road, in English, and that day as it runs, in Chinese and dark."""
    page = _signed_in(browser, base, EMAIL, "/plans", locale="en", theme="light")
    day = page.locator("tbody tr", has_text="on the road").first.locator("a").get_attribute("href")
    _take(page, f"{base}{day}", "plan.png")
    _prefer(page, locale="zh_Hans", theme="dark")
    _take(page, f"{base}{day}/running", "road-zh-dark.png")


def centre(browser: Browser, base: str) -> None:
    """Take the manager's overview, an expert's review, and in Chinese and dark the report that the authority reads."""
    page = _signed_in(browser, base, MANAGER, "/centre", locale="en", theme="light")
    page.screenshot(path=PICTURES / "centre.png")
    page = _signed_in(browser, base, EXPERT, "/centre/reviews", locale="en", theme="light")
    for _ in ("the call", "the proposal"):
        _follow(page, "main tbody th a")
    page.screenshot(path=PICTURES / "blind-review.png")
    page = _signed_in(browser, base, AUTHORITY, "/centre/reports", locale="zh_Hans", theme="dark")
    _follow(page, "main .rows a")
    page.screenshot(path=PICTURES / "centre-report-zh-dark.png")


def _signed_in(browser: Browser, base: str, email: str, path: str, **wanted: str) -> Page:
    """Return a page of somebody who signed in, as it is preferred."""
    page = browser.new_context(viewport={"width": 1440, "height": 960}).new_page()
    page.goto(f"{base}/sign-in?next={path}")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{base}{path}")
    _prefer(page, **wanted)
    return page


def _follow(page: Page, link: str) -> None:
    """Open what the first such link leads to."""
    address = page.locator(link).first.get_attribute("href")
    page.goto(f"{page.url.split('/centre')[0]}{address}")


def _prefer(page: Page, **wanted: str) -> None:
    """Press the switches at the top that are not set so already."""
    for name, value in wanted.items():
        switch = page.locator(f"form.switches button[name={name}][value={value}]")
        if switch.count():
            switch.click()
            page.wait_for_timeout(1000)  # a language loads the page anew, a theme does not


def _take(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.wait_for_selector("tb-map[data-ready]", state="attached")
    page.wait_for_timeout(1500)  # the map fades in
    page.screenshot(path=PICTURES / name)


def phone(browser: Browser, link: str) -> None:
    """Take a driver's page as a phone shows it."""
    page = browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=2)
    page.goto(link)
    page.wait_for_selector("tb-drive[data-ready]")
    page.screenshot(path=PICTURES / "phone.png")


def main() -> None:
    """Take all of them."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        parts = {"desk": desk, "centre": centre}
        for part in sys.argv[2:]:
            if part in parts:
                parts[part](browser, sys.argv[1])
            else:
                phone(browser, part)
        browser.close()


if __name__ == "__main__":
    main()
