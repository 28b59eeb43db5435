"""A centre in Chromium, a journey for each role, on the demo's centre; axe, the layout and the browser say nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from litestar import Litestar
from playwright.sync_api import Browser, Page, ViewportSize, expect

from takeback import store
from takeback.demo.centre.content import cast
from takeback.demo.centre.crew import accounts
from takeback.demo.centre.story import tell
from tests.store import servers
from tests.support.browser import PATIENCE_MS, UNMOVED, axe, browser
from tests.support.serving import served

__all__ = ["browser"]

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
OVERFLOWS = (Path(__file__).parent / "overflows.js").read_text("utf-8")
PICTURES = os.environ.get("TAKEBACK_PICTURES", "")
"""A folder where each page that is looked at is kept as a picture; none is kept without it."""
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
HARMLESS = (UNMOVED, "status of 422")


class Walk:
    """A person's way through the centre; what the browser, the layout or axe holds against a page is in `found`."""

    def __init__(self, page: Page, base: str, role: str) -> None:
        self.page, self.base, self.role = page, base, role
        self.found: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda told: self._say(told.text) if told.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self._say(str(error)))

    def _say(self, text: str) -> None:
        if not any(harmless in text for harmless in HARMLESS):
            self.found.append(f"{self.page.url}: {text}")

    def to(self, path: str) -> None:
        """Open a page and look at it: on the desk, and on a phone."""
        answer = self.page.goto(f"{self.base}{path}")
        if answer is None or answer.status >= 400:
            self._say(f"{path}: {answer.status if answer else 'no answer'}")
        self.look(path)

    def look(self, name: str) -> None:
        """Let axe and the layout's check look at the page."""
        for one in [*self.page.evaluate(OVERFLOWS), *axe(self.page)]:
            self._say(one)
        self._picture(f"{self.role}{name}")
        self.page.set_viewport_size(PHONE)
        for one in self.page.evaluate(OVERFLOWS):
            self._say(f"on a phone: {one}")
        self._picture(f"{self.role}{name}-phone")
        self.page.set_viewport_size(DESK)

    def _picture(self, name: str) -> None:
        if PICTURES:
            bare = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "id", name)
            self.page.screenshot(path=f"{PICTURES}/{re.sub(r'[^a-z0-9-]+', '_', bare)[:80]}.png", full_page=True)

    def press(self, name: str) -> None:
        """Press a button or follow a link in the page."""
        main = self.page.locator("main")
        main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()


Enter = Callable[[str], Walk]


