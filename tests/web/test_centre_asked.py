"""Forms of a centre ask in people's words: for questions, for what is still owed, for per cent and amounts of money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from lxml import html  # type: ignore[import-untyped]
from msgspec import Struct

from takeback import store
from takeback.share.centre import organisation, projects, resources, targets
from takeback.share.centre.organisation.papers import Agreement, Obligation
from takeback.share.centre.projects import Adoption
from takeback.share.centre.projects.outcome_kinds import Effect, Share
from takeback.share.centre.records import create, find, get
from takeback.share.centre.targets import Consultation, Criterion, Evaluation, Period, Question
from takeback.web.pages.centre.reading import Sent, facts_from
from tests.share.centre.resources.test_booking import NOW, hour, offered
from tests.web.centre_people import SignedCentre, entering, signed_centre
from tests.web.conftest import Client, Enter
from tests.web.test_centre_own_things import deliverable_of, project


def chinese(client: Client, href: str) -> str:
    """Return a page in Chinese."""
    client.cookies.set("takeback_locale", "zh_Hans")
    try:
        return client.get(href).text
    finally:
        client.cookies.delete("takeback_locale")


class Said(Struct, frozen=True, kw_only=True):
    """What a form says."""

    shares: tuple[Share, ...]
    effects: tuple[Effect, ...] = ()


MEMBER = "00000000-0000-0000-0000-000000000007"


def sent(points: str = "100", **effect: str) -> Sent:
    """Return a form with a share and, of `effect`, what a use changed."""
    told = {f"effects.0.{name}": text for name, text in {"year": "2026", "basis": "Counted", **effect}.items()}
    form = {"shares.0.member": MEMBER, "shares.0.points": points, **(told if effect else {})}
    return Sent(form=form, currency="CNY", zone="Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "points"),
    [("33.33", 3333), ("33,33", 3333), ("0.5 %", 50), ("100", 10_000), ("33.333", None), ("101", None), ("-1", None)],
)
def test_a_share_is_said_in_per_cent(text: str, points: int | None) -> None:
    """With a decimal point or comma, of two decimals at most; else the mistake stands at its field."""
    form = sent(text)
    said = facts_from(form, Said)
    assert (said.shares[0].points if said else None) == points
    assert [*form.wrong] == ([] if points is not None else ["shares.0.points"])


@pytest.mark.parametrize(
    ("measure", "text", "value"),
    [
        ("money", "1250.50", 125_050),
        ("money", "1250,50", 125_050),
        ("money", "1,250.50", 125_050),
        ("money", "1.250,50", 125_050),
        ("money", "￥1 250", 125_000),
        ("money", "-300", -30_000),
        ("money", "1250.505", None),
        ("money", "a lot", None),
        ("mass", "1,250", 1250),
        ("mass", "12.5", None),
        ("co2", "1250", 1250),
    ],
)
def test_what_a_use_changed_is_said_in_money_or_kilograms(measure: str, text: str, value: int | None) -> None:
    """An amount is one of the centre's currency, kept in cents; what is none is a mistake at its field."""
    form = sent(measure=measure, value=text)
    said = facts_from(form, Said)
    assert (said.effects[0].value if said else None) == value
    assert [*form.wrong] == ([] if value is not None else ["effects.0.value"])


def test_what_a_use_led_to_may_be_a_deliverable_and_stays_chosen(enter: Enter, centre: SignedCentre) -> None:
    """The search finds it by its title, and the form that is opened again shows it."""
    work, tester, lin_acts = project(centre, "LED", "lin"), offered(centre.world), centre.world.actor("lin")
    due = deliverable_of(centre, work)
    with store.transaction(centre.world.org) as connection:
        booking = resources.book(connection, lin_acts, tester, hour(9), hour(11), project=work, at=NOW).id
        resources.record_use(connection, lin_acts, booking, hour(9), hour(10), result=due, at=hour(11))
    lin = enter("lin")
    page = lin.get(f"/centre/bookings/{booking}").text
    assert f'value="{due}" checked' in page
    assert "Method D1" in lin.get("/centre/pick?of=result,deliverable&name=result&result.find=method").text
    assert str(work) not in lin.get("/centre/pick?of=result,deliverable&name=result&result.find=").text


