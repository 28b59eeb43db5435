"""What a phone sends: once or twice, in whatever order, with a token that is right, old or revoked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from threading import Barrier
from uuid import uuid4

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from takeback import store
from takeback.operate import collection
from takeback.operate.collection.running import rest_of
from takeback.prove.bodies import load
from takeback.prove.erasure import erase
from tests.operate.collection.day_world import DAY, JPEG, PNG, DayWorld, at, done, new_day, refused
from tests.support.people import People, people

__all__ = ["people"]


@pytest.fixture
def world(people: People) -> DayWorld:
    """Alice's day with one van on the road, which has four stops of two packs each."""
    world = new_day(people.alice.actor, count=1, capacity_kg=4_000)
    for partner in range(4):
        world.ordered(partner, packs=2)
    return world


@pytest.fixture
def phone(world: DayWorld) -> collection.Phone:
    """The phone of the van."""
    world.run(collection.accept, world.planned())
    (phone,) = world.dispatched()
    return phone


def test_a_confirmation_that_is_sent_twice_counts_once(world: DayWorld, phone: collection.Phone) -> None:
    """The answer is the same, the ledger holds it once; the same key for something else is refused."""
    (stop, *_) = collection.route_for(phone.token).stops
    said = done(stop.stop, 9, weight_kg=600)
    first = collection.confirm_stop(phone.token, said)
    entries = world.column("select count(*) from entry")
    assert collection.confirm_stop(phone.token, said) == first
    assert world.column("select count(*) from entry") == entries
    with refused("collection.key-reused"):
        collection.confirm_stop(phone.token, replace(said, weight_kg=601))
    with refused("collection.stop-done"):
        collection.confirm_stop(phone.token, replace(said, key=uuid4()))


def test_a_confirmation_that_is_sent_twice_at_once_counts_once(world: DayWorld, phone: collection.Phone) -> None:
    """As by a phone that lost the answer and tries again while the first is still on its way."""
    (stop, *_) = collection.route_for(phone.token).stops
    said, barrier = done(stop.stop, 9), Barrier(4)

    def send(_: int) -> collection.ConfirmedStop:
        barrier.wait()
        return collection.confirm_stop(phone.token, said)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert answers == [answers[0]] * 4
    assert world.column("select count(*) from entry where kind = 'takeback:StopConfirmed'") == [1]


def test_a_weight_of_several_things_is_stated_of_all_together(world: DayWorld, phone: collection.Phone) -> None:
    """Nobody knows what each of them weighs: the declared masses stay."""
    (stop, *_) = collection.route_for(phone.token).stops
    confirmed = collection.confirm_stop(phone.token, done(stop.stop, 9, weight_kg=610))
    assert (confirmed.weight_g, confirmed.declared_g) == (610_000, 600_000)
    stated = "select distinct property || ': ' || method from statement where method like 'weighing%'"
    assert world.column(stated) == ["mass_of_consignment: weighing at collection, 2 things together"]


def test_stops_may_be_confirmed_out_of_order(world: DayWorld, phone: collection.Phone) -> None:
    """It is noted; the route goes on from where the van is, and what was passed by is still to come."""
    stops = [stop.stop for stop in collection.route_for(phone.token).stops]
    confirmed = collection.confirm_stop(phone.token, done(stops[2], 9))
    assert confirmed.out_of_order
    assert [one.stop for one in collection.route_for(phone.token).stops] == [stops[2], stops[0], stops[1], stops[3]]
    assert not collection.confirm_stop(phone.token, done(stops[0], 10)).out_of_order


def test_what_could_not_be_fetched_stays_and_may_be_fetched_later(world: DayWorld, phone: collection.Phone) -> None:
    """A stop that failed, then one part, then the rest: each thing passes to the carrier when it really does."""
    stop = collection.route_for(phone.token).stops[0]
    failed = collection.Confirmation(key=uuid4(), stop=stop.stop, outcome="failed", reason="closed", at=at(9))
    collection.confirm_stop(phone.token, failed)
    assert world.column("select count(*) from item where stage = 'collected'") == [0]
    partly = collection.Confirmation(
        key=uuid4(), stop=stop.stop, outcome="partly", reason="not-ready", at=at(10), items=[stop.items[0].epc]
    )
    assert collection.confirm_stop(phone.token, partly).remaining == 1
    assert world.column("select epc from item where stage = 'collected'") == [stop.items[0].epc]
    assert collection.confirm_stop(phone.token, done(stop.stop, 11)).collected == 1
    assert world.column("select count(*) from item where stage = 'collected'") == [2]


