"""The pages around a plan with figures as they could be: planning, comparing, dispatching, the road, the phone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from takeback.core.message import msg
from takeback.core.money import Money
from takeback.web.console import views as v
from takeback.web.console.views.driving import DriveItem

DAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
LINK = "https://console.example/drive/3q2-7wEhqzXk0mJ8cV5tYb1nR4uL6sPd9fGaHiKoQeM"


def _yuan(amount: float) -> Money:
    return Money(round(amount * 100), "CNY")


def plan_day() -> v.PlanDayPage:
    return v.PlanDayPage(
        site_id="s1",
        site="Wuxi test centre",
        day=DAY,
        waiting=v.Waiting(orders=23, items=48, mass_kg=9_140, last_day=6, placeless=1),
        fleet=(
            v.Fleet(code="truck", name=msg("Truck"), count=4, capacity_kg=3500, shift=("07:00", "19:00")),
            v.Fleet(code="van", name=msg("Van"), count=2, capacity_kg=1100, shift=("08:00", "18:00")),
        ),
        plans=tuple(
            v.DayPlan(
                id=f"p{n}",
                made=MORNING - timedelta(minutes=11 * n),
                cost=_yuan(9640 + 180 * n),
                km=1209 + 22 * n,
                routes=4 + n // 2,
                stops=16 - n // 2,
                unserved=1 + n // 2,
                gap=0.076,
                state="accepted" if n == 0 else "replaced",
                note=("", "without the vans", "first look")[n],
            )
            for n in range(3)
        ),
        may_plan=True,
    )


def planning() -> v.Planning:
    curve = ((0.4, 11_240), (0.9, 10_610), (2.1, 10_180), (4.0, 9_910), (7.5, 9_760), (14.2, 9_655), (19.0, 9_640))
    job = v.Progress(
        id="7f3b",
        title=msg("Plan of {day}, {site}", day="23 Nov", site="Wuxi test centre"),
        state="running",
        done=21,
        total=30,
        seconds_left=9,
        cancellable=True,
    )
    falling = tuple(v.CostPoint(seconds=s, cost=_yuan(cost)) for s, cost in curve)
    return v.Planning(job=job, falling=falling, seconds=21.0, baseline=_yuan(11_880))


def plan_day_searching() -> v.PlanDayPage:
    return replace(plan_day(), planning=planning(), plans=())


def compare(shown: v.PlanPage) -> v.ComparePage:
    def one(n: int, **more: object) -> v.Compared:
        figures = {
            "cost": _yuan(9640 + 260 * n),
            "km": 1209 - 18 * n,
            "hours": 23.1 + 1.4 * n,
            "routes": 4,
            "stops": 16,
            "unserved": 1,
            "late": 1 - min(1, n),
            "co2_kg": 812 - 12.0 * n,
            "used": 0.78,
            "gap": 0.076,
        }
        made = MORNING - timedelta(minutes=11 * n)
        label = msg("Plan of {time}", time=f"07:{30 - 11 * n}")
        return v.Compared(**{"id": f"p{n}", "label": label, "made": made, "state": "proposed", **figures, **more})

    accept = v.Action(label=msg("Accept"), href="/plans/p0/accept", primary=True, confirm=msg("Accept this plan?"))
    return v.ComparePage(
        day=DAY,
        site=shown.site,
        plans=(one(0, actions=(accept,)), one(1), one(2)),
        measures=(
            v.Measure(name="cost", label=msg("Cost"), unit="money"),
            v.Measure(name="per_stop", label=msg("Cost a stop"), unit="money"),
            v.Measure(name="km", label=msg("Kilometres"), unit="km"),
            v.Measure(name="hours", label=msg("Hours"), unit="h"),
            v.Measure(name="routes", label=msg("Routes"), unit=""),
            v.Measure(name="unserved", label=msg("Left"), unit=""),
            v.Measure(name="late", label=msg("Late"), unit=""),
            v.Measure(name="co2_kg", label=msg("Carbon"), unit="kg"),
            v.Measure(name="used", label=msg("Fullest moment"), unit="%", less=None),
        ),
        elsewhere=(
            v.Elsewhere(
                order="RO-20012",
                place="Nantong dealer 1",
                cells=(
                    (msg("Truck {n}", n=2), MORNING + timedelta(hours=2)),
                    (msg("Truck {n}", n=4), MORNING + timedelta(hours=5)),
                    (msg("left"), None),
                ),
            ),
        ),
        alike=15,
        day_href="/plans/day",
    )


def running(shown: v.PlanPage) -> v.RunningPage:
    """Two hours on the road: one route is late, one stop could not be done, an order came in."""
    now = MORNING + timedelta(hours=3)
    routes = tuple(
        replace(route, key=f"r{route.number}", stops=tuple(_driven(stop, now) for stop in route.stops))
        for route in shown.routes
    )
    return v.RunningPage(
        id=shown.id,
        day=shown.day,
        site=shown.site,
        routes=routes,
        now=now,
        landmarks=shown.landmarks,
        candidates=(
            v.Candidate(
                order="RO-20433", name="Suzhou dealer 7", mass_kg=412, items=1, closes=now + timedelta(hours=6)
            ),
            v.Candidate(order="RO-20436", name="Wujiang yard", mass_kg=1260, items=3),
        ),
        insertion=v.Insertion(
            order="RO-20433",
            name="Suzhou dealer 7",
            vehicle=msg("Truck {n}", n=2),
            behind="Nantong dealer 1",
            arrive=now + timedelta(hours=1, minutes=12),
            extra_km=7.4,
            extra_cost=_yuan(41),
        ),
        may_change=True,
    )


def _driven(stop: v.Stop, now: datetime) -> v.Stop:
    if stop.kind == "depot" or stop.leave > now:
        return stop
    failed = stop.name == "Danyang dealer"
    return replace(stop, failed=failed, done=None if failed else stop.leave)


def drivers(shown: v.PlanPage) -> v.DriversPage:
    return v.DriversPage(
        id=shown.id, day=shown.day, site=shown.site, routes=shown.routes, may_dispatch=True, accepted=True
    )


def drivers_sent(shown: v.PlanPage) -> v.DriversPage:
    return replace(drivers(shown), links=tuple(replace(link, href="") for link in _links(shown)))


def drivers_fresh(shown: v.PlanPage) -> v.DriversPage:
    return replace(drivers(shown), links=_links(shown), fresh=True)


def _links(shown: v.PlanPage) -> tuple[v.Link, ...]:
    return tuple(
        v.Link(
            route=route.number,
            vehicle=route.vehicle,
            key=f"r{route.number}",
            href=LINK,
            driver="" if route.number > 2 else "Wu Gang",
            plate="苏B·7Q219",
            until=MORNING + timedelta(days=1, hours=12),
        )
        for route in shown.routes
    )


def sheets(shown: v.PlanPage) -> v.SheetsPage:
    return v.SheetsPage(id=shown.id, day=shown.day, site=shown.site, routes=shown.routes)


def drive(shown: v.PlanPage) -> v.DrivePage:
    route = shown.routes[0]
    return v.DrivePage(
        token="x",
        day=shown.day,
        vehicle=route.vehicle,
        site=shown.site,
        start=route.start,
        end=route.end,
        timezone="Asia/Shanghai",
        stops=tuple(
            v.DriveStop(
                key=stop.orders[0],
                number=number,
                name=stop.name,
                address=stop.orders[0],
                kind="pickup",
                arrive=stop.arrive,
                opens=stop.opens,
                closes=stop.closes,
                mass_kg=stop.mass_kg,
                items=stop.items,
                things=tuple(
                    DriveItem(epc=f"urn:x:{n}", code=f"TBCPE2-00019{n}", name="Pack NMC622", mass_kg=438)
                    for n in range(stop.items)
                ),
                geo=f"geo:{stop.lat},{stop.lon}?q={stop.lat},{stop.lon}",
                state="done" if number == 1 else "open",
                notes=(msg("Damaged batteries: never together with others."),) if number == 2 else (),
            )
            for number, stop in enumerate(route.calls, 1)
        ),
        reasons=(
            ("closed", msg("Closed, nobody there")),
            ("refused", msg("They did not hand it over")),
            ("not-ready", msg("Not ready or not packed")),
            ("unsafe", msg("Not safe to carry")),
            ("no-room", msg("No room on the vehicle")),
            ("other", msg("Something else")),
        ),
        aboard_kg=380,
        capacity_kg=3500,
    )
