"""What people and programs send to be written: bad values are refused whole, and nothing of them is kept."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.operate import clock
from tests.support.people import People
from tests.support.workshop import EPC, Workshop, workshop
from tests.web.conftest import Client, problem

NOBODYS = "0192f3a0-0000-7000-8000-00000000dead"  # an id of nothing; tests have the same name in every process

HTML = {"accept": "text/html"}
THING = "https://id.gs1.org/01/06901234000016/21/B7"
PAGES = (
    "/",
    "/items",
    "/queues/ordered",
    "/queues/received",
    "/queues/graded",
    "/queues/decided",
    "/ledger",
    "/balance",
)


@pytest.fixture
def shop(people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """Alice's workshop, with one graded lamp."""
    monkeypatch.setenv("TAKEBACK_HOME", str(tmp_path))
    return workshop(people, tmp_path)


def item(shop: Workshop, **changed: Any) -> dict[str, Any]:
    return {
        "epc": THING,
        "code": "B7",
        "product_id": str(shop.product_id),
        "vertical": "returns",
        "level": "unit",
        "category": "home",
        "size": 19900,
        "mass_g": 400,
        "value_minor": 19_900,
        "currency": "CNY",
        "decay_per_day": 0.01,
        "provenance": {"mass": "declared"},
        **changed,
    }


def order(shop: Workshop, *items: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "number": "R-B7",
        "kind": "return",
        "site_id": str(shop.site_id),
        "ordered_at": "2026-11-22T08:00:00Z",
        "items": list(items) or [item(shop)],
        **changed,
    }


def receipt(shop: Workshop, **changed: Any) -> dict[str, Any]:
    at = "2026-11-22T09:00:00Z"
    lines = [{"epc": THING, "mass_g": 400}]
    return {"site_id": str(shop.site_id), "place": "urn:x", "at": at, "lines": lines, **changed}


def grading(**changed: Any) -> dict[str, Any]:
    return {
        "epc": EPC,
        "at": "2026-11-22T11:00:00Z",
        "place": "urn:x",
        "grade": "B",
        "method": "checklist",
        "originator": "bench",
        "provenance": "real",
        "value_minor": 12_000,
        **changed,
    }


def decision(**changed: Any) -> dict[str, Any]:
    return {
        "epc": EPC,
        "at": "2026-11-22T12:00:00Z",
        "disposition": "restock",
        "expected_minor": 5,
        "low_minor": 1,
        "high_minor": 9,
        "options": [{"disposition": "restock", "expected_minor": 5, "low_minor": 1, "high_minor": 9}],
        "why": [{"msgid": "It brings {option} more.", "params": {"option": "restock"}}],
        "by_kind": "person",
        "by_name": "me",
        **changed,
    }


def recovery(**changed: Any) -> dict[str, Any]:
    return {"epc": EPC, "at": "2026-11-22T13:00:00Z", "place": "urn:x", "realised_minor": 5, **changed}


def entries(people: People) -> int:
    with store.transaction(people.alice.org_id) as connection:
        return int(connection.scalar(sa.text("select count(*) from entry")) or 0)


