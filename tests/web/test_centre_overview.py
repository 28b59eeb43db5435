"""The first page of a centre: the way from a problem to its use, money for who may read it, deadlines by their days."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from takeback.core.message import msg
from takeback.core.money import Money
from takeback.web.console.catalogue import translations
from takeback.web.console.charts.chain import chain_diagram, said_of
from takeback.web.console.formats import Formats
from takeback.web.console.views import Chain, Fruit, Station
from takeback.web.pages.centre.visit import Visit
from tests.web.centre_people import SignedCentre
from tests.web.conftest import Enter

ENGLISH = Formats(translations("en"))
CHINESE = Formats(translations("zh_Hans"))


def test_a_new_problem_stands_at_the_first_station_and_waits(enter: Enter, centre: SignedCentre) -> None:
    """Each station leads to its records; one that was just stated is counted and waits to be merged."""
    before = enter("alice").get("/centre").text
    assert 'aria-label="Problems: 0, 0 to merge"' in before
    sent = {
        "title": "Leaking seals", "title_zh": "密封泄漏", "details": "One in forty.", "criteria": "None",
        "confidentiality": "members", "member_id": str(centre.world.members["maker"]),
    }  # fmt: skip
    made = enter("bob").post("/centre/problem/new", data=sent)
    assert made.status_code == 303, made.text
    after = enter("alice").get("/centre").text
    assert 'aria-label="Problems: 1, 1 to merge"' in after
    for href in ("/centre/problem", "/centre/common-problem", "/centre/call", "/centre/project", "/centre/adoption"):
        assert f'<a href="{href}"' in after, href


def test_money_is_shown_to_who_may_read_it_alone(enter: Enter) -> None:
    """The manager has the funds in the strip; a student has the members there, and no way to the money."""
    student = enter("student").get("/centre").text
    assert "/centre/money" not in student
    assert "Members" in student


def test_an_empty_list_says_what_belongs_there_and_how_it_begins(enter: Enter) -> None:
    """Who may enter a fund is told how; who may not is told that others do."""
    assert "The first one begins with the button above." in enter("alice").get("/centre/fund").text
    told = enter("student").get("/centre/result").text
    assert "Papers, patents, standards" in told


def test_the_diagram_draws_what_waits_and_what_came_of_it() -> None:
    """A station that waits is marked; sums are short; the further a strand leads, the further inside it runs."""
    fruits = (
        Fruit(label=msg("saved or earned"), href="/m", tone="good", money=Money(547_000_000, "CNY")),
        Fruit(label=msg("of greenhouse gases avoided"), href="/c", tone="advice", kg=99_000, of="CO₂e"),
    )
    stations = (
        Station(label="A", count=8, note="1", href="/a", waits=True),
        Station(label="B", count=2, note="0", href="/b"),
    )
    drawn = str(chain_diagram(Chain(stations=stations, fruits=fruits, unsolved=2), ENGLISH))
    assert drawn.count('class="waits"') == 1
    assert "¥5.47M" in drawn
    assert "2 problems stay for" in drawn
    starts = [float(y) for y in re.findall(r'd="M \d+ ([\d.]+) H', drawn)][-2:]
    assert starts[0] < starts[1], "the outermost strand leaves first"


@pytest.mark.parametrize(
    ("fruit", "said"),
    [
        (Fruit(label="", href="", tone="good", kg=186_000), "186 t"),
        (Fruit(label="", href="", tone="good", kg=640), "640 kg"),
        (Fruit(label="", href="", tone="good", kg=99_000, of="CO₂e"), "99 t CO₂e"),
    ],
)
def test_kilograms_become_tonnes(fruit: Fruit, said: str) -> None:
    """From a thousand kilograms on it is tonnes."""
    assert said_of(fruit, ENGLISH) == said


def test_a_day_in_a_sentence_has_its_year_in_both_languages() -> None:
    """A sentence that names a day writes it as its language does."""
    told = msg("due {day}", day=date(2026, 12, 20))
    assert ENGLISH.say(told) == "due 20 Dec 2026"
    assert "2026年12月20日" in str(CHINESE.say(told))


def test_the_day_of_a_page_is_that_of_the_centre() -> None:
    """At four on New Year's Day in Shanghai the year of the pages is the new one, though not yet in Greenwich."""
    around = SimpleNamespace(
        now=datetime(2026, 12, 31, 20, tzinfo=UTC), shell=SimpleNamespace(timezone="Asia/Shanghai")
    )
    here = Visit(None, None, None, around)  # type: ignore[arg-type]
    assert here.today == date(2027, 1, 1)