def test_a_consultation_asks_its_questions(
    enter: Enter, centre: SignedCentre, new_client: Callable[[], Client]
) -> None:
    """Each has a field of its own, with what was answered before; no answer at all is told in the form."""
    facts = Consultation(
        about="rule", title="Test reports", title_zh="检测报告", draft="With intervals.", opens=NOW - timedelta(days=9),
        closes=NOW + timedelta(days=9999), questions=(Question(code="q1", text="Is it clear?", text_zh="是否清楚？"),
                                                     Question(code="q2", text="Cost?")),
    )  # fmt: skip
    authority = centre.world.actor("authority")
    with store.transaction(centre.world.org) as connection:
        what = targets.draft_consultation(connection, authority, facts).id
        targets.open_consultation(connection, authority, what)
    bob, href = enter("bob"), f"/centre/consultation/{what}/do/answer"
    form = bob.get(href).text
    assert (">Is it clear?" in form, ">Cost?" in form, 'name="answers"' in form) == (True, True, False)
    assert ">是否清楚？" in chinese(bob, href)
    empty = bob.post(href, data={"answers.q1": " "})
    assert (empty.status_code, "There is no answer in this." in empty.text) == (422, True)
    said = {"answers.q1": "Yes: it is\nquite clear", "answers.q2": ""}
    assert bob.post(href, data=said).status_code == 303
    with store.transaction(centre.world.org) as connection:
        (given,) = find(connection, "answer")
    assert given.facts.answers == (("q1", said["answers.q1"]),)
    assert "quite clear</textarea>" in bob.get(href).text
    page = enter("authority").get(f"/centre/answer/{given.id}").text
    assert ("<h3>Is it clear?</h3>" in page, "q1:" in page, "Cost?" in page) == (True, False, False)
    assert "<h3>是否清楚？</h3>" in chinese(enter("authority"), f"/centre/answer/{given.id}")
    charlie = entering(new_client, signed_centre("third", entered={"charlie": ("maker", "delegate")}))("charlie")
    assert charlie.post(href, data=said).status_code == 404


def test_an_obligation_that_is_met_is_chosen_from_those_that_are_open(enter: Enter, centre: SignedCentre) -> None:
    """By what is owed, in the language of the page; what was settled is not among them."""
    maker = centre.world.members["maker"]
    owed = (
        Obligation(code="D1", member=maker, what="Curves", what_zh="曲线"),
        Obligation(code="D2", member=maker, what="Packs", what_zh="电池包"),
    )
    paper = Agreement(
        title="Sharing", title_zh="共享", purpose="Fewer tests", sort="data", parties=(maker,), obligations=owed
    )
    dee = centre.world.enter("Dee", "maker", "delegate")
    with store.transaction(centre.world.org) as connection:
        made = organisation.put_paper(connection, centre.world.manager, paper).id
        organisation.open_for_signing(connection, centre.world.manager, made)
        organisation.sign(connection, dee, made)
    alice, href = enter("alice"), f"/centre/agreement/{made}/do/settle"
    offered_ = html.fromstring(alice.get(href).text).xpath("//select[@name='code']/option/text()")
    assert offered_ == ["–", "Curves", "Packs"]
    assert alice.post(href, data={"code": "D1"}).status_code == 303
    page = chinese(alice, href)
    assert html.fromstring(page).xpath("//select[@name='code']/option/text()") == ["–", "电池包"]
    assert alice.post(href, data={"code": ""}).status_code == 422