BAD_ITEMS = [
    {"currency": "XXX"},
    {"product_id": NOBODYS},
    {"epc": ""},
    {"epc": "nonsense"},
    {"epc": "09506000134352"},  # a kind of thing
    {"epc": "https://id.gs1.org/01/06901234000017/21/B7"},  # its check digit
    {"code": ""},
    {"code": "a\nb"},
    {"code": "a\0b"},
    {"code": "x" * 5000},
    {"category": " "},
    {"value_minor": -1},
    {"value_minor": 2**63},
    {"decay_per_day": -1},
    {"decay_per_day": 1e308},
    {"size": 1e308},
    {"mass_g": -5},
    {"mass_g": 2**62},
    {"provenance": {"mass": "a lie"}},
]
BAD_ORDERS = [
    {"number": ""},
    {"number": "a\nb"},
    {"number": "\0"},
    {"number": "x" * 5000},
    {"items": []},
    {"site_id": NOBODYS},
    {"partner_id": NOBODYS},
    {"reason": "\u202eevil"},
    {"ordered_at": "9999-12-31T23:59:59Z"},
    {"ordered_at": "2999-01-01T00:00:00Z"},
    {"ordered_at": "0001-01-01T00:00:00Z"},
    {"ordered_at": "0001-01-01T00:00:00+14:00"},
    {"ordered_at": "2026-11-22T08:00:00"},
    {"window_begin": "0001-01-01T00:00:00+14:00"},
    {"window_end": "9999-12-31T23:59:59-14:00"},
    {"window_begin": "2026-11-23T00:00:00Z", "window_end": "2026-11-22T00:00:00Z"},
]
BAD_RECEIPTS = [
    {"site_id": NOBODYS},
    {"lines": []},
    {"lines": [{"epc": THING, "mass_g": 2**62}]},
    {"lines": [{"epc": THING, "mass_g": -1}]},
    {"at": "1900-01-01T00:00:00Z"},
    {"at": "2026-11-20T00:00:00Z"},  # before the order
    {"at": "0001-01-01T00:00:00+14:00"},
    {"place": ""},
    {"station": "\n"},
]
BAD_GRADINGS = [
    {"at": "0001-01-01T00:00:00Z"},
    {"at": "2999-01-01T00:00:00Z"},
    {"at": "2026-11-22T08:00:00Z"},  # before the receipt
    {"belief": {"a": -1}},
    {"belief": {"a": 5}},
    {"belief": {"a": 0.2, "b": 0.2}},
    {"belief": {"a": 1e308, "b": 1e308}},
    {"soh": 0.8},
    {"soh": 0.8, "soh_low": 0.9, "soh_high": 0.1},
    {"soh_low": 0.1},
    {"soh": 5.0, "soh_low": 5.0, "soh_high": 5.0},
    {"value_minor": 2**63},
    {"grade": ""},
    {"statements": [{"property": "soh", "text": "x", "method": "m", "originator": "o", "provenance": "real"}]},
    {"statements": [{"property": "p", "text": "x", "method": "m", "originator": "o", "provenance": "real"}] * 2},
    {"statements": [{"property": "p", "method": "m", "originator": "o", "provenance": "real"}]},
]
BAD_DECISIONS = [
    {"disposition": "zz"},
    {"disposition": "hold"},
    {"rule_disposition": "zz"},
    {"refund_minor": -5},
    {"expected_minor": 2**63},
    {"low_minor": 7},
    {"why": [{}]},
    {"why": [{"msgid": "{option.__class__}", "params": {"option": "x"}}]},
    {"why": [{"msgid": "{option:>999999999}", "params": {"option": "x"}}]},
    {"options": [{"disposition": "zz"}]},
    {"options": [{"disposition": "restock", "barred": {}}]},
    {"by_name": ""},
    {"at": "2026-11-22T08:00:00Z"},  # before the grading
]
BAD_RECOVERIES = [
    {"partner_id": NOBODYS},
    {"realised_minor": 2**63},
    {"outputs": {"steel": -5}},
    {"losses": {"steel": 2**63}},
    {"outputs": {"": 420}},
    {"at": "2026-11-22T08:00:00Z"},
]


@pytest.mark.parametrize("bad", BAD_ITEMS, ids=str)
def test_an_order_of_a_bad_item_is_refused(alice: Client, people: People, shop: Workshop, bad: dict[str, Any]) -> None:
    """Nothing of it is kept, and of the other order of the same batch neither."""
    good = order(shop, item(shop, epc=THING + "x", code="B8"), number="R-B8")
    _refused(alice, people, "orders", [good, order(shop, item(shop, **bad))])


@pytest.mark.parametrize("bad", BAD_ORDERS, ids=str)
def test_a_bad_order_is_refused(alice: Client, people: People, shop: Workshop, bad: dict[str, Any]) -> None:
    """Its number, its times, its places and its list of things are looked at."""
    _refused(alice, people, "orders", [order(shop, **bad)])


