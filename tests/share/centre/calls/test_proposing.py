"""Proposals: one for each lead and call, before the deadline, within the rules, seen by their own people alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback import store
from takeback.core.problem import Problem
from takeback.share.centre import calls, records
from takeback.share.centre.calls import Cost, Eligibility
from takeback.share.centre.calls.wording import named_in
from takeback.share.centre.people import withdraw_person
from tests.share.centre.calls.call_world import CLOSES, OPENS, WRITING, CallWorld, new_call
from tests.share.centre.calls.test_reading import PDF, pdf
from tests.share.centre.centre_world import CentreWorld, new_centre


def drafted(call: CallWorld, place: int = 0, **changes: object) -> UUID:
    """Draft a proposal."""
    author = call.authors[place]
    with store.transaction(call.org) as connection:
        return calls.draft_proposal(connection, author, call.proposal(author, place, **changes), at=WRITING).id


def test_at_the_deadline_it_is_late(call: CallWorld) -> None:
    """A second before the call closes a proposal is taken, at that moment it is refused with the deadline."""
    one, two = drafted(call), drafted(call, 1)
    with store.transaction(call.org) as connection:
        calls.submit_proposal(connection, call.authors[0], one, at=CLOSES - timedelta(seconds=1))
        with pytest.raises(Problem) as late:
            calls.submit_proposal(connection, call.authors[1], two, at=CLOSES)
        assert late.value.kind == "centre.late-proposal"
        assert "2026-04-10" in str(late.value.expected)
        with pytest.raises(Problem) as early:
            calls.submit_proposal(connection, call.authors[1], two, at=OPENS - timedelta(seconds=1))
        assert early.value.kind == "centre.early-proposal"
        calls.close_call(connection, call.manager, call.call, at=CLOSES)
        with pytest.raises(Problem) as closed:
            calls.submit_proposal(connection, call.authors[1], two, at=CLOSES - timedelta(seconds=1))
        assert closed.value.kind == "centre.late-proposal"


def test_a_second_one_of_the_same_lead_is_refused_until_the_first_is_withdrawn(call: CallWorld) -> None:
    """Double submissions name the rule; after withdrawing, another one is taken."""
    call.submit(0)
    other = drafted(call)
    with store.transaction(call.org) as connection:
        with pytest.raises(Problem) as double:
            calls.submit_proposal(connection, call.authors[0], other, at=WRITING)
        assert double.value.kind == "centre.double-proposal"
        calls.withdraw_proposal(connection, call.authors[0], call.proposals[0], at=WRITING)
        assert calls.submit_proposal(connection, call.authors[0], other, at=WRITING).state == "submitted"


def test_of_eight_submissions_at_once_one_is_taken(call: CallWorld) -> None:
    """Eight drafts of one lead, handed in by eight connections: one is submitted, seven are double."""
    drafts = [drafted(call) for _ in range(8)]

    def submit(proposal: UUID) -> str:
        try:
            with store.transaction(call.org) as connection:
                return calls.submit_proposal(connection, call.authors[0], proposal, at=WRITING).state
        except Problem as refused:
            return refused.kind

    with ThreadPoolExecutor(4) as pool:
        said = sorted(pool.map(submit, drafts))
    assert said == ["centre.double-proposal"] * 7 + ["submitted"]


def test_above_the_calls_rule_is_refused(call: CallWorld) -> None:
    """One cent more than the call gives to a proposal is too much, handed in or replaced."""
    most = 500_000_00
    with pytest.raises(Problem) as over:
        call.submit(0, costs=(Cost(what="All", minor=most + 1),))
    assert (over.value.kind, over.value.expected) == (
        "centre.over-budget",
        "500\N{NARROW NO-BREAK SPACE}000.00\N{NO-BREAK SPACE}CNY",
    )
    taken = call.submit(0, costs=(Cost(what="All", minor=most),))
    dearer = call.proposal(call.authors[0], costs=(Cost(what="All", minor=most), Cost(what="More", minor=1)))
    with store.transaction(call.org) as connection, pytest.raises(Problem) as replaced:
        calls.change_proposal(connection, call.authors[0], taken, dearer, at=WRITING)
    assert replaced.value.kind == "centre.over-budget"


def test_what_was_handed_in_is_replaced_until_the_deadline(call: CallWorld) -> None:
    """The later text counts; after the deadline it stays."""
    taken = call.submit(0)
    better = call.proposal(call.authors[0], summary="Better said.")
    with store.transaction(call.org) as connection:
        replaced = calls.change_proposal(connection, call.authors[0], taken, better, at=CLOSES - timedelta(minutes=1))
        assert (replaced.state, replaced.facts.blind.summary) == ("submitted", "Better said.")
        named = call.proposal(call.authors[0], summary="By Quillfeather0x.")
        with pytest.raises(Problem) as refused:
            calls.change_proposal(connection, call.authors[0], taken, named, at=WRITING)
        assert refused.value.kind == "centre.names-in-text"
        with pytest.raises(Problem) as late:
            calls.change_proposal(connection, call.authors[0], taken, better, at=CLOSES)
        assert late.value.kind == "centre.late-proposal"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("summary", "As Quillfeather0x showed before."),
        ("title", "Aurelion0x quillfeather0x and packs"),
        ("approach", "We of kestrelholm 0q academy measure."),
        ("expected", "隼岭0院将提供设备"),
        ("summary", "Voltray Packs gives cells."),
        ("summary", "Write to aut0@secret.example."),
    ],
)
def test_names_in_the_text_are_told_before_it_is_handed_in(call: CallWorld, field: str, text: str) -> None:
    """Names of the lead, the own organisation or a partner are found; the author may insist that they are none."""
    own = drafted(call, 0, **{field: text})
    with store.transaction(call.org) as connection:
        warned = calls.before_submitting(connection, call.authors[0], own)
        assert {one.where for one in warned.names} == {field}
        assert warned.findings == []
        with pytest.raises(Problem) as refused:
            calls.submit_proposal(connection, call.authors[0], own, at=WRITING)
        assert refused.value.kind == "centre.names-in-text"
        taken = calls.submit_proposal(connection, call.authors[0], own, despite_names=True, at=WRITING)
        assert taken.state == "submitted"


@given(
    before=st.text("abc 回。", max_size=10), after=st.text("abc 回。", max_size=10),
    name=st.sampled_from(["Zorblatt Quem", "左博文", "Glimmerstadt"]), upper=st.booleans(),
)  # fmt: skip
def test_a_name_is_found_wherever_it_stands(before: str, after: str, name: str, upper: bool) -> None:
    """Around a name may stand anything but letters that make it another word; case does not matter."""
    said = name.upper() if upper else name
    assert named_in({"x": f"{before} {said} {after}"}, [name])
    assert not named_in({"x": f"{before} {after}"}, [name])


def test_words_of_the_field_are_no_names() -> None:
    """ "University" and "battery" in an organisation's name do not make every text suspicious."""
    text = {"x": "A university of energy tests battery packs with an institute."}
    assert named_in(text, ["Linhai University", "Institute of Circular Materials", "Voltray Packs"]) == []


