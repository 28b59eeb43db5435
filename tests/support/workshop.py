"""Alice's workshop with one of everything: a site, a product, an order, an item graded, a plan, a job, a key.

Whatever a route can name by an id is here, so that the routes can be asked for it by those it does not belong to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import msgspec
import sqlalchemy as sa

from takeback import store
from takeback.core.ids import uuid7
from takeback.core.items import item_hex, item_key
from takeback.core.message import msg
from takeback.operate import identity, imports, master
from takeback.operate.epcis.capturing import capture_document
from takeback.operate.epcis.cutting import cut
from takeback.operate.epcis.deliveries import deliveries
from takeback.operate.epcis.named_queries import define
from takeback.operate.epcis.subscriptions import subscribe
from takeback.operate.spine.grade import Grading, Statement, grade
from takeback.operate.spine.order import NewItem, NewOrder, order
from takeback.operate.spine.receive import Receipt, Received, receive
from takeback.prove.checkpoint import LogKey
from takeback.prove.sequencer import sequence_all
from takeback.store import jobs
from tests.support.people import MARK, People

EPC = "https://id.gs1.org/01/06901234000016/21/A1"
CODE = f"{MARK.upper()}-A1"
PLACE = "https://id.gs1.org/414/6901234000016"
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)

QUERY = f"{MARK}-samples"
EVENT_ID = f"urn:{MARK}:event:1"
EVENT = msgspec.json.encode(
    {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "ObjectEvent",
        "eventID": EVENT_ID,
        "eventTime": "2026-11-22T09:00:00Z",
        "eventTimeZoneOffset": "+08:00",
        "epcList": [EPC],
        "action": "OBSERVE",
        "bizStep": "sampling",
        "disposition": "recalled",
        "readPoint": {"id": PLACE},
        "bizLocation": {"id": PLACE},
    }
)

_PLAN = sa.text(
    """
    insert into plan
        (org_id, id, kind, day, site_id, made_at, distance_m, baseline_m, same_stops_m, tasks, unserved, routes,
         mass_kg, provenance, solution)
    values (:org, :id, 'collection', :day, :site, :now, 1000, 1200, 1100, 1, 0, 0, 0, 'simulated', :solution)
    """
)
_ROUTE = sa.text(
    """
    insert into dispatched_route (org_id, id, site_id, day, vehicle, number, dispatched_at, dispatched_by)
    values (:org, :id, :site, :day, 'van', 1, :now, 'system')
    """
)
_PLANNING = sa.text(
    """
    insert into planning_run (org_id, job_id, site_id, day, seconds, options, created_at, created_by, plan_id)
    values (:org, :id, :site, :day, 60, '{}', :now, 'system', :plan)
    """
)
_CONFIRMED = sa.text(
    """
    insert into stop_confirmation (org_id, id, entry_id, route_id, plan_id, site_id, day, task, outcome, at, declared_g,
        fetched_g, collected, remaining, out_of_order, elsewhere, evidence, request_hash)
    values (:org, :id, 1, :route, :plan, :site, :day, :task, 'done', :now, 1, 1, 1, 0, false, false, :evidence, :hash)
    """
)
_EVIDENCE = f'[{{"kind": "photo", "media_type": "image/jpeg", "sha256": "{MARK}", "bytes": 1}}]'
_SOLUTION = '{"routes": [], "unserved": []}'


@dataclass(frozen=True, slots=True)
class Workshop:
    """The ids of Alice's things, by the names that routes give them."""

    org_id: UUID
    site_id: UUID
    product_id: UUID
    order_id: UUID
    plan_id: UUID
    planning_id: UUID
    route_id: UUID
    confirmation_id: UUID
    job_id: UUID
    key_id: UUID
    invitation_id: UUID
    session_id: UUID
    import_id: UUID
    entry_id: int
    capture_id: UUID
    event_id: str
    query_name: str
    subscription_id: UUID
    delivery_id: UUID

    @property
    def key(self) -> str:
        """The item's key as it stands in addresses."""
        return item_hex(item_key(EPC))


