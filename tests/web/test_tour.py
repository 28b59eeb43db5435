"""The README's five-minute tour, walked in Chromium on a driven world, in both languages."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import uvicorn
from playwright.sync_api import Browser, Page, expect

from takeback import store
from takeback.demo.cast import engage
from takeback.demo.goods_market import goods_market
from takeback.demo.parameters import Parameters, yangtze
from takeback.demo.world_job import fill
from takeback.operate import clock
from takeback.operate.spine.grade import Grading, grade
from takeback.operate.spine.receive import Receipt, Received, receive
from takeback.store.settings import Settings
from takeback.web.app import create_app
from tests.store import servers
from tests.support.browser import PATIENCE_MS, UNMOVED, axe, browser

__all__ = ["browser"]

TODAY = datetime(2026, 11, 22, tzinfo=UTC)
OWNER = "lin@chengliu.example"
_CENTRE = sa.text("select id, gln from site where kind = 'return_centre' order by code limit 1")
_ON_THE_WAY = sa.text(
    "select epc, mass_g, value_minor from item where stage = 'collected' and vertical = 'returns' order by key limit 6"
)


@pytest.fixture(scope="module")
def world(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A small world after 25 days, served on loopback; yields its address. Without a browser it is not driven."""
    home = tmp_path_factory.mktemp("tour")
    with pytest.MonkeyPatch.context() as patch, servers.opened():
        patch.setenv("TAKEBACK_HOME", str(home))
        fill(home, lambda *_: None, packs=60, parcels=400, days=25, today=TODAY)
        _grade_some_more(yangtze())
        with served(home) as address:
            yield address


def _grade_some_more(parameters: Parameters) -> None:
    """A driven day ends with its decisions; next morning a few parcels are received and graded, for a person."""
    actor = engage(parameters).actors["chengliu"]
    good = goods_market(parameters).conditions[0]
    with store.transaction(actor.org_id) as connection:
        now, site = clock.now(connection, actor.org_id), connection.execute(_CENTRE).one()
        place = f"https://id.gs1.org/414/{site.gln}"
        items = connection.execute(_ON_THE_WAY).all()
        lines = [Received(epc=item.epc, mass_g=item.mass_g) for item in items]
        receive(connection, actor, [Receipt(site_id=site.id, place=place, at=now + timedelta(hours=9), lines=lines)])
        gradings = [
            Grading(
                epc=item.epc,
                at=now + timedelta(hours=10),
                place=place,
                grade="A",
                method="checklist",
                originator="inspector 1",
                provenance="simulated",
                value_minor=item.value_minor,
                belief={good: 1.0},
            )
            for item in items
        ]
        grade(connection, actor, gradings)


class served:  # noqa: N801 -- a context manager, used as one
    """The application in a thread of this process, on a free port."""

    def __init__(self, home: Path) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        app = create_app(Settings.from_environment())
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        self.thread = threading.Thread(target=self.server.run, args=([self.socket],), daemon=True)

    def __enter__(self) -> str:
        self.thread.start()
        while not self.server.started:
            time.sleep(0.02)
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(timeout=10)
        self.socket.close()


class Walk:
    """A person's way through the console; what the browser or axe holds against a page is kept in `found`."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.found: list[str] = []
        page.on("console", lambda told: self._say(told.text) if told.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self._say(str(error)))
        page.on("request", lambda asked: None if _own(asked.url, base) else self._say(f"leaves: {asked.url}"))

    def _say(self, text: str) -> None:
        if UNMOVED not in text:
            self.found.append(f"{self.page.url}: {text}")

    def look(self) -> None:
        """Let axe look at the page."""
        for one in axe(self.page):
            self._say(one)

    def to(self, path: str, *, look: bool = True) -> None:
        """Follow the side bar's link, and look unless more is to come on that page."""
        self.page.click(f'.side a[href^="{path}"]')
        self.page.wait_for_url(re.compile(re.escape(self.base + path) + r"(/.*)?$"))
        if look:
            self.look()


