"""The console in Chromium, under its real content security policy: no violation, nothing clipped, keys work."""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import PATIENCE_MS, axe, browser
from tests.web.sample_server import sample_server
from tests.web.sample_views import PAGES

__all__ = ["browser"]

OVERFLOWS = (Path(__file__).parent / "overflows.js").read_text("utf-8")
MAIN = ("home", "queue", "item", "item-proposed", "plan", "import-report", "ledger-entry", "plan-day", "plan-running")
ON_THE_ROAD = ("drive",)
VARIANTS = {"en-light": ("en", "light", 1440), "zh-dark": ("zh_Hans", "dark", 1440), "phone": ("zh_Hans", "light", 390)}


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with sample_server() as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1440, "height": 900})
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("name", "variant"),
    [(name, "en-light") for name in PAGES]
    + [(name, "zh-dark") for name in MAIN]
    + [(name, "phone") for name in (*MAIN, *ON_THE_ROAD)],
)
def test_a_page_is_accessible_and_fits(browser: Browser, base: str, name: str, variant: str) -> None:
    """WCAG 2.2 AA by axe; no text crosses another, nothing leaves its card, the browser has nothing to say."""
    locale, theme, width = VARIANTS[variant]
    page = browser.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{base}/{name}?locale={locale}&theme={theme}")
    if page.locator("tb-map").count():
        page.wait_for_selector("tb-map[data-ready]", state="attached", timeout=PATIENCE_MS)
    found = [*said, *page.evaluate(OVERFLOWS), *axe(page)]
    page.close()
    assert not found


def test_the_queue_is_worked_with_the_keyboard(page: Page, base: str) -> None:
    """J moves down, X marks, the bar for marked items appears, Ctrl K goes to the search."""
    page.goto(f"{base}/queue")
    page.wait_for_function("() => Boolean(customElements.get('tb-queue') && window.htmx)")
    assert page.locator("tr.on").get_attribute("data-row") == f"{0:016x}"
    page.keyboard.press("j")
    assert page.locator("tr.on").get_attribute("data-row") == f"{1:016x}"
    assert not page.locator("#bulk").is_visible()
    page.keyboard.press("x")
    assert page.locator("#bulk").is_visible()
    assert page.locator("[data-marked]").text_content() == "1"
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("jjx")
    assert page.locator("[data-marked]").text_content() == "1", "keys in a field are text"


def test_enter_accepts_what_is_marked_before_what_is_chosen(page: Page, base: str) -> None:
    """With rows marked, Enter asks about them; without, it presses the chosen item's button."""
    page.goto(f"{base}/queue")
    page.wait_for_function("() => Boolean(customElements.get('tb-queue') && window.htmx)")
    page.keyboard.press("x")
    page.locator("h1").click()
    page.keyboard.press("Enter")
    assert "all marked items" in (page.locator("#confirm-text").text_content() or "")
    page.locator("#confirm").get_by_role("button", name="Cancel").click()
    page.locator("[data-unmark]").click()
    page.locator("h1").click()
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.keyboard.press("Enter")
    assert sent.value.url.endswith("/items/0/accept")


def test_a_reason_is_asked_and_sent(page: Page, base: str) -> None:
    """The dialog waits for the reason, and the form brings it."""
    page.goto(f"{base}/item")
    page.wait_for_function("() => Boolean(customElements.get('tb-theme'))")
    page.evaluate("document.querySelector('form[data-confirm]').dataset.asks = 'Your reason'")
    page.get_by_role("button", name="Choose another").click()
    dialog = page.locator("#confirm")
    dialog.get_by_role("button", name="Do it").click()
    assert dialog.is_visible(), "no answer without a reason"
    dialog.get_by_label("Your reason").fill("the customer asked")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        dialog.get_by_role("button", name="Do it").click()
    assert "reason=the+customer+asked" in (sent.value.post_data or "")


def test_no_pin_of_the_map_covers_another(page: Page, base: str) -> None:
    """Stops that lie close are pushed apart until each number can be read."""
    page.goto(f"{base}/plan")
    page.wait_for_selector("tb-map[data-ready]", state="attached", timeout=PATIENCE_MS)
    page.wait_for_timeout(500)
    middles = page.eval_on_selector_all(
        ".pin", "pins => pins.map(p => p.getBoundingClientRect()).map(b => [b.x + b.width / 2, b.y + b.height / 2])"
    )
    apart = [hypot(a[0] - b[0], a[1] - b[1]) for n, a in enumerate(middles) for b in middles[:n]]
    assert middles
    assert min(apart) > 15


def test_on_a_phone_the_page_we_are_on_stands_in_sight(browser: Browser, base: str) -> None:
    """The strip of pages is scrolled to the present one, and what accepts is in reach."""
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{base}/settings?locale=zh_Hans")
    page.wait_for_function("() => Boolean(customElements.get('tb-theme'))")
    box = page.locator('.side [aria-current="page"]').bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.goto(f"{base}/queue")
    accept = page.locator("#detail .button.primary").bounding_box()
    assert accept
    assert accept["y"] + accept["height"] <= 800
    page.close()


def test_choosing_a_row_brings_its_card(page: Page, base: str) -> None:
    """htmx asks for the same page with the item chosen, and takes its card alone."""
    page.goto(f"{base}/queue")
    page.wait_for_function("() => Boolean(customElements.get('tb-queue') && window.htmx)")
    with page.expect_request(lambda request: "selected=" in request.url) as asked:
        page.keyboard.press("j")
    assert f"selected={1:016x}" in asked.value.url
    assert asked.value.headers["hx-request"] == "true"
    page.wait_for_selector("#detail h2")


def test_what_cannot_be_taken_back_asks_first(page: Page, base: str) -> None:
    """Cancel sends nothing; the answer yes sends the form once."""
    page.goto(f"{base}/item")
    page.wait_for_function("() => Boolean(customElements.get('tb-theme'))")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name="Choose another").click()
    dialog = page.locator("#confirm")
    assert dialog.is_visible()
    assert "choose again?" in (dialog.text_content() or "")
    dialog.get_by_role("button", name="Cancel").click()
    assert not dialog.is_visible()
    assert sent == []
    page.get_by_role("button", name="Choose another").click()
    with page.expect_request(lambda request: request.method == "POST"):
        dialog.get_by_role("button", name="Do it").click()
    assert len(sent) == 1


def test_the_theme_changes_at_once_and_the_server_is_told(page: Page, base: str) -> None:
    """Without a new page; the button then offers the other theme."""
    page.goto(f"{base}/home?theme=light")
    page.wait_for_function("() => Boolean(customElements.get('tb-theme'))")
    with page.expect_request(lambda request: request.method == "POST") as told:
        page.locator("tb-theme button").click()
    assert "theme=dark" in (told.value.post_data or "")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.locator("tb-theme button").text_content() == "Light"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 21, 19)"


def test_progress_moves_by_itself(page: Page, base: str) -> None:
    """The bar asks the server every second and is replaced by the answer."""
    page.goto(f"{base}/home-filling")
    with page.expect_request(lambda request: request.url.endswith("/progress"), timeout=PATIENCE_MS):
        pass
    page.wait_for_selector("#job-7f3a progress")


def test_help_opens_with_the_question_mark(page: Page, base: str) -> None:
    """Every shortcut is written down one key away."""
    page.goto(f"{base}/home")
    page.wait_for_function("() => Boolean(customElements.get('tb-theme'))")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()
