"""Subscriptions by webhook: signed, tried again, replayed, and each event once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.operate.epcis.cutting import cut
from takeback.operate.epcis.delivering import MOST_ATTEMPTS, deliver
from takeback.operate.epcis.housekeeping import active, forget_old, serve, serve_all
from takeback.operate.epcis.signature import verifies
from takeback.store.settings import Settings
from tests.support.people import People
from tests.web.conftest import Client
from tests.web.epcis.documents import refused, some
from tests.web.epcis.webhook import Receiver, events_of, receiving

QUERY = {"name": "all", "query": {"EQ_bizStep": ["inspecting"]}}
AT = "/epcis/queries/all/subscriptions"
TOKEN = "13df38d8275b13f05704629e5f1cf3d45d6132d5"


@pytest.fixture
def hook() -> Iterator[Receiver]:
    """A receiver that takes all."""
    with receiving() as receiver:
        yield receiver


def subscribed(client: Client, hook: Receiver, **more: Any) -> str:
    """Subscribe to everything that is inspected and return the subscription's address."""
    client.post("/epcis/queries", json=QUERY)
    controls = {} if "schedule" in more else {"stream": True}
    made = client.post(AT, json={"dest": hook.url, "signatureToken": TOKEN, **controls, **more})
    assert made.status_code == 201, made.text
    assert TOKEN not in made.text
    assert made.headers["location"].endswith(made.json()["subscriptionID"])
    return f"{AT}/{made.json()['subscriptionID']}"


def later(people: People) -> None:
    """Let the time of the next attempt come."""
    with store.transaction(people.alice.org_id) as connection:
        connection.execute(sa.text("update epcis_delivery set next_try_at = now() - interval '1 second'"))


def names(events: list[dict[str, Any]]) -> list[str]:
    """Return the serial numbers of what events are about."""
    return [event["epcList"][0].rsplit("/")[-1] for event in events]


def test_what_is_captured_afterwards_is_sent_once_and_signed(alice: Client, people: People, hook: Receiver) -> None:
    """A document of the query with the subscription's id; the signature is over time and body, and fits no other."""
    alice.post("/epcis/capture", json=some(range(3)))
    at = subscribed(alice, hook)
    alice.post("/epcis/capture", json=some(range(3, 8)))
    alice.post("/epcis/capture", json=some(range(20, 22), bizStep="shipping"))
    for sent in (1, 0, 0):
        assert serve_all([people.alice.org_id], ()) == sent
    ((body, headers),) = hook.came
    assert names(events_of(body)) == ["3", "4", "5", "6", "7"]
    assert b'"subscriptionID":"' + at.rsplit("/")[-1].encode() in body
    assert verifies(TOKEN, headers["gs1-signature"], body)
    assert not verifies(TOKEN, headers["gs1-signature"], body + b" ")
    assert not verifies("other", headers["gs1-signature"], body)
    assert alice.get(at).json()["lastNotifiedAt"]
    (told,) = alice.get(f"{at}/deliveries").json()
    assert (told["state"], told["events"], told["attempts"], told["status"]) == ("delivered", 5, 1, 200)


def test_a_webhook_gets_the_events_of_its_own_organisation(
    alice: Client, bob: Client, charlie: Client, people: People, hook: Receiver
) -> None:
    """Also when both subscribe to the same query and things; who may not subscribe changes nothing."""
    with receiving() as his:
        at, hidden = subscribed(alice, hook), subscribed(charlie, his)
        alice.post("/epcis/capture", json=some([1, 2]))
        charlie.post("/epcis/capture", json=some([2, 3]))
        organisations = [people.alice.org_id, people.charlie.org_id]
        serve_all(organisations, ())
        assert (names(hook.events()), names(his.events())) == (["1", "2"], ["2", "3"])
        (sent,) = alice.get(f"{at}/deliveries").json()
        replay = f"{at}/deliveries/{sent['deliveryID']}/replay"
        wanted = {"dest": his.url, "stream": True, "initialRecordTime": "2020-01-01T00:00:00Z"}
        for client, status in ((bob, 403), (charlie, 404)):
            assert client.post(replay).status_code == status
            assert client.delete(at).status_code == status
        assert bob.post(AT, json=wanted).status_code == 403
        assert alice.get(hidden).status_code == alice.get(f"{hidden}/deliveries").status_code == 404
        assert charlie.post(AT, json=wanted).status_code == 201  # reaches back, in his own ledger
        serve_all(organisations, ())
        assert (len(hook.events()), names(his.events())) == (2, ["2", "3", "2", "3"])


