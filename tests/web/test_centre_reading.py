"""What a page of a centre says is in its reader's language and words: no codes, no empty columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from takeback import store
from takeback.core.message import msg
from takeback.share.centre import calls, talent
from takeback.share.centre.calls import BudgetRule, Call, Criterion
from takeback.share.centre.projects.kinds import Progress
from takeback.share.centre.records import get
from takeback.share.centre.resources.kinds import Resource
from takeback.share.centre.talent import Competency, Course, TrainingPlan
from takeback.share.centre.talent.courses import Teaches
from takeback.share.centre.talent.training import Goal
from takeback.web.console.centre_notes import NOTES, kind_note
from takeback.web.console.centre_words import KINDS, choice_word
from takeback.web.console.views import Shown
from takeback.web.pages.centre.panels import _next_of, listed
from takeback.web.pages.centre.showing import _number
from takeback.web.pages.centre.types import slots
from takeback.web.places import PLACES
from tests.share.centre.centre_world import START
from tests.support.people import People
from tests.web.centre_people import SignedCentre, entering, signed_centre
from tests.web.conftest import Client

Enter = Callable[[str], Client]


@pytest.fixture
def centre(people: People) -> SignedCentre:
    """A centre with a person of each role."""
    return signed_centre()


@pytest.fixture
def enter(new_client: Callable[[], Client], centre: SignedCentre) -> Enter:
    """Open a browser of somebody of the centre."""
    return entering(new_client, centre)


def test_each_list_of_the_side_bar_says_what_stands_on_it() -> None:
    """No kind that has a list is without its sentence, and no sentence is of a kind that is none."""
    listed_kinds = {kind for place in PLACES for kind in place.kinds}
    assert {kind for kind in listed_kinds if not kind_note(kind)} == set()
    assert set(NOTES) <= set(KINDS) | listed_kinds


def test_a_choice_has_the_word_of_its_field() -> None:
    """`open` of a problem's readers is everybody, of a state that it goes on."""
    assert str(choice_word("open", "confidentiality")) == "Everybody"
    assert str(choice_word("open")) == "Now open"


@pytest.mark.parametrize(
    ("state", "today", "said"),
    [
        ("published", date(2026, 4, 1), "opens in 9 d"),
        ("published", date(2026, 4, 20), "closes in 10 d"),
        ("reviewing", date(2026, 5, 2), "reviews are due in 29 d"),
        ("closed", date(2026, 9, 1), "Now closed"),
    ],
)
def test_a_call_says_what_comes_next(state: str, today: date, said: str) -> None:
    """Before it opens, while it takes proposals, while it is reviewed, and after."""
    assert str(_next_of(state, today, date(2026, 4, 10), date(2026, 4, 30), date(2026, 5, 31))) == said


def test_words_are_listed_one_after_the_other() -> None:
    """Each is translated with the sentence; of none there is nothing."""
    assert str(listed([msg("Manager"), "x"])) == "Manager, x"
    assert listed([]) == ""


def test_a_record_names_others_in_the_language_of_the_page(enter: Enter, centre: SignedCentre) -> None:
    """A Chinese list has the Chinese name of the member, an English one the English name; neither has both."""
    bob, member = enter("bob"), str(centre.world.members["maker"])
    sent = {
        "title": "Leaking seals", "title_zh": "密封泄漏", "details": "One in forty.", "criteria": "None",
        "confidentiality": "open", "member_id": member,
    }  # fmt: skip
    assert bob.post("/centre/problem/new", data=sent).status_code == 303
    with store.transaction(centre.world.org) as connection:
        facts = get(connection, centre.world.members["maker"], kind="member").facts
    english = bob.get("/centre/problem").text
    assert facts.name in english
    assert "Everybody" in english
    bob.cookies.set("takeback_locale", "zh_Hans")
    chinese = bob.get("/centre/problem").text
    assert facts.name_zh in chinese
    assert f">{facts.name}<" not in chinese


def test_a_call_shows_its_phases_and_criteria_in_one_language(enter: Enter, centre: SignedCentre) -> None:
    """Days with their year, the stage in words, one title a criterion."""
    opens = datetime(2026, 4, 10, 9, tzinfo=UTC)
    facts = Call(
        code="C", title="A call", title_zh="征集", text="Do.", text_zh="做。", year=2026, period="construction",
        opens=opens, closes=opens + timedelta(days=20), review_closes=opens + timedelta(days=50), runs=9,
        budget=BudgetRule(total_minor=100_00, most_minor=100_00, least_minor=1_00),
        criteria=(Criterion(code="need", title="Needed by practice", title_zh="实践所需", weight=4),),
    )  # fmt: skip
    with store.transaction(centre.world.org) as connection:
        made = calls.draft_call(connection, centre.world.manager, facts, at=START)
    page = enter("alice").get(f"/centre/call/{made.id}").text
    assert "How far it is" in page
    assert "10 Apr 2026" in page
    assert "Needed by practice" in page
    assert "实践所需" not in page
    assert "Construction" in page
    assert "2026-04-10" not in page


def test_a_fund_without_movements_hides_columns_that_say_nothing(enter: Enter) -> None:
    """Nobody gave anything back: there is no column for it; and an empty purse says so."""
    page = enter("alice").get("/centre/money").text
    assert "Given back" not in page
    assert "No fund has received anything yet." in page


def test_a_share_in_per_mille_is_read_in_per_cent() -> None:
    """What is kept as 525 of a thousand is read as 52.5 %; what is merely at most a thousand is not."""
    (complete,) = [slot for slot in slots(Progress) if slot.name == "complete"]
    (capacity,) = [slot for slot in slots(Resource) if slot.name == "capacity"]
    assert _number(complete, 525) == Shown(number=52.5, digits=1, unit="%")
    assert _number(complete, 250) == Shown(number=25.0, digits=0, unit="%")
    assert _number(capacity, 4).number == 4


def test_a_student_finds_plan_mentors_and_courses_in_the_language_of_the_page(
    enter: Enter, centre: SignedCentre
) -> None:
    """On the own page, and on nobody else's; of a course the title and the area it leads to are in Chinese."""
    world = centre.world
    with store.transaction(world.org) as connection:
        who, me, her = world.people["student"].id, world.manager, world.actor("student")
        area = Competency(code="cells", name="Cells", name_zh="电芯")
        talent.put_competency(connection, me, area)
        course = Course(
            code="K-1", title="Lab of cells", title_zh="电芯实验", sort="course", hours=8, year=2026,
            teaches=(Teaches(area="cells", level=3),),
        )  # fmt: skip
        taught = talent.put_course(connection, me, course)
        talent.move_course(connection, me, taught.id, "open")
        enrolled = talent.enrol(connection, her, taught.id)
        talent.give_mark(connection, me, enrolled.id, 80)
        goal = Goal(area="cells", start=1, level=3)
        plan = TrainingPlan(person=who, title="To judge cells", title_zh="学会评判", year=2026, goals=(goal,))
        talent.put_plan(connection, her, plan)
        talent.begin_mentoring(connection, me, who, "From cell to thesis", date(2026, 3, 1), topic_zh="从电芯到论文")
    student = enter("student")
    student.cookies.set("takeback_locale", "zh_Hans")
    mine, page = student.get(f"/centre/talent/{who}").text, student.get(f"/centre/course/{taught.id}").text
    assert [one for one in ("学会评判", "从电芯到论文", "电芯实验") if one not in mine] == []
    assert (">电芯<" in page, ">cells<" in page, ">课程<" in page) == (True, False, True)
    assert "To judge cells" not in enter("bob").get(f"/centre/talent/{who}").text