def test_own_people_see_it_and_the_lead_alone_acts(call: CallWorld) -> None:
    """Alice leads; Bob, in the team, sees but may not hand in; Dora, of the same member, and Charlie find nothing."""
    bob = call.centre.enter("Bob", "of author 0", "researcher")
    dora = call.centre.enter("Dora", "of author 0", "delegate")
    charlie = new_centre("other")
    own = drafted(call, 0, team=(bob.person(),))
    with store.transaction(call.org) as connection:
        assert calls.author_view(connection, bob, own).leading is False
        assert [one.id for one in calls.own_proposals(connection, bob)] == [own]
        assert calls.own_proposals(connection, dora) == []
        for actor, kind in (
            (bob, "centre.only-lead"),
            (dora, "centre.no-record"),
            (call.experts[0], "centre.no-record"),
        ):
            for act in (
                lambda who: calls.submit_proposal(connection, who, own, at=WRITING),
                lambda who: calls.withdraw_proposal(connection, who, own),
                lambda who: calls.attach_to_proposal(connection, who, own, "a", "text/plain", b"x", blind=True),
                lambda who: calls.appeal(connection, who, own, "no"),
            ):
                with pytest.raises(Problem) as refused:
                    act(actor)
                assert refused.value.kind == kind
        with pytest.raises(Problem) as other:
            calls.draft_proposal(connection, bob, call.proposal(call.authors[0]), at=WRITING)
        assert other.value.kind == "centre.only-lead"
    with store.transaction(charlie.org) as connection, pytest.raises(Problem) as unknown:
        calls.author_view(connection, charlie.manager, own)
    assert unknown.value.status == 404


def test_who_runs_the_calls_is_in_no_team(call: CallWorld) -> None:
    """Whoever sees both sides stands on neither."""
    with pytest.raises(Problem) as refused:
        drafted(call, 0, team=(call.manager.person(),))
    assert refused.value.kind == "centre.runs-the-calls"