def test_a_refused_delivery_is_tried_again_in_its_turn(alice: Client, people: People, hook: Receiver) -> None:
    """After 500s the same bytes come again, before what was captured later; the reason stands at the delivery."""
    at = subscribed(alice, hook)
    alice.post("/epcis/capture", json=some(range(2)))
    hook.answers = [500, 503]
    for _ in range(2):
        assert serve_all([people.alice.org_id], ()) == 0
        later(people)
    alice.post("/epcis/capture", json=some(range(2, 4)))
    (waiting,) = alice.get(f"{at}/deliveries").json()
    assert (waiting["state"], waiting["attempts"], waiting["status"]) == ("waiting", 2, 503)
    assert "503" in waiting["reason"]
    assert serve_all([people.alice.org_id], ()) == 2
    assert names(hook.events()) == ["0", "1", "2", "3"]


def test_a_destination_that_is_dead_is_given_up_with_a_reason(alice: Client, people: People, hook: Receiver) -> None:
    """After the last attempt the subscription rests and says why; nothing is lost: a replay wakes it."""
    at = subscribed(alice, hook)
    alice.post("/epcis/capture", json=some(range(2)))
    hook.answers = [500] * MOST_ATTEMPTS
    for _ in range(MOST_ATTEMPTS):
        serve_all([people.alice.org_id], ())
        later(people)
    alice.post("/epcis/capture", json=some(range(2, 4)))
    assert serve_all([people.alice.org_id], ()) == 0
    assert "given up after" in alice.get(at).json()["rests"]
    (failed,) = alice.get(f"{at}/deliveries").json()
    assert failed["state"] == "failed"
    assert alice.post(f"{at}/deliveries/{failed['deliveryID']}/replay").status_code == 202
    assert "rests" not in alice.get(at).json()
    assert serve_all([people.alice.org_id], ()) == 2
    assert names(hook.events()) == ["0", "1", "2", "3"]


def test_a_delivery_is_replayed_byte_by_byte(alice: Client, charlie: Client, people: People, hook: Receiver) -> None:
    """Whoever subscribed may have it again; a stranger may not."""
    at = subscribed(alice, hook)
    alice.post("/epcis/capture", json=some(range(2)))
    serve_all([people.alice.org_id], ())
    (told,) = alice.get(f"{at}/deliveries").json()
    again = f"{at}/deliveries/{told['deliveryID']}/replay"
    refused(charlie.post(again), 404, "NoSuchNameException")
    assert alice.post(again).status_code == 202
    assert serve_all([people.alice.org_id], ()) == 1
    assert hook.came[0][0] == hook.came[1][0]
    refused(alice.post(f"{at}/deliveries/{at.rsplit('/')[-1]}/replay"), 404, "NoSuchResourceException")


def test_a_worker_that_dies_neither_loses_nor_doubles(alice: Client, people: People, hook: Receiver) -> None:
    """Death before the cut is written, before the request, or between the request and its record."""
    subscribed(alice, hook)
    (one,) = active(people.alice.org_id)

    class DiedError(Exception):
        pass

    def dying(step: Any) -> None:
        with pytest.raises(DiedError), store.transaction(people.alice.org_id) as connection:
            step(connection)
            raise DiedError

    for number in range(4):
        alice.post("/epcis/capture", json=some(range(number * 2, number * 2 + 2)))
        dying(lambda c: cut(c, people.alice.org_id, one))
        with store.transaction(people.alice.org_id) as connection:
            cut(connection, people.alice.org_id, one)
        dying(lambda c: deliver(c, people.alice.org_id, one, ()))
        assert serve(people.alice.org_id, one, ()) == 1
    assert names(hook.events()) == [str(n) for n in range(8)]
    assert len(hook.came) == 8  # each delivery came twice, under one name
    assert len({headers["takeback-delivery"] for _, headers in hook.came}) == 4