@pytest.mark.parametrize("bad", BAD_RECEIPTS, ids=str)
def test_a_bad_receipt_is_refused(alice: Client, people: People, shop: Workshop, bad: dict[str, Any]) -> None:
    """So are places that are not ours, masses that cannot be, and times before the order."""
    assert alice.post("/api/v1/orders", json=[order(shop)]).status_code == 201
    _refused(alice, people, "receipts", [receipt(shop, **bad)])


@pytest.mark.parametrize("bad", BAD_GRADINGS, ids=str)
def test_a_bad_grading_is_refused(alice: Client, people: People, shop: Workshop, bad: dict[str, Any]) -> None:
    """So are beliefs that are no probabilities and intervals that do not hold their value."""
    _refused(alice, people, "gradings", [grading(**bad)])


@pytest.mark.parametrize("bad", BAD_DECISIONS, ids=str)
def test_a_bad_decision_is_refused(alice: Client, people: People, shop: Workshop, bad: dict[str, Any]) -> None:
    """So are dispositions nobody knows, negative refunds, and reasons that are no sentences."""
    _refused(alice, people, "decisions", [decision(**bad)])


@pytest.mark.parametrize("bad", BAD_RECOVERIES, ids=str)
def test_a_bad_recovery_is_refused(alice: Client, people: People, shop: Workshop, bad: dict[str, Any]) -> None:
    """So are partners nobody knows."""
    assert alice.post("/api/v1/decisions", json=[decision()]).status_code == 201
    _refused(alice, people, "recoveries", [recovery(**bad)])


def _refused(client: Client, people: People, step: str, facts: list[dict[str, Any]]) -> None:
    before = entries(people)
    answer = client.post(f"/api/v1/{step}", json=facts)
    assert answer.status_code in {400, 409, 422}, answer.text
    assert answer.json()["errors"]
    assert entries(people) == before
    for page in PAGES:
        assert client.get(page, headers=HTML).status_code in {200, 303}, page


def test_all_that_is_wrong_is_told_at_once(alice: Client, shop: Workshop) -> None:
    """Each finding has its place in what was sent."""
    wrong = order(shop, item(shop, currency="XXX", code=""), item(shop, epc="x", code="B9"), number="")
    found = problem(alice.post("/api/v1/orders", json=[wrong]), 422, "spine.refused")
    places = {error["where"] for error in found["errors"]}
    assert places == {"/0/number", "/0/items/0/code", "/0/items/0/currency", "/0/items/1/epc"}


def test_a_thing_is_found_by_each_spelling_of_its_identifier(alice: Client, shop: Workshop) -> None:
    """It is kept under its canonical URI, so that one thing is one item."""
    urn = "urn:epc:id:sgtin:6901234.000001.B7"
    assert alice.post("/api/v1/orders", json=[order(shop, item(shop, epc=urn))]).status_code == 201
    again = order(shop, item(shop, epc="(01)06901234000016(21)B7", code="other"), number="R-B9")
    assert alice.post("/api/v1/orders", json=[again]).status_code == 409
    lines = [{"epc": urn, "mass_g": 400}]
    assert alice.post("/api/v1/receipts", json=[receipt(shop, lines=lines)]).status_code == 201
    assert alice.get("/api/v1/items?stage=received").json()["items"][0]["epc"] == THING


def test_the_good_is_taken(alice: Client, shop: Workshop) -> None:
    """What differs from the refused in one value goes through all steps."""
    for step, fact in (
        ("orders", order(shop)),
        ("receipts", receipt(shop)),
        ("gradings", grading(epc=THING, soh=0.8, soh_low=0.7, soh_high=0.9, belief={"good": 0.6, "bad": 0.4})),
        ("decisions", decision(epc=THING)),
        ("recoveries", recovery(epc=THING)),
    ):
        answer = alice.post(f"/api/v1/{step}", json=[fact])
        assert answer.status_code == 201, answer.text


