"""Take the pictures of a dispatcher's day in docs/pictures, from a running console.

    python tools/pictures.py http://127.0.0.1:8321 [DRIVER_LINK]

The day that is on the road, as the demo's owner sees it; with the link of one of its drivers, the phone, too.
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


def desk(browser: Browser, base: str) -> None:
    """Take the plan of the newest day on the road, in English, and that day as it runs, in Chinese and dark."""
    page = browser.new_page(viewport={"width": 1440, "height": 960})
    page.goto(f"{base}/sign-in?next=/plans")
    page.fill("[name=email]", EMAIL)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("textbox", name="Password").press("Enter")
    page.wait_for_url(f"{base}/plans")
    _prefer(page, locale="en", theme="light")
    day = page.locator("tbody tr", has_text="on the road").first.locator("a").get_attribute("href")
    _take(page, f"{base}{day}", "plan.png")
    _prefer(page, locale="zh_Hans", theme="dark")
    _take(page, f"{base}{day}/running", "road-zh-dark.png")


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
        desk(browser, sys.argv[1])
        for link in sys.argv[2:]:
            phone(browser, link)
        browser.close()


if __name__ == "__main__":
    main()
