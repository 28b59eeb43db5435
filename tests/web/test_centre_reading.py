"""What a page of a centre says is in its reader's language and words: no codes, no empty columns."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from takeback import store
from takeback.core.message import msg
from takeback.share.centre import calls, frontier, organisation, problems, talent
from takeback.share.centre.calls import BudgetRule, Call, Criterion
from takeback.share.centre.frontier import Source
from takeback.share.centre.kinds import kinds
from takeback.share.centre.organisation.papers import Agreement, Article, Obligation
from takeback.share.centre.problems import CommonProblem, Problem
from takeback.share.centre.projects.kinds import Progress
from takeback.share.centre.projects.outcome_kinds import Adoption, Effect
from takeback.share.centre.records import create, get
from takeback.share.centre.resources.kinds import Resource
from takeback.share.centre.talent import Competency, Course, TrainingPlan
from takeback.share.centre.talent.courses import Teaches
from takeback.share.centre.talent.training import Goal
from takeback.share.centre.talent.traits import TRAITS
from takeback.web.console import translations
from takeback.web.console.centre_notes import NOTES, kind_note
from takeback.web.console.centre_words import KINDS, choice_word, field_word, state_word
from takeback.web.console.views import Shown
from takeback.web.pages.centre.panels import _next_of, listed
from takeback.web.pages.centre.showing import _number
from takeback.web.pages.centre.types import slots
from takeback.web.places import PLACES
from tests.share.centre.centre_world import START
from tests.share.centre.projects.project_world import running_project
from tests.web.centre_people import SignedCentre
from tests.web.conftest import Enter


def test_a_seat_in_a_body_is_no_member_organisation() -> None:
    """In Chinese the two have words of their own."""
    said = [translations("zh_Hans").gettext(str(choice_word("member", field))) for field in ("post", "")]
    assert said == ["委员", "成员单位"]


def test_what_is_not_known_stands_under_the_numbers(enter: Enter) -> None:
    """In a column of figures a dash is on the right as they are, and dates of a list stay on one line."""
    page = enter("authority").get("/centre/guided").text
    assert re.search(r'<td class="num"[^>]*>(<[^>]*>)*–', page)
    assert not re.search(r"<td(?: data[^>]*)?>(<[^>]*>)*–", page)
    assert 'class="quiet when"' in enter("alice").get("/centre/member").text


def test_a_figure_of_a_guided_centre_leads_to_its_evidence(enter: Enter) -> None:
    """Of the centre in which one works; the page says so, and what it leads to is open to who guides."""
    authority = enter("authority")
    page = authority.get("/centre/guided?year=2026").text
    assert "Each leads to the records that it rests on" in page
    (first, *_) = re.findall(r'<a class="link" href="(/centre/figures/[^"]+)"', page)
    assert authority.get(first).status_code == 200


def test_the_keyboard_help_is_of_the_place_one_works_in(enter: Enter) -> None:
    """In a centre it names none of the desk's keys, and each page that it leads to is there."""
    alice = enter("alice")
    page = alice.get("/centre").text
    assert "Accept the proposed next life" not in page
    ways = re.findall(r'href="([^"]+)" data-go="[A-Z]"', page)
    assert "/centre/problem" in ways
    assert {alice.get(way).status_code for way in ways} == {200}


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


def test_a_chinese_text_is_called_as_the_text_is() -> None:
    """In every form: the label of the twin is that of the text, and never a field's name written out."""
    twins = [(what.name, slot.name) for what in kinds() for slot in slots(what.facts) if slot.name.endswith("_zh")]
    assert len(twins) > 20
    assert [two for two in twins if field_word(*two) != field_word(two[0], two[1].removesuffix("_zh"))] == []


def test_what_people_say_of_themselves_has_words_in_both_languages() -> None:
    """No code of a trait is shown as it is kept."""
    said = [(value, choice_word(value, trait)) for trait, values in TRAITS.items() for value in values]
    chinese = translations("zh_Hans").gettext
    left = [value for value, word in said if isinstance(word, str) and any(map(str.isalpha, word))]
    assert (
        left + [value for value, word in said if not isinstance(word, str) and word.translated(chinese) == str(word)]
        == []
    )


def test_a_state_has_the_word_of_its_kind() -> None:
    """A spending is entered in the books where a bench is booked; a milestone is not reached where a call is open."""
    chinese = translations("zh_Hans").gettext
    said = [state_word(state, kind) for state, kind in (("booked", "spending"), ("booked", "booking"),
            ("open", "project-milestone"), ("open", "call"), ("open", "period"))]  # fmt: skip
    told = [word.translated(chinese) if not isinstance(word, str) else word for word in said]
    assert told == ["已入账", "已预约", "尚未达到", "进行中", "进行中"]


def test_a_paper_is_read_in_chinese_where_it_has_a_chinese_text(enter: Enter, centre: SignedCentre) -> None:
    """Purpose, headings and obligations; the digest of a signature is told whole and shown by its beginning."""
    world = centre.world
    paper = Agreement(
        title="Sharing", title_zh="共享", purpose="Fewer tests", purpose_zh="减少检测", sort="data",
        parties=(world.members["maker"],),
        articles=(Article(number="1", heading="Use of data", heading_zh="数据使用", text="All", text_zh="共同使用"),),
        obligations=(Obligation(code="D1", member=world.members["maker"], what="Curves", what_zh="曲线"),),
    )  # fmt: skip
    dee = world.enter("Dee", "maker", "delegate")
    with store.transaction(world.org) as connection:
        made = organisation.put_paper(connection, world.manager, paper)
        organisation.open_for_signing(connection, world.manager, made.id)
        signed = organisation.sign(connection, dee, made.id)
    digest = signed.facts.signatures[0].digest
    alice = enter("alice")
    english = alice.get(f"/centre/agreement/{made.id}").text
    alice.cookies.set("takeback_locale", "zh_Hans")
    chinese = alice.get(f"/centre/agreement/{made.id}").text
    assert [one for one in ("Fewer tests", "Use of data", "Curves") if one not in english or one in chinese] == []
    assert [one for one in ("减少检测", "数据使用", "曲线") if one in english or one not in chinese] == []
    assert f'<code title="{digest}">{digest[:12]}</code>' in english


