"""Every page of the console with figures as they could be; all invented, only for tests and the preview."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from takeback.core.message import msg
from takeback.core.money import Money
from takeback.core.problem import Problem
from takeback.web.console import views as v
from takeback.web.console.vocabulary import WORDS
from tests.web import sample_centre, sample_plans
from tests.web.sample_genealogy import genealogy, genealogy_part, trace_quality

NOW = datetime(2026, 11, 22, 0, 31, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def yuan(amount: float) -> Money:
    return Money(round(amount * 100), "CNY")


def shell(path: str = "/", locale: v.Locale = "en", theme: v.Theme = "light", **more: object) -> v.Shell:
    """The shell around any page, somebody signed in."""
    sites = (v.ScopeChoice(value="wux", label="Wuxi test centre"), v.ScopeChoice(value="sha", label="Shanghai returns"))
    given: dict[str, object] = {
        "now": NOW,
        "path": path,
        "locale": locale,
        "theme": theme,
        "person": v.Person(
            name="Lin Wei", email="lin.wei@operator.example", organisation="Yangtze Takeback", role="manager"
        ),
        "scope": v.Scope(region=msg("Yangtze delta"), sites=sites),
        "checkpoint": v.CheckpointBadge(
            number=48_211, signed_at=NOW, verified=True, verified_at=NOW, verified_size=48_190
        ),
        "counts": {"queues": 184, "jobs": 1},
        "csrf_token": "sample",
    }
    return v.Shell(**{**given, **more})


def demo_job(state: str = "running") -> v.Progress:
    return v.Progress(
        id="7f3a",
        title=msg("Filling the demo world"),
        state=state,
        done=37,
        total=90,
        step=msg("day {day} of {days}", day=37, days=90),
        seconds_left=96,
        cancellable=True,
    )


def _stage(stage: str, items: int, value: float, age: timedelta, loss: float, ages: tuple[int, ...], day: float):
    return v.StageFigure(
        stage=stage,
        items=items,
        value=yuan(value),
        median_age=age,
        loss_per_hour=yuan(loss),
        ages=ages,
        per_day=day,
    )


def loop() -> v.Loop:
    return v.Loop(
        stages=(
            _stage("ordered", 3120, 2_104_000, 1.9 * DAY, 214, (640, 870, 1010, 480, 120), 262),
            _stage("collected", 412, 318_000, 1.4 * DAY, 96, (60, 140, 170, 38, 4), 257),
            _stage("received", 236, 204_000, 14 * HOUR, 88, (70, 118, 40, 8, 0), 251),
            _stage("graded", 184, 176_400, 9 * HOUR, 412, (61, 78, 29, 11, 5), 248),
            _stage("decided", 57, 88_100, 3 * HOUR, 41, (41, 12, 3, 1, 0), 243),
            _stage("recovered", 18_391, 6_110_000, 4.2 * DAY, 0, (0, 0, 0, 0, 0), 0),
        ),
        outlets=tuple(
            v.Outlet(disposition=code, items=items, value=yuan(value))
            for code, items, value in (
                ("restock", 6110, 2_412_000),
                ("open_box", 2480, 881_000),
                ("refurbish", 2070, 640_500),
                ("repurpose", 1490, 1_204_000),
                ("remanufacture", 402, 418_000),
                ("liquidate", 2610, 212_400),
                ("recycle", 2980, 331_000),
                ("destroy", 249, -11_200),
            )
        ),
        learnt=17_204,
    )


def needs() -> tuple[v.Need, ...]:
    def need(title: object, detail: object, badge: object, tone: str = "warn") -> v.Need:
        return v.Need(href="/items/2a7f", title=title, detail=detail, badge=badge, tone=tone)

    return (
        need(
            "TB-77A3-0192",
            msg("Pack, isolation fault, bay {bay}: move within {minutes} min", bay=2, minutes=40),
            "!",
            "bad",
        ),
        need(
            msg("{n} laptops", n=12),
            msg("graded {grade}, price falls {percent} a day", grade="A−", percent="1.1 %"),
            msg("{money}/h", money=yuan(96)),
        ),
        need("RO-20418", msg("refund clock: {hours} h left", hours=5), msg("{n} h", n=5)),
        need(
            msg("{n} modules, {chemistry}", n=38, chemistry="NMC622"),
            msg("a pulse test pays: {gain} each for {cost}", gain=yuan(312), cost=yuan(180)),
            "+¥5.0k",
            "good",
        ),
        need(
            msg("Route {number}", number=7),
            msg("a new pick-up fits: {km} km more, no promise broken", km="3.1"),
            "+3 km",
            "advice",
        ),
        need(msg("Copper recovery"), msg("{site}: two points below duty", site="Wuxi line 2"), "93 %", "recycling"),
    )


def forecast() -> v.Forecast:
    past = (212, 231, 204, 246, 228, 252, 239, 261, 244, 270, 252, 266)
    weeks = [date(2026, 8, 31) + 7 * DAY * n for n in range(18)]
    middle = (272, 281, 279, 290, 296, 306)
    return v.Forecast(
        title=msg("Coming back, packs a week"),
        history=tuple(v.HistoryPoint(start=day, value=n) for day, n in zip(weeks[:12], past, strict=True)),
        ahead=tuple(
            v.FanPoint(
                start=day,
                q10=m - 16 - 9 * i,
                q25=m - 8 - 4.5 * i,
                q50=m,
                q75=m + 9 + 5 * i,
                q90=m + 18 + 10 * i,
                naive=252,
            )
            for i, (day, m) in enumerate(zip(weeks[12:], middle, strict=True))
        ),
        skill=0.31,
    )


def realised() -> v.Realised:
    bins = (
        (40, 36, 12, 58),
        (120, 128, 70, 180),
        (210, 199, 120, 300),
        (330, 346, 240, 450),
        (470, 452, 330, 610),
        (640, 668, 500, 820),
        (860, 842, 640, 1060),
        (1150, 1192, 900, 1480),
        (1530, 1498, 1190, 1840),
        (2080, 2140, 1640, 2600),
    )
    return v.Realised(
        bins=tuple(v.RealisedBin(predicted=p, realised=r, low=lo, high=hi, decisions=412) for p, r, lo, hi in bins),
        currency="CNY",
        decisions=4120,
        coverage=0.79,
    )


def rivals() -> tuple[v.Rival, ...]:
    return (
        v.Rival(
            label=msg("Value realised"),
            baseline_label=msg("best static rule"),
            ours=348.2,
            baseline=309.3,
            best=371.0,
            gain=0.126,
            unit=msg("¥ an item"),
        ),
        v.Rival(
            label=msg("Kilometres driven"),
            baseline_label=msg("nearest neighbour"),
            ours=412.6,
            baseline=501.2,
            gain=0.177,
            unit=msg("km a day"),
        ),
        v.Rival(
            label=msg("Forecast error"),
            baseline_label=msg("naive"),
            ours=14.1,
            baseline=20.4,
            gain=0.309,
            unit=msg("packs a week"),
        ),
    )


def home() -> v.HomePage:
    return v.HomePage(
        figures=v.HomeFigures(
            value_in_loop=yuan(2_890_500),
            value_change=0.04,
            loss_per_hour=yuan(851),
            loss_change=-0.18,
            against_rule=0.126,
            against_rule_error=0.011,
            mass_closed=0.9997,
            mass_gap_kg=0.0,
            with_evidence=0.984,
            decisions=8412,
        ),
        loop=loop(),
        needs=needs(),
        needs_total=180,
        forecast=forecast(),
        realised=realised(),
        rivals=rivals(),
    )


def home_filling() -> v.HomePage:
    """The first minutes: the demo world is being made, most figures are not there yet."""
    empty = tuple(
        _stage(code, n, n * 402.0, 9 * HOUR if n else None, n * 0.2, (n, 0, 0, 0, 0), n / 3)
        for code, n in (
            ("ordered", 812),
            ("collected", 96),
            ("received", 31),
            ("graded", 12),
            ("decided", 0),
            ("recovered", 0),
        )
    )
    return v.HomePage(
        figures=v.HomeFigures(value_in_loop=yuan(382_000), loss_per_hour=yuan(190)),
        loop=v.Loop(stages=empty, outlets=()),
        job=demo_job(),
    )


def queue() -> v.QueuePage:
    rows = (
        ("RO-20418-1", '14" laptop i5', "A−", "p 0.92", 96, "restock", 3180, 140, 5, 9 * HOUR),
        ("TB-77A3-0187", "Pack NMC622 60 kWh", "78.4 %", "± 2.2", 41, "repurpose", 2140, 250, None, 26 * HOUR),
        ("RO-20391-2", "Running shoes 42", "A", "p 0.99", 38, "restock", 412, 180, 46, 11 * HOUR),
        ("RO-20402-1", "Phone 128 GB", "B", "p 0.81", 33, "open_box", 1260, 35, None, 31 * HOUR),
        ("TB-77A3-0201", "38 modules, one family", None, None, 29, "repurpose", 1760, 312, None, 50 * HOUR),
        ("RO-20377-1", "Coffee machine, pump", "C", "p 0.64", 21, "refurbish", 398, 120, None, 3.2 * DAY),
        ("RO-20433-1", "Dress M, worn", "C", "p 0.58", 17, "liquidate", 38, 9, 22, 2.1 * DAY),
        ("TB-77A3-0166", "Pack LFP 52 kWh, flooded", "D", "p 0.97", 12, "recycle", 180, 60, None, 4.4 * DAY),
        ("RO-20389-1", "Headphones", "B−", "p 0.77", 9, "parts", 64, 4, None, 20 * HOUR),
        ("RO-20350-3", "Tablet, holds data", "B", "p 0.83", 8, "open_box", 890, 70, None, 6.1 * DAY),
        ("RO-20348-1", "Rice cooker 4 l", "A", "p 0.95", 6.4, "restock", 219, 61, None, 18 * HOUR),
        ("RO-20341-2", "Down jacket L", "A", "p 0.98", 6.1, "restock", 560, 205, None, 22 * HOUR),
        ("TB-77A3-0148", "Pack LFP 48 kWh", "71.9 %", "± 3.1", 5.8, "recycle", 1120, 18, None, 2.8 * DAY),
        ("RO-20333-1", "Camera lens 50 mm", "B+", "p 0.88", 5.2, "open_box", 1480, 92, None, 1.4 * DAY),
        ("RO-20329-4", "Office chair", "C", "p 0.71", 3.7, "donate", 45, 12, None, 5.5 * DAY),
        ("RO-20321-1", "Blender 1.5 l", "B", "p 0.86", 2.9, "refurbish", 118, 22, None, 2.2 * DAY),
    )
    tabs = (
        ("all", msg("All"), 184, "plain"),
        ("receive", msg("To receive"), 61, "plain"),
        ("grade", msg("To grade"), 66, "plain"),
        ("decide", msg("To decide"), 57, "plain"),
        ("clock", msg("Clock runs out"), 9, "warn"),
        ("danger", msg("Unsafe"), 1, "bad"),
    )
    category = v.Filter(
        name="category",
        label=msg("Category"),
        chosen="electronics",
        options=(
            v.FilterOption(value="electronics", label="Electronics", count=61),
            v.FilterOption(value="clothing", label="Clothing", count=40),
        ),
    )
    site = v.Filter(
        name="site", label=msg("Site"), options=(v.FilterOption(value="wux", label="Wuxi test centre", count=88),)
    )
    words = WORDS["disposition"]
    return v.QueuePage(
        tabs=tuple(v.QueueTab(code=c, label=w, count=n, tone=t) for c, w, n, t in tabs),
        tab="all",
        address=v.Address(path="/queues/all", params={"category": "electronics"}),
        filters=(category, site),
        paging=v.Paging(number=1, size=16, total=184),
        rows=tuple(
            v.QueueRow(
                key=f"{i:016x}",
                reference=ref,
                name=name,
                state=state,
                sure=sure,
                loss_per_hour=yuan(loss),
                best=words[best],
                best_code=best,
                value=yuan(value),
                lead=yuan(lead),
                due=NOW + due * HOUR if due else None,
                age=age,
                chip=v.Chip(label=msg("Bay {bay}", bay=2), tone="bad") if "flooded" in name else None,
            )
            for i, (ref, name, state, sure, loss, best, value, lead, due, age) in enumerate(rows)
        ),
        detail=v.QueueDetail(
            key="0" * 16,
            reference="RO-20418-1",
            name='14" laptop i5',
            chip=v.Chip(label=msg("{n} h", n=5), tone="bad"),
            facts=(
                v.Fact(label=msg("Customer says"), value="“too slow”"),
                v.Fact(label=msg("Seen"), value="fine scratches on the lid, battery 91 %"),
                v.Fact(
                    label=msg("Price today"), value=msg("{money}, {percent} a day", money=yuan(3420), percent="−1.1 %")
                ),
                v.Fact(label=words["restock"], value=yuan(3180)),
                v.Fact(label=msg("Runner-up: {name}", name=words["open_box"]), value=yuan(3040)),
                v.Fact(label=msg("Refund clock"), value=msg("within {hours} h", hours=5)),
            ),
            actions=(
                v.Action(label=msg("Restock and refund"), href="/items/0/accept", primary=True, key="↵"),
                v.Action(label=msg("Choose another"), href="/items/0", key="O", method="get"),
            ),
        ),
        hour=v.HourFigures(decided=42, seconds_each=18, saved_against_fifo=yuan(3960), overruled=2),
    )


def decision() -> v.Decision:
    def option(code: str, label: object, value: float, low: float, high: float, chosen: bool = False) -> v.Option:
        return v.Option(disposition=code, label=label, value=yuan(value), low=yuan(low), high=yuan(high), chosen=chosen)

    return v.Decision(
        by=msg("model {version}", version="v14"),
        decided_at=NOW - 19 * timedelta(minutes=1),
        options=(
            option("repurpose", msg("Repurpose: {use}", use="48 V telecom store"), 2140, 1720, 2520, True),
            option("remanufacture", msg("Remanufacture for service stock"), 1890, 1010, 2640),
            option("reuse", msg("Sell modules, graded"), 1760, 1480, 2010),
            option("recycle", msg("Recycle: {how}", how="hydrometallurgy"), 610, 540, 690),
            v.Option(disposition="hold", label=msg("Decide later"), value=yuan(1700), after_place=yuan(1700)),
            v.Option(
                disposition="remanufacture",
                label=msg("Remanufacture in the bay"),
                value=yuan(2310),
                low=yuan(1900),
                high=yuan(2600),
                after_place=yuan(1650),
            ),
            v.Option(
                disposition="reuse",
                label=msg("Resell as it is"),
                barred=msg("no lifetime data ({source})", source="IEC 63338"),
            ),
        ),
        reasons=(
            v.Reason(label=msg("Residual energy {energy}", energy="47.0 kWh"), effect=yuan(410)),
            v.Reason(label=msg("Cell spread {percent}", percent="3.1 %"), effect=yuan(92)),
            v.Reason(label=msg("Test and re-certify"), effect=yuan(-180)),
            v.Reason(label=msg("Haul to {place}", place="Wuxi"), effect=yuan(-72)),
        ),
        flips=(
            v.Flip(label="SOCE", now=78.4, low=76.1, high=80.6, threshold=74.0, unit="%", then=msg("Remanufacture")),
            v.Flip(label=msg("Telecom price"), now=455, threshold=410, unit="¥/kWh", then=msg("Remanufacture")),
            v.Flip(label=msg("Nickel price"), now=121, threshold=168, unit="¥/kg", then=msg("Recycle")),
        ),
        look_closer=v.LookCloser(test=msg("A full capacity test"), worth=yuan(64), cost=yuan(390)),
        actions=(
            v.Action(
                label=msg("Choose another"),
                href="/items/2a7f/decide",
                key="O",
                confirm=msg("Take the decision back and choose again?"),
            ),
        ),
    )


def item_proposed() -> v.ItemPage:
    """A graded item with what is proposed for it, places counted."""
    taken = decision()
    options = tuple(
        replace(o, after_place=None if o.value is None else Money(o.value.minor - 100, o.value.currency))
        for o in taken.options
    )
    accept = v.Action(label=msg("Accept"), href="/queues/graded/accept?key=11", primary=True)
    proposal = v.Decision(options=options, by=taken.by, notes=taken.notes, actions=(accept,))
    return replace(item_plain(), stage="graded", grade="batteries", decision=proposal)


def _event(title: object, detail: object, hours: float, leaf: int | None, **more: object) -> v.TimelineEvent:
    return v.TimelineEvent(title=title, detail=detail, at=NOW - hours * HOUR, leaf=leaf, entry=leaf, **more)


def item() -> v.ItemPage:
    return v.ItemPage(
        key="2a7f00c1d2e3f405",
        reference="001PB0100000A8R7T0000192",
        epc="https://id.gs1.org/01/06901234567892/21/001PB0100000A8R7T0000192",
        name=msg("Battery pack of {year}", year="2018"),
        vertical="batteries",
        level="pack",
        stage="decided",
        held_by="Wuxi second-life works",
        since=NOW - 19 * HOUR,
        owner="Yangtze Takeback",
        chips=(v.Chip(label=msg("Repurpose"), tone="advice"), v.Chip(label="NMC622 · 60 kWh · 96s2p")),
        value=yuan(2140),
        mass_kg=438.6,
        loss_per_hour=yuan(0.41),
        actions=(
            v.Action(label=msg("Label"), href="/items/2a7f/label", method="get"),
            v.Action(label=msg("Hand over"), href="/items/2a7f/hand-over", primary=True, key="H"),
        ),
        decision=decision(),
        statements=(
            v.StatementLine(
                label="SOCE",
                value=78.4,
                low=76.1,
                high=80.6,
                unit="%",
                provenance="estimated",
                method=msg("ridge on a 5 s pulse"),
                by=msg("station {n}", n=3),
                at=NOW - 16 * HOUR,
            ),
            v.StatementLine(
                label=msg("Isolation resistance"),
                value=2.1,
                unit="MΩ",
                provenance="simulated",
                method=msg("bench meter"),
                by=msg("station {n}", n=1),
                at=NOW - 8 * HOUR,
            ),
            v.StatementLine(
                label=msg("Mass"),
                value=438.6,
                unit="kg",
                provenance="real",
                method=msg("platform scale"),
                by="Wuxi",
                at=NOW - 10 * HOUR,
            ),
            v.StatementLine(
                label=msg("Chemistry"),
                value="NMC622",
                provenance="declared",
                method=msg("maker's data sheet"),
            ),
        ),
        events=(
            _event(
                msg("Decided: {what}", what=msg("Repurpose")),
                msg("runner-up {money} behind, flips below {value}", money=yuan(250), value="SOCE 74 %"),
                0.3,
                None,
            ),
            _event(
                msg("Graded {grade}", grade="B+"), "SOCE 78.4 % [76.1–80.6]", 0.6, 1_204_118, provenance="estimated"
            ),
            _event(
                msg("Discharged to {percent}", percent="28 %"),
                msg("{energy} to the grid", energy="21.4 kWh"),
                16,
                1_204_002,
                tone="warn",
            ),
            _event(
                msg("Received at {place}", place="Wuxi test centre"),
                msg("{weighed} weighed, {announced} announced", weighed="438.6 kg", announced="438.0 kg"),
                18.5,
                1_203_877,
            ),
            _event(msg("Collected"), msg("route {number}, certified vehicle, signature", number=7), 23, 1_203_610),
            _event(msg("Announced by {name}", name="Suzhou dealer 3"), msg("{n} photos", n=8), 39, 1_202_944),
        ),
        hidden_events=2,
        proof=v.Proof(
            checkpoint=48_211,
            log_size=4_821_100,
            events=14,
            signed_at=NOW,
            last_leaf=1_204_118,
            verified_at=NOW,
            witnesses=2,
            waiting=1,
        ),
        materials=tuple(
            v.MaterialLine(material=m, kg=kg, error=0.06)
            for m, kg in (("Ni", 30.7), ("Co", 10.3), ("Li", 6.2), ("Cu", 23.6), ("Al", 56.3))
        ),
        inside=tuple(
            v.Inside(label=f"M{n}", soh=soh / 100 if soh else None, outlier=soh == 71, href=f"/items/{n:x}")
            for n, soh in enumerate((81, 80, 79, 79, 78, 71, 80, 79, 81, 80, None, 78), 1)
        ),
    )


def item_plain() -> v.ItemPage:
    """A parcel that has only been announced."""
    return v.ItemPage(
        key="11",
        reference="RO-20418-1",
        epc="https://id.gs1.org/01/06901234567892/21/204181",
        name='14" laptop i5',
        vertical="returns",
        level="unit",
        stage="ordered",
        held_by=msg("the customer"),
        since=NOW - 5 * HOUR,
        owner="Yangtze Takeback",
        value=yuan(3420),
        mass_kg=None,
    )


def items() -> v.ItemsPage:
    base = queue().rows
    stages = ("received", "graded", "decided", "collected")
    return v.ItemsPage(
        rows=tuple(
            v.ItemRow(
                key=row.key,
                reference=row.reference,
                name=row.name,
                vertical="batteries" if row.reference.startswith("TB") else "returns",
                stage=stages[i % 4],
                held_by="Wuxi test centre" if i % 2 else "Shanghai returns",
                age=row.age,
                value=row.value,
                state=row.state,
                disposition=row.best_code if i % 3 else None,
                provenance=("simulated", "real", "estimated", "declared")[i % 4],
            )
            for i, row in enumerate(base)
        ),
        paging=v.Paging(number=2, size=16, total=22_400),
        address=v.Address(path="/items"),
        filters=(
            v.Filter(
                name="stage",
                label=msg("Stage"),
                options=tuple(v.FilterOption(value=s, label=WORDS["stage"][s], count=100) for s in stages),
            ),
        ),
    )


_PLACES = (
    ("Suzhou dealer 3", 31.33, 120.62),
    ("Kunshan depot", 31.38, 120.98),
    ("Changshu yard", 31.65, 120.75),
    ("Jiangyin point", 31.92, 120.28),
    ("Changzhou dealer 1", 31.81, 119.97),
    ("Yixing point", 31.36, 119.82),
    ("Huzhou dealer 2", 30.89, 120.09),
    ("Jiaxing yard", 30.75, 120.76),
    ("Shanghai Minhang", 31.11, 121.38),
    ("Shanghai Jiading", 31.38, 121.25),
    ("Taicang point", 31.46, 121.13),
    ("Nantong dealer 1", 31.98, 120.89),
    ("Zhangjiagang", 31.87, 120.55),
    ("Hangzhou Yuhang", 30.42, 120.30),
    ("Tongxiang point", 30.63, 120.56),
    ("Danyang dealer", 32.01, 119.61),
)


def plan() -> v.PlanPage:
    start = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
    depot = {"name": "Wuxi test centre", "lat": 31.57, "lon": 120.30, "kind": "depot"}

    def route(number: int, order: tuple[int, ...], km: float, capacity: float, cost: float) -> v.Route:
        stops = [v.Stop(**depot, arrive=start, leave=start + number * timedelta(minutes=7))]
        at, load = stops[0].leave, 0.0
        for n, index in enumerate(order):
            name, lat, lon = _PLACES[index]
            at += timedelta(minutes=38 + 9 * (index % 4))
            mass = (380.0, 460.0, 912.0, 438.0)[index % 4]
            load += mass
            stops.append(
                v.Stop(
                    name=name,
                    lat=lat,
                    lon=lon,
                    kind="pickup",
                    arrive=at,
                    begin=at + timedelta(minutes=12 * ((number, n) == (2, 1))),
                    leave=at + timedelta(minutes=18 + 12 * ((number, n) == (2, 1))),
                    mass_kg=mass,
                    load_kg=load,
                    items=1 + index % 3,
                    orders=(f"RO-2{index:04d}",),
                    opens=at - HOUR,
                    closes=at - timedelta(minutes=4) if (number, n) == (3, 2) else at + HOUR,
                )
            )
            at = stops[-1].leave + (number == 4 and n == 1) * timedelta(minutes=45)
        end = at + timedelta(minutes=55)
        stops.append(v.Stop(**depot, arrive=end, leave=end, mass_kg=-load, load_kg=0.0))
        return v.Route(
            number=number,
            vehicle=msg("Truck {n}", n=number),
            capacity_kg=capacity,
            km=km,
            stops=tuple(stops),
            cost=yuan(cost),
            parts=(
                v.CostPart(kind="vehicle", amount=yuan(600)),
                v.CostPart(kind="distance", amount=yuan(km * 3.2)),
                v.CostPart(kind="time", amount=yuan(cost - 600 - km * 3.2)),
            ),
            co2_kg=km * 0.67,
            rests=(v.Rest(begin=stops[2].leave, end=stops[2].leave + timedelta(minutes=45)),) if number == 4 else (),
        )

    return v.PlanPage(
        id="2026-11-23",
        day=date(2026, 11, 23),
        site="Wuxi test centre",
        routes=(
            route(1, (12, 2, 1, 10, 9, 8), 318, 3500, 2310),
            route(2, (3, 11, 0), 246, 3500, 1840),
            route(3, (4, 15, 5), 268, 2400, 1975),
            route(4, (6, 13, 14, 7), 377, 3500, 2840),
        ),
        km=1209,
        km_same_stops=1468,
        km_habit=1302,
        bound=yuan(8_910),
        gap=0.076,
        cost=yuan(9_640),
        co2_kg=812,
        seconds=6.2,
        solver="PyVRP 0.14, 4,000 iterations",
        unserved=(
            v.Unserved(
                name="Lianyungang dealer 1",
                reason=msg("{km} km away: the vehicle would be back after {time}", km=402, time="20:00"),
                remedy=msg("{n} min of overtime would make it fit", n=35),
            ),
        ),
        landmarks=tuple(
            v.Landmark(name=name, lat=lat, lon=lon)
            for name, lat, lon in (
                ("Shanghai", 31.23, 121.47),
                ("Nanjing", 32.06, 118.80),
                ("Hangzhou", 30.27, 120.16),
                ("Ningbo", 29.87, 121.55),
                ("Suzhou", 31.30, 120.58),
                ("Nantong", 32.02, 120.86),
                ("Changzhou", 31.78, 119.95),
            )
        ),
        actions=(
            v.Action(
                label=msg("Send to the drivers"),
                href="/plans/1/send",
                primary=True,
                confirm=msg("Send the routes to four drivers?"),
            ),
        ),
        state="accepted",
        provenance=msg("straight line x {factor}, {speed} km/h", factor="1.3", speed=65),
        siblings=("p2", "p3"),
        day_href="/plans/day",
        exports=True,
    )


def plans() -> v.PlansPage:
    return v.PlansPage(
        rows=tuple(
            v.PlanRow(
                id=f"p{n}",
                day=date(2026, 11, 23 - n),
                site="Wuxi test centre",
                routes=4 - n % 2,
                stops=16 - n,
                km=1209 - 41 * n,
                mass_kg=8120 - 300 * n,
                km_same_stops=1468 - 47 * n,
                km_habit=1302 + 160 * (n % 3),
                state="proposed" if n == 0 else "driving" if n == 1 else "done",
            )
            for n in range(9)
        ),
        sites=(v.SiteChoice(value="s1", label="Wuxi test centre"),),
        next_day=date(2026, 11, 24),
    )


_KINDS = (
    v.ImportKind(
        code="returns",
        label=msg("Return orders"),
        detail=msg("parcels that customers send back"),
        columns=("order", "serial", "product", "reason", "mass_kg", "price"),
    ),
    v.ImportKind(
        code="batteries",
        label=msg("Battery collections"),
        detail=msg("packs, modules and cells to be picked up"),
        columns=("epc", "model", "place", "energy_kwh", "mass_kg"),
    ),
    v.ImportKind(code="catalogue", label=msg("Catalogue"), detail=msg("products and battery models")),
    v.ImportKind(code="measurements", label=msg("Measurements"), detail=msg("test results of items we know")),
)
_FILE = v.ImportFile(name="returns-2026-11.csv", size_bytes=2_412_000, encoding="GB 18030", format="csv", rows=5_214)


def import_upload() -> v.ImportPage:
    return v.ImportPage(
        kinds=_KINDS,
        recent=(
            v.RecentImport(
                href="/import/1",
                name="packs-suzhou.xlsx",
                kind=msg("Battery collections"),
                rows=412,
                good=412,
                state="committed",
                when="21 Nov",
            ),
            v.RecentImport(
                href="/import/2",
                name="returns-old.csv",
                kind=msg("Return orders"),
                rows=5214,
                good=5180,
                state="refused",
                when="20 Nov",
            ),
        ),
    )


def import_map() -> v.ImportPage:
    def target(name: str, label: object, **more: object) -> v.ImportTarget:
        return v.ImportTarget(name=name, label=label, **more)

    return v.ImportPage(
        step="map",
        id="9",
        file=_FILE,
        kind=msg("Return orders"),
        targets=(
            target("order", msg("Order number"), required=True, hint=msg("one order may have several rows")),
            target("serial", msg("Serial or EPC"), required=True, hint=msg("SGTIN, element string or Digital Link")),
            target("mass", msg("Mass"), unit="kg", hint=msg("above zero")),
            target("price", msg("Price"), required=True, unit="CNY"),
            target("reason", msg("Reason")),
        ),
        columns=(
            v.SourceColumn(header="订单号", samples=("RO-20418", "RO-20419", "RO-20420"), target="order"),
            v.SourceColumn(header="序列号", samples=("(01)06901234567892(21)204181",), target="serial"),
            v.SourceColumn(header="重量", samples=("2.41", "0.86", "11.2"), target="mass", sure=False),
            v.SourceColumn(header="退货原因", samples=("尺码不合适", "太慢", "质量问题"), target="reason"),
            v.SourceColumn(header="备注", samples=("", "急", "")),
        ),
    )


def import_report() -> v.ImportPage:
    errors = (
        (17, "mass_kg", "-2.4", msg("a mass above zero, in kilograms"), None),
        (
            203,
            "serial",
            "06901234567890",
            msg("a GTIN whose check digit is {digit}", digit=2),
            msg("Compare with the label."),
        ),
        (
            204,
            "serial",
            "(01)06901234567892(21)204181",
            msg("a serial that no other row has"),
            msg("Row {row} has it too.", row=18),
        ),
        (911, "price", "12,4O", msg("an amount such as {example}", example="12.40"), None),
    )
    return v.ImportPage(
        step="report",
        id="9",
        file=_FILE,
        kind=msg("Return orders"),
        report=v.ImportReport(
            rows=5214,
            good=5180,
            error_count=34,
            errors=tuple(
                v.RowError(row=r, column=c, found=f, wrong=msg("This cannot be read."), expected=e, remedy=m)
                for r, c, f, e, m in errors
            ),
            by_kind=(
                (msg("Negative mass"), 11),
                (msg("Wrong check digit"), 14),
                (msg("Duplicate serial"), 7),
                (msg("Not an amount"), 2),
            ),
            preview_columns=("order", "serial", "mass_kg", "price", "reason"),
            preview=(
                ("RO-20418", "204181", "2.410", "¥3,420.00", "太慢"),
                ("RO-20419", "204190", "0.860", "¥412.00", "尺码不合适"),
            ),
        ),
    )


def import_done() -> v.ImportPage:
    return v.ImportPage(step="done", id="9", file=_FILE, kind=msg("Return orders"), committed=5180)


def balance() -> v.BalancePage:
    def site(name: str, role: object, *kg: float) -> v.SiteBalance:
        opening, received, products, sent, losses, stock = kg
        return v.SiteBalance(
            site=name,
            role=role,
            opening_kg=opening,
            received_kg=received,
            products_kg=products,
            sent_kg=sent,
            losses_kg=losses,
            stock_kg=stock,
        )

    return v.BalancePage(
        since=NOW - 7 * DAY,
        until=NOW,
        sites=(
            site("Wuxi test centre", msg("test centre"), 12_408.2, 31_204.6, 0, 30_112.4, 0, 13_500.4),
            site("Suzhou second-life works", msg("repurposer"), 4_120.0, 18_204.0, 15_980.5, 1_204.5, 36.0, 5_103.0),
            site("Taicang recycler", msg("recycler"), 22_004.0, 40_120.0, 34_871.2, 0, 2_940.8, 24_312.0),
            site("Shanghai returns", msg("return centre"), 2_113.4, 9_412.7, 7_702.0, 1_290.2, 12.4, 2_521.5),
            site("Ningbo returns", msg("return centre"), 1_204.0, 6_002.1, 5_101.0, 800.0, 4.0, 1_300.7),
        ),
        materials=(
            v.MaterialBalance(material="Li", contained_kg=812, recovered_kg=666, duty=0.8, duty_source="EU 2023/1542"),
            v.MaterialBalance(
                material="Ni", contained_kg=4021, recovered_kg=3900, duty=0.95, duty_source="EU 2023/1542"
            ),
            v.MaterialBalance(
                material="Co", contained_kg=1349, recovered_kg=1295, duty=0.95, duty_source="EU 2023/1542"
            ),
            v.MaterialBalance(
                material="Cu", contained_kg=3092, recovered_kg=2875, duty=0.95, duty_source="EU 2023/1542"
            ),
        ),
    )


def ledger_entry() -> v.LedgerPage:
    """The ledger with one entry opened."""
    page = ledger()
    detail = v.EntryDetail(
        entry=page.entries[3],
        recorded_at=NOW,
        body='{\n  "type": "ObjectEvent",\n  "epcList": ["https://id.gs1.org/01/09521005200109/21/R0000013099"]\n}',
        by="system",
        path=("3q2+7w==", "yv66vg=="),
    )
    filters = (v.Filter(name="kind", label=msg("Kind"), options=(v.FilterOption(value="ObjectEvent", label="O"),)),)
    return replace(page, detail=detail, filters=filters, since=NOW.date(), until=NOW.date())


def ledger() -> v.LedgerPage:
    kinds = ("ObjectEvent", "takeback:Decided", "takeback:Ordered", "TransformationEvent", "takeback:Planned")
    titles = (
        msg("Received at {place}", place="Wuxi test centre"),
        msg("Decided: {what}", what=msg("Repurpose")),
        msg("Graded {grade}", grade="B+"),
    )
    return v.LedgerPage(
        checkpoints=tuple(
            v.CheckpointRow(
                number=48_211 - n,
                size=4_821_100 - 300 * n,
                root=f"{n:02d}9f3c1e77aa40b2c8d1e5f60718293a4b5c6d7e8f9",
                signed_at=NOW - n * timedelta(minutes=4),
                added=300,
                verified=True if n else None,
            )
            for n in range(7)
        ),
        entries=tuple(
            v.EntryRow(
                id=n,
                kind=kinds[n % 5],
                title=titles[n % 3],
                at=NOW - n * timedelta(minutes=1),
                items=1 + n % 7,
                hash=f"{n:04x}c1d2e3f405a6b7c8d9",
                leaf=4_821_100 - n if n > 1 else None,
                item_key=f"{n:x}",
            )
            for n in range(18)
        ),
        paging=v.Paging(number=1, size=18, total=4_821_102),
        address=v.Address(path="/ledger"),
        filters=(
            v.Filter(
                name="kind", label=msg("Kind"), options=(v.FilterOption(value="decision", label=msg("Decisions")),)
            ),
        ),
        public_key="takeback+48b1c2d3+AZ8xkq3V0m1p4dYvQm7r2jN0uC5sTeHwLb9oXfKi6gRa",
        waiting=2,
        per_day=(
            210,
            260,
            240,
            301,
            280,
            190,
            120,
            330,
            345,
            310,
            298,
            350,
            201,
            140,
            372,
            390,
            365,
            402,
            381,
            220,
            160,
            410,
        ),
    )


def jobs() -> v.JobsPage:
    def row(title: object, state: str, **more: object) -> v.JobRow:
        extra = {k: more.pop(k) for k in ("done", "total", "step", "seconds_left", "problem") if k in more}
        progress = v.Progress(id=str(title), title=title, state=state, cancellable=state == "running", **extra)
        return v.JobRow(progress=progress, by="Lin Wei", started_at=NOW - 0.2 * HOUR, **more)

    return v.JobsPage(
        rows=(
            v.JobRow(progress=demo_job(), by="takeback", started_at=NOW - 0.02 * HOUR),
            row(msg("Import {name}", name="returns-2026-11.csv"), "waiting"),
            row(msg("Plan of {day}", day="23 Nov"), "done", seconds=6.2, result=msg("{n} routes", n=4)),
            row(msg("Verify the ledger"), "failed", seconds=2.0, problem=msg("The database did not answer.")),
            row(msg("Import {name}", name="packs.xlsx"), "cancelled", seconds=31.0),
        ),
    )


def settings() -> v.SettingsPage:
    return v.SettingsPage(
        organisation="Yangtze Takeback",
        organisation_kind="enterprise",
        members=(
            v.Member(id="1", name="Lin Wei", email="lin.wei@operator.example", role="manager", last_seen=NOW, you=True),
            v.Member(id="2", name="Alice Zhao", email="alice@operator.example", role="owner", last_seen=NOW - DAY),
            v.Member(id="3", name="Bob Chen", email="bob@operator.example", role="operator"),
        ),
        keys=(
            v.ApiKey(
                id="1",
                name="warehouse",
                prefix="tb_4f2a",
                scopes=("read", "import"),
                created_at=NOW - 30 * DAY,
                last_used=NOW,
            ),
        ),
        new_key="tb_4f2a.9mW0q2c7vB1xY8sD3kLpZr6t",
    )


def sign_in() -> v.SignInPage:
    return v.SignInPage(
        demo=tuple(
            v.DemoAccount(email=e, password="demo", organisation=o, role=r)
            for e, o, r in (
                ("lin.wei@operator.example", "Yangtze Takeback", "owner"),
                ("grader@operator.example", "Yangtze Takeback", "operator"),
                ("hu@secondlife.example", "Suzhou second-life works", "manager"),
                ("qian@recycler.example", "Taicang recycler", "manager"),
                ("audit@authority.example", "Delta environment office", "auditor"),
            )
        )
    )


def invitation() -> v.InvitationPage:
    return v.InvitationPage(token="x", organisation="Yangtze Takeback", email="dora@example.org", role="auditor")


def invitation_of_a_member() -> v.InvitationPage:
    return replace(invitation(), registered=True, you=True)


def sign_in_refused() -> v.SignInPage:
    return v.SignInPage(email="lin.wei@operator.example", problem=msg("E-mail and password do not belong together."))


def problem() -> v.ProblemPage:
    inner = Problem(
        "import.bad-row",
        msg("A mass is negative"),
        where="row 17, column mass_kg",
        found="-2.4",
        expected=msg("a mass above zero, in kilograms"),
    )
    return v.ProblemPage(
        problem=Problem(
            "import.bad-header",
            msg("The file's header is not understood"),
            where="returns-2026-11.csv, row 1",
            found="订单;重量;价格",
            expected=msg("a column for the order number and one for the serial"),
            remedy=msg("Choose the columns by hand in the next step, or rename them in the file."),
            status=422,
            errors=(inner,),
        )
    )


PAGES: dict[str, tuple[str, object]] = {
    "home": ("/", home),
    "home-filling": ("/", home_filling),
    "queue": ("/queues/all", queue),
    "item": ("/items/2a7f", item),
    "item-plain": ("/items/11", item_plain),
    "item-proposed": ("/items/11", item_proposed),
    "items": ("/items", items),
    "plan": ("/plans/2026-11-23", plan),
    "plans": ("/plans", plans),
    "plan-day": ("/plans/day", sample_plans.plan_day),
    "plan-searching": ("/plans/day", sample_plans.plan_day_searching),
    "plan-compare": ("/plans/compare", lambda: sample_plans.compare(plan())),
    "plan-running": ("/plans/p0/running", lambda: sample_plans.running(plan())),
    "plan-drivers": ("/plans/p0/drivers", lambda: sample_plans.drivers(plan())),
    "plan-drivers-sent": ("/plans/p0/drivers", lambda: sample_plans.drivers_sent(plan())),
    "plan-drivers-fresh": ("/plans/p0/dispatch", lambda: sample_plans.drivers_fresh(plan())),
    "plan-sheets": ("/plans/p0/sheets", lambda: sample_plans.sheets(plan())),
    "drive": ("/drive/x", lambda: sample_plans.drive(plan())),
    "import-upload": ("/import", import_upload),
    "import-map": ("/import/9", import_map),
    "import-report": ("/import/9", import_report),
    "import-done": ("/import/9", import_done),
    "balance": ("/balance", balance),
    "genealogy": ("/items/2a7f/genealogy", genealogy),
    "trace-quality": ("/trace-quality", trace_quality),
    "ledger": ("/ledger", ledger),
    "ledger-entry": ("/ledger", ledger_entry),
    "jobs": ("/jobs", jobs),
    "settings": ("/settings", settings),
    "sign-in": ("/sign-in", sign_in),
    "sign-in-refused": ("/sign-in", sign_in_refused),
    "invitation": ("/invitation/x", invitation),
    "invitation-of-a-member": ("/invitation/x", invitation_of_a_member),
    "problem": ("/nowhere", problem),
    **sample_centre.PAGES,
}
"""Page name -> its path and the function that makes its view."""


def empty_views() -> dict[str, v.View]:
    """Every list page with nothing in it: each must still say something helpful."""
    nothing = v.Paging(number=1, size=20, total=0)
    money = yuan(0)
    stages = tuple(_stage(code, 0, 0, None, 0, (0,) * 5, 0) for code in WORDS["stage"])
    return {
        "home": v.HomePage(
            figures=v.HomeFigures(value_in_loop=money, loss_per_hour=None), loop=v.Loop(stages=stages, outlets=())
        ),
        "queue": v.QueuePage(tabs=(), tab="all", address=v.Address(path="/queues/all"), rows=(), paging=nothing),
        "items": v.ItemsPage(rows=(), paging=nothing, address=v.Address(path="/items"), query="zzz"),
        "plan": v.PlanPage(id="1", day=date(2026, 11, 22), site="Wuxi", routes=(), km=0.0),
        "plans": v.PlansPage(rows=()),
        "plan-day": v.PlanDayPage(site_id="1", site="Wuxi", day=date(2026, 11, 22), waiting=v.Waiting()),
        "plan-running": v.RunningPage(id="1", day=date(2026, 11, 22), site="Wuxi", routes=(), now=NOW),
        "plan-drivers": v.DriversPage(id="1", day=date(2026, 11, 22), site="Wuxi", routes=()),
        "plan-sheets": v.SheetsPage(id="1", day=date(2026, 11, 22), site="Wuxi", routes=()),
        "import": v.ImportPage(),
        "balance": v.BalancePage(sites=(), since=NOW, until=NOW),
        "ledger": v.LedgerPage(checkpoints=(), entries=(), paging=nothing, address=v.Address(path="/ledger")),
        "jobs": v.JobsPage(rows=()),
        "centre-list": sample_centre.empty_list(),
        "public-board": sample_centre.empty_board(),
        "settings": v.SettingsPage(organisation="A", organisation_kind="authority", members=(), keys=()),
    }


def fragments() -> dict[str, v.View]:
    """What htmx asks for on its own."""
    hit = v.SearchHit(href="/items/1", title="RO-20418-1", detail='14" laptop i5', kind=msg("Item"))
    check = v.ProofCheck(label=msg("Inclusion of {n} leaves", n=14), passed=True)
    return {
        "genealogy": genealogy_part(),
        "centre-making": sample_centre.making(),
        "centre-pick": sample_centre.pick(),
        "centre-row": sample_centre.row(),
        "progress": v.ProgressBar(job=demo_job()),
        "planning": v.PlanningPart(planning=sample_plans.planning()),
        "search": v.SearchResults(query="RO", hits=(hit,)),
        "search-none": v.SearchResults(query="zzz", hits=()),
        "verified": v.ProofResult(checks=(check,), milliseconds=12.4),
        "verified-item": v.ProofResult(checks=(check,), milliseconds=12.4, renews_chip=True),
        "refused": v.ProofResult(checks=(v.ProofCheck(label=msg("Signature"), passed=False),), milliseconds=1.0),
    }
