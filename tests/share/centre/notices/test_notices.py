"""Notices: who is concerned is told once, by title and day; of a blind review neither side hears of the other."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from takeback import store
from takeback.share.centre import calls, notices, organisation, projects, records, resources, targets
from takeback.share.centre.acting import CentreActor, system
from takeback.share.centre.organisation import AgendaItem, Body, Seat
from takeback.share.centre.people import withdraw_person
from takeback.share.centre.projects import TeamMember
from takeback.share.centre.targets import Consultation, Question
from tests.share.centre.calls.call_world import CLOSES, OPENS, REVIEWS, TELLING, TITLES, new_call
from tests.share.centre.centre_world import START, CentreWorld, new_centre
from tests.share.centre.projects.project_world import AT, deliverable, project_facts, running_project
from tests.share.centre.resources.test_booking import NOW, facts, hour


def told(world: CentreWorld, actor: CentreActor) -> list[tuple[str, str]]:
    """Return code and title of a person's notices, the first one first."""
    with store.transaction(world.org) as connection:
        return [(one.code, one.said["title"]) for one in reversed(notices.my_notices(connection, actor))]


def test_in_a_blind_review_each_side_hears_of_its_own_alone(centre: CentreWorld) -> None:
    """Authors hear of their proposal, reviewers of the call; no notice holds a name, an id or a moment of others."""
    world = new_call(centre, authors=2, experts=2)
    world.submit(0)
    world.submit(1)
    world.close()
    world.assign((0, 0), (1, 0), (0, 1))
    for expert, proposal in ((0, 0), (0, 1), (1, 0)):
        world.review(expert, proposal, 8, 7, 6)
    world.decide(0, "funded", 300_000_00)
    world.decide(1, "declined")
    assert ("proposal.decided", TITLES[0]) not in told(centre, world.authors[0]), "not before all are told"
    world.announce()
    with store.transaction(centre.org) as connection:
        filed = calls.appeal(connection, world.authors[1], world.proposals[1], "The reviews miss it.", at=TELLING)
        calls.decide_appeal(connection, world.council[1], filed.id, upheld=False, answer="No.", at=TELLING)
    own = [
        (f"{what}.{how}", TITLES[1])
        for what, how in (("proposal", "eligible"), ("proposal", "decided"), ("appeal", "decided"))
    ]
    assert sorted(told(centre, world.authors[1])) == sorted(own)
    assert told(centre, world.experts[0]) == [("review.invited", "Common problems")], "once, for two proposals"
    assert ("appeal.filed", "Common problems") in told(centre, world.council[0])
    with store.transaction(centre.org) as connection:
        seen = {
            actor: msgspec.json.encode(notices.my_notices(connection, actor)).decode()
            for actor in (*world.authors, *world.experts)
        }
    for side, others in ((world.authors, world.experts), (world.experts, world.authors)):
        secrets = [str(other.person_id) for other in others] + ["Thornwick", "Quillfeather"]
        assert not any(secret in seen[mine] for mine in side for secret in secrets)
    hidden = [*map(str, world.proposals), *TITLES]
    assert not any(secret in seen[reader] for reader in world.experts for secret in hidden)
    assert TITLES[0] not in seen[world.authors[1]]
    assert "T09" not in seen[world.experts[0]], "a day, never a moment"


def test_more_time_is_told_to_those_whose_time_it_is(centre: CentreWorld) -> None:
    """A later day to apply is told to applicants, a later day to review to reviewers."""
    world = new_call(centre, authors=2, experts=1)
    world.submit(0)
    with store.transaction(centre.org) as connection:
        calls.extend_call(connection, world.manager, world.call, closes=CLOSES + timedelta(days=3), at=OPENS)
    assert ("call.more-time", "Common problems") in told(centre, world.authors[0])
    assert told(centre, world.authors[1]) == [], "who has begun nothing has nothing to finish"
    with store.transaction(centre.org) as connection:
        calls.close_call(connection, world.manager, world.call, at=CLOSES + timedelta(days=4))
        calls.check_eligibility(connection, world.manager, world.call, at=CLOSES + timedelta(days=4))
    world.assign((0, 0))
    before = told(centre, world.authors[0])
    with store.transaction(centre.org) as connection:
        later = REVIEWS + timedelta(days=9)
        calls.extend_call(connection, world.manager, world.call, review_closes=later, at=CLOSES + timedelta(days=5))
    assert told(centre, world.experts[0])[-1] == ("review.more-time", "Common problems")
    assert told(centre, world.authors[0]) == before


def test_reviewers_are_reminded_a_week_and_a_day_before_and_not_when_they_are_done(centre: CentreWorld) -> None:
    """However often the worker looks, each is reminded twice; whose reviews are final is left alone."""
    world = new_call(centre, authors=1, experts=2)
    world.submit(0)
    world.close()
    world.assign((0, 0), (0, 1))
    world.review(1, 0, 5, 5, 5)
    with store.transaction(centre.org) as connection:
        made = [
            notices.remind(connection, system(centre.org), at=REVIEWS - before)
            for before in (timedelta(days=20), timedelta(days=6), timedelta(days=5), timedelta(hours=20), timedelta())
        ]
    assert made == [0, 1, 0, 1, 0]
    assert [code for code, _ in told(centre, world.experts[0])] == ["review.invited", "review.due", "review.due"]
    assert [code for code, _ in told(centre, world.experts[1])] == ["review.invited"]