def test_others_things_are_as_unknown_as_nobodys(charlie: Client, alice: Client, bob: Client, shop: Workshop) -> None:
    """Charlie learns nothing from naming what Alice has; Bob, her colleague, may work with it."""
    answers = []
    for site, product in ((shop.site_id, shop.product_id), (uuid4(), uuid4())):
        sent = order(shop, item(shop, product_id=str(product)), site_id=str(site))
        answer = problem(charlie.post("/api/v1/orders", json=[sent]), 422, "spine.refused")
        answers.append([(error["type"], error["where"], error["title"]) for error in answer["errors"]])
    assert answers[0] == answers[1]
    assert bob.post("/api/v1/orders", json=[order(shop)]).status_code == 201


def test_the_same_grading_is_taken_once(alice: Client, people: People, shop: Workshop) -> None:
    """Of eight at once one is kept, the others are told that it is there; another look later is another grading."""
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: alice.post("/api/v1/gradings", json=[grading()]).status_code, range(8)))
    assert sorted(codes) == [201] + [409] * 7
    repeated = problem(alice.post("/api/v1/gradings", json=[grading()]), 409, "spine.refused")
    assert repeated["errors"][0]["type"].endswith("spine.repeated")
    for changed in ({"at": "2026-11-22T11:30:00Z"}, {"at": "2026-11-22T11:30:00Z", "grade": "C"}):
        assert alice.post("/api/v1/gradings", json=[grading(**changed)]).status_code == 201


def test_a_customer_is_paid_back_once(alice: Client, shop: Workshop) -> None:
    """The same decision is refused as a repeat, another one must not pay again."""
    first = decision(refund_minor=500)
    assert alice.post("/api/v1/decisions", json=[first]).status_code == 201
    assert alice.post("/api/v1/decisions", json=[first]).status_code == 409
    again = problem(
        alice.post("/api/v1/decisions", json=[decision(refund_minor=500, at="2026-11-22T12:30:00Z")]),
        409,
        "spine.refused",
    )
    assert again["errors"][0]["type"].endswith("spine.refunded")


def test_a_simulated_world_has_its_own_time(people: People) -> None:
    """Its events may lie ahead of us; ours may not."""
    org = people.alice.org_id
    with store.transaction(org) as connection:
        _, ours = clock.bounds(connection, org)
        connection.execute(sa.text("update organisation set simulated = true where id = :org"), {"org": org})
        _, simulated = clock.bounds(connection, org)
    assert (simulated - ours).days >= 365


MASTERS: dict[str, Callable[[Workshop], dict[str, Any]]] = {
    "product": lambda _: {
        "id": str(uuid4()),
        "code": f"P{uuid4()}",
        "name": "Lamp",
        "name_zh": "台灯",
        "vertical": "returns",
        "level": "unit",
        "category": "lamp",
        "mass_g": 500,
        "value_minor": 1000,
        "currency": "CNY",
        "decay_per_day": 0.01,
        "provenance": {"value": "declared"},
    },
    "site": lambda _: {
        "id": str(uuid4()),
        "code": f"W{uuid4()}",
        "name": "Hall",
        "name_zh": "车间",
        "kind": "warehouse",
    },
    "vehicle": lambda shop: {
        "id": str(uuid4()),
        "code": f"V{uuid4()}",
        "site_id": str(shop.site_id),
        "count": 1,
        "capacity_kg": 900,
        "shift_begin_s": 0,
        "shift_end_s": 9000,
        "cost_fixed": 1,
        "cost_per_km": 1,
        "cost_per_hour": 1,
    },
    "battery_model": lambda shop: {
        "product_id": str(shop.product_id),
        "chemistry": "LFP",
        "energy_wh": 1,
        "rated_capacity_mah": 1,
    },
}