def test_parts_that_were_fetched_one_after_the_other_are_all_aboard(world: DayWorld, phone: collection.Phone) -> None:
    """The stop tells what was fetched in all, and the room that is left is less by it, not by the last part alone."""
    stop, *_ = collection.route_for(phone.token).stops
    part = collection.Confirmation(
        key=uuid4(), stop=stop.stop, outcome="partly", reason="not-ready", at=at(9), items=[stop.items[0].epc]
    )
    collection.confirm_stop(phone.token, part)
    collection.confirm_stop(phone.token, done(stop.stop, 9.5, weight_kg=310))
    stop, *_ = collection.route_for(phone.token).stops
    assert stop.confirmed is not None
    assert (stop.confirmed.fetched_g, stop.confirmed.weight_g, stop.confirmed.collected) == (600_000, 610_000, 2)
    with store.transaction(world.actor.org_id) as connection:
        (rig,) = rest_of(connection, world.actor.org_id, world.site, DAY, now=at(9.5)).rigs
    assert rig.aboard_kg == 610 + sum(one.stop["pickup_kg"] for one in rig.fixed if not one.confirmed)


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("reason", {"outcome": "failed"}),
        ("items", {"outcome": "partly", "reason": "other", "items": ["urn:x"]}),
        ("items", {"outcome": "partly", "reason": "other"}),
        ("at", {"at": datetime(1999, 1, 1, tzinfo=UTC)}),
        ("at", {"at": at(-13), "outcome": "failed", "reason": "closed"}),
        ("signature_png", {"signature_png": b"GIF89a"}),
        ("signature_png", {"signature_png": PNG[:8] + bytes(200_001) + PNG[-8:]}),
        ("photo_jpeg", {"photo_jpeg": JPEG[:3] + bytes(2_000_000) + JPEG[-2:]}),
        ("photo_jpeg", {"photo_jpeg": JPEG[:-2]}),
        ("note", {"note": "a\nb"}),
        ("weight_kg", {"outcome": "failed", "reason": "other", "weight_kg": 3.0}),
    ],
)
def test_what_cannot_be_is_refused_whole(
    world: DayWorld, phone: collection.Phone, field: str, changed: dict[str, object]
) -> None:
    """With the field that is wrong; nothing of it is kept."""
    (stop, *_) = collection.route_for(phone.token).stops
    entries = world.column("select count(*) from entry")
    with refused("collection.bad-confirmation") as caught:
        collection.confirm_stop(phone.token, replace(done(stop.stop, 9), **changed))
    assert [error.where for error in caught.value.errors] == [field]
    assert world.column("select count(*) from entry") == entries


def test_a_stop_of_another_route_is_unknown(world: DayWorld, phone: collection.Phone) -> None:
    """A token is good for its own route."""
    with refused("collection.unknown-stop"):
        collection.confirm_stop(phone.token, done("CO-999", 9))


def test_images_are_evidence_and_can_be_erased(world: DayWorld, phone: collection.Phone) -> None:
    """The ledger holds their hashes; the images and the name are read by those who may, until they are erased."""
    (stop, *_) = collection.route_for(phone.token).stops
    said = done(stop.stop, 9, signature_png=PNG, photo_jpeg=JPEG, signed_by="Wu Ming")
    confirmed = collection.confirm_stop(phone.token, said)
    assert [one.sha256 for one in confirmed.evidence] == [sha256(image).hexdigest() for image in (PNG, JPEG)]
    assert world.run(collection.read_evidence, said.key, "signature") == ("image/png", PNG)
    assert world.run(collection.signed_by, said.key) == "Wu Ming"
    (body,) = map(load, world.column("select body from entry where kind = 'takeback:StopConfirmed'"))
    assert "Wu Ming" not in str(body)
    assert sha256(PNG).hexdigest() in str(body)
    with store.transaction(world.actor.org_id) as connection:
        where = {"actor": "system", "at": at(12), "ground": "GDPR Art. 17(1)(b)"}
        erase(connection, world.actor.org_id, [confirmed.entry_id], **where)  # type: ignore[arg-type]
    with refused("collection.no-evidence"):
        world.run(collection.read_evidence, said.key, "photo")
    assert world.run(collection.signed_by, said.key) is None