def test_whose_it_is_and_what_it_changed_are_read_as_they_were_said(enter: Enter, centre: SignedCentre) -> None:
    """Shares in per cent, effects in money; the form says the unit, and a mistake is told at the field by its name."""
    work = project(centre, "LED", "lin")
    lin, href = enter("lin"), f"/centre/project/{work}/do/ip"
    ours, theirs = (str(centre.world.members[one]) for one in ("university", "maker"))
    form = lin.get(href).text
    assert html.fromstring(form).xpath("string(//label[@for='f-facts-shares-0-points'])").split() == ["Share", "%", "*"]
    said = {
        "facts.title": "Seal", "facts.sort": "patent", "facts.licence": "Members free", "facts.agreed": "2026-05-01",
        "facts.shares.0.member": ours, "facts.shares.0.points": "33,33",
        "facts.shares.1.member": theirs, "facts.shares.1.points": "66.6",
    }  # fmt: skip
    short = lin.post(href, data=said)
    assert (short.status_code, "99.93 %" in short.text) == (422, True)
    whole = lin.post(href, data={**said, "facts.shares.1.points": "66.67"})
    assert whole.status_code == 303, html.fromstring(whole.text).xpath("string(//main)")
    with store.transaction(centre.world.org) as connection:
        (agreed,) = find(connection, "ip")
        use = Adoption(project=work, title="In use", user_name="Somebody", since=date(2026, 5, 1), where="Hall")
        used = projects.record_adoption(connection, centre.world.actor("lin"), use).id
    page = lin.get(f"/centre/ip/{agreed.id}").text
    assert ("33.33" in page, "3,333" in page) == (True, False)
    href = f"/centre/adoption/{used}/do/effect"
    assert "money in CNY, mass and CO2 in whole kilograms" in lin.get(href).text
    assert "资金以 CNY 计" in chinese(lin, href)
    effect = {"effect.year": "2026", "effect.measure": "money", "effect.basis": "Books"}
    wrong = lin.post(href, data={**effect, "effect.value": "12.345"})
    assert (wrong.status_code, 'id="f-effect-value-wrong"' in wrong.text) == (422, True)
    assert lin.post(href, data={**effect, "effect.value": "1250,50"}).status_code == 303
    with store.transaction(centre.world.org) as connection:
        assert get(connection, used).facts.effects[0].value == 125_050
    assert "1,250.50" in lin.get(f"/centre/adoption/{used}").text


def test_an_evaluation_is_judged_criterion_by_criterion(enter: Enter, centre: SignedCentre) -> None:
    """Each has its row, in words; the centre shows records for what it says, the expert need not."""
    named = [("results", "Results", "成果", 60), ("people", "People", "人才", 40)]
    sorts = tuple(Criterion(code=c, name=en, name_zh=zh, weight_pct=weight) for c, en, zh, weight in named)
    authority, manager = centre.world.actor("authority"), centre.world.manager
    with store.transaction(centre.world.org) as connection:
        stage = Period(code="P1", name="Stage", name_zh="建设期", stage="construction", begins=date(2026, 1, 1),
                       ends=date(2028, 1, 1))  # fmt: skip
        period = targets.put_period(connection, manager, stage).id
        facts = Evaluation(period_id=period, sort="mid-term", year=2026, title="Mid-term", title_zh="中期",
                           criteria=sorts)  # fmt: skip
        what = create(connection, authority, "evaluation", facts).id
    alice, href = enter("alice"), f"/centre/evaluation/{what}/do"
    form = alice.get(f"{href}/assess").text
    assert '<option value="people" selected>People</option>' in form
    assert 'name="criteria.0.code"' not in form
    rows = {f"assessment.{n}.{name}": value for n, (code, *_) in enumerate(named)
            for name, value in (("criterion", code), ("points", "80"), ("why", "See."))}  # fmt: skip
    bare = alice.post(f"{href}/assess", data=rows)
    assert (bare.status_code, "This needs evidence." in bare.text) == (422, True)
    shown = {f"assessment.{n}.evidence": str(period) for n in range(2)}
    assert alice.post(f"{href}/assess", data=rows | shown).status_code == 303
    given = {name.replace("assessment", "scores"): value for name, value in rows.items()}
    expert = enter("expert")
    assert '<option value="results" selected>成果</option>' in chinese(expert, f"{href}/score")
    assert expert.post(f"{href}/score", data=given).status_code == 303
    with store.transaction(centre.world.org) as connection:
        assert [one.points for one in get(connection, what).facts.assessment] == [80, 80]
        assert len(find(connection, "evaluation-score", parent=what)) == 1