def _own(url: str, base: str) -> bool:
    return url.startswith((base + "/", "data:", "blob:"))


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_tour(browser: Browser, world: str, language: str) -> None:
    """Sign in, accept a proposal, check its proof, see the plan, the balance, the ledger; nothing to complain about."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(PATIENCE_MS)
    walk = Walk(page, world)
    _sign_in(walk, language)
    _accept_one(walk)
    _verify_the_item(walk)
    _plan_of_the_day(walk)
    walk.to("/balance")
    expect(page.locator("tbody tr").first).to_be_visible()
    _verify_the_ledger(walk)
    walk.to("/import")
    walk.to("/settings")
    expect(page.locator("main td", has_text=OWNER)).to_be_visible()
    page.click(".user summary")
    page.click('form[action="/sign-out"] button')
    page.wait_for_url(f"{world}/sign-in")
    assert page.goto(f"{world}/settings") and page.url.startswith(f"{world}/sign-in")
    page.close()
    assert not walk.found


def _sign_in(walk: Walk, language: str) -> None:
    """The page offers the accounts of the demo world; one click signs in and shows the loop."""
    page = walk.page
    page.goto(walk.base)
    if page.locator("html").get_attribute("lang") != language:
        page.click('.switches button[name="locale"]')
    expect(page.locator("html")).to_have_attribute("lang", language)
    walk.look()
    page.click(f'.demo form:has(input[value="{OWNER}"]) button')
    page.wait_for_url(walk.base + "/")
    expect(page.locator("svg.loop .station")).to_have_count(6)
    assert ("\u56de\u6536" in (page.text_content("body") or "")) == (language == "zh-Hans")
    walk.look()


def _accept_one(walk: Walk) -> None:
    """The marked proposal leaves the queue; its page tells the decision with its options."""
    page = walk.page
    walk.to("/queues")
    row = page.locator("tbody tr", has=page.locator("i.dot:not(.tone-plain)")).first
    key = row.get_attribute("data-row")
    row.locator('input[name="key"]').check()
    page.click("#bulk .primary")
    page.click('#confirm button[value="yes"]')
    page.wait_for_url(re.compile("/queues/graded"))
    expect(page.locator(f'tr[data-row="{key}"]')).to_have_count(0)
    page.goto(f"{walk.base}/items/{key}")
    expect(page.locator(".option.chosen")).to_have_count(1)
    walk.look()


def _verify_the_item(walk: Walk) -> None:
    """What is under the signed checkpoint is proven on the page, and the proof can be taken away."""
    page = walk.page
    page.goto(f"{walk.base}/items?stage=recovered")
    walk.look()
    page.click("tbody th a")
    page.click('form[action$="/verify"] button')
    expect(page.locator("#verified .verified")).to_be_visible()
    expect(page.locator("#verified .tone-bad")).to_have_count(0)
    with page.expect_download() as download:
        page.click("a[download]")
    assert '"proofs"' in download.value.path().read_text("utf-8")
    walk.look()


def _plan_of_the_day(walk: Walk) -> None:
    """The newest plan shows its routes on the map and each route's stops in a table."""
    page = walk.page
    walk.to("/plans")
    page.click("tbody th a")
    page.wait_for_selector("tb-map[data-ready]", state="attached", timeout=PATIENCE_MS)
    expect(page.locator("section.sheet").first).to_be_visible()
    walk.look()


def _verify_the_ledger(walk: Walk) -> None:
    """The whole log is recomputed and agrees with its signed checkpoints."""
    page = walk.page
    walk.to("/ledger", look=False)
    page.click('form[action="/ledger/verify"] button')
    expect(page.locator(".verified").first).to_be_visible(timeout=30_000)
    expect(page.locator(".verified.tone-bad")).to_have_count(0)
    expect(page.locator("#checkpoint .tick")).to_have_count(1)  # without a reload
    expect(page.locator("#checkpoints .bad")).to_have_count(0)
    expect(page.locator("#checkpoints .tick").first).to_be_attached()
    walk.look()