def test_a_problem_is_read_in_chinese_line_by_line(enter: Enter, centre: SignedCentre) -> None:
    """What limits a solution and what it must show, too."""
    world = centre.world
    said = Problem(
        title="Seals", title_zh="密封", member_id=world.members["maker"], details="They leak.", details_zh="泄漏。",
        constraints=("No glue",), constraints_zh=("不用胶",), criteria=("Dry",), criteria_zh=("干燥",),
        confidentiality="open",
    )  # fmt: skip
    dee = world.enter("Dee", "maker", "delegate")
    with store.transaction(world.org) as connection:
        made = problems.state_problem(connection, dee, said)
    alice = enter("alice")
    alice.cookies.set("takeback_locale", "zh_Hans")
    page = alice.get(f"/centre/problem/{made.id}").text
    assert [one for one in ("不用胶", "干燥", "泄漏。") if one not in page] == []
    assert [one for one in ("No glue", ">Dry<", "They leak.") if one in page] == []


def test_a_work_is_cited_by_the_title_that_it_was_published_under(enter: Enter, centre: SignedCentre) -> None:
    """A Chinese page is headed by the Chinese title and tells the original beside it; an English one says it once."""
    source = Source(sort="article-journal", title="Seals that leak", title_zh="泄漏的密封", year=2025)
    with store.transaction(centre.world.org) as connection:
        made = frontier.enter_source(connection, centre.world.manager, source)
    alice = enter("alice")
    assert "Original title" not in alice.get(f"/centre/source/{made.id}").text
    alice.cookies.set("takeback_locale", "zh_Hans")
    page = alice.get(f"/centre/source/{made.id}").text
    assert ("<h1>泄漏的密封" in page, "原题名" in page, "Seals that leak" in page) == (True, True, True)


def test_traits_that_nobody_told_are_no_table_of_noughts(enter: Enter) -> None:
    """One sentence says so, and where each can say it."""
    page = enter("alice").get("/centre/talent").text
    assert "Nobody has said anything of this." in page
    assert "Highest degree" not in page


def test_what_a_use_changed_is_read_in_its_unit_and_a_solution_by_its_title(enter: Enter, centre: SignedCentre) -> None:
    """Cents are money, kilograms have their unit; a record is never written as its id."""
    world = centre.world
    work = running_project(world)
    effects = tuple(
        Effect(year=2026, measure=measure, value=1_250_00, basis="Told") for measure in ("money", "mass", "co2")
    )  # fmt: skip
    adoption = Adoption(
        project=work.id, title="In use", user_name="Somebody", since=date(2026, 5, 1), where="Hall", where_zh="车间",
        effects=effects,
    )  # fmt: skip
    common = CommonProblem(
        title="Seals", title_zh="密封", statement="All leak", members=tuple(world.members.values())[:2],
        solved_by=((work.id, 7),),
    )  # fmt: skip
    with store.transaction(world.org) as connection:
        used = create(connection, world.manager, "adoption", adoption, allowed=True)
        solved = create(connection, world.manager, "common-problem", common, allowed=True)
        title = get(connection, work.id).title
    alice = enter("alice")
    page = alice.get(f"/centre/adoption/{used.id}").text
    assert [one for one in ("1,250", "kg CO₂e", "Hall") if one not in page] == []
    assert "125,000</td>" not in page
    alice.cookies.set("takeback_locale", "zh_Hans")
    page = alice.get("/centre/adoption").text
    assert ("车间" in page, "Hall" in page) == (True, False), "a list shows the text of the page's language"
    page = alice.get(f"/centre/common-problem/{solved.id}").text
    assert (f">{title}</a>" in page, "UUID(" in page) == (True, False)


def test_an_agreement_is_amended_from_its_text_as_it_stands(enter: Enter, centre: SignedCentre) -> None:
    """The form begins with it, asks for no signature, and what it sends becomes the next edition, for signing."""
    world = centre.world
    paper = Agreement(
        title="Sharing", title_zh="共享", purpose="Fewer tests", sort="data", parties=(world.members["maker"],)
    )
    dee = world.enter("Dee", "maker", "delegate")
    with store.transaction(world.org) as connection:
        made = organisation.put_paper(connection, world.manager, paper)
        organisation.open_for_signing(connection, world.manager, made.id)
        organisation.sign(connection, dee, made.id)
    alice, href = enter("alice"), f"/centre/agreement/{made.id}/do/amend"
    assert "An obligation is met" not in alice.get(f"/centre/agreement/{made.id}").text, "nothing is owed"
    form = alice.get(href).text
    assert ('value="Sharing"' in form, "Fewer tests" in form, "paper.signatures" in form) == (True, True, False)
    sent = {
        "paper.title": "Sharing", "paper.title_zh": "共享", "paper.purpose": "No tests", "paper.sort": "data",
        "paper.parties": str(world.members["maker"]), "reason": "They learnt",
    }  # fmt: skip
    answer = alice.post(href, data=sent)
    assert answer.status_code == 303, answer.text
    with store.transaction(world.org) as connection:
        new = get(connection, made.id, kind="agreement")
    assert (new.state, new.facts.edition, new.facts.purpose) == ("signing", 2, "No tests")
