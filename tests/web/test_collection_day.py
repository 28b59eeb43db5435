"""A day of collection over HTTP: Alice plans and accepts, Bob dispatches, a phone confirms; Charlie sees none of it."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from uuid import UUID, uuid4

import pytest

from takeback.core.problem import Problem
from takeback.operate import clock, collection
from tests.operate.collection.day_world import DAY, JPEG, PNG, DayWorld, at, new_day
from tests.support.people import People
from tests.web.conftest import Client, problem

URL = "/api/v1/collection"


@pytest.fixture
def world(people: People) -> DayWorld:
    """Alice's day with five orders, not planned yet."""
    world = new_day(people.alice.actor)
    for partner in range(5):
        world.ordered(partner)
    return world


def _of_day(world: DayWorld) -> dict[str, str]:
    return {"site": str(world.site), "day": DAY.isoformat()}


def _asked(world: DayWorld, **more: Any) -> dict[str, Any]:
    return {"site_id": str(world.site), "day": DAY.isoformat(), **more}


def _confirmation(stop: str, hour: float, **more: Any) -> dict[str, Any]:
    return {"key": str(uuid4()), "stop": stop, "outcome": "done", "at": at(hour).isoformat(), **more}


def _driven(world: DayWorld, alice: Client) -> list[dict[str, Any]]:
    """Plan, accept and dispatch; return the phones."""
    plan = world.planned()
    assert alice.post(f"{URL}/acceptances", json={"plan_id": str(plan)}).status_code == 201
    routes = alice.get(f"/api/v1/plans/{plan}").json()["routes"]
    named = [{"vehicle": r["vehicle"], "number": r["number"], "driver": "Li Na"} for r in routes]
    answer = alice.post(f"{URL}/dispatches", json=_asked(world, routes=named))
    assert answer.status_code == 201, answer.text
    phones: list[dict[str, Any]] = answer.json()
    return phones


def test_a_day_over_http(world: DayWorld, alice: Client, bob: Client, visitor: Client) -> None:
    """From the job to the last stop; Bob does what his colleague does, the phone needs its token alone."""
    options = {"iterations": 40, "note": "morning"}
    started = bob.post(f"{URL}/plannings", json=_asked(world, options=options))
    assert (started.status_code, started.json()["state"]) == (201, "queued")
    job = started.json()["job_id"]
    world.worked(UUID(job))
    made = alice.get(f"{URL}/plannings/{job}").json()
    assert (made["state"], made["percent"], made["plan_id"]) == ("succeeded", 100, job)
    assert [one["job_id"] for one in alice.get(f"{URL}/plannings", params=_of_day(world)).json()] == [job]
    assert bob.post(f"{URL}/acceptances", json={"plan_id": job}).status_code == 201
    (choice,) = alice.get(f"{URL}/plans", params=_of_day(world)).json()
    assert (choice["accepted"], choice["note"]) == (True, "morning")
    routes = [{"vehicle": "VAN", "number": n} for n in range(1, choice["routes"] + 1)]
    phones = bob.post(f"{URL}/dispatches", json=_asked(world, routes=routes)).json()
    for phone in phones:
        token = {"Route-Token": phone["token"]}
        for number, stop in enumerate(visitor.get("/api/v1/phone/route", headers=token).json()["stops"]):
            said = _confirmation(stop["stop"], 9 + number / 3, weight_kg=301.2)
            answer = visitor.post("/api/v1/phone/stops", json=said, headers=token)
            assert answer.status_code == 201, answer.text
    progress = alice.get(f"{URL}/progress", params=_of_day(world)).json()
    assert (progress["done"], progress["open"]) == (5, 0)
    confirmed = alice.get(f"{URL}/confirmations", params=_of_day(world)).json()
    assert [one["weight_g"] for one in confirmed] == [301_200] * 5


