"""A dispatcher's day in Chromium, from the orders to the drivers' phones; axe and the browser have nothing to say."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from litestar import Litestar
from playwright.sync_api import Browser, Page, expect

from takeback import store
from takeback.operate import collection
from takeback.store import jobs
from tests.operate.collection.day_world import DAY, QUICK, ZONE, DayWorld, new_day
from tests.support.browser import PATIENCE_MS, UNMOVED, axe, browser
from tests.support.people import PASSWORD, People, people
from tests.support.serving import served

__all__ = ["browser", "people"]

OVERFLOWS = (Path(__file__).parent / "overflows.js").read_text("utf-8")
# The phone offline, also while it asks for its worker; a page left while it fades in.
HARMLESS = ("ERR_INTERNET_DISCONNECTED", "error occurred when fetching the script", UNMOVED)
_NEWEST = sa.text("select job_id from planning_run where plan_id is null order by created_at desc limit 1")
_QUICK = sa.text(
    """update planning_run set options = (options::jsonb || '{"iterations": 60}')::json where job_id = :job"""
)
TOMORROW = datetime.now(UTC).astimezone(ZONE).date() + timedelta(days=1)
HOURS = 24 * (TOMORROW - DAY).days


class Walk:
    """The dispatcher's way; what the browser or axe holds against a page is kept in `found`."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.found: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda told: self._say(told.text) if told.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self._say(str(error)))

    def _say(self, text: str) -> None:
        if not any(harmless in text for harmless in HARMLESS):
            self.found.append(f"{self.page.url}: {text}")

    def look(self) -> None:
        """Let axe and the layout's check look at the page."""
        if self.page.locator("tb-map").count():
            self.page.wait_for_selector("tb-map[data-ready]", state="attached")
        for one in [*self.page.evaluate(OVERFLOWS), *axe(self.page)]:
            self._say(one)

    def press(self, name: str, *, sure: bool = False) -> None:
        """Press a button; `sure`: and say yes to what it asks."""
        self.page.get_by_role("button", name=re.compile(f"^{name}")).first.click()
        if sure:
            self.page.locator("#confirm").get_by_role("button", name="Do it").click()


@pytest.fixture
def world(people: People) -> DayWorld:
    """Six dealers with a pack each, two vans, tomorrow."""
    made = new_day(people.alice.actor)
    for partner in range(6):
        made.ordered(partner, packs=1 + partner % 2, begin=HOURS + 8, end=HOURS + 17)
    return made


