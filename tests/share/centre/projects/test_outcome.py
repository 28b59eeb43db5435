"""Acceptance by experts without a conflict; shares of 100 %; adoption with figures that the log confirms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from takeback import store
from takeback.core.problem import Problem
from takeback.operate.identity.organisations import OrganisationFields, create_organisation
from takeback.operate.identity.users import create_user
from takeback.share.centre.acting import system
from takeback.share.centre.figures import figures_in, unproven
from takeback.share.centre.members import Member
from takeback.share.centre.projects import (
    IP,
    Adoption,
    Effect,
    ProjectChange,
    Proof,
    Share,
    Transfer,
    add_effect,
    agree_ip,
    conclude,
    conflicts_of,
    decide_change,
    deliver_project,
    end_adoption,
    end_transfer,
    give_opinion,
    hand_over,
    link_adoption,
    log_says,
    open_acceptance,
    proof_of,
    propose_change,
    proven_effects,
    record_adoption,
    record_transfer,
    register_ip,
    update_transfer,
)
from takeback.share.centre.projects.kinds import GivenOpinion
from takeback.share.centre.records import change, create, get
from tests.share.centre.centre_world import CentreWorld, new_centre
from tests.share.centre.projects.project_world import AT, PAPER, ProjectWorld, deliverable


def _refused(slug: str, command: Any, *args: Any, **more: Any) -> Problem:
    with pytest.raises(Problem) as refused:
        command(*args, **more)
    assert refused.value.kind == slug, refused.value
    return refused.value


def test_experts_without_a_conflict_accept_a_project(work: ProjectWorld) -> None:
    """Conflicts are refused by reason; each expert speaks once; the decision follows the majority and what is there."""
    manager = work.centre.manager
    partner = work.centre.enter("Partner", "maker", "expert")
    asked = [one.person() for one in work.experts]
    with store.transaction(work.centre.org) as connection:
        made = deliverable(connection, work)
        _refused("centre.not-delivered", open_acceptance, connection, manager, work.id, "Acceptance", asked)
        deliver_project(connection, work.alice, work.id)
        _refused("centre.few-experts", open_acceptance, connection, manager, work.id, "Acceptance", asked[:2])
        told = _refused(
            "centre.conflict", open_acceptance, connection, manager, work.id, "Acceptance",
            [*asked[:2], partner.person()],
        )  # fmt: skip
        assert [str(one.title) for one in told.errors] == ["The expert's organisation takes part in the project."]
        acceptance = open_acceptance(connection, manager, work.id, "Acceptance", asked).id
        _refused("centre.not-asked", give_opinion, connection, partner, acceptance, "accepted", "Good.")
        _refused("centre.forbidden", give_opinion, connection, work.alice, acceptance, "accepted", "Good.")
        for expert, verdict in zip(work.experts, ("accepted", "conditional", "conditional"), strict=True):
            forged = GivenOpinion(
                title="A", acceptance=acceptance, expert=expert.person(), verdict="accepted", reasons="Good."
            )
            with connection.begin_nested() as inside:
                create(connection, manager, "acceptance-opinion", forged)
                _refused("centre.opinions-missing", conclude, connection, manager, acceptance, "accepted", "Good.")
                inside.rollback()
            give_opinion(connection, expert, acceptance, verdict, "Solid work.", reasons_zh="扎实。")
            _refused("centre.not-asked", give_opinion, connection, expert, acceptance, verdict, "Again.")
            assert get(connection, acceptance).facts.opinions == ()
        _refused("centre.against-experts", conclude, connection, manager, acceptance, "accepted", "Good.")
        _refused("centre.no-reason", conclude, connection, manager, acceptance, "conditional", "Good.")
        some = ["Hand over the method.", "Show it."]
        _refused("centre.bad-conditions", conclude, connection, manager, acceptance, "conditional", "Good, but.", some,
                 conditions_zh=["移交方法。"])  # fmt: skip
        conclude(connection, manager, acceptance, "conditional", "Good, but.", some[:1], reasons_zh="可以，但是。",
                 conditions_zh=["移交方法。"], at=AT)  # fmt: skip
        assert get(connection, work.id).state == "conditional"
        told = get(connection, acceptance).facts
        assert (told.missing, [one.expert for one in told.opinions]) == ((made,), asked)
        assert {one.reasons_zh for one in told.opinions} == {"扎实。"}
        assert (told.reasons_zh, told.conditions_zh) == ("可以，但是。", ("移交方法。",))

        hand_over(connection, work.alice, made, [PAPER])
        deliver_project(connection, work.alice, work.id)
        second = open_acceptance(connection, manager, work.id, "Second acceptance", asked).id
        for expert in work.experts:
            give_opinion(connection, expert, second, "accepted", "Now complete.")
        alice_leads = replace(work.alice, roles=work.alice.roles | {"director"})
        _refused("centre.conflict", conclude, connection, alice_leads, second, "accepted", "Good.")
        conclude(connection, manager, second, "accepted", "All experts agree.", at=AT)
        assert get(connection, work.id).state == "accepted"
        (accepted,) = [one for one in figures_in(connection, "projects", 2026) if one.code == "projects.accepted"]
        assert (accepted.value, accepted.evidence[0].record_id) == (1, work.id)


def test_a_project_counts_in_the_year_in_which_it_was_accepted(work: ProjectWorld) -> None:
    """A plan changed later, or a second decision, moves it to no other year; the figure rests on the decision."""
    manager, asked = work.centre.manager, [one.person() for one in work.experts]
    with store.transaction(work.centre.org) as connection:

        def judged(verdict: Any, at: datetime) -> int:
            deliver_project(connection, work.alice, work.id, at=at)
            acceptance = open_acceptance(connection, manager, work.id, "Acceptance", asked, at=at).id
            for expert in work.experts:
                give_opinion(connection, expert, acceptance, verdict, "Solid.", at=at)
            conclude(connection, manager, acceptance, verdict, "Good.", ["Show it."] * (verdict != "accepted"), at=at)
            return get(connection, work.id).entry_id

        def told(year: int) -> tuple[Any, set[int]]:
            (one,) = [one for one in figures_in(connection, "projects", year) if one.code == "projects.accepted"]
            return one.value, {piece.entry_id for piece in one.evidence}

        decided = judged("conditional", AT)
        later = AT.replace(year=2027)
        asks = ProjectChange(project=work.id, version=get(connection, work.id).version, reason="Late.", summary="Anew.")
        change_id = propose_change(connection, work.alice, asks, at=later).id
        decide_change(connection, manager, change_id, True, at=later)
        assert get(connection, work.id).changed_at == later
        assert [told(2026), told(2027)] == [(1, {decided}), (0, set())]
        judged("accepted", later)
        assert [told(2026), told(2027)] == [(1, {decided}), (0, set())]


def test_a_declared_interest_keeps_an_expert_away(work: ProjectWorld) -> None:
    """An expert whose organisation uses the result, or who is no expert, cannot judge."""
    with store.transaction(work.centre.org) as connection:
        expert = work.experts[0].person()
        assert conflicts_of(connection, work.id, expert) == []
        told = Transfer(
            project=work.id, title="Licence", sort="licence", taker=work.centre.members["institute"],
            signed=date(2026, 5, 1), value=100_00,
        )  # fmt: skip
        record_transfer(connection, work.alice, told)
        assert [str(one) for one in conflicts_of(connection, work.id, expert)] == [
            "The expert's organisation uses or was given what came of the project."
        ]
        assert len(conflicts_of(connection, work.id, work.alice.person())) == 3


@pytest.mark.parametrize("points", [(6_000, 3_999), (10_000, 1), (5_000,), ()])
def test_shares_that_are_not_the_whole_are_refused(points: tuple[int, ...]) -> None:
    """Also when such a record is read from a file or a request, or put past the command."""
    shares = tuple(Share(member=uuid4(), points=one) for one in points)
    with pytest.raises(Problem, match="100 %"):
        IP(project=uuid4(), title="A", sort="patent", shares=shares, licence="x", agreed=date(2026, 5, 1))


def test_ownership_is_split_between_those_who_take_part(work: ProjectWorld) -> None:
    """60 and 40 % of the two members; a third one, and a colleague who records it, are refused."""
    own = work.centre.members
    facts = {"project": work.id, "title": "Grading", "sort": "patent", "licence": "By contract"}
    with store.transaction(work.centre.org) as connection:
        shares = (Share(member=own["university"], points=6_000), Share(member=own["maker"], points=4_000))
        good = IP(**facts, shares=shares, agreed=date(2026, 5, 1))
        _refused("centre.not-in-team", agree_ip, connection, work.bob, good)
        made = agree_ip(connection, work.alice, good)
        assert register_ip(connection, work.alice, made.id, "ZL 2026 1 0000001").state == "registered"
        stranger = IP(**facts, shares=(Share(member=own["shop"], points=10_000),), agreed=date(2026, 5, 1))
        refused = _refused("centre.bad-shares", agree_ip, connection, work.alice, stranger)
        assert refused.found == get(connection, own["shop"]).title


def _organisation(slug: str) -> UUID:
    org = uuid4()
    with store.transaction(org) as connection:
        user = create_user(
            connection, email=f"{slug}@example.org", display_name="Owner", password="a-long-password-3", locale="en"
        )
        fields = OrganisationFields(slug=slug, kind="enterprise", name="Voltray", name_zh="伏瑞")
        create_organisation(connection, org, fields, owner_id=user.id)
    return org


def _entry(org: UUID) -> Proof:
    with store.transaction(org) as connection:
        facts = Member(code="X", name="Something that it recorded", name_zh="X", sort="enterprise")
        return proof_of(connection, org, create(connection, system(org), "member", facts, allowed=True).entry_id)


def test_the_delegate_of_the_user_says_what_it_uses_and_since_when(work: ProjectWorld) -> None:
    """Alice speaks for the maker; Bob, her colleague there, does not; Charlie speaks for another member."""
    centre: CentreWorld = work.centre
    alice, bob, charlie = (
        centre.enter(f"{name} at work", member, role)
        for name, member, role in (
            ("Alice", "maker", "delegate"), ("Bob", "maker", "researcher"), ("Charlie", "institute", "delegate"),
        )
    )  # fmt: skip
    with store.transaction(centre.org) as connection:
        facts = Adoption(project=work.id, title="Grading at the maker", user=centre.members["maker"],
                         since=date(2026, 6, 1), where="Line 2")  # fmt: skip
        for other in (bob, charlie):
            _refused("centre.not-in-team", record_adoption, connection, other, facts)
        elsewhere = msgspec.structs.replace(facts, user=None, user_name="Somebody else")
        _refused("centre.not-in-team", record_adoption, connection, alice, elsewhere)
        made = record_adoption(connection, alice, facts)
        effect = Effect(year=2026, measure="mass", value=900, basis="Scales")
        due = deliverable(connection, work)
        for other in (bob, charlie):
            _refused("centre.not-in-team", add_effect, connection, other, made.id, effect)
            _refused("centre.not-in-team", link_adoption, connection, other, made.id, due)
            _refused("centre.not-in-team", end_adoption, connection, other, made.id)
        add_effect(connection, alice, made.id, effect)
        assert link_adoption(connection, alice, made.id, due).facts.result == due
        assert end_adoption(connection, alice, made.id, reason="A new line").state == "ended"


def test_each_figure_of_an_adoption_rests_on_the_users_own_ledger(work: ProjectWorld) -> None:
    """Without an entry, with one of another organisation, or a forged one it is refused; what the log says is shown."""
    centre: CentreWorld = work.centre
    org = _organisation("voltray")
    with store.transaction(centre.org) as connection:
        maker = get(connection, centre.members["maker"])
        facts = Member(code="E1", name="Voltray Packs", name_zh="伏瑞电池", sort="enterprise", slug="voltray")
        change(connection, centre.manager, maker.id, facts)
    proof, foreign = _entry(org), _entry(_organisation("another"))
    forged = msgspec.structs.replace(foreign, organisation=org)
    borrowed = msgspec.structs.replace(proof, entry=foreign.entry)
    with store.transaction(centre.org) as connection:

        def adoption(*proofs: Proof, year: int = 2026) -> Adoption:
            effect = Effect(year=year, measure="co2", value=12_500, basis="Kilograms by factor", proofs=proofs)
            return Adoption(
                project=work.id, title="Grading at Voltray", user=centre.members["maker"], since=date(2026, 6, 1),
                where="Line 2", effects=(effect,),
            )  # fmt: skip

        _refused("centre.no-proof", record_adoption, connection, work.alice, adoption())
        _refused("centre.no-proof", record_adoption, connection, work.alice, adoption(foreign))
        _refused("centre.bad-proof", record_adoption, connection, work.alice, adoption(forged))
        _refused("centre.bad-proof", record_adoption, connection, work.alice, adoption(borrowed))
        _refused("centre.bad-adoption", record_adoption, connection, work.alice, adoption(proof, year=2025))
        _refused("centre.not-in-team", record_adoption, connection, work.bob, adoption(proof))
        made = record_adoption(connection, work.alice, adoption(proof))
        says = log_says(connection, made.facts.effects[0].proofs[0])
        assert (says.holds, says.organisation, says.kind) == (True, org, "takeback:CentreRecord")
        assert "Something that it recorded" not in proof.leaf
        (shown,) = proven_effects(connection, work.bob, made.id)
        assert (shown.value, [one.holds for one in shown.proofs]) == (12_500, [True])
        money = Effect(year=2026, measure="money", value=5_000_00, basis="Account", proofs=(proof,))
        add_effect(connection, work.alice, made.id, money)
        _refused("centre.bad-adoption", add_effect, connection, work.alice, made.id, money)
        due = deliverable(connection, work)
        _refused("centre.not-in-team", link_adoption, connection, work.bob, made.id, due)
        _refused("centre.no-result", link_adoption, connection, work.alice, made.id, work.id)
        linked = link_adoption(connection, work.alice, made.id, due)
        assert (linked.facts.result, len(linked.facts.effects)) == (due, 2)
        figures = figures_in(connection, "projects", 2026)
        values = {one.code: one.value for one in figures}
        assert values["projects.effect-co2"] == 12_500
        assert values["projects.effect-money"] == 5_000_00
        assert unproven(figures) == []


def test_another_centre_knows_nothing_of_it(work: ProjectWorld) -> None:
    """Charlie, of another centre, can neither accept nor transfer this project."""
    charlie = new_centre("other")
    with store.transaction(charlie.org) as connection:
        _refused("centre.no-record", deliver_project, connection, charlie.manager, work.id)
        told = Transfer(project=work.id, title="Licence", sort="licence", taker_name="X", signed=date(2026, 5, 1))
        _refused("centre.no-record", record_transfer, connection, charlie.manager, told)


def test_a_transfer_tells_what_was_received_and_ends(work: ProjectWorld) -> None:
    """More than agreed and a readiness that falls are refused; who is not of the team says nothing of it."""
    told = Transfer(
        project=work.id, title="Licence", sort="licence", taker_name="Cells Ltd", signed=date(2026, 5, 1),
        value=100_00, readiness_before=4,
    )  # fmt: skip
    with store.transaction(work.centre.org) as connection:
        made = record_transfer(connection, work.alice, told).id
        _refused("centre.not-in-team", update_transfer, connection, work.bob, made, 10_00)
        _refused("centre.bad-transfer", update_transfer, connection, work.alice, made, 100_01)
        _refused("centre.bad-transfer", update_transfer, connection, work.alice, made, 10_00, 3)
        update_transfer(connection, work.alice, made, 10_00, 6, 2)
        now = update_transfer(connection, work.alice, made, 60_00)
        assert (now.state, now.facts.received, now.facts.readiness_after, now.facts.jobs) == ("effective", 60_00, 6, 2)
        assert end_transfer(connection, work.alice, made, "The licence ran out.").state == "ended"
        nobody = Transfer(project=work.id, title="Licence", sort="licence", signed=date(2026, 5, 1))
        _refused("centre.bad-transfer", record_transfer, connection, work.alice, nobody)