def test_the_day_changes_while_it_runs(world: DayWorld, alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """One pickup more, the rest anew, a van that breaks down; each is the plan that is driven then."""
    phones = _driven(world, alice)
    monkeypatch.setattr(clock, "now", lambda *_: at(8.5))
    inserted = alice.post(f"{URL}/insertions", json=_asked(world, order=world.ordered(5)))
    assert inserted.status_code == 201, inserted.text
    again = alice.post(f"{URL}/replans", json=_asked(world, options={"iterations": 20}))
    assert again.status_code == 201
    broken = alice.post(f"{URL}/routes/{phones[0]['route']['id']}/breakdown", json={"note": "clutch"})
    assert broken.status_code == 201
    (driven,) = [one for one in alice.get(f"{URL}/plans", params=_of_day(world)).json() if one["accepted"]]
    assert (driven["id"], driven["revises"]) == (broken.json()["plan_id"], inserted.json()["plan_id"])
    assert driven["cause"]["kind"] == "breakdown"
    problem(alice.post(f"{URL}/routes/{phones[0]['route']['id']}/breakdown", json={}), 409, "collection.broken-already")


def test_charlie_finds_nothing_of_it(world: DayWorld, alice: Client, charlie: Client) -> None:
    """Whatever id of hers he names: it is not there. Her names and orders are in no answer."""
    phones = _driven(world, alice)
    route = phones[0]["route"]["id"]
    for path in ("plannings", "plans", "routes", "confirmations"):
        assert charlie.get(f"{URL}/{path}", params=_of_day(world)).json() == []
    problem(charlie.get(f"{URL}/progress", params=_of_day(world)), 409, "collection.none-accepted")
    problem(charlie.post(f"{URL}/routes/{route}/phone"), 404, "collection.no-route")
    problem(charlie.delete(f"{URL}/routes/{route}/phone"), 404, "collection.no-route")
    problem(charlie.post(f"{URL}/routes/{route}/stops", json=_confirmation("CO-001", 9)), 404, "collection.no-route")
    problem(charlie.post(f"{URL}/plannings", json=_asked(world)), 404, "collection.no-site")
    assert len(alice.get(f"{URL}/routes", params=_of_day(world)).json()) == len(phones)


def test_the_token_is_shown_once(world: DayWorld, alice: Client) -> None:
    """A dispatch that is sent again under its key does not show it a second time, and makes no second one."""
    plan = world.planned()
    alice.post(f"{URL}/acceptances", json={"plan_id": str(plan)})
    (number, *_) = [route["number"] for route in alice.get(f"/api/v1/plans/{plan}").json()["routes"]]
    body, key = _asked(world, routes=[{"vehicle": "VAN", "number": number}]), {"idempotency-key": "one"}
    (phone,) = alice.post(f"{URL}/dispatches", json=body, headers=key).json()
    problem(alice.post(f"{URL}/dispatches", json=body, headers=key), 409, "request.secret-not-kept")
    assert collection.route_for(phone["token"]).number == number
    assert phone["token"] not in alice.get(f"{URL}/routes", params=_of_day(world)).text


def test_images_are_for_those_who_may_see_them(
    world: DayWorld, alice: Client, bob: Client, charlie: Client, visitor: Client
) -> None:
    """The owner gets the bytes back; an operator, an outsider and a visitor do not."""
    phones = _driven(world, alice)
    token = {"Route-Token": phones[0]["token"]}
    (stop, *_) = visitor.get("/api/v1/phone/route", headers=token).json()["stops"]
    images = {"signature_png": b64encode(PNG).decode(), "photo_jpeg": b64encode(JPEG).decode()}
    said = _confirmation(stop["stop"], 9, signed_by="Wu Ming", **images)
    first = visitor.post("/api/v1/phone/stops", json=said, headers=token)
    again = visitor.post("/api/v1/phone/stops", json=said, headers=token)
    assert (first.status_code, again.json()) == (201, first.json())
    path = f"{URL}/confirmations/{said['key']}"
    assert alice.get(f"{path}/signature").content == PNG
    photo = alice.get(f"{path}/photo")
    assert (photo.content, photo.headers["content-type"]) == (JPEG, "image/jpeg")
    problem(bob.get(f"{path}/photo"), 403, "identity.forbidden")
    problem(charlie.get(f"{path}/photo"), 404, "collection.no-evidence")
    problem(visitor.get(f"{path}/photo"), 401, "identity.sign-in")
    assert "Wu Ming" not in bob.get(f"{URL}/confirmations", params=_of_day(world)).text


@pytest.mark.parametrize(
    "changed",
    [
        {"outcome": "maybe"},
        {"at": "2026-11-20T09:00:00"},
        {"weight_kg": -1},
        {"weight_kg": 1e300},
        {"signature_png": "%%%"},
        {"key": "x"},
        {"stop": ""},
        {"items": [1]},
        {"reason": "because"},
    ],
)
def test_what_a_phone_cannot_mean_is_refused(
    world: DayWorld, alice: Client, visitor: Client, changed: dict[str, Any]
) -> None:
    """With a problem that says where; nothing is recorded."""
    (phone, *_) = _driven(world, alice)
    token = {"Route-Token": phone["token"]}
    (stop, *_) = visitor.get("/api/v1/phone/route", headers=token).json()["stops"]
    answer = visitor.post("/api/v1/phone/stops", json={**_confirmation(stop["stop"], 9), **changed}, headers=token)
    assert answer.status_code in {400, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert world.column("select count(*) from stop_confirmation") == [0]


def test_whoever_guesses_tokens_is_slowed_down(visitor: Client) -> None:
    """A wrong token is not there; after many of them the address has to wait."""
    answers = [visitor.get("/api/v1/phone/route", headers={"Route-Token": f"guess {n}"}) for n in range(70)]
    problem(answers[0], 404, "collection.bad-route-token")
    problem(answers[-1], 429, "identity.too-many-requests")


@pytest.mark.parametrize("post", [False, True])
def test_whoever_guesses_links_is_slowed_down(world: DayWorld, alice: Client, visitor: Client, post: bool) -> None:
    """Whether the page is looked at or sent to; who has the right one is not counted, however often a phone comes."""
    (phone, *_) = _driven(world, alice)
    for _ in range(70):
        assert visitor.get(f"/drive/{phone['token']}").status_code == 200
    said = _confirmation("CO-001", 9)
    answers = [
        visitor.post(f"/drive/guess-{n}/stops", json=said) if post else visitor.get(f"/drive/guess-{n}")
        for n in range(70)
    ]
    assert (answers[0].status_code, answers[-1].status_code) == (404, 429)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_that_nobody_can_mean_is_refused(world: DayWorld, alice: Client, day: str) -> None:
    """The API says which days there are; the page shows tomorrow, as for a word that is no day."""
    asked = {"site": str(world.site), "day": day}
    answer = problem(alice.post(f"{URL}/plannings", json=_asked(world) | {"day": day}), 422, "collection.bad-day")
    assert (answer["where"], answer["found"]) == ("day", day)
    assert alice.get("/plans/day", params=asked).status_code == 200
    for path in ("plannings", "plans", "routes", "confirmations"):
        assert alice.get(f"{URL}/{path}", params=asked).json() == []


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-11-20T09:30:00"])
def test_progress_at_a_moment_that_nobody_can_mean_is_refused(world: DayWorld, alice: Client, moment: str) -> None:
    """Without an offset it would be another moment on another server."""
    _driven(world, alice)
    answer = alice.get(f"{URL}/progress", params=_of_day(world) | {"at": moment})
    assert problem(answer, 422, "collection.bad-moment")["where"] == "at"


def test_a_link_is_renewed_for_a_route_that_there_is(world: DayWorld, alice: Client) -> None:
    """Another id is not there, and the links of the others stay good."""
    phones = _driven(world, alice)
    plan = world.ask(collection.accepted_plan, world.site, DAY).plan_id
    for path in ("links", "repaired"):
        answer = alice.post(
            f"/plans/{plan}/{path}", data={"route": str(uuid4())}, headers={"accept": "application/json"}
        )
        assert problem(answer, 404, "collection.no-route")["where"] == "route"
    for phone in phones:
        assert collection.route_for(phone["token"]).plan_id == plan
    assert alice.post(f"/plans/{plan}/links", data={"route": phones[0]["route"]["id"]}).status_code == 200
    with pytest.raises(Problem):
        collection.route_for(phones[0]["token"])