@pytest.mark.parametrize(
    ("subject", "bad"),
    [
        ("product", {"mass_g": -5}),
        ("product", {"mass_g": 2**63}),
        ("product", {"value_minor": -1}),
        ("product", {"decay_per_day": -3}),
        ("product", {"decay_per_day": 1e308}),
        ("product", {"currency": "XXX"}),
        ("product", {"code": ""}),
        ("product", {"code": "x" * 100_000}),
        ("product", {"name": "\0"}),
        ("product", {"gtin": "123"}),
        ("product", {"gtin": "09506000134353"}),
        ("product", {"provenance": {"value": "a lie"}}),
        ("site", {"lat": 999, "lon": 0}),
        ("site", {"lat": 0, "lon": 1e308}),
        ("site", {"lat": 1}),
        ("site", {"gln": "123"}),
        ("site", {"code": ""}),
        ("site", {"kind": "zz"}),
        ("vehicle", {"count": 2**40}),
        ("vehicle", {"shift_end_s": 0}),
        ("vehicle", {"site_id": NOBODYS}),
        ("battery_model", {"energy_wh": 0}),
        ("battery_model", {"product_id": NOBODYS}),
    ],
    ids=str,
)
def test_bad_master_data_is_refused(
    alice: Client, people: People, shop: Workshop, subject: str, bad: dict[str, Any]
) -> None:
    """And the ledger does not hear of it; the same row with a right value is taken."""
    before, good = entries(people), MASTERS[subject](shop)
    answer = alice.put(f"/api/v1/master/{subject}", json=[{**good, **bad}])
    assert answer.status_code == 422, answer.text
    assert entries(people) == before
    assert alice.put(f"/api/v1/master/{subject}", json=[good]).status_code == 204


def test_a_code_stands_for_one_row(alice: Client, shop: Workshop) -> None:
    """Under another id it is refused; the row itself may be corrected, and its code exchanged."""
    row = MASTERS["product"](shop)
    assert alice.put("/api/v1/master/product", json=[row]).status_code == 204
    twin = {**row, "id": str(uuid4())}
    found = problem(alice.put("/api/v1/master/product", json=[twin]), 409, "master.bad-rows")
    assert found["errors"][0]["where"] == "product /0/code"
    assert alice.put("/api/v1/master/product", json=[{**row, "name": "Better lamp"}]).status_code == 204
    assert alice.put("/api/v1/master/product", json=[{**row, "code": "other"}, twin]).status_code == 204


def test_ids_are_an_organisations_own(alice: Client, bob: Client, charlie: Client, shop: Workshop) -> None:
    """Charlie learns nothing from ids of Alice's, and changes nothing of hers; Bob may only look."""
    product = {**MASTERS["product"](shop), "id": str(shop.product_id), "name": "Charlie's"}
    assert charlie.put("/api/v1/master/product", json=[product]).status_code == 204
    assert charlie.put("/api/v1/master/product", json=[MASTERS["product"](shop)]).status_code == 204
    names = {row["name"] for row in alice.get("/api/v1/master/product").json()}
    assert "Charlie's" not in names
    answers = []
    for site in (shop.site_id, uuid4()):
        van = {**MASTERS["vehicle"](shop), "site_id": str(site)}
        answer = problem(charlie.put("/api/v1/master/vehicle", json=[van]), 422, "master.bad-rows")
        answers.append([(error["type"], error["where"], error["title"]) for error in answer["errors"]])
    assert answers[0] == answers[1]
    problem(bob.put("/api/v1/master/product", json=[MASTERS["product"](shop)]), 403, "identity.forbidden")