def test_old_deliveries_are_forgotten(alice: Client, people: People, hook: Receiver) -> None:
    """Those that were taken a month ago; what waits or failed stays."""
    at = subscribed(alice, hook)
    for number in range(2):
        alice.post("/epcis/capture", json=some([number]))
        serve_all([people.alice.org_id], ())
    hook.answers = [500]
    alice.post("/epcis/capture", json=some([2]))
    serve_all([people.alice.org_id], ())
    newest, middle, _ = alice.get(f"{at}/deliveries").json()
    with store.transaction(people.alice.org_id) as connection:
        old = "update epcis_delivery set delivered_at = now() - interval '31 days' where number = "
        connection.execute(sa.text(f"{old} (select min(number) from epcis_delivery)"))
    forget_old([people.alice.org_id])
    assert [one["deliveryID"] for one in alice.get(f"{at}/deliveries").json()] == [
        newest["deliveryID"],
        middle["deliveryID"],
    ]


def test_two_workers_do_not_meet(alice: Client, people: People, hook: Receiver) -> None:
    """While one is at a subscription the other finds nothing to do."""
    subscribed(alice, hook)
    (one,) = active(people.alice.org_id)
    alice.post("/epcis/capture", json=some(range(2)))
    with store.transaction(people.alice.org_id) as first:
        cut(first, people.alice.org_id, one)
        assert serve(people.alice.org_id, one, ()) == 0
    assert serve(people.alice.org_id, one, ()) == 1


def test_who_cannot_take_so_much_gets_less(alice: Client, people: People, hook: Receiver) -> None:
    """413 halves the delivery, as the standard asks."""
    subscribed(alice, hook)
    alice.post("/epcis/capture", json=some(range(8)))
    hook.answers = [413, 413]
    serve_all([people.alice.org_id], ())
    assert [len(events_of(body)) for body, _ in hook.came] == [2, 2, 4]
    assert names(hook.events()) == [str(n) for n in range(8)]


def test_redirects_are_not_followed(alice: Client, people: People, hook: Receiver) -> None:
    """A receiver cannot send us elsewhere."""
    at = subscribed(alice, hook)
    alice.post("/epcis/capture", json=some(range(1)))
    hook.answers = [307]
    assert serve_all([people.alice.org_id], ()) == 0
    assert alice.get(f"{at}/deliveries").json()[0]["status"] == 307
    assert hook.came == []


def test_a_schedule_gathers(alice: Client, people: People, hook: Receiver) -> None:
    """Nothing before its time; then all at once; with reportIfEmpty also when there is nothing."""
    at = subscribed(alice, hook, schedule={"minute": "5"}, reportIfEmpty=True)
    run = datetime.fromisoformat(alice.get(at).json()["nextRunAt"])
    assert (run.minute, run.second) == (5, 0)
    for number in range(3):
        alice.post("/epcis/capture", json=some([number]))
    assert serve_all([people.alice.org_id], ()) == 0
    (one,) = active(people.alice.org_id)
    for passed in (0, 1):
        with store.transaction(people.alice.org_id) as connection:
            cut(connection, people.alice.org_id, one, now=run + timedelta(hours=passed))
        later(people)
        serve_all([people.alice.org_id], ())
    assert [len(events_of(body)) for body, _ in hook.came] == [3, 0]


def test_a_subscription_tells_from_when_on_events_may_still_come(
    alice: Client, charlie: Client, people: People, hook: Receiver
) -> None:
    """GS1-Query-Min-Record-Time: first initialRecordTime, then the newest run; of others' subscriptions nothing."""
    since = datetime.now(UTC) - timedelta(hours=1)
    at = subscribed(alice, hook, initialRecordTime=since.isoformat())
    told = datetime.fromisoformat(alice.options(at).headers["gs1-query-min-record-time"])
    assert abs(told - since) < timedelta(milliseconds=2)
    before = datetime.now(UTC) - timedelta(milliseconds=2)
    alice.post("/epcis/capture", json=some([1]))
    serve_all([people.alice.org_id], ())
    told = datetime.fromisoformat(alice.options(at).headers["gs1-query-min-record-time"])
    assert before <= told <= datetime.now(UTC)
    assert datetime.fromisoformat(alice.get(at).json()["minRecordTime"]) == told
    for client, path in ((charlie, at), (alice, f"{AT}/none")):
        answer = client.options(path)
        assert answer.status_code == 204 and "gs1-query-min-record-time" not in answer.headers