def workshop(people: People, folder: Path) -> Workshop:
    """Fill Alice's organisation; `folder` is where the log's signing key is made."""
    actor, site, product, order_id, plan = people.alice.actor, uuid7(), uuid7(), uuid7(), uuid7()
    with store.transaction(actor.org_id) as connection:
        master.register(connection, actor, [_site(site), _product(product)])
        order(connection, actor, [_order(order_id, site, product)])
        line = Received(epc=EPC, mass_g=420)
        receive(connection, actor, [Receipt(site_id=site, place=PLACE, at=NOW + timedelta(hours=1), lines=[line])])
        (entry,) = grade(connection, actor, [_grading()])
        row = {"org": actor.org_id, "id": plan, "day": NOW.date(), "site": site, "now": NOW, "solution": _SOLUTION}
        connection.execute(_PLAN, row)
        job = jobs.enqueue(connection, actor.org_id, "demo", msg("{name} is filled", name=MARK.title()), {})
        planning, route, confirmation = (
            jobs.enqueue(connection, actor.org_id, "demo", msg("Plan"), {}),
            uuid7(),
            uuid7(),
        )
        day = {"org": actor.org_id, "site": site, "day": NOW.date(), "now": NOW, "plan": plan}
        connection.execute(_PLANNING, {**day, "id": planning})
        connection.execute(_ROUTE, {**day, "id": route})
        stop = {"id": confirmation, "route": route, "task": f"{MARK}-C1", "evidence": _EVIDENCE, "hash": bytes(32)}
        connection.execute(_CONFIRMED, {**day, **stop})
        key, _ = identity.create_key(connection, actor, name=f"{MARK} scales", scopes=["read"])
        invitation, _ = identity.invite(connection, actor, email=f"dora@{MARK}.example", role="viewer")
    subscription = _subscription(people)
    capture_id = capture_document(actor, EVENT, "application/json", "rollback", most_events=1)
    delivery = _delivery(people, subscription)
    sequence_all(LogKey.kept_in(folder))
    session = identity.signed_in(identity.open_session(people.alice.id))
    assert session is not None
    return Workshop(
        org_id=actor.org_id,
        site_id=site,
        product_id=product,
        order_id=order_id,
        plan_id=plan,
        planning_id=planning,
        route_id=route,
        confirmation_id=confirmation,
        job_id=job,
        key_id=key.id,
        invitation_id=invitation.id,
        session_id=session.session.id,
        import_id=_import(people, folder),
        entry_id=entry,
        capture_id=capture_id,
        event_id=quote(EVENT_ID, safe=""),
        query_name=QUERY,
        subscription_id=subscription,
        delivery_id=delivery,
    )


def _subscription(people: People) -> UUID:
    actor, wanted = people.alice.actor, {"dest": f"http://localhost:9/{MARK}", "stream": True}
    with store.transaction(actor.org_id) as connection:
        define(connection, actor, {"name": QUERY, "query": {"EQ_bizStep": ["sampling"]}})
        return subscribe(connection, actor, QUERY, wanted, hosts=()).id


def _delivery(people: People, subscription: UUID) -> UUID:
    actor = people.alice.actor
    with store.transaction(actor.org_id) as connection:
        cut(connection, actor.org_id, subscription)
        return deliveries(connection, actor, QUERY, subscription, before=None, count=1)[0].id


def _import(people: People, folder: Path) -> UUID:
    identifier = uuid7()
    with imports.Upload(folder, identifier, 10_000) as upload:
        upload.write(f"order,gtin\n{MARK}-R2,nonsense\n".encode())
        upload.keep()
    options = imports.Options(subject=next(iter(imports.SUBJECTS)))
    imports.receive(people.alice.actor, folder, identifier, f"{MARK}.csv", options, limit=10_000)
    return identifier


def _site(site: UUID) -> master.Site:
    return master.Site(id=site, code=f"{MARK}-1", name=f"{MARK.title()} hall", name_zh="金和车间", kind="return_centre")


def _product(product: UUID) -> master.Product:
    return master.Product(
        id=product,
        code=f"{MARK}-lamp",
        name=f"{MARK.title()} lamp",
        name_zh="金和台灯",
        vertical="returns",
        level="unit",
        category="home",
        mass_g=400,
        value_minor=19_900,
        currency="CNY",
        decay_per_day=0.01,
        provenance={"mass": "real"},
    )


def _order(order_id: UUID, site: UUID, product: UUID) -> NewOrder:
    item = NewItem(
        epc=EPC,
        code=CODE,
        product_id=product,
        vertical="returns",
        level="unit",
        category="home",
        size=199.0,
        mass_g=400,
        value_minor=19_900,
        currency="CNY",
        decay_per_day=0.01,
        provenance={"mass": "declared"},
    )
    return NewOrder(id=order_id, number=f"{MARK}-R1", kind="return", site_id=site, ordered_at=NOW, items=[item])


def _grading() -> Grading:
    seen = Statement(property="scratches", text=MARK, method="looked at", originator="bench", provenance="real")
    return Grading(
        epc=EPC,
        at=NOW + timedelta(hours=2),
        place=PLACE,
        grade="B",
        method="checklist",
        originator="bench",
        provenance="real",
        value_minor=12_000,
        belief={"good": 1.0},
        statements=[seen],
    )