@pytest.fixture
def base(app: Litestar, world: DayWorld) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture
def walk(browser: Browser, base: str, people: People) -> Iterator[Walk]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    walk = Walk(page, base)
    page.goto(f"{base}/sign-in?next=/plans")
    page.fill("[name=email]", people.alice.email)
    page.fill("[name=password]", PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(f"{base}/plans")
    yield walk
    page.close()


def test_a_day_is_planned_compared_sent_driven_and_changed(walk: Walk, browser: Browser, world: DayWorld) -> None:
    """The whole way as a person walks it, in two browsers: the dispatcher's and the driver's."""
    page = walk.page
    _plan(walk, world)
    first = page.url
    _looks_at_stops(walk)
    _files(walk)
    page.get_by_role("link", name="This day").click()
    _plan(walk, world, vans=1, note="one van")
    expect(page.locator(".warned")).to_contain_text("instead of 2000 kg")
    _compare(walk)
    page.goto(first)
    walk.press("Accept", sure=True)
    expect(page.locator("h1 .chip")).to_have_text("accepted")
    links = _send(walk)
    _drive(walk, browser, links[0])
    _change(walk, world, first)
    assert walk.found == []


def _plan(walk: Walk, world: DayWorld, *, vans: int = 2, note: str = "") -> None:
    """From the list or the day to a plan; the search is watched until it leads to the plan."""
    page = walk.page
    if page.url.endswith("/plans"):
        walk.look()
        page.locator("#plan-day").fill(TOMORROW.isoformat())
        walk.press("Plan a day")
    page.get_by_text("10 s").click()
    page.locator("[name='vehicle:VAN']").fill(str(vans))
    page.locator("[name=note]").fill(note)
    walk.look()
    walk.press("Plan this day")
    page.wait_for_selector("#planning progress")
    searching = threading.Thread(target=_search, args=(world,))
    searching.start()
    page.wait_for_url(re.compile(r"/plans/[0-9a-f-]{36}$"))
    searching.join()
    expect(page.locator("h1")).to_contain_text(str(TOMORROW.year))


def _search(world: DayWorld) -> None:
    with store.transaction(world.actor.org_id) as connection:
        job = connection.scalar(_NEWEST)
        connection.execute(_QUICK, {"job": job})
    jobs.run(world.actor.org_id, job)


def _looks_at_stops(walk: Walk) -> None:
    """A stop chosen in the table or the timetable shows its card; the loads take the timetable's place."""
    page = walk.page
    walk.look()
    page.locator(".sheet a[data-stop]").first.click()
    card = page.locator(".stop-card.on")
    expect(card).to_contain_text("Window")
    expect(card).to_contain_text("CO-00")
    page.keyboard.press("j")
    expect(page.locator(".stop-card.on .stop-nr")).to_have_text("2")
    page.locator(".gantt [data-stop]").nth(0).click()
    expect(page.locator(".stop-card.on .stop-nr")).to_have_text("1")
    page.keyboard.press("Escape")
    expect(page.locator(".stop-card.on")).to_have_count(0)
    page.locator(".segments label", has_text="Load profile").click()
    expect(page.locator("[data-pane=load]")).to_be_visible()
    expect(page.locator("[data-pane=time]")).to_be_hidden()
    walk.look()


def _files(walk: Walk) -> None:
    """Every kind of file can be taken away and holds the stops."""
    address = walk.page.url
    for ending, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("geojson", b"{"), ("gpx", b"<?xml")):
        answer = walk.page.request.get(f"{address}/export/{ending}")
        assert answer.status == 200, answer.text()
        assert answer.body().startswith(begins)
        assert ending == "xlsx" or b"CO-001" in answer.body()


def _compare(walk: Walk) -> None:
    page = walk.page
    page.get_by_role("link", name="Compare").click()
    expect(page.locator("h1")).to_have_text("2 plans")
    expect(page.locator(".compare .best").first).to_be_visible()
    walk.look()


def _send(walk: Walk) -> list[str]:
    """Send the routes; return the links that the drivers get."""
    page = walk.page
    page.get_by_role("link", name="Send to the drivers").click()
    walk.look()
    page.locator("[name=driver-1]").fill("Li Na")
    walk.press("Send to the drivers", sure=True)
    page.wait_for_selector(".link-card .qr-code")
    walk.look()
    return [link.get_attribute("href") or "" for link in page.get_by_role("link", name="Open the driver's page").all()]


