"""What a worker does for subscriptions: it watches the ledger, cuts deliveries and sends them, until it is stopped."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import sqlalchemy as sa

from takeback import store
from takeback.operate import identity
from takeback.operate.epcis.cutting import cut
from takeback.operate.epcis.delivering import deliver

PAUSE_S = 0.5  # between two looks: how late a streamed event may be
BETWEEN_COUNTS_S = 5.0  # between two looks for new subscribers
AT_ONCE = 4  # destinations served at the same time
_ACTIVE = sa.text("select id from epcis_subscription where org_id = :org and rests is null order by id")
KEPT_DAYS = 30
"""How long a delivery that was taken can be replayed."""
_FORGET = sa.text(
    "delete from epcis_delivery where org_id = :org and state = 'delivered' "
    "and delivered_at < now() - make_interval(days => :days)"
)
_log = logging.getLogger(__name__)


def serve(org: UUID, subscription: UUID, hosts: tuple[str, ...]) -> int:
    """Do all that is due for one subscription; return how many deliveries were sent."""
    while True:
        with store.transaction(org) as connection:
            if not cut(connection, org, subscription):
                break
    sent = 0
    while True:
        with store.transaction(org) as connection:
            if deliver(connection, org, subscription, hosts) != "sent":
                return sent
        sent += 1


def serve_all(parties: Iterable[UUID], hosts: tuple[str, ...]) -> int:
    """Serve all subscriptions of some organisations once, one by one; return how many deliveries were sent."""
    return sum(serve(org, one, hosts) for org in parties for one in active(org))


def active(org: UUID) -> list[UUID]:
    """Return the subscriptions of an organisation that do not rest."""
    with store.transaction(org) as connection:
        return list(connection.scalars(_ACTIVE, {"org": org}))


def forget_old(parties: Iterable[UUID]) -> None:
    """Delete the deliveries that were taken long ago; those that failed stay."""
    for org in parties:
        with store.transaction(org) as connection:
            connection.execute(_FORGET, {"org": org, "days": KEPT_DAYS})


def keep_delivering(hosts: tuple[str, ...], stop: threading.Event) -> None:
    """Serve subscriptions until ``stop`` is set; what goes wrong is logged and tried again."""
    known: list[UUID] = []
    counted = float("-inf")
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="deliver") as pool:
        busy: dict[UUID, object] = {}
        while not stop.wait(PAUSE_S):
            try:
                if time.monotonic() - counted > BETWEEN_COUNTS_S:
                    known, counted = _subscribed(), time.monotonic()
                _start(pool, busy, known, hosts)
            except Exception:  # a database that is away for a moment must not end the deliveries
                _log.warning("a round of deliveries failed", exc_info=True)


def _start(pool: ThreadPoolExecutor, busy: dict[UUID, object], parties: list[UUID], hosts: tuple[str, ...]) -> None:
    """Begin a round for each subscription that is not at work still: a slow destination delays nobody else."""

    def work(org: UUID, subscription: UUID) -> None:
        try:
            serve(org, subscription, hosts)
        except Exception:
            _log.warning("a delivery failed", exc_info=True)
        finally:
            busy.pop(subscription, None)

    for org in parties:
        for subscription in active(org):
            if subscription not in busy:
                busy[subscription] = True
                pool.submit(work, org, subscription)


def _subscribed() -> list[UUID]:
    with store.admin() as connection:
        parties = [party.id for party in identity.organisations(connection)]
    return [org for org in parties if active(org)]