def test_what_has_no_price_does_not_take_the_queue(alice: Client, charlie: Client, shop: Workshop) -> None:
    """It is told with a link to it; what has prices is proposed, and can be accepted; Charlie sees none of it."""
    prices = {
        "condition": [{"vertical": "returns", "name": "good", "place": 0}],
        "outlet": [{"vertical": "returns", "disposition": "restock", "place": 0}],
        "price": [
            {
                "vertical": "returns",
                "category": "home",
                "condition": "good",
                "disposition": "restock",
                "price": 0.9,
                "price_sd": 0.1,
                "decay_per_day": 0.01,
                "days": 1,
                "cost": 1,
                "currency": "CNY",
                "source": "test",
            }
        ],
    }
    page = alice.get("/queues/graded", headers=HTML)
    assert page.status_code == 200
    assert "home: good" in page.text
    for subject, rows in prices.items():
        assert alice.put(f"/api/v1/master/{subject}", json=rows).status_code == 204
    assert "home: good" not in alice.get("/queues/graded", headers=HTML).text
    assert alice.post("/api/v1/orders", json=[order(shop, item(shop, category="cellar"))]).status_code == 201
    assert alice.post("/api/v1/receipts", json=[receipt(shop)]).status_code == 201
    graded = grading(epc=THING, grade="B", belief={"bad": 1.0})
    assert alice.post("/api/v1/gradings", json=[graded]).status_code == 201
    page = alice.get("/queues/graded", headers=HTML)
    assert "cellar: bad" in page.text
    assert "Restock" in page.text
    assert "cellar" not in charlie.get("/queues/graded", headers=HTML).text
    accepted = alice.post(f"/queues/graded/accept?key={shop.key}", data={})
    assert accepted.status_code == 303, accepted.text
    assert [i["epc"] for i in alice.get("/api/v1/items?stage=decided").json()["items"]] == [EPC]


def test_an_outlet_names_a_resource_that_is_there(alice: Client, shop: Workshop) -> None:
    """Else proposals would count on room that nobody knows."""
    outlet = {"vertical": "returns", "disposition": "refurbish", "place": 0, "resource": "bench"}
    bench = {"vertical": "returns", "name": "bench", "per_day": 2, "unit": "items", "source": "test"}
    problem(alice.put("/api/v1/master/outlet", json=[outlet]), 422, "master.bad-rows")
    assert alice.put("/api/v1/master/resource", json=[bench]).status_code == 204
    assert alice.put("/api/v1/master/outlet", json=[outlet]).status_code == 204


LEGACY = """
update item set currency = 'XQX', decay_per_day = 1e299, stage_since = '9999-12-31T23:59:59Z',
    ordered_at = '0001-01-01T00:00:00Z', provenance = '{"item": "a lie"}';
update decision set currency = 'XQX', why = '[{}, {"msgid": "{x.y} {", "params": {"x": "1"}}]',
    options = '[{"disposition": "zz", "barred": {}}, {"disposition": "restock", "expected_minor": 1}]';
update organisation set currency = 'QQQ'
"""


def test_what_was_taken_before_does_not_take_the_pages(alice: Client, people: People, shop: Workshop) -> None:
    """Values that earlier releases let in are shown as far as they can be, and all around them as ever."""
    assert alice.post("/api/v1/decisions", json=[decision()]).status_code == 201
    with store.transaction(people.alice.org_id) as connection:
        for statement in LEGACY.split(";"):
            connection.execute(sa.text(statement))
    for page in (*PAGES, f"/items/{shop.key}", "/search?q=JINHE", "/settings", "/import", "/plans"):
        assert alice.get(page, headers=HTML).status_code in {200, 303}, page


@pytest.mark.parametrize(
    "bad",
    [
        {"epcs": []},
        {"epcs": [THING, THING]},
        {"epcs": ["https://id.gs1.org/01/06901234000016/21/none"]},
        {"plan_id": NOBODYS},
        {"carrier": ""},
        {"place": "a\nb"},
        {"at": "2026-11-20T00:00:00Z"},  # before the order
        {"at": "2026-11-22T09:00:00"},
    ],
    ids=str,
)
def test_a_bad_collection_is_refused(alice: Client, people: People, shop: Workshop, bad: dict[str, Any]) -> None:
    """Its things, its plan and its time are looked at; what is right is taken, and with a plan of ours, too."""
    assert alice.post("/api/v1/orders", json=[order(shop)]).status_code == 201
    good = {"epcs": [THING], "at": "2026-11-22T09:00:00Z", "place": "urn:x", "carrier": "DHL"}
    _refused(alice, people, "collections", [{**good, **bad}])
    taken = alice.post("/api/v1/collections", json=[{**good, "plan_id": str(shop.plan_id)}])
    assert taken.status_code == 201, taken.text