def _drive(walk: Walk, browser: Browser, link: str) -> None:
    """A phone of 360 pixels without a network: what the driver says is kept, and sent when there is one again."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    driver = Walk(page, walk.base)
    page.goto(link)
    page.wait_for_selector("tb-drive[data-ready]")
    driver.look()
    context.set_offline(True)
    stop = page.locator(".stop").nth(0)
    stop.locator("[name=weight]").fill("301,5")
    pad = stop.locator("canvas").bounding_box()
    assert pad
    page.mouse.move(pad["x"] + 20, pad["y"] + 20)
    page.mouse.down()
    page.mouse.move(pad["x"] + 120, pad["y"] + 80, steps=4)
    page.mouse.up()
    stop.get_by_role("button", name="Done").click()
    expect(page.locator("[data-sync]")).to_contain_text("Not yet sent: 1")
    context.set_offline(False)
    expect(page.locator("[data-sync]")).to_have_text("Everything is sent")
    expect(stop).to_have_class(re.compile("state-done"))
    second = page.locator(".stop").nth(1)
    second.get_by_text("Could not").click()
    second.locator(".failed .reason", has_text="Nobody there").click()
    second.get_by_role("button", name="Tell the dispatcher").click()
    expect(second).to_have_class(re.compile("state-failed"))
    page.reload()
    expect(page.locator(".stop.state-done")).to_have_count(1)
    expect(page.locator(".aboard .figure")).to_contain_text("302 kg")
    walk.found += driver.found
    context.close()


def test_a_route_is_loaded_again_without_a_network(browser: Browser, base: str, world: DayWorld) -> None:
    """The phone keeps the page; without a network it says of when it is, and what was told meanwhile is sent later."""
    phone = _phones(world)[0]
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{base}/drive/{phone.token}")
    page.wait_for_selector("tb-drive[data-kept]")
    context.set_offline(True)
    page.reload()
    expect(page.locator("[data-copy]")).to_contain_text("No network: this is the page as it was at ")
    page.locator(".stop").nth(0).get_by_role("button", name="Done").click()
    expect(page.locator("[data-sync]")).to_contain_text("Not yet sent: 1")
    page.reload()
    expect(page.locator(".stop.state-waiting")).to_have_count(1)
    context.clear_cookies()  # the browser was closed meanwhile: the copy's token is worth nothing any more
    context.set_offline(False)
    expect(page.locator("[data-sync]")).to_have_text("Everything is sent")
    expect(page.locator(".stop.state-done")).to_have_count(1)
    assert world.column("select outcome from stop_confirmation") == ["done"]
    page.reload()
    expect(page.locator("[data-copy]")).to_be_hidden()
    context.close()


def test_what_waits_is_sent_by_the_new_link_when_the_old_one_has_ended(
    browser: Browser, base: str, world: DayWorld
) -> None:
    """A confirmation made without a network outlives its link: it stays on the phone, and the new link sends it."""
    phone = _phones(world)[0]
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{base}/drive/{phone.token}")
    page.wait_for_selector("tb-drive[data-ready]")
    context.set_offline(True)
    page.locator(".stop").nth(0).get_by_role("button", name="Done").click()
    expect(page.locator("[data-sync]")).to_contain_text("Not yet sent: 1")
    renewed = world.run(collection.renew_phone, phone.route.id)
    context.set_offline(False)
    expect(page.locator(".stop.state-waiting [data-said]")).to_contain_text("link")
    expect(page.locator("[data-sync]")).to_contain_text("Not yet sent: 1")
    page.goto(f"{base}/drive/{renewed.token}")
    expect(page.locator(".stop.state-done")).to_have_count(1)
    expect(page.locator("[data-sync]")).to_have_text("Everything is sent")
    assert world.column("select outcome from stop_confirmation") == ["done"]
    context.close()


def _phones(world: DayWorld) -> list[collection.Phone]:
    """Plan, accept and send a day; return the drivers' links."""
    job = world.run(collection.start_planning, world.site, TOMORROW, options=QUICK)
    world.run(collection.accept, world.worked(job))
    plan = world.ask(collection.plan_to_drive, world.site, TOMORROW)
    named = [collection.Assignment(vehicle=r["vehicle"], number=r["number"]) for r in plan["routes"]]
    return list(world.run(collection.dispatch, world.site, TOMORROW, named))