def test_a_name_that_was_erased_cannot_be_tried(world: DayWorld, phone: collection.Phone) -> None:
    """What stays of a confirmation in the ledger is the same whoever signed: no digest tells a guessed name."""
    (stop, *_) = collection.route_for(phone.token).stops
    said = done(stop.stop, 9, signed_by="Wu Ming")
    first = collection.confirm_stop(phone.token, said)
    assert collection.confirm_stop(phone.token, replace(said, signed_by="Li Na")) == first
    assert world.run(collection.signed_by, said.key) == "Wu Ming"


def test_who_may_not_see_personal_data_sees_no_image(world: DayWorld, phone: collection.Phone, people: People) -> None:
    """Bob, an operator, is refused."""
    (stop, *_) = collection.route_for(phone.token).stops
    said = done(stop.stop, 9, photo_jpeg=JPEG)
    collection.confirm_stop(phone.token, said)
    with store.transaction(people.bob.org_id) as connection, refused("identity.forbidden"):
        collection.read_evidence(connection, people.bob.actor, said.key, "photo")


def test_a_token_that_is_wrong_revoked_renewed_or_old_is_worth_nothing(
    world: DayWorld, phone: collection.Phone, people: People
) -> None:
    """Neither to look nor to confirm; a new one takes the place of the former."""
    with refused("collection.bad-route-token"):
        collection.route_for("wrong")
    renewed = world.run(collection.renew_phone, phone.route.id)
    with refused("collection.bad-route-token"):
        collection.route_for(phone.token)
    (stop, *_) = collection.route_for(renewed.token).stops
    world.run(collection.revoke_phone, phone.route.id)
    with refused("collection.bad-route-token"):
        collection.confirm_stop(renewed.token, done(stop.stop, 9))
    with refused("collection.no-phone"):
        world.run(collection.revoke_phone, phone.route.id)
    again = world.run(collection.renew_phone, phone.route.id)
    assert again.route.expires_at is not None
    assert again.route.expires_at > datetime.now(UTC) + timedelta(hours=11)
    _expire(people, phone)
    with refused("collection.bad-route-token"):
        collection.route_for(again.token)


def test_of_tokens_that_are_renewed_at_once_one_is_left(world: DayWorld, phone: collection.Phone) -> None:
    """Two dispatchers renew a link in the same moment: the later token is the route's, the other worth nothing."""
    barrier = Barrier(4)

    def renew(_: int) -> str:
        barrier.wait()
        token: str = world.run(collection.renew_phone, phone.route.id).token
        return token

    with ThreadPoolExecutor(4) as pool:
        tokens = list(pool.map(renew, range(4)))
    assert len(set(tokens)) == 4
    assert world.column("select count(*) from route_token where revoked_at is null") == [1]


def _expire(people: People, phone: collection.Phone) -> None:
    """Let a token's time pass, as the owner of the database."""
    owner = store.Database(people.database.owner_url, people.database.owner_url)
    with owner.transaction({"takeback.org": str(people.alice.org_id)}) as connection:
        connection.execute(sa.text("update route_token set expires_at = now() - interval '1 minute'"))
    owner.close()


def test_a_token_tells_its_row_alone(world: DayWorld, phone: collection.Phone, people: People) -> None:
    """Whoever presents one sees that it is there, and of no tenant anything else."""
    from takeback.operate.identity.tokens import hashed  # noqa: PLC0415 - the test alone looks behind the door

    with store.presenting("route", hashed(phone.token).hex()) as connection:
        assert connection.scalar(sa.text("select count(*) from route_token")) == 1
        assert connection.scalar(sa.text("select count(*) from dispatched_route")) == 0
        assert connection.scalar(sa.text("select count(*) from plan")) == 0


def test_a_driver_may_nothing_but_confirm(world: DayWorld, phone: collection.Phone) -> None:
    """The token's holder is no member of the organisation."""
    from takeback.operate.collection.tokens import driver_of  # noqa: PLC0415 - the test alone looks behind the door

    driver = driver_of(phone.token)
    with store.transaction(driver.org_id) as connection:
        with refused("identity.forbidden"):
            collection.dispatch(connection, driver, world.site, DAY, [])
        with refused("identity.forbidden"):
            collection.insert_pickup(connection, driver, world.site, DAY, "x")