def test_the_leader_is_reminded_of_a_deliverable_before_and_when_it_is_late(centre: CentreWorld) -> None:
    """Two weeks before and once it is late; another day is another reminder; the team hears of the project itself."""
    world = running_project(centre)
    assert told(centre, world.dan) == [("project.started", "Grading cells fast")]
    with store.transaction(centre.org) as connection:
        made = deliverable(connection, world, due=date(2026, 9, 1))
        days = (date(2026, 8, 1), date(2026, 8, 20), date(2026, 8, 31), date(2026, 9, 2), date(2026, 9, 9))
        counts = [
            notices.remind(connection, system(centre.org), at=AT.replace(year=one.year, month=one.month, day=one.day))
            for one in days
        ]
        assert counts == [0, 1, 0, 1, 0]
        (last, *_) = notices.my_notices(connection, world.alice)
        assert (str(last.text), last.about) == (
            "A deliverable is due on 2026-09-01: Method D1.", f"/centre/deliverable/{made}",
        )  # fmt: skip


def test_a_booking_that_somebody_else_cancelled_is_told(centre: CentreWorld) -> None:
    """Who booked hears of it; who cancels the own booking knows."""
    owner, user = centre.enter("Owner", "maker", "delegate"), centre.enter("User", "university", "researcher")
    with store.transaction(centre.org) as connection:
        made = resources.offer_resource(connection, owner, facts(centre), at=NOW).id
        first = resources.book(connection, user, made, hour(9, 1), hour(10, 1), at=NOW)
        second = resources.book(connection, user, made, hour(11, 1), hour(12, 1), at=NOW)
        resources.cancel(connection, owner, first.id, at=NOW)
        resources.cancel(connection, user, second.id, at=NOW)
    assert told(centre, user) == [("booking.cancelled", "Cell tester")]


def test_a_consultation_is_told_to_all_and_its_outcome_to_who_answered(centre: CentreWorld) -> None:
    """Members that left, persons that withdrew and the one who asks hear nothing."""
    bob, gone = centre.enter("Bob", "maker", "delegate"), centre.enter("Gone", "shop", "delegate")
    asked = Consultation(
        about="rule", title="A rule", title_zh="规则", draft="...", opens=START, closes=START + timedelta(days=20),
        questions=(Question(code="q", text="Yes?", text_zh="是否？"),),
    )  # fmt: skip
    with store.transaction(centre.org) as connection:
        withdraw_person(connection, centre.manager, gone.person())
        made = targets.draft_consultation(connection, centre.manager, asked, at=START)
        targets.open_consultation(connection, centre.manager, made.id, at=START)
        (one,) = notices.my_notices(connection, bob)
        assert str(notices.sentence(one.code, one.said, chinese=True)).endswith(": 规则.")
        assert notices.my_notices(connection, centre.manager) == []
        assert notices.unread_notices(connection, bob) == 1
        assert notices.read_notices(connection, bob) == 1
        assert (notices.unread_notices(connection, bob), notices.read_notices(connection, bob)) == (0, 0)


def test_a_meeting_is_told_by_its_title_in_the_readers_language(centre: CentreWorld) -> None:
    """Who sits in the body reads the Chinese title in Chinese."""
    bob = centre.enter("Bob", "maker", "council")
    begins, agenda = START + timedelta(days=9), [AgendaItem(number=1, title="Call")]
    with store.transaction(centre.org) as connection:
        body = Body(name="Council", name_zh="理事会", sort="council")
        made = organisation.put_body(connection, centre.manager, body, at=START).id
        seat = Seat(person=bob.person(), post="chair", begins=START.date())
        organisation.take_seat(connection, centre.manager, made, seat, at=START)
        organisation.call_meeting(
            connection, centre.manager, made, "First", begins, agenda, title_zh="第一次会议", at=START
        )
        (one,) = notices.my_notices(connection, bob)
    assert str(notices.sentence(one.code, one.said, chinese=True)).endswith(": 第一次会议.")
    assert str(one.text).endswith(": First.")


def test_notices_are_ones_own_and_go_with_the_name(centre: CentreWorld) -> None:
    """Alice is told; Bob sees and reads none of hers, nor does Charlie of another centre; withdrawn, they are gone."""
    alice, bob = centre.enter("Alice", "university", "researcher"), centre.enter("Bob", "maker", "researcher")
    with store.transaction(centre.org) as connection:
        team = (TeamMember(person=alice.person(), role="researcher", share=500),)
        project = project_facts(centre, alice.person(), team=team)
        made = projects.start_project(connection, centre.manager, project, at=AT)
        (one,) = notices.my_notices(connection, alice)
        assert (notices.my_notices(connection, bob), notices.read_notices(connection, bob, [one.id])) == ([], 0)
        assert records.get(connection, made.id).version == 1
    charlie = new_centre("other")
    with store.transaction(charlie.org) as connection:
        assert notices.read_notices(connection, charlie.manager, [one.id]) == 0
    with store.transaction(centre.org) as connection:
        assert notices.unread_notices(connection, alice) == 1
        withdraw_person(connection, centre.manager, alice.person())
        assert notices.my_notices(connection, alice) == []


def test_a_notice_without_words_is_refused_when_it_is_told(centre: CentreWorld) -> None:
    """A code that nobody wrote a sentence for is a mistake of whoever tells it."""
    with store.transaction(centre.org) as connection, pytest.raises(KeyError):
        notices.tell(connection, centre.manager, [centre.manager.person()], "no.such", "/centre", title="x", at=START)