def _change(walk: Walk, world: DayWorld, plan: str) -> None:
    """The day shows what was done; an order that comes in is inserted; a van breaks down."""
    page = walk.page
    world.ordered(2, begin=HOURS + 8, end=HOURS + 17)
    page.goto(f"{plan}/running")
    expect(page.locator(".strip .figure").first).to_contain_text("1 of 6")
    walk.look()
    page.get_by_role("link", name=re.compile("Where does")).first.click()
    expect(page.locator(".proposal")).to_contain_text("km")
    walk.look()
    walk.press("Insert")
    page.wait_for_url(re.compile("running$"))
    expect(page.locator(".strip .figure").first).to_contain_text("1 of 7")
    expect(page.locator(".proposal")).to_have_count(0)
    walk.press("Broken down", sure=True)
    expect(page.locator(".run .chip.tone-bad")).to_have_text("broken down")
    walk.look()
    walk.press("Drives again", sure=True)
    expect(page.locator(".link-card .qr-code")).to_have_count(1)


def test_a_day_without_vehicles_or_orders_says_what_to_do(walk: Walk, world: DayWorld) -> None:
    """A day on which nothing waits is no dead end, and an odd day or site is refused in words."""
    page = walk.page
    page.goto(f"{walk.base}/plans/day?site={world.site}&day={date(2020, 1, 1)}")
    expect(page.locator("main")).to_contain_text("Nothing waits for this day.")
    walk.look()
    assert page.request.get(f"{walk.base}/plans/day?site=nonsense").status == 404
    assert page.request.get(f"{walk.base}/plans/compare?plan=nonsense").status == 404
    assert page.request.get(f"{walk.base}/drive/nonsense").status == 404
    assert walk.found == []


def test_a_part_is_handed_over_and_what_cannot_be_taken_is_said(browser: Browser, base: str, world: DayWorld) -> None:
    """Unticking an item hands over the others, with a reason; a weight that cannot be is refused in words."""
    full = max(_phones(world), key=lambda phone: max(len(s.items) for s in collection.route_for(phone.token).stops))
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{base}/drive/{full.token}")
    page.wait_for_selector("tb-drive[data-ready]")
    stop = page.locator(".stop", has=page.locator("[name=item] >> nth=1")).first
    if not stop.locator("form").is_visible():
        stop.locator("summary").first.click()
    stop.locator(".things > summary").click()
    stop.locator("[name=item]").first.uncheck()
    stop.locator("[name=part]").select_option("not-ready")
    stop.locator("[name=weight]").fill("9999999999")
    stop.get_by_role("button", name="Done").click()
    expect(stop.locator("[data-said]")).to_contain_text("Refused")
    expect(stop.locator("form")).to_be_visible()
    stop.locator("[name=weight]").fill("300")
    stop.get_by_role("button", name="Done").click()
    expect(stop.locator("[data-said]")).to_have_text("Sent")
    assert world.column("select outcome || ' ' || reason from stop_confirmation") == ["partly not-ready"]
    page.close()


def test_a_vehicle_that_takes_over_gets_its_link(walk: Walk, world: DayWorld) -> None:
    """A van that no driver had yet takes over from one that broke down; it is sent, the other's link stays."""
    job = world.run(collection.start_planning, world.site, TOMORROW, options=QUICK)
    plan = world.worked(job)
    world.run(collection.accept, plan)
    routes = world.ask(collection.plan_to_drive, world.site, TOMORROW)["routes"]
    first = collection.Assignment(vehicle=routes[0]["vehicle"], number=routes[0]["number"], driver="Li Na")
    world.run(collection.dispatch, world.site, TOMORROW, [first])
    page = walk.page
    page.goto(f"{walk.base}/plans/{plan}/running")
    spare = len(routes) - 1
    if not spare:
        walk.press("Broken down", sure=True)
        expect(page.locator(".run .chip.tone-bad")).to_have_text("broken down")
    expect(page.locator(".run .chip", has_text="not sent").first).to_be_visible()
    walk.look()
    page.locator(".run").get_by_role("link", name="Send").first.click()
    walk.look()
    walk.press("Send to the drivers", sure=True)
    expect(page.locator(".link-card .qr-code")).to_have_count(max(1, spare))
    assert len(world.column("select id from dispatched_route")) == 1 + max(1, spare)
    assert walk.found == []