def test_earlier_events_come_when_they_are_asked_for(alice: Client, people: People, hook: Receiver) -> None:
    """initialRecordTime reaches back."""
    alice.post("/epcis/capture", json=some(range(2)))
    between = datetime.now(UTC)
    alice.post("/epcis/capture", json=some(range(2, 4)))
    subscribed(alice, hook, initialRecordTime=between.isoformat())
    serve_all([people.alice.org_id], ())
    assert names(hook.events()) == ["2", "3"]


def test_a_subscription_ends_with_its_query(alice: Client, people: People, hook: Receiver) -> None:
    """And by itself: nothing is sent any more."""
    at = subscribed(alice, hook)
    other = subscribed(alice, hook)
    assert len(alice.get(AT).json()) == 2
    assert alice.delete(at).status_code == 204
    refused(alice.get(at), 404, "NoSuchResourceException")
    assert [one["subscriptionID"] for one in alice.get(AT).json()] == [other.rsplit("/")[-1]]
    assert alice.delete("/epcis/queries/all").status_code == 204
    alice.post("/epcis/capture", json=some(range(2)))
    assert serve_all([people.alice.org_id], ()) == 0
    assert hook.came == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"stream": True, "schedule": {"minute": "5"}},
        {},
        {"stream": False},
        {"schedule": {}},
        {"schedule": {"minute": "60"}},
        {"schedule": {"minute": "\u0665"}},
        {"schedule": {"minute": "[9-3]"}},
        {"schedule": {"dayOfMonth": "31", "month": "2"}},
        {"schedule": {"year": "2026"}},
        {"stream": True, "initialRecordTime": "yesterday"},
        {"stream": True, "signatureToken": ""},
        {"stream": True, "reportIfEmpty": "no"},
        {"stream": True, "more": 1},
        {"stream": True, "dest": "ftp://localhost/x"},
        {"stream": True, "dest": "https://user:word@localhost/x"},
        {"stream": True, "dest": "https://example.com/hook"},
        {"stream": True, "dest": "http://169.254.169.254/latest/meta-data"},
        {"stream": True, "dest": "http://10.0.0.1/"},
        {"stream": True, "dest": "http://[::ffff:10.0.0.1]/"},
        {"stream": True, "dest": "http://0x7f000001@evil.example/"},
        {"stream": True, "dest": "//localhost/x"},
        {"stream": True, "dest": None},
        {"stream": True, "dest": "http://local host/\r\nX: y"},
    ],
)
def test_what_cannot_be_subscribed_is_told(alice: Client, wrong: dict[str, Any]) -> None:
    """With the exception of the standard and the place; nothing outside is reached without the setting."""
    alice.post("/epcis/queries", json=QUERY)
    body = refused(alice.post(AT, json={"dest": "http://localhost:9/x", **wrong}), 400, "SubscriptionControlsException")
    assert body["expected"]


def test_a_query_with_a_limit_is_no_standing_one(alice: Client) -> None:
    """Each event is reported once, however many there are."""
    alice.post("/epcis/queries", json={"name": "all", "query": {"maxEventCount": 4}})
    wanted = {"dest": "http://localhost:9/x", "stream": True}
    refused(alice.post(AT, json=wanted), 400, "SubscriptionControlsException")


def test_named_hosts_are_allowed_and_looked_at_again(
    alice: Client, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The setting opens hosts; once it is closed again, nothing is sent to them any more."""
    monkeypatch.setenv("TAKEBACK_WEBHOOK_HOSTS", "hooks.partner.invalid, *.own.invalid:8443")
    alice.post("/epcis/queries", json=QUERY)
    for dest, taken in (
        ("https://hooks.partner.invalid/x", 201),
        ("https://a.own.invalid:8443/x", 201),
        ("https://a.own.invalid/x", 400),
        ("https://hooks.partner.invalid.evil.invalid/x", 400),
    ):
        assert alice.post(AT, json={"dest": dest, "stream": True}).status_code == taken, dest
    alice.post("/epcis/capture", json=some(range(1)))
    serve_all([people.alice.org_id], Settings.from_environment().webhook_hosts)
    assert all("rests" not in one for one in alice.get(AT).json())  # not found, so it is tried again
    monkeypatch.delenv("TAKEBACK_WEBHOOK_HOSTS")
    later(people)
    serve_all([people.alice.org_id], ())
    assert ["rests" in one for one in alice.get(AT).json()] == [True, True]
