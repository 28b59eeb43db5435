"""A day of collection for tests: Alice's test centre with two vans, partners around it, and packs to be fetched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from takeback import store
from takeback.core.problem import Problem
from takeback.operate import collection, master
from takeback.operate.collection import planning_job  # noqa: F401 - it registers the job
from takeback.operate.collection.options import PlanningOptions
from takeback.operate.identity import Actor
from takeback.operate.spine.order import NewItem, NewOrder, order
from takeback.store import jobs

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 20)
MIDNIGHT = datetime(2026, 11, 20, tzinfo=ZONE)
QUICK = PlanningOptions(iterations=40)
PNG = b"\x89PNG\r\n\x1a\n" + b"signature" + b"IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff" + b"photo" + b"\xff\xd9"


def at(hour: float) -> datetime:
    """Return a moment of the day."""
    return MIDNIGHT + timedelta(hours=hour)


def done(stop: str, hour: float, **more: Any) -> collection.Confirmation:
    """Return the confirmation of a stop where all was fetched."""
    return collection.Confirmation(key=uuid4(), stop=stop, outcome="done", at=at(hour), **more)


@contextmanager
def refused(kind: str) -> Iterator[pytest.ExceptionInfo[Problem]]:
    """Expect a problem of a kind."""
    with pytest.raises(Problem) as caught:
        yield caught
    assert caught.value.kind == kind


@dataclass
class DayWorld:
    """Ids by which tests name things; `number` of the next order."""

    actor: Actor
    site: UUID = field(default_factory=uuid4)
    product: UUID = field(default_factory=uuid4)
    partners: list[UUID] = field(default_factory=list)
    number: int = 0

    def run(self, command: Any, *arguments: Any, **named: Any) -> Any:
        """Run a command of Alice's in a transaction of its own."""
        with store.transaction(self.actor.org_id) as connection:
            return command(connection, self.actor, *arguments, **named)

    def ask(self, query: Any, *arguments: Any, **named: Any) -> Any:
        """Read something of Alice's."""
        with store.transaction(self.actor.org_id) as connection:
            return query(connection, *arguments, **named)

    def column(self, query: str) -> list[Any]:
        """Return the first column of a query as Alice's organisation sees it."""
        with store.transaction(self.actor.org_id) as connection:
            return list(connection.scalars(sa.text(query)))

    def ordered(
        self, partner: int, *, packs: int = 1, begin: float = 8, end: float = 17, reason: str | None = None
    ) -> str:
        """Order the collection of packs at a partner between two hours of the day; return the order's number."""
        self.number += 1
        number = f"CO-{self.number:03d}"
        new = NewOrder(
            id=uuid4(),
            number=number,
            kind="collection",
            site_id=self.site,
            partner_id=self.partners[partner],
            ordered_at=at(-20),
            window_begin=at(begin),
            window_end=at(end),
            reason=reason,
            items=[self._pack(number, n) for n in range(packs)],
        )
        self.run(order, [new])
        return number

    def _pack(self, number: str, n: int) -> NewItem:
        return NewItem(
            epc=f"https://id.gs1.org/01/06901234000016/21/{number}-{n}",
            code=f"{number}-{n}",
            product_id=self.product,
            vertical="batteries",
            level="pack",
            category="P",
            size=60.0,
            mass_g=300_000,
            value_minor=500_000,
            currency="CNY",
            decay_per_day=0.001,
            provenance={"mass": "declared"},
        )

    def planned(self, options: PlanningOptions = QUICK) -> UUID:
        """Plan the day as a job and run it; return the plan."""
        job = self.run(collection.start_planning, self.site, DAY, options=options)
        return self.worked(job)

    def worked(self, job: UUID) -> UUID:
        """Run a planning job and return the plan that came of it."""
        jobs.run(self.actor.org_id, job)
        made: collection.Planning = self.ask(collection.planning, job)
        assert made.plan_id is not None, made.problem
        return made.plan_id

    def dispatched(self) -> list[collection.Phone]:
        """Dispatch all routes of the accepted plan; return their phones."""
        routes = self.ask(collection.plan_to_drive, self.site, DAY)["routes"]
        named = [collection.Assignment(vehicle=r["vehicle"], number=r["number"], driver="Li Na") for r in routes]
        phones: list[collection.Phone] = self.run(collection.dispatch, self.site, DAY, named)
        return phones


def new_day(actor: Actor, *, partners: int = 6, adr: bool = False, **vehicle: Any) -> DayWorld:
    """Fill an organisation: a test centre with two vans of two tonnes, and partners around it."""
    world = DayWorld(actor)
    world.partners = [uuid4() for _ in range(partners)]
    rows: list[master.Row] = [
        master.Site(id=world.site, code="TC", name="Centre", name_zh="中心", kind="test_centre", lat=31.2, lon=121.4),
        master.Product(
            id=world.product,
            code="PACK",
            name="Pack",
            name_zh="电池包",
            vertical="batteries",
            level="pack",
            category="P",
            mass_g=300_000,
            value_minor=500_000,
            currency="CNY",
            decay_per_day=0.001,
            provenance={},
        ),
        *(
            master.Partner(
                id=partner,
                code=f"P{n}",
                name=f"Partner {n}",
                name_zh=f"伙伴{n}",
                kind="dealer",
                lat=31.2 + 0.05 * (n % 3 - 1),
                lon=121.4 + 0.06 * (n // 2 + 1) * (-1) ** n,
            )
            for n, partner in enumerate(world.partners)
        ),
        van(world.site, adr=adr, **vehicle),
    ]
    with store.transaction(actor.org_id) as connection:
        master.register(connection, actor, rows, at=at(-48).astimezone(UTC))
    return world


def van(site: UUID, code: str = "VAN", **changed: Any) -> master.Vehicle:
    """Return two equal vans of a site."""
    usual: dict[str, Any] = {
        "id": uuid4(),
        "code": code,
        "site_id": site,
        "count": 2,
        "capacity_kg": 2_000,
        "shift_begin_s": 7 * 3600,
        "shift_end_s": 18 * 3600,
        "cost_fixed": 30_000,
        "cost_per_km": 500,
        "cost_per_hour": 6_000,
    }
    return master.Vehicle(**{**usual, **changed})