def test_each_rule_of_eligibility_is_found(centre: CentreWorld) -> None:
    """A wrong sort of lead, a missing enterprise, too long, a person in two teams: each named, with what it asks."""
    rules = Eligibility(lead_sorts=("institute",), needed={"university": 1, "enterprise": 2}, problem_needed=True)
    call = new_call(centre, authors=2, experts=1, eligibility=rules)
    helper = centre.enter("Helper", "maker", "researcher").person()
    call.submit(0, team=(helper,), months=30)
    call.submit(1, team=(helper,))
    call.close()
    with store.transaction(call.org) as connection:
        first, second = (records.get(connection, one).facts.findings for one in call.proposals)
    assert {one.rule: (one.found, one.expected) for one in first} == {
        "lead-sort": ("university", "institute"),
        "needed-partner": ("enterprise: 1", "enterprise: 2"),
        "most-per-person": ("2", "1"),
        "too-long": ("30", "24"),
        "problem": ("", "0"),
    }
    assert {one.rule for one in second} == {one.rule for one in first} - {"too-long"}


def test_a_person_who_withdrew_makes_it_ineligible_and_is_named_nowhere(call: CallWorld) -> None:
    """The rule says that somebody is gone, not who; the team's names no longer hold the name."""
    gone = call.centre.enter("Gone Goneson", "maker", "researcher")
    call.submit(0, team=(gone.person(),))
    with store.transaction(call.org) as connection:
        withdraw_person(connection, gone, gone.person())
    call.close()
    with store.transaction(call.org) as connection:
        seen = calls.author_view(connection, call.authors[0], call.proposals[0])
    assert [one.found for one in seen.reasons] == ["1"]
    assert "Goneson" not in msgspec.json.encode(msgspec.to_builtins(seen, enc_hook=str)).decode()


def test_a_name_in_a_readable_file_is_found(call: CallWorld) -> None:
    """A text file for reviewers is read before it is handed in; a file of the identity part may hold names."""
    own = drafted(call)
    author = call.authors[0]
    with store.transaction(call.org) as connection:
        for blind, found in ((False, []), (True, ["plan.txt"])):
            said = b"By Aurelion0x Quillfeather0x."
            calls.attach_to_proposal(connection, author, own, "plan.txt", "text/plain", said, blind=blind, at=WRITING)
            named = calls.before_submitting(connection, author, own).names
            assert sorted({one.where for one in named}) == found
        shown = calls.author_view(connection, author, own).files
        calls.hide_file(connection, author, own, next(one.id for one in shown if one.shown), at=WRITING)
        assert calls.before_submitting(connection, author, own).names == []


def test_a_name_in_a_pdf_is_refused_with_its_page_before_and_after_handing_in(call: CallWorld) -> None:
    """Alice is warned and refused with page and words, may hand in what is no name; a scan is told as unread.

    Bob of her team reads the warnings, Charlie, who applies elsewhere, is told of no such proposal.
    """
    bob = call.centre.enter("Bobolink Tarn", "maker", "researcher")
    own, (alice, charlie) = drafted(call, team=(bob.person(),)), call.authors[:2]
    named = pdf(["What it is for", "Tests by Quillfeather0x,\nAurelion0x at 隼岭0院"])
    with store.transaction(call.org) as connection:
        calls.attach_to_proposal(connection, alice, own, "plan.pdf", PDF, named, blind=True, at=WRITING)
        calls.attach_to_proposal(connection, alice, own, "scan.pdf", PDF, pdf(["", "What"]), blind=True, at=WRITING)
        for who in (alice, bob):
            warned = calls.before_submitting(connection, who, own)
            assert {(one.where, str(one.place)) for one in warned.names} == {("plan.pdf", "page 2")}
            assert [(one.file, [*map(str, one.places)]) for one in warned.unread] == [("scan.pdf", ["page 1"])]
        with pytest.raises(Problem) as outside:
            calls.before_submitting(connection, charlie, own)
        assert outside.value.kind == "centre.no-record"
        with pytest.raises(Problem) as refused:
            calls.submit_proposal(connection, alice, own, at=WRITING)
    assert refused.value.kind == "centre.names-in-text"
    assert "plan.pdf, page 2" in str(refused.value.where)
    assert any("Tests by Quillfeather0x" in str(one.found) for one in refused.value.errors)
    with store.transaction(call.org) as connection:
        file = next(one.id for one in calls.author_view(connection, alice, own).files if one.name == "plan.pdf")
        calls.hide_file(connection, alice, own, file, at=WRITING)
        calls.submit_proposal(connection, alice, own, at=WRITING)
        with pytest.raises(Problem) as late:
            calls.attach_to_proposal(connection, alice, own, "plan.pdf", PDF, named, blind=True, at=WRITING)
        assert late.value.kind == "centre.names-in-text"
        calls.attach_to_proposal(
            connection, alice, own, "plan.pdf", PDF, named, blind=True, despite_names=True, at=WRITING
        )