@pytest.fixture(scope="module")
def base(browser: Browser, app: Litestar, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo's centre, told once and served on loopback. Without a browser it is not told."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch, servers.migrated() as urls:
        patch.setenv("TAKEBACK_HOME", str(home))
        store.open_database(urls.application, urls.owner)
        try:
            tell(home, lambda *_: None, now=NOW)
            with served(app) as address:
                yield address
        finally:
            store.close()


@pytest.fixture
def enter(browser: Browser, base: str) -> Iterator[Enter]:
    """Sign in as the person whose account the demo offers for a role."""
    opened: list[Page] = []
    offered = {one["role"]: one for one in accounts(cast())}

    def signed_in(role: str) -> Walk:
        page = browser.new_page(viewport=DESK)
        opened.append(page)
        page.goto(f"{base}/sign-in")
        page.locator("input[type=email]").fill(offered[role]["email"])
        page.locator("input[type=password]").fill(offered[role]["password"])
        page.locator("input[type=password]").press("Enter")
        page.wait_for_url(f"{base}/centre")
        return Walk(page, base, role)

    yield signed_in
    for page in opened:
        page.close()


def role(wanted: str) -> str:
    """Return the demo's word for a role, whose account it offers."""
    return next(person.account for person in cast().people if wanted in person.roles and person.account)


def test_a_company_states_a_problem(enter: Enter) -> None:
    """A mistake is told at its field; put right, the problem stands on the board with its history."""
    walk = enter(role("delegate"))
    page = walk.page
    walk.look("/centre")
    walk.to("/centre/problem")
    walk.press("New: Problem")
    page.fill("[name=title]", "Seals that leak after transport")
    page.fill("[name=title_zh]", "运输后密封泄漏")
    page.fill("[name=details]", "One pack in forty leaks.")
    page.fill("[name=criteria]", "One in a thousand at most")
    page.fill("[name=prize]", "many")
    walk.press("Record it")
    expect(page.locator("#f-prize-wrong")).to_contain_text("1,250.50")
    walk.look("/centre/problem/wrong")
    page.fill("[name=prize]", "50000")
    walk.press("Record it")
    expect(page.locator("h1")).to_contain_text("Seals that leak after transport")
    walk.look("/centre/problem/one")
    walk.to("/centre/call")
    assert walk.found == []


def test_a_professor_sees_projects_and_books_a_bench(enter: Enter) -> None:
    """The project page stands with timeline and money; a week of the calendar has its form."""
    walk = enter(role("researcher"))
    walk.to("/centre/proposals")
    walk.to("/centre/project")
    walk.page.locator("main tbody th a").first.click()
    expect(walk.page.get_by_text("How it stands")).to_be_visible()
    walk.look("/centre/project/one")
    walk.to("/centre/resource")
    walk.page.locator("main tbody th a").first.click()
    walk.press("Calendar")
    expect(walk.page.get_by_role("heading", name=re.compile("Calendar"))).to_be_visible()
    walk.look("/centre/resources/calendar")
    assert walk.found == []


def test_an_expert_finds_reviews_and_merges(enter: Enter) -> None:
    """Reviews are listed by call; the form to merge problems finds them by a few letters."""
    walk = enter(role("expert"))
    walk.to("/centre/reviews")
    if walk.page.locator("main tbody th a").count():
        walk.page.locator("main tbody th a").first.click()
        walk.look("/centre/reviews/call")
        walk.page.locator("main tbody th a").first.click()
        walk.look("/centre/reviews/call/one")
    walk.to("/centre/start/merge")
    with walk.page.expect_response(lambda answer: "/centre/pick" in answer.url):
        walk.page.locator("[name='originals.find']").fill("a")
    walk.to("/centre/source")
    assert walk.found == []


def test_a_manager_runs_the_centre(enter: Enter) -> None:
    """People, money with its trace, the ranking of a call, a report in one click with its progress."""
    walk = enter(role("manager"))
    page = walk.page
    for path in (
        "/centre/people",
        "/centre/member",
        "/centre/charter",
        "/centre/money",
        "/centre/task",
        "/centre/talent",
    ):
        walk.to(path)
    walk.to("/centre/money")
    page.locator("main tbody a").first.click()
    walk.look("/centre/money/one")
    walk.to("/centre/reports")
    page.locator("main .rows a").first.click()
    expect(page.locator("#files")).to_contain_text(".pdf")
    walk.look("/centre/report/one")
    walk.to("/centre/reports")
    walk.press("Make it")
    expect(page.locator(".making")).to_be_visible()
    assert walk.found == []


def test_an_authority_sees_what_it_guides_and_every_proof(enter: Enter) -> None:
    """The plan against its targets, a figure with each record behind it, and the proof of one."""
    walk = enter(role("authority"))
    page = walk.page
    walk.to("/centre/guided")
    walk.to("/centre/plan")
    walk.to("/centre/consultation")
    walk.to(f"/centre/figures?year={NOW.year}")
    walk.to(f"/centre/figures/results.papers?year={NOW.year - 1}")
    with page.expect_download() as download:
        page.get_by_role("link", name="proof").first.click()
    assert download.value.suggested_filename.startswith("proof-")
    assert walk.found == []


def test_a_student_keeps_consents_and_takes_a_credential_along(enter: Enter) -> None:
    """The portfolio is one's own; a consent is taken back in one form."""
    walk = enter(role("student"))
    page = walk.page
    walk.to("/centre/talent")
    walk.press("My portfolio")
    walk.look("/centre/talent/mine")
    walk.to("/centre/people/consents")
    page.get_by_label("I am counted in figures").uncheck()
    walk.press("Save")
    expect(page.get_by_role("status").first).to_contain_text("Your consents are recorded.")
    walk.to("/centre/course")
    page.get_by_role("button", name="中文").click()
    walk.look("/centre/course/zh")
    assert walk.found == []
